"""The match slips a person has in hand (S9), for their own eyes: which job, how far it is, until when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from db.models import Occupation, Posting, Referral
from db.models import ReferralState as ReferralState  # the screens' name for it
from db.store import Store
from kiosk.clock import Clock
from kiosk.jobs.referrals import OPEN


@dataclass(frozen=True)
class TakenSlip:
    """No employer, place or phone: who only typed a number sees no more than the slip's own number leads to."""

    number: str
    title: str
    icon: str
    state: ReferralState
    valid_until: datetime


class TakenSlips:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def of(self, seeker_id: UUID) -> tuple[TakenSlip, ...]:
        """Those still open, newest first; one whose time is over is not, even if nobody has lapsed it yet."""
        stands = or_(Referral.state != ReferralState.ISSUED, Referral.valid_until > self._clock.now())
        with self._store.read() as session:
            found = session.execute(
                select(Referral, Posting.title, Occupation.icon)
                .join(Posting, Posting.id == Referral.posting_id)
                .join(Occupation, Occupation.key == Posting.occupation_id)
                .where(Referral.seeker_id == seeker_id, Referral.state.in_(OPEN), stands)
                .order_by(Referral.issued_at.desc(), Referral.id.desc())
            )
            return tuple(
                TakenSlip(slip.slip_number, title, icon, slip.state, slip.valid_until)
                for slip, title, icon in found
            )
