"""The moment of a hire: whoever writes a referral's state writes it too; placements from before have their slip's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from db.models import OutboxRow, Referral, ReferralState
from db.store import MIGRATIONS, Store
from tests.county.world import add_posting, add_referral, add_seeker, set_up

BEFORE = "0010"
S = ReferralState


@pytest.fixture
def referral(store: Store) -> UUID:
    set_up(store)
    return add_referral(store, add_seeker(store, "11010519491231002X"), add_posting(store), 1)


def step(store: Store, referral: UUID, state: ReferralState) -> Referral:
    with store.write() as session:
        session.get_one(Referral, referral).state = state
    with store.read() as session:
        return session.get_one(Referral, referral)


@pytest.mark.parametrize(
    ("steps", "hired_in"),
    [
        ([], None),
        ([S.MET], None),
        ([S.LAPSED], None),
        ([S.DECLINED], None),
        ([S.HIRED], 0),
        ([S.MET, S.HIRED], 1),
        ([S.STARTED], 0),  # nobody said hired, but they work
        ([S.HIRED, S.STARTED], 0),
        ([S.HIRED, S.STARTED, S.FINISHED], 0),
        ([S.HIRED, S.HIRED], 0),
        ([S.HIRED, S.CANCELLED], None),
        ([S.HIRED, S.NO_SHOW], None),
        ([S.HIRED, S.MET], None),  # taken back
        ([S.HIRED, S.MET, S.HIRED], 2),
    ],
)
def test_the_moment_goes_with_the_state(
    store: Store, referral: UUID, steps: list[ReferralState], hired_in: int | None
) -> None:
    moments = [step(store, referral, state) for state in steps]
    with store.read() as session:
        found = session.get_one(Referral, referral)
    if hired_in is None:
        assert found.hired_at is None
    else:
        hire = moments[hired_in]
        assert found.hired_at == hire.hired_at
        assert found.hired_at is not None
        assert hire.updated_at - timedelta(seconds=60) < found.hired_at <= hire.updated_at


def test_a_moment_that_is_handed_in_stands(store: Store, referral: UUID) -> None:
    said = datetime(2026, 11, 1, 1, 2, 3, tzinfo=UTC)
    with store.write() as session:
        row = session.get_one(Referral, referral)
        row.state, row.hired_at = S.HIRED, said
    with store.read() as session:
        assert session.get_one(Referral, referral).hired_at == said


def test_both_go_up_together(store: Store, referral: UUID) -> None:
    step(store, referral, S.HIRED)
    step(store, referral, S.STARTED)
    step(store, referral, S.CANCELLED)
    with store.read() as session:
        said = session.scalars(
            select(OutboxRow.changed).where(OutboxRow.row_id == referral, OutboxRow.op == "U").order_by("seq")
        ).all()
    assert [set(changed.split(",")) for changed in said] == [
        {"state", "hired_at"},
        {"state"},
        {"state", "hired_at"},
    ]


def test_placements_from_before_have_the_moment_of_their_slip(store: Store, referral: UUID) -> None:
    seeker, posting = add_seeker(store, "110105194912310038"), add_posting(store)
    rows = {referral: S.ISSUED}
    for serial, state in enumerate(S, 2):
        rows[add_referral(store, seeker, posting, serial)] = state
    for row, state in rows.items():
        step(store, row, state)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._writer.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
        connection.commit()
    again = Store.open(store.path.parent)
    with again.read() as session:
        for found in session.scalars(select(Referral)):
            placed = found.state in (S.HIRED, S.STARTED, S.FINISHED)
            assert (found.state, found.hired_at) == (rows[found.id], found.issued_at if placed else None)
    again.close()
