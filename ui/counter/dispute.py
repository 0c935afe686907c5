"""有争议: what the borrower does not agree with, in words and photos; it waits for an answer by two people."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import LineCard, RentalCard
from kiosk.tools.words import money
from ui.counter.photo_taker import PhotoTaker
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.why import Why

SAYINGS = ("借来的时候就坏了", "不是我弄坏的", "扣得太多", "时间算得不对", "配件当时就没有")


class NewDispute(CounterScreen):
    page = "Dispute"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.line is not None
        self._line: LineCard = session.work.line
        self._words = ""
        self._photos = PhotoTaker(session, self)
        self._photos.taken.connect(self.changed)
        self._why = Why(self, SAYINGS, self.tr_)
        self._why.given.connect(self._said)

    def enter(self) -> None:
        self.refresh()

    def leave(self) -> None:
        self._photos.close()

    why = Property(QObject, lambda self: self._why, constant=True)
    photos = Property(QObject, lambda self: self._photos, constant=True)
    glyph = Property(str, lambda self: self._line.model.icon, notify=changed)
    tool = Property(str, lambda self: self._tool(), notify=changed)
    charged = Property(str, lambda self: self._charged(), notify=changed)
    words = Property(str, lambda self: self.tr_(self._words) if self._words else "", notify=changed)
    ready = Property(bool, lambda self: bool(self._words), notify=changed)

    @Slot()
    def unsay(self) -> None:
        """Other words after all."""
        self._words = ""
        self._why.ask()
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        line, words, pictures = self._line.id, self._words, self._photos.pictures
        desk, shelf = self.session.desks.disputes, self.session.desks.photos

        def note(by: Authority) -> RentalCard:
            with shelf.kept(pictures) as names:
                return desk.note(by, line, words, names)

        def take(card: RentalCard) -> None:
            self.session.work.rental = card
            self.session.back()
            self.session.say(self.tr_("争议记下了，等负责人答复"))

        self.once(note, take)

    @Slot(str)
    def _said(self, words: str) -> None:
        self._words = words
        self.changed.emit()

    def _tool(self) -> str:
        return self.session.language.pick(self._line.model.name, self._line.model.name_en)

    def _charged(self) -> str:
        rent, deducted = money(self._line.charge.amount), money(self._line.deducted)
        return self._line.tag + "　" + self.tr_("租金 {rent}，扣款 {deducted}", rent=rent, deducted=deducted)
