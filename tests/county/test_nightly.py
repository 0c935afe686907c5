"""What is too old at the county goes by itself, once, however many processes serve it, and never by a wrong clock."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from db.county import nightly
from db.county.nightly import Nightly, next_night, tonight
from db.models import Seeker, now
from db.privacy import PURGED
from tests.county.world import World, add_seeker, set_up

RETAIN = timedelta(days=1095)
ZONE = ZoneInfo("Asia/Shanghai")
PATIENCE = 120.0  # seconds; only what never comes takes them
OLD, RECENT = "11010519491231002X", "110105194912310038"


def seen(world: World, number: str, days: int) -> UUID:
    """A person last seen so many days ago."""
    store = world.stores[0] if world.stores else world.device("a")
    if len(world.rows("SELECT 1 FROM halls")) == 0:
        set_up(store)
    seeker = add_seeker(store, number)
    with store.write() as session:
        session.get_one(Seeker, seeker).last_seen_at = now() - timedelta(days=days)
    world.sync(store)
    return seeker


def purged(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT id FROM seekers WHERE consent_version = %s", PURGED)


@pytest.mark.parametrize(
    ("at", "zone", "due"),
    [
        ("2026-11-20T00:00", "Asia/Shanghai", "2026-11-20T19:00"),
        ("2026-11-20T18:59", "Asia/Shanghai", "2026-11-20T19:00"),
        ("2026-11-20T19:00", "Asia/Shanghai", "2026-11-21T19:00"),
        ("2026-12-31T23:30", "UTC", "2027-01-01T03:00"),
        ("2026-03-28T12:00", "Europe/London", "2026-03-29T02:00"),  # the night in which an hour is missing
    ],
)
def test_the_next_night(at: str, zone: str, due: str) -> None:
    asked = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert next_night(asked, ZoneInfo(zone)) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_it_goes_by_itself_after_a_failure_too(
    county_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    old = seen(county_world, OLD, 1100)
    seen(county_world, RECENT, 0)
    failed, done = threading.Event(), threading.Event()

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            (failed if record.levelno >= logging.ERROR else done).set()

    monkeypatch.setattr(nightly, "FIRST", timedelta())
    monkeypatch.setattr(nightly, "AGAIN", timedelta())
    monkeypatch.setattr(nightly, "LOOK_SECONDS", 0.02)
    caplog.set_level(logging.INFO, nightly.__name__)
    handler = Heard()
    nightly.log.addHandler(handler)
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE purges RENAME TO elsewhere")
    try:
        with Nightly(county_world.county, RETAIN, ZONE):
            assert failed.wait(PATIENCE)
            assert purged(county_world) == []  # all of it or nothing
            with county_world.county.transaction() as tx:
                tx.execute("ALTER TABLE elsewhere RENAME TO purges")
            assert done.wait(PATIENCE)
    finally:
        nightly.log.removeHandler(handler)
    assert purged(county_world) == [(old,)]
    assert county_world.rows("SELECT reason FROM purges") == [("age",)]
    assert str(old) not in caplog.text


def test_one_process_at_a_time(county_world: World) -> None:
    seen(county_world, OLD, 1100)
    seen(county_world, RECENT, 0)
    with county_world.county.transaction() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (nightly.ONE_AT_A_TIME,))
        assert tonight(county_world.county, RETAIN, threading.Event()) is None
    assert purged(county_world) == []
    done = tonight(county_world.county, RETAIN, threading.Event())
    assert done is not None
    assert done.people == 1


def test_a_clock_gone_wrong_makes_nobody_old(county_world: World) -> None:
    seen(county_world, OLD, 1000)
    seen(county_world, RECENT, 0)
    for years in (1, 10, 100):
        done = tonight(county_world.county, RETAIN, threading.Event(), now() + timedelta(days=365 * years))
        assert done is not None
        assert (done.people, done.contacts) == (0, 0)
    assert purged(county_world) == []


def test_a_county_that_keeps_everything_and_one_where_nobody_was(county_world: World) -> None:
    done = tonight(county_world.county, RETAIN, threading.Event())
    assert done is not None
    seen(county_world, OLD, 4000)
    seen(county_world, RECENT, 0)
    done = tonight(county_world.county, None, threading.Event())
    assert done is not None
    assert done.people == 0


def test_told_to_end_it_ends_between_two_batches(county_world: World) -> None:
    seen(county_world, OLD, 4000)
    seen(county_world, RECENT, 0)
    over = threading.Event()
    over.set()
    done = tonight(county_world.county, RETAIN, over)
    assert done is not None
    assert done.people == 0
    assert purged(county_world) == []
