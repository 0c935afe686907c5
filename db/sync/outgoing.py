"""The outbox as batches for the wire, read in short snapshots: a month offline drains without growing memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import JSON, CursorResult, String, func, select, type_coerce

from db.errors import StoreKeyWrong
from db.keys import HallKeys
from db.models import Base, Origin, OutboxRow, RefusedRow
from db.store import Store
from db.sync.batch import MOST_ROWS_OF, Batch, Group, encode, group_of
from db.sync.wire import MOST_BYTES, MOST_ROW_BYTES, MOST_ROWS, as_bytes

OUTBOX = OutboxRow.__table__.c
COLUMNS = (
    OUTBOX.seq,
    type_coerce(OUTBOX.event_id, String),  # as they lie there: a million rows may wait
    OUTBOX.table,
    type_coerce(OUTBOX.row_id, String),
    OUTBOX.op,
    OUTBOX.schema_version,
    OUTBOX.payload,
    OUTBOX.changed,
)
PAYLOAD = 6
AT_ONCE = 250
Kind = tuple[str, str, str]  # table, schema, op


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one kind, list by list: an object a row would keep the collector busy."""

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
    seqs, events, tables, row_ids, ops, schemas, payloads, changed = columns
    if not seqs:
        return None
    lo, count = seqs[0], len(seqs)
    places: dict[Kind, list[int]] = defaultdict(list)
    for at, kind in enumerate(zip(tables, schemas, ops, strict=True)):
        places[kind if len(payloads[at]) <= MOST_ROW_BYTES else (kind[0], kind[1], "X")].append(at)
    whole = Waiting(range(count), row_ids, payloads, changed)
    groups = [group for kind, ats in places.items() for group in _groups(store.keys, kind, whole.only(ats))]
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


def _groups(keys: HallKeys, kind: Kind, rows: Waiting) -> list[Group]:
    """Rows of one kind: one group, or one for each set of columns where some were written by an older program."""
    if kind[2] == "X":
        return [_group(keys, kind, (), rows)]
    names = tuple(msgspec.json.decode(rows.payloads[0]))
    try:
        return [_group(keys, kind, names, rows)]
    except msgspec.ValidationError:
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for n, payload in enumerate(rows.payloads):
            alike[tuple(msgspec.json.decode(payload))].append(n)
        return [_group(keys, kind, names, rows.only(some)) for names, some in alike.items()]


def _group(keys: HallKeys, kind: Kind, names: tuple[str, ...], rows: Waiting) -> Group:
    """Raises msgspec.ValidationError where a payload has other columns than `names`."""
    columns: dict[str, Sequence[Any]] = {}
    if names:
        structs = _reader(kind[0], names).decode(b"[" + b",".join(rows.payloads) + b"]")
        for slot, name in zip(structs[0].__struct_fields__, names, strict=True):
            columns[name] = list(map(attrgetter(slot), structs))  # a tuple a row would wake the collector
    for name in [name for name in _with(kind[0], "blind_index") if name in columns]:
        del columns[name]
    for name in [name for name in _with(kind[0], "sealed") if name in columns]:
        columns[name] = [
            _opened(keys, value, row_id) for value, row_id in zip(columns[name], rows.row_ids, strict=True)
        ]
    return group_of(*kind, rows.at, rows.row_ids, rows.changed, columns)


def _opened(keys: HallKeys, value: Any, row_id: str) -> str | None:
    """A sealed value travels as itself inside TLS (design §3.11)."""
    try:
        return keys.open(as_bytes(value), bytes.fromhex(row_id))
    except (StoreKeyWrong, ValueError, TypeError):
        return None  # the county puts it aside and says so


@cache
def _reader(table: str, names: tuple[str, ...]) -> msgspec.json.Decoder[list[Struct]]:
    """Payloads with exactly these columns; JSON columns stay as they are written."""
    known = Base.metadata.tables.get(table)
    raw = (
        {column.key for column in known.columns if isinstance(column.type, JSON)} if known is not None else ()
    )
    fields = [(f"c{at}", Raw if name in raw else Any) for at, name in enumerate(names)]
    kind = msgspec.defstruct(
        "Payload",
        fields,
        rename=dict(zip((field for field, _ in fields), names, strict=True)),
        forbid_unknown_fields=True,
        gc=False,
    )
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]


@cache
def _with(table: str, mark: str) -> tuple[str, ...]:
    """Columns that the wire treats in their own way. A table of another schema has none we know."""
    known = Base.metadata.tables.get(table)
    return (
        tuple(column.key for column in known.columns if column.info.get("county") == mark)
        if known is not None
        else ()
    )
