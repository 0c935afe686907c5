"""Who may not take part today (004 annex 2 art. 10–12; spec E7): their jobs are not shown, nobody is sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Ban

ACTIVE = Ban.ended_at.is_(None)


def banned_employers(session: Session, today: date) -> tuple[UUID, ...]:
    found = select(Ban.employer_id).where(ACTIVE, Ban.starts_on <= today, Ban.until >= today)
    return tuple(employer for employer in session.scalars(found) if employer is not None)


def ban_of(
    session: Session, today: date, *, employer: UUID | None = None, person: bytes | None = None
) -> Ban | None:
    """The one that lasts longest, of an employer or of a person by their keyed index."""
    whose = Ban.employer_id == employer if employer is not None else Ban.person == person
    return session.scalars(
        select(Ban)
        .where(whose, ACTIVE, Ban.starts_on <= today, Ban.until >= today)
        .order_by(Ban.until.desc())
        .limit(1)
    ).first()
