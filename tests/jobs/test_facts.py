"""The facts table stays in step with the store, whatever is changed and by whom."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Employer,
    GuidanceWage,
    Hall,
    PayUnit,
    Posting,
    PostingState,
    Referral,
    ReferralState,
    ReviewState,
    Seeker,
    SkillLevel,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.jobs import facts as facts_module
from kiosk.jobs.facts import Facts
from kiosk.jobs.work_law import work_law
from kiosk.sample_hall import fill
from tests.conftest import MORNING
from tests.jobs.changes import TODAY, add_posting, change_employer, change_posting, new_posting
from tests.seekers.desks import desks
from tests.seekers.people import CONSENT, PHONE

LAW = work_law()


def loaded(store: Store) -> Facts:
    facts = Facts(LAW, lambda: store.origin.hall_id)
    with store.read() as session:
        facts.refresh(session)
    return facts


def seen(facts: Facts) -> dict[UUID, dict[str, Any]]:
    """Living postings with their facts; trades and employers by key, since their order of first sight may differ."""
    trades = {at: key for key, at in facts.occupations.items()}
    employers = {at: key for key, at in facts.employers.items()}
    told = {}
    for posting, row in zip(facts.ids, facts.rows, strict=True):
        if row["alive"]:
            said = dict(zip(facts_module.FACT.names or (), row.tolist(), strict=True))
            said["occupation"] = trades[said["occupation"]]
            said["employer"] = employers[said["employer"]]
            said["km"] = None if np.isnan(said["km"]) else said["km"]
            told[posting] = said
    return told


def in_step(store: Store, facts: Facts) -> None:
    with store.read() as session:
        facts.refresh(session)
    assert seen(facts) == seen(loaded(store))
    assert len(facts.ids) == len(facts.rows) == len(set(facts.ids)) == len(facts.at)


def test_what_a_fresh_table_says(hall: Store) -> None:
    posting = new_posting(
        hall,
        occupation_id="forklift_driver",
        level=SkillLevel.SENIOR,
        pay=2_000,
        pay_unit=PayUnit.HOUR,
        opens_minute=1200,
        closes_minute=120,
        openings=4,
        conditions="night,toxic",
        urgent=True,
        public_welfare=True,
        latitude=None,
        longitude=None,
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=2),
    )
    facts = loaded(hall)
    said = seen(facts)[posting]
    assert (said["occupation"], said["level"], said["day_pay"], said["km"]) == (
        "forklift_driver",
        3,
        12_000.0,
        None,
    )
    assert (said["opens"], said["closes"], said["left"]) == (1200, 120, 4)
    assert (said["starts_on"], said["ends_on"]) == (TODAY.toordinal() + 1, TODAY.toordinal() + 2)
    assert (said["urgent"], said["welfare"]) == (True, True)
    assert said["conditions"] == facts.condition_bits(["night", "toxic"])
    with hall.read() as session:
        wage = session.scalars(
            select(GuidanceWage).where(GuidanceWage.occupation_id == "forklift_driver")
        ).one()
        number = session.scalar(text("SELECT max(number) FROM search_entries"))
    assert said["guidance"] == float(wage.middle) * (8 if wage.unit is PayUnit.HOUR else 1)
    assert said["number"] == number


def test_distance_is_the_great_circle(hall: Store) -> None:
    facts = loaded(hall)
    with hall.read() as session:
        here = session.scalars(select(Hall)).one()
    assert facts.km(here.latitude, here.longitude) == pytest.approx(0, abs=1e-6)
    assert facts.km(here.latitude + 1, here.longitude) == pytest.approx(111.195, abs=0.01)
    assert np.isnan(facts.km(None, here.longitude))
    assert np.isnan(facts.km(here.latitude, None))


def test_a_store_without_a_hall_has_no_distances_until_it_has_one(store: Store, clock: Clock) -> None:
    facts = loaded(store)
    assert np.isnan(facts.km(38.0, 113.0))
    fill(store, clock)
    in_step(store, facts)
    assert not np.isnan(facts.km(38.0, 113.0))


def test_another_halls_row_does_not_move_us(hall: Store) -> None:
    facts = loaded(hall)
    before = facts.km(38.0, 113.0)
    with hall.write() as session:
        own = session.scalars(select(Hall)).one()
        said = {column.key: getattr(own, column.key) for column in Hall.__table__.columns}
        first = UUID(int=1)  # before ours in every order
        session.add(
            Hall(**said | {"id": first, "hall_id": first, "latitude": 0.0, "longitude": 0.0, "version": 1})
        )
    in_step(hall, facts)
    assert facts.km(38.0, 113.0) == before
    with hall.write() as session:
        session.get_one(Hall, hall.origin.hall_id).latitude += 1
    in_step(hall, facts)
    assert facts.km(38.0, 113.0) != before


@pytest.mark.parametrize("unit", [PayUnit.HOUR, PayUnit.MONTH, PayUnit.PIECE])
def test_a_trades_day_wage_counts_before_its_others(hall: Store, unit: PayUnit) -> None:
    posting = new_posting(hall, occupation_id="bricklayer")
    before = seen(loaded(hall))[posting]["guidance"]
    assert before > 0
    with hall.write() as session:
        session.add(GuidanceWage(occupation_id="bricklayer", unit=unit, low=1, middle=2, high=3))
    assert seen(loaded(hall))[posting]["guidance"] == before


def test_rows_that_were_cleared_away_unseen(hall: Store) -> None:
    """Sent outbox rows are deleted; a table that missed them must not miss what they said."""
    facts = loaded(hall)
    posting = new_posting(hall)
    with hall.write() as session:
        session.execute(text("DELETE FROM outbox"))
    in_step(hall, facts)
    assert posting in seen(facts)
    change_posting(hall, posting, openings=3)
    in_step(hall, facts)
    assert seen(facts)[posting]["left"] == 3


def test_an_older_snapshot_changes_nothing(hall: Store) -> None:
    facts = loaded(hall)
    with hall.read() as old:
        old.scalars(select(Hall.id)).first()  # the snapshot begins
        posting = new_posting(hall)
        in_step(hall, facts)
        facts.refresh(old)
        assert posting in seen(facts)
    in_step(hall, facts)


@pytest.mark.parametrize("changed", [4, 5, 6])
def test_around_the_number_from_which_all_is_loaded(
    hall: Store, changed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_module, "RELOAD_FROM", 5)
    monkeypatch.setattr(facts_module, "AT_ONCE", 7)
    facts = loaded(hall)
    before = len(seen(facts))
    with hall.write() as session:
        for _ in range(changed):
            add_posting(session)
    in_step(hall, facts)
    assert len(seen(facts)) == before + changed


@pytest.fixture
def one(hall: Store) -> tuple[Store, Facts, UUID]:
    posting = new_posting(hall)
    return hall, loaded(hall), posting


@pytest.mark.parametrize("state", list(PostingState))
def test_posting_states(one: tuple[Store, Facts, UUID], state: PostingState) -> None:
    store, facts, posting = one
    change_posting(store, posting, state=state)
    in_step(store, facts)
    assert (posting in seen(facts)) is (state is PostingState.PUBLISHED)
    change_posting(store, posting, state=PostingState.PUBLISHED)
    in_step(store, facts)
    assert posting in seen(facts)


@pytest.mark.parametrize("state", list(ReviewState))
def test_employer_states(one: tuple[Store, Facts, UUID], state: ReviewState) -> None:
    store, facts, posting = one
    change_employer(store, posting, state=state)
    in_step(store, facts)
    assert (posting in seen(facts)) is (state is ReviewState.APPROVED)


# --- any sequence of changes ---------------------------------------------------------------------------------

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("posting"), st.integers(1, 4)),
        st.tuples(st.just("state"), st.integers(0, 9), st.sampled_from(PostingState)),
        st.tuples(st.just("openings"), st.integers(0, 9), st.integers(1, 5)),
        st.tuples(st.just("pay"), st.integers(0, 9), st.integers(0, 50_000)),
        st.tuples(st.just("employer"), st.integers(0, 9), st.sampled_from(ReviewState)),
        st.tuples(st.just("new employer"), st.integers(0, 9)),
        st.tuples(st.just("refer"), st.integers(0, 9)),
        st.tuples(st.just("referral"), st.integers(0, 9), st.sampled_from(ReferralState)),
        st.tuples(st.just("wage"), st.integers(0, 9), st.integers(1, 50_000)),
        st.tuples(st.just("seeker"), st.integers(0, 9)),
        st.tuples(
            st.just("clear"),
        ),
        st.tuples(
            st.just("look"),
        ),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def played(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for every sequence: what earlier ones left is a further start to begin from."""
    folder = tmp_path_factory.mktemp("played") / "hall"
    shutil.copytree(sample_folder, folder)
    store = Store.open(folder)
    yield store
    store.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_any_sequence_of_changes(played: Store, changes: list[tuple[Any, ...]]) -> None:
    facts = loaded(played)
    for kind, *values in changes:
        play(played, facts, kind, values)
    in_step(played, facts)


