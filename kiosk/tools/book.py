"""The cash book: how postings are written, what balances say, and what must always hold (spec T10).

A balance is debits minus credits in fen: cash is positive, what the hall owes to borrowers and what it earned negative.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    HOLDS_TOOL,
    Account,
    CashKind,
    CashPosting,
    Drawer,
    LineState,
    Rental,
    RentalLine,
    RentalState,
    Tool,
    ToolReturn,
    ToolState,
)
from kiosk.errors import CashRefused

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
    if credit in CASH and balance(session, credit, drawer if credit is Account.DRAWER else None) < amount:
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


def balance(session: Session, account: Account, drawer: Drawer | None = None) -> int:
    """Debits minus credits, of one drawer where `drawer` is given."""
    sides = []
    for side in (CashPosting.debit, CashPosting.credit):
        query = select(func.coalesce(func.sum(CashPosting.amount), 0)).where(side == account)
        if drawer is not None:
            query = query.where(CashPosting.drawer_id == drawer.id)
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


def broken(session: Session) -> tuple[Broken, ...]:
    """Everything about money and tools that must always hold and does not; empty is well."""
    return (*_deposits(session), *_cash(session), *_charges(session), *_tools(session))


def _deposits(session: Session) -> list[Broken]:
    """Deposit liability = deposits of open rentals, for each rental and in all."""
    held: Tally[UUID] = Tally()
    for rental, amount in session.execute(select(RentalLine.rental_id, RentalLine.deposit_held)):
        held[rental] += amount
    booked: Tally[UUID | None] = Tally()
    liability = Account.DEPOSIT_LIABILITY
    for posting in session.scalars(select(CashPosting)):
        booked[posting.rental_id] += posting.amount * (
            (posting.credit is liability) - (posting.debit is liability)
        )
    found = [
        Broken("deposit_of_rental", str(rental), held[rental] if rental else 0, booked[rental])
        for rental in {*held, *booked}
        if (held[rental] if rental else 0) != booked[rental]
    ]
    open_states = (RentalState.DEPOSITED, RentalState.OUT)
    for ended in session.scalars(select(Rental.id).where(Rental.state.not_in(open_states))):
        if held[ended]:
            found.append(Broken("deposit_of_ended_rental", str(ended), 0, held[ended]))
    total = -balance(session, liability)
    if total != held.total():
        found.append(Broken("deposits", liability.value, held.total(), total))
    return found


def _cash(session: Session) -> list[Broken]:
    """A closed drawer is empty, no drawer and no safe is below nothing."""
    found = []
    for drawer in session.scalars(select(Drawer)):
        amount = balance(session, Account.DRAWER, drawer)
        if amount < 0 or (drawer.closed_at is not None and amount != 0):
            found.append(Broken("drawer", str(drawer.id), 0, amount))
    safe = balance(session, Account.SAFE)
    if safe < 0:
        found.append(Broken("safe", Account.SAFE.value, 0, safe))
    total = sum(balance(session, account) for account in Account)
    return found if total == 0 else [*found, Broken("balanced", "book", 0, total)]


def _charges(session: Session) -> list[Broken]:
    """Income and what is owed agree with the receipts; no rental gave back more than it brought."""
    returns = list(session.scalars(select(ToolReturn)))
    income = -balance(session, Account.RENT_INCOME) - balance(session, Account.DEDUCTION_INCOME)
    charged = sum(row.rent + row.deducted - row.given_back for row in returns)
    owed = sum(row.owed - row.owed_paid for row in returns)
    found = []
    if income != charged:
        found.append(Broken("income", "returns", charged, income))
    if balance(session, Account.RECEIVABLE) != owed:
        found.append(Broken("owed", "returns", owed, balance(session, Account.RECEIVABLE)))
    cash: Tally[UUID] = Tally()
    for posting in session.scalars(select(CashPosting).where(CashPosting.rental_id.is_not(None))):
        assert posting.rental_id is not None
        cash[posting.rental_id] += posting.amount * (
            (posting.debit is Account.DRAWER) - (posting.credit is Account.DRAWER)
        )
    found += [Broken("refund", str(rental), ">= 0", amount) for rental, amount in cash.items() if amount < 0]
    return found


def _tools(session: Session) -> list[Broken]:
    """A tool is held, out or back exactly when one line of one living rental says so."""
    lines = session.execute(
        select(RentalLine, Rental.state)
        .join(Rental, Rental.id == RentalLine.rental_id)
        .where(RentalLine.state.in_((*HOLDS_TOOL, LineState.INSPECTED)))
    ).all()
    holding: dict[UUID, LineState] = {}
    found = []
    for line, rental_state in lines:
        fits = rental_state is RentalState.OUT if line.state in HELD_OPEN else rental_state in BEFORE_OUT
        if not fits:
            found.append(Broken("line_of_rental", str(line.id), line.state.value, rental_state.value))
        if line.state is LineState.INSPECTED or line.tool_id is None:
            continue
        if line.tool_id in holding:
            found.append(Broken("tool_twice", str(line.tool_id), 1, 2))
        holding[line.tool_id] = line.state
    for tool in session.scalars(select(Tool)):
        line_state = holding.get(tool.id)
        wanted = TOOL_OF_LINE[line_state] if line_state else None
        if wanted != (tool.state if tool.state in TOOL_OF_LINE.values() else None):
            found.append(Broken("tool_state", str(tool.id), wanted, tool.state.value))
    open_lines = {line.rental_id for line, _ in lines if line.state in HELD_OPEN}
    for rental in session.scalars(select(Rental).where(Rental.state == RentalState.OUT)):
        if rental.id not in open_lines:
            found.append(Broken("rental_out", str(rental.id), "open lines", 0))
    return found
