"""The outbox as batches for the wire, read in short snapshots: a month offline drains without growing memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from db.errors import StoreKeyWrong
from db.keys import HallKeys
from db.models import Base, Origin, OutboxRow, RefusedRow
from db.models.base import BLIND_INDEX, SEALED
from db.store import Store
from db.sync import wire
from db.sync.wire import MOST_BYTES, MOST_ROW_BYTES, MOST_ROWS, Row

COLUMNS = (
    OutboxRow.seq,
    OutboxRow.event_id,
    OutboxRow.table,
    OutboxRow.row_id,
    OutboxRow.op,
    OutboxRow.schema_version,
    OutboxRow.payload,
    OutboxRow.written_at,
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
    rows: list[Row] = []
    size = 0
    with store.read() as session:
        epoch = session.scalars(select(Origin.epoch)).one()
        newest = session.scalar(select(func.max(OutboxRow.seq))) or 0
        refused = session.scalar(select(func.count()).select_from(RefusedRow)) or 0
        wanted = select(*COLUMNS).where(OutboxRow.seq > after).order_by(OutboxRow.seq).limit(most_rows)
        found = session.execute(wanted.execution_options(yield_per=AT_ONCE))
        for line in found:
            if rows and (size + len(line.payload) > most_bytes or line.seq != rows[-1].seq + 1):
                break
            rows.append(_row(line, store.keys))
            size += len(line.payload)
        found.close()
    if not rows:
        return None
    lo, hi = rows[0].seq, rows[-1].seq
    body = wire.encode_batch(prev, rows, newest - lo + 1, refused, offset)
    return Outgoing(epoch, lo, hi, rows[-1].event_id, body, len(rows))


def _row(line: Any, keys: HallKeys) -> Row:
    if len(line.payload) > MOST_ROW_BYTES:
        return Row(line.table, line.schema_version, "X", line.event_id, line.row_id, seq=line.seq)
    return Row(
        line.table,
        line.schema_version,
        line.op,
        line.event_id,
        line.row_id,
        line.written_at.isoformat(),
        tuple(filter(None, line.changed.split(","))),
        to_wire(keys, line.table, line.row_id, msgspec.json.decode(line.payload)),
        line.seq,
    )


def to_wire(keys: HallKeys, table: str, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """A payload without its blind index, sealed columns opened: they travel as values inside TLS (design §3.11)."""
    for name, mark in marked(table).items():
        if mark == BLIND_INDEX:
            values.pop(name, None)
        elif values.get(name) is not None:
            try:
                values[name] = keys.open(wire.as_bytes(values[name]), row_id.bytes)
            except (StoreKeyWrong, ValueError):
                values[name] = None  # the county puts it aside and says so
    return values


@cache
def marked(table: str) -> Mapping[str, dict[str, str]]:
    """Columns that the wire treats in their own way. A table of another schema has none we know."""
    known = Base.metadata.tables.get(table)
    columns = known.columns if known is not None else ()
    return {column.key: column.info for column in columns if column.info in (SEALED, BLIND_INDEX)}
