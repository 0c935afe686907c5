"""One's own cash drawer: opened with a float out of the safe, counted, closed with its difference explained (T10)."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.errors import CashRefused, InputInvalid
from kiosk.staff.accounts import Role
from kiosk.tools.cards import Account, DrawerCard
from kiosk.tools.counter import CASHIER, DECIDING
from kiosk.tools.papers import document
from kiosk.tools.words import money
from ui.counter.paper import Paper
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.typist import Money
from ui.counter.words import moment_text

REASONS = ("找零找错了", "漏收了", "多收了", "账记错了", "一时查不出")


class DrawerScreen(CounterScreen):
    """`mode`: shut, open, to_safe, from_safe, count, reason."""

    page = "Drawer"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._drawer: DrawerCard | None = None
        self._mode = ""
        self._difference = 0
        self._money = Money(self)
        self._money.entered.connect(self.changed)

    def enter(self) -> None:
        self._mode = ""
        self._money.clear()
        self.refresh()
        by = self.authority
        if by is not None:
            self.session.ask(lambda: self.session.desks.cash.drawer(by.staff_id), self._take)

    mode = Property(str, lambda self: self._mode, notify=changed)
    pad = Property(QObject, lambda self: self._money, constant=True)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    ready = Property(bool, lambda self: self._money.fen is not None, notify=changed)
    expected = Property(
        str, lambda self: money(self._drawer.expected) if self._drawer else "", notify=changed
    )
    facts = Property(list, lambda self: self._facts(), notify=changed)
    difference = Property(str, lambda self: self._difference_words(), notify=changed)
    reasons = Property(list, lambda self: [self.tr_(reason) for reason in REASONS], notify=changed)
    mayDay = Property(bool, lambda self: self._has(DECIDING), notify=changed)
    cashier = Property(bool, lambda self: self._has(CASHIER), notify=changed)

    @Slot(str)
    def turn(self, mode: str) -> None:
        """Begin to count, or to move money; the same again goes back."""
        self._mode = "open" if mode == self._mode else mode
        self._money.clear()

    @Slot()
    def day(self) -> None:
        self.session.open(Place.DAY)

    @Slot()
    def done(self) -> None:
        """The amount is typed."""
        fen, cash = self._money.fen, self.session.desks.cash
        if fen is None:
            return
        match self._mode:
            case "shut":
                self.once(lambda by: cash.open_drawer(by, fen), self._opened, self._refused)
            case "to_safe":
                self.once(lambda by: cash.move(by, fen, "放保险柜"), self._moved)
            case "from_safe":
                self.once(lambda by: cash.move(by, -fen, "从保险柜取"), self._moved, self._refused)
            case "count":
                self._close("")

    @Slot(int)
    def explain(self, reason: int) -> None:
        self._close(REASONS[reason])

    def _close(self, reason: str) -> None:
        fen, cash, language = self._money.fen, self.session.desks.cash, self.session.language
        if fen is None:
            return

        def refused(error: Exception) -> None:
            difference = getattr(error, "context", {}).get("difference")
            if isinstance(error, InputInvalid) and isinstance(difference, int):
                self._mode, self._difference = "reason", difference
                self.changed.emit()
            else:
                self.session.fail(error)

        def closed(card: DrawerCard) -> None:
            self.session.work.closed = card
            self.session.replace(Place.CLOSED)

        self.once(lambda by: cash.close_drawer(by, fen, reason, language=language), closed, refused)

    def _take(self, drawer: DrawerCard | None) -> None:
        self._drawer = drawer
        self._mode = "open" if drawer else "shut"
        self.refresh()

    def _opened(self, drawer: DrawerCard) -> None:
        self._take(drawer)
        self._money.clear()
        if len(self.session.way) > 1 and self.session.way[-2] is Place.PAY:
            self.session.back()
        self.session.say(self.tr_("钱箱开了，里面应有 {money}", money=money(drawer.expected)))

    def _moved(self, drawer: DrawerCard) -> None:
        self._take(drawer)
        self._money.clear()
        self.session.say(self.tr_("记下了，钱箱里应有 {money}", money=money(drawer.expected)))

    def _refused(self, error: Exception) -> None:
        if isinstance(error, CashRefused) and error.context.get("account") == Account.SAFE.value:
            self.session.say(self.tr_("保险柜账上没有这么多。请财务先在“今天的账”里点“保险柜存钱”"), "error")
        else:
            self.session.fail(error)

    def _facts(self) -> list[dict[str, str]]:
        if self._drawer is None:
            return []
        opened = moment_text(self._drawer.opened_at, self.session.clock, self.session.language)
        return [
            {"glyph": "user", "text": self._drawer.staff_name, "label": self._drawer.number},
            {"glyph": "clock", "text": opened, "label": self.tr_("开箱时间")},
            {"glyph": "coins", "text": money(self._drawer.opening_float), "label": self.tr_("开箱备用金")},
        ]

    def _difference_words(self) -> str:
        words = "比账上多 {money}" if self._difference > 0 else "比账上少 {money}"
        return self.tr_(words, money=money(abs(self._difference)))

    def _has(self, roles: tuple[Role, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))


class DrawerClosed(CounterScreen):
    """Counted and closed: the day close on its way to paper."""

    page = "Done"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._paper = Paper(session, self)

    def enter(self) -> None:
        self.refresh()
        if self.session.work.closed is not None:
            self._paper.follow(document("drawer", self.session.work.closed.id))

    def leave(self) -> None:
        self._paper.stop()

    paper = Property(QObject, lambda self: self._paper, constant=True)
    heading = Property(str, lambda self: self.tr_("钱箱关好了"), notify=changed)
    facts = Property(list, lambda self: self._facts(), notify=changed)
    again = Property(str, lambda self: self.tr_("换人"), notify=changed)

    @Slot()
    def next(self) -> None:
        self.session.home()
        self.session.lock()

    def _facts(self) -> list[dict[str, str]]:
        card = self.session.work.closed
        if card is None:
            return []
        difference = money(card.difference or 0) if card.difference else self.tr_("没有差额")
        return [
            {"glyph": "cash", "text": money(card.counted or 0), "label": self.tr_("点到的钱，请放进保险柜")},
            {"glyph": "scale", "text": difference, "label": card.reason or self.tr_("差额")},
        ]
