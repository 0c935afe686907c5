"""A barcode scanner that types like a keyboard: letters, then Enter. Nothing else on the counter takes keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

PAUSE = 1.0  # seconds; a scanner types a code in less
LONGEST = 200


class Scanner(QObject):
    """Watches a window. `scanned` gives one whole code."""

    scanned = Signal(str)

    def __init__(self, window: QObject, seconds: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._typed = ""
        self._last = 0.0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        now = self._seconds()
        if now - self._last > PAUSE:
            self._typed = ""
        self._last = now
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            text, self._typed = self._typed.strip(), ""
            if text:
                self.scanned.emit(text)
            return True
        if event.text().isprintable() and len(self._typed) < LONGEST:
            self._typed += event.text()
        return False
