"""Python's cyclic rubbish is collected on the GUI thread, never on a worker's.

View models are QObjects and hang together in cycles. Left to itself, Python collects them on whichever thread happens
to allocate, the camera's above all, and a QObject destroyed off its own thread crashes Qt (seen in tests/flows).
"""

from __future__ import annotations

import atexit
import gc
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 2000


class Rubbish(QObject):
    """Collects young rubbish every two seconds, and everything once after `all_soon`."""

    _open: ClassVar[int] = 0
    _was_on: ClassVar[bool] = True
    _frozen: ClassVar[bool] = False

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if not Rubbish._open:
            Rubbish._was_on = gc.isenabled()
        Rubbish._open += 1
        gc.disable()
        Rubbish.imports_stay()
        self._all = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @classmethod
    def imports_stay(cls) -> None:
        """What stands by the first window, all the imports, is never looked through again."""
        if not cls._frozen:
            cls._frozen = True
            gc.freeze()
            atexit.register(gc.unfreeze)  # a library that counts its own at the end would call them leaked

    def all_soon(self) -> None:
        """A visitor has left: what belonged to the visit goes from memory with the next round."""
        self._all = True

    def close(self) -> None:
        """Collect all and, where this was the last one, leave it to whoever had it before."""
        Rubbish._open -= 1
        self._timer.stop()
        gc.collect()
        if not Rubbish._open and Rubbish._was_on:
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        gc.collect(2 if self._all else 1)
        self._all = False
