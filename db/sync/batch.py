"""A push's rows on the line: column by column, JSON in one zstd frame (protocol 2).

Rows of one table, schema and operation travel as one *group*. A group names its columns once and holds each as one
JSON array; where all rows share a value, it stands there once. So both ends work on whole columns, where a JSON
array a row (protocol 1) cost three times the time. A county still reads protocol 1, and says in every mark what it
reads; a device writes no more than that, and on a stick, which cannot ask, protocol 1.

Rows of a push are dense in `seq`: the row at place n of a batch has seq `lo + n`. A row too large to travel goes as
op X without values, so that it never blocks what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from db.sync.errors import BatchInvalid
from db.sync.wire import MOST_ROWS, NOT_UNDERSTOOD, pack, unpack

MOST_ROWS_OF = {1: 5_000, 2: MOST_ROWS}
OPS = ("I", "U", "D", "X")
# JSON holds control characters only escaped or between values: without these no value needs escaping anywhere
SPECIAL = (b"\\", b"\t", b"\n", b"\r")
ID_BYTES = 16
T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """One write: plain JSON values by column, without the columns of the table's blind index."""

    table: str
    schema: str
    op: str
    event_id: UUID
    row_id: UUID
    values: dict[str, Any]
    changed: tuple[str, ...] = ()
    seq: int = 0


class Group(Struct, array_like=True, frozen=True):
    """Rows of one kind, `at` these places of the batch. A list with one value holds for every row.

    Ids are 32 hexadecimal digits. The column `id` is not among `columns` where it says what `row_ids` says.
    """

    table: str
    schema: str
    op: str
    at: list[int]
    row_ids: list[str]
    changed: list[str]  # of an update: its columns, joined by commas
    columns: tuple[str, ...]
    cells: list[Raw]  # each a JSON array

    def rows(self, events: Sequence[str], lo: int, only: Iterable[int] | None = None) -> Iterator[Row]:
        """Rows one by one, for whoever has to look at each; `only` these of the group."""
        count = len(self.at)
        op, names, cells = self.op, self.columns, self._values(count)
        if op not in OPS or op == "X" or cells is None:
            op, names, cells = "X", (), []
        changed = each(self.changed or [""], count)
        for n in range(count) if only is None else only:
            row_id = UUID(self.row_ids[n])
            values = {} if op == "X" else {"id": str(row_id)}
            values.update(zip(names, (cell[n] for cell in cells), strict=True))
            named = tuple(changed[n].split(",")) if changed[n] else ()
            event = UUID(events[self.at[n]])
            yield Row(self.table, self.schema, op, event, row_id, values, named, lo + self.at[n])

    def _values(self, count: int) -> list[Sequence[Any]] | None:
        """None where they do not fit the columns or the rows."""
        try:
            cells = [ANY.decode(cell) for cell in self.cells]
        except NOT_UNDERSTOOD:
            return None
        fits = len(cells) == len(self.columns) and all(len(cell) in (1, count) for cell in cells)
        return [each(cell, count) for cell in cells] if fits else None


class Batch(Struct, frozen=True):
    """`events` are the rows' event ids by place."""

    protocol: int
    prev: UUID | None
    events: list[str]
    groups: list[Group]
    waiting: int = 0  # what the sender still holds, this batch included
    refused: int = 0
    clock_offset_ms: int | None = None

    @property
    def last(self) -> UUID:
        return UUID(self.events[-1])

    @property
    def schema(self) -> str:
        """What the last row was written under."""
        return max(self.groups, key=lambda group: max(group.at, default=-1)).schema

    def rows(self, lo: int) -> list[Row]:
        """Every row, in its order."""
        found = [row for group in self.groups for row in group.rows(self.events, lo)]
        return sorted(found, key=lambda row: row.seq)


class _Protocol(Struct):
    protocol: int


class _Shape(Struct, array_like=True, frozen=True):
    table: str
    schema: str
    columns: tuple[str, ...]


class _Head(Struct, array_like=True, frozen=True):
    shape: int
    op: str
    event_id: UUID
    row_id: UUID
    written_at: str
    changed: str


class _Rows(Struct, frozen=True):
    """A batch of protocol 1: `heads` and `rows` go side by side; a row is its values in the order of its shape."""

    protocol: int
    prev: UUID | None
    shapes: tuple[_Shape, ...]
    heads: tuple[_Head, ...]
    rows: tuple[list[Any], ...]
    waiting: int = 0
    refused: int = 0
    clock_offset_ms: int | None = None


ANY = msgspec.json.Decoder(list[Any])


