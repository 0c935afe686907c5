"""A robot in front of the machine: taps controls by name with real events, and waits for what it sees.

For `gighall demo` and, with a test's own way of waiting, for the tests. It never sleeps: it lets Qt work until
something is so, or gives up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

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
        self.app = app

    @property
    def step(self) -> Step:
        return self.app.show_step()

    # --- waiting ----------------------------------------------------------------------------------

    def until(self, stands: Callable[[], object], waited_for: str = "it") -> None:
        """Let Qt work until the condition holds. Raises RobotStuck."""
        end = time.monotonic() + PATIENCE
        while not stands():
            if time.monotonic() > end:
                raise RobotStuck(waited_for, self.step)
            QGuiApplication.processEvents()
            QTest.qWait(SLICE_MS)

    def at(self, step: Step) -> Self:
        """Wait until this step is on the screen."""
        self.until(lambda: self.step is step, step)
        return self

    # --- touching ---------------------------------------------------------------------------------

    def tap(self, *names: str) -> Self:
        """Press visible, enabled controls of these objectNames in their middle, one after the other."""
        for name in names:
            QTest.mouseClick(
                self.app.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(name)
            )
        return self

    def digits(self, text: str) -> Self:
        return self.tap(*(f"key{digit}" for digit in text))

    def point(self, name: str) -> QPoint:
        """The middle of a control, once it can be touched, in the window."""
        self.until(lambda: self._touchable(name), f"control {name}")
        item = self.app.find(name)
        assert isinstance(item, QQuickItem)  # it is touchable
        return item.mapToScene(item.boundingRect().center()).toPoint()

    def _touchable(self, name: str) -> bool:
        item = self.app.find(name)
        return item is not None and item.isEnabled() and item.width() > 0

    # --- looking ----------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return self.app.find(name) is not None

    def picture(self, path: Path) -> Path:
        """The window as a PNG, after Qt has painted what came last."""
        QGuiApplication.processEvents()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.app.grab(path)
        return path
