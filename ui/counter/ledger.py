"""登记台账: every rental of some days, newest first (004 annex 4 art. 5(二); T9)."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Property, Signal, Slot

from kiosk.tools.cards import RentalCard, RentalState
from ui.counter.rental_page import STATES
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import moment_text, tools_text

SPANS = {1: "今天", 7: "7 天", 30: "30 天"}


class Ledger(CounterScreen):
    page = "Ledger"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._days = 7
        self._found: tuple[RentalCard, ...] | None = None
        self._disputes = 0

    def enter(self) -> None:
        self.refresh()
        today, first = self.session.clock.today(), self.session.clock.today() - timedelta(days=self._days - 1)
        desk = self.session.desks.register
        self.session.act(lambda by: desk.ledger(by, first, today), self._take)
        self.session.ask(self.session.desks.disputes.waiting, self._take_disputes)

    known = Property(bool, lambda self: self._found is not None, notify=changed)
    spans = Property(list, lambda self: self._spans(), notify=changed)
    rentals = Property(list, lambda self: self._rentals(), notify=changed)
    disputes = Property(int, lambda self: self._disputes, notify=changed)
    count = Property(str, lambda self: self.tr_("一共 {n} 单", n=len(self._found or ())), notify=changed)

    @Slot(int)
    def span(self, days: int) -> None:
        self._days = days
        self.enter()

    @Slot(int)
    def open(self, at: int) -> None:
        """The whole of it; from there one that is out is gone on with."""
        self.session.work.rental = self._newest()[at]
        self.session.open(Place.RENTAL)

    @Slot()
    def openDisputes(self) -> None:
        self.session.work.borrower = None
        self.session.open(Place.DISPUTES)

    def _take(self, found: tuple[RentalCard, ...]) -> None:
        self._found = found
        self.refresh()

    def _take_disputes(self, count: int) -> None:
        self._disputes = count
        self.changed.emit()

    def _newest(self) -> list[RentalCard]:
        return list(reversed(self._found or ()))

    def _spans(self) -> list[dict[str, object]]:
        return [
            {"days": days, "text": self.tr_(text), "chosen": days == self._days}
            for days, text in SPANS.items()
        ]

    def _rentals(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": f"{card.seeker_name}　{card.number}",
                "detail": moment_text(card.out_at or card.requested_at, clock, language)
                + "　"
                + tools_text(card, language),
                "side": self._side(card),
                "late": card.overdue,
                "out": card.state is RentalState.OUT,
            }
            for card in self._newest()
        ]

    def _side(self, card: RentalCard) -> str:
        """Its state, and what is unusual about it."""
        words = [self.tr_("逾期") if card.overdue else self.tr_(STATES[card.state])]
        if card.backdated_with or any(line.backdated_with for line in card.lines):
            words.append(self.tr_("补记"))
        if any(one.open for line in card.lines for one in line.disputes):
            words.append(self.tr_("有争议"))
        return self.session.language.pick("，", ", ").join(words)
