"""Files on a USB stick: the same batches and pages as on the line, sealed to the reader's key and signed (spec C5).

A file is whole or not there (written beside, then renamed), and reading one twice changes nothing: marks and cursors
decide, as on the line. So stick and network mix in any order.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from db.durable import settle
from db.sync.device_key import DeviceKey, seal_to
from db.sync.errors import StickInvalid
from db.sync.wire import NOT_UNDERSTOOD, Envelope, Mark, Page

UP, DOWN, ASK = "up", "down", "ask"
METHOD = "USB"
MOST_FILE = 64 << 20


class StickFile(Struct, frozen=True):
    """One file. `body` is sealed; the signature covers it and every other field."""

    kind: str
    device: UUID
    epoch: int
    lo: int
    hi: int
    sent: str
    body: bytes
    signature: bytes

    @property
    def envelope(self) -> Envelope:
        return Envelope(METHOD, f"/{self.kind}", self.device, self.epoch, self.lo, self.hi, self.sent)

    @property
    def message(self) -> bytes:
        return self.envelope.message(self.body)


class Asked(Struct, frozen=True):
    """From a device: how far it pulled, so that the way back carries what follows."""

    cursor: str
    own: bool


class Reply(Struct, frozen=True):
    """From the county: how far it has the device's rows, and pages that follow `cursor` one after another."""

    mark: Mark
    cursor: str
    pages: tuple[Page, ...]


def file_name(file: StickFile) -> str:
    return f"gighall-{file.device}-{file.epoch:04}-{file.lo:012}-{file.hi:012}.{file.kind}"


def sealed_file(
    kind: str,
    device: UUID,
    span: tuple[int, int, int],
    sent: str,
    plain: bytes,
    signer: DeviceKey,
    reader: bytes,
) -> StickFile:
    """`span`: epoch, lo, hi of the rows inside (of a reply: 0, its number, of how many)."""
    epoch, lo, hi = span
    body = seal_to(reader, plain, device.bytes + kind.encode())
    unsigned = StickFile(kind, device, epoch, lo, hi, sent, body, b"")
    return msgspec.structs.replace(unsigned, signature=signer.sign(unsigned.message))


def opened(file: StickFile, reader: DeviceKey) -> bytes:
    """Raises StickInvalid where it is for somebody else or was changed."""
    try:
        return reader.open(file.body, file.device.bytes + file.kind.encode())
    except ValueError as error:
        raise StickInvalid(file=file_name(file), reason="sealed") from error


def put(folder: Path, file: StickFile) -> Path:
    """Whole and on the stick, name and all, when this returns; where it fails, no half of it.

    The folder may be new, its parent not: where the stick was pulled out there is none.
    """
    if not folder.is_dir():
        folder.mkdir()
        settle(folder.parent)
    target = folder / file_name(file)
    part = target.with_suffix(".part")
    try:
        with part.open("wb") as stream:
            stream.write(msgspec.msgpack.encode(file))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    settle(folder)
    return target


def files(folder: Path, kind: str) -> Iterator[StickFile | StickInvalid]:
    """The files of a kind, in the order of their rows; what is none comes as the error it is."""
    for name, path in _named(folder):
        if not (name.startswith("gighall-") and name.endswith(f".{kind}")):
            continue
        try:
            if path.stat().st_size > MOST_FILE:
                raise StickInvalid(file=path.name, reason="too_large")
            file = msgspec.msgpack.decode(path.read_bytes(), type=StickFile)
        except (OSError, *NOT_UNDERSTOOD):
            yield StickInvalid(file=path.name, reason="torn")
        except StickInvalid as error:
            yield error
        else:
            yield file if file.kind == kind else StickInvalid(file=path.name, reason="kind")


def _named(folder: Path) -> list[tuple[str, Path]]:
    """By name, in small letters: some systems write capitals. Raises OSError where the stick cannot be read."""
    try:
        return sorted((path.name.lower(), path) for path in folder.iterdir())
    except FileNotFoundError:
        return []
