"""异议: the borrower does not agree with what was charged; noted with words and photos, answered by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Dispute, LineState, Rental, RentalLine
from kiosk.errors import InputInvalid, NotAllowed, StepInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import DisputeCard, RentalCard
from kiosk.tools.counter import CASHIER, DECIDING, LENDING, Counter, get
from kiosk.tools.rental_cards import dispute_card, rental_card
from kiosk.tools.settlement import give_back

DISPUTED = (LineState.INSPECTED, LineState.SETTLED)


@dataclass(frozen=True)
class OpenDispute:
    """One that waits for an answer, with its rental. `left`: the most that can be given back now, fen."""

    dispute: DisputeCard
    rental: RentalCard
    left: int


class DisputeDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def note(self, by: Authority, line_id: UUID, words: str, photos: Sequence[str] = ()) -> RentalCard:
        """Of an inspected or settled tool; one at a time. It stands on the receipt and waits for an answer.

        Raises InputInvalid(field=dispute), StepInvalid.
        """
        if not words.strip():
            raise InputInvalid(field="dispute", reason="empty")
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            line = get(session, RentalLine, line_id)
            if line.state not in DISPUTED or _open(session, line_id) is not None:
                raise StepInvalid(what="line", state=line.state.value)
            rental = self._own(session, line)
            row = Dispute(
                id=uuid7(),
                line_id=line.id,
                words=words.strip(),
                photos=list(photos),
                raised_by=by.staff_id,
                raised_at=self._clock.now(),
                answer="",
                given_back=0,
            )
            session.add(row)
            session.flush()
            self._counter.audit(
                session, by, "dispute_noted", row.id, line=str(line.id), photos=len(row.photos)
            )
            return rental_card(session, self._counter, rental)

    def open(self, seeker_id: UUID | None = None) -> tuple[OpenDispute, ...]:
        """What waits for an answer, of everybody or of one person; oldest first."""
        with self._store.read() as session:
            query = (
                select(Dispute, RentalLine, Rental)
                .join(RentalLine, RentalLine.id == Dispute.line_id)
                .join(Rental, Rental.id == RentalLine.rental_id)
                .where(Dispute.answered_at.is_(None))
                .order_by(Dispute.raised_at, Dispute.id)
            )
            if seeker_id is not None:
                query = query.where(Rental.seeker_id == seeker_id)
            return tuple(
                OpenDispute(
                    dispute_card(session, row),
                    rental_card(session, self._counter, rental),
                    line.rent + line.deducted - line.given_back if line.state is LineState.SETTLED else 0,
                )
                for row, line, rental in session.execute(query)
            )

    def waiting(self, seeker_id: UUID | None = None) -> int:
        """How many wait for an answer, of everybody or of one person."""
        with self._store.read() as session:
            query = select(func.count()).select_from(Dispute).where(Dispute.answered_at.is_(None))
            if seeker_id is not None:
                query = query.join(RentalLine, RentalLine.id == Dispute.line_id)
                query = query.join(Rental, Rental.id == RentalLine.rental_id).where(
                    Rental.seeker_id == seeker_id
                )
            return session.scalar(query) or 0

    def answer(
        self, by: Authority, second: Authority | None, dispute_id: UUID, words: str, give_back_fen: int = 0
    ) -> RentalCard:
        """The hall's answer, with a second person who may decide; `give_back_fen` of what this tool was charged.

        Raises InputInvalid(field=answer), StepInvalid while the tool is not settled, NotAllowed,
        CashRefused(reason=amount|no_drawer|not_enough).
        """
        if not words.strip():
            raise InputInvalid(field="answer", reason="empty")
        now = self._clock.now()
        with self._store.write() as session:
            self._counter.named(session, by, CASHIER)
            confirms = self._counter.second(session, by, second, DECIDING)
            row = get(session, Dispute, dispute_id)
            line = session.get_one(RentalLine, row.line_id)
            if row.answered_at is not None or line.state is not LineState.SETTLED:
                raise StepInvalid(what="line", state=line.state.value)
            rental = self._own(session, line)
            give_back(session, self._counter, by, confirms, line, give_back_fen, words.strip())
            row.answer, row.answered_at, row.given_back = words.strip(), now, give_back_fen
            row.answered_by, row.confirmed_by = by.staff_id, confirms.id
            session.flush()
            self._counter.audit(
                session, by, "dispute_answered", row.id, second=str(confirms.id), given_back=give_back_fen
            )
            return rental_card(session, self._counter, rental)

    def _own(self, session: Session, line: RentalLine) -> Rental:
        rental = session.get_one(Rental, line.rental_id)
        if rental.device_id != self._store.origin.device_id:
            raise NotAllowed(reason="other_device")
        return rental


def _open(session: Session, line_id: UUID) -> Dispute | None:
    return session.scalars(
        select(Dispute).where(Dispute.line_id == line_id, Dispute.answered_at.is_(None))
    ).first()
