"""The cash book: how postings are written, what balances say, and what must always hold (spec T10).

A balance is debits minus credits in fen: cash is positive, what the hall owes to borrowers and what it earned negative.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import (
    HOLDS_TOOL,
    Account,
    CashKind,
    CashPosting,
    Drawer,
    LineState,
    Record,
    Rental,
    RentalLine,
    RentalState,
    Tool,
    ToolReturn,
    ToolState,
)
from kiosk.errors import CashRefused

Row = TypeVar("Row", bound=Record)
CASH = (Account.DRAWER, Account.SAFE)
MOST = 100_000_000  # fen in one posting: a slip of the finger, not a rental
TOOL_OF_LINE = {
    LineState.HELD: ToolState.HELD,
    LineState.OUT: ToolState.OUT,
    LineState.BACK: ToolState.TO_INSPECT,
}
BEFORE_OUT = (RentalState.APPROVED, RentalState.BRIEFED, RentalState.SIGNED, RentalState.DEPOSITED)
HELD_OPEN = (LineState.OUT, LineState.BACK, LineState.INSPECTED)


@dataclass(frozen=True)
class About:
    """What a posting belongs to."""

    staff_id: UUID
    rental_id: UUID | None = None
    return_id: UUID | None = None
    tool_id: UUID | None = None
    note: str = ""


def post(
    session: Session,
    at: datetime,
    kind: CashKind,
    accounts: tuple[Account, Account],
    amount: int,
    about: About,
    drawer: Drawer | None = None,
) -> None:
    """`amount` into accounts[0], out of accounts[1]; nothing for 0. Cash that is not there cannot leave.

    Raises CashRefused(reason=not_enough|amount|no_drawer).
    """
    if amount == 0:
        return
    if not 0 < amount <= MOST:
        raise CashRefused(reason="amount")
    debit, credit = accounts
    if (Account.DRAWER in accounts) != (drawer is not None):
        raise CashRefused(reason="no_drawer")
    of_drawer = drawer if credit is Account.DRAWER else None
    if credit in CASH and balance(session, credit, of_drawer, session.info["origin"].device_id) < amount:
        raise CashRefused(reason="not_enough", account=credit.value)
    session.add(
        CashPosting(
            posted_at=at,
            kind=kind,
            debit=debit,
            credit=credit,
            amount=amount,
            drawer_id=drawer.id if drawer else None,
            staff_id=about.staff_id,
            rental_id=about.rental_id,
            return_id=about.return_id,
            tool_id=about.tool_id,
            note=about.note,
        )
    )
    session.flush()


def balance(
    session: Session, account: Account, drawer: Drawer | None = None, device_id: UUID | None = None
) -> int:
    """Debits minus credits; of one drawer where `drawer` is given, of one device's book where `device_id` is."""
    sides = []
    for side in (CashPosting.debit, CashPosting.credit):
        query = select(func.coalesce(func.sum(CashPosting.amount), 0)).where(side == account)
        if drawer is not None:
            query = query.where(CashPosting.drawer_id == drawer.id)
        if device_id is not None:
            query = query.where(CashPosting.device_id == device_id)
        sides.append(session.scalar(query) or 0)
    return sides[0] - sides[1]


def drawer_of(session: Session, staff_id: UUID, device_id: UUID) -> Drawer | None:
    """The drawer this person has open on this device."""
    return session.scalars(
        select(Drawer).where(
            Drawer.staff_id == staff_id, Drawer.device_id == device_id, Drawer.closed_at.is_(None)
        )
    ).one_or_none()


def needed_drawer(session: Session, staff_id: UUID) -> Drawer:
    """In a write session. Raises CashRefused(reason=no_drawer)."""
    drawer = drawer_of(session, staff_id, session.info["origin"].device_id)
    if drawer is None:
        raise CashRefused(reason="no_drawer")
    return drawer


@dataclass(frozen=True)
class Flow:
    """`amount` fen of source number `source` go to sink number `sink`."""

    source: int
    sink: int
    amount: int


def allocate(sources: Sequence[int], sinks: Sequence[int]) -> tuple[Flow, ...]:
    """Pour the sources into the sinks, in their order. ValueError unless both sum to the same."""
    if sum(sources) != sum(sinks) or min(*sources, *sinks, 0) < 0:
        raise ValueError("sources and sinks differ")
    flows, left, sink = [], list(sinks), 0
    for source, amount in enumerate(sources):
        while amount:
            while left[sink] == 0:
                sink += 1
            poured = min(amount, left[sink])
            flows.append(Flow(source, sink, poured))
            left[sink] -= poured
            amount -= poured
    return tuple(flows)


@dataclass(frozen=True)
class Broken:
    """A rule of the book that does not hold: what should be, what is (fen or counts)."""

    rule: str
    subject: str
    expected: Any
    found: Any


