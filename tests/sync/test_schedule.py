"""When the link is used, and that it never stands in the way (design §3.9)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.county import enrol
from db.errors import StoreFull
from db.models import Notice, now
from db.sync.schedule import LONGEST_WAIT, Plan, SyncLoop, next_round
from db.sync.state import Standing, standing, state_of
from tests.county.world import World
from tests.sync.test_push import settings, write

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAN = Plan(time(1, 30), SHANGHAI, timedelta(minutes=90), timedelta(minutes=15))
NIGHT = Plan(time(1, 30), SHANGHAI, timedelta(minutes=90), timedelta(0))
EVENING = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # 20:00 on the hall's wall
TONIGHT = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
WAIT = 20.0


def test_only_at_night_with_a_random_delay() -> None:
    assert next_round(NIGHT, EVENING, 0, EVENING, lambda: 0.0) == TONIGHT
    assert next_round(NIGHT, EVENING, 0, EVENING, lambda: 1.0) == TONIGHT + timedelta(minutes=90)
    just = TONIGHT + timedelta(seconds=1)
    assert next_round(NIGHT, just, 0, just, lambda: 0.0) == TONIGHT + timedelta(days=1)


def test_by_day_whenever_the_line_is_there() -> None:
    assert next_round(PLAN, EVENING, 0, None, lambda: 0.5) == EVENING
    last = EVENING - timedelta(minutes=1)
    assert next_round(PLAN, EVENING, 0, last, lambda: 0.5) == last + timedelta(minutes=15)


@given(
    st.integers(0, 60),
    st.floats(0, 1),
    st.one_of(st.none(), st.timedeltas(timedelta(days=-800), timedelta(days=800))),
)
def test_whatever_the_clock_did_the_next_round_comes(
    failures: int, chance: float, ago: timedelta | None
) -> None:
    """Never in the past, never further than a day and the delay: a clock that jumped a year back must not stop it."""
    for plan in (PLAN, NIGHT):
        due = next_round(plan, EVENING, failures, None if ago is None else EVENING - ago, lambda: chance)
        assert EVENING <= due <= EVENING + timedelta(days=1, minutes=90)
        if failures:
            assert due <= EVENING + LONGEST_WAIT


def test_failures_wait_longer_and_longer() -> None:
    waits = [next_round(PLAN, EVENING, failures, None, lambda: 1.0) - EVENING for failures in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] == LONGEST_WAIT


class Told:
    """Waits for what the loop says."""

    def __init__(self) -> None:
        self.said: list[Standing] = []
        self._more = threading.Condition()

    def __call__(self, stands: Standing) -> None:
        with self._more:
            self.said.append(stands)
            self._more.notify()

    def wait(self, count: int) -> Standing:
        with self._more:
            assert self._more.wait_for(lambda: len(self.said) >= count, WAIT)
            return self.said[-1]


def test_the_loop_syncs_and_says_how_it_stands(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 5)
    told = Told()
    loop = SyncLoop(store, PLAN, told=told, timeout=10.0)
    loop.start()
    assert told.wait(1).waiting == 0
    write(store, 5, start=5)
    loop.sync_soon()
    assert told.wait(2).trouble == ""
    assert len(settings(county_world)) == 10
    enrol.revoke(county_world.county, store.origin.device_id)
    loop.sync_soon()
    assert told.wait(3).trouble == "revoked"
    assert loop.stop()


def test_a_visitor_comes_first(county_world: World) -> None:
    """While somebody is served nothing is sent; the store stays free to write; then the loop goes on."""
    store = county_world.device("a")
    write(store, 3)
    busy, looked = threading.Event(), threading.Event()
    busy.set()

    def being_served() -> bool:
        looked.set()
        return busy.is_set()

    told = Told()
    loop = SyncLoop(store, PLAN, busy=being_served, told=told, timeout=10.0)
    loop.start()
    assert looked.wait(WAIT)
    write(store, 3, start=3)
    assert settings(county_world) == []
    assert told.said == []
    busy.clear()
    loop.visitor_left()
    told.wait(1)
    assert len(settings(county_world)) == 6
    assert loop.stop()


def test_it_stops_at_once_whatever_it_does(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 3)
    looked = threading.Event()

    def always() -> bool:
        looked.set()
        return True

    loop = SyncLoop(store, PLAN, busy=always, timeout=60.0)
    loop.start()
    assert looked.wait(WAIT)
    assert loop.stop()
    assert standing(store).waiting == 3


def test_a_device_that_is_not_enrolled_waits(county_world: World) -> None:
    store = county_world.store("a")
    loop = SyncLoop(store, PLAN)
    loop.start()
    assert loop.stop()


def test_a_fault_that_the_store_cannot_note_is_waited_for_all_the_same(county_world: World) -> None:
    """A full disk: the round is not tried again and again without a breath."""
    first = county_world.device("a")
    second = county_world.device("b", first.origin.hall_id)
    county_world.sync(second)
    with first.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x" * 2000) for at in range(300))
    county_world.sync(first)
    with second.write() as session:
        state_of(session).last_success_at = now() - timedelta(hours=1)  # a round is due
    with second._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    loop = SyncLoop(second, PLAN, timeout=10.0, chance=lambda: 1.0)
    waits = []
    for _ in range(3):
        with pytest.raises(StoreFull):
            loop._round()
        waits.append(loop._due() - now())
    assert waits[0] > timedelta(seconds=20)
    assert waits[2] > waits[1] > waits[0]
    with second._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    loop._round()
    assert standing(second).trouble == ""
    assert loop._due() > now() + timedelta(minutes=5)


def test_the_link_outlives_a_bug(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    store = county_world.device("a")
    write(store, 3)
    told, name = Told(), "样本甲"

    def chores() -> None:
        raise FileNotFoundError(name)  # as where kiosk and counter sweep the same folder

    def tell(stands: Standing) -> None:
        told(stands)
        raise RuntimeError(name)  # as where nobody listens any more

    loop = SyncLoop(store, PLAN, told=tell, chores=chores, timeout=10.0)
    loop.start()
    told.wait(1)
    write(store, 3, start=3)
    loop.sync_soon()
    assert told.wait(2).waiting == 0
    assert loop.stop()
    assert len(settings(county_world)) == 6
    assert "FileNotFoundError" in caplog.text
    assert name not in caplog.text


def test_a_clock_put_back_does_not_keep_the_link_waiting(county_world: World) -> None:
    """It ran a year ahead when the next round was planned."""
    store = county_world.device("a")
    right = now()
    clock = [right + timedelta(days=365)]
    planned = threading.Semaphore(0)

    def chance() -> float:
        planned.release()
        return 0.5

    loop = SyncLoop(store, NIGHT, now=lambda: clock[0], chance=chance)
    loop.start()
    assert planned.acquire(timeout=WAIT)
    clock[0] = right
    loop.visitor_left()
    assert planned.acquire(timeout=WAIT)
    assert loop.stop()
    assert loop.due is not None
    assert loop.due < right + timedelta(days=2)
