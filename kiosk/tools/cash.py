"""The cash desk: drawers opened, counted and closed by their person, the safe, and the finance view of a day (T10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from db.models import Account, CashKind, CashPosting, Drawer, Rental, RentalState, Staff
from kiosk.errors import CashRefused, InputInvalid, NotFound
from kiosk.language import Language
from kiosk.staff.accounts import Authority
from kiosk.tools import book, papers
from kiosk.tools.book import About, drawer_of, needed_drawer, post
from kiosk.tools.cards import DrawerCard
from kiosk.tools.counter import CASHIER, DECIDING, FINANCE, Counter, get


@dataclass(frozen=True)
class AccountDay:
    """An account over one day; balances are debits minus credits, fen."""

    account: Account
    before: int
    debits: int
    credits: int

    @property
    def after(self) -> int:
        return self.before + self.debits - self.credits


@dataclass(frozen=True)
class DayBook:
    """What finance sees of a day on this device (004 annex 4 art. 5(三)); every device keeps a book of its own."""

    day: date
    accounts: tuple[AccountDay, ...]
    kinds: dict[CashKind, int]  # turnover of each kind, fen
    drawers: tuple[DrawerCard, ...]
    open_rentals: int  # now
    deposits_held: int  # now

    def of(self, account: Account) -> AccountDay:
        return next(found for found in self.accounts if found.account is account)


class CashDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def drawer(self, staff_id: UUID) -> DrawerCard | None:
        """The drawer this person has open on this device."""
        with self._store.read() as session:
            drawer = drawer_of(session, staff_id, self._store.origin.device_id)
            return None if drawer is None else _card(session, drawer)

    def open_drawers(self) -> tuple[DrawerCard, ...]:
        with self._store.read() as session:
            found = session.scalars(
                select(Drawer)
                .where(Drawer.closed_at.is_(None), Drawer.device_id == self._store.origin.device_id)
                .order_by(Drawer.opened_at)
            )
            return tuple(_card(session, drawer) for drawer in found)

    def open_drawer(self, by: Authority, opening_float: int = 0) -> DrawerCard:
        """The float comes out of the safe. Raises CashRefused(reason=drawer_open|not_enough|amount)."""
        now = self._clock.now()
        with self._store.write() as session:
            staff = self._counter.named(session, by, CASHIER)
            if drawer_of(session, staff.id, self._store.origin.device_id) is not None:
                raise CashRefused(reason="drawer_open")
            if opening_float < 0:
                raise CashRefused(reason="amount")
            number, _ = self._counter.next_number(session)
            drawer = Drawer(number=number, staff_id=staff.id, opened_at=now, opening_float=opening_float)
            session.add(drawer)
            session.flush()
            accounts = (Account.DRAWER, Account.SAFE)
            post(session, now, CashKind.FLOAT, accounts, opening_float, About(staff.id), drawer)
            self._counter.audit(session, by, "drawer_opened", drawer.id, float=opening_float)
            return _card(session, drawer)

    def move(self, by: Authority, amount: int, note: str = "") -> DrawerCard:
        """Fen from the drawer into the safe; below 0 from the safe into the drawer."""
        now = self._clock.now()
        with self._store.write() as session:
            staff = self._counter.named(session, by, CASHIER)
            drawer = needed_drawer(session, staff.id)
            accounts = (Account.SAFE, Account.DRAWER) if amount > 0 else (Account.DRAWER, Account.SAFE)
            post(session, now, CashKind.FLOAT, accounts, abs(amount), About(staff.id, note=note), drawer)
            self._counter.audit(session, by, "drawer_moved", drawer.id, amount=amount)
            return _card(session, drawer)

    def close_drawer(
        self,
        by: Authority,
        counted: int,
        reason: str = "",
        drawer_id: UUID | None = None,
        language: Language | None = None,
    ) -> DrawerCard:
        """Count, explain a difference, put all of it into the safe, print the day close for both sides.

        `drawer_id`: somebody else's, by finance or a supervisor. Raises CashRefused(reason=no_drawer|amount),
        InputInvalid(field=reason) where the difference is not explained.
        """
        now = self._clock.now()
        with self._store.write() as session:
            drawer = self._to_close(session, by, drawer_id)
            if not 0 <= counted <= book.MOST:
                raise CashRefused(reason="amount")
            expected = book.balance(session, Account.DRAWER, drawer)
            difference, reason = counted - expected, reason.strip()
            if difference and not reason:
                raise InputInvalid(field="reason", reason="difference", difference=difference)
            accounts = (
                (Account.DRAWER, Account.OVER_SHORT)
                if difference > 0
                else (Account.OVER_SHORT, Account.DRAWER)
            )
            about = About(by.staff_id, note=reason)
            post(session, now, CashKind.DIFFERENCE, accounts, abs(difference), about, drawer)
            post(session, now, CashKind.CLOSE, (Account.SAFE, Account.DRAWER), counted, about, drawer)
            drawer.closed_at, drawer.closed_by = now, by.staff_id
            drawer.expected, drawer.counted, drawer.reason = expected, counted, reason
            session.flush()
            self._counter.audit(session, by, "drawer_closed", drawer.id, expected=expected, counted=counted)
            card = _card(session, drawer)
            turnover = _turnover(session, drawer)
            papers.day_close(session, self._counter, card, turnover, language or Language())
            return card

    def fund(self, by: Authority, amount: int, note: str) -> int:
        """Cash brought into the safe from outside, below 0 taken to the bank; the safe's new balance. Finance only."""
        now = self._clock.now()
        with self._store.write() as session:
            staff = self._counter.named(session, by, FINANCE)
            accounts = (Account.SAFE, Account.FUNDING) if amount > 0 else (Account.FUNDING, Account.SAFE)
            post(session, now, CashKind.SAFE, accounts, abs(amount), About(staff.id, note=note))
            self._counter.audit(session, by, "safe_moved", self._store.origin.hall_id, amount=amount)
            return book.balance(session, Account.SAFE, device_id=self._store.origin.device_id)

    def day(self, by: Authority, day: date) -> DayBook:
        """Finance and supervisors."""
        start, end = self._bounds(day)
        device = self._store.origin.device_id
        with self._store.read() as session:
            self._counter.named(session, by, DECIDING)
            before = _sums(session, _within(device, None, start))
            during = _sums(session, _within(device, start, end))
            kinds = session.execute(
                select(CashPosting.kind, func.sum(CashPosting.amount))
                .where(_within(device, start, end))
                .group_by(CashPosting.kind)
            )
            drawers = session.scalars(
                select(Drawer)
                .where(Drawer.device_id == device)
                .where(Drawer.opened_at < end, Drawer.closed_at.is_(None) | (Drawer.closed_at >= start))
                .order_by(Drawer.opened_at)
            )
            out = session.scalars(
                select(Rental.id).where(Rental.state == RentalState.OUT, Rental.device_id == device)
            ).all()
            return DayBook(
                day=day,
                accounts=tuple(
                    AccountDay(account, before[account][0] - before[account][1], *during[account])
                    for account in Account
                ),
                kinds=dict(kinds.all()),
                drawers=tuple(_card(session, drawer) for drawer in drawers),
                open_rentals=len(out),
                deposits_held=-book.balance(session, Account.DEPOSIT_LIABILITY, device_id=device),
            )

    def check(self) -> tuple[book.Broken, ...]:
        """What must always hold about money and tools and does not (for doctor and tests)."""
        with self._store.read() as session:
            return book.broken(session, self._store.origin.device_id)

    def _to_close(self, session: Session, by: Authority, drawer_id: UUID | None) -> Drawer:
        if drawer_id is None:
            return needed_drawer(session, self._counter.named(session, by, CASHIER).id)
        drawer = get(session, Drawer, drawer_id)
        self._counter.named(session, by, CASHIER if drawer.staff_id == by.staff_id else DECIDING)
        if drawer.closed_at is not None:
            raise CashRefused(reason="no_drawer")
        if drawer.device_id != self._store.origin.device_id:
            raise NotFound(what="drawer")
        return drawer

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        zone = self._clock.zone
        days = (day, day + timedelta(days=1))
        start, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in days)
        return start, end