def broken(session: Session, device_id: UUID | None = None) -> tuple[Broken, ...]:
    """Everything about money and tools that must always hold and does not; empty is well.

    Every device keeps a book of its own; `device_id` leaves out what came from the hall's other ones.
    """
    checks = (_deposits, _cash, _charges, _tools)
    return tuple(found for check in checks for found in check(_Rows(session, device_id)))


@dataclass(frozen=True)
class _Rows:
    """Rows of one device, or of all."""

    session: Session
    device_id: UUID | None

    def of(self, kind: type[Row], *where: ColumnElement[bool]) -> Sequence[Row]:
        query = select(kind).where(*where)
        if self.device_id is not None:
            query = query.where(kind.device_id == self.device_id)
        return self.session.scalars(query).all()

    def balance(self, account: Account, drawer: Drawer | None = None) -> int:
        return balance(self.session, account, drawer, self.device_id)


def _deposits(rows: _Rows) -> Iterator[Broken]:
    """Deposit liability = deposits of open rentals, for each rental and in all."""
    liability = Account.DEPOSIT_LIABILITY
    held: Tally[UUID | None] = Tally()
    booked: Tally[UUID | None] = Tally()
    for line in rows.of(RentalLine):
        held[line.rental_id] += line.deposit_held
    for posting in rows.of(CashPosting):
        sign = (posting.credit is liability) - (posting.debit is liability)
        booked[posting.rental_id] += sign * posting.amount
    for rental_id in {*held, *booked}:
        if held[rental_id] != booked[rental_id]:
            yield Broken("deposit_of_rental", str(rental_id), held[rental_id], booked[rental_id])
    open_states = (RentalState.DEPOSITED, RentalState.OUT)
    for rental in rows.of(Rental, Rental.state.not_in(open_states)):
        if held[rental.id]:
            yield Broken("deposit_of_ended_rental", str(rental.id), 0, held[rental.id])
    total = -rows.balance(liability)
    if total != held.total():
        yield Broken("deposits", liability.value, held.total(), total)


def _cash(rows: _Rows) -> Iterator[Broken]:
    """A closed drawer is empty, no drawer and no safe is below nothing."""
    for drawer in rows.of(Drawer):
        amount = rows.balance(Account.DRAWER, drawer)
        if amount < 0 or (drawer.closed_at is not None and amount != 0):
            yield Broken("drawer", str(drawer.id), 0, amount)
    safe = rows.balance(Account.SAFE)
    if safe < 0:
        yield Broken("safe", Account.SAFE.value, 0, safe)
    total = sum(rows.balance(account) for account in Account)
    if total != 0:
        yield Broken("balanced", "book", 0, total)


def _charges(rows: _Rows) -> Iterator[Broken]:
    """Income and what is owed agree with the receipts; no rental gave back more than it brought."""
    returns = rows.of(ToolReturn)
    income = -rows.balance(Account.RENT_INCOME) - rows.balance(Account.DEDUCTION_INCOME)
    charged = sum(row.rent + row.deducted - row.given_back for row in returns)
    if income != charged:
        yield Broken("income", "returns", charged, income)
    owed = sum(row.owed - row.owed_paid for row in returns)
    if rows.balance(Account.RECEIVABLE) != owed:
        yield Broken("owed", "returns", owed, rows.balance(Account.RECEIVABLE))
    cash: Tally[UUID | None] = Tally()
    for posting in rows.of(CashPosting, CashPosting.rental_id.is_not(None)):
        sign = (posting.debit is Account.DRAWER) - (posting.credit is Account.DRAWER)
        cash[posting.rental_id] += sign * posting.amount
    for rental_id, amount in cash.items():
        if amount < 0:
            yield Broken("refund", str(rental_id), ">= 0", amount)


def _tools(rows: _Rows) -> Iterator[Broken]:
    """A tool is held, out or back exactly when one line of one living rental says so."""
    rental_states = {rental.id: rental.state for rental in rows.of(Rental)}
    holding: dict[UUID, LineState] = {}
    open_rentals = set()
    for line in rows.of(RentalLine, RentalLine.state.in_((*HOLDS_TOOL, LineState.INSPECTED))):
        state = rental_states[line.rental_id]
        is_open = line.state in HELD_OPEN
        if is_open:
            open_rentals.add(line.rental_id)
        if not (state is RentalState.OUT if is_open else state in BEFORE_OUT):
            yield Broken("line_of_rental", str(line.id), line.state.value, state.value)
        if line.state is LineState.INSPECTED or line.tool_id is None:
            continue
        if line.tool_id in holding:
            yield Broken("tool_twice", str(line.tool_id), 1, 2)
        holding[line.tool_id] = line.state
    for tool in rows.of(Tool):
        line_state = holding.get(tool.id)
        wanted = TOOL_OF_LINE[line_state] if line_state else None
        if wanted != (tool.state if tool.state in TOOL_OF_LINE.values() else None):
            yield Broken("tool_state", str(tool.id), wanted, tool.state.value)
    for rental_id, state in rental_states.items():
        if state is RentalState.OUT and rental_id not in open_rentals:
            yield Broken("rental_out", str(rental_id), "open lines", 0)
