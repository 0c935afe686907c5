"""登记台账: every rental of a stretch of days, who is late, and what calls about it brought (art. 5(二); T9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from db.models import CallNote, LineState, Rental, RentalLine, RentalState, Staff
from kiosk.errors import InputInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import RentalCard
from kiosk.tools.counter import CASHIER, DECIDING, LENDING, Counter, get
from kiosk.tools.rental_cards import rental_card


@dataclass(frozen=True)
class Call:
    at: datetime
    staff_name: str
    note: str


@dataclass(frozen=True)
class OverdueEntry:
    """With the whole phone number: it is there to be called."""

    rental: RentalCard
    late: timedelta
    calls: tuple[Call, ...]

    def __repr__(self) -> str:
        return f"OverdueEntry({self.rental.number})"


class RegisterDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def ledger(self, by: Authority, first: date, last: date) -> tuple[RentalCard, ...]:
        """Rentals asked for on these days (both included), oldest first."""
        start, end = (
            datetime.combine(day, time(), self._clock.zone).astimezone(UTC)
            for day in (first, last + timedelta(days=1))
        )
        with self._store.read() as session:
            self._counter.named(session, by, (*CASHIER, *DECIDING))
            query = (
                select(Rental)
                .where(Rental.requested_at >= start, Rental.requested_at < end)
                .order_by(Rental.requested_at, Rental.id)
            )
            return tuple(rental_card(session, self._counter, rental) for rental in session.scalars(query))

    def out(self) -> tuple[RentalCard, ...]:
        """Everything that is out, first due first."""
        with self._store.read() as session:
            query = select(Rental).where(Rental.state == RentalState.OUT).order_by(Rental.due_at)
            return tuple(rental_card(session, self._counter, rental) for rental in session.scalars(query))

    def overdue(self, by: Authority) -> tuple[OverdueEntry, ...]:
        """The longest overdue first."""
        now = self._clock.now()
        with self._store.read() as session:
            self._counter.named(session, by, (*LENDING, *DECIDING))
            late = (
                select(Rental)
                .join(RentalLine, RentalLine.rental_id == Rental.id)
                .where(
                    Rental.state == RentalState.OUT,
                    Rental.due_at < now,
                    RentalLine.state == LineState.OUT,
                )
                .distinct()
                .order_by(Rental.due_at)
            )
            found = []
            for rental in session.scalars(late):
                assert rental.due_at is not None
                calls = session.execute(
                    select(CallNote, Staff.name)
                    .join(Staff, Staff.id == CallNote.staff_id)
                    .where(CallNote.rental_id == rental.id)
                    .order_by(CallNote.called_at)
                )
                found.append(
                    OverdueEntry(
                        rental=rental_card(session, self._counter, rental),
                        late=now - rental.due_at,
                        calls=tuple(Call(row.called_at, name, row.note) for row, name in calls),
                    )
                )
            return tuple(found)

    def note_call(self, by: Authority, rental_id: UUID, note: str) -> None:
        if not note.strip():
            raise InputInvalid(field="note", reason="empty")
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            rental = get(session, Rental, rental_id)
            session.add(
                CallNote(
                    rental_id=rental.id,
                    staff_id=by.staff_id,
                    called_at=self._clock.now(),
                    note=note.strip(),
                )
            )
            session.flush()
            self._counter.audit(session, by, "call_noted", rental.id)
