"""Finance's view of a day: accounts, turnover, drawers, deposits held; and the safe (T10; 004 annex 4 art. 5(三))."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Role
from kiosk.tools.cards import Account
from kiosk.tools.cash import DayBook
from kiosk.tools.words import CASH, money
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Money
from ui.counter.words import moment_text

ACCOUNTS = {
    Account.DRAWER: "钱箱",
    Account.SAFE: "保险柜",
    Account.DEPOSIT_LIABILITY: "代管押金",
    Account.RENT_INCOME: "租金收入",
    Account.DEDUCTION_INCOME: "扣款收入",
    Account.RECEIVABLE: "别人欠的",
    Account.OVER_SHORT: "差额",
}
OWED = (Account.DEPOSIT_LIABILITY, Account.RENT_INCOME, Account.DEDUCTION_INCOME)  # credits are shown as plus


class Day(CounterScreen):
    page = "Day"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._day: date = session.clock.today()
        self._book: DayBook | None = None
        self._safe = ""  # "in", "out": money is brought into the safe, or taken to the bank
        self._money = Money(self)
        self._money.entered.connect(self.changed)

    def enter(self) -> None:
        self.refresh()
        self._look()

    title = Property(str, lambda self: f"{self._day:%Y-%m-%d}", notify=changed)
    today = Property(bool, lambda self: self._day == self.session.clock.today(), notify=changed)
    accounts = Property(list, lambda self: self._accounts(), notify=changed)
    kinds = Property(list, lambda self: self._kinds(), notify=changed)
    drawers = Property(list, lambda self: self._drawers(), notify=changed)
    held = Property(str, lambda self: self._held(), notify=changed)
    maySafe = Property(bool, lambda self: self._may_safe(), notify=changed)
    safe = Property(str, lambda self: self._safe, notify=changed)
    pad = Property(QObject, lambda self: self._money, constant=True)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    ready = Property(bool, lambda self: bool(self._money.fen), notify=changed)

    @Slot(int)
    def move(self, days: int) -> None:
        self._day = min(self._day + timedelta(days=days), self.session.clock.today())
        self._look()

    @Slot(str)
    def turn(self, safe: str) -> None:
        self._safe = "" if safe == self._safe else safe
        self._money.clear()

    @Slot()
    def fund(self) -> None:
        fen, into, cash = self._money.fen, self._safe == "in", self.session.desks.cash
        if not fen or not self._safe:
            return
        note = "存入" if into else "取走"

        def take(balance: int) -> None:
            self._safe = ""
            self._money.clear()
            self.session.say(self.tr_("保险柜里应有 {money}", money=money(balance)))
            self._look()

        self.once(lambda by: cash.fund(by, fen if into else -fen, note), take)

    def _look(self) -> None:
        day = self._day
        self.session.act(lambda by: self.session.desks.cash.day(by, day), self._take)

    def _take(self, book: DayBook) -> None:
        self._book = book
        self.refresh()

    def _may_safe(self) -> bool:
        return self.authority is not None and Role.FINANCE in self.authority.roles

    def _accounts(self) -> list[dict[str, str]]:
        if self._book is None:
            return []
        found = []
        for account, name in ACCOUNTS.items():
            row = self._book.of(account)
            sign, plus, minus = (
                (-1, row.credits, row.debits) if account in OWED else (1, row.debits, row.credits)
            )
            found.append(
                {
                    "name": self.tr_(name),
                    "before": money(sign * row.before),
                    "plus": money(plus) if plus else "",
                    "minus": money(minus) if minus else "",
                    "after": money(sign * row.after),
                }
            )
        return found

    def _kinds(self) -> list[dict[str, str]]:
        book = self._book
        return [
            {"name": self.tr_(CASH[kind]), "amount": money(amount)}
            for kind, amount in (book.kinds.items() if book else ())
        ]

    def _drawers(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        found = []
        for card in self._book.drawers if self._book else ():
            if card.closed_at is None:
                state = self.tr_("开着，应有 {money}", money=money(card.expected))
            elif card.difference:
                state = self.tr_("差额 {money}：{reason}", money=money(card.difference), reason=card.reason)
            else:
                state = self.tr_("关了，没有差额")
            opened = moment_text(card.opened_at, clock, language)
            found.append({"text": f"{card.staff_name}　{card.number}", "detail": f"{opened}　{state}"})
        return found

    def _held(self) -> str:
        if self._book is None:
            return ""
        return self.tr_(
            "在外 {n} 单，押金 {money}", n=self._book.open_rentals, money=money(self._book.deposits_held)
        )
