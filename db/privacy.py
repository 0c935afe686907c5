"""What remains of a person when their data is purged: a row without anybody in it, so that counts stay right.

Purged at a hall, it goes up like any change; purged at the county, it comes down like any row. `consent_version`
says so, and the county then also drops what it keeps elsewhere (`db.county.purge`).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.keys import HallKeys
from db.models import (
    Base,
    Conflict,
    LockerUse,
    PrintJob,
    Record,
    Referral,
    Rental,
    RentalLine,
    Seeker,
    SeekerTrade,
    ToolReturn,
    WaitingRow,
)
from db.models.base import PERSONAL

PURGED = "purged"
LAST = "\x7f"  # behind every character of a name


def emptied(seeker: UUID, birth: date) -> dict[str, Any]:
    """A seeker's columns after the purge; the number is one that nobody has, the birth only a year."""
    return {
        "name": "",
        "ethnicity": None,
        "address": None,
        "phone": None,
        "hardship": "",
        "birth": date(birth.year, 1, 1),
        "consent_version": PURGED,
        "number": f"{PURGED}:{seeker}",
    }


def purge_here(session: Session, keys: HallKeys, seeker_id: UUID) -> dict[str, int]:
    """Empty a person's row and what hangs on it, in the caller's transaction: table → rows; nothing: there is none.

    The request was checked by whoever calls; the outbox carries it to the county. Papers go too: slips say names.
    """
    seeker = session.get(Seeker, seeker_id)
    if seeker is None:
        return {}
    counts: Counter[str] = Counter(seekers=1)
    values = emptied(seeker_id, seeker.birth)
    number = values.pop("number")
    for name, value in values.items():
        setattr(seeker, name, value)
    seeker.number_sealed = keys.seal(number, seeker_id.bytes)
    seeker.number_index = keys.index(number)
    for trade in session.scalars(select(SeekerTrade).where(SeekerTrade.seeker_id == seeker_id)):
        session.delete(trade)
        counts["seeker_trades"] += 1
    for kind, column, personal in followers():
        for row in session.scalars(select(kind).where(getattr(kind, column) == seeker_id)):
            for name in personal:
                setattr(row, name, None)
            counts[kind.__tablename__] += 1
    for conflict in session.scalars(select(Conflict).where(Conflict.row_id == seeker_id)):
        conflict.details = {}
        counts["conflicts"] += 1
    for job in _papers(session, seeker_id):
        session.delete(job)
        counts["print_jobs"] += 1
    waits = session.scalars(select(WaitingRow).where(WaitingRow.row_id == seeker_id))
    for waiting in waits:
        session.delete(waiting)
    return dict(counts)


def _papers(session: Session, seeker_id: UUID) -> list[PrintJob]:
    """What the print journal holds about this person; it calls a paper kind:id, with something behind for a copy."""
    rentals = session.scalars(select(Rental.id).where(Rental.seeker_id == seeker_id)).all()
    returns = session.scalars(select(ToolReturn.id).where(ToolReturn.rental_id.in_(rentals))).all()
    of = {
        "rental": rentals,
        "deposit": rentals,
        "cancel": rentals,
        "return": returns,
        "due": returns,
        "refund": session.scalars(select(RentalLine.id).where(RentalLine.rental_id.in_(rentals))).all(),
        "referral": session.scalars(select(Referral.id).where(Referral.seeker_id == seeker_id)).all(),
        "locker": session.scalars(select(LockerUse.id).where(LockerUse.seeker_id == seeker_id)).all(),
    }
    papers: list[PrintJob] = []
    for name in (f"{kind}:{one}" for kind, ids in of.items() for one in ids):
        begins = select(PrintJob).where(PrintJob.document >= name, PrintJob.document < name + LAST)
        papers += session.scalars(begins)
    return papers


def followers() -> list[tuple[type[Record], str, list[str]]]:
    """Tables that hold something personal beside a reference to a person: class, that column, the personal ones."""
    found: list[tuple[type[Record], str, list[str]]] = []
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Record) or mapper.class_ is Seeker:
            continue
        columns = Base.metadata.tables[mapper.class_.__tablename__].columns
        personal = [column.key for column in columns if column.info == PERSONAL]
        for column in columns:
            if personal and any(key.column.table.name == "seekers" for key in column.foreign_keys):
                found.append((mapper.class_, column.key, personal))
    return found
