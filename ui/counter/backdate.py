"""昨天忘了登记: when it really left, or came back, said by two people (issue of a forgotten entry; T1, T7).

Chosen and confirmed on one screen. What left goes on through the steps of lending; what came back is entered here.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk import words
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import RentalCard
from ui.counter.borrower import rental_id
from ui.counter.screen import CounterScreen
from ui.counter.session import Earlier, Session
from ui.counter.witness import Witness
from ui.counter.words import moment_text

HOURS = tuple(range(5, 21))
QUARTERS = (0, 15, 30, 45)
DAYS = {1: "昨天", 2: "前天"}


class Backdate(CounterScreen):
    page = "Backdate"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._days = 1
        self._hour: int | None = None
        self._quarter = 0
        self._witness = Witness(session, self)

    def enter(self) -> None:
        self.refresh()

    witness = Property(QObject, lambda self: self._witness, constant=True)
    returning = Property(bool, lambda self: bool(self.session.work.returning), notify=changed)
    days = Property(int, lambda self: self._days, notify=changed)
    most = Property(int, lambda self: self.session.settings.rental.backdate_days, constant=True)
    day = Property(str, lambda self: self._day_words(), notify=changed)
    hours = Property(list, lambda self: self._chips(HOURS, self._hour, "{}"), notify=changed)
    quarters = Property(list, lambda self: self._chips(QUARTERS, self._quarter, ":{:02d}"), notify=changed)
    chosen = Property(str, lambda self: self._chosen(), notify=changed)
    wrong = Property(str, lambda self: self._wrong(), notify=changed)
    ready = Property(bool, lambda self: self._at() is not None and not self._wrong(), notify=changed)

    def scanned(self, text: str) -> None:
        if self._witness.property("open"):
            self._witness.scanned(text)

    @Slot(int)
    def step(self, days: int) -> None:
        """So many days earlier; below 0 later, up to today."""
        self._days = min(self.session.settings.rental.backdate_days, max(0, self._days + days))
        self.changed.emit()

    @Slot(int)
    def chooseHour(self, hour: int) -> None:
        self._hour = hour
        self.changed.emit()

    @Slot(int)
    def chooseQuarter(self, minutes: int) -> None:
        self._quarter = minutes
        self.changed.emit()

    @Slot()
    def confirm(self) -> None:
        """Somebody else says so too."""
        if self._at() is not None and not self._wrong():
            self._witness.ask(self._confirmed)

    def _confirmed(self, second: Authority) -> None:
        at, work = self._at(), self.session.work
        if at is None:
            return
        if not work.returning:
            work.earlier = Earlier(at, second)
            self.session.back()
            return
        rental, lines, desk = rental_id(work.rental), work.returning, self.session.desks.returns

        def take(card: RentalCard) -> None:
            work.rental, work.returning = card, ()
            self.session.back()
            self.session.say(self.tr_("补记好了，请接着验收"))

        self.once(lambda by: desk.take_back(by, rental, lines, at, second), take)

    def _at(self) -> datetime | None:
        if self._hour is None:
            return None
        clock = self.session.clock
        day = clock.today() - timedelta(days=self._days)
        return datetime.combine(day, time(self._hour, self._quarter), clock.zone)

    def _wrong(self) -> str:
        """What cannot be, told at once; the desk looks at it again."""
        at, now, work = self._at(), self.session.clock.now(), self.session.work
        if at is None:
            return ""
        if at > now:
            return self.tr_("这个时间还没有到")
        if at < now - timedelta(days=self.session.settings.rental.backdate_days):
            return self.tr_("太久以前了，补不了")
        if work.returning and work.rental and work.rental.out_at and at < work.rental.out_at:
            return self.tr_("那时候还没有借出去")
        return ""

    def _day_words(self) -> str:
        day = self.session.clock.today() - timedelta(days=self._days)
        date = words.moment_text(datetime.combine(day, time()), self.session.language).rpartition(" ")[0]
        near = (
            self.tr_("今天") if not self._days else self.tr_(DAYS[self._days]) if self._days in DAYS else ""
        )
        return f"{near}　{date}" if near else date

    def _chosen(self) -> str:
        at = self._at()
        return moment_text(at, self.session.clock, self.session.language) if at else ""

    @staticmethod
    def _chips(values: tuple[int, ...], chosen: int | None, shape: str) -> list[dict[str, object]]:
        return [{"value": one, "text": shape.format(one), "chosen": one == chosen} for one in values]
