"""The staff's way in on a machine without a counter: the counter's window over the kiosk's, behind a PIN or a badge."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QWindow
from PySide6.QtQuick import QQuickWindow

from ui.counter_app import CounterApp


class StaffDoor(QObject):
    """Opens a counter made by `build` as a guest over the kiosk's window, and shuts it when staff leave or idle."""

    def __init__(self, build: Callable[[], CounterApp], kiosk: QQuickWindow) -> None:
        super().__init__()
        self._build = build
        self._kiosk = kiosk
        self.counter: CounterApp | None = None

    def open(self) -> None:
        if self.counter is not None:
            return
        self._hook = sys.excepthook
        self.counter = counter = self._build()
        counter.catch_bugs()
        counter.left.connect(
            self.shut, Qt.ConnectionType.QueuedConnection
        )  # not from within a tap on its own window
        if self._kiosk.visibility() == QWindow.Visibility.FullScreen:
            counter.window.showFullScreen()
        else:
            counter.window.setPosition(self._kiosk.position())
            counter.window.show()

    @Slot()
    def shut(self) -> None:
        """Whoever was signed in is forgotten."""
        if self.counter is None:
            return
        sys.excepthook = self._hook
        counter, self.counter = self.counter, None
        counter.close()
        counter.deleteLater()
