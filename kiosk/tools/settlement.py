"""The money of a return: deposit, rent, deductions and refund in one transaction with the drawer (T7, T10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    CashKind,
    LineState,
    Rental,
    RentalLine,
    RentalState,
    Staff,
    ToolReturn,
)
from kiosk.errors import CashRefused, NotAllowed, StepInvalid
from kiosk.language import Language
from kiosk.staff.accounts import Authority
from kiosk.tools import papers
from kiosk.tools.book import About, allocate, needed_drawer, post
from kiosk.tools.cards import ReturnCard
from kiosk.tools.counter import CASHIER, LENDING, Counter, get
from kiosk.tools.rental_cards import lines_of, rental_card, return_card

OPEN_LINES = (LineState.OUT, LineState.BACK, LineState.INSPECTED)


@dataclass(frozen=True)
class Quote:
    """What settling would come to, fen: either something is refunded, or something is missing."""

    lines: tuple[UUID, ...]
    deposit: int
    rent: int
    deducted: int

    @property
    def refund(self) -> int:
        return max(0, self.deposit - self.rent - self.deducted)

    @property
    def missing(self) -> int:
        return max(0, self.rent + self.deducted - self.deposit)


class SettlementDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def quote(self, rental_id: UUID, lines: Sequence[UUID] | None = None) -> Quote:
        """Of all inspected tools, or of these. Raises StepInvalid where there is none."""
        with self._store.read() as session:
            return _quote(_inspected(session, get(session, Rental, rental_id), lines))

    def settle(
        self,
        by: Authority,
        rental_id: UUID,
        paid: int = 0,
        lines: Sequence[UUID] | None = None,
        language: Language | None = None,
        *,
        claim: int = 0,
        second: Authority | None = None,
    ) -> ReturnCard:
        """Settle all inspected tools, or these. What the deposit does not cover is `paid` now, or it is an explicit
        `claim` that stays owed: both together are exactly what is missing. Above the hall's limit a `second` person
        says so too.

        The refund leaves the drawer of `by`; it is never more than the deposit. The rental closes with its last tool.
        Raises CashRefused(reason=no_drawer|not_enough|amount|claim), StepInvalid, NotAllowed.
        """
        now = self._clock.now()
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            rental = get(session, Rental, rental_id)
            if rental.state is not RentalState.OUT:
                raise StepInvalid(what="rental", state=rental.state.value)
            if rental.device_id != self._store.origin.device_id:
                raise NotAllowed(reason="other_device")
            chosen = _inspected(session, rental, lines)
            quote = _quote(chosen)
            if not 0 <= paid <= quote.missing:
                raise CashRefused(reason="amount")
            if claim != quote.missing - paid:
                raise CashRefused(reason="claim", missing=quote.missing)
            confirms = None
            if quote.missing > self._counter.settings.rental.claim_limit:
                confirms = self._counter.second(session, by, second)
            number, serial = self._counter.next_number(session)
            row = ToolReturn(
                id=uuid7(),
                rental_id=rental.id,
                number=number,
                serial=serial,
                staff_id=by.staff_id,
                settled_at=now,
                deposit=quote.deposit,
                rent=quote.rent,
                deducted=quote.deducted,
                refunded=quote.refund,
                paid=paid,
                owed=claim,
                owed_paid=0,
                given_back=0,
                claim_confirmed_by=confirms.id if confirms else None,
            )
            session.add(row)
            session.flush()
            self._book(session, by, rental, row, chosen)
            for line in chosen:
                line.deposit_held, line.state, line.return_id = 0, LineState.SETTLED, row.id
            if not any(line.state in OPEN_LINES for line in lines_of(session, rental)):
                rental.state, rental.ended_at = RentalState.CLOSED, now
            session.flush()
            card = return_card(session, row)
            self._counter.audit(
                session,
                by,
                "return_settled",
                row.id,
                rental=str(rental.id),
                refunded=row.refunded,
                paid=row.paid,
                owed=row.owed,
                **({"second": str(confirms.id)} if confirms else {}),
            )
            rental_now = rental_card(session, self._counter, rental)
            papers.return_receipt(session, self._counter, rental_now, card, by, language or Language())
            return card

    def pay_due(
        self, by: Authority, return_id: UUID, amount: int, language: Language | None = None
    ) -> ReturnCard:
        """What was owed is paid, all or a part; both sides get a paper. Raises CashRefused."""
        now = self._clock.now()
        with self._store.write() as session:
            self._counter.named(session, by, CASHIER)
            row = get(session, ToolReturn, return_id)
            if not 0 < amount <= row.owed - row.owed_paid:
                raise CashRefused(reason="amount")
            drawer = needed_drawer(session, by.staff_id)
            about = About(by.staff_id, row.rental_id, row.id)
            accounts = (Account.DRAWER, Account.RECEIVABLE)
            post(session, now, CashKind.DUE_PAID, accounts, amount, about, drawer)
            row.owed_paid += amount
            session.flush()
            self._counter.audit(session, by, "due_paid", row.id, amount=amount)
            rental = session.get_one(Rental, row.rental_id)
            name = f"{papers.document('due', row.id)}:{row.owed_paid}"  # paid in parts, a paper each
            papers.money_slip(
                session, self._counter, name, rental, by, amount, reason="补交欠款", language=language
            )
            return return_card(session, row)

    def returns(self, rental_id: UUID) -> tuple[ReturnCard, ...]:
        with self._store.read() as session:
            query = select(ToolReturn).where(ToolReturn.rental_id == rental_id)
            rows = session.scalars(query.order_by(ToolReturn.settled_at))
            return tuple(return_card(session, row) for row in rows)

    @staticmethod
    def _book(
        session: Session, by: Authority, rental: Rental, row: ToolReturn, lines: Sequence[RentalLine]
    ) -> None:
        """Deposit, cash and debt are poured into rents, deductions and refund, tool by tool."""
        sources = (row.deposit, row.paid, row.owed)
        debits = (Account.DEPOSIT_LIABILITY, Account.DRAWER, Account.RECEIVABLE)
        sinks = []
        for line in lines:
            sinks.append((CashKind.RENT, Account.RENT_INCOME, line.rent, line.tool_id))
            sinks.append((CashKind.DEDUCTION, Account.DEDUCTION_INCOME, line.deducted, line.tool_id))
        sinks.append((CashKind.DEPOSIT_REFUND, Account.DRAWER, row.refunded, None))
        drawer = needed_drawer(session, by.staff_id) if row.paid or row.refunded else None
        for flow in allocate(sources, [amount for _, _, amount, _ in sinks]):
            kind, credit, _, tool_id = sinks[flow.sink]
            accounts = (debits[flow.source], credit)
            moved = drawer if Account.DRAWER in accounts else None
            about = About(by.staff_id, rental.id, row.id, tool_id)
            post(session, row.settled_at, kind, accounts, flow.amount, about, moved)


def give_back(
    session: Session,
    counter: Counter,
    by: Authority,
    confirms: Staff,
    line: RentalLine,
    amount: int,
    reason: str,
) -> None:
    """`amount` fen of what this tool was charged, after it was settled; inside the caller's transaction.

    It first strikes what is still owed, the rest leaves the drawer of `by`: never more than was taken. Both sides get a
    paper.
    Raises CashRefused(reason=amount|no_drawer|not_enough).
    """
    if not 0 <= amount <= line.rent + line.deducted - line.given_back:
        raise CashRefused(reason="amount")
    assert line.return_id is not None
    row = session.get_one(ToolReturn, line.return_id)
    struck = min(amount, row.owed - row.owed_paid)
    of_deduction = min(amount, max(0, line.deducted - line.given_back))
    drawer = needed_drawer(session, by.staff_id) if amount > struck else None
    debits = (Account.DEDUCTION_INCOME, Account.RENT_INCOME)
    credits_ = (Account.RECEIVABLE, Account.DRAWER)
    about = About(by.staff_id, row.rental_id, row.id, line.tool_id, reason)
    for flow in allocate((of_deduction, amount - of_deduction), (struck, amount - struck)):
        accounts = (debits[flow.source], credits_[flow.sink])
        paid_out = drawer if accounts[1] is Account.DRAWER else None
        post(session, counter.clock.now(), CashKind.GIVEN_BACK, accounts, flow.amount, about, paid_out)
    row.owed_paid += struck
    row.given_back += amount
    line.given_back += amount
    if amount:
        name = f"{papers.document('refund', line.id)}:{line.given_back}"
        rental = session.get_one(Rental, line.rental_id)
        papers.money_slip(
            session, counter, name, rental, by, -amount, struck=struck, reason=reason, second=confirms.name
        )


def _inspected(session: Session, rental: Rental, wanted: Sequence[UUID] | None) -> list[RentalLine]:
    found = [line for line in lines_of(session, rental) if line.state is LineState.INSPECTED]
    if wanted is not None:
        found = [line for line in found if line.id in set(wanted)]
        if len(found) != len(set(wanted)):
            raise StepInvalid(what="line", state="not_inspected")
    if not found:
        raise StepInvalid(what="line", state="not_inspected")
    return found


def _quote(lines: Sequence[RentalLine]) -> Quote:
    return Quote(
        lines=tuple(line.id for line in lines),
        deposit=sum(line.deposit_held for line in lines),
        rent=sum(line.rent for line in lines),
        deducted=sum(line.deducted for line in lines),
    )
