"""A device as a process that writes, syncs and dies: by kill -9 from outside, or as its power fails in the middle.

It takes `Turn`s through a pipe and answers with what it was told: `("told", number)` after each commit, `("refused",
number)` where there was no room, `("sends", 0)` before each request, `("synced", 0)` or `("failed", 0)` at the end.
`python -m tests.bench.sync_faults` drives it, and its peers behind the same few methods.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from sqlalchemy import select

from db.errors import StoreFull
from db.models import Setting
from db.store import Store
from db.sync.client import Answer, CountyClient
from db.sync.errors import CountyUnreachable, SyncError
from db.sync.round import PATIENCE_SECONDS, sync_once
from db.sync.state import link
from tests.faults.disk import Entry, Recorder

ROOM = 6  # pages left on a disk that is nearly full
LOG = b"\0"  # begins the last word of a device whose power failed; a pickle never does
Say = Callable[[str, int], None]
Kind = Callable[[Path, str, Say], "Device"]


@dataclass(frozen=True)
class Write:
    """`number` is also the value; a `drop` takes the key away."""

    number: int
    key: str
    drop: bool = False


@dataclass(frozen=True)
class Turn:
    """Some writes, then a round with the county."""

    writes: tuple[Write, ...]
    line: Literal["", "repeat", "late"] = ""  # a request sent twice, or held up until after a later one
    days: int = 0  # how wrong the clock goes
    full: bool = False


class Device(Protocol):
    """What is common to ours and to the peers."""

    def write(self, one: Write, at: datetime) -> bool:
        """False: no room."""

    def sync(self, turn: Turn, at: datetime) -> bool: ...

    def fill_up(self, full: bool) -> None: ...

    def close(self) -> None: ...


class Ours:
    """The real store and the real client; only the way a request goes out is played with."""

    def __init__(self, folder: Path, address: str, say: Say) -> None:
        self._store = Store.open(folder)
        self._address = address
        self._held: list[tuple[str, str, bytes, dict[str, str]]] = []
        self._say = say

    def write(self, one: Write, at: datetime) -> bool:
        try:
            with self._store.write() as session:
                found = session.scalars(select(Setting).where(Setting.key == one.key)).one_or_none()
                if one.drop:
                    if found is not None:
                        session.delete(found)
                elif found is None:
                    session.add(Setting(key=one.key, value=one.number, created_at=at, updated_at=at))
                else:
                    found.value, found.updated_at = one.number, at
        except StoreFull:
            return False
        return True

    def sync(self, turn: Turn, at: datetime) -> bool:
        known = link(self._store)
        held, say, trick = self._held, self._say, turn.line

        class Tricky(CountyClient):
            def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
                nonlocal trick
                say("sends", 0)
                send = super()._send
                if path != "/v1/push":
                    return send(method, path, body, headers)
                if trick == "late":
                    trick = ""
                    held.append((method, path, body, headers))
                    raise CountyUnreachable(reason="late")
                again = [*held, (method, path, body, headers)] if trick == "repeat" else [*held]
                trick = ""
                held.clear()
                answer = send(method, path, body, headers)

                def then() -> tuple[int, bytes]:
                    found = answer()
                    for one in again:
                        send(*one)()
                    return found

                return then

        client = Tricky(
            self._address, known.authority, known.identity, 10.0, now=lambda: at, patience=PATIENCE_SECONDS
        )
        try:
            with client:
                sync_once(self._store, client, now=lambda: at, most_rows=10)
        except (SyncError, StoreFull):
            return False
        return True

    def fill_up(self, full: bool) -> None:
        with self._store._writer.connect() as connection:  # the pool's one writer keeps the limit
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            most = pages + ROOM if full else 1_000_000
            connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    def close(self) -> None:
        self._store.close()


def work(kind: Kind, folder: str, address: str, stop_at: int, pipe: Connection) -> None:
    """The process. With `stop_at` the power fails once so many things were asked of the disk, or else when it is told
    to stop; what was asked of the disk is its last word.
    """

    def say(word: str, number: int) -> None:
        pipe.send((word, number))

    recorder = Recorder()

    def power_fails() -> None:
        pipe.send_bytes(LOG + msgspec.msgpack.encode(recorder.log))
        os._exit(9)

    if stop_at:
        recorder.install()
        recorder.stop_at, recorder.stop = stop_at, power_fails
    running = kind(Path(folder), address, say)
    say("ready", 0)
    while True:
        turn: Turn | None = pipe.recv()
        if turn is None:
            if stop_at:
                power_fails()
            running.close()
            return
        if turn.full:
            running.fill_up(True)
        for one in turn.writes:
            say("told" if running.write(one, clock(turn)) else "refused", one.number)
        done = running.sync(turn, clock(turn))
        if turn.full:
            running.fill_up(False)
        say("synced" if done else "failed", 0)


def clock(turn: Turn) -> datetime:
    return datetime.now(UTC) + timedelta(days=turn.days)


class DeviceProcess:
    """Starts the process and hears what it says; `told` holds the numbers of the writes it was told of."""

    def __init__(self, kind: Kind, folder: Path, address: str, stop_at: int = 0) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([kind.__module__, __name__])  # else each start costs seconds
        self._pipe, theirs = context.Pipe()
        arguments = (kind, str(folder), address, stop_at, theirs)
        self._process = context.Process(target=work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self.told: list[int] = []
        self.log: list[Entry] = []

    def order(self, turn: Turn | None) -> None:
        with suppress(BrokenPipeError):
            self._pipe.send(turn)

    def hear(self) -> str:
        """The next word; `gone` where none will come."""
        try:
            said = self._pipe.recv_bytes()
        except (EOFError, ConnectionResetError):
            return "gone"
        if said.startswith(LOG):
            self.log = msgspec.msgpack.decode(said[len(LOG) :], type=list[Entry])
            return "power"
        word, number = pickle.loads(said)
        if word == "told":
            self.told.append(number)
        return str(word)

    def hear_until(self, *words: str, most: int = 1_000_000) -> str:
        """Until one of these words, or the end, or so many words."""
        for _ in range(most):
            word = self.hear()
            if word in (*words, "gone"):
                return word
        return ""

    def kill(self, after: float = 0.0) -> None:
        """kill -9, so many seconds after what was heard last, unless something is heard before."""
        self._pipe.poll(after)
        self._process.kill()
        self.hear_until("gone")
        self._end()

    def stop(self) -> None:
        self.order(None)
        self.hear_until("gone")
        self._end()

    def _end(self) -> None:
        self._process.join()
        self._process.close()
        self._pipe.close()