def play(store: Store, facts: Facts, kind: str, values: list[Any]) -> None:
    with store.write() as session:
        postings = session.scalars(select(Posting).order_by(Posting.id.desc()).limit(10)).all()
        posting = postings[values[0] % len(postings)] if values else postings[0]
        match kind:
            case "posting":
                for _ in range(values[0]):
                    add_posting(session)
            case "state" | "openings" | "pay":
                setattr(posting, kind, values[1])
            case "employer":
                session.get_one(Employer, posting.employer_id).state = values[1]
            case "new employer":
                made = Employer(
                    id=uuid7(),
                    kind=session.get_one(Employer, posting.employer_id).kind,
                    name="新",
                    state=ReviewState.APPROVED,
                )
                session.add(made)
                session.flush()
                posting.employer_id = made.id
            case "refer":
                serial = (session.scalar(text("SELECT max(slip_serial) FROM referrals")) or 0) + 1_000_000
                session.add(
                    Referral(
                        seeker_id=_somebody(session),
                        posting_id=posting.id,
                        slip_number=f"09-{serial}",
                        slip_serial=serial,
                        issued_at=MORNING,
                        valid_until=MORNING + timedelta(days=1),
                    )
                )
            case "referral":
                for referral in session.scalars(select(Referral).where(Referral.posting_id == posting.id)):
                    referral.state = values[1]
            case "wage":
                wage = session.scalars(
                    select(GuidanceWage).where(GuidanceWage.occupation_id == posting.occupation_id)
                ).first()
                if wage is not None:
                    wage.middle = values[1]
            case "seeker":
                _somebody(session)
            case "clear":
                session.execute(text("DELETE FROM outbox"))
            case "look":
                pass
    if kind == "look":
        with store.read() as session:
            facts.refresh(session)


def _somebody(session: Session) -> UUID:
    seeker = Seeker(
        id=uuid7(),
        number_sealed=b"",
        number_index=uuid7().bytes,
        sex="male",
        birth=TODAY,
        name="样本",
        phone=PHONE,
        assurance=1,
        consent_version="",
        consent_at=CONSENT,
        last_seen_at=CONSENT,
    )
    session.add(seeker)
    session.flush()
    return seeker.id


def test_the_desk_and_lapsing_keep_step(hall: Store, clock: Clock) -> None:
    made = desks(hall, clock)
    posting = new_posting(hall, openings=2)
    facts = loaded(hall)
    made.referrals.refer(made.seeker(), posting)
    in_step(hall, facts)
    assert seen(facts)[posting]["left"] == 1
    with hall.write() as session:
        session.scalars(select(Referral)).one().valid_until = MORNING
    assert made.referrals.lapse_due() == 1
    in_step(hall, facts)
    assert seen(facts)[posting]["left"] == 2
