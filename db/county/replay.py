"""Events that came from newer devices than this county knew: kept whole, taken in once it knows their schema."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg

from db.county.apply import Applier, RaceLost
from db.county.base import County, Tx
from db.county.errors import DatabaseMissing
from db.county.outcome import Sender
from db.county.publish import after
from db.county.rows import columns
from db.county.tables import SYNCED
from db.sync.batch import Row

AT_ONCE = 500
TRIES = 20
REPLAYING = 0x67_68_72  # advisory lock: of several services that start at once one does it, in order
LOST = (RaceLost, psycopg.errors.TransactionRollback)  # try again
DEFERRED = (
    'SELECT q.event_id, q.device_id, q.hall_id, q.epoch, q.seq, q."table", q.row_id, q.op, q.schema_version, q.changed,'
    " q.payload FROM quarantine q WHERE q.state = 'deferred' ORDER BY q.device_id, q.epoch, q.seq LIMIT %s OFFSET %s"
    " FOR UPDATE"
)


def replay(county: County) -> int:
    """Apply what can be applied now; called when the service starts. Returns how many events."""
    done = skipped = races = 0
    while races < TRIES:
        races += 1
        with suppress(*LOST), county.transaction() as tx:
            tx.execute("SELECT pg_advisory_xact_lock(%s)", (REPLAYING,))
            lines = tx.execute(DEFERRED, (AT_ONCE, skipped)).fetchall()
            if not lines:
                return done
            ready = [line for line in lines if _known(county, line)]
            for line in ready:
                _apply(county, tx, line)
            skipped += len(lines) - len(ready)
            done += len(ready)
            races = 0
    raise DatabaseMissing(reason="races")


def _known(county: County, line: Sequence[Any]) -> bool:
    table = line[5]
    return table in SYNCED and _values(county, line).keys() <= columns(table).keys()


def _values(county: County, line: Sequence[Any]) -> dict[str, Any]:
    values: dict[str, Any] = county.keys.open(bytes(line[10]), line[0].bytes)
    return values


def _apply(county: County, tx: Tx, line: Sequence[Any]) -> None:
    event_id, device, hall, epoch, seq, table, row_id, op, schema, changed, _ = line
    values = _values(county, line)
    tx.execute(
        "DELETE FROM quarantine WHERE event_id = %s", (event_id,)
    )  # may come back with a reason of its own
    applier = Applier(tx, county.keys, Sender(device, hall, epoch))
    names = tuple(filter(None, changed.split(",")))
    applier.apply([Row(table, schema, op, event_id, row_id, values, names, seq)])
    after(tx, applier, hall, device, others=True)


ONE = (
    'SELECT event_id, device_id, hall_id, epoch, seq, "table", row_id, op, schema_version, changed, payload'
    " FROM quarantine WHERE event_id = %s AND state IN ('refused', 'deferred') FOR UPDATE"
)


def release(county: County, event: UUID) -> bool | None:
    """Staff mended what was in its way: try this event once more. True: it is in; None: it is not in quarantine."""
    while True:
        with suppress(*LOST), county.transaction() as tx:
            line = tx.execute(ONE, (event,)).fetchone()
            if line is None:
                return None
            _apply(county, tx, line)
            left = tx.execute("SELECT 1 FROM quarantine WHERE event_id = %s", (event,)).fetchone()
            return left is None


def discard(county: County, event: UUID) -> bool:
    """Staff decided that this event counts for nothing; it stays, sealed, until a purge."""
    with county.transaction() as tx:
        done = tx.execute(
            "UPDATE quarantine SET state = 'dropped', worked_off_at = now()"
            " WHERE event_id = %s AND state IN ('refused', 'deferred')",
            (event,),
        )
        return done.rowcount > 0
