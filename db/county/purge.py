"""A person's rights at the county: purge by age or on request, and the whole of what is kept of them (issue §9).

A purge empties the person's row and all that leads to it, deletes what describes them, wipes quarantine and conflict
list, reaches every hall, and leaves a proof row that says when, why and how much, but not whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Json
from sqlalchemy import Table
from uuid_utils.compat import uuid7

from db.county.base import County, Tx
from db.county.holds import NOTHING_OPEN, STATES
from db.county.publish import PURGED, bury, own_row
from db.county.rows import read
from db.county.tables import SYNCED
from db.models import ErasureState, now
from db.outbox import plain
from db.privacy import Ids, emptied, personal, rows_of, without_person

AT_ONCE = 200


def purge(county: County, seekers: list[UUID], reason: str) -> int:
    """Purge these people, one transaction; how many there were. `reason`: request, age …, never a name."""
    with county.transaction() as tx:
        return purge_in(tx, county, seekers, reason)


def purge_older(county: County, before: datetime, most: int = AT_ONCE) -> int:
    """Purge people not seen since, a few at a time; call again until it returns 0. What is open keeps a person."""
    with county.transaction() as tx:
        old = [
            seeker
            for (seeker,) in tx.execute(
                "SELECT id FROM seekers s WHERE last_seen_at < %(before)s AND consent_version <> %(purged)s"  # noqa: S608
                f"{NOTHING_OPEN} ORDER BY last_seen_at LIMIT %(most)s",
                {"before": before, "purged": PURGED, "most": most, **STATES},
            )
        ]
        return purge_in(tx, county, old, "age")


def purge_in(tx: Tx, county: County, seekers: list[UUID], reason: str, proof: UUID | None = None) -> int:
    """The same in the caller's transaction; `proof`: the id that the proof row is to have."""
    found = read(tx, county.keys, "seekers", seekers)
    if not found:
        return 0
    counts: Counter[str] = Counter(seekers=len(found))
    counts["bans"] += _past_bans(tx, list(found))
    for seeker, values in found.items():
        _empty(tx, county, seeker, date.fromisoformat(values["birth"]))
    ids = rows_about(tx, found)
    trades = ids.get("seeker_trades", set())
    counts["seeker_trades"] += bury(tx, "seeker_trades", trades, PURGED)
    counts.update(_wipe(tx, county, ids))
    _end_conflicts(tx, county, ids)
    counts["lookups"] += tx.execute(
        "UPDATE lookups SET found = ARRAY(SELECT one FROM unnest(found) AS one WHERE one <> ALL(%s))"
        " WHERE found && %s",
        (list(found), list(found)),
    ).rowcount
    left = {name: count for name, count in counts.items() if count}
    _end_requests(tx, county, ids, left)
    tx.execute(
        "INSERT INTO purges (id, reason, rows) VALUES (%s, %s, %s)", (proof or uuid7(), reason, Json(left))
    )
    return len(found)


def purge_late(county: County, since: datetime) -> int:
    """What devices that had not heard yet wrote about people purged since, and asked; how many rows were emptied."""
    with county.transaction() as tx:
        people = [
            seeker
            for (seeker,) in tx.execute(
                "SELECT row_id FROM tombstones WHERE \"table\" = 'seekers' AND reason = %s AND at > %s",
                (PURGED, since),
            )
        ]
        ids = rows_about(tx, people) if people else {}
        _end_requests(tx, county, ids, {})
        return sum(_wipe(tx, county, ids).values())


def rows_about(tx: Tx, seekers: Iterable[UUID]) -> Ids:
    """Every row that leads to these people, by table."""

    def find(table: Table, column: str, parents: set[UUID]) -> list[UUID]:
        return _of(tx, str(table.name), column, parents) if table.name in SYNCED else []

    return rows_of(list(seekers), find)


def _wipe(tx: Tx, county: County, ids: Ids) -> Counter[str]:
    """Empty what tells of them in rows, in the list of conflicts and in quarantine; every device gets the rows."""
    counts = empty_rows(tx, county, {table: rows for table, rows in ids.items() if table != "seekers"}, ids)
    counts["quarantine"] += _quarantine(tx, county, {str(row) for rows in ids.values() for row in rows})
    return counts


