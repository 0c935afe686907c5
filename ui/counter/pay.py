"""The deposit into the drawer, then the tools into the hand; each may be gone on with after a crash (T1, T10)."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Property, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import DrawerCard, LineState, RentalCard, RentalState
from kiosk.tools.words import money
from kiosk.words import moment_text
from ui.counter.borrower import rental_id
from ui.counter.lend import earlier_words
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session

DAYS = (0, 1, 2, 6)  # when it is to be back, counted from today


class Pay(CounterScreen):
    page = "Pay"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._drawer: DrawerCard | None = None
        self._known = False
        self._day = 0
        self._stopping = False

    def enter(self) -> None:
        self._stopping = False
        self.refresh()
        by = self.authority
        if by is not None:
            self.session.ask(lambda: self.session.desks.cash.drawer(by.staff_id), self._take_drawer)

    who = Property(str, lambda self: self._rental.seeker_name, notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    deposit = Property(str, lambda self: money(self._rental.deposit), notify=changed)
    free = Property(bool, lambda self: self._rental.deposit == 0, notify=changed)
    taken = Property(bool, lambda self: self._rental.state is RentalState.DEPOSITED, notify=changed)
    drawerMissing = Property(bool, lambda self: self._drawer_missing(), notify=changed)
    dues = Property(list, lambda self: self._dues(), notify=changed)
    stopping = Property(bool, lambda self: self._stopping, notify=changed)
    earlier = Property(str, lambda self: earlier_words(self.session), notify=changed)

    @property
    def _rental(self) -> RentalCard:
        assert self.session.work.rental is not None
        return self.session.work.rental

    @Slot()
    def openDrawer(self) -> None:
        self.session.open(Place.DRAWER)

    @Slot()
    def backdate(self) -> None:
        """Another time than the one that was said."""
        self.session.work.returning = ()
        self.session.open(Place.BACKDATE)

    @Slot(int)
    def chooseDay(self, day: int) -> None:
        self._day = day
        self.changed.emit()

    @Slot()
    def handOut(self) -> None:
        """Deposit first, then the tools: two transactions, so a crash between them is gone on with here."""
        desk, rental = self.session.desks.rental, self._rental
        language = self.session.language
        now = self.session.clock.now()
        earlier = self.session.work.earlier
        # what left earlier is due from today on: nobody is late by being entered
        due = desk.default_due(now + timedelta(days=self._day)) if self._day or earlier else None
        at, second = (earlier.at, earlier.second) if earlier else (None, None)

        def do(by: Authority) -> RentalCard:
            if rental.state is RentalState.SIGNED:
                desk.take_deposit(by, rental.id, language)
            return desk.hand_out(by, rental.id, due, at, second, language)

        self.once(do, self._out, self._refused)

    @Slot()
    def askStop(self) -> None:
        self._stopping = not self._stopping
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Not to be after all: tools back to stock, a deposit back to the borrower."""
        rental, language = rental_id(self.session.work.rental), self.session.language
        back = self._rental.deposit_held

        def take(card: RentalCard) -> None:
            self.session.home()
            words = "取消了，请退押金 {money}" if back else "取消了，工具请放回原处"
            self.session.say(self.tr_(words, money=money(back)) if back else self.tr_(words))

        self.once(lambda by: self.session.desks.rental.cancel(by, rental, "本人要求取消", language), take)

    def _out(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self.session.replace(Place.LENT)

    def _refused(self, error: Exception) -> None:
        self.session.fail(error)
        rental = rental_id(self.session.work.rental)
        self.session.ask(lambda: self.session.desks.rental.rental(rental), self._again)

    def _again(self, card: RentalCard) -> None:
        self.session.work.rental = card
        self.refresh()

    def _take_drawer(self, drawer: DrawerCard | None) -> None:
        self._drawer, self._known = drawer, True
        self.changed.emit()

    def _drawer_missing(self) -> bool:
        owed = self._rental.deposit and self._rental.state is RentalState.SIGNED
        return bool(owed) and self._known and self._drawer is None

    def _dues(self) -> list[dict[str, object]]:
        desk, clock, language = self.session.desks.rental, self.session.clock, self.session.language
        now = clock.now()
        return [
            {
                "day": day,
                "text": moment_text(clock.local(desk.default_due(now + timedelta(days=day))), language),
                "chosen": day == self._day,
            }
            for day in DAYS
        ]

    def _lines(self) -> list[dict[str, object]]:
        language = self.session.language
        return [
            {
                "glyph": line.model.icon,
                "text": language.pick(line.model.name, line.model.name_en),
                "detail": line.tag,
                "side": money(line.deposit),
            }
            for line in self._rental.lines
            if line.state is LineState.HELD
        ]
