"""A person before the kiosk: taps what it finds by name, on a real window, and waits for what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMetaObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlProperty, qmlContext
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.visit import Step
from tests.seekers.people import number
from ui.app import KioskApp
from ui.visit.screen import Screen

PATIENCE_MS = 20_000
_KINDS = {"QQuickAbstractButton", "QQuickMouseArea"}


class Robot:
    def __init__(self, app: KioskApp, qtbot: QtBot) -> None:
        self.app = app
        self._qtbot = qtbot

    # --- waiting ----------------------------------------------------------------------------------

    def until(self, stands: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(stands()), timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Everything asked for on the desk's lane is answered, and what follows from it is laid out."""
        self.until(lambda: not self.app.background.busy)
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.window.grabWindow()  # polishes and paints

    def at(self, step: Step) -> Robot:
        self.until(lambda: self.app.show_step() is step)
        return self

    # --- touching ---------------------------------------------------------------------------------

    def point(self, name: str) -> Any:
        self.until(lambda: self._touchable(name))
        item = self.app.find(name)
        assert item is not None
        self.app.window.grabWindow()
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()

    def tap(self, *names: str) -> Robot:
        for name in names:
            QTest.mouseClick(
                self.app.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(name)
            )
        return self

    def digits(self, text: str) -> Robot:
        return self.tap(*(f"key{digit}" for digit in text))

    def letters(self, text: str) -> Robot:
        return self.tap(*(f"letter_{letter}" for letter in text))

    def _touchable(self, name: str) -> bool:
        item = self.app.find(name)
        return item is not None and item.isEnabled()

    # --- looking ----------------------------------------------------------------------------------

    def see(self, prop: str) -> Any:
        """A property of the view model on the screen."""
        return self.model.property(prop)

    @property
    def model(self) -> Screen:
        return self.app.screen(self.app.show_step())

    def items(self, root: QQuickItem | None = None) -> Iterator[QQuickItem]:
        """What is visible, parents first."""
        root = root or self.app.window.contentItem()
        if root.isVisible() and root.opacity() > 0:
            yield root
            for child in root.childItems():
                yield from self.items(child)

    def controls(self) -> list[QQuickItem]:
        """What can be touched, apart from what is scrolled out of sight."""
        return [item for item in self.items() if is_control(item)]

    def named(self, start: str) -> list[str]:
        return sorted(item.objectName() for item in self.controls() if item.objectName().startswith(start))

    def picture(self, path: Path) -> Path:
        self.app.grab(path)
        return path

    # --- whole stretches of the road --------------------------------------------------------------

    def type_person(self, id_number: str, *syllables: str) -> Robot:
        """From the identify screen to whatever follows the name."""
        self.tap("typeNumber").at(Step.TYPE_NUMBER)
        self.digits(id_number).tap("next").at(Step.TYPE_NAME)
        for syllable in syllables:
            self.letters(syllable).tap("candidate0")
        return self.tap("next")

    def new_seeker(self, born: Any, order: int = 0) -> Robot:
        """A typed person, registered, before the list of jobs."""
        self.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
        self.type_person(number(born, order=order), "wang", "wei").at(Step.CONFIRM).tap("yes").at(Step.PHONE)
        self.digits("13900000001").at(Step.HARDSHIP).tap("next").at(Step.TRADES)
        self.until(lambda: self.named("trade_"))
        return self.tap(self.named("trade_")[0], "next").at(Step.JOBS)


def is_control(item: QQuickItem) -> bool:
    return bool(_KINDS & set(_kinds(item))) and accessible(item, "ignored") is not True


def _kinds(item: QQuickItem) -> Iterator[str]:
    """The names of its C++ classes."""
    meta: QMetaObject | None = item.metaObject()
    while meta is not None:
        yield str(meta.className())
        meta = meta.superClass()


def accessible(item: QQuickItem, what: str) -> Any:
    context = qmlContext(item)
    return QQmlProperty(item, f"Accessible.{what}", context).read() if context else None
