"""The last screen: where to be, when, whom to call; it goes by itself."""

from __future__ import annotations

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk import words
from ui.visit.phone import grouped
from ui.visit.screen import Screen
from ui.visit.session import Session


class Done(Screen):
    page = "Done"
    changed = Signal()
    counted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._left = 0
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self._count)

    def enter(self) -> None:
        self.refresh()
        self._count()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()

    facts = Property(dict, lambda self: self._facts(), notify=changed)
    left = Property(int, lambda self: self._left, notify=counted)

    @Slot()
    def finish(self) -> None:
        self.session.end()

    @Slot()
    def more(self) -> None:
        self.session.visit.jobs()
        self.session.go()

    @Slot()
    def _count(self) -> None:
        left = self.session.seconds_left()
        if left != self._left:
            self._left = left
            self.counted.emit()

    def _facts(self) -> dict[str, str]:
        handover, language = self.session.handover, self.session.language
        if handover is None:
            return {}
        card = handover.job
        return {
            "title": card.title,
            "glyph": card.icon,
            "pay": words.amount(card.pay),
            "unit": words.unit_text(card.pay_unit, language),
            "when": words.when_text(card, self.session.clock.today(), language),
            "place": card.place,
            "distance": words.km_text(card.km, language),
            "contact": f"{handover.contact_name}  {grouped(handover.contact_phone)}",
            "number": handover.slip_number,
            "until": words.moment_text(handover.valid_until, language),
        }
