"""How many openings of a posting are gone: those this hall filled, and what the county says the other halls did.

Referrals of other halls never come here, they hold personal data; the county sends a count (`db.county.publish`).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import HOLDS_OPENING, PostingCount, Referral


def taken(session: Session, hall_id: UUID, postings: Collection[UUID] | None = None) -> dict[UUID, int]:
    """Posting → openings gone; postings of which none are gone are left out. None: all postings."""
    here = (
        select(Referral.posting_id, func.count())
        .where(Referral.state.in_(HOLDS_OPENING))
        .group_by(Referral.posting_id)
    )
    there = select(PostingCount.id, PostingCount.by_hall)
    if postings is not None:
        here = here.where(Referral.posting_id.in_(postings))
        there = there.where(PostingCount.id.in_(postings))
    gone: dict[UUID, int] = dict(session.execute(here).all())
    for posting, by_hall in session.execute(there):
        others = sum(count for hall, count in by_hall.items() if hall != str(hall_id))
        if others:
            gone[posting] = gone.get(posting, 0) + others
    return gone
