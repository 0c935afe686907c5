"""One person at the county, who may stand there more than once: where records of theirs are, and erasing them all.

What a hall has not brought up yet the county does not know of: `heard_at` says how old its knowledge is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from db.county.base import COUNTY_HALL, County, Tx
from db.county.errors import PersonGone, PersonHeld
from db.county.holds import Hold, holds
from db.county.publish import PURGED
from db.county.purge import purge_in, rows_about
from db.county.rows import read
from db.county.tables import SYNCED

ERASING = 0x65_72_61  # advisory lock: one erasure at a time, so that what was found is what goes


@dataclass(frozen=True)
class HallRecords:
    """`rows` 0: the hall only has a copy. `heard_at`: of its device that was heard of longest ago; `waiting`: rows."""

    id: UUID
    name: str
    rows: int
    heard_at: datetime | None
    waiting: int
    open: tuple[tuple[Hold, int], ...]


@dataclass(frozen=True)
class Person:
    """`ids`: their records. Name and number are whole: they are masked where they are shown."""

    ids: tuple[UUID, ...]
    name: str = field(repr=False)
    number: str = field(repr=False)
    halls: tuple[HallRecords, ...]

    @property
    def rows(self) -> int:
        return sum(hall.rows for hall in self.halls)

    @property
    def held(self) -> bool:
        return any(hall.open for hall in self.halls)


def by_number(tx: Tx, county: County, number: str) -> UUID | None:
    """A record of the holder of this ID number, the oldest."""
    index = county.keys.index(number)
    found = tx.execute(
        "SELECT id FROM seekers WHERE number_index = %s ORDER BY id LIMIT 1", (index,)
    ).fetchone()
    return found[0] if found else None


def person(tx: Tx, county: County, record: UUID) -> Person:
    """Whose record this is. Raises PersonGone."""
    ids = _records(tx, record)
    first = read(tx, county.keys, "seekers", ids[:1], only=("id", "name", "number_sealed"))[ids[0]]
    return Person(tuple(ids), first["name"], first["number_sealed"], _halls(tx, ids))


def erase(tx: Tx, county: County, record: UUID, reason: str) -> UUID:
    """Purge whose record this is, everywhere; the proof row's id. Raises PersonGone, PersonHeld: nothing was purged."""
    tx.execute("SELECT pg_advisory_xact_lock(%s)", (ERASING,))
    ids = _records(tx, record)
    if holds(tx, ids):
        raise PersonHeld()
    proof = uuid7()
    purge_in(tx, county, ids, reason, proof)
    return proof


def _records(tx: Tx, record: UUID) -> list[UUID]:
    """All records with this one's ID number."""
    found = tx.execute(
        "SELECT s.id, s.consent_version FROM seekers s JOIN seekers mine ON s.number_index = mine.number_index"
        " WHERE mine.id = %s ORDER BY s.id",
        (record,),
    ).fetchall()
    if not found or found[0][1] == PURGED:
        raise PersonGone(reason="purged" if found else "unknown")
    return [row_id for row_id, _ in found]


def _halls(tx: Tx, ids: list[UUID]) -> tuple[HallRecords, ...]:
    rows: Counter[UUID] = Counter()
    for table, found in rows_about(tx, ids).items():
        if table in SYNCED:
            counted = f'SELECT hall_id, count(*) FROM "{table}" WHERE id = ANY(%s) GROUP BY 1'  # noqa: S608
            rows.update(dict(tx.execute(counted.encode(), (list(found),)).fetchall()))
    shared = tx.execute("SELECT DISTINCT hall_id FROM shares WHERE row_id = ANY(%s)", (ids,))
    halls = {hall for (hall,) in shared if hall is not None} | rows.keys()
    open_ = holds(tx, ids)
    known = tx.execute(
        "SELECT asked.id, coalesce(h.name, ''), min(e.last_push_at), coalesce(sum(e.waiting), 0)"
        " FROM unnest(%s::uuid[]) AS asked (id) LEFT JOIN halls h ON h.id = asked.id"
        " LEFT JOIN enrolled e ON e.hall_id = asked.id AND e.state <> 'revoked' GROUP BY 1, 2 ORDER BY 2, 1",
        (list((halls | open_.keys()) - {COUNTY_HALL}),),
    ).fetchall()
    return tuple(
        HallRecords(hall, name, rows[hall], heard, int(waiting), tuple(open_.get(hall, Counter()).items()))
        for hall, name, heard, waiting in known
    )
