"""Bans hold in every hall of the county, and openings that other halls filled are gone here too (E7, C2, S9)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import Ban, Employer, Posting, PostingCount, Referral, ReferralState, Seeker, now
from db.store import Store
from kiosk.clock import Clock
from kiosk.county.bans import BanDesk, BanReason, Side
from kiosk.county.link import LinkDesk
from kiosk.errors import Banned, InputInvalid, NotAllowed, PostingClosed, PostingFull, StepInvalid
from kiosk.identity.document import Sex
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.seekers.card import SeekerCard
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from tests.county.test_conflicts import settle
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up
from tests.seekers.people import CONSENT, PHONE, document
from tests.tools.shop import ZONE, MovingTime, Shop

BORN = date(1985, 3, 4)
TODAY = now()


class Hall:
    """The desks of a visit over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.time = MovingTime(TODAY)
        self.shop = Shop(store, time=self.time)
        clock, settings, codes = Clock(ZONE, self.time), Settings(), self.shop.counter.codes
        self.board = JobBoard(store, settings, clock)
        self.people = RegistrationDesk(store, settings, clock, codes)
        self.referrals = ReferralDesk(store, settings, clock, codes, self.board)

    def seeker(self, order: int = 0) -> SeekerCard:
        return self.people.register(document(BORN, Sex.MALE, order), CONSENT, PHONE, frozenset(), {})

    def jobs(self) -> tuple[UUID, ...]:
        return self.board.find(JobQuery()).ids

    def bans(self) -> BanDesk:
        return BanDesk(self.shop.counter)

    def side(self, text: str) -> Side:
        [side] = self.bans().find(self.shop.boss, text)
        return side


@pytest.fixture
def here(shop: Shop) -> Hall:
    hall = Hall(shop.store)
    hall.shop.badges = shop.badges
    return hall


def two_halls(world: World) -> tuple[Hall, Hall, UUID]:
    """Two halls that both show a posting of the first one."""
    first, second = world.device("first"), world.device("second")
    for store in (first, second):
        set_up(store)
    halls = Hall(first), Hall(second)
    halls[0].shop.hire()
    posting = add_posting(first, openings=2)
    with first.write() as session:  # still to come, whatever day the test runs
        session.get_one(Posting, posting).ends_on = (TODAY + timedelta(days=30)).date()
    settle(world, first, second)
    assert posting in halls[1].jobs()
    return *halls, posting


def test_a_banned_employer_is_neither_shown_nor_sent_to(here: Hall) -> None:
    seeker, posting = here.seeker(), here.jobs()[0]
    before = here.board.summary().jobs
    with here.store.read() as session:
        employer = session.scalars(select(Employer).join(Posting).where(Posting.id == posting)).one()
    side = here.side(employer.name)
    assert side.employer
    with pytest.raises(NotAllowed):
        here.bans().ban(here.shop.clerk, side, BanReason.WAGE_WITHHELD, 30)
    with pytest.raises(InputInvalid):
        here.bans().ban(here.shop.boss, side, BanReason.NO_SHOW, 30)
    card = here.bans().ban(here.shop.boss, side, BanReason.WAGE_WITHHELD, 30)
    assert posting not in here.jobs()
    assert here.board.summary().jobs < before
    with pytest.raises(PostingClosed):
        here.referrals.refer(seeker, posting)
    here.bans().end(here.shop.boss, card.id)
    assert posting in here.jobs()
    with pytest.raises(StepInvalid):
        here.bans().end(here.shop.boss, card.id)
    here.referrals.refer(seeker, posting)


def test_a_banned_person_is_told_why_and_until_when(here: Hall) -> None:
    seeker, other, posting = here.seeker(), here.seeker(order=1), here.jobs()[0]
    side = here.side(str(document(BORN).number))
    assert not side.employer
    assert str(document(BORN).number) not in repr(
        here.bans().find(here.shop.boss, str(document(BORN).number))
    )
    card = here.bans().ban(here.shop.boss, side, BanReason.NO_SHOW, 7)
    assert card.until == here.shop.counter.clock.today() + timedelta(days=6)
    with pytest.raises(Banned) as refused:
        here.referrals.refer(seeker, posting)
    assert refused.value.context == {"reason": "ban_no_show", "until": card.until.isoformat()}
    here.referrals.refer(other, posting)
    here.time.forward(days=7)  # it ends by itself
    assert [one.active for one in here.bans().bans()] == [False]
    job = here.jobs()[0]
    assert here.referrals.refer(seeker, job).referral


