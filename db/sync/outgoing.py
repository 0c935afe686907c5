"""The outbox as batches for the wire, read in short snapshots: a month offline drains without growing memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import String, func, select, type_coerce

from db.errors import StoreKeyWrong
from db.keys import HallKeys
from db.models import Base, Origin, OutboxRow, RefusedRow
from db.models.base import BLIND_INDEX, SEALED
from db.store import Store
from db.sync import wire
from db.sync.wire import MOST_BYTES, MOST_ROW_BYTES, MOST_ROWS

COLUMNS = (
    OutboxRow.seq,
    type_coerce(OutboxRow.event_id, String).label("event_id"),  # as they lie there: a million rows may wait
    OutboxRow.table,
    type_coerce(OutboxRow.row_id, String).label("row_id"),
    OutboxRow.op,
    OutboxRow.schema_version,
    OutboxRow.payload,
    type_coerce(OutboxRow.written_at, String).label("written_at"),
    OutboxRow.changed,
)
AT_ONCE = 500


@dataclass(frozen=True)
class Outgoing:
    """A batch ready to go: rows `lo`…`hi` of `epoch`."""

    epoch: int
    lo: int
    hi: int
    last: UUID
    body: bytes
    rows: int


def next_batch(
    store: Store,
    after: int,
    prev: UUID | None,
    offset: int | None,
    most_rows: int = MOST_ROWS,
    most_bytes: int = MOST_BYTES,
) -> Outgoing | None:
    """The rows that follow `after`, as many as fit. None: nothing waits."""
    encoder = wire.Encoder()
    lo = hi = size = 0
    last = ""
    with store.read() as session:
        epoch = session.scalars(select(Origin.epoch)).one()
        newest = session.scalar(select(func.max(OutboxRow.seq))) or 0
        refused = session.scalar(select(func.count()).select_from(RefusedRow)) or 0
        wanted = select(*COLUMNS).where(OutboxRow.seq > after).order_by(OutboxRow.seq).limit(most_rows)
        found = session.execute(wanted.execution_options(yield_per=AT_ONCE))
        for seq, event_id, table, row_id, op, schema, payload, written_at, changed in found:
            if lo and (size + len(payload) > most_bytes or seq != hi + 1):
                break
            lo, hi, last = lo or seq, seq, event_id
            size += len(payload)
            if len(payload) > MOST_ROW_BYTES:
                encoder.add(table, schema, "X", event_id, row_id, written_at, "", {})
            else:
                values = to_wire(store.keys, table, row_id, msgspec.json.decode(payload))
                encoder.add(table, schema, op, event_id, row_id, written_at, changed, values)
        found.close()
    if not lo:
        return None
    body = encoder.body(prev, newest - lo + 1, refused, offset)
    return Outgoing(epoch, lo, hi, UUID(last), body, hi - lo + 1)


def to_wire(keys: HallKeys, table: str, row_id: str, values: dict[str, Any]) -> dict[str, Any]:
    """A payload without its blind index, sealed columns opened: they travel as values inside TLS (design §3.11)."""
    for name, mark in marked(table).items():
        if mark == BLIND_INDEX:
            values.pop(name, None)
        elif values.get(name) is not None:
            try:
                values[name] = keys.open(wire.as_bytes(values[name]), bytes.fromhex(row_id))
            except (StoreKeyWrong, ValueError):
                values[name] = None  # the county puts it aside and says so
    return values


@cache
def marked(table: str) -> Mapping[str, dict[str, str]]:
    """Columns that the wire treats in their own way. A table of another schema has none we know."""
    known = Base.metadata.tables.get(table)
    columns = known.columns if known is not None else ()
    return {column.key: column.info for column in columns if column.info in (SEALED, BLIND_INDEX)}