def empty_rows(tx: Tx, county: County, ids: Ids, listed: Ids) -> Counter[str]:
    """Empty what is personal in the rows `ids`, and what the list of conflicts says of the rows `listed`."""
    counts: Counter[str] = Counter()
    for table, rows in ids.items():
        names = personal(table)
        if not names:
            continue
        for row, values in read(tx, county.keys, table, rows, only=("id", *names)).items():
            left = without_person(table, values)
            if any(left[name] != values[name] for name in names):
                own_row(tx, county, table, left, row)
                counts[table] += 1
    every = [row for rows in listed.values() for row in rows]
    found = tx.execute("SELECT id FROM conflicts WHERE row_id = ANY(%s)", (every,)).fetchall()
    for conflict, values in read(tx, county.keys, "conflicts", [row for (row,) in found]).items():
        if values["details"]:
            own_row(tx, county, "conflicts", {"details": {}}, conflict)
            counts["conflicts"] += 1
    return counts


def _quarantine(tx: Tx, county: County, ids: set[str]) -> int:
    """Put aside rows of theirs, and rows of tables nobody knows yet that name one."""
    gone = [
        event
        for event, payload in tx.execute("SELECT event_id, payload FROM quarantine WHERE payload <> ''")
        if not ids.isdisjoint(map(str, county.keys.open(bytes(payload), event.bytes).values()))
    ]
    return tx.execute(
        "UPDATE quarantine SET payload = '', state = 'dropped', worked_off_at = now() WHERE event_id = ANY(%s)",
        (gone,),
    ).rowcount


def _end_conflicts(tx: Tx, county: County, ids: Ids) -> None:
    """Nobody can decide any more what was meant; nor are two emptied records one person."""
    every = [row for rows in ids.values() for row in rows]
    done = {"state": "resolved", "resolution": "noted", "resolved_by": "", "resolved_at": plain(now())}
    for (conflict,) in tx.execute(
        "SELECT id FROM conflicts WHERE row_id = ANY(%s) AND state = 'open'", (every,)
    ).fetchall():
        own_row(tx, county, "conflicts", done, conflict)


def _end_requests(tx: Tx, county: County, ids: Ids, rows: dict[str, int]) -> None:
    """What a hall was asked for is done, whoever did it: nobody there has anything to decide any more."""
    done = {"state": ErasureState.DONE.value, "decided_at": plain(now()), "rows": rows}
    for (erasure,) in tx.execute(
        "SELECT id FROM erasures WHERE id = ANY(%s) AND state = %s",
        (list(ids.get("erasures", ())), ErasureState.REQUESTED.value),
    ).fetchall():
        own_row(tx, county, "erasures", done, erasure)


def _past_bans(tx: Tx, seekers: list[UUID]) -> int:
    """One that still holds is kept until it ends; its index tells nobody who."""
    over = tx.execute(
        "SELECT b.id FROM bans b JOIN seekers s ON s.number_index = b.person WHERE s.id = ANY(%s)"
        " AND (b.ended_at IS NOT NULL OR b.until < current_date)",
        (seekers,),
    ).fetchall()
    return bury(tx, "bans", [ban for (ban,) in over], PURGED)


def _empty(tx: Tx, county: County, seeker: UUID, birth: date) -> None:
    values = {name: plain(value) for name, value in emptied(seeker, birth).items()}
    values["number_sealed"] = values.pop("number")
    own_row(tx, county, "seekers", values, seeker)
    tx.execute(
        'INSERT INTO tombstones ("table", row_id, reason) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING',
        ("seekers", seeker, PURGED),
    )


def _of(tx: Tx, table: str, column: str, parents: Iterable[UUID]) -> list[UUID]:
    statement = sql.SQL("SELECT id FROM {} WHERE {} = ANY(%s)").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return [row for (row,) in tx.execute(statement, (list(parents),))]


def export_person(county: County, number: str) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of the holder of this ID number, by table, personal fields opened. Empty: nothing."""
    with county.transaction() as tx:
        index = county.keys.index(number)
        people = tx.execute("SELECT id FROM seekers WHERE number_index = %s", (index,)).fetchall()
        return everything(tx, county, [seeker for (seeker,) in people])


def everything(tx: Tx, county: County, seekers: list[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The same of these records."""
    ids = rows_about(tx, seekers) if seekers else {}
    return {table: list(read(tx, county.keys, table, rows).values()) for table, rows in ids.items()}
