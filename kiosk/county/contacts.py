"""Whom to call about a posting that ended long ago, and employers that are a person: emptied by age (spec §6).

Kept as long as people's data after the posting ended (ours: the same setting, `retention.seeker_days`). A hall empties
what only it referred to: of a posting that other halls filled too, the county alone knows whether anything is open, and
empties it (`db.county.contacts`). What is left goes up, and from there to every hall, with a proof that names nobody.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from uuid_utils.compat import uuid7

from db.models import (
    Ban,
    Employer,
    EmployerKind,
    Erasure,
    ErasureReason,
    ErasureState,
    Posting,
    PostingCount,
    Referral,
)
from db.privacy import NOBODY, empty_contacts
from kiosk.county.holds import NOT_ENDED, kept_since
from kiosk.county.rights import AT_ONCE
from kiosk.tools.counter import Counter

OPEN = Posting.id.in_(select(Referral.posting_id).where(Referral.state.in_(NOT_ENDED)))
NAMES_SOMEBODY = or_(Posting.contact_name.not_in(NOBODY), Posting.contact_phone.not_in(NOBODY))


def purge_contacts_due(counter: Counter) -> int:
    """Empty contacts of this hall's postings that ended long enough ago, then people who have no others; how many."""
    before, emptied = kept_since(counter), 0
    while before is not None and (some := _purge_some(counter, before)):
        emptied += some
    return emptied


def _purge_some(counter: Counter, before: datetime) -> int:
    hall, clock = counter.store.origin.hall_id, counter.clock
    last_day = clock.local(before).date()
    with counter.store.write() as session:
        postings = session.scalars(_old_postings(hall, before, last_day).limit(AT_ONCE)).all()
        people = _old_people(hall, before, last_day, clock.today()).limit(AT_ONCE)
        employers = [] if postings else session.scalars(people).all()
        if not postings and not employers:
            return 0
        proof = Erasure(
            id=uuid7(),
            reason=ErasureReason.AGE,
            state=ErasureState.DONE,
            requested_at=clock.now(),
            decided_at=clock.now(),
            rows=empty_contacts(session, postings, employers),
        )
        session.add(proof)
        session.flush()
        counter.audit(session, None, "contacts_purged_by_age", proof.id, **proof.rows)
        return len(postings) + len(employers)


def _old_postings(hall: UUID, before: datetime, last_day: date) -> Select[Posting]:
    return (
        select(Posting)
        .where(
            Posting.hall_id == hall,
            Posting.ends_on < last_day,
            Posting.created_at < before,  # a slip of the pen in `ends_on` is not old
            NAMES_SOMEBODY,
            ~OPEN,
            ~_filled_elsewhere(hall),
        )
        .order_by(Posting.ends_on)
    )


def _filled_elsewhere(hall: UUID) -> ColumnElement[bool]:
    halls = func.json_each(PostingCount.by_hall).table_valued("key")
    return Posting.id.in_(select(PostingCount.id).join(halls, halls.c.key != str(hall)))


def _old_people(hall: UUID, before: datetime, last_day: date, today: date) -> Select[Employer]:
    kept = select(Posting.employer_id).where(or_(NAMES_SOMEBODY, OPEN, Posting.ends_on >= last_day))
    # the name is all that tells whom a ban in force means (004 annex 2 art. 12)
    banned = select(Ban.employer_id).where(
        Ban.employer_id.is_not(None), Ban.ended_at.is_(None), Ban.until >= today
    )
    return (
        select(Employer)
        .where(
            Employer.hall_id == hall,
            Employer.kind == EmployerKind.PERSON,
            Employer.name.not_in(NOBODY),
            Employer.updated_at < before,  # nothing else says when they were last heard of
            Employer.id.not_in(kept),
            Employer.id.not_in(banned),
        )
        .order_by(Employer.updated_at)
    )
