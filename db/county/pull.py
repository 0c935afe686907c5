"""What a device gets from the county: a cursor over committed transactions only, or everything anew (design §3.6).

The feed names rows; a page carries each as it stands. The cursor goes up to `pg_snapshot_xmin` and no further: a
transaction still open may yet commit rows with a lower number (a plain serial cursor lost one in a test).
A cursor is text of ours that devices only hand back; one we cannot use starts everything anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from psycopg import sql

from db.county.apply import NOT_FED
from db.county.base import COUNTY_HALL, County, Tx
from db.county.publish import PURGED, share
from db.county.rows import read
from db.county.tables import SYNCED
from db.sync.wire import FoundSeeker, Page, PageRow

ROWS = 500
LAST = 2**62
TABLES = tuple(name for name in SYNCED if name not in NOT_FED)
PLACES = tuple(map(str, range(len(TABLES) + 1)))  # in them: the last one is what is gone
BY_PERSON = ("seeker_trades",)


def pull(county: County, device: UUID, hall: UUID, cursor: str, *, own: bool, most: int = ROWS) -> Page:
    """The next page for this device. `own`: also what it wrote itself, when everything starts anew."""
    with county.transaction() as tx:
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        feed_id, floor, horizon, newest = tx.execute(  # type: ignore[misc]
            "SELECT feed_id, feed_floor, pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM county"
        ).fetchone()
        match cursor.split("|"):
            case ["f", feed, xid, number] if (
                feed == str(feed_id) and _int(xid) and _int(number) and floor <= int(xid) <= newest
            ):
                return _feed(county, tx, (device, hall), feed, int(xid), int(number), horizon, most)
            case ["r", feed, xid, mine, at, last] if (
                feed == str(feed_id) and _int(xid) and int(xid) <= newest and at in PLACES and _id(last)
            ):
                start = int(xid), mine == "1", int(at), UUID(last)
            case _:
                start = horizon, own, 0, UUID(int=0)
        return _anew(county, tx, (device, hall), str(feed_id), *start, most)


def noted(county: County, device: UUID) -> None:
    """This device now has everything; staff see when that was."""
    with county.transaction() as tx:
        tx.execute(
            "UPDATE enrolled SET last_pull_at = now(), last_seen_at = now() WHERE device_id = %s", (device,)
        )


def look_up(county: County, device: UUID, hall: UUID, index: bytes) -> FoundSeeker:
    """A person known elsewhere, by blind index; from now on this hall learns what becomes of them."""
    rows: list[PageRow] = []
    with county.transaction() as tx:
        ids = [found for (found,) in tx.execute("SELECT id FROM seekers WHERE number_index = %s", (index,))]
        for table in ("seekers", *BY_PERSON):
            where = ids if table == "seekers" else _of_person(tx, table, ids)
            rows += [
                PageRow(table, "P", key, values)
                for key, values in read(tx, county.keys, table, where).items()
            ]
        share(tx, [(row.table, row.row_id) for row in rows if row.values["hall_id"] != str(hall)], hall)
        tx.execute("INSERT INTO lookups (device_id, hall_id, found) VALUES (%s, %s, %s)", (device, hall, ids))
    return FoundSeeker(tuple(rows))


def _of_person(tx: Tx, table: str, seekers: Sequence[UUID]) -> list[UUID]:
    statement = sql.SQL("SELECT id FROM {} WHERE seeker_id = ANY(%s)").format(sql.Identifier(table))
    return [found for (found,) in tx.execute(statement, (list(seekers),))]


def _feed(
    county: County,
    tx: Tx,
    whose: tuple[UUID, UUID],
    feed: str,
    xid: int,
    number: int,
    horizon: int,
    most: int,
) -> Page:
    device, hall = whose
    lines = tx.execute(
        'SELECT xid, number, "table", row_id FROM feed WHERE (xid, number) > (%s, %s) AND xid < %s'
        " AND (hall_id = %s OR hall_id IS NULL) AND device_id IS DISTINCT FROM %s"
        " ORDER BY xid, number LIMIT %s",
        (xid, number, horizon, hall, device, most),
    ).fetchall()
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for _, _, table, row_id in lines:
        wanted[table].add(row_id)
    rows: list[PageRow] = []
    for table in TABLES:
        if table in wanted:
            found = read(tx, county.keys, table, wanted[table])
            rows += [PageRow(table, "P", key, values) for key, values in found.items()]
            gone = wanted[table] - found.keys()
            rows += [PageRow(table, "D", key, {}) for key in gone]
    more = len(lines) == most
    at = lines[-1][:2] if more else (max(horizon - 1, xid), LAST if horizon - 1 >= xid else number)
    return Page(f"f|{feed}|{at[0]}|{at[1]}", more, tuple(rows), county.schema)


def _anew(
    county: County,
    tx: Tx,
    whose: tuple[UUID, UUID],
    feed: str,
    xid: int,
    own: bool,
    at: int,
    last: UUID,
    most: int,
) -> Page:
    """Everything of a device's scope, table by table, parents first; then what is gone; then the feed from `xid`."""
    device, hall = whose
    rows: list[PageRow] = []
    while at < len(TABLES) and len(rows) < most:
        table = TABLES[at]
        statement = sql.SQL(
            "SELECT id FROM {table} t WHERE id > %s AND (hall_id = %s OR hall_id = %s OR EXISTS (SELECT 1 FROM"
            " shares s WHERE s.row_id = t.id AND (s.hall_id IS NULL OR s.hall_id = %s)))"
            " AND (%s OR device_id <> %s) ORDER BY id LIMIT %s"
        ).format(table=sql.Identifier(table))
        room = most - len(rows)
        ids = [key for (key,) in tx.execute(statement, (last, hall, COUNTY_HALL, hall, own, device, room))]
        found = read(tx, county.keys, table, ids)
        rows += [PageRow(table, "P", key, found[key]) for key in ids]
        at, last = (at, ids[-1]) if len(ids) == room else (at + 1, UUID(int=0))
    if at == len(TABLES) and len(rows) < most:
        room = most - len(rows)
        gone = tx.execute(
            'SELECT "table", row_id FROM tombstones WHERE row_id > %s AND (hall_id = %s OR hall_id IS NULL)'
            " AND reason <> %s ORDER BY row_id LIMIT %s",
            (last, hall, PURGED, room),
        ).fetchall()
        rows += [PageRow(table, "D", key, {}) for table, key in gone]
        if len(gone) < room:
            return Page(f"f|{feed}|{xid - 1}|{LAST}", True, tuple(rows), county.schema)
        last = gone[-1][1]
    return Page(f"r|{feed}|{xid}|{int(own)}|{at}|{last}", True, tuple(rows), county.schema)


def _id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _int(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20