def _within(device_id: UUID, start: datetime | None, end: datetime) -> ColumnElement[bool]:
    """Postings of this device in [start, end)."""
    ours = and_(CashPosting.device_id == device_id, CashPosting.posted_at < end)
    return ours if start is None else and_(ours, CashPosting.posted_at >= start)


def _sums(session: Session, within: ColumnElement[bool]) -> dict[Account, tuple[int, int]]:
    """Debits and credits of each account."""
    debits, credits_ = (
        dict(session.execute(select(side, func.sum(CashPosting.amount)).where(within).group_by(side)).all())
        for side in (CashPosting.debit, CashPosting.credit)
    )
    return {account: (debits.get(account, 0), credits_.get(account, 0)) for account in Account}


def _turnover(session: Session, drawer: Drawer) -> dict[CashKind, int]:
    """What went in, minus what went out, for each kind; without the closing itself."""
    found: dict[CashKind, int] = {}
    for posting in session.scalars(select(CashPosting).where(CashPosting.drawer_id == drawer.id)):
        if posting.kind in (CashKind.CLOSE, CashKind.DIFFERENCE):
            continue
        sign = 1 if posting.debit is Account.DRAWER else -1
        found[posting.kind] = found.get(posting.kind, 0) + sign * posting.amount
    return found


def _card(session: Session, drawer: Drawer) -> DrawerCard:
    expected = drawer.expected
    return DrawerCard(
        id=drawer.id,
        number=drawer.number,
        staff_id=drawer.staff_id,
        staff_name=session.get_one(Staff, drawer.staff_id).name,
        opened_at=drawer.opened_at,
        opening_float=drawer.opening_float,
        expected=book.balance(session, Account.DRAWER, drawer) if expected is None else expected,
        closed_at=drawer.closed_at,
        counted=drawer.counted,
        reason=drawer.reason,
    )
