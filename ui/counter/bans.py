"""暂停名单: who may not take part for a while, and the form that writes it down (E7; 004 annex 2 art. 10–12)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.county.bans import DAYS, BanCard, BanReason, Side
from kiosk.staff.accounts import Role
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Digits, Typist

LONGEST = 18
LEAST = 4
PAUSE_MS = 250
REASONS = {
    BanReason.WAGE_WITHHELD: "克扣工资",
    BanReason.ABUSE: "虐待求职者",
    BanReason.FALSE_POSTING: "发假岗位",
    BanReason.POOR_WORK: "活没做好又不补救",
    BanReason.VIOLENCE: "欺行霸市、打架闹事",
    BanReason.NO_SHOW: "约好了不去",
}
LENGTHS = dict(zip(DAYS, ("7 天", "30 天", "90 天", "一年"), strict=True))


class Bans(CounterScreen):
    page = "Bans"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._bans: tuple[BanCard, ...] | None = None
        self._chosen: UUID | None = None
        self._adding = False
        self._by_name = True
        self._digits = Digits(self, LONGEST)
        self._writing = Typist(self)
        self._found: tuple[Side, ...] = ()
        self._asked_for = ""
        self._side: Side | None = None
        self._reason: BanReason | None = None
        self._days = DAYS[1]
        self._sure = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.find)
        for pad in (self._digits, self._writing):
            pad.entered.connect(self._typed)

    def enter(self) -> None:
        self.refresh()
        self.session.ask(self.session.desks.bans.bans, self._take)

    known = Property(bool, lambda self: self._bans is not None, notify=changed)
    supervisor = Property(bool, lambda self: self._supervisor(), notify=changed)
    bans = Property(list, lambda self: self._list(), notify=changed)
    chosen = Property(int, lambda self: self._at(), notify=changed)
    mayEnd = Property(bool, lambda self: self._may_end(), notify=changed)
    sure = Property(bool, lambda self: self._sure, notify=changed)
    adding = Property(bool, lambda self: self._adding, notify=changed)
    byName = Property(bool, lambda self: self._by_name, notify=changed)
    digits = Property(QObject, lambda self: self._digits, constant=True)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    typed = Property(str, lambda self: self._digits.typed, notify=changed)
    looked = Property(bool, lambda self: bool(self._asked_for), notify=changed)
    found = Property(list, lambda self: self._sides(), notify=changed)
    side = Property(str, lambda self: self._side.name if self._side else "", notify=changed)
    reasons = Property(list, lambda self: self._reasons(), notify=changed)
    lengths = Property(list, lambda self: self._lengths(), notify=changed)
    ready = Property(bool, lambda self: self._side is not None and self._reason is not None, notify=changed)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._chosen, self._sure = (self._bans[at].id if self._bans else None), False
        self.changed.emit()

    @Slot()
    def end(self) -> None:
        """The first tap asks, the second one does it."""
        card, desk = self._card(), self.session.desks.bans
        if card is None:
            return
        if not self._sure:
            self._sure = True
            self.changed.emit()
            return

        def ended(_: BanCard) -> None:
            self._sure = False
            self.enter()
            self.session.say(self.tr_("结束了，各市场同步以后都能看到"))

        self.once(lambda by: desk.end(by, card.id), ended)

    @Slot(bool)
    def add(self, on: bool) -> None:
        """Begin or leave the form."""
        self._adding, self._side, self._reason, self._days = on, None, None, DAYS[1]
        self._digits.clear()
        self._writing.clear()
        self.changed.emit()

    @Slot(bool)
    def ask(self, by_name: bool) -> None:
        self._by_name = by_name
        self._digits.clear()
        self._writing.clear()

    @Slot()
    def find(self) -> None:
        text, desk = self._text(), self.session.desks.bans
        if text:
            self._asked_for = text
            self.session.act(lambda by: desk.find(by, text), self._take_found)

    @Slot(int)
    def pick(self, at: int) -> None:
        self._side, self._reason = self._found[at], None
        self.changed.emit()

    @Slot(int)
    def because(self, at: int) -> None:
        if self._side is not None:
            self._reason = self._side.reasons[at]
            self.changed.emit()

    @Slot(int)
    def lasts(self, at: int) -> None:
        self._days = DAYS[at]
        self.changed.emit()

    @Slot()
    def write(self) -> None:
        side, reason, days, desk = self._side, self._reason, self._days, self.session.desks.bans
        if side is None or reason is None:
            return

        def written(card: BanCard) -> None:
            self._chosen = card.id
            self.add(False)
            self.enter()
            self.session.say(self.tr_("记下了，会传到县里和各市场"))

        self.once(lambda by: desk.ban(by, side, reason, days), written)

    @Slot()
    def _typed(self) -> None:
        self._found, self._side, self._asked_for = (), None, ""
        text = self._text()
        if text and (self._by_name or len(text) >= LEAST):
            self._pause.start()
        self.changed.emit()

    def _text(self) -> str:
        return self._writing.text if self._by_name else self._digits.typed

    def _take(self, found: tuple[BanCard, ...]) -> None:
        self._bans = found
        if self._card() is None:
            self._chosen = found[0].id if found else None
        self.changed.emit()

    def _take_found(self, found: tuple[Side, ...]) -> None:
        self._found = found
        self.changed.emit()

    def _card(self) -> BanCard | None:
        return next((card for card in self._bans or () if card.id == self._chosen), None)

    def _at(self) -> int:
        ids = [card.id for card in self._bans or ()]
        return ids.index(self._chosen) if self._chosen in ids else -1

    def _supervisor(self) -> bool:
        return self.authority is not None and Role.SUPERVISOR in self.authority.roles

    def _may_end(self) -> bool:
        card = self._card()
        return card is not None and card.active and card.here and self._supervisor()

    def _list(self) -> list[dict[str, object]]:
        return [
            {
                "text": card.name or self.tr_("别的市场登记的人"),
                "detail": self.tr_(REASONS[card.reason])
                + "　"
                + self.tr_("到 {day}", day=card.until.isoformat())
                + "　"
                + card.decided_by,
                "side": self.tr_("暂停中") if card.active else self.tr_("结束了"),
                "employer": card.employer,
                "active": card.active,
            }
            for card in self._bans or ()
        ]

    def _sides(self) -> list[dict[str, object]]:
        return [{"text": side.name, "detail": side.detail, "employer": side.employer} for side in self._found]

    def _reasons(self) -> list[dict[str, object]]:
        return [
            {"text": self.tr_(REASONS[reason]), "chosen": reason is self._reason}
            for reason in (self._side.reasons if self._side else ())
        ]

    def _lengths(self) -> list[dict[str, object]]:
        return [{"text": self.tr_(words), "chosen": days == self._days} for days, words in LENGTHS.items()]
