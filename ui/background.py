"""Work off the GUI thread: `run(operation, then, or_else, lane)`, one thread a lane, answers on the GUI thread.

Operations are named functions of the desks. An answer that belongs to a visitor who has left is dropped: `forget()`
tears up the tickets that wait for one, so that it reaches nobody (spec §6, wiped from memory). A worker holds only the
operation and a ticket number, never what will hear the answer: those are Qt objects, which must not end on its thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")
Then = Callable[[Any], object]
OrElse = Callable[[Exception], object]


class Background(QObject):
    """Create on the GUI thread; `then` and `or_else` are called there."""

    _finished = Signal(object)  # (ticket, future)

    def __init__(self, or_else: OrElse, parent: QObject | None = None) -> None:
        """`or_else` takes the errors of operations that bring no handler of their own."""
        super().__init__(parent)
        self._or_else = or_else
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._tickets: dict[int, tuple[Then | None, OrElse | None]] = {}
        self._last_ticket = 0
        self._under_way = 0
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        operation: Callable[[], T],
        then: Callable[[T], object] | None = None,
        or_else: OrElse | None = None,
        lane: str = "desk",
    ) -> None:
        """Operations of one lane run one after the other, lanes side by side.

        `operation` must hold no Qt object that may end before the app does.
        """
        if self._closed:
            return
        if lane not in self._lanes:
            self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=f"gighall-{lane}")
        self._under_way += 1
        self._last_ticket += 1
        ticket = self._last_ticket
        self._tickets[ticket] = (then, or_else)
        self._lanes[lane].submit(operation).add_done_callback(lambda done: self._tell(ticket, done))

    @property
    def busy(self) -> bool:
        return self._under_way > 0

    def forget(self) -> None:
        """The visitor has left: nothing that was asked for so far is answered."""
        self._tickets.clear()

    def close(self) -> None:
        """Waits for what runs, drops what waits. No answer comes afterwards."""
        self._closed = True
        self.forget()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)

    def _tell(self, ticket: int, done: Future[Any]) -> None:
        if not self._closed and not done.cancelled():
            self._finished.emit((ticket, done))

    @Slot(object)
    def _deliver(self, answer: tuple[int, Future[Any]]) -> None:
        ticket, done = answer
        self._under_way -= 1
        if ticket not in self._tickets:
            return
        then, or_else = self._tickets.pop(ticket)
        error = done.exception()
        if error is None:
            if then is not None:
                then(done.result())
        elif isinstance(error, Exception):
            (or_else or self._or_else)(error)
        else:
            raise error
