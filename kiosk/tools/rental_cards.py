"""Rows of a rental → cards, and the charge of a line as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Deduction,
    Dispute,
    LineState,
    Rental,
    RentalLine,
    RentalState,
    Seeker,
    Staff,
    Tool,
    ToolModel,
    ToolReturn,
)
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.tools.cards import DeductionCard, DisputeCard, LineCard, RentalCard, ReturnCard
from kiosk.tools.counter import Counter
from kiosk.tools.stock import model_card
from kiosk.tools.tariff import Charge, ChargeLine, Tariff, charge

RUNNING = (LineState.OUT, LineState.BACK)
FIXED = (LineState.INSPECTED, LineState.SETTLED)
ENDED = (RentalState.CLOSED, RentalState.REFUSED, RentalState.CANCELLED, RentalState.LAPSED)


def lines_of(session: Session, rental: Rental) -> list[RentalLine]:
    query = select(RentalLine).where(RentalLine.rental_id == rental.id)
    return list(session.scalars(query.order_by(RentalLine.position, RentalLine.id)))


def new_line(rental: Rental, model: ToolModel, position: int) -> RentalLine:
    """A wish for one tool of a model; which one is not said yet."""
    return RentalLine(
        id=uuid7(),
        rental_id=rental.id,
        model_id=model.id,
        position=position,
        state=LineState.WANTED,
        terms={},
        deposit=model.deposit,
        deposit_held=0,
        checklist={},
        out_note="",
        findings={},
        photos=[],
        no_photo="",
        note="",
        lost=False,
        rent=0,
        deducted=0,
        derivation=[],
        given_back=0,
    )


def terms(tariff: Tariff) -> dict[str, Any]:
    """A tariff as a line keeps it."""
    return asdict(tariff)


def agreed(line: RentalLine) -> Tariff:
    return msgspec.convert(line.terms, Tariff)


def charge_now(line: RentalLine, rental: Rental, counter: Counter, now: datetime) -> Charge:
    """As it was settled, or as it would be if the tool came back now."""
    if line.state in FIXED:
        return Charge(tuple(msgspec.convert(line.derivation, list[ChargeLine])))
    if line.state not in RUNNING or rental.out_at is None or rental.due_at is None:
        return Charge(())
    back_at = line.returned_at or now
    return charge(agreed(line), rental.out_at, back_at, rental.due_at, counter.calendar)


def overdue(rental: Rental, lines: Iterable[RentalLine], now: datetime) -> bool:
    return (
        rental.state is RentalState.OUT
        and rental.due_at is not None
        and now > rental.due_at
        and any(line.state is LineState.OUT for line in lines)
    )


def rental_card(session: Session, counter: Counter, rental: Rental) -> RentalCard:
    now = counter.clock.now()
    seeker = session.get_one(Seeker, rental.seeker_id)
    lines = lines_of(session, rental)
    device = int(rental.number.split("-")[0])
    return RentalCard(
        id=rental.id,
        number=rental.number,
        code=counter.codes.make(SlipCode(CodeKind.RENTAL, device, rental.serial)),
        seeker_id=seeker.id,
        seeker_name=seeker.name,
        seeker_phone=seeker.phone or "",
        state=rental.state,
        asked_at_kiosk=rental.asked_at_kiosk,
        ours=rental.device_id == counter.store.origin.device_id,
        requested_at=rental.requested_at,
        valid_until=rental.valid_until,
        out_at=rental.out_at,
        backdated_with=staff_name(session, rental.backdated_with),
        due_at=rental.due_at,
        overdue=overdue(rental, lines, now),
        reason=rental.reason,
        lines=tuple(_line(session, counter, rental, line, now) for line in lines),
    )


def _line(session: Session, counter: Counter, rental: Rental, line: RentalLine, now: datetime) -> LineCard:
    tool = session.get(Tool, line.tool_id) if line.tool_id else None
    taken_off = session.scalars(
        select(Deduction).where(Deduction.line_id == line.id).order_by(Deduction.created_at, Deduction.id)
    )
    disputes = session.scalars(
        select(Dispute).where(Dispute.line_id == line.id).order_by(Dispute.raised_at, Dispute.id)
    )
    model = model_card(session.get_one(ToolModel, line.model_id))
    return LineCard(
        id=line.id,
        model=model,
        tariff=agreed(line) if line.terms else model.tariff,
        tool_id=line.tool_id,
        tag=tool.tag if tool else "",
        state=line.state,
        deposit=line.deposit,
        deposit_held=line.deposit_held,
        checklist=dict(line.checklist),
        out_note=line.out_note,
        returned_at=line.returned_at,
        backdated_with=staff_name(session, line.backdated_with),
        findings=dict(line.findings),
        photos=tuple(line.photos),
        no_photo=line.no_photo,
        note=line.note,
        lost=line.lost,
        found_at=line.found_at,
        charge=charge_now(line, rental, counter, now),
        deductions=tuple(DeductionCard(row.kind, row.reason, row.amount) for row in taken_off),
        return_id=line.return_id,
        given_back=line.given_back,
        disputes=tuple(dispute_card(session, row) for row in disputes),
    )


def dispute_card(session: Session, row: Dispute) -> DisputeCard:
    return DisputeCard(
        id=row.id,
        line_id=row.line_id,
        words=row.words,
        photos=tuple(row.photos),
        raised_by=staff_name(session, row.raised_by),
        raised_at=row.raised_at,
        answer=row.answer,
        answered_by=staff_name(session, row.answered_by),
        confirmed_by=staff_name(session, row.confirmed_by),
        answered_at=row.answered_at,
        given_back=row.given_back,
    )


def staff_name(session: Session, staff_id: UUID | None) -> str:
    """Empty for nobody, and for somebody of another device who is not known here."""
    found = session.get(Staff, staff_id) if staff_id else None
    return found.name if found else ""


def return_card(session: Session, row: ToolReturn) -> ReturnCard:
    return ReturnCard(
        id=row.id,
        number=row.number,
        rental_id=row.rental_id,
        rental_number=session.get_one(Rental, row.rental_id).number,
        settled_at=row.settled_at,
        deposit=row.deposit,
        rent=row.rent,
        deducted=row.deducted,
        refunded=row.refunded,
        paid=row.paid,
        owed=row.owed,
        owed_paid=row.owed_paid,
        given_back=row.given_back,
    )


def derivation(found: Charge) -> list[dict[str, Any]]:
    """A charge as a line keeps it."""
    return [asdict(line) for line in found.lines]
