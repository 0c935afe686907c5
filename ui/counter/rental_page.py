"""One rental of the ledger, whole: when, what, what was found, charged, disputed and given back (T9; art. 5(二))."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, Signal, Slot

from kiosk.tools.cards import LineCard, LineState, RentalCard, RentalState, ReturnCard
from kiosk.tools.words import charge_text, money
from ui.counter.borrower import STATES as BEGUN
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import line_notes, moment_text

STATES = {
    **BEGUN,
    RentalState.OUT: "在外面",
    RentalState.CLOSED: "已还清",
    RentalState.REFUSED: "没批",
    RentalState.CANCELLED: "取消了",
    RentalState.LAPSED: "过期没取",
}
LINES = {
    LineState.WANTED: "还没有扫",
    LineState.HELD: "留着",
    LineState.OUT: "在外面",
    LineState.BACK: "收回了，等着验收",
    LineState.INSPECTED: "验收好了",
    LineState.SETTLED: "已结清",
    LineState.DROPPED: "没借",
}
DISPUTED = (LineState.INSPECTED, LineState.SETTLED)


@dataclass(frozen=True)
class _Seen:
    rental: RentalCard
    returns: tuple[ReturnCard, ...]


class RentalPage(CounterScreen):
    page = "RentalPage"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.rental is not None
        self._rental: RentalCard = session.work.rental
        self._returns: tuple[ReturnCard, ...] = ()

    def enter(self) -> None:
        self.session.work.rental = self._rental
        self.refresh()
        rental, desks = self._rental.id, self.session.desks
        self.session.ask(lambda: _Seen(desks.rental.rental(rental), desks.money.returns(rental)), self._take)

    who = Property(str, lambda self: self._rental.seeker_name, notify=changed)
    number = Property(str, lambda self: f"{self._rental.number}　{self._rental.seeker_phone}", notify=changed)
    state = Property(str, lambda self: self.tr_(STATES[self._rental.state]), notify=changed)
    late = Property(bool, lambda self: self._rental.overdue, notify=changed)
    facts = Property(list, lambda self: self._facts(), notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    out = Property(bool, lambda self: self._rental.state is RentalState.OUT, notify=changed)

    @Slot()
    def giveBack(self) -> None:
        self.session.open(Place.BACK)

    @Slot(int)
    def look(self, at: int) -> None:
        """The photos of this tool: of its damage, then of what is disputed."""
        self.session.work.photos = photos_of(self._rental.lines[at])
        self.session.open(Place.PHOTOS)

    @Slot(int)
    def dispute(self, at: int) -> None:
        self.session.work.line = self._rental.lines[at]
        self.session.open(Place.DISPUTE)

    def _take(self, seen: _Seen) -> None:
        self._rental = self.session.work.rental = seen.rental
        self._returns = seen.returns
        self.refresh()

    def _facts(self) -> list[dict[str, str]]:
        clock, language, rental = self.session.clock, self.session.language, self._rental
        found = [("calendar-event", moment_text(rental.requested_at, clock, language), "登记的时间")]
        if rental.out_at:
            left = moment_text(rental.out_at, clock, language)
            if rental.backdated_with:
                left += "　" + self.tr_("（补记，{name} 也证明）", name=rental.backdated_with)
            found.append(("door-exit", left, "借出"))
            found.append(("clock", moment_text(rental.due_at, clock, language), "最晚归还"))
        if rental.deposit_held:
            found.append(("cash", money(rental.deposit_held), "押着"))
        for row in self._returns:
            parts = [self.tr_("退 {money}", money=money(row.refunded))]
            if row.paid:
                parts.append(self.tr_("另收 {money}", money=money(row.paid)))
            if row.still_owed:
                parts.append(self.tr_("还欠 {money}", money=money(row.still_owed)))
            if row.given_back:
                parts.append(self.tr_("后来退还 {money}", money=money(row.given_back)))
            at = moment_text(row.settled_at, clock, language)
            found.append(
                ("receipt-yuan", f"{at}　" + self.session.language.pick("，", ", ").join(parts), "结算")
            )
        if rental.reason:
            found.append(("info-circle", self.tr_(rental.reason), "原因"))
        return [{"glyph": glyph, "text": text, "label": self.tr_(label)} for glyph, text, label in found]

    def _lines(self) -> list[dict[str, object]]:
        language, clock = self.session.language, self.session.clock
        rows: list[dict[str, object]] = []
        for at, line in enumerate(self._rental.lines):
            words = self.tr_("丢了") if line.lost and not line.found_at else self.tr_(LINES[line.state])
            if line.charge.lines:
                words += "　" + self.tr_(
                    "租金 {money}（{derivation}）",
                    money=money(line.charge.amount),
                    derivation=charge_text(line.charge, language),
                )
            rows.append(
                {
                    "at": at,
                    "glyph": line.model.icon,
                    "text": f"{language.pick(line.model.name, line.model.name_en)}　{line.tag}",
                    "detail": words,
                    "notes": line_notes(line, clock, language),
                    "photos": len(photos_of(line)),
                    "mayDispute": line.state in DISPUTED and not any(one.open for one in line.disputes),
                    "disputed": any(one.open for one in line.disputes),
                }
            )
        return rows


def photos_of(line: LineCard) -> tuple[str, ...]:
    return (*line.photos, *(name for dispute in line.disputes for name in dispute.photos))
