"""Deposit, rent and deductions come together; what goes back to the borrower leaves the drawer with it (T7, T10)."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import LineState, RentalCard, ReturnCard
from kiosk.tools.papers import document
from kiosk.tools.settlement import Quote
from kiosk.tools.words import DEDUCTIONS, charge_text, money
from ui.counter.borrower import rental_id
from ui.counter.paper import Paper
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.witness import Witness


class Settle(CounterScreen):
    page = "Settle"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._quote: Quote | None = None
        self._owing = False
        self._settling = False
        self._witness = Witness(session, self)

    def enter(self) -> None:
        self.refresh()
        rental = rental_id(self.session.work.rental)
        self.session.ask(lambda: self.session.desks.money.quote(rental), self._take)

    witness = Property(QObject, lambda self: self._witness, constant=True)
    who = Property(str, lambda self: self._rental.seeker_name, notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    needsSecond = Property(bool, lambda self: self._needs_second(), notify=changed)
    limit = Property(str, lambda self: money(self.session.settings.rental.claim_limit), constant=True)
    sums = Property(list, lambda self: self._sums(), notify=changed)
    refund = Property(str, lambda self: money(self._quote.refund) if self._quote else "", notify=changed)
    missing = Property(str, lambda self: money(self._quote.missing) if self._quote else "", notify=changed)
    short = Property(bool, lambda self: bool(self._quote and self._quote.missing), notify=changed)
    owing = Property(bool, lambda self: self._owing, notify=changed)
    known = Property(bool, lambda self: self._quote is not None and not self._settling, notify=changed)

    @property
    def _rental(self) -> RentalCard:
        assert self.session.work.rental is not None
        return self.session.work.rental

    def scanned(self, text: str) -> None:
        if self._witness.property("open"):
            self._witness.scanned(text)
        else:
            super().scanned(text)

    @Slot(bool)
    def owe(self, owing: bool) -> None:
        """What is missing is paid now, or stays owed."""
        self._owing = owing
        self.changed.emit()

    @Slot()
    def settle(self) -> None:
        """Far beyond the deposit, somebody else says so too."""
        if self._quote is None or self._settling:
            return
        if self._needs_second():
            self._witness.ask(self._settle)
        else:
            self._settle(None)

    def _settle(self, second: Authority | None) -> None:
        quote, rental, language = self._quote, self._rental.id, self.session.language
        if quote is None or self._settling:
            return
        self._settling = True
        paid = 0 if self._owing else quote.missing
        claim = quote.missing - paid
        desk = self.session.desks.money

        def take(card: ReturnCard) -> None:
            self.session.work.settled = card
            self.session.way[:] = [Place.HOME, Place.RETURN]  # nothing of this return is to be done twice
            self.session.open(Place.RETURNED)

        def refused(error: Exception) -> None:
            self._settling = False
            self.session.fail(error)
            self.enter()

        def settle(by: Authority) -> ReturnCard:
            return desk.settle(by, rental, paid, quote.lines, language, claim=claim, second=second)

        self.session.act(settle, take, refused)

    def _needs_second(self) -> bool:
        return self._quote is not None and self._quote.missing > self.session.settings.rental.claim_limit

    def _take(self, quote: Quote) -> None:
        self._quote = quote
        self.changed.emit()

    def _lines(self) -> list[dict[str, object]]:
        language = self.session.language
        found: list[dict[str, object]] = []
        for line in self._rental.lines:
            if line.state is not LineState.INSPECTED:
                continue
            taken = [
                {
                    "text": self.tr_(DEDUCTIONS[one.kind]) + language.pick("：", ": ") + self.tr_(one.reason),
                    "amount": money(one.amount),
                }
                for one in line.deductions
            ]
            found.append(
                {
                    "glyph": line.model.icon,
                    "text": f"{language.pick(line.model.name, line.model.name_en)}　{line.tag}",
                    "rent": money(line.charge.amount),
                    "derivation": charge_text(line.charge, language),
                    "deductions": taken,
                }
            )
        return found

    def _sums(self) -> list[dict[str, str]]:
        quote = self._quote
        if quote is None:
            return []
        rows = [("押金", quote.deposit), ("租金", -quote.rent), ("扣款", -quote.deducted)]
        return [{"text": self.tr_(text), "amount": money(amount)} for text, amount in rows]


class Returned(CounterScreen):
    """Settled: the receipt for both sides."""

    page = "Done"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._paper = Paper(session, self)

    def enter(self) -> None:
        self.refresh()
        if self.session.work.settled is not None:
            self._paper.follow(document("return", self.session.work.settled.id))

    def leave(self) -> None:
        self._paper.stop()

    paper = Property(QObject, lambda self: self._paper, constant=True)
    heading = Property(str, lambda self: self.tr_("结清了"), notify=changed)
    facts = Property(list, lambda self: self._facts(), notify=changed)
    again = Property(str, lambda self: self.tr_("再收一位"), notify=changed)

    @Slot()
    def next(self) -> None:
        self.session.back()

    def _facts(self) -> list[dict[str, str]]:
        card = self.session.work.settled
        if card is None:
            return []
        facts = [
            ("receipt-refund", card.refunded, "退给本人"),
            ("cash", card.paid, "收到"),
            ("alert-triangle", card.owed, "还欠着"),
            ("receipt-yuan", card.rent, "租金"),
            ("tools", card.deducted, "扣款"),
        ]
        return [
            {"glyph": glyph, "text": money(amount), "label": self.tr_(label)}
            for glyph, amount, label in facts
            if amount or label == "退给本人"
        ]
