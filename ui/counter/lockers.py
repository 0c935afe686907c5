"""寄存: lockers, what lies in them, whose it is; take in, give back, put out of use (002 三, 003 ¶4; T9)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.borrowers import BorrowerCard
from kiosk.tools.counter import KEEPING, LENDING
from kiosk.tools.lockers import LockerCard
from ui.counter.borrower import Borrower
from ui.counter.form import Form, Kind, Line, Option
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.why import Why
from ui.counter.words import moment_text, phone_text

THINGS = ("背包", "行李箱", "被褥", "衣物", "工具", "雨具")
WITHOUT_TAG = ("看过身份证，是本人", "本人说得出里面的东西", "负责人同意")
MOST_PIECES = 99


class Lockers(CounterScreen):
    page = "Lockers"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._lockers: tuple[LockerCard, ...] | None = None
        self._chosen: UUID | None = None
        self._by_tag = False  # the one in hand was found by its tag
        self._state = ""  # why, adding
        self._next = ""
        self._why = Why(self, WITHOUT_TAG, self.tr_)
        self._why.given.connect(self._collect)

    def enter(self) -> None:
        self._state = ""
        scanned, self.session.work.scanned = self.session.work.scanned, ""
        self.refresh()
        desk = self.session.desks.lockers
        self.session.ask(lambda: (desk.lockers(), desk.next_name()), self._take)
        if scanned:
            self.scanned(scanned)

    known = Property(bool, lambda self: self._lockers is not None, notify=changed)
    lockers = Property(list, lambda self: self._rows(), notify=changed)
    counts = Property(str, lambda self: self._counts(), notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    locker = Property(dict, lambda self: self._locker_texts(), notify=changed)
    state = Property(str, lambda self: self._state, notify=changed)
    nextName = Property(str, lambda self: self._next, notify=changed)
    mayStore = Property(bool, lambda self: self._may(LENDING), notify=changed)
    mayKeep = Property(bool, lambda self: self._may(KEEPING), notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)

    @Slot(str)
    def choose(self, locker: str) -> None:
        self._chosen, self._by_tag, self._state = UUID(locker), False, ""
        self.changed.emit()

    @Slot()
    def takeIn(self) -> None:
        """Whose things? Then what they are."""
        self.session.work.locker = self._card
        self.session.open(Place.LOCKER_OWNER)

    @Slot()
    def findOwner(self) -> None:
        """By name, phone, card or slip, for somebody who has no tag."""
        self.session.work.locker = None
        self.session.open(Place.LOCKER_OWNER)

    @Slot()
    def giveBack(self) -> None:
        """With the tag in hand at once; without, staff say how they know the owner."""
        if self._by_tag:
            self._collect("")
        else:
            self._why.ask()
            self._to("why")

    @Slot(str)
    def goTo(self, state: str) -> None:
        self._to(state)

    @Slot()
    def add(self) -> None:
        name = self._next
        self.once(lambda by: self.session.desks.lockers.add(by, name), self._changed)

    @Slot()
    def use(self) -> None:
        """Out of use, or in use again."""
        card = self._card
        if card is not None:
            desk = self.session.desks.lockers
            self.once(lambda by: desk.set_usable(by, card.id, not card.usable), self._changed)

    def scanned(self, text: str) -> None:
        """A tag: the locker it belongs to."""

        def take(card: LockerCard) -> None:
            self._chosen, self._by_tag, self._state = card.id, True, ""
            self.changed.emit()

        self.session.ask(lambda: self.session.desks.lockers.find(text), take)

    @property
    def _card(self) -> LockerCard | None:
        return next((card for card in self._lockers or () if card.id == self._chosen), None)

    @Slot(str)
    def _collect(self, note: str) -> None:
        card = self._card
        if card is None or card.use_id is None:
            return
        use, desk = card.use_id, self.session.desks.lockers

        def take(_: LockerCard) -> None:
            self._by_tag = False
            self.session.say(self.tr_("{name}空出来了", name=card.name))
            self.enter()

        self.once(lambda by: desk.collect(by, use, note), take)

    def _changed(self, card: LockerCard) -> None:
        self._chosen = card.id
        self.session.say(self.tr_("记下了"))
        self.enter()

    def _to(self, state: str) -> None:
        self._state = state
        self.changed.emit()

    def _take(self, found: tuple[tuple[LockerCard, ...], str]) -> None:
        self._lockers, self._next = found
        owner = self.session.work.owner
        if owner is not None:  # somebody was looked for
            self.session.work.owner = None
            theirs = [card for card in self._lockers if card.seeker_id == owner.id]
            if theirs:
                self._chosen, self._by_tag = theirs[0].id, False
            else:
                self.session.say(self.tr_("{name}没有寄存东西", name=owner.name), "info")
        if self._card is None:
            late = next((card for card in self._lockers if card.overdue), None)
            first = late or next(iter(self._lockers), None)
            self._chosen = first.id if first else None
        self.refresh()

    def _may(self, roles: tuple[object, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))

    def _counts(self) -> str:
        cards = self._lockers or ()
        used = sum(card.use_id is not None for card in cards)
        free = sum(card.use_id is None and card.usable for card in cards)
        late = sum(card.overdue for card in cards)
        words = self.tr_("空 {free} 个，用着 {used} 个", free=free, used=used)
        return words + self.tr_("，超时 {n} 个", n=late) if late else words

    def _rows(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "text": card.name,
                "detail": self._word(card),
                "used": card.use_id is not None,
                "late": card.overdue,
                "usable": card.usable,
            }
            for card in self._lockers or ()
        ]

    def _word(self, card: LockerCard) -> str:
        if card.use_id is not None:
            return f"{card.owner}\n{self.tr_('超时')}" if card.overdue else card.owner
        return self.tr_("空") if card.usable else self.tr_("停用着")

    def _locker_texts(self) -> dict[str, object]:
        card = self._card
        if card is None:
            return {}
        return {
            "name": card.name,
            "used": card.use_id is not None,
            "usable": card.usable,
            "late": card.overdue,
            "byTag": self._by_tag,
            "facts": self._facts(card),
        }

    def _facts(self, card: LockerCard) -> list[list[str]]:
        if card.use_id is None:
            return []
        clock, language = self.session.clock, self.session.language
        times = self.tr_(
            "{from_} 放的，{until} 前取走",
            from_=moment_text(card.stored_at, clock, language),
            until=moment_text(card.due_at, clock, language),
        )
        return [
            ["user", "　".join(part for part in (card.owner, phone_text(card.phone)) if part)],
            *([["package", card.contents]] if card.contents else []),
            ["tag", card.number],
            ["clock", times],
        ]


class LockerOwner(Borrower):
    """Who it is, as where tools are lent: slip, number, phone, name."""

    def enter(self) -> None:
        self.session.work.owner = None
        self.refresh()

    def _title(self) -> str:
        return "谁来寄存？" if self.session.work.locker else "谁来取？"

    def _open(self, card: BorrowerCard) -> None:
        self.session.work.owner = card
        if self.session.work.locker is None:
            self.session.back()
        else:
            self.session.replace(Place.LOCKER_IN)


class LockerIn(Form):
    heading = "寄存"
    lead = "收下东西，寄存牌打两张：一张给本人，一张系在东西上"
    done_words = "收下，打寄存牌"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        work = session.work
        assert work.locker is not None
        assert work.owner is not None
        self._locker, self._owner = work.locker, work.owner

    def arrange(self) -> tuple[Line, ...]:
        return (
            Line(
                "what",
                "{name}，{locker}，放什么",
                Kind.CHOICE,
                options=tuple(Option(thing, thing) for thing in THINGS),
                own_words=True,
                label_values={"name": self._owner.name, "locker": self._locker.name},
            ),
            Line("pieces", "几件", Kind.NUMBER, 1, unit="{n} 件"),
        )

    def wrong(self) -> str:
        pieces = self.value("pieces")
        return "" if pieces is None or 1 <= pieces <= MOST_PIECES else "一次 1 到 99 件"

    def save(self) -> None:
        contents = f"{self.value('what')} × {self.value('pieces')}"
        locker, owner, language = self._locker.id, self._owner.id, self.session.language
        desk = self.session.desks.lockers
        self.once(lambda by: desk.store(by, locker, owner, contents, language), self._stored)

    def _stored(self, card: LockerCard) -> None:
        self.session.work.owner = None
        self.session.back()
        self.session.say(self.tr_("收在{name}，正在打寄存牌", name=card.name))
