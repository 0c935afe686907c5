"""What a visitor sees of the postings: lawful, in step, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import (
    EmployerKind,
    Occupation,
    Posting,
    PostingState,
    Referral,
    ReviewState,
    SkillLevel,
)
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound
from kiosk.identity.document import Sex
from kiosk.jobs.cards import JobQuery, Reason, Shift, Sort
from kiosk.jobs.work_law import work_law
from kiosk.seekers.card import Hardship
from tests.jobs.changes import TODAY, change_employer, change_posting, new_posting
from tests.seekers.desks import Desks, desks


@pytest.fixture
def made(hall: Store, clock: Clock) -> Desks:
    return desks(hall, clock)


MINOR, MINOR_GIRL = (date(2009, 1, 1), Sex.MALE), (date(2009, 1, 1), Sex.FEMALE)
MAN, WOMAN = (date(1985, 3, 4), Sex.MALE), (date(1985, 3, 4), Sex.FEMALE)


@pytest.mark.parametrize("who", [MINOR, MINOR_GIRL, MAN, WOMAN])
def test_the_list_is_exactly_what_the_law_leaves(made: Desks, who: tuple[date, Sex]) -> None:
    seeker = made.seeker(*who)
    listed = made.board.find(JobQuery(), seeker)
    everything = set(made.board.find(JobQuery()).ids)
    law = work_law()
    with made.store.read() as session:
        postings = session.scalars(select(Posting)).all()
        lawful = {
            posting.id
            for posting in postings
            if law.forbids(seeker, posting.occupation_id, filter(None, posting.conditions.split(","))) is None
        }
    assert set(listed.ids) == everything & lawful
    assert listed.hidden_by_law == len(everything - lawful)
    assert listed.total == len(listed.ids) == len(set(listed.ids))
    if who is not MAN:
        assert listed.hidden_by_law > 0


@pytest.mark.parametrize("who", [MINOR, MAN, WOMAN])
def test_tiles_count_what_the_list_will_show(made: Desks, who: tuple[date, Sex]) -> None:
    seeker = made.seeker(*who)
    tiles = [tile for group in made.board.trades(seeker) for tile in group.trades]
    assert tiles
    for tile in tiles:
        assert tile.jobs == made.board.find(JobQuery(occupations=frozenset({tile.key})), seeker).total
    closed = {key for rule in work_law().rules_for(seeker.age, seeker.sex) for key in rule.occupations}
    assert closed.isdisjoint(tile.key for tile in tiles)


def test_all_trades_in_their_groups(made: Desks) -> None:
    groups = made.board.trades()
    with made.store.read() as session:
        assert [tile.key for group in groups for tile in group.trades] == list(
            session.scalars(select(Occupation.key).order_by(Occupation.position))
        )
    assert all(group.name and group.name_en and group.icon for group in groups)


def test_summary_counts_the_open_ones(made: Desks) -> None:
    before = made.board.summary()
    assert before.jobs == made.board.find(JobQuery()).total
    posting = new_posting(made.store, openings=4)
    after = made.board.summary()
    assert (after.jobs, after.openings) == (before.jobs + 1, before.openings + 4)
    made.referrals.refer(made.seeker(), posting)
    assert made.board.summary().openings == after.openings - 1


def test_ones_own_trade_comes_first_and_says_why(made: Desks) -> None:
    seeker = made.seeker(trades={"bricklayer": SkillLevel.SENIOR})
    listed = made.board.find(JobQuery(), seeker)
    first = made.board.cards(listed.ids[:1], listed.reasons)[0]
    assert first.occupation == "瓦工" or Reason.TRADE in first.reasons
    assert Reason.TRADE in listed.reasons[listed.ids[0]]
    assert set(listed.reasons) == set(listed.ids)
    assert len(listed.reasons) == listed.total


def test_reasons_are_those_of_the_list_alone(made: Desks) -> None:
    listed = made.board.find(JobQuery(text="砌墙"))
    other = next(posting for posting in made.board.find(JobQuery()).ids if posting not in listed.ids)
    assert other not in listed.reasons
    later = new_posting(made.store)
    made.board.summary()
    assert later not in listed.reasons
    assert listed.reasons.get(later, ()) == ()


def test_hardship_lifts_public_welfare(made: Desks) -> None:
    def place(hardship: frozenset[Hardship], order: int) -> int:
        seeker = made.seeker(order=order, hardship=hardship)
        ids = made.board.find(JobQuery(), seeker).ids
        cards = made.board.cards(ids, {})
        return min(at for at, card in enumerate(cards) if "公益" in card.title)

    assert place(frozenset({Hardship.LOW_INCOME}), 1) < place(frozenset(), 2)


@pytest.mark.parametrize(
    "query",
    [
        JobQuery(text="瓦工"),
        JobQuery(text="wg"),
        JobQuery(text="保洁", daily_settlement=True),
        JobQuery(occupations=frozenset({"bricklayer", "cleaner"})),
        JobQuery(today_only=True),
        JobQuery(max_km=2.0),
        JobQuery(min_day_pay=30_000),
        JobQuery(shifts=frozenset({Shift.NIGHT})),
        JobQuery(text="没有这样的活"),
        JobQuery(text="🙂'\"*"),  # nothing searchable: as if nothing was typed
    ],
)
def test_filters_only_take_away(made: Desks, query: JobQuery) -> None:
    everything = made.board.find(JobQuery()).ids
    for sort in Sort:
        listed = made.board.find(replace(query, sort=sort))
        assert set(listed.ids) <= set(everything)
        cards = made.board.cards(listed.ids, listed.reasons)
        assert [card.id for card in cards] == list(listed.ids)
        for card in cards:
            assert card.openings_left > 0
            assert query.max_km is None or card.km is None or card.km <= query.max_km
            assert not query.today_only or card.starts_on <= TODAY
            assert not query.daily_settlement or card.settlement.value == "daily"
    assert set(made.board.find(query).ids) == set(made.board.find(replace(query, sort=Sort.PAY)).ids)


def test_nothing_searchable_shows_everything(made: Desks) -> None:
    assert made.board.find(JobQuery(text="，。")).ids == made.board.find(JobQuery()).ids
    assert made.board.find(JobQuery(text="龙门")).ids == ()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_whatever_is_typed_nothing_breaks(made: Desks, typed: str) -> None:
    listed = made.board.find(JobQuery(text=typed))
    assert listed.total == len(listed.ids)


def test_a_page_leaves_out_what_is_gone(made: Desks) -> None:
    ids = made.board.find(JobQuery()).ids[:3]
    change_posting(made.store, ids[1], state=PostingState.PAUSED)
    assert [card.id for card in made.board.cards(ids, {})] == [ids[0], ids[2]]
    change_posting(made.store, ids[1], state=PostingState.PUBLISHED)
    assert [card.id for card in made.board.cards(ids, {})] == list(ids)
    change_employer(made.store, ids[0], state=ReviewState.REFUSED, kind=EmployerKind.PERSON)
    assert ids[0] not in [card.id for card in made.board.cards(ids, {})]
    assert made.board.cards((made.store.origin.hall_id,), {}) == ()
    assert made.board.cards((), {}) == ()


def test_detail(made: Desks) -> None:
    posting = new_posting(
        made.store, conditions="night,dust", benefits="包午饭,包接送", openings=6, pay=21_000
    )
    detail = made.board.detail(posting)
    assert (detail.conditions, detail.card.benefits) == (("night", "dust"), ("包午饭", "包接送"))
    assert (detail.openings, detail.card.openings_left, detail.taken_slip) == (6, 6, None)
    assert detail.card.pay == 21_000
    assert detail.guidance is not None
    assert detail.guidance[0] <= detail.guidance[1] <= detail.guidance[2]
    assert detail.employer
    assert detail.card.km is not None
    with pytest.raises(NotFound):
        made.board.detail(made.store.origin.hall_id)


def test_a_place_without_position_has_no_distance(made: Desks) -> None:
    posting = new_posting(made.store, latitude=None, longitude=None)
    assert made.board.detail(posting).card.km is None
    assert made.board.km(None, None) is None
    assert posting in made.board.find(JobQuery(max_km=0.1)).ids


def test_taken_slip_is_this_seekers(made: Desks) -> None:
    posting = new_posting(made.store)
    one, two = made.seeker(order=1), made.seeker(order=2)
    handover = made.referrals.refer(one, posting)
    assert made.board.detail(posting, one).taken_slip == handover.referral
    assert made.board.detail(posting, two).taken_slip is None
    assert made.board.detail(posting).taken_slip is None
    with made.store.write() as session:
        session.get_one(Referral, handover.referral).valid_until -= timedelta(days=2)
    assert made.board.detail(posting, one).taken_slip is None


def test_the_same_facts_give_the_same_order(made: Desks, clock: Clock) -> None:
    seeker = made.seeker(trades={"bricklayer": SkillLevel.JUNIOR})
    first = made.board.find(JobQuery(), seeker).ids
    assert made.board.find(JobQuery(), seeker).ids == first
    assert desks(made.store, clock).board.find(JobQuery(), seeker).ids == first