def each(values: Sequence[Any], count: int) -> Sequence[Any]:
    """A group's list with one value for each of its rows."""
    return values if len(values) == count else [values[0]] * count


def shared(values: Sequence[T]) -> Sequence[T]:
    """The one value that all of them are, else as they are."""
    return values[:1] if values[0] == values[-1] and values.count(values[0]) == len(values) else values


def group_of(
    table: str,
    schema: str,
    op: str,
    at: Sequence[int],
    row_ids: Sequence[str],
    changed: Sequence[str],
    columns: Mapping[str, Sequence[bytes]],
) -> Group:
    """Rows of one kind as a group; `columns` are their values by name, each a JSON text."""
    kept = {
        name: msgspec.Raw(b"[" + b",".join(shared(cells)) + b"]")
        for name, cells in columns.items()
        if name != "id" or b"".join(cells).translate(None, b'"-') != "".join(row_ids).encode()
    }
    return Group(
        table,
        schema,
        op,
        [*at],
        [*row_ids],
        [*shared(changed)] if any(changed) else [],
        (*kept,),
        [*kept.values()],
    )


def encode(batch: Batch) -> bytes:
    """The body of a push in the form of `batch.protocol`."""
    return pack(_as_rows(batch) if batch.protocol == 1 else batch)


def decode(body: bytes, lo: int, hi: int) -> tuple[Batch, bool]:
    """The batch, and whether any of its values may need escaping.

    Raises BatchInvalid where the whole is malformed; a single bad value is for whoever applies the row.
    """
    plain = unpack(body)
    try:
        match msgspec.json.decode(plain, type=_Protocol).protocol:
            case 1:
                batch = _as_columns(msgspec.json.decode(plain, type=_Rows))
            case 2:
                batch = msgspec.json.decode(plain, type=Batch)
            case _:
                raise BatchInvalid(reason="protocol")
    except NOT_UNDERSTOOD as error:
        raise BatchInvalid(reason="not_a_batch") from error
    count = len(batch.events)
    if not 0 < count <= MOST_ROWS_OF[batch.protocol] or count != hi - lo + 1 or lo < 1:
        raise BatchInvalid(reason="range")
    if sorted(chain.from_iterable(group.at for group in batch.groups)) != [*range(count)]:
        raise BatchInvalid(reason="range")
    _check_ids(batch.events)
    for group in batch.groups:
        if len(group.row_ids) != len(group.at) or len(group.changed) not in (0, 1, len(group.at)):
            raise BatchInvalid(reason="shape")
        _check_ids(group.row_ids)
    return batch, any(sign in plain for sign in SPECIAL)


def _check_ids(ids: Sequence[str]) -> None:
    try:
        fits = (
            set(map(len, ids)) <= {ID_BYTES * 2} and len(bytes.fromhex("".join(ids))) == len(ids) * ID_BYTES
        )
    except ValueError:
        fits = False
    if not fits:
        raise BatchInvalid(reason="ids")


def _as_columns(old: _Rows) -> Batch:
    if len(old.heads) != len(old.rows):
        raise BatchInvalid(reason="range")
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, (head, cells) in enumerate(zip(old.heads, old.rows, strict=True)):
        if not 0 <= head.shape < len(old.shapes):
            raise BatchInvalid(reason="shape")
        fits = len(cells) == len(old.shapes[head.shape].columns)
        found[head.shape, head.op if fits else "X"].append(place)
    groups = []
    for (number, op), places in found.items():
        shape, heads = old.shapes[number], [old.heads[place] for place in places]
        values = () if op == "X" else zip(*(old.rows[place] for place in places), strict=True)
        columns = {
            name: [*map(msgspec.json.encode, column)]
            for name, column in zip(shape.columns, values, strict=op != "X")
        }
        ids, changed = [head.row_id.hex for head in heads], [head.changed for head in heads]
        groups.append(group_of(shape.table, shape.schema, op, places, ids, changed, columns))
    events = [head.event_id.hex for head in old.heads]
    return Batch(1, old.prev, events, groups, old.waiting, old.refused, old.clock_offset_ms)


def _as_rows(batch: Batch) -> _Rows:
    shapes: dict[_Shape, int] = {}
    heads, rows = [], []
    for row in batch.rows(1):
        shape = shapes.setdefault(_Shape(row.table, row.schema, (*row.values,)), len(shapes))
        heads.append(_Head(shape, row.op, row.event_id, row.row_id, "", ",".join(row.changed)))
        rows.append([*row.values.values()])
    about = batch.waiting, batch.refused, batch.clock_offset_ms
    return _Rows(1, batch.prev, (*shapes,), (*heads,), (*rows,), *about)
