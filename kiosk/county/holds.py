"""Why a person's data has to stay for now: something is open between them and the hall, or they were here lately.

As the county has it for all halls (`db.county.holds`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import (
    Dispute,
    LockerUse,
    Referral,
    ReferralState,
    Rental,
    RentalLine,
    Seeker,
    ToolReturn,
)
from db.privacy import PURGED
from db.sync.state import standing
from kiosk.tools.counter import Counter
from kiosk.tools.rental_cards import ENDED

NOT_ENDED = (ReferralState.ISSUED, ReferralState.MET, ReferralState.HIRED, ReferralState.STARTED)


class Hold(StrEnum):
    """Why a person's data has to stay for now; in the order in which it is told."""

    RENTAL = "open_rental"  # tools out, or a deposit in the drawer
    OWED = "open_debt"
    DISPUTE = "open_dispute"
    LOCKER = "open_locker"
    REFERRAL = "open_referral"
    PURGED = "purged_before"


def kept_since(counter: Counter) -> datetime | None:
    """Who was last seen before this is too old to be kept; none: nobody is.

    A device that has not heard of the county for long does not know who was seen elsewhere: it waits.
    """
    days, now = counter.settings.retention.seeker_days, counter.clock.now()
    stands = standing(counter.store)
    fresh = timedelta(hours=counter.settings.county.stale_hours)
    silent = stands.last_success_at is None or now - stands.last_success_at > fresh
    return None if not days or (stands.enrolled and silent) else now - timedelta(days=days)


def holds(session: Session, seeker: Seeker) -> tuple[Hold, ...]:
    """What is still open between this person and the hall."""
    open_ = {
        Hold.RENTAL: _rentals(),
        Hold.OWED: _debts(),
        Hold.DISPUTE: _disputes(),
        Hold.LOCKER: _lockers(),
        Hold.REFERRAL: _referrals(),
    }
    found = [
        hold
        for hold, people in open_.items()
        if session.scalars(people.where(_whose(people) == seeker.id).limit(1)).first() is not None
    ]
    if seeker.consent_version == PURGED:
        found.append(Hold.PURGED)
    return tuple(found)


def free(before: datetime, hall_id: UUID) -> Select[Seeker]:
    """People of the hall not seen since, with nothing open; who was seen longest ago first."""
    found = select(Seeker).where(
        Seeker.last_seen_at < before, Seeker.consent_version != PURGED, Seeker.hall_id == hall_id
    )
    for people in (_rentals(), _debts(), _disputes(), _lockers(), _referrals()):
        found = found.where(Seeker.id.not_in(people))
    return found.order_by(Seeker.last_seen_at)


def _rentals() -> Select[UUID]:
    return select(Rental.seeker_id).where(Rental.state.not_in(ENDED))


def _debts() -> Select[UUID]:
    return (
        select(Rental.seeker_id)
        .join(ToolReturn, ToolReturn.rental_id == Rental.id)
        .where(ToolReturn.owed > ToolReturn.owed_paid)
    )


def _disputes() -> Select[UUID]:
    return (
        select(Rental.seeker_id)
        .join(RentalLine, RentalLine.rental_id == Rental.id)
        .join(Dispute, Dispute.line_id == RentalLine.id)
        .where(Dispute.answered_at.is_(None))
    )


def _lockers() -> Select[UUID]:
    return select(LockerUse.seeker_id).where(LockerUse.collected_at.is_(None))


def _referrals() -> Select[UUID]:
    return select(Referral.seeker_id).where(Referral.state.in_(NOT_ENDED))


def _whose(people: Select[UUID]) -> Any:
    return people.selected_columns[0]
