"""A device and its county, end to end: TLS, signatures, PostgreSQL, SQLite."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db.county import ingest
from db.county.replay import discard, release
from db.county.usb import import_stick
from db.models import OutboxRow, RefusedRow
from db.store import Store
from db.sync import usb
from tests.county.world import World, add_posting, add_seeker, set_up
from tests.sync.test_push import write

NUMBER = "11010519491231002X"


def test_what_a_hall_wrote_reaches_the_county_once(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    seeker = add_seeker(store, NUMBER)
    posting = add_posting(store)
    report = county_world.sync(store)
    assert report.pushed == 5
    assert county_world.sync(store).pushed == 0
    assert county_world.one("SELECT count(*) FROM inbox") == 5
    assert county_world.one("SELECT id FROM postings") == posting
    [(found, name, number)] = county_world.rows("SELECT id, name, number_sealed FROM seekers")
    assert found == seeker
    assert "样本甲".encode() not in bytes(name)  # type: ignore[call-overload]
    keys = county_world.county.keys
    assert keys.open(bytes(name), seeker.bytes) == "样本甲"  # type: ignore[call-overload]
    assert keys.open(bytes(number), seeker.bytes) == NUMBER  # type: ignore[call-overload]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 5  # kept until backed up


def three_refused(world: World) -> tuple[Store, list[UUID]]:
    """A hall of whose rows three could not be taken in; their events in their order."""
    with world.county.transaction() as tx:
        tx.execute("ALTER TABLE settings ADD CONSTRAINT odd CHECK (key NOT LIKE '%')")
    store = world.device("a")
    write(store, 3)
    world.sync(store)
    with world.county.transaction() as tx:
        tx.execute("ALTER TABLE settings DROP CONSTRAINT odd")
    with store.read() as session:
        return store, list(session.scalars(select(RefusedRow.event_id).order_by(RefusedRow.seq)))


def still_refused(store: Store) -> list[UUID]:
    with store.read() as session:
        return list(session.scalars(select(RefusedRow.event_id).order_by(RefusedRow.seq)))


@pytest.mark.parametrize("by_stick", [False, True])
def test_what_the_county_settled_is_refused_no_longer(
    county_world: World, tmp_path: Path, by_stick: bool
) -> None:
    store, [first, second, third] = three_refused(county_world)
    assert release(county_world.county, first)
    assert discard(county_world.county, third)
    if by_stick:
        usb.write_stick(store, tmp_path)
        import_stick(county_world.county, tmp_path)
        usb.read_stick(store, tmp_path)
    else:
        county_world.sync(store)
    assert still_refused(store) == [second]


def test_of_more_than_an_answer_names_a_hall_keeps_its_list(
    county_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, events = three_refused(county_world)
    monkeypatch.setattr(ingest, "MOST_HELD", 1)
    assert discard(county_world.county, events[0])
    county_world.sync(store)
    assert still_refused(store) == events
