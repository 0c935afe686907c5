"""Disputes that wait for an answer: what is said, the photos, the answer in words and what is given back."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import LineCard, LineState, RentalCard
from kiosk.tools.counter import DECIDING
from kiosk.tools.disputes import OpenDispute
from kiosk.tools.words import money
from ui.counter.rental_page import photos_of
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.typist import Money
from ui.counter.why import Why
from ui.counter.witness import Witness
from ui.counter.words import line_notes, moment_text

ANSWERS = ("查过了，扣款不变", "退一部分", "全部退还", "本人同意了，不再争")


class Disputes(CounterScreen):
    """Of everybody; of one person where that person is in hand."""

    page = "Disputes"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seeker = session.work.borrower.id if session.work.borrower else None
        self._found: tuple[OpenDispute, ...] | None = None
        self._chosen: UUID | None = None
        self._step = "list"  # list, words, money
        self._words = ""
        self._money = Money(self)
        self._money.entered.connect(self.changed)
        self._why = Why(self, ANSWERS, self.tr_)
        self._why.given.connect(self._said)
        self._witness = Witness(session, self, DECIDING)

    def enter(self) -> None:
        self._step = "list"
        self.refresh()
        desk, seeker = self.session.desks.disputes, self._seeker
        self.session.ask(lambda: desk.open(seeker), self._take)

    why = Property(QObject, lambda self: self._why, constant=True)
    witness = Property(QObject, lambda self: self._witness, constant=True)
    pad = Property(QObject, lambda self: self._money, constant=True)
    known = Property(bool, lambda self: self._found is not None, notify=changed)
    disputes = Property(list, lambda self: self._rows(), notify=changed)
    chosen = Property(int, lambda self: self._at(), notify=changed)
    step = Property(str, lambda self: self._step, notify=changed)
    said = Property(str, lambda self: self.tr_(self._one.dispute.words) if self._one else "", notify=changed)
    tool = Property(str, lambda self: self._tool(), notify=changed)
    notes = Property(list, lambda self: self._notes(), notify=changed)
    photos = Property(int, lambda self: len(self._photo_names()), notify=changed)
    settled = Property(bool, lambda self: self._settled(), notify=changed)
    answer = Property(str, lambda self: self.tr_(self._words) if self._words else "", notify=changed)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    most = Property(str, lambda self: money(self._one.left) if self._one else "", notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    def scanned(self, text: str) -> None:
        if self._witness.property("open"):
            self._witness.scanned(text)
        else:
            super().scanned(text)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._chosen = self._found[at].dispute.id if self._found else None
        self._step = "list"
        self.changed.emit()

    @Slot()
    def look(self) -> None:
        self.session.work.photos = self._photo_names()
        self.session.open(Place.PHOTOS)

    @Slot()
    def reply(self) -> None:
        self._step, self._words = "words", ""
        self._money.clear()
        self._why.ask()
        self.changed.emit()

    @Slot()
    def all(self) -> None:
        """Everything that can be given back."""
        if self._one is not None:
            self._money.set(f"{self._one.left / 100:.2f}".removesuffix(".00"))

    @Slot()
    def done(self) -> None:
        """A second person who may decide says so too."""
        if self._ready():
            self._witness.ask(self._confirmed)

    def _confirmed(self, second: Authority) -> None:
        one, words, fen = self._one, self._words, self._money.fen or 0
        desk = self.session.desks.disputes
        if one is None:
            return

        def take(_: RentalCard) -> None:
            self._chosen = None
            self.enter()
            if fen:
                self.session.say(self.tr_("答复好了，退还 {money}", money=money(fen)))
            else:
                self.session.say(self.tr_("答复好了"))

        self.once(lambda by: desk.answer(by, second, one.dispute.id, words, fen), take)

    @Slot(str)
    def _said(self, words: str) -> None:
        self._words, self._step = words, "money"
        if words == ANSWERS[2]:
            self.all()
        self.changed.emit()

    @property
    def _one(self) -> OpenDispute | None:
        return next((one for one in self._found or () if one.dispute.id == self._chosen), None)

    def _take(self, found: tuple[OpenDispute, ...]) -> None:
        self._found = found
        if self._one is None:
            self._chosen = found[0].dispute.id if found else None
        self.refresh()

    def _at(self) -> int:
        ids = [one.dispute.id for one in self._found or ()]
        return ids.index(self._chosen) if self._chosen in ids else -1

    def _line(self) -> LineCard | None:
        one = self._one
        if one is None:
            return None
        return next(line for line in one.rental.lines if line.id == one.dispute.line_id)

    def _settled(self) -> bool:
        line = self._line()
        return line is not None and line.state is LineState.SETTLED

    def _ready(self) -> bool:
        return self._one is not None and bool(self._words) and (self._money.fen or 0) <= self._one.left

    def _photo_names(self) -> tuple[str, ...]:
        line = self._line()
        return photos_of(line) if line else ()

    def _tool(self) -> str:
        line = self._line()
        if line is None:
            return ""
        return f"{self.session.language.pick(line.model.name, line.model.name_en)}　{line.tag}"

    def _notes(self) -> list[dict[str, str]]:
        line = self._line()
        return line_notes(line, self.session.clock, self.session.language) if line else []

    def _rows(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": f"{one.rental.seeker_name}　{one.rental.number}",
                "detail": self.tr_(one.dispute.words),
                "side": moment_text(one.dispute.raised_at, clock, language),
            }
            for one in self._found or ()
        ]
