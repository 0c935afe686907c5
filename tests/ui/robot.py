"""A person before the kiosk: taps what it finds by name, on a real window, and waits for what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from PySide6.QtCore import QEvent, QMetaObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlProperty, qmlContext
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

import ui.robot
from kiosk.visit import Step
from tests.seekers.people import number
from ui.app import KioskApp
from ui.visit.screen import Screen

_KINDS = {"QQuickAbstractButton", "QQuickMouseArea"}


class Robot(ui.robot.Robot):
    """The robot of the demo, waiting the way tests do, and what only tests ask of it."""

    def __init__(self, app: KioskApp, qtbot: QtBot) -> None:
        super().__init__(app)
        self._qtbot = qtbot

    # --- waiting ----------------------------------------------------------------------------------

    def until(self, stands: Callable[[], object], waited_for: str = "it") -> None:
        self._qtbot.waitUntil(lambda: bool(stands()), timeout=round(1000 * ui.robot.PATIENCE))

    def settle(self) -> None:
        """Everything asked for on the desk's lane is answered, and what follows from it is laid out."""
        self.until(lambda: not self.app.background.busy)
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.window.grabWindow()  # polishes and paints

    # --- touching ---------------------------------------------------------------------------------

    def point(self, name: str) -> QPoint:
        super().point(name)
        self.app.window.grabWindow()  # now it lies where it will stay
        return super().point(name)

    def letters(self, text: str) -> Self:
        return self.tap(*(f"letter_{letter}" for letter in text))

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

    # --- whole stretches of the road --------------------------------------------------------------

    def type_person(self, id_number: str, *syllables: str) -> Self:
        """From the identify screen to whatever follows the name."""
        self.tap("typeNumber").at(Step.TYPE_NUMBER)
        self.digits(id_number).tap("next").at(Step.TYPE_NAME)
        for syllable in syllables:
            self.letters(syllable).tap("candidate0")
        return self.tap("next")

    def new_seeker(self, born: Any, order: int = 0) -> Self:
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
