"""The phone number: the eleventh digit goes on by itself, and the next screen lets it be mended."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.seekers.registration import phone_stands
from ui.visit.screen import Screen
from ui.visit.session import Session

LENGTH = 11


class Phone(Screen):
    page = "Phone"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._digits = ""

    def enter(self) -> None:
        self._digits = self.session.visit.phone or ""
        self.changed.emit()

    digits = Property(str, lambda self: grouped(self._digits), notify=changed)
    left = Property(int, lambda self: LENGTH - len(self._digits), notify=changed)
    wrong = Property(bool, lambda self: not _may_stand(self._digits), notify=changed)
    ready = Property(bool, lambda self: phone_stands(self._digits), notify=changed)

    @Slot(str)
    def type(self, key: str) -> None:
        if len(self._digits) < LENGTH:
            self._digits += key
            self.changed.emit()
            self.done()

    @Slot()
    def erase(self) -> None:
        self._digits = self._digits[:-1]
        self.changed.emit()

    @Slot()
    def clear(self) -> None:
        self._digits = ""
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        if phone_stands(self._digits):
            self.session.visit.give_phone(self._digits)
            self.session.go()


def grouped(digits: str) -> str:
    """139 0000 1234."""
    return " ".join(part for part in (digits[:3], digits[3:7], digits[7:]) if part)


def _may_stand(digits: str) -> bool:
    """Whether the digits so far can still become a mobile number."""
    return phone_stands((digits + "13000000000"[len(digits) :])[:LENGTH]) if digits else True
