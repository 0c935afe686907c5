"""A robot in front of the machine: taps controls by name with real events, and waits for what it sees.

For `gighall demo` and for the flow tests. It never sleeps: it lets Qt work until something is so, or gives up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.visit import Step
from ui.app import KioskApp

PATIENCE = 20.0  # seconds; longer than anything on the machine may take
SLICE_MS = 5


class RobotStuck(Exception):
    """What the robot waited for did not come; `waited_for` says what, without anything from the screen."""

    def __init__(self, waited_for: str, step: Step) -> None:
        super().__init__(f"{waited_for} did not come; the screen stands at {step}")


class Robot:
    def __init__(self, app: KioskApp) -> None:
        self._app = app

    @property
    def step(self) -> Step:
        return self._app.show_step()

    def until(self, condition: Callable[[], object], waited_for: str) -> None:
        """Let Qt work until the condition holds. Raises RobotStuck."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise RobotStuck(waited_for, self.step)
            QGuiApplication.processEvents()
            QTest.qWait(SLICE_MS)

    def see(self, *steps: Step) -> Step:
        """Wait until one of these steps is on the screen."""
        self.until(lambda: self.step in steps, " or ".join(steps))
        return self.step

    def tap(self, name: str) -> None:
        """Press the visible, enabled control of that objectName in its middle."""
        self.until(lambda: self._ready(name), f"control {name}")
        QTest.mouseClick(
            self._app.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._middle(name)
        )

    def type_digits(self, digits: str) -> None:
        for digit in digits:
            self.tap(f"key{digit}")

    def has(self, name: str) -> bool:
        return self._app.find(name) is not None

    def grab(self, path: Path) -> Path:
        """The window as a PNG, after Qt has painted what came last."""
        QGuiApplication.processEvents()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._app.grab(path)
        return path

    def _ready(self, name: str) -> bool:
        item = self._app.find(name)
        return item is not None and item.isEnabled() and item.width() > 0

    def _middle(self, name: str) -> QPoint:
        item = self._app.find(name)
        assert isinstance(item, QQuickItem)  # _ready
        return item.mapToScene(item.boundingRect().center()).toPoint()
