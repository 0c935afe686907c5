"""使用签字: the borrower signs with a finger (T3; art. 4)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, Signal, Slot

from kiosk.tools.cards import RentalCard
from kiosk.tools.words import money
from ui.counter.borrower import rental_id
from ui.counter.screen import CounterScreen
from ui.counter.session import Place
from ui.counter.words import tools_text


class Sign(CounterScreen):
    page = "Sign"
    changed = Signal()

    def enter(self) -> None:
        self.refresh()

    who = Property(str, lambda self: self._rental.seeker_name, notify=changed)
    tools = Property(str, lambda self: tools_text(self._rental, self.session.language), notify=changed)
    deposit = Property(str, lambda self: money(self._rental.deposit), notify=changed)

    @property
    def _rental(self) -> RentalCard:
        assert self.session.work.rental is not None
        return self.session.work.rental

    @Slot("QVariantList")
    def sign(self, strokes: list[Any]) -> None:
        """Strokes of points [x, y] in logical pixels, as the finger drew them."""
        rental = rental_id(self.session.work.rental)
        drawn = [[(round(x), round(y)) for x, y in stroke] for stroke in strokes]
        # nobody of staff signs for the borrower: the act takes no authority
        self.once(lambda _: self.session.desks.rental.sign(rental, drawn), self._take)

    def _take(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self.session.replace(Place.PAY)
