"""The outbox as batches for the wire, read in short snapshots: a month offline drains without growing memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import JSON, String, func, select, type_coerce

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
AT_ONCE = 1000
Kind = tuple[str, str, str]  # table, schema, op


@dataclass(slots=True)
class Waiting:
    """Rows of one kind, list by list: an object a row would keep the collector busy."""

    at: list[int] = field(default_factory=list)  # places in the batch
    row_ids: list[str] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def add(self, at: int, row_id: str, payload: bytes, changed: str) -> None:
        self.at.append(at)
        self.row_ids.append(row_id)
        self.payloads.append(payload)
        self.changed.append(changed)


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
    kinds: dict[Kind, Waiting] = defaultdict(Waiting)
    events: list[str] = []
    lo = size = 0
    with store.read() as session:
        epoch = session.scalars(select(Origin.epoch)).one()
        newest = session.scalar(select(func.max(OutboxRow.seq))) or 0
        refused = session.scalar(select(func.count()).select_from(RefusedRow)) or 0
        wanted = select(*COLUMNS).where(OUTBOX.seq > after).order_by(OUTBOX.seq)
        wanted = wanted.limit(min(most_rows, MOST_ROWS_OF[protocol]))
        found = session.connection().execute(wanted.execution_options(yield_per=AT_ONCE))
        for seq, event_id, table, row_id, op, schema, payload, changed in chain.from_iterable(
            found.partitions()
        ):
            at = len(events)
            if at and (size + len(payload) > most_bytes or seq != lo + at):
                break
            lo = lo or seq
            size += len(payload)
            events.append(event_id)
            kind = table, schema, op if len(payload) <= MOST_ROW_BYTES else "X"
            kinds[kind].add(at, row_id, payload, changed)
        found.close()
    if not events:
        return None
    groups = [group for kind, rows in kinds.items() for group in _groups(store.keys, kind, rows)]
    batch = Batch(protocol, prev, events, groups, newest - lo + 1, refused, offset)
    return Outgoing(epoch, lo, lo + len(events) - 1, batch.last, encode(batch), len(events))


def _groups(keys: HallKeys, kind: Kind, rows: Waiting) -> list[Group]:
    """Rows of one kind: one group, or one for each set of columns where some were written by an older program."""
    if kind[2] == "X":
        return [_group(keys, kind, (), rows)]
    names = tuple(msgspec.json.decode(rows.payloads[0]))
    try:
        return [_group(keys, kind, names, rows)]
    except msgspec.ValidationError:
        alike: dict[tuple[str, ...], Waiting] = defaultdict(Waiting)
        for row in zip(rows.at, rows.row_ids, rows.payloads, rows.changed, strict=True):
            alike[tuple(msgspec.json.decode(row[2]))].add(*row)
        return [_group(keys, kind, names, some) for names, some in alike.items()]


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
