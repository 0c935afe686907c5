"""The base of every view model of the visit: what the frame of a screen binds to, and the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Property, QObject, Signal, Slot

if TYPE_CHECKING:
    from ui.visit.session import Session

HALL = "零工之家"


class Screen(QObject):
    """One a screen and visit; dropped with the visit.

    Two things PySide6 6.11 wants here. A property's notifier must be a signal of its own class (a base class's is not
    found, and QML crashes): the frame's properties change with `framed`, a screen's own with its own `changed`. And
    whatever a signal is connected to must be a `@Slot`: a plain method gives the object a new meta-object, of which
    QML keeps a dangling copy.
    """

    page = ""  # the QML file beside this one, without its ending
    changed: ClassVar[Signal]
    framed = Signal()
    languageSwitch = Property(bool, lambda self: self.has_language_switch, constant=True)
    has_language_switch = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def enter(self) -> None:
        """The screen is about to be shown; again after every return to it."""

    def leave(self) -> None:
        """Another screen follows."""

    @Slot()
    def refresh(self) -> None:
        """Everything may read differently now."""
        self.framed.emit()
        self.changed.emit()

    def tr_(self, msgid: str, **values: object) -> str:
        return self.session.language.text(msgid, **values)

    hallName = Property(str, lambda self: self._hall_name(), notify=framed)
    progress = Property(int, lambda self: self._progress(), notify=framed)
    canBack = Property(bool, lambda self: self._can_back(), notify=framed)
    canLeave = Property(bool, lambda self: self._can_leave(), notify=framed)

    @Slot()
    def back(self) -> None:
        self.session.visit.back()
        self.session.go()

    @Slot()
    def leaveNow(self) -> None:
        """不办了: wipe and welcome the next."""
        self.session.end()

    @Slot()
    def help(self) -> None:
        self.session.help()

    @Slot()
    def switchLanguage(self) -> None:
        self.session.switch_language()

    def _hall_name(self) -> str:
        return self.session.hall_name or self.tr_(HALL)

    def _progress(self) -> int:
        return self.session.visit.progress or 0

    def _can_back(self) -> bool:
        return self.session.visit.can_go_back

    def _can_leave(self) -> bool:
        return self.session.started
