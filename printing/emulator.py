"""A printer in software on 127.0.0.1: TCP in, pictures out, faults on demand.

    with PrinterEmulator(profile("generic-80")) as printer:
        ...                                       # print to printer.address
        papers = printer.wait_for_paper(1, timeout=5)

It serves one connection at a time, as small network printers do; a second one waits in line.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from printing.emulator_device import Fault, FaultKind, PrinterDevice
from printing.emulator_paper import Dots
from printing.profile import Profile

__all__ = ["Fault", "FaultKind", "PrinterEmulator"]

_HOST = "127.0.0.1"


class PrinterEmulator:
    """Listens from `__enter__` to `__exit__`; `port` 0 takes a free one. All methods are thread-safe.

    `on_paper` is called with every paper that is cut off, on the emulator's thread.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        port: int = 0,
        faults: tuple[Fault, ...] = (),
        on_paper: Callable[[Dots], None] | None = None,
    ) -> None:
        self.port = port
        self._device = PrinterDevice(profile)
        self._on_paper = on_paper
        self._changed = threading.Condition()
        self._papers: list[Dots] = []
        self._connections = 0
        self._stopping = False
        self._door_moves = False
        self._listener: socket.socket | None = None
        self._plugs: list[socket.socket] = []
        self._line: socket.socket | None = None
        self._was_reset = False
        self._answers: list[tuple[float, bytes]] = []
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="printer-emulator", daemon=True)
        self._at_start = faults

    def __enter__(self) -> Self:
        """OSError when the port is taken."""
        self._listen()
        self.inject(*self._at_start)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._stopping = True
        self._wake.send(b".")
        self._thread.join()
        for end in (self._listener, self._line, self._wake, self._woken, *self._plugs):
            if end:
                end.close()

    # -- for whoever watches

    @property
    def address(self) -> str:
        return f"tcp://{_HOST}:{self.port}"

    @property
    def papers(self) -> list[Dots]:
        """The papers cut off so far."""
        with self._changed:
            return list(self._papers)

    @property
    def connections(self) -> int:
        """How many connections it has accepted."""
        with self._changed:
            return self._connections

    @property
    def faults(self) -> tuple[Fault, ...]:
        with self._changed:
            return self._device.faults

    @property
    def log(self) -> list[str]:
        """Commands it does not know, with their offset."""
        with self._changed:
            return self._device.log

    def wait_for_paper(self, count: int, timeout: float) -> list[Dots]:
        """The papers, once there are `count` of them; TimeoutError if they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._papers) >= count, timeout):
                raise TimeoutError(f"{len(self._papers)} of {count} papers after {timeout} s")
            return list(self._papers)

    def wait_for_idle(self, timeout: float) -> None:
        """Wait until no host is connected and none waits; TimeoutError if that does not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._line is None and not self._knocking(), timeout):
                raise TimeoutError(f"still connected after {timeout} s")

    def inject(self, *faults: Fault) -> None:
        with self._changed:
            for fault in faults:
                self._device.inject(fault)
            self._move_door()

    def repair(self) -> None:
        """End all faults: paper in, cover closed, cable in. What was held back is printed."""
        with self._changed:
            self._answer(self._device.repair())
            self._collect()
            self._move_door()

    # -- the door: listening, refusing, or swallowing

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, self.port))
            listener.listen(8)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._listener = listener

    def _move_door(self) -> None:
        """Have it set by the thread that watches it: a socket closed under its `select` would go on listening."""
        if not self._thread.is_alive() or threading.current_thread() is self._thread:
            self._set_door()
            return
        self._door_moves = True
        self._wake.send(b".")
        self._changed.wait_for(lambda: not self._door_moves or not self._thread.is_alive(), 5)

    def _set_door(self) -> None:
        if self._device.has(FaultKind.REFUSED):
            if self._listener:
                self._listener.close()
                self._listener = None
        elif self._listener is None:
            self._listen()
        if self._device.has(FaultKind.BLACK_HOLE):
            self._plug()
        elif self._plugs:
            self._unplug()

    def _plug(self) -> None:
        """Fill the queue of connections, so that the kernel drops whatever knocks next."""
        if self._plugs or not self._listener:
            return
        self._listener.listen(0)
        for _ in range(4):
            plug = socket.socket()
            plug.setblocking(False)
            plug.connect_ex((_HOST, self.port))
            self._plugs.append(plug)

    def _unplug(self) -> None:
        for plug in self._plugs:
            plug.close()
        self._plugs = []
        if self._listener:
            with contextlib.suppress(BlockingIOError):
                while True:
                    self._listener.accept()[0].close()
            self._listener.listen(8)

    def _knocking(self) -> bool:
        return bool(self._listener and select.select([self._listener], [], [], 0)[0])

    # -- the thread

    def _serve(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                watched, wait = self._watched()
            ready = select.select(watched, [], [], wait)[0]
            with self._changed:
                if self._woken in ready:
                    self._woken.recv(4096)
                if self._door_moves:
                    self._set_door()
                    self._door_moves = False
                if self._listener in ready and not self._line:
                    self._accept()
                elif self._line in ready:
                    self._receive()
                self._send_due()
                self._collect()
                self._changed.notify_all()

    def _watched(self) -> tuple[list[socket.socket], float | None]:
        watched = [self._woken]
        if self._line:
            if self._device.room:
                watched.append(self._line)
        elif self._listener and not self._plugs:
            watched.append(self._listener)
        due = min((when for when, _ in self._answers), default=None)
        return watched, None if due is None else max(0.0, due - time.monotonic())

    def _accept(self) -> None:
        if self._listener is None or self._plugs:  # the door was closed while this thread waited at it
            return
        try:
            line, _ = self._listener.accept()
        except OSError:  # gone again
            return
        self._connections += 1
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line, self._was_reset = line, False
        if self._device.has(FaultKind.BUSY):
            self._drop(reset=True)
        else:
            self._answer(self._device.greeting())

    def _receive(self) -> None:
        if self._line is None:
            return
        try:
            data = self._line.recv(min(65536, self._device.room))
        except BlockingIOError:
            return
        except OSError:
            self._device.hang_up(reset=True)
            self._drop(reset=True)
            return
        if not data:
            self._device.hang_up(reset=self._was_reset)
            self._drop(reset=False)
            return
        reaction = self._device.receive(data)
        self._answer(reaction.answers)
        if reaction.broken:
            self._send_due()
            self._drop(reset=reaction.broken is not FaultKind.EOF)

    def _answer(self, data: bytes) -> None:
        if data and self._line:
            self._answers.append((time.monotonic() + self._device.late, data))

    def _send_due(self) -> None:
        now = time.monotonic()
        due = [data for when, data in self._answers if when <= now]
        self._answers = [(when, data) for when, data in self._answers if when > now]
        if self._line and due and not self._device.has(FaultKind.HANG):
            try:
                self._line.send(b"".join(due))
            except BlockingIOError:
                pass  # A host that does not read its answers loses them; the printer does not wait for it.
            except OSError:
                self._was_reset = True  # the kernel says so only once; what the host sent can still be read

    def _drop(self, *, reset: bool) -> None:
        if self._line is None:
            return
        if reset:
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._line.close()
        self._line = None
        self._answers = []

    def _collect(self) -> None:
        for paper in self._device.take_papers():
            self._papers.append(paper)
            if self._on_paper:
                self._on_paper(paper)
        self._changed.notify_all()
