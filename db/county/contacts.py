"""Whom to call about a posting that ended long ago, and employers that are a person: purged by age at the county.

They hang on no seeker, so they go by themselves. Only the county sees every hall's referrals to a posting: a hall
empties those of its own that only it referred to (`kiosk.county.contacts`), which is followed here; the rest goes here.
What was emptied stays so for every device (a tombstone whose row still stands), and a proof row names nobody.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Json
from uuid_utils.compat import uuid7

from db.county.base import County, Tx
from db.county.holds import STATES
from db.county.outcome import Outcome
from db.county.publish import PURGED
from db.county.purge import AT_ONCE, empty_rows
from db.county.rows import array_of, read
from db.models import EmployerKind
from db.privacy import CONTACTS, Ids, nobody_in, personal

_NOT_YET = (
    " NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.\"table\" = '{table}' AND t.row_id = {row}"
    " AND t.reason = %(purged)s)"
)
# ended, and written, before; `created_at`: a slip of the pen in `ends_on` is not old
OLD_POSTINGS = (
    "SELECT p.id FROM postings p WHERE p.ends_on < %(before)s::date AND p.created_at < %(before)s AND"  # noqa: S608
    + _NOT_YET.format(table="postings", row="p.id")
    + " AND NOT EXISTS (SELECT 1 FROM referrals r WHERE r.posting_id = p.id AND r.state = ANY(%(open)s))"
    " ORDER BY p.ends_on LIMIT %(most)s"
)
# a ban in force keeps the name: it is all that tells who is meant (004 annex 2 art. 12)
OLD_PEOPLE = (
    "SELECT e.id FROM employers e WHERE e.kind = %(person)s AND e.updated_at < %(before)s AND"  # noqa: S608
    + _NOT_YET.format(table="employers", row="e.id")
    + " AND NOT EXISTS (SELECT 1 FROM postings p WHERE p.employer_id = e.id AND"
    + _NOT_YET.format(table="postings", row="p.id")
    + ") AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.employer_id = e.id AND b.ended_at IS NULL"
    " AND b.until >= current_date) ORDER BY e.updated_at LIMIT %(most)s"
)

WRITTEN_POSTINGS = (
    # of new ones, which are many, only what is over
    "SELECT p.id FROM postings p WHERE (p.id = ANY(%(changed)s::uuid[])"  # noqa: S608
    " OR (p.id = ANY(%(fresh)s::uuid[]) AND p.ends_on < current_date)) AND"
    + _NOT_YET.format(table="postings", row="p.id")
)
WRITTEN_PEOPLE = (
    "SELECT e.id FROM employers e WHERE e.kind = %(person)s"  # noqa: S608
    " AND (e.id = ANY(%(changed)s::uuid[]) OR e.id = ANY(%(fresh)s::uuid[])) AND"
    + _NOT_YET.format(table="employers", row="e.id")
)


def purge_contacts_older(county: County, before: datetime, most: int = AT_ONCE) -> int:
    """Empty contacts of postings that ended before, then people who have no other postings, a few at a time.

    Call again until it returns 0. What is open keeps them.
    """
    said = {"before": before, "purged": PURGED, "person": EmployerKind.PERSON.value, "most": most, **STATES}
    with county.transaction() as tx:
        for table, query in zip(CONTACTS, (OLD_POSTINGS, OLD_PEOPLE), strict=True):
            if old := {row for (row,) in tx.execute(query.encode(), said)}:
                return purge_contacts_in(tx, county, {table: old}, "age")
    return 0


def purge_contacts_in(tx: Tx, county: County, ids: Ids, reason: str) -> int:
    """The same of rows of `CONTACTS`, in the caller's transaction, whatever their age; how many there were."""
    counts = Counter({table: len(rows) for table, rows in ids.items()})
    gone = _wipe(tx, county, ids)
    counts.update({name: count for name, count in gone.items() if name not in CONTACTS})
    lines = [(table, row, PURGED) for table, rows in ids.items() for row in rows]
    with tx.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO tombstones ("table", row_id, reason) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING',
            lines,
        )
    left = {name: count for name, count in counts.items() if count}
    tx.execute("INSERT INTO purges (id, reason, rows) VALUES (%s, %s, %s)", (uuid7(), reason, Json(left)))
    return len(lines)


def purge_contacts_late(county: County, since: datetime) -> int:
    """What devices that had not heard yet wrote about contacts emptied since; how many rows were emptied."""
    ids: dict[str, set[UUID]] = {table: set() for table in CONTACTS}
    with county.transaction() as tx:
        for table, row in tx.execute(
            'SELECT "table", row_id FROM tombstones WHERE "table" = ANY(%s) AND reason = %s AND at > %s',
            (list(CONTACTS), PURGED, since),
        ):
            ids[table].add(row)
        return sum(_wipe(tx, county, ids).values())


def follow_contacts(tx: Tx, county: County, outcome: Outcome) -> None:
    """A hall emptied contacts: the county drops what it keeps of them elsewhere, and the others follow."""
    said = {"purged": PURGED, "person": EmployerKind.PERSON.value}
    emptied: Ids = {}
    for table, query in zip(CONTACTS, (WRITTEN_POSTINGS, WRITTEN_PEOPLE), strict=True):
        changed, fresh = outcome.changed(table), outcome.fresh.get(table, [])
        if changed or fresh:
            rows = {"changed": array_of(changed), "fresh": array_of(fresh), **said}
            ids = [row for (row,) in tx.execute(query.encode(), rows)]
            found = read(tx, county.keys, table, ids, only=("id", *personal(table)))
            if nobody := {row for row, values in found.items() if nobody_in(table, values)}:
                emptied[table] = nobody
    if emptied:
        purge_contacts_in(tx, county, emptied, "hall")


def _wipe(tx: Tx, county: County, ids: Ids) -> Counter[str]:
    """In rows, in the list of conflicts, and put aside; every device gets the rows."""
    counts = empty_rows(tx, county, ids, ids)
    for table, rows in ids.items():
        counts["quarantine"] += tx.execute(
            "UPDATE quarantine SET payload = '', state = 'dropped', worked_off_at = now()"
            " WHERE \"table\" = %s AND row_id = ANY(%s) AND payload <> ''",
            (table, list(rows)),
        ).rowcount
    return counts
