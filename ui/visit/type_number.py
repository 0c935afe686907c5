"""Typing the number of the card; what no further digit can mend is told at once (S2)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.identity import number
from kiosk.identity.document import Problem
from ui.visit.problems import sentence
from ui.visit.screen import Screen


class TypeNumber(Screen):
    page = "TypeNumber"
    changed = Signal()

    def enter(self) -> None:
        self.changed.emit()

    digits = Property(str, lambda self: _grouped(self.session.typed_number), notify=changed)
    left = Property(int, lambda self: number.LENGTH - len(self.session.typed_number), notify=changed)
    problem = Property(str, lambda self: self._problem(), notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    @Slot(str)
    def type(self, key: str) -> None:
        typed = self.session.typed_number
        if len(typed) < number.LENGTH:
            self.session.typed_number = typed + key
            self.changed.emit()

    @Slot()
    def erase(self) -> None:
        self.session.typed_number = self.session.typed_number[:-1]
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        if self._ready():
            self.session.visit.type_name()
            self.session.go()

    def _found(self) -> Problem | None:
        return number.live_check(self.session.typed_number, self.session.clock.today())

    def _problem(self) -> str:
        found = self._found()
        return self.tr_(sentence(found)) if found else ""

    def _ready(self) -> bool:
        return len(self.session.typed_number) == number.LENGTH and self._found() is None


def _grouped(digits: str) -> str:
    """Region, day of birth, rest: as printed on no card, but as people read it out."""
    return " ".join(part for part in (digits[:6], digits[6:14], digits[14:]) if part)
