"""A person's rights at the county: purge by age or on request, and the whole of what is kept of them (issue §9).

A purge empties the person's row, deletes what describes them, wipes quarantine and conflict list, reaches every hall,
and leaves a proof row that says when, why and how much, but not whom.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Json
from uuid_utils.compat import uuid7

from db.county.base import County, Tx
from db.county.publish import PURGED, bury, own_row
from db.county.rows import read
from db.county.tables import SYNCED
from db.models import HOLDS_OPENING, Base
from db.outbox import plain
from db.privacy import emptied, followers

AT_ONCE = 200
OPEN = [state.value for state in HOLDS_OPENING if state.value != "finished"]


def purge(county: County, seekers: list[UUID], reason: str) -> int:
    """Purge these people, one transaction; how many there were. `reason`: request, age …, never a name."""
    with county.transaction() as tx:
        return purge_in(tx, county, seekers, reason)


def purge_older(county: County, before: datetime, most: int = AT_ONCE) -> int:
    """Purge people not seen since, a few at a time; call again until it returns 0. Open referrals keep a person."""
    with county.transaction() as tx:
        old = [
            seeker
            for (seeker,) in tx.execute(
                "SELECT id FROM seekers s WHERE last_seen_at < %s AND consent_version <> %s"
                " AND NOT EXISTS (SELECT 1 FROM referrals r WHERE r.seeker_id = s.id AND r.state = ANY(%s))"
                " ORDER BY last_seen_at LIMIT %s",
                (before, PURGED, OPEN, most),
            )
        ]
        return purge_in(tx, county, old, "age")


def purge_in(tx: Tx, county: County, seekers: list[UUID], reason: str) -> int:
    found = read(tx, county.keys, "seekers", seekers)
    counts: Counter[str] = Counter()
    for seeker, values in found.items():
        _empty(tx, county, seeker, date.fromisoformat(values["birth"]))
        counts["seekers"] += 1
        counts["seeker_trades"] += bury(
            tx, "seeker_trades", _of(tx, "seeker_trades", "seeker_id", seeker), PURGED
        )
        for kind, column, personal in followers():
            table = kind.__tablename__
            for row in _of(tx, table, column, seeker):
                own_row(tx, county, table, dict.fromkeys(personal), row)
                counts[table] += 1
        counts["quarantine"] += tx.execute(
            "UPDATE quarantine SET payload = '', state = 'dropped', worked_off_at = now() WHERE row_id = %s",
            (seeker,),
        ).rowcount
        for conflict in _of(tx, "conflicts", "row_id", seeker):
            own_row(tx, county, "conflicts", {"details": {}}, conflict)
            counts["conflicts"] += 1
        counts["lookups"] += tx.execute(
            "UPDATE lookups SET found = array_remove(found, %s) WHERE %s = ANY(found)", (seeker, seeker)
        ).rowcount
    if found:
        tx.execute(
            "INSERT INTO purges (id, reason, rows) VALUES (%s, %s, %s)", (uuid7(), reason, Json(dict(counts)))
        )
    return len(found)


def _empty(tx: Tx, county: County, seeker: UUID, birth: date) -> None:
    values = {name: plain(value) for name, value in emptied(seeker, birth).items()}
    values["number_sealed"] = values.pop("number")
    own_row(tx, county, "seekers", values, seeker)
    tx.execute(
        'INSERT INTO tombstones ("table", row_id, reason) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING',
        ("seekers", seeker, PURGED),
    )


def _of(tx: Tx, table: str, column: str, value: UUID) -> list[UUID]:
    statement = sql.SQL("SELECT id FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return [row for (row,) in tx.execute(statement, (value,))]


def export_person(county: County, number: str) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of the holder of this ID number, by table, personal fields opened. Empty: nothing."""
    found: dict[str, list[dict[str, Any]]] = {}
    with county.transaction() as tx:
        seekers = [
            seeker
            for (seeker,) in tx.execute(
                "SELECT id FROM seekers WHERE number_index = %s", (county.keys.index(number),)
            )
        ]
        if seekers:
            found["seekers"] = list(read(tx, county.keys, "seekers", seekers).values())
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if table.name in SYNCED and any(
                    key.column.table.name == "seekers" for key in column.foreign_keys
                ):
                    rows = [
                        row for seeker in seekers for row in _of(tx, str(table.name), str(column.key), seeker)
                    ]
                    if rows:
                        found[str(table.name)] = list(read(tx, county.keys, str(table.name), rows).values())
    return found
