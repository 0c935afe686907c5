"""Putting tools aside for somebody: staff look at the card, say yes, and scan tag after tag (T1; art. 4 先批后租)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.errors import Refused
from kiosk.staff.accounts import Authority
from kiosk.tools.borrowers import Block, BorrowerCard
from kiosk.tools.cards import LineState, RentalCard, RentalState
from kiosk.tools.words import money, tariff_text
from ui.counter.borrower import GO_ON, block_sentence, rental_id
from ui.counter.check import NUMBER_DIGITS, slip_number
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.typist import Digits
from ui.counter.why import Why
from ui.counter.words import moment_text

REFUSALS = ("工具要留给别人", "说不清用在哪里", "本人要求取消")  # or in one's own words
REOPENED_FROM = (RentalState.BRIEFED, RentalState.SIGNED)
SHOWN = (LineState.WANTED, LineState.HELD)


class Lend(CounterScreen):
    page = "Lend"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.borrower is not None
        self._borrower: BorrowerCard = session.work.borrower
        self._digits = Digits(self, NUMBER_DIGITS)
        self._digits.entered.connect(self._typed)
        self._stopping = False
        self._disputes = 0
        self._why = Why(self, REFUSALS, self.tr_)
        self._why.given.connect(self._stop)

    def enter(self) -> None:
        self._stopping = False
        self.refresh()
        seeker = self._borrower.id
        self.session.ask(lambda: self.session.desks.disputes.waiting(seeker), self._take_disputes)

    digits = Property(QObject, lambda self: self._digits, constant=True)
    typed = Property(str, lambda self: slip_number(self._digits.typed), notify=changed)
    who = Property(str, lambda self: self._borrower.name, notify=changed)
    details = Property(str, lambda self: self._details(), notify=changed)
    unidentified = Property(bool, lambda self: Block.UNIDENTIFIED in self._borrower.blocks, notify=changed)
    hindrance = Property(str, lambda self: self._hindrance(), notify=changed)
    owed = Property(str, lambda self: self._owed(), notify=changed)
    toApprove = Property(bool, lambda self: self._state is RentalState.REQUESTED, notify=changed)
    mayScan = Property(bool, lambda self: self._may_scan(), notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    deposit = Property(str, lambda self: money(self._rental.deposit if self._rental else 0), notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)
    begun = Property(bool, lambda self: self._rental is not None, notify=changed)
    mayReopen = Property(bool, lambda self: self._state in REOPENED_FROM, notify=changed)
    stopping = Property(bool, lambda self: self._stopping, notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)
    disputes = Property(int, lambda self: self._disputes, notify=changed)
    earlier = Property(str, lambda self: earlier_words(self.session), notify=changed)

    @property
    def _rental(self) -> RentalCard | None:
        return self.session.work.rental

    @property
    def _state(self) -> RentalState | None:
        return self._rental.state if self._rental else None

    @Slot()
    def confirmIdentity(self) -> None:
        """Staff looked at the ID card and at the face."""
        seeker = self._borrower.id

        def take(card: BorrowerCard) -> None:
            self._borrower = self.session.work.borrower = card
            self.refresh()

        self.session.act(lambda by: self.session.desks.borrowers.confirm_identity(by, seeker), take)

    @Slot()
    def payDues(self) -> None:
        """Everything this person owes, paid at once into the drawer."""
        desks, seeker, language = self.session.desks, self._borrower.id, self.session.language

        def pay(by: Authority) -> BorrowerCard:
            for due in desks.borrowers.reminders(seeker).dues:
                desks.money.pay_due(by, due.id, due.still_owed, language)
            return desks.borrowers.card(seeker)

        def take(card: BorrowerCard) -> None:
            self._borrower = self.session.work.borrower = card
            self.session.say(self.tr_("欠款结清了"))
            self.refresh()

        self.once(pay, take)

    @Slot()
    def approve(self) -> None:
        rental = rental_id(self._rental)
        self.once(lambda by: self.session.desks.rental.approve(by, rental), self._take)

    @Slot()
    def askStop(self) -> None:
        """Asks why, before it is refused or given up."""
        self._stopping = not self._stopping
        self._why.ask()
        self.changed.emit()

    @Slot()
    def backdate(self) -> None:
        """昨天忘了登记: these tools have left already."""
        self.session.work.returning = ()
        self.session.open(Place.BACKDATE)

    @Slot()
    def notEarlier(self) -> None:
        """They leave now after all."""
        self.session.work.earlier = None
        self.changed.emit()

    @Slot()
    def answerDisputes(self) -> None:
        self.session.open(Place.DISPUTES)

    @Slot(str)
    def _stop(self, reason: str) -> None:
        rental, desk = rental_id(self._rental), self.session.desks.rental
        asked = self._state is RentalState.REQUESTED
        self.session.act(
            lambda by: desk.refuse(by, rental, reason) if asked else desk.cancel(by, rental, reason),
            self._stopped,
        )

    def scanned(self, text: str) -> None:
        """One more tool; the first one begins the rental."""
        if not self._may_scan():
            self.session.say(self.tr_(self._why_not()), "error")
            return
        desk, seeker = self.session.desks.rental, self._borrower.id
        begun = self._rental

        def put_aside(by: Authority) -> RentalCard:
            # the tag is looked at first, so that a wrong one begins nothing
            self.session.desks.stock.by_tag(text)
            card = begun
            if card is None:
                card = self._begin(by, seeker)
            return desk.scan(by, card.id, text)

        self.session.act(put_aside, self._take, self._refused)

    @Slot(str)
    def drop(self, line: str) -> None:
        rental = rental_id(self._rental)
        self.session.act(lambda by: self.session.desks.rental.drop(by, rental, UUID(line)), self._take)

    @Slot()
    def goOn(self) -> None:
        if self._ready() and self._state is not None:
            self.session.open(Place.BRIEF if self._state is RentalState.APPROVED else GO_ON[self._state])

    @Slot()
    def reopen(self) -> None:
        """Back to choosing tools; notice, checklist and signature are given anew."""
        rental = rental_id(self._rental)
        self.session.act(lambda by: self.session.desks.rental.reopen(by, rental), self._take)

    def _begin(self, by: Authority, seeker: UUID) -> RentalCard:
        desk = self.session.desks.rental
        try:
            card = desk.request(seeker, (), by)
        except Refused as error:
            if error.context.get("reason") != "request_open":
                raise
            card = desk.rental(UUID(str(error.context["rental"])))
        return desk.approve(by, card.id) if card.state is RentalState.REQUESTED else card

    @Slot()
    def _typed(self) -> None:
        if len(self._digits.typed) == NUMBER_DIGITS:
            text = slip_number(self._digits.typed)
            self._digits.clear()
            self.scanned(text)
        self.changed.emit()

    def _take(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self.session.say("")
        self.refresh()

    def _refused(self, error: Exception) -> None:
        """A rental may have been begun all the same: go on with that one."""
        self.session.fail(error)
        seeker = self._borrower.id

        def take(waiting: tuple[RentalCard, ...]) -> None:
            mine = next((card for card in waiting if card.seeker_id == seeker), None)
            if mine is not None:
                self.session.work.rental = mine
                if GO_ON[mine.state] is not Place.LEND:
                    self.session.replace(GO_ON[mine.state])
            self.refresh()

        self.session.ask(self.session.desks.rental.waiting, take)

    def _stopped(self, card: RentalCard) -> None:
        self.session.work.rental = None
        self.session.back()
        self.session.say(self.tr_("记下了，不借了"))

    def _take_disputes(self, count: int) -> None:
        self._disputes = count
        self.changed.emit()

    def _may_scan(self) -> bool:
        return not self._borrower.blocks and self._state in (None, RentalState.APPROVED)

    def _why_not(self) -> str:
        if self._borrower.blocks:
            return block_sentence(self._borrower.blocks[0])
        return "请先点“同意借”" if self._state is RentalState.REQUESTED else "要加工具，请先点“改工具”"

    def _hindrance(self) -> str:
        others = [block for block in self._borrower.blocks if block is not Block.UNIDENTIFIED]
        return self.tr_(block_sentence(others[0])) if others else ""

    def _owed(self) -> str:
        owed = self._borrower.standing.owed
        return money(owed) if owed else ""

    def _ready(self) -> bool:
        lines = [line for line in self._rental.lines if line.state in SHOWN] if self._rental else []
        held = bool(lines) and all(line.state is LineState.HELD for line in lines)
        return held and self._state not in (None, RentalState.REQUESTED)

    def _details(self) -> str:
        standing = self._borrower.standing
        parts = [self._borrower.phone, self._borrower.masked_number]
        if standing.in_hand:
            parts.append(self.tr_("手里还有 {n} 件", n=standing.in_hand))
        return "　".join(part for part in parts if part)

    def _lines(self) -> list[dict[str, object]]:
        language = self.session.language
        return [
            {
                "id": str(line.id),
                "glyph": line.model.icon,
                "text": language.pick(line.model.name, line.model.name_en),
                "detail": (line.tag + "　" if line.tag else "") + tariff_text(line.tariff, language),
                "deposit": money(line.deposit),
                "wanted": line.state is LineState.WANTED,
            }
            for line in (self._rental.lines if self._rental else ())
            if line.state in SHOWN
        ]


def earlier_words(session: Session) -> str:
    """When what is being lent really left, and who says so; empty where it leaves now."""
    earlier = session.work.earlier
    if earlier is None:
        return ""
    at = moment_text(earlier.at, session.clock, session.language)
    return session.text("补记：{time} 拿走的，{name} 也证明", time=at, name=earlier.second.name)
