"""What goes over the line: batches of rows as JSON arrays in one zstd frame, and what a signature covers.

The format is derived from the tables (design §1): a *shape* names a table, the schema it was written under and its
columns once; each row is then an array of values in that order. Rows of a push are dense in `seq`: row n of a batch
has seq `lo + n`. A row too large to travel goes as op X without values, so that it never blocks what follows.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import zstandard
from msgspec import Struct

from db.sync.errors import BatchInvalid

T = TypeVar("T")
PROTOCOL = 1
MOST_ROWS = 5_000
MOST_BYTES = 8 << 20  # of one batch before compression
MOST_ROW_BYTES = 4 << 20
LEVEL = 1  # zstd: 76 bytes a row; higher levels cost more time than they save line
OPS = ("I", "U", "D", "X")

HEADERS = ("x-gighall-device", "x-gighall-epoch", "x-gighall-lo", "x-gighall-hi", "x-gighall-sent")
SIGNATURE = "x-gighall-signature"


@dataclass(slots=True)
class Row:
    """One write: plain JSON values (`cells`) by column, without the columns of the table's blind index."""

    table: str
    schema: str
    op: str
    event_id: UUID
    row_id: UUID
    written_at: str = ""
    changed: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: Sequence[Any] = ()
    seq: int = 0

    @property
    def values(self) -> dict[str, Any]:
        return dict(zip(self.columns, self.cells, strict=True))


class Shape(Struct, array_like=True, frozen=True):
    table: str
    schema: str
    columns: tuple[str, ...]


class Head(Struct, array_like=True, frozen=True):
    """What every row has. Ids may be written with or without hyphens."""

    shape: int
    op: str
    event_id: UUID
    row_id: UUID
    written_at: str
    changed: str


class Batch(Struct, frozen=True):
    """`heads` and `rows` go side by side; a row is its values in the order of its shape's columns."""

    protocol: int
    prev: UUID | None
    shapes: tuple[Shape, ...]
    heads: tuple[Head, ...]
    rows: tuple[list[Any], ...]
    waiting: int = 0  # what the sender still holds, this batch included
    refused: int = 0
    clock_offset_ms: int | None = None


@dataclass(frozen=True)
class Envelope:
    """What a signature covers besides the body."""

    method: str
    path: str
    device: UUID
    epoch: int = 0
    lo: int = 0
    hi: int = 0
    sent: str = ""

    def message(self, body: bytes) -> bytes:
        """Design §3.2; the fixed first line keeps a signature from meaning anything elsewhere."""
        parts = (self.method, self.path, self.device, self.epoch, self.lo, self.hi, self.sent)
        digest = hashlib.sha256(body).hexdigest()
        return "\n".join(["gighall-sync-1", *map(str, parts), digest]).encode()

    def headers(self) -> dict[str, str]:
        values = (self.device, self.epoch, self.lo, self.hi, self.sent)
        return dict(zip(HEADERS, map(str, values), strict=True))


class Refused(Struct, frozen=True):
    """A row the county quarantined."""

    seq: int
    event_id: UUID
    table: str
    row_id: UUID
    reason: str


class Mark(Struct, frozen=True):
    """Up to where the county has a device's rows. `epoch` 0: it never got any."""

    epoch: int
    seq: int
    last: UUID | None
    backed_up: int = 0
    refused: tuple[Refused, ...] = ()
    time: str = ""
    schema: str = ""


class PageRow(Struct, array_like=True, frozen=True):
    table: str
    op: str  # P put, D gone
    row_id: UUID
    values: dict[str, Any]


class Page(Struct, frozen=True):
    """One step of a pull: rows, and the cursor after them. `more`: ask again at once."""

    cursor: str
    more: bool
    rows: tuple[PageRow, ...]
    schema: str


class Trouble(Struct, frozen=True):
    """The body of every refusal; `code` is stable."""

    code: str
    mark: Mark | None = None
    wait: float = 0.0


class PullRequest(Struct, frozen=True):
    """`own`: where everything starts anew, also what this device wrote itself (it may have lost rows)."""

    cursor: str
    own: bool = False
    most: int = 500


