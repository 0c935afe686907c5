"""Who borrows: by slip, phone, ID number or name; or a rental that was begun and waits to be gone on with."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.seekers.registration import Admission
from kiosk.tools.borrowers import Block, BorrowerCard
from kiosk.tools.cards import RentalCard, RentalState
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.troubles import SENTENCES
from ui.counter.typist import Digits, Typist
from ui.counter.words import moment_text, tools_text

LONGEST = 18
LEAST_DIGITS = 4
PAUSE_MS = 250  # after the last key, before it is looked for
STATES = {
    RentalState.REQUESTED: "等着批",
    RentalState.APPROVED: "正在挑工具",
    RentalState.BRIEFED: "等着签字",
    RentalState.SIGNED: "等着收押金",
    RentalState.DEPOSITED: "等着交工具",
}
GO_ON = {
    RentalState.REQUESTED: Place.LEND,
    RentalState.APPROVED: Place.LEND,
    RentalState.BRIEFED: Place.SIGN,
    RentalState.SIGNED: Place.PAY,
    RentalState.DEPOSITED: Place.PAY,
}


class Borrower(CounterScreen):
    page = "Borrower"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._digits = Digits(self, LONGEST)
        self._writing = Typist(self, name=True)
        self._by_name = False
        self._found: tuple[BorrowerCard, ...] = ()
        self._waiting: tuple[RentalCard, ...] = ()
        self._asked_for = ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.find)
        for pad in (self._digits, self._writing):
            pad.entered.connect(self._typed)

    def enter(self) -> None:
        self.session.work.borrower = self.session.work.rental = self.session.work.earlier = None
        self.refresh()
        self.session.ask(self.session.desks.rental.waiting, self._take_waiting)

    title = Property(str, lambda self: self.tr_(self._title()), notify=changed)
    byName = Property(bool, lambda self: self._by_name, notify=changed)
    digits = Property(QObject, lambda self: self._digits, constant=True)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    typed = Property(str, lambda self: self._text(), notify=changed)
    looked = Property(bool, lambda self: bool(self._asked_for), notify=changed)
    people = Property(list, lambda self: self._people(), notify=changed)
    waiting = Property(list, lambda self: self._rentals(), notify=changed)

    @Slot(bool)
    def ask(self, by_name: bool) -> None:
        self._by_name = by_name
        self._digits.clear()
        self._writing.clear()

    @Slot(str)
    def choose(self, borrower: str) -> None:
        self._open(next(card for card in self._found if str(card.id) == borrower))

    @Slot(str)
    def goOn(self, rental: str) -> None:
        card = next(card for card in self._waiting if str(card.id) == rental)

        def take(borrower: BorrowerCard) -> None:
            self.session.work.borrower, self.session.work.rental = borrower, card
            self.session.open(GO_ON[card.state])

        self.session.ask(lambda: self.session.desks.borrowers.card(card.seeker_id), take)

    def scanned(self, text: str) -> None:
        """The slip of whoever stands there."""
        desks = self.session.desks

        def look() -> BorrowerCard | None:
            admission: Admission = desks.seekers.admit_by_code(text)
            seeker = admission.seeker
            return desks.borrowers.card(seeker.id) if seeker else None

        def take(card: BorrowerCard | None) -> None:
            if card is not None:
                self._open(card)

        self.session.ask(look, take)

    @Slot()
    def find(self) -> None:
        text = self._text()
        if self._by_name or len(text) >= LEAST_DIGITS:
            self._asked_for = text
            self.session.act(lambda by: self.session.desks.borrowers.find(by, text), self._take)

    @Slot()
    def _typed(self) -> None:
        self._found, self._asked_for = (), ""
        text = self._text()
        if text and (self._by_name or len(text) >= LEAST_DIGITS):
            self._pause.start()
        self.changed.emit()

    def _title(self) -> str:
        return "谁来借？"

    def _text(self) -> str:
        return self._writing.text if self._by_name else self._digits.typed

    def _take(self, found: tuple[BorrowerCard, ...]) -> None:
        self._found = found
        self.changed.emit()

    def _take_waiting(self, waiting: tuple[RentalCard, ...]) -> None:
        self._waiting = waiting
        self.changed.emit()

    def _open(self, card: BorrowerCard) -> None:
        work = self.session.work
        work.borrower = card
        work.rental = next((one for one in self._waiting if one.seeker_id == card.id), None)
        self.session.open(GO_ON[work.rental.state] if work.rental else Place.LEND)

    def _people(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "text": card.name,
                "detail": "　".join(part for part in (card.phone, card.masked_number) if part),
                "side": self.tr_(blocked(card)) if blocked(card) else "",
            }
            for card in self._found
        ]

    def _rentals(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "id": str(card.id),
                "text": card.seeker_name,
                "detail": tools_text(card, language) or moment_text(card.requested_at, clock, language),
                "side": self.tr_(STATES[card.state]),
                "kiosk": card.asked_at_kiosk,
            }
            for card in self._waiting
            if card.state in STATES
        ]


BLOCK_WORDS = {
    Block.OVERDUE: "有逾期",
    Block.OWING: "有欠款",
    Block.MINOR: "未满 18 岁",
    Block.UNIDENTIFIED: "要核对身份证",
    Block.TOO_MANY: "已到上限",
}


def blocked(card: BorrowerCard) -> str:
    """The first thing in the way, in a word; empty if there is nothing."""
    return BLOCK_WORDS[card.blocks[0]] if card.blocks else ""


def block_sentence(block: Block) -> str:
    return SENTENCES[block.value]


def rental_id(card: RentalCard | None) -> UUID:
    """Of the rental in hand; the screens that ask stand only with one."""
    assert card is not None
    return card.id
