"""Working off the list of conflicts at the county: keep what stands, take what lost, or make two people one.

The console calls this; at the counter staff resolve a conflict row like any other row of the hall, and it comes up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import sql

from db.county.apply import POISON
from db.county.base import County, Tx
from db.county.errors import ChoiceUnfit, ConflictGone
from db.county.publish import bury, own_row, share
from db.county.rows import read
from db.county.tables import SYNCED
from db.models import PLACED, Base, ConflictKind, ConflictState, now
from db.outbox import plain


class Choice(StrEnum):
    KEEP = "kept"  # what stands is right
    TAKE = "taken"  # what lost is right
    MERGE = "merged"  # two records are one person
    NOTE = "noted"  # dealt with outside


# of other kinds nothing lost that could be written
TAKEABLE = (
    ConflictKind.FIELDS,
    ConflictKind.STATE,
    ConflictKind.NOT_OWNER,
    ConflictKind.COUNTY_RULES,
)
WHOSE = ("id", "hall_id", "device_id", "version", "created_at", "updated_at")  # nobody's word changes these


def open_conflicts(county: County, most: int = 100, skip: int = 0) -> list[dict[str, Any]]:
    """The list, oldest first, with its details opened."""
    with county.transaction() as tx:
        ids = [
            row_id
            for (row_id,) in tx.execute(
                "SELECT id FROM conflicts WHERE state = 'open' ORDER BY id LIMIT %s OFFSET %s", (most, skip)
            )
        ]
        found = read(tx, county.keys, "conflicts", ids)
        return [found[row_id] for row_id in ids]


def work_off(county: County, conflict: UUID, choice: Choice, by: str, keep: UUID | None = None) -> None:
    """One transaction; every hall concerned gets the rows as they then stand. Raises ConflictGone, ChoiceUnfit."""
    with county.transaction() as tx:
        found = tx.execute("SELECT state FROM conflicts WHERE id = %s FOR UPDATE", (conflict,)).fetchone()
        if found is None or found[0] != ConflictState.OPEN:
            raise ConflictGone()
        values = read(tx, county.keys, "conflicts", [conflict])[conflict]
        done = {
            "state": ConflictState.RESOLVED.value,
            "resolution": choice.value,
            "resolved_by": by,
            "resolved_at": plain(now()),
        }
        if choice is Choice.TAKE:
            _take(tx, county, values)
        elif choice is Choice.MERGE:
            _merge(tx, county, {**values, **done}, keep)
        own_row(tx, county, "conflicts", done, conflict)


def merge_asked(tx: Tx, county: County, conflicts: Collection[UUID]) -> None:
    """A counter said of two records that they are one person: done here, the older record stays.

    What cannot be merged, whatever the device wrote, is left as it is.
    """
    if not conflicts:
        return
    ids = [
        row_id
        for (row_id,) in tx.execute(
            "SELECT id FROM conflicts WHERE id = ANY(%s) AND kind = %s AND state = 'resolved' AND resolution = %s",
            (list(conflicts), ConflictKind.SAME_PERSON.value, Choice.MERGE.value),
        )
    ]
    for conflict in read(tx, county.keys, "conflicts", ids).values():
        with suppress(ChoiceUnfit):
            _merge(tx, county, conflict, min(_pair(conflict), default=None))


def details_of(conflict: Mapping[str, Any]) -> dict[str, Any]:
    """A device may write lines of this list too: what is not as we write it says nothing."""
    return conflict["details"] if isinstance(conflict["details"], dict) else {}


def _pair(conflict: Mapping[str, Any]) -> frozenset[UUID]:
    """The two records that a line of one person names; empty where it names no two."""
    pair: frozenset[UUID] = frozenset()
    if conflict["kind"] == ConflictKind.SAME_PERSON:
        with suppress(ValueError):
            pair = frozenset({UUID(str(conflict["row_id"])), UUID(str(details_of(conflict).get("other")))})
    return pair if len(pair) == 2 else frozenset()


def _open_of_kind(tx: Tx, county: County, kind: ConflictKind) -> list[dict[str, Any]]:
    found = tx.execute(
        "SELECT id FROM conflicts WHERE state = 'open' AND kind = %s", (kind.value,)
    ).fetchall()
    return list(read(tx, county.keys, "conflicts", [row_id for (row_id,) in found]).values())


def _take(tx: Tx, county: County, conflict: dict[str, Any]) -> None:
    table, row_id = conflict["table"], UUID(conflict["row_id"])
    if conflict["kind"] not in TAKEABLE or table not in SYNCED:
        raise ChoiceUnfit()
    lost = {
        name: value[1]
        for name, value in details_of(conflict).items()
        if isinstance(value, list) and len(value) == 2 and name in SYNCED[table].c and name not in WHOSE
    }
    stands = read(tx, county.keys, table, [row_id]).get(row_id)
    if not lost or stands is None:
        raise ChoiceUnfit()
    if table == "referrals" and "state" in lost and "hired_at" not in lost:  # an older device knows no moment
        placed = lost["state"] in PLACED
        lost["hired_at"] = (stands["hired_at"] or plain(now())) if placed else None
    try:
        own_row(tx, county, table, lost, row_id)
    except POISON as error:  # what lost was no row: it may name what is gone, or nothing
        raise ChoiceUnfit() from error


def _merge(tx: Tx, county: County, conflict: dict[str, Any], keep: UUID | None) -> None:
    """Everything of the one person moves to the other; the emptied record goes, everywhere.

    Only where both are there still, with one number. `conflict`: as it will stand. Raises ChoiceUnfit.
    """
    pair = _pair(conflict)
    numbers = tx.execute(
        "SELECT number_index FROM seekers WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (list(pair),)
    ).fetchall()
    if keep not in pair or len(numbers) != 2 or len(set(numbers)) != 1:
        raise ChoiceUnfit()
    [gone] = pair - {keep}
    halls = {hall for (hall,) in tx.execute("SELECT hall_id FROM seekers WHERE id = ANY(%s)", (list(pair),))}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            to_person = any(key.column.table.name == "seekers" for key in column.foreign_keys)
            if table.name in SYNCED and to_person:
                statement = sql.SQL("SELECT id FROM {} WHERE {} = %s").format(
                    sql.Identifier(table.name), sql.Identifier(column.key)
                )
                for (child,) in tx.execute(statement, (gone,)).fetchall():
                    own_row(tx, county, str(table.name), {str(column.key): str(keep)}, child)
    for hall in halls:
        share(tx, [("seekers", keep)], hall)
    bury(tx, "seekers", [gone], "merged")
    _end_lines(tx, county, conflict, gone)


def _end_lines(tx: Tx, county: County, conflict: dict[str, Any], gone: UUID) -> None:
    """The same two stand on the list of each hall, and with a third record in more lines: what went is in none."""
    done = {name: conflict[name] for name in ("state", "resolution", "resolved_by", "resolved_at")}
    for other in _open_of_kind(tx, county, ConflictKind.SAME_PERSON):
        if gone in _pair(other) and other["id"] != conflict["id"]:
            own_row(tx, county, "conflicts", done, UUID(str(other["id"])))
