"""The county's hand on a USB stick: take what devices wrote, write what goes back to each (issue §7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from db.county import ingest
from db.county.base import County
from db.county.enrol import authenticate_message
from db.county.errors import Refusal, Unknown
from db.county.pull import ROWS, pull
from db.models import now
from db.sync import wire
from db.sync.errors import BatchInvalid, StickInvalid
from db.sync.stick import ASK, DOWN, UP, Asked, Reply, StickFile, files, opened, put, sealed_file
from db.sync.wire import Envelope, Page

PAGES_A_FILE = 20
MOST_PAGES = 4_000


@dataclass
class Imported:
    """What a stick brought: batches, rows, and files that were refused (name or device, why)."""

    batches: int = 0
    rows: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    answered: int = 0


def import_stick(county: County, folder: Path) -> Imported:
    """Take every device's files in order, then write the answers. Twice is once."""
    done = Imported()
    for file in files(folder, UP):
        try:
            _checked(county, file, done)
            if isinstance(file, StickFile):
                before = ingest.mark_of(county, file.device)
                envelope = Envelope("USB", "/up", file.device, file.epoch, file.lo, file.hi, file.sent)
                after = ingest.push(county, envelope, opened(file, county.keys.own))
                done.batches += 1
                done.rows += after.seq - (before.seq if before.epoch == after.epoch else file.lo - 1)
        except (Refusal, StickInvalid) as error:
            done.refused.append((_name(file), _said(error)))
    for file in files(folder, ASK):
        try:
            _checked(county, file, done)
            if isinstance(file, StickFile):
                done.answered += _answer(county, folder, file)
        except (Refusal, StickInvalid, BatchInvalid) as error:
            done.refused.append((_name(file), _said(error)))
    return done


def _checked(county: County, file: StickFile | StickInvalid, done: Imported) -> None:
    if isinstance(file, StickInvalid):
        raise file
    authenticate_message(county, file.device, file.signature, file.message)


def _name(file: StickFile | StickInvalid) -> str:
    return str(file.context["file"]) if isinstance(file, StickInvalid) else str(file.device)


def _said(error: Refusal | StickInvalid | BatchInvalid) -> str:
    return error.said if isinstance(error, Refusal) else str(error.context["reason"])


def _answer(county: County, folder: Path, file: StickFile) -> int:
    asked = wire.decode(opened(file, county.keys.own), Asked)
    with county.transaction() as tx:
        found = tx.execute(
            "SELECT hall_id, box_key FROM enrolled WHERE device_id = %s", (file.device,)
        ).fetchone()
    if found is None:
        raise Unknown()
    hall, box_key = found
    start, pages, size, written = asked.cursor, list[Page](), 0, 0

    def write() -> None:
        reply = Reply(_mark(county, file.device), start, tuple(pages))
        _write(county, folder, file.device, written, reply, box_key)

    for page, length in _pages(county, file.device, hall, asked):
        if pages and (len(pages) == PAGES_A_FILE or size + length > wire.MOST_BYTES):
            write()
            start, pages, size, written = pages[-1].cursor, [], 0, written + 1
        pages.append(page)
        size += length
    write()
    return written + 1


def _pages(county: County, device: UUID, hall: UUID, asked: Asked) -> Iterator[tuple[Page, int]]:
    """What follows, page by page, with the bytes of each: no more than a device takes in at once."""
    cursor, most = asked.cursor, ROWS
    for _ in range(MOST_PAGES):
        page = pull(county, device, hall, cursor, own=asked.own, most=most)
        length = len(msgspec.json.encode(page))
        if length > wire.MOST_BYTES and most > 1:
            most = max(most // 8, 1)
            continue
        yield page, length
        if not page.more:
            return
        cursor, most = page.cursor, min(most * 2, ROWS)


def _mark(county: County, device: UUID) -> wire.Mark:
    """The mark with every row in quarantine, since a stick may miss the answer that named them."""
    mark = ingest.mark_of(county, device)
    with county.transaction() as tx:
        found = tx.execute(
            'SELECT seq, event_id, "table", row_id, reason FROM quarantine WHERE device_id = %s'
            " AND state = 'refused' ORDER BY epoch, seq DESC LIMIT 1000",
            (device,),
        ).fetchall()
    return wire.Mark(
        mark.epoch,
        mark.seq,
        mark.last,
        mark.backed_up,
        tuple(wire.Refused(*line) for line in found),
        mark.time,
        mark.schema,
        held=mark.held,
    )


def _write(county: County, folder: Path, device: UUID, number: int, reply: Reply, box_key: bytes) -> None:
    span = (0, number, number)
    sent = now().isoformat()
    put(folder, sealed_file(DOWN, device, span, sent, wire.pack(reply), county.keys.own, box_key))
