"""The tools of one rental, each at its own step: out, handed in, inspected, settled (T7; art. 5(四))."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.cards import LineCard, LineState, RentalCard, RentalState
from kiosk.tools.words import charge_text, money
from ui.counter.borrower import rental_id
from ui.counter.rental_page import photos_of
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.why import Why
from ui.counter.words import line_notes, moment_text

STATES = {
    LineState.OUT: "在外面",
    LineState.BACK: "收回了，等着验收",
    LineState.INSPECTED: "验收好了",
    LineState.SETTLED: "已结清",
}
LOST = ("本人说丢了", "本人说被偷了", "掉到找不回来的地方了")


class Back(CounterScreen):
    page = "Back"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._chosen: set[UUID] = set()
        self._losing: UUID | None = None
        self._why = Why(self, LOST, self.tr_)
        self._why.given.connect(self._lost)

    def enter(self) -> None:
        text, self.session.work.scanned = self.session.work.scanned, ""
        self._losing, self.session.work.returning = None, ()
        self.refresh()
        rental = rental_id(self.session.work.rental)
        self.session.ask(lambda: self.session.desks.rental.rental(rental), self._take)
        if text:
            self._choose_tool(text)

    why = Property(QObject, lambda self: self._why, constant=True)
    losing = Property(str, lambda self: self._losing_words(), notify=changed)
    who = Property(str, lambda self: self._rental.seeker_name, notify=changed)
    details = Property(str, lambda self: self._details(), notify=changed)
    late = Property(bool, lambda self: self._rental.overdue, notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    chosen = Property(int, lambda self: len(self._chosen), notify=changed)
    anyOut = Property(bool, lambda self: self._any(LineState.OUT), notify=changed)
    maySettle = Property(bool, lambda self: self._any(LineState.INSPECTED), notify=changed)
    closed = Property(bool, lambda self: self._rental.state is not RentalState.OUT, notify=changed)

    @property
    def _rental(self) -> RentalCard:
        assert self.session.work.rental is not None
        return self.session.work.rental

    def scanned(self, text: str) -> None:
        """A tag of this rental: that tool is in the hand. Any other code opens what it belongs to."""

        def found(card: RentalCard) -> None:
            if card.id == self._rental.id:
                self._choose_tool(text)
            else:
                self.session.work.rental, self.session.work.scanned = card, text
                self._chosen.clear()
                self.enter()

        self.session.ask(lambda: self.session.desks.returns.find(text), found)

    @Slot(str)
    def toggle(self, line: str) -> None:
        self._losing = None
        self._chosen ^= {UUID(line)}
        self.changed.emit()

    @Slot()
    def takeBack(self) -> None:
        """These are in the hand: the time for the rent stops now."""
        rental, lines = self._rental.id, [line.id for line in self._rental.lines if line.id in self._chosen]

        def take(card: RentalCard) -> None:
            self._chosen.clear()
            self._take(card)

        self.once(lambda by: self.session.desks.returns.take_back(by, rental, lines), take)

    @Slot(str)
    def inspect(self, line: str) -> None:
        self.session.work.line = self._line(line)
        self.session.open(Place.INSPECT)

    @Slot()
    def backdate(self) -> None:
        """These came back earlier, and nobody entered it."""
        lines = tuple(line.id for line in self._rental.lines if line.id in self._chosen)
        if lines:
            self.session.work.returning = lines
            self.session.open(Place.BACKDATE)

    @Slot(str)
    def askLost(self, line: str) -> None:
        """How it got lost, before it is entered; an empty `line` calls that off."""
        self._losing = UUID(line) if line else None
        self._why.ask()
        self.changed.emit()

    @Slot(str)
    def _lost(self, words: str) -> None:
        line, desk = self._losing, self.session.desks.returns
        if line is not None:
            self.once(lambda by: desk.report_lost(by, line, words), self._take)

    @Slot(str)
    def notLost(self, line: str) -> None:
        """It turned up before the money: it is looked at like any other."""
        desk = self.session.desks.returns
        self.once(lambda by: desk.not_lost(by, UUID(line)), self._take)

    @Slot(str)
    def look(self, line: str) -> None:
        self.session.work.photos = photos_of(self._line(line))
        self.session.open(Place.PHOTOS)

    @Slot(str)
    def dispute(self, line: str) -> None:
        self.session.work.line = self._line(line)
        self.session.open(Place.DISPUTE)

    @Slot()
    def settle(self) -> None:
        self.session.open(Place.SETTLE)

    def _choose_tool(self, text: str) -> None:
        def take(tool: UUID) -> None:
            line = next((line for line in self._rental.lines if line.tool_id == tool), None)
            if line is not None and line.state is LineState.OUT:
                self._chosen.add(line.id)
                self.changed.emit()

        # a receipt's code chooses no tool
        self.session.ask(lambda: self.session.desks.stock.by_tag(text).id, take, lambda error: None)

    def _take(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self._losing = None
        out = {line.id for line in card.lines if line.state is LineState.OUT}
        self._chosen &= out
        if len(out) == 1:
            self._chosen = out
        self.refresh()

    def _line(self, line: str) -> LineCard:
        return next(card for card in self._rental.lines if str(card.id) == line)

    def _losing_words(self) -> str:
        if self._losing is None:
            return ""
        line = self._line(str(self._losing))
        name = self.session.language.pick(line.model.name, line.model.name_en)
        return self.tr_("{name} 怎么丢的？要照价 {money} 赔", name=name, money=money(line.model.value))

    def _any(self, state: LineState) -> bool:
        return any(line.state is state for line in self._rental.lines)

    def _details(self) -> str:
        clock, language = self.session.clock, self.session.language
        due = moment_text(self._rental.due_at, clock, language)
        return f"{self._rental.number}　{self._rental.seeker_phone}　" + self.tr_("最晚 {time} 还", time=due)

    def _lines(self) -> list[dict[str, object]]:
        language = self.session.language
        return [
            {
                "id": str(line.id),
                "glyph": line.model.icon,
                "text": f"{language.pick(line.model.name, line.model.name_en)}　{line.tag}",
                "detail": f"{self.tr_(STATES[line.state])}　{self._so_far(line)}",
                "state": line.state.value,
                "chosen": line.id in self._chosen,
                "lost": line.lost and line.state is LineState.INSPECTED,
                "photos": len(photos_of(line)),
                "disputed": any(one.open for one in line.disputes),
                "notes": line_notes(line, self.session.clock, language),
            }
            for line in self._rental.lines
            if line.state in STATES
        ]

    def _so_far(self, line: LineCard) -> str:
        """Rent as of now or as fixed, with how it came about; deductions."""
        rent = charge_text(line.charge, self.session.language)
        words = self.tr_("租金 {money}（{derivation}）", money=money(line.charge.amount), derivation=rent)
        if line.deducted:
            words += self.tr_("，扣款 {money}", money=money(line.deducted))
        return words
