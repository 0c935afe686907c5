"""What SQLite asks of the disk, written down, and the disks a power cut may leave behind.

`recording` puts itself between SQLite and the operating system: it swaps the write, truncate, sync and delete of the
library's own VFS for ones that note what they were asked and then do it. Nothing is compiled, preloaded or traced; the
library of the `sqlcipher3` wheel exports `sqlite3_vfs_find`.

`Disk` plays such a log and draws images of it: what was synced is there; of what came after, anything may be:
nothing, all, a part, in sectors, out of order. A file or its deletion is certain once the directory was synced.
Left out: a disk that says it synced and did not.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import msgspec
import sqlcipher3._sqlite3 as library

OK = 0


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """One thing asked of the disk, or a word of whoever works on it (`note`: begun and done transactions)."""

    what: Literal["create", "write", "truncate", "sync", "delete", "note"]
    file: str = ""
    at: int = 0  # offset, new size, or number of the note
    data: bytes = b""
    durable: bool = False  # of a deletion: the directory was synced


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        ("xOpen", ctypes.c_void_p),
        ("xDelete", ctypes.c_void_p),
    ]


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = [("iVersion", ctypes.c_int)] + [
        (name, ctypes.c_void_p)
        for name in (
            "xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock",
            "xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap",
            "xFetch", "xUnfetch",
        )
    ]  # fmt: skip


_pointer, _int, _long = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_int, _pointer, _pointer, _pointer, _int, _pointer)
_DELETE = ctypes.CFUNCTYPE(_int, _pointer, ctypes.c_char_p, _int)
_WRITE = ctypes.CFUNCTYPE(_int, _pointer, _pointer, _int, _long)
_TRUNCATE = ctypes.CFUNCTYPE(_int, _pointer, _long)
_SYNC = ctypes.CFUNCTYPE(_int, _pointer, _int)


class Recorder:
    """Keeps the log; `note` puts a word of one's own into it."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self.stop_at = 0
        self.stop: Callable[[], None] = lambda: (
            None
        )  # called in the middle of the work, once the log is so long
        self._names: dict[int, str] = {}  # address of an open file → its name
        self._kept: list[Any] = []  # callbacks live as long as files that may call them

    def _add(self, entry: Entry) -> None:
        self.log.append(entry)
        if len(self.log) == self.stop_at:
            self.stop()

    def note(self, word: str, number: int) -> None:
        self._add(Entry("note", word, number))

    def install(self) -> Any:
        """Returns what undoes it. Files that are open already stay unrecorded."""
        find = ctypes.CDLL(library.__file__).sqlite3_vfs_find
        find.restype = ctypes.c_void_p
        vfs = _Vfs.from_address(find(None))
        before = vfs.xOpen, vfs.xDelete
        real_open, real_delete = _OPEN(vfs.xOpen), _DELETE(vfs.xDelete)
        patched: dict[int, _Methods] = {}

        def opened(this: int, name: int | None, file: int, flags: int, out: int | None) -> int:
            path = Path(ctypes.string_at(name).decode()) if name else None
            new = path is not None and not path.exists()
            code: int = real_open(this, name, file, flags, out)
            if code == OK and path is not None:
                slot = _pointer.from_address(file)
                if slot.value not in patched and slot.value is not None:
                    patched[slot.value] = self._methods(slot.value)
                    # a file opened with patched methods must not be patched again
                    patched[ctypes.addressof(patched[slot.value])] = patched[slot.value]
                if slot.value is not None:
                    slot.value = ctypes.addressof(patched[slot.value])
                self._names[file] = path.name
                if new:
                    self._add(Entry("create", path.name))
            return code

        def deleted(this: int, name: bytes, durable: int) -> int:
            code: int = real_delete(this, name, durable)
            if code == OK:
                self._add(Entry("delete", Path(name.decode()).name, durable=bool(durable)))
            return code

        calls = _OPEN(opened), _DELETE(deleted)
        self._kept += [calls, patched, real_open, real_delete]
        vfs.xOpen, vfs.xDelete = (ctypes.cast(call, _pointer).value for call in calls)

        def undo() -> None:
            vfs.xOpen, vfs.xDelete = before

        return undo

    def _methods(self, address: int) -> _Methods:
        """A copy of a file's methods that notes what changes the disk."""
        methods = _Methods.from_buffer_copy(_Methods.from_address(address))
        write, truncate, sync = (
            _WRITE(methods.xWrite),
            _TRUNCATE(methods.xTruncate),
            _SYNC(methods.xSync),
        )

        def written(file: int, data: int, length: int, offset: int) -> int:
            code: int = write(file, data, length, offset)
            if code == OK:
                self._add(Entry("write", self._names[file], offset, ctypes.string_at(data, length)))
            return code

        def truncated(file: int, size: int) -> int:
            code: int = truncate(file, size)
            if code == OK:
                self._add(Entry("truncate", self._names[file], size))
            return code

        def synced(file: int, flags: int) -> int:
            code: int = sync(file, flags)
            if code == OK:
                self._add(Entry("sync", self._names[file]))
            return code

        calls = _WRITE(written), _TRUNCATE(truncated), _SYNC(synced)
        self._kept += [calls, write, truncate, sync]
        methods.xWrite, methods.xTruncate, methods.xSync = (
            ctypes.cast(call, _pointer).value for call in calls
        )
        return methods


