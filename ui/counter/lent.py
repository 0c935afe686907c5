"""Handed out: the receipt on its way to paper, and what to tell the borrower."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.papers import document
from ui.counter.borrower import rental_id
from ui.counter.paper import Paper
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import moment_text, tools_text


class Lent(CounterScreen):
    page = "Done"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._paper = Paper(session, self)

    def enter(self) -> None:
        self.refresh()
        self._paper.follow(document("rental", rental_id(self.session.work.rental)))

    def leave(self) -> None:
        self._paper.stop()

    paper = Property(QObject, lambda self: self._paper, constant=True)
    heading = Property(str, lambda self: self.tr_("借出去了"), constant=True)
    facts = Property(list, lambda self: self._facts(), notify=changed)
    again = Property(str, lambda self: self.tr_("再借一位"), constant=True)

    @Slot()
    def next(self) -> None:
        self.session.home()
        self.session.open(Place.BORROWER)

    def _facts(self) -> list[dict[str, str]]:
        card, language = self.session.work.rental, self.session.language
        if card is None:
            return []
        due = moment_text(card.due_at, self.session.clock, language)
        return [
            {"glyph": "user", "text": card.seeker_name, "label": card.number},
            {"glyph": "tools", "text": tools_text(card, language), "label": self.tr_("工具")},
            {"glyph": "clock", "text": due, "label": self.tr_("最晚归还")},
        ]
