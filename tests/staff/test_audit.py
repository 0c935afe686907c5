"""A changed, removed or moved line of the audit shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from db.models import AuditEntry, OutboxRow
from db.store import Store
from kiosk.staff import audit

NOW = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
LINES = 6


@pytest.fixture
def filled(store: Store) -> Store:
    for at in range(LINES):
        with store.write() as session:
            audit.record(
                session,
                NOW + timedelta(seconds=at),
                audit.KIOSK,
                "tried",
                f"thing-{at}",
                count=at,
                names=["b", "a"],
            )
    return store


def broken(store: Store) -> int | None:
    with store.read() as session:
        return audit.first_broken(session)


def test_the_chain_holds(filled: Store) -> None:
    assert broken(filled) is None
    with filled.read() as session:
        assert session.scalar(select(func.count(AuditEntry.id))) == LINES


def test_an_empty_one_holds(store: Store) -> None:
    assert broken(store) is None


def test_it_holds_after_a_restart(filled: Store) -> None:
    folder = filled.path.parent
    filled.close()
    again = Store.open(folder)
    try:
        with again.write() as session:
            audit.record(session, NOW, audit.KIOSK, "tried", "later")
        assert broken(again) is None
    finally:
        again.close()


def test_a_time_told_in_another_zone_holds(store: Store) -> None:
    with store.write() as session:
        audit.record(session, NOW.astimezone(ZoneInfo("Asia/Shanghai")), audit.KIOSK, "tried", "x")
    assert broken(store) is None


def test_a_transaction_that_fails_leaves_no_line(filled: Store) -> None:
    def fail() -> None:
        with filled.write() as session:
            audit.record(session, NOW, audit.KIOSK, "tried", "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert broken(filled) is None
    with filled.write() as session:
        audit.record(session, NOW, audit.KIOSK, "tried", "y")
    assert broken(filled) is None


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET actor = 'other' WHERE number = 3", 3),
        ("UPDATE audit SET act = 'untried' WHERE number = 1", 1),
        ("UPDATE audit SET subject = 'thing' WHERE number = 6", 6),
        ("""UPDATE audit SET details = '{"count": 9}' WHERE number = 2""", 2),
        ("UPDATE audit SET created_at = '2026-11-19 22:00:59.000000' WHERE number = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE number = 5", 5),
        ("UPDATE audit SET previous_hash = zeroblob(32) WHERE number = 5", 5),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 6", 6),
        ("DELETE FROM audit WHERE number > 2", 3),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET number = number + 1 WHERE number = 6", 6),
    ],
)
def test_a_tampered_line_is_named(filled: Store, statement: str, line: int) -> None:
    with filled.write() as session:
        session.execute(text(statement))
    assert broken(filled) == line


def test_a_removed_last_line_shows_for_ever(filled: Store) -> None:
    with filled.write() as session:
        session.execute(text("DELETE FROM audit WHERE number = 6"))
    with filled.write() as session:
        audit.record(session, NOW, audit.KIOSK, "tried", "afterwards")
    assert broken(filled) == 6


def test_lines_that_came_back_from_the_county_are_gone_on_from(filled: Store) -> None:
    """A restored disk image counts fewer lines than it then gets back."""
    with filled.write() as session:
        session.execute(text("UPDATE origin SET audit_lines = 2"))
    assert broken(filled) is None
    with filled.write() as session:
        audit.record(session, NOW, audit.KIOSK, "tried", "afterwards")
    assert broken(filled) is None


def test_two_lines_that_changed_places_are_named(filled: Store) -> None:
    with filled.write() as session:
        for change in ("= 99 WHERE number = 2", "= 2 WHERE number = 3", "= 3 WHERE number = 99"):
            session.execute(text(f"UPDATE audit SET number {change}"))
    assert broken(filled) == 2


def test_a_line_removed_and_the_rest_renumbered_is_named(filled: Store) -> None:
    with filled.write() as session:
        session.execute(text("DELETE FROM audit WHERE number = 3"))
        for number in range(4, LINES + 1):
            session.execute(text(f"UPDATE audit SET number = {number - 1} WHERE number = {number}"))
    assert broken(filled) == 3


def test_every_line_goes_to_the_county(filled: Store) -> None:
    with filled.read() as session:
        sent = session.scalar(select(func.count(OutboxRow.seq)).where(OutboxRow.table == "audit"))
    assert sent == LINES
