"""What comes back: found by its tag or its receipt, or in the list of what is out; what waits to be inspected first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.errors import NotFound
from kiosk.tools.cards import RentalCard, ToolCard, ToolState
from ui.counter.check import NUMBER_DIGITS, slip_number
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.typist import Digits
from ui.counter.words import moment_text, tools_text


@dataclass(frozen=True)
class _Seen:
    waiting: tuple[RentalCard, ...]
    out: tuple[RentalCard, ...]


class GiveBack(CounterScreen):
    page = "GiveBack"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._digits = Digits(self, NUMBER_DIGITS)
        self._digits.entered.connect(self._typed)
        self._seen: _Seen | None = None

    def enter(self) -> None:
        work = self.session.work
        work.rental, work.line, work.settled = None, None, None
        text, work.scanned = work.scanned, ""
        self.refresh()
        desks = self.session.desks
        self.session.ask(lambda: _Seen(desks.returns.waiting(), desks.register.out()), self._take)
        if text:
            self.scanned(text)

    digits = Property(QObject, lambda self: self._digits, constant=True)
    typed = Property(str, lambda self: slip_number(self._digits.typed), notify=changed)
    known = Property(bool, lambda self: self._seen is not None, notify=changed)
    rentals = Property(list, lambda self: self._rentals(), notify=changed)

    def scanned(self, text: str) -> None:
        def found(card: RentalCard) -> None:
            self.session.work.scanned = text
            self._open(card)

        def failed(error: Exception) -> None:
            if isinstance(error, NotFound):
                self.session.ask(lambda: self.session.desks.stock.by_tag(text), lying, lambda _: told(error))
            else:
                told(error)

        def lying(tool: ToolCard) -> None:
            if tool.state is ToolState.LOST:  # it turned up
                self.session.work.tool = tool
                self.session.open(Place.FOUND)
            else:
                told(NotFound(what="rental"))

        told = self.session.fail
        self.session.ask(lambda: self.session.desks.returns.find(text), found, failed)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._open(self._all()[at])

    def _open(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self.session.open(Place.BACK)

    @Slot()
    def _typed(self) -> None:
        if len(self._digits.typed) == NUMBER_DIGITS:
            text = slip_number(self._digits.typed)
            self._digits.clear()
            self.scanned(text)
        self.changed.emit()

    def _take(self, seen: _Seen) -> None:
        self._seen = seen
        self.changed.emit()

    def _all(self) -> list[RentalCard]:
        if self._seen is None:
            return []
        first = {card.id for card in self._seen.waiting}
        return [*self._seen.waiting, *(card for card in self._seen.out if card.id not in first)]

    def _rentals(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        waiting = {card.id for card in self._seen.waiting} if self._seen else set()
        found: list[dict[str, object]] = []
        for card in self._all():
            if card.id in waiting:
                side = self.tr_("等着验收")
            elif card.overdue:
                side = self.tr_("逾期")
            else:
                side = moment_text(card.due_at, clock, language)
            found.append(
                {
                    "text": f"{card.seeker_name}　{card.number}",
                    "detail": tools_text(card, language),
                    "side": side,
                    "late": card.overdue,
                    "waiting": card.id in waiting,
                }
            )
        return found
