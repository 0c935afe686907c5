"""A device and its county, end to end: TLS, signatures, PostgreSQL, SQLite."""

from __future__ import annotations

from sqlalchemy import func, select

from db.models import OutboxRow
from tests.county.world import World, add_posting, add_seeker, set_up

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
