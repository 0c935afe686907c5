"""Work off the GUI thread: `run(operation, then, or_else, lane)`, one thread a lane, answers on the GUI thread.

Operations are named functions of the desks. An answer that belongs to a visitor who has left is dropped:
`forget()` starts a new generation, and an answer of an older one reaches nobody (spec §6, wiped from memory).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
Then = Callable[[Any], object]
OrElse = Callable[[Exception], object]


class Background(QObject):
    """Create on the GUI thread; `then` and `or_else` are called there."""

    _finished = Signal(object)
    idle = Signal()  # nothing is under way any more

    def __init__(self, or_else: OrElse, parent: QObject | None = None) -> None:
        """`or_else` takes the errors of operations that bring no handler of their own."""
        super().__init__(parent)
        self._or_else = or_else
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._generation = 0
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
        """Operations of one lane run one after the other, lanes side by side."""
        if self._closed:
            return
        if lane not in self._lanes:
            self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=f"gighall-{lane}")
        self._under_way += 1
        generation = self._generation
        future = self._lanes[lane].submit(operation)
        future.add_done_callback(lambda done: self._tell(generation, done, then, or_else))

    @property
    def busy(self) -> bool:
        return self._under_way > 0

    def forget(self) -> None:
        """The visitor has left: nothing that was asked for so far is answered."""
        self._generation += 1

    def close(self) -> None:
        """Waits for what runs, drops what waits. No answer comes afterwards."""
        self._closed = True
        self.forget()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)

    def _tell(self, generation: int, done: Future[T], then: Then | None, or_else: OrElse | None) -> None:
        if not self._closed and not done.cancelled():
            self._finished.emit((generation, done, then, or_else))

    def _deliver(self, answer: tuple[int, Future[Any], Then | None, OrElse | None]) -> None:
        generation, done, then, or_else = answer
        self._under_way -= 1
        if generation == self._generation:
            error = done.exception()
            if error is None:
                if then is not None:
                    then(done.result())
            elif isinstance(error, Exception):
                (or_else or self._or_else)(error)
            else:
                raise error
        if not self.busy:
            self.idle.emit()