def test_bans_hold_in_every_hall(county_world: World) -> None:
    """A person banned in one hall comes to another that never saw them before; the row itself names nobody."""
    first, second, posting = two_halls(county_world)
    first.seeker()
    number = str(document(BORN).number)
    first.bans().ban(first.shop.boss, first.side(number), BanReason.NO_SHOW, 30)
    settle(county_world, first.store, second.store)
    with second.store.read() as session:
        ban = session.scalars(select(Ban)).one()
        assert session.scalars(select(Seeker)).all() == []
    assert number.encode() not in bytes(ban.person or b"")
    [card] = second.bans().bans()
    assert (card.name, card.here, card.active) == ("", False, True)
    with pytest.raises(Banned):
        second.referrals.refer(second.seeker(), posting)
    # the employer too: their posting goes from both boards, and comes back when it ends
    mine = first.bans().ban(first.shop.boss, first.side("样本老板"), BanReason.FALSE_POSTING, 30)
    settle(county_world, first.store, second.store)
    assert posting not in second.jobs()
    second.shop.hire()
    with pytest.raises(NotAllowed) as refused:
        second.bans().end(second.shop.boss, mine.id)
    assert refused.value.context["reason"] == "other_hall"
    first.bans().end(first.shop.boss, mine.id)
    settle(county_world, first.store, second.store)
    assert posting in second.jobs()


def test_a_hall_that_joins_later_gets_them_and_brings_its_own(county_world: World) -> None:
    first, _, posting = two_halls(county_world)
    first.bans().ban(first.shop.boss, first.side("样本老板"), BanReason.ABUSE, 30)
    county_world.sync(first.store)
    alone = Hall(county_world.store("alone"))
    set_up(alone.store)
    alone.shop.hire()
    alone.seeker()
    number = str(document(BORN).number)
    alone.bans().ban(alone.shop.boss, alone.side(number), BanReason.POOR_WORK, 30)
    LinkDesk(alone.shop.counter).enrol(
        alone.shop.boss, county_world.server.address, county_world.code("alone")
    )
    settle(county_world, alone.store, first.store)
    assert posting not in alone.jobs()
    with alone.store.read() as session:
        assert session.scalars(select(Ban.reason).order_by(Ban.id)).all() == ["abuse", "poor_work"]
    # the same person in the hall that was there before
    seeker = first.seeker()
    other = add_posting(first.store, title="抹灰工")
    with first.store.write() as session:
        session.get_one(Posting, other).ends_on = (TODAY + timedelta(days=30)).date()
    with pytest.raises(Banned):
        first.referrals.refer(seeker, other)


def test_openings_that_other_halls_filled_are_gone(county_world: World) -> None:
    first, second, posting = two_halls(county_world)
    assert second.board.detail(posting).card.openings_left == 2
    before = second.board.summary().openings
    first.referrals.refer(first.seeker(), posting)
    settle(county_world, first.store, second.store)
    assert second.board.detail(posting).card.openings_left == 1
    assert second.board.summary().openings == before - 1
    assert first.board.detail(posting).card.openings_left == 1  # its own count for one, not twice
    second.referrals.refer(second.seeker(order=1), posting)
    settle(county_world, second.store, first.store)
    with pytest.raises(PostingFull):
        first.referrals.refer(first.seeker(order=2), posting)
    with second.store.read() as session:
        count = session.get_one(PostingCount, posting)
        assert count.by_hall == {str(first.store.origin.hall_id): 1, str(second.store.origin.hall_id): 1}
        assert len(session.scalars(select(Referral)).all()) == 1  # nobody else's
    # one declines: everybody learns that a place is free again
    with first.store.write() as session:
        session.scalars(select(Referral)).one().state = ReferralState.DECLINED
    settle(county_world, first.store, second.store)
    assert second.board.detail(posting).card.openings_left == 1
    assert first.referrals.refer(first.seeker(order=3), posting).referral


def test_a_new_device_knows_the_counts(county_world: World) -> None:
    first, _, posting = two_halls(county_world)
    add_referral(first.store, add_seeker(first.store, "11010519491231002X"), posting, 77)
    county_world.sync(first.store)
    third = Hall(county_world.device("third"))
    set_up(third.store)
    settle(county_world, third.store)
    assert third.board.detail(posting).card.openings_left == 1
