"""A device set back to an older disk image: no number is given out twice, none in silence, and no count is stuck."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from db.county.twice import highest
from db.models import (
    Conflict,
    ConflictKind,
    DailyCount,
    Drawer,
    Origin,
    Referral,
    ReferralState,
    Staff,
    Tool,
    ToolModel,
    WaitingRow,
    now,
)
from db.numbers import SPARE
from db.store import Store
from db.sync.client import CountyClient
from db.sync.enrol import enrol
from db.sync.errors import CountyUnreachable
from db.sync.pull import Puller
from db.sync.push import Pusher
from db.sync.round import carry_on, sync_once
from db.sync.state import ANEW, link, state_of
from kiosk.county.conflicts import Choice, ConflictDesk
from kiosk.identity.slip_code import slip_number
from tests.county.test_conflicts import settle
from tests.county.world import World, add_posting, add_seeker, set_up
from tests.tools.shop import Shop

NUMBER = "11010519491231002X"
DAY = "2026-11-20"


def next_serial(store: Store) -> int:
    with store.write() as session:
        return Shop(store).counter.next_number(session)[1]


def refer(store: Store, seeker: UUID, posting: UUID) -> str:
    """A slip as the desk numbers it; the number printed on it."""
    with store.write() as session:
        number, serial = Shop(store).counter.next_number(session)
        session.add(
            Referral(
                id=uuid7(),
                seeker_id=seeker,
                posting_id=posting,
                slip_number=number,
                slip_serial=serial,
                state=ReferralState.ISSUED,
                issued_at=now(),
                valid_until=now(),
            )
        )
    return number


def turned_away(store: Store) -> None:
    """As `kiosk.seekers.registration` counts."""
    with store.write() as session:
        count = session.scalars(select(DailyCount)).first()
        if count is None:
            count = DailyCount(day=DAY, kind="under_16", amount=0)
            session.add(count)
        count.amount += 1


def image(store: Store) -> Path:
    """A copy of the disk as it is now; the store is closed."""
    folder = store.path.parent
    copy = folder.with_name(f"image-{uuid7().hex}")
    store.close()
    shutil.copytree(folder, copy)
    return copy


def set_back(world: World, store: Store, to: Path) -> Store:
    folder = store.path.parent
    store.close()
    shutil.rmtree(folder)
    shutil.copytree(to, folder)
    return world.store(folder.name)


def begun(world: World) -> tuple[Store, UUID, UUID]:
    store = world.device("a")
    set_up(store)
    seeker, posting = add_seeker(store, NUMBER), add_posting(store, openings=90)
    refer(store, seeker, posting)
    world.sync(store)
    return store, seeker, posting


def waiting(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(WaitingRow)) or 0


def numbers(store: Store) -> list[str]:
    with store.read() as session:
        return sorted(session.scalars(select(Referral.slip_number)))


def test_after_the_fork_no_number_is_given_out_again(county_world: World) -> None:
    store, seeker, posting = begun(county_world)
    earlier = image(store)
    store = county_world.store("a")
    given = [refer(store, seeker, posting) for _ in range(5)]
    county_world.sync(store)
    assert highest(county_world.county, store.origin.device_id) == 6
    store = set_back(county_world, store, earlier)
    assert county_world.sync(store).reopened == 1
    assert refer(store, seeker, posting) == slip_number(1, 6 + SPARE + 1)
    county_world.sync(store)
    assert set(given) < set(numbers(store))
    assert waiting(store) == 0
    assert county_world.one("SELECT count(*) FROM conflicts") == 0


def test_no_number_is_given_out_again_wherever_the_line_was_cut(county_world: World) -> None:
    """Between the new epoch and the answer what the highest number is: it is asked for once more."""
    store, seeker, posting = begun(county_world)
    earlier = image(store)
    store = county_world.store("a")
    for _ in range(5):
        refer(store, seeker, posting)
    county_world.sync(store)
    store = set_back(county_world, store, earlier)
    known = link(store)

    class Cut(CountyClient):
        def highest_number(self) -> int:
            raise CountyUnreachable(reason="cut")

    with Cut(known.address, known.authority, known.identity) as client, pytest.raises(CountyUnreachable):
        sync_once(store, client)
    with county_world.client(store) as client:
        Pusher(store, client, carry_on).run()  # what comes down was not reached
    assert next_serial(store) == 6 + SPARE + 1


def test_an_older_image_that_joins_anew_gets_its_rows_and_numbers_back(county_world: World) -> None:
    store, seeker, posting = begun(county_world)
    earlier = image(store)
    store = county_world.store("a")
    given = [refer(store, seeker, posting) for _ in range(5)]
    county_world.sync(store)
    store = set_back(county_world, store, earlier)
    mark = store.origin
    code = county_world.code("a", mark.hall_id, mark.device_id)
    enrol(store, county_world.server.address, code)
    county_world.sync(store)
    assert set(given) < set(numbers(store))
    assert next_serial(store) == 6 + SPARE + 1
    assert waiting(store) == 0


def test_rows_that_come_back_say_it_too(county_world: World) -> None:
    """By stick, or from a county that does not answer what the highest number is."""
    store, seeker, posting = begun(county_world)
    for _ in range(4):
        refer(store, seeker, posting)
    county_world.sync(store)
    with store._writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM referrals WHERE slip_serial > 1")
    with store.write() as session:
        session.get_one(Origin, 1).slip_serial = 1
        state_of(session).cursor = ANEW
    with county_world.client(store) as client:
        Puller(store, client, carry_on).run()
    assert next_serial(store) == 5 + SPARE + 1


def test_a_number_given_out_twice_is_told_and_both_papers_are_kept(county_world: World) -> None:
    store, seeker, posting = begun(county_world)
    second = county_world.device("b", store.origin.hall_id)
    earlier = image(store)
    store = county_world.store("a")
    given = [refer(store, seeker, posting) for _ in range(2)]
    county_world.sync(store)
    store = set_back(county_world, store, earlier)
    again = [refer(store, seeker, posting) for _ in range(3)]  # before it heard of the county
    assert again[:2] == given
    settle(county_world, store, second)
    wanted = sorted([slip_number(1, 1), *given, *(f"{number}/2" for number in given), again[2]])
    for device in (store, second):
        assert numbers(device) == wanted
        assert waiting(device) == 0
    with second.read() as session:
        found = session.scalars(select(Conflict)).all()
        assert {one.kind for one in found} == {ConflictKind.SAME_NUMBER}
        assert sorted(one.details["slip_number"] for one in found) == [[n, f"{n}/2"] for n in given]
    shop = Shop(second)
    shop.hire()
    desk = ConflictDesk(shop.counter)
    cards = desk.open()
    assert [(card.choices, card.sides[0].fact) for card in cards] == [((Choice.NOTE,), "slip_number")] * 2
    assert cards[0].sides[0].other.endswith("/2")
    desk.resolve(shop.boss, cards[0].id, Choice.NOTE)
    assert next_serial(store) > 4


def test_tools_and_drawers_numbered_twice_stand_on_every_device(county_world: World) -> None:
    store, _, _ = begun(county_world)
    with store.write() as session:
        session.add(ToolModel(id=uuid7(), key="hammer", name="榔头"))
        session.add(Staff(id=uuid7(), name="样本柜员", roles="clerk"))
    county_world.sync(store)
    earlier = image(store)
    store = county_world.store("a")

    def bought(store: Store) -> None:
        with store.write() as session:
            number, serial = Shop(store).counter.next_number(session)
            model = session.scalars(select(ToolModel.id)).one()
            session.add(Tool(id=uuid7(), model_id=model, tag=number, tag_serial=serial, acquired_at=now()))
            drawer, _ = Shop(store).counter.next_number(session)
            session.add(
                Drawer(
                    id=uuid7(),
                    number=drawer,
                    staff_id=session.scalars(select(Staff.id)).one(),
                    opened_at=now(),
                    opening_float=0,
                    closed_at=now(),
                    expected=0,
                    counted=0,
                )
            )

    bought(store)
    county_world.sync(store)
    assert highest(county_world.county, store.origin.device_id) == 3
    store = set_back(county_world, store, earlier)
    bought(store)
    settle(county_world, store)
    assert waiting(store) == 0
    with store.read() as session:
        assert sorted(session.scalars(select(Tool.tag))) == [slip_number(1, 2), slip_number(1, 2) + "/2"]
        assert sorted(session.scalars(select(Tool.tag_serial))) == [-2, 2]
        assert sorted(session.scalars(select(Drawer.number))) == [slip_number(1, 3), slip_number(1, 3) + "/2"]
        assert len(session.scalars(select(Conflict)).all()) == 2


def test_two_counts_of_one_day_become_one(county_world: World) -> None:
    store, _, _ = begun(county_world)
    second = county_world.device("b", store.origin.hall_id)
    earlier = image(store)
    store = county_world.store("a")
    for _ in range(3):
        turned_away(store)
    settle(county_world, store, second)
    store = set_back(county_world, store, earlier)
    for _ in range(2):
        turned_away(store)
    settle(county_world, store, second)
    assert county_world.rows("SELECT amount FROM daily_counts") == [(5,)]
    for device in (store, second):
        with device.read() as session:
            assert session.scalars(select(DailyCount.amount)).all() == [5]
        assert waiting(device) == 0
    turned_away(store)
    settle(county_world, store, second)
    assert county_world.rows("SELECT amount FROM daily_counts") == [(6,)]


def test_a_count_never_falls_back(county_world: World) -> None:
    """The image knew the day's row: what it counted on is less than what the county has."""
    store, _, _ = begun(county_world)
    turned_away(store)
    county_world.sync(store)
    earlier = image(store)
    store = county_world.store("a")
    for _ in range(4):
        turned_away(store)
    county_world.sync(store)
    store = set_back(county_world, store, earlier)
    turned_away(store)
    settle(county_world, store)
    assert county_world.rows("SELECT amount FROM daily_counts") == [(5,)]
    with store.read() as session:
        assert session.scalars(select(DailyCount.amount)).all() == [5]
        [told] = session.scalars(select(Conflict)).all()
        assert told.details == {"amount": [5, 2]}
