"""盘点: choose a place, scan what lies there, book what does not agree, with a reason and a second person (T8).

A count that was begun is gone on with, also by another person.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import CountCard, CountResult, ToolCard, ToolState
from kiosk.tools.counter import DECIDING
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.stock import STATES
from ui.counter.why import Why
from ui.counter.witness import Witness
from ui.counter.words import moment_text, tool_text

WHY_MISSING = ("找遍了没有", "可能被人拿走", "借出时忘了登记", "以前报废忘了登记")


class Counts(CounterScreen):
    """Where to count, and what was counted before."""

    page = "Counts"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._places: tuple[str, ...] = ()
        self._counts: tuple[CountCard, ...] = ()

    def enter(self) -> None:
        self.refresh()
        desks = self.session.desks
        self.session.ask(lambda: (desks.stock.places(), desks.counts.counts()), self._take)

    places = Property(list, lambda self: list(self._places), notify=changed)
    counts = Property(list, lambda self: self._count_rows(), notify=changed)

    @Slot(str)
    def start(self, place: str) -> None:
        """Empty: everything."""

        def take(count: UUID) -> None:
            self.session.work.count = count
            self.session.open(Place.COUNTING)

        self.once(lambda by: self.session.desks.counts.start(by, place), take)

    @Slot(int)
    def goOn(self, at: int) -> None:
        if self._counts[at].finished_at is None:
            self.session.work.count = self._counts[at].id
            self.session.open(Place.COUNTING)

    def scanned(self, text: str) -> None:
        """A count is begun first."""

    def _take(self, found: tuple[tuple[str, ...], tuple[CountCard, ...]]) -> None:
        self._places, self._counts = found
        self.changed.emit()

    def _count_rows(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        rows: list[dict[str, object]] = []
        for card in self._counts:
            open_ = card.finished_at is None
            wrong = card.missing + card.unexpected
            if open_:
                side = self.tr_("没数完，接着数")
            elif wrong:
                side = self.tr_("少 {missing}，多 {more}", missing=card.missing, more=card.unexpected)
            else:
                side = self.tr_("都对")
            rows.append(
                {
                    "text": card.place or self.tr_("全部"),
                    "detail": "　".join(
                        (
                            moment_text(card.started_at, clock, language),
                            card.started_by,
                            self.tr_("数了 {n} 件", n=card.seen),
                        )
                    ),
                    "side": side,
                    "open": open_,
                    "wrong": bool(wrong) or open_,
                }
            )
        return rows


class Counting(CounterScreen):
    """One count: scanning, then what does not agree."""

    page = "Counting"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.count is not None
        self._id: UUID = session.work.count
        self._result: CountResult | None = None
        self._last: ToolCard | None = None
        self._state = "scan"  # scan, differences, why
        self._asked: ToolCard | None = None  # the difference in hand
        self._why = Why(self, WHY_MISSING, self.tr_)
        self._why.given.connect(self._reasoned)
        self._witness = Witness(session, self, DECIDING)

    def enter(self) -> None:
        self.refresh()
        self._look()
        found = self._asked
        if found is not None and found.state is ToolState.LOST:  # back from where a lost one is found
            self.session.ask(lambda: self.session.desks.stock.by_tag(found.tag), self._found)

    state = Property(str, lambda self: self._state, notify=changed)
    place = Property(str, lambda self: self._place_name(), notify=changed)
    seen = Property(int, lambda self: self._result.seen if self._result else 0, notify=changed)
    there = Property(int, lambda self: self._there(), notify=changed)
    expected = Property(int, lambda self: self._result.expected if self._result else 0, notify=changed)
    last = Property(str, lambda self: self._last_words(), notify=changed)
    lastGood = Property(
        bool, lambda self: self._last is not None and not self._stray(self._last), notify=changed
    )
    missing = Property(list, lambda self: self._missing(), notify=changed)
    differences = Property(list, lambda self: self._differences(), notify=changed)
    known = Property(bool, lambda self: self._result is not None, notify=changed)
    asked = Property(str, lambda self: self._asked_words(), notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)
    witness = Property(QObject, lambda self: self._witness, constant=True)

    def scanned(self, text: str) -> None:
        if self._witness.property("open"):
            self._witness.scanned(text)
        elif self._state == "scan":
            self._see(text)

    @Slot(int)
    def tap(self, at: int) -> None:
        """Without a scanner: this one lies here."""
        if self._result is not None:
            self._see(self._result.missing[at].tag)

    @Slot()
    def undo(self) -> None:
        """The last one was a mistake."""
        last = self._last
        if last is None:
            return

        def take(_: None) -> None:
            self._last = None
            self._look()

        self.session.ask(lambda: self.session.desks.counts.unsee(self._id, last.id), take)

    @Slot()
    def finish(self) -> None:
        """Everything was scanned; what is missing or too much is written down, then booked one by one."""

        def take(result: CountResult) -> None:
            self._result, self._state = result, "differences"
            self.changed.emit()

        self.once(lambda by: self.session.desks.counts.finish(by, self._id), take)

    @Slot(str, str)
    def book(self, tool: str, act: str) -> None:
        """`act`: lost, found, here."""
        card = next(one for one in self._all() if str(one.id) == tool)
        self._asked = card
        if act == "here":
            place, desk = self._result.place if self._result else "", self.session.desks.stock
            self.once(lambda by: desk.put(by, card.id, place), self._booked)
            return
        if act == "found":
            self.session.work.tool = card
            self.session.open(Place.FOUND)
            return
        self._why.ask()
        self._state = "why"
        self.changed.emit()

    @Slot()
    def goBack(self) -> None:
        self._state = "differences"
        self.changed.emit()

    @Slot()
    def leaveIt(self) -> None:
        """What is not booked is counted again next time."""
        self.session.back()

    @Slot(str)
    def _reasoned(self, reason: str) -> None:
        card, desk = self._asked, self.session.desks.counts
        if card is None:
            return

        def book(other: Authority) -> None:
            self.once(lambda by: desk.report_missing(by, other, card.id, reason), self._booked)

        self._witness.ask(book)

    def _found(self, card: ToolCard) -> None:
        if card.state is not ToolState.LOST:
            self._booked(card)

    def _booked(self, card: ToolCard) -> None:
        """It is no difference any more."""
        result = self._result
        if result is not None:
            self._result = replace(
                result,
                missing=_without(result.missing, card),
                misplaced=_without(result.misplaced, card),
                surplus=_without(result.surplus, card),
            )
        self._state = "differences"
        self.session.say(self.tr_("记下了"))
        self.changed.emit()

    def _see(self, text: str) -> None:
        def seen(card: ToolCard) -> None:
            self._last = card
            self._look()

        self.session.ask(lambda: self.session.desks.counts.see(self._id, text), seen)

    def _look(self) -> None:
        if self._state == "scan":
            self.session.ask(lambda: self.session.desks.counts.result(self._id), self._take)

    def _take(self, result: CountResult) -> None:
        self._result = result
        if result.finished and self._state == "scan":
            self._state = "differences"
        self.changed.emit()

    def _there(self) -> int:
        """How many of those that should lie here do."""
        return self._result.expected - len(self._result.missing) if self._result else 0

    def _all(self) -> tuple[ToolCard, ...]:
        return (*self._result.missing, *self._result.unexpected) if self._result else ()

    def _stray(self, card: ToolCard) -> bool:
        return self._result is not None and any(one.id == card.id for one in self._result.unexpected)

    def _place_name(self) -> str:
        return (self._result.place or self.tr_("全部")) if self._result else ""

    def _last_words(self) -> str:
        card = self._last
        if card is None:
            return ""
        words = tool_text(card, self.session.language)
        if not self._stray(card):
            return words
        if self._result is not None and any(one.id == card.id for one in self._result.misplaced):
            place = card.place or self.tr_("没有记在哪里")
            return f"{words}　" + self.tr_("账上在 {place}", place=place)
        return f"{words}　" + self.tr_("记的是{state}", state=self.tr_(STATES[card.state]))

    def _asked_words(self) -> str:
        return tool_text(self._asked, self.session.language) if self._asked else ""

    def _missing(self) -> list[dict[str, str]]:
        return [
            {"text": tool_text(card, self.session.language), "detail": card.place, "glyph": card.icon}
            for card in (self._result.missing if self._result else ())
        ]

    def _differences(self) -> list[dict[str, str]]:
        result = self._result
        if result is None or self._state == "scan":
            return []
        rows = [self._row(card, self.tr_("没数到"), "lost") for card in result.missing]
        for card in result.misplaced:
            where = self.tr_("账上在 {place}", place=card.place or self.tr_("没有记在哪里"))
            rows.append(self._row(card, where, "here" if result.place else ""))
        for card in result.surplus:
            state = self.tr_("记的是{state}", state=self.tr_(STATES[card.state]))
            rows.append(self._row(card, state, "found" if card.state is ToolState.LOST else ""))
        return rows

    def _row(self, card: ToolCard, words: str, act: str) -> dict[str, str]:
        return {
            "id": str(card.id),
            "text": tool_text(card, self.session.language),
            "detail": words,
            "glyph": card.icon,
            "act": act if card.ours else "",
        }


def _without(cards: tuple[ToolCard, ...], gone: ToolCard) -> tuple[ToolCard, ...]:
    return tuple(card for card in cards if card.id != gone.id)
