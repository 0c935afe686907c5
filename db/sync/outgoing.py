"""The outbox as batches for the wire, read in short snapshots: a month offline drains without growing memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw
from sqlalchemy import Connection, CursorResult, String, func, select, type_coerce

from db.errors import StoreKeyWrong
from db.keys import HallKeys
from db.models import Base, Origin, OutboxRow, RefusedRow
from db.outbox import SEPARATOR, Shape, packed, shapes
from db.store import Store
from db.sync.batch import MOST_ROWS_OF, Batch, Group, encode, group_of
from db.sync.wire import MOST_BYTES, MOST_ROW_BYTES, MOST_ROWS, as_bytes

OUTBOX = OutboxRow.__table__.c
COLUMNS = (
    OUTBOX.seq,
    type_coerce(OUTBOX.event_id, String),  # as they lie there: a million rows may wait
    type_coerce(OUTBOX.row_id, String),
    OUTBOX.op,
    OUTBOX.shape,
    OUTBOX.payload,
    OUTBOX.changed,
)
PAYLOAD = 5
AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one shape and operation, list by list: an object a row would keep the collector busy."""

    at: Sequence[int]  # places in the batch
    row_ids: Sequence[str]
    payloads: Sequence[bytes]
    changed: Sequence[str]

    def only(self, places: Sequence[int]) -> Waiting:
        """These of its rows."""

        def pick(column: Sequence[Any]) -> Sequence[Any]:
            return itemgetter(*places)(column) if len(places) > 1 else (column[places[0]],)

        return Waiting(pick(self.at), pick(self.row_ids), pick(self.payloads), pick(self.changed))


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
    protocol: int = 1,
) -> Outgoing | None:
    """The rows that follow `after`, as many as fit, as `protocol` writes them. None: nothing waits."""
    with store.read() as session:
        epoch = session.scalars(select(Origin.epoch)).one()
        newest = session.scalar(select(func.max(OutboxRow.seq))) or 0
        refused = session.scalar(select(func.count()).select_from(RefusedRow)) or 0
        wanted = select(*COLUMNS).where(OUTBOX.seq > after).order_by(OUTBOX.seq)
        wanted = wanted.limit(min(most_rows, MOST_ROWS_OF[protocol]))
        columns = _fitting(session.connection().execute(wanted), most_bytes)
        known = shapes(session.connection())
        if columns[0] and None in columns[4]:
            _shape_those_without(session.connection(), columns, known)
    seqs, events, row_ids, ops, shaped, payloads, changed = columns
    if not seqs:
        return None
    lo, count = seqs[0], len(seqs)
    ops = [op if len(payload) <= MOST_ROW_BYTES else "X" for op, payload in zip(ops, payloads, strict=True)]
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for at, kind in enumerate(zip(shaped, ops, strict=True)):
        places[kind].append(at)
    whole = Waiting(range(count), row_ids, payloads, changed)
    groups = [
        group
        for (shape, op), ats in places.items()
        for group in _groups(store.keys, known[shape], op, whole.only(ats))
    ]
    batch = Batch(protocol, prev, events, groups, newest - lo + 1, refused, offset)
    return Outgoing(epoch, lo, lo + count - 1, batch.last, encode(batch), count)


def _fitting(found: CursorResult[Any], most_bytes: int) -> list[list[Any]]:
    """COLUMNS of the first rows there are, without a gap, of so many bytes at the most, but at least one.

    The driver's own values, a few tuples at a time: tuples that stay would wake the collector.
    """
    columns: list[list[Any]] = [[] for _ in COLUMNS]
    seqs, size, cursor = columns[0], 0, found.cursor
    assert cursor is not None
    with closing(found):
        while some := cursor.fetchmany(AT_ONCE):
            for column, values in zip(columns, zip(*some, strict=True), strict=True):
                column.extend(values)
            size += sum(len(row[PAYLOAD]) for row in some)
            if size > most_bytes or seqs[-1] - seqs[0] >= len(seqs):
                break
    fits = bisect_right([*accumulate(map(len, columns[PAYLOAD]))], most_bytes)
    dense = next((n for n, seq in enumerate(seqs) if seq - seqs[0] != n), len(seqs))
    return [column[: max(1, min(fits, dense))] for column in columns]


def _shape_those_without(connection: Connection, columns: list[list[Any]], known: dict[int, Shape]) -> None:
    """Rows that an older program wrote as JSON objects get a shape for this batch, below every real one."""
    seqs, _, _, _, shaped, payloads, _ = columns
    asked = select(OUTBOX.seq, OUTBOX.table, OUTBOX.schema_version)
    asked = asked.where(OUTBOX.seq.between(seqs[0], seqs[-1]), OUTBOX.shape.is_(None))
    numbers: dict[Shape, int] = {}
    for seq, table, schema in connection.execute(asked):
        at = seq - seqs[0]
        try:
            cells = msgspec.json.decode(payloads[at], type=dict[str, Raw])
        except msgspec.MsgspecError:
            cells = {}  # no columns: travels as X
        shape = Shape(table, schema, (*cells,))
        shaped[at] = numbers.setdefault(shape, -len(numbers) - 1)
        payloads[at] = packed(map(bytes, cells.values()))
        known[shaped[at]] = shape


def _groups(keys: HallKeys, shape: Shape, op: str, rows: Waiting) -> list[Group]:
    """One group; rows that are not what their shape says travel as X, so that the county can say so."""
    if op == "X":
        return [_group(keys, shape, "X", rows, ())]
    cells = [payload.split(SEPARATOR) for payload in rows.payloads]
    if set(map(len, cells)) != {len(shape.columns)}:
        fits = [n for n, cell in enumerate(cells) if len(cell) == len(shape.columns)]
        broken = [n for n in range(len(cells)) if n not in set(fits)]
        return [
            *(_groups(keys, shape, op, rows.only(fits)) if fits else ()),
            *_groups(keys, shape, "X", rows.only(broken)),
        ]
    return [_group(keys, shape, op, rows, zip(*cells, strict=True))]


def _group(keys: HallKeys, shape: Shape, op: str, rows: Waiting, cells: Iterable[Sequence[bytes]]) -> Group:
    columns = dict(zip(shape.columns, cells, strict=op != "X"))
    for name in [name for name in _with(shape.table, "blind_index") if name in columns]:
        del columns[name]
    for name in [name for name in _with(shape.table, "sealed") if name in columns]:
        columns[name] = [
            msgspec.json.encode(_opened(keys, msgspec.json.decode(value), row_id))
            for value, row_id in zip(columns[name], rows.row_ids, strict=True)
        ]
    return group_of(shape.table, shape.schema_version, op, rows.at, rows.row_ids, rows.changed, columns)


def _opened(keys: HallKeys, value: Any, row_id: str) -> str | None:
    """A sealed value travels as itself inside TLS (design §3.11)."""
    try:
        return keys.open(as_bytes(value), bytes.fromhex(row_id))
    except (StoreKeyWrong, ValueError, TypeError):
        return None  # the county puts it aside and says so


@cache
def _with(table: str, mark: str) -> tuple[str, ...]:
    """Columns that the wire treats in their own way. A table of another schema has none we know."""
    known = Base.metadata.tables.get(table)
    return (
        tuple(column.key for column in known.columns if column.info.get("county") == mark)
        if known is not None
        else ()
    )
