"""What goes over the line: messages as JSON in one zstd frame, and what a signature covers. A push's rows: `batch`."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import zstandard
from msgspec import Struct

from db.sync.errors import BatchInvalid

T = TypeVar("T")
PROTOCOL = 2  # of a push; see `batch`
MOST_ROWS = 20_000  # of one batch
MOST_BYTES = 8 << 20  # of one batch before compression
MOST_ROW_BYTES = 4 << 20
PAGE_ROWS = 500  # of one answer to a pull
LEVEL = 1  # zstd; higher levels cost more time than they save line
# what msgspec says of bytes that are not what they should be: letters that are none, towers of lists
NOT_UNDERSTOOD = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

HEADERS = ("x-gighall-device", "x-gighall-epoch", "x-gighall-lo", "x-gighall-hi", "x-gighall-sent")
SIGNATURE = "x-gighall-signature"


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
    """Up to where the county has a device's rows. `epoch` 0: it never got any. `protocol`: the newest it reads.

    `held`: every event of the device that is in quarantine at this moment; None: not said.
    """

    epoch: int
    seq: int
    last: UUID | None
    backed_up: int = 0
    refused: tuple[Refused, ...] = ()
    time: str = ""
    schema: str = ""
    protocol: int = 1
    held: tuple[UUID, ...] | None = None


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
    most: int = PAGE_ROWS


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


def decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(unpack(body), type=kind)
    except NOT_UNDERSTOOD as error:
        raise BatchInvalid(reason="not_understood") from error


def as_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def as_text(value: bytes) -> str:
    return base64.b64encode(value).decode()
