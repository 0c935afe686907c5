"""The base of every view model of the counter: what the frame binds to, the way on, and what a scanner reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from ui.counter.session import Session
from ui.visit.screen import HALL

T = TypeVar("T")


class CounterScreen(QObject):
    """One while its screen lies on the way; made anew when it is opened again.

    The frame's properties change with `framed`, a screen's own with its own `changed` (see `ui.visit.screen`).
    """

    page = ""  # the QML file beside this one, without its ending
    changed: ClassVar[Signal]
    framed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._under_way = False
        session.said.connect(self.framed)
        session.named.connect(self.framed)

    def enter(self) -> None:
        """The screen is about to be shown; again after every return to it."""

    def leave(self) -> None:
        """Another screen follows."""

    def scanned(self, text: str) -> None:
        """A code was read while this screen is on top."""
        self.session.open_code(text)

    def once(
        self,
        operation: Callable[[Authority], T],
        then: Callable[[T], object],
        or_else: Callable[[Exception], object] | None = None,
        lane: str = "desk",
    ) -> None:
        """`Session.act` for what must not be done twice: further taps are nothing until it is answered."""
        if self._under_way:
            return
        self._under_way = True

        def done(answer: T) -> None:
            self._under_way = False
            then(answer)

        def failed(error: Exception) -> None:
            self._under_way = False
            (or_else or self.session.fail)(error)

        self.session.act(operation, done, failed, lane)

    def refresh(self) -> None:
        """Everything may read differently now."""
        self.framed.emit()
        self.changed.emit()

    def tr_(self, msgid: str, **values: object) -> str:
        return self.session.text(msgid, **values)

    hallName = Property(str, lambda self: self.session.hall_name or self.tr_(HALL), notify=framed)
    staffName = Property(str, lambda self: self._staff_name(), notify=framed)
    guest = Property(bool, lambda self: self.session.guest, constant=True)
    canBack = Property(bool, lambda self: len(self.session.way) > 1, notify=framed)
    message = Property(str, lambda self: self.session.message, notify=framed)
    tone = Property(str, lambda self: self.session.tone, notify=framed)

    @property
    def authority(self) -> Authority | None:
        return self.session.authority

    @Slot()
    def back(self) -> None:
        self.session.back()

    @Slot()
    def home(self) -> None:
        self.session.home()

    @Slot()
    def lock(self) -> None:
        """Quick switch: somebody else takes over."""
        self.session.lock()

    @Slot()
    def leaveCounter(self) -> None:
        self.session.left.emit()

    @Slot()
    def understood(self) -> None:
        self.session.say("")

    @Slot()
    def switchLanguage(self) -> None:
        self.session.switch_language()

    def _staff_name(self) -> str:
        return self.authority.name if self.authority and not self.session.locked else ""