@contextmanager
def recording() -> Iterator[Recorder]:
    """Every file SQLite opens in here is written down. For a process that does nothing else."""
    recorder = Recorder()
    undo = recorder.install()
    try:
        yield recorder
    finally:
        undo()


class Cut(StrEnum):
    """What the disk did with the writes it had not been told to sync."""

    NOTHING = "nothing"  # none of them
    ALL = "all"  # every one
    TORN = "torn"  # in order, and the last one torn at a sector
    SOME = "some"  # any of them, whole
    SECTORS = "sectors"  # any 512 bytes of any of them
    PAGES = "pages"  # any 4096 bytes of any of them
    GARBAGE = "garbage"  # any sectors; where a file grew and nothing arrived lies what lay there before


SECTOR, PAGE = 512, 4096


@dataclass
class _File:
    content: bytearray = field(default_factory=bytearray)
    waiting: list[Entry] = field(default_factory=list)

    def copy(self) -> _File:
        return _File(bytearray(self.content), list(self.waiting))


class Disk:
    """A folder as the operating system would give it back after a power cut at the log's current place."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = {name: _File(bytearray(content)) for name, content in (files or {}).items()}
        self._born: set[str] = set()  # files whose name may be gone after a cut
        self._ghosts: dict[str, _File] = {}  # deleted ones that may come back

    def play(self, entry: Entry) -> None:
        match entry.what:
            case "create":
                if entry.file in self.files:
                    return
                self.files[entry.file] = _File()
                self._born.add(entry.file)
            case "write" | "truncate":
                self.files[entry.file].waiting.append(entry)
            case "sync":
                file = self.files[entry.file]
                for one in file.waiting:
                    _do(file.content, one)
                file.waiting.clear()
                if entry.file in self._born:  # SQLite syncs the directory with the first sync of a new file
                    self._settle()
            case "delete":
                gone = self.files.pop(entry.file)
                if entry.file not in self._born:
                    self._ghosts[entry.file] = gone
                self._born.discard(entry.file)
                if entry.durable:
                    self._settle()

    def image(self, cut: Cut, chance: random.Random) -> dict[str, bytes]:
        """The files after a cut here."""
        found: dict[str, bytes] = {}
        for name in self.files.keys() | self._ghosts.keys():
            file = self._which(name, cut, chance)
            if file is not None:
                found[name] = _content(file, cut, chance)
        return found

    def _which(self, name: str, cut: Cut, chance: random.Random) -> _File | None:
        """The file that bears this name: the new one, the one deleted before, or none."""
        new, old = self.files.get(name), self._ghosts.get(name)
        if cut is Cut.ALL:
            return new
        if cut is Cut.NOTHING:
            return old if name in self._born or new is None else new
        candidates = [new] if name not in self._born else [new, old]
        if new is None:
            candidates = [None, old]
        return chance.choice(candidates)

    def _settle(self) -> None:
        self._born.clear()
        self._ghosts.clear()


def _do(content: bytearray, entry: Entry) -> None:
    if entry.what == "truncate":
        _resize(content, entry.at)
    else:
        _put(content, entry.at, entry.data)


def _resize(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


def _put(content: bytearray, at: int, data: bytes) -> None:
    if at + len(data) > len(content):
        _resize(content, at + len(data))
    content[at : at + len(data)] = data


def _content(file: _File, cut: Cut, chance: random.Random) -> bytes:
    if cut is Cut.NOTHING or not file.waiting:
        return bytes(file.content)
    content = bytearray(file.content)
    share = chance.choice((0.05, 0.3, 0.5, 0.7, 0.95))
    last = len(file.waiting) if cut is not Cut.TORN else chance.randrange(len(file.waiting))
    for entry in file.waiting[:last]:
        if entry.what == "truncate" or cut in (Cut.ALL, Cut.TORN):
            if cut in (Cut.ALL, Cut.TORN) or chance.random() < share:
                _do(content, entry)
        elif cut is Cut.SOME:
            if chance.random() < share:
                _put(content, entry.at, entry.data)
        else:
            _sectors(content, entry, cut, share, chance)
    if cut is Cut.TORN and file.waiting[last].what == "write":
        torn = file.waiting[last]
        upto = (torn.at + chance.randrange(len(torn.data) + 1)) // SECTOR * SECTOR
        if upto > torn.at:
            _put(content, torn.at, torn.data[: upto - torn.at])
    return bytes(content)


def _sectors(content: bytearray, entry: Entry, cut: Cut, share: float, chance: random.Random) -> None:
    """Some of a write's sectors arrive; the file has its new length all the same where it is `GARBAGE`."""
    step = PAGE if cut is Cut.PAGES else SECTOR
    end = entry.at + len(entry.data)
    if cut is Cut.GARBAGE and end > len(content):
        content.extend(chance.randbytes(end - len(content)))
    for at in range(entry.at // step * step, end, step):
        low, high = max(at, entry.at), min(at + step, end)
        if chance.random() < share:
            _put(content, low, entry.data[low - entry.at : high - entry.at])
