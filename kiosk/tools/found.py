"""A lost tool turns up again: looked at, back to stock or aside, and what its loss cost is refunded (spec T7, T10).

One act by two people: whoever keeps the tools looked at it, the second one agrees with that and with the refund, which
is a posting of its own with its reason. No policy says what happens then; this is (ours).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Deduction,
    DeductionKind,
    LineState,
    Rental,
    RentalLine,
    Seeker,
    Tool,
    ToolReturn,
    ToolState,
)
from kiosk.errors import CashRefused, InputInvalid, StepInvalid
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import ToolCard
from kiosk.tools.counter import KEEPING, Counter, get
from kiosk.tools.settlement import give_back
from kiosk.tools.stock import tool_card


@dataclass(frozen=True)
class LossCard:
    """Who lost a tool and what that cost, fen. `refundable`: what of it has not been given back yet;
    `owed`: what the person still owes of that return, which a refund strikes first."""

    seeker_name: str
    seeker_phone: str
    rental_number: str
    lost_at: datetime | None
    charged: int
    refundable: int
    owed: int

    def __repr__(self) -> str:  # never a name in a log
        return f"LossCard({self.rental_number})"


class FoundDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def loss(self, tool_id: UUID) -> LossCard | None:
        """The rental this tool was lost from and that is settled; None where it got lost on the shelves."""
        with self._store.read() as session:
            line = _lost_line(session, tool_id)
            if line is None or line.return_id is None:
                return None
            rental = session.get_one(Rental, line.rental_id)
            seeker = session.get_one(Seeker, rental.seeker_id)
            row = session.get_one(ToolReturn, line.return_id)
            charged = _loss_charge(session, line)
            return LossCard(
                seeker_name=seeker.name,
                seeker_phone=seeker.phone or "",
                rental_number=rental.number,
                lost_at=line.returned_at,
                charged=charged,
                refundable=max(0, charged - line.given_back),
                owed=row.owed - row.owed_paid,
            )

    def bring_back(
        self,
        by: Authority,
        second: Authority | None,
        tool_id: UUID,
        note: str,
        fit: bool,
        refund: int = 0,
        photos: Sequence[str] = (),
    ) -> ToolCard:
        """It lies on the desk and was looked at: a fit one goes to stock, any other is set aside. `refund` fen of
        what the loss cost; it strikes a debt first and leaves the drawer of `by` for the rest.

        Raises InputInvalid(field=note), StepInvalid(what=tool|line), NotAllowed, CashRefused.
        """
        if not note.strip():
            raise InputInvalid(field="note", reason="empty")
        now = self._clock.now()
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            confirms = self._counter.second(session, by, second)
            tool = self._counter.own(get(session, Tool, tool_id))
            if tool.state is not ToolState.LOST:
                raise StepInvalid(what="tool", state=tool.state.value)
            line = _lost_line(session, tool_id)
            if line is not None and line.state is not LineState.SETTLED:
                raise StepInvalid(what="line", state=line.state.value)  # `ReturnDesk.not_lost` instead
            most = 0 if line is None else max(0, _loss_charge(session, line) - line.given_back)
            if not 0 <= refund <= most:
                raise CashRefused(reason="amount")
            if line is not None:
                give_back(session, self._counter, by, confirms, line, refund, note.strip())
                line.found_at = now
                line.photos = [*line.photos, *photos]
            tool.state = ToolState.IN_STOCK if fit else ToolState.SET_ASIDE
            tool.note = note.strip()
            session.flush()
            self._counter.audit(
                session, by, "tool_found", tool.id, second=str(confirms.id), fit=fit, refunded=refund
            )
            return tool_card(session, self._counter, tool)


def _lost_line(session: Session, tool_id: UUID) -> RentalLine | None:
    """The rental line this tool was lost with, while it has not turned up."""
    return session.scalars(
        select(RentalLine)
        .where(RentalLine.tool_id == tool_id, RentalLine.lost, RentalLine.found_at.is_(None))
        .order_by(RentalLine.returned_at.desc())
        .limit(1)
    ).first()


def _loss_charge(session: Session, line: RentalLine) -> int:
    lost = select(func.coalesce(func.sum(Deduction.amount), 0)).where(
        Deduction.line_id == line.id, Deduction.kind == DeductionKind.LOST
    )
    return session.scalar(lost) or 0
