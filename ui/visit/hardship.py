"""Groups that graded help serves first: optional ticks, one tap to skip (S5, S8)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.seekers.card import ASKED_HARDSHIPS, Hardship
from ui.visit.phone import grouped
from ui.visit.screen import Screen
from ui.visit.session import Session

_WORDS = {
    Hardship.LONG_WAITING: ("等活很久了", "好些天没有找到活", "hourglass"),
    Hardship.LOW_INCOME: ("家里困难", "低保、低收入家庭", "home-heart"),
    Hardship.DISABLED: ("有残疾证", "身体有残疾", "wheelchair"),
    Hardship.HARD_TO_PLACE: ("就业困难人员", "已经在社区登记过", "user-heart"),
}


class HardshipTicks(Screen):
    page = "HardshipTicks"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._ticked: set[Hardship] = set()

    def enter(self) -> None:
        self._ticked = set(self.session.visit.hardship or ()) & set(ASKED_HARDSHIPS)
        self.refresh()

    phone = Property(str, lambda self: grouped(self.session.visit.phone or ""), notify=changed)
    count = Property(int, lambda self: len(self._ticked), notify=changed)
    choices = Property(list, lambda self: self._choices(), notify=changed)

    @Slot(str)
    def toggle(self, key: str) -> None:
        self._ticked ^= {Hardship(key)}
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        self.session.visit.give_hardship(frozenset(self._ticked))
        self.session.go()

    @Slot()
    def changePhone(self) -> None:
        self.session.visit.change_phone()
        self.session.go()

    def _choices(self) -> list[dict[str, object]]:
        return [
            {
                "key": hardship.value,
                "text": self.tr_(_WORDS[hardship][0]),
                "detail": self.tr_(_WORDS[hardship][1]),
                "glyph": _WORDS[hardship][2],
                "ticked": hardship in self._ticked,
            }
            for hardship in ASKED_HARDSHIPS
        ]
