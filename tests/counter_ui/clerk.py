"""A member of staff before the counter: taps by name, and holds codes before the scanner."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Qt
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
            self.tap(name)
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

    @property
    def message(self) -> str:
        return str(self.counter.session.message)
