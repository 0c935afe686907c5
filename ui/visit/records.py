"""我的记录: what one has rented and when it is due, what is owed, which slips for jobs one has (T9, S9)."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Property, Signal, Slot

from kiosk import words
from kiosk.clock import Clock
from kiosk.jobs.taken import ReferralState, TakenSlip
from kiosk.language import Language
from kiosk.tools.borrowers import Reminders
from kiosk.tools.cards import LineCard, LineState, RentalCard, RentalState
from ui.visit.screen import Screen
from ui.visit.session import Session

NOTHING = Reminders((), ())
STATES = {
    ReferralState.ISSUED: "{time} 前有效",
    ReferralState.MET: "见过面了，等结果",
    ReferralState.HIRED: "已经录用",
}


class Records(Screen):
    page = "Records"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._found: Reminders | None = None
        self._slips: tuple[TakenSlip, ...] = ()
        self._stopping = False

    def enter(self) -> None:
        self._found, self._slips, self._stopping = None, (), False
        self.refresh()
        self._look()

    rentals = Property(list, lambda self: self._list(), notify=changed)
    dues = Property(list, lambda self: self._dues(), notify=changed)
    known = Property(bool, lambda self: self._found is not None, notify=changed)
    slips = Property(list, lambda self: self._jobs(), notify=changed)
    empty = Property(bool, lambda self: self._found == NOTHING and not self._slips, notify=changed)
    overdue = Property(bool, lambda self: bool(self._found and self._found.overdue), notify=changed)
    seeker = Property(str, lambda self: self.session.person_name(), notify=changed)

    @Slot(int)
    def stop(self, at: int) -> None:
        """A wish nobody has approved is taken back."""
        if self._found is None or self._stopping:
            return
        self._stopping = True
        wish, desk = self._found.rentals[at].id, self.session.desks.rental
        self.session.background.run(
            lambda: desk.cancel(None, wish, "taken_back"), lambda _: self._look(), self._failed
        )

    @Slot()
    def notMe(self) -> None:
        self.session.not_me()

    @Slot()
    def finish(self) -> None:
        self.session.end()

    def _look(self) -> None:
        seeker, desk = self.session.visit.seeker, self.session.desks.borrowers
        taken = self.session.desks.taken
        if seeker is None:  # not written down, so there is nothing
            self._take((NOTHING, ()))
            return
        self.session.background.run(lambda: (desk.reminders(seeker.id), taken.of(seeker.id)), self._take)

    def _failed(self, error: Exception) -> None:
        self._stopping = False
        self.session.fail(error)

    def _take(self, found: tuple[Reminders, tuple[TakenSlip, ...]]) -> None:
        (self._found, self._slips), self._stopping = found, False
        self.changed.emit()

    def _list(self) -> list[dict[str, object]]:
        found = self._found or NOTHING
        return [rental_texts(card, self.session.clock, self.session.language) for card in found.rentals]

    def _jobs(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "title": slip.title,
                "number": slip.number,
                "glyph": slip.icon,
                "state": language.text(
                    STATES[slip.state], time=words.moment_text(clock.local(slip.valid_until), language)
                ),
            }
            for slip in self._slips
        ]

    def _dues(self) -> list[str]:
        found = self._found or NOTHING
        return [
            self.tr_(
                "凭条 {number} 还欠 {yuan} 元，请到窗口付",
                number=due.number,
                yuan=words.amount(due.still_owed),
            )
            for due in found.dues
        ]


def rental_texts(card: RentalCard, clock: Clock, language: Language) -> dict[str, object]:
    say = language.text
    out = card.state is RentalState.OUT
    shown = [line for line in card.lines if line.state is not LineState.DROPPED]
    waits = [line for line in shown if line.state is LineState.OUT] if out else shown
    due = ""
    if out and card.due_at is not None and waits:
        at = words.moment_text(clock.local(card.due_at), language)
        due = say("已经过了 {time}，请尽快来还" if card.overdue else "{time} 前还", time=at)
    elif out:
        due = say("还回来了，等窗口检查、退押金")
    elif card.state is RentalState.REQUESTED:
        at = words.moment_text(clock.local(card.valid_until), language)
        due = say("{time} 前到服务窗口，批准了就能拿", time=at)
    else:
        due = say("窗口已经批准，请到窗口接着办")
    rent = sum(line.charge.amount for line in shown)
    money = [say("押金 {yuan} 元", yuan=words.amount(card.deposit_held))] if card.deposit_held else []
    if out:
        money.append(say("到现在租金 {yuan} 元", yuan=words.amount(rent)))
    return {
        "number": card.number,
        "tools": names(waits or shown, language),
        "glyph": shown[0].model.icon if shown else "tool",
        "due": due,
        "money": money,
        "overdue": card.overdue,
        "stoppable": card.state is RentalState.REQUESTED and card.ours,
    }


def reminder_text(found: Reminders, language: Language) -> str:
    """What a person who came for something else is told: tools past their time, money not paid."""
    late = [
        line
        for rental in found.rentals
        if rental.overdue
        for line in rental.lines
        if line.state is LineState.OUT
    ]
    said = []
    if late:
        said.append(language.text("{tools} 过了时间没还，请尽快还到服务窗口", tools=names(late, language)))
    if found.owed:
        said.append(language.text("还欠 {yuan} 元，请到服务窗口付", yuan=words.amount(found.owed)))
    return language.pick("；", "; ").join(said)


def names(lines: list[LineCard], language: Language) -> str:
    """电锤、榔头 2 件."""
    counted = Counter(language.pick(line.model.name, line.model.name_en) for line in lines)
    return language.pick("、", ", ").join(
        name if n == 1 else language.text("{name} {n} 件", name=name, n=n) for name, n in counted.items()
    )
