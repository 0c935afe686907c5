"""A member of staff before the counter: taps by name, and holds codes before the scanner."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.tools.shop import PIN
from tests.ui.robot import Robot
from ui.counter.session import Place
from ui.counter_app import CounterApp


class Clerk(Robot):
    def __init__(self, app: CounterApp, qtbot: QtBot) -> None:
        super().__init__(cast(Any, app), qtbot)
        self.counter = app

    def stands(self, place: Place) -> Clerk:
        self.until(lambda: self.counter.show_step() is place)
        self.settle()
        return self

    def tapped(self, *names: str) -> Clerk:
        """Each tap, and all that follows from it."""
        for name in names:
            self.scroll_to(name).tap(name)
            self.settle()
        return self

    def scroll_to(self, name: str) -> Clerk:
        """A finger would flick until the control lies within its list."""
        item = self.app.find(name)
        flick = item.parentItem() if item else None
        while flick is not None and not flick.inherits("QQuickFlickable"):
            flick = flick.parentItem()
        if item is None or flick is None:
            return self
        top = item.mapToItem(flick, QPointF(0, 0)).y()
        if top < 0 or top + item.height() > flick.height():
            y = item.mapToItem(flick.property("contentItem"), QPointF(0, 0)).y()
            most = max(0.0, flick.property("contentHeight") - flick.height())
            flick.setProperty("contentY", min(most, max(0.0, y - flick.height() / 2)))
            self.settle()
        return self

    def scan(self, code: str) -> Clerk:
        """A scanner types the code and Enter."""
        for character in code:
            QTest.keyClick(self.app.window, Qt.Key(ord(character.upper())))
        QTest.keyClick(self.app.window, Qt.Key.Key_Return)
        self.settle()
        return self

    def sign_in(self, index: int, pin: str = PIN) -> Clerk:
        """As the n-th of those who work here."""
        self.stands(Place.SIGN_IN)
        self.tapped(f"person{index}")
        self.digits(pin)
        return self.stands(Place.HOME)

    def type(self, digits: str) -> Clerk:
        """On the digit pad, and all that follows."""
        self.digits(digits).settle()
        return self

    @property
    def camera_state(self) -> str:
        """Of the photo panel on the screen."""
        return str(self.see("photos").property("state"))

    @property
    def message(self) -> str:
        return str(self.counter.session.message)

    def draw(self, name: str = "signature") -> Clerk:
        """A finger draws a wave on the pad."""
        item = self.app.find(name)
        assert item is not None
        window, left, none = self.app.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        points = [
            item.mapToScene(
                QPointF(item.width() * (0.2 + 0.06 * n), item.height() * (0.3 + 0.4 * (n % 2)))
            ).toPoint()
            for n in range(10)
        ]
        QTest.mousePress(window, left, none, points[0])
        for point in points:
            QTest.mouseMove(window, point)
        QTest.mouseRelease(window, left, none, points[-1])
        self.settle()
        return self

    def money(self, yuan: str) -> Clerk:
        return self.tapped(*("keyPoint" if key == "." else f"key{key}" for key in yuan))
