"""A person's own slips: open ones only, newest first, nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.models import Referral, ReferralState
from db.store import Store
from kiosk.clock import Clock
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.referrals import OPEN
from kiosk.jobs.taken import TakenSlips
from tests.seekers.desks import desks


def test_own_slips_newest_first(hall: Store, clock: Clock) -> None:
    there = desks(hall, clock)
    seeker, other = there.seeker(), there.seeker(order=7)
    first, second, third = there.board.find(JobQuery(), seeker).ids[:3]
    early = there.referrals.refer(seeker, first)
    later = desks(hall, replace(clock, now=lambda: clock.now() + timedelta(minutes=5)))
    late = later.referrals.refer(seeker, second)
    there.referrals.refer(other, third)
    slips = TakenSlips(hall, clock).of(seeker.id)
    assert [slip.number for slip in slips] == [late.slip_number, early.slip_number]
    assert [slip.title for slip in slips] == [late.job.title, early.job.title]


@pytest.mark.parametrize("state", list(ReferralState))
def test_only_open_slips(hall: Store, clock: Clock, state: ReferralState) -> None:
    there = desks(hall, clock)
    seeker = there.seeker()
    taken = there.referrals.refer(seeker, there.board.find(JobQuery(), seeker).ids[0])
    with hall.write() as session:
        session.get_one(Referral, taken.referral).state = state
    assert [slip.state for slip in TakenSlips(hall, clock).of(seeker.id)] == (
        [state] if state in OPEN else []
    )


def test_a_slip_whose_time_is_over_is_not_in_hand(hall: Store, clock: Clock) -> None:
    there = desks(hall, clock)
    seeker = there.seeker()
    taken = there.referrals.refer(seeker, there.board.find(JobQuery(), seeker).ids[0])
    after = replace(clock, now=lambda: taken.valid_until)
    before = replace(clock, now=lambda: taken.valid_until - timedelta(seconds=1))
    assert len(TakenSlips(hall, before).of(seeker.id)) == 1
    assert TakenSlips(hall, after).of(seeker.id) == ()
