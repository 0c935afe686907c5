"""What a restored disk image, or a clone, writes a second time: numbers of papers, and counts of a day.

Two papers with one number cannot be told apart any more, so the later one gets another in the books, and people are
told (spec C3). Two counts of one day are parts of one sum.
"""

from __future__ import annotations

from uuid import UUID

from psycopg import sql

from db.county.apply import Applier
from db.county.base import County, Tx
from db.county.publish import bury, own_row
from db.models import ConflictKind
from db.numbers import NUMBERED

FOUND = sql.SQL(
    "SELECT mine.id, mine.{number}, {serial}, min(other.id::text) FROM {table} mine JOIN {table} other"
    " ON other.{number} = mine.{number} AND other.hall_id = mine.hall_id AND other.id <> mine.id"
    " WHERE mine.id = ANY(%(added)s::uuid[]) AND (other.id < mine.id OR other.id <> ALL(%(added)s::uuid[]))"
    " GROUP BY 1, 2, 3 ORDER BY 1"
)
COPIES = sql.SQL("SELECT count(*) FROM {table} WHERE hall_id = %s AND {number} LIKE %s")
SAME_DAY = (
    "SELECT array_agg(id ORDER BY id), sum(amount) FROM daily_counts WHERE (device_id, day, kind) IN"
    " (SELECT device_id, day, kind FROM daily_counts WHERE id = ANY(%s::uuid[]))"
    " GROUP BY device_id, day, kind HAVING count(*) > 1"
)


def highest(county: County, device: UUID) -> int:
    """The highest serial the county has of this device; 0: none."""
    parts = []
    for table, (number, serial) in NUMBERED.items():
        value = sql.Identifier(serial) if serial else _behind(number)
        parts.append(
            sql.SQL("SELECT max({value}) AS top FROM {table} WHERE device_id = %(device)s").format(
                value=value, table=sql.Identifier(table)
            )
        )
    with county.transaction() as tx:
        statement = sql.SQL("SELECT coalesce(max(top), 0) FROM ({}) AS tops").format(
            sql.SQL(" UNION ALL ").join(parts)
        )
        [[top]] = tx.execute(statement, {"device": device}).fetchall()
        return int(top)


def settle_doubles(tx: Tx, county: County, applier: Applier, hall: UUID) -> None:
    """Called for a device that opened another epoch, before others are told of its batch."""
    for table in NUMBERED:
        _numbers(tx, county, applier, hall, table)
    _counts(tx, county, applier)


def _numbers(tx: Tx, county: County, applier: Applier, hall: UUID, table: str) -> None:
    added = applier.outcome.added(table)
    if not added:
        return
    number, serial = NUMBERED[table]
    names = {"table": sql.Identifier(table), "number": sql.Identifier(number)}
    shown = sql.SQL("mine.{}").format(sql.Identifier(serial)) if serial else sql.SQL("0")
    found = tx.execute(FOUND.format(**names, serial=shown), {"added": added}).fetchall()
    for row, given, behind, other in found:
        [[copies]] = tx.execute(COPIES.format(**names), (hall, f"{given}/%")).fetchall()
        another: dict[str, object] = {number: f"{given}/{copies + 2}"}
        if (
            table == "tools"
        ):  # its code carries the serial, which a device has only once: the tag has to be made anew
            another[str(serial)] = -(behind + copies * 1_000_000)
        own_row(tx, county, table, another, row)
        details = {number: [given, another[number]], "other": other}
        applier.outcome.conflict(ConflictKind.SAME_NUMBER, table, row, details, hall)


def _counts(tx: Tx, county: County, applier: Applier) -> None:
    added = applier.outcome.added("daily_counts")
    for rows, amount in tx.execute(SAME_DAY, (added,)).fetchall() if added else ():
        own_row(tx, county, "daily_counts", {"amount": int(amount)}, rows[0])
        bury(tx, "daily_counts", rows[1:], "merged")


def _behind(number: str) -> sql.Composed:
    return sql.SQL("substring({} from '-([0-9]{{1,9}})')::bigint").format(sql.Identifier(number))