class NextKeys(Struct, frozen=True):
    public_key: bytes
    box_key: bytes


class EnrolRequest(Struct, frozen=True):
    """`slip_key`: what this device signs its slips with so far; an older device sends none."""

    code: str
    hall_id: UUID
    device_id: UUID
    device_number: int
    public_key: bytes
    box_key: bytes
    schema: str
    slip_key: bytes | None = None


class EnrolReply(Struct, frozen=True):
    """`slip_key` signs the hall's slips, `public_address` stands before their tokens; an older county knows neither."""

    hall_id: UUID
    device_number: int
    index_key: bytes
    sign_key: bytes
    box_key: bytes
    time: str
    slip_key: bytes | None = None
    public_address: str = ""


class FoundSeeker(Struct, frozen=True):
    """A person known elsewhere in the county: the rows that describe them."""

    rows: tuple[PageRow, ...]


def pack(message: object) -> bytes:
    """Any message → one zstd frame that states its size. One compressor a call: they are not thread-safe."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(msgspec.json.encode(message))


def unpack(body: bytes, most: int = MOST_BYTES * 2) -> bytes:
    """The frame's content. Raises BatchInvalid before inflating anything larger than `most` bytes."""
    try:
        size = zstandard.get_frame_parameters(body).content_size
        if size == zstandard.CONTENTSIZE_UNKNOWN or size > most:
            raise BatchInvalid(reason="too_large")
        plain: bytes = zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise BatchInvalid(reason="not_zstd") from error
    return plain


class Encoder:
    """Gathers rows into the body of a push. Ids come as the store keeps them: 32 hexadecimal digits."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._heads: list[tuple[int, str, str, str, str, str]] = []
        self._rows: list[list[Any]] = []

    def add(
        self,
        table: str,
        schema: str,
        op: str,
        event_id: str,
        row_id: str,
        written_at: str,
        changed: str,
        values: dict[str, Any],
    ) -> None:
        shape = self._shapes.setdefault((table, schema, tuple(values)), len(self._shapes))
        self._heads.append((shape, op, event_id, row_id, written_at, changed))
        self._rows.append(list(values.values()))

    def body(self, prev: UUID | None, waiting: int, refused: int, offset: int | None) -> bytes:
        return pack(
            {
                "protocol": PROTOCOL,
                "prev": prev,
                "shapes": list(self._shapes),
                "heads": self._heads,
                "rows": self._rows,
                "waiting": waiting,
                "refused": refused,
                "clock_offset_ms": offset,
            }
        )


def decode_batch(body: bytes, lo: int, hi: int) -> tuple[Batch, list[Row]]:
    """Raises BatchInvalid where the whole is malformed; a single bad value is for whoever applies the row."""
    try:
        batch = msgspec.json.decode(unpack(body), type=Batch)
    except msgspec.MsgspecError as error:
        raise BatchInvalid(reason="not_a_batch") from error
    if batch.protocol != PROTOCOL:
        raise BatchInvalid(reason="protocol")
    count = len(batch.heads)
    if not 0 < count <= MOST_ROWS or count != len(batch.rows) or count != hi - lo + 1 or lo < 1:
        raise BatchInvalid(reason="range")
    rows = []
    for seq, head, cells in zip(range(lo, hi + 1), batch.heads, batch.rows, strict=True):
        if not 0 <= head.shape < len(batch.shapes):
            raise BatchInvalid(reason="shape")
        shape = batch.shapes[head.shape]
        op, columns = (head.op if head.op in OPS else "X"), shape.columns
        if op == "X" or len(cells) != len(columns):
            op, columns, cells = "X", (), []
        changed = tuple(head.changed.split(",")) if head.changed else ()
        rows.append(
            Row(
                shape.table,
                shape.schema,
                op,
                head.event_id,
                head.row_id,
                head.written_at,
                changed,
                columns,
                cells,
                seq,
            )
        )
    return batch, rows


def decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(unpack(body), type=kind)
    except msgspec.MsgspecError as error:
        raise BatchInvalid(reason="not_understood") from error


def as_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def as_text(value: bytes) -> str:
    return base64.b64encode(value).decode()
