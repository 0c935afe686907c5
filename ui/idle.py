"""Watches whether anybody is still there: every touch starts anew, silence warns, then wipes (design §6).

The rule itself is `kiosk.visit.IdleRule`; this only holds it against a clock that tests hand in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

TICK_MS = 250


class Rule(Protocol):
    @property
    def done_after(self) -> float: ...

    def warning_left(self, idle: float) -> int | None: ...


class IdleWatch(QObject):
    """`warned(seconds)` while the warning shows, `calmed` when a touch takes it away, `expired` once."""

    warned = Signal(int)
    calmed = Signal()
    expired = Signal()

    def __init__(self, rule: Rule, seconds: Callable[[], float], parent: QObject | None = None) -> None:
        """`seconds`: a clock that only goes forward."""
        super().__init__(parent)
        self._rule = rule
        self._seconds = seconds
        self._last_touch = seconds()
        self._watching = False
        self._last_screen = False
        self._left: int | None = None
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    @property
    def warning(self) -> bool:
        return self._left is not None

    def watch(self, watching: bool, *, last_screen: bool = False) -> None:
        """Not watching: nothing to wipe (the welcome screen). The last screen goes by itself, unwarned."""
        self._watching, self._last_screen = watching, last_screen
        self.touched()

    @Slot()
    def touched(self) -> None:
        self._last_touch = self._seconds()
        if self._left is not None:
            self._left = None
            self.calmed.emit()

    def done_left(self) -> int:
        """Whole seconds until the last screen goes by itself."""
        return max(0, -int(-(self._rule.done_after - (self._seconds() - self._last_touch)) // 1))

    @Slot()
    def check(self) -> None:
        if not self._watching:
            return
        idle = self._seconds() - self._last_touch
        if self._last_screen:
            left: int | None = None if idle < self._rule.done_after else 0
        else:
            left = self._rule.warning_left(idle)
        if left == 0:
            self.touched()
            self._watching = False
            self.expired.emit()
        elif left is not None and left != self._left:
            self._left = left
            self.warned.emit(left)
