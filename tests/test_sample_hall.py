"""The sample hall fills an empty store, once, with days that never grow old."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from db.models import (
    Base,
    Device,
    Employer,
    Hall,
    Notice,
    Occupation,
    OutboxRow,
    Posting,
    PostingState,
    ReviewState,
    Seeker,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound
from kiosk.hall import HallDesk
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.work_law import work_law
from kiosk.sample_hall import fill
from kiosk.settings import Settings
from kiosk.staff import audit


def count(store: Store, kind: type[Base]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_full_hall(hall: Store) -> None:
    for kind, least in ((Hall, 1), (Device, 1), (Occupation, 60), (Employer, 10), (Posting, 60), (Notice, 4)):
        assert count(hall, kind) >= least
    assert count(hall, Seeker) == 0
    with hall.read() as session:
        assert set(session.scalars(select(Employer.state).distinct())) == {ReviewState.APPROVED}
        assert set(session.scalars(select(Posting.state).distinct())) == {PostingState.PUBLISHED}
        assert audit.first_broken(session) is None
        sent = session.scalar(select(func.count(OutboxRow.seq)).where(OutboxRow.table == "postings"))
    assert sent == count(hall, Posting)


def test_only_once(hall: Store, clock: Clock) -> None:
    before = count(hall, OutboxRow)
    assert fill(hall, clock) is False
    assert count(hall, OutboxRow) == before


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 19, 15, 59, tzinfo=UTC),  # one minute before midnight in the hall
        datetime(2026, 11, 19, 16, 0, tzinfo=UTC),
        datetime(2028, 2, 28, 20, 0, tzinfo=UTC),  # 29 February in the hall
        datetime(2030, 12, 31, 23, 0, tzinfo=UTC),
    ],
)
def test_days_are_counted_from_today_in_the_halls_zone(tmp_path: Path, now: datetime) -> None:
    clock = Clock(ZoneInfo("Asia/Shanghai"), lambda: now)
    store = Store.open(tmp_path)
    try:
        assert fill(store, clock) is True
        with store.read() as session:
            first = session.scalar(select(func.min(Posting.starts_on)))
            assert session.scalar(select(func.count()).where(Posting.ends_on < Posting.starts_on)) == 0
        assert first == clock.today()
        assert JobBoard(store, Settings(), clock).find(JobQuery()).total > 0
    finally:
        store.close()


def test_all_it_declares_is_known_to_the_law(hall: Store) -> None:
    known = {condition.key for condition in work_law().conditions}
    with hall.read() as session:
        said = {key for keys in session.scalars(select(Posting.conditions)) for key in keys.split(",") if key}
    assert said
    assert said <= known


def test_the_hall_desk_shows_it(hall: Store) -> None:
    desk = HallDesk(hall)
    card = desk.hall()
    assert card.name
    assert card.hotline
    assert card.complaint_line
    assert card.legal_aid_line
    notices = desk.notices()
    assert {notice.kind for notice in notices} >= {"policy", "rules", "flow"}
    assert all(notice.title and notice.body for notice in notices)


def test_a_store_without_a_hall_says_so(store: Store) -> None:
    with pytest.raises(NotFound):
        HallDesk(store).hall()
    assert HallDesk(store).notices() == ()
