"""A batch made ready for COPY, on a thread of its own: nothing here needs the database.

So it happens before it is the device's turn, while its batch before this one is still being written; and what is
ready first is written while the rest is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

import msgspec
import numpy as np

from db.county.keys import CountyKeys
from db.county.rows import ValueRefused, lines
from db.county.tables import SYNCED
from db.sync.batch import Batch, Group
from db.sync.wire import Envelope

INBOX = ("event_id", "device_id", "epoch", "seq")
# a tuple of PostgreSQL's binary COPY: how many values, then each one's size before it
INBOX_ROW = np.dtype(
    [
        ("values", ">i2"),
        *(("event_size", ">i4"), ("event", "V16")),
        *(("device_size", ">i4"), ("device", "V16")),
        *(("epoch_size", ">i4"), ("epoch", ">i4")),
        *(("seq_size", ">i4"), ("seq", ">i8")),
    ]
)
BINARY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
BINARY_END = b"\xff\xff"
Part = tuple[Group, list[int] | None]  # these rows of a group, or all of them


@dataclass(frozen=True)
class Block:
    """Rows as COPY takes them. `hall`: whose they say they are."""

    names: tuple[str, ...]
    rows: bytes
    hall: str = ""


@dataclass(frozen=True, eq=False)
class ReadyTable:
    """`fresh` rows are inserted by this batch; `blocks` hold them, or None where one needs a closer look."""

    name: str
    groups: list[Group]
    fresh: list[Part]
    rest: list[Part]
    blocks: Future[list[Block] | None]


class Ready:
    """`with Ready(…) as ready:` begins at once; what is not needed any more at the end is not made."""

    def __init__(self, keys: CountyKeys, envelope: Envelope, batch: Batch, *, special: bool) -> None:
        tables: dict[str, list[Group]] = defaultdict(list)
        for group in batch.groups:
            tables[group.table].append(group)
        self._maker = ThreadPoolExecutor(1, "county-ready")
        self.inbox = self._maker.submit(
            inbox_block, envelope, batch.events, range(envelope.lo, envelope.hi + 1)
        )
        self.tables: list[ReadyTable] = []
        for name, groups in tables.items():
            fresh, rest = sorted_out(groups) if name in SYNCED else ([], all_of(groups))
            blocks = self._maker.submit(_blocks, keys, fresh, special=special)
            self.tables.append(ReadyTable(name, groups, fresh, rest, blocks))

    def __enter__(self) -> Ready:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._maker.shutdown(cancel_futures=True)


def inbox_block(envelope: Envelope, events: Sequence[str], seqs: Sequence[int]) -> bytes:
    """Events (32 hexadecimal digits each) as COPY's binary form takes INBOX: every event passes here, in one shape."""
    rows = np.empty(len(events), INBOX_ROW)
    rows["values"] = len(INBOX)
    rows["event_size"], rows["device_size"], rows["epoch_size"], rows["seq_size"] = 16, 16, 4, 8
    rows["event"] = np.frombuffer(bytes.fromhex("".join(events)), "V16")
    rows["device"] = np.void(envelope.device.bytes)
    rows["epoch"], rows["seq"] = envelope.epoch, seqs
    return BINARY_HEAD + rows.tobytes() + BINARY_END


def _blocks(keys: CountyKeys, fresh: Sequence[Part], *, special: bool) -> list[Block] | None:
    blocks: list[Block] = []
    try:
        for group, only in fresh:
            made = lines(keys, group, special=special)
            if made is None or (blocks and made.hall != blocks[0].hall):
                return None
            blocks.append(Block(made.names, made.block(only), made.hall))
    except (ValueRefused, msgspec.MsgspecError, UnicodeError):
        return None
    return blocks


def all_of(groups: Sequence[Group]) -> list[Part]:
    return [(group, None) for group in groups]


def sorted_out(groups: Sequence[Group]) -> tuple[list[Part], list[Part]]:
    """A table's rows that are inserted here, each as its last write leaves it; and every write of the others."""
    if len(groups) == 1 and groups[0].op == "I" and len(set(groups[0].row_ids)) == len(groups[0].row_ids):
        return all_of(groups), []
    writes = sorted(
        (at, row_id, number, n)
        for number, group in enumerate(groups)
        for n, (at, row_id) in enumerate(zip(group.at, group.row_ids, strict=True))
    )
    last: dict[str, tuple[int, int]] = {}
    others: set[str] = set()
    for _, row_id, number, n in writes:
        if groups[number].op != ("U" if row_id in last else "I"):
            others.add(row_id)
        last[row_id] = number, n
    fresh: dict[int, list[int]] = defaultdict(list)
    for row_id, (number, n) in last.items():
        if row_id not in others:
            fresh[number].append(n)
    rest: dict[int, list[int]] = defaultdict(list)
    for _, row_id, number, n in writes:
        if row_id in others:
            rest[number].append(n)
    return [(groups[at], ns) for at, ns in fresh.items()], [(groups[at], ns) for at, ns in rest.items()]
