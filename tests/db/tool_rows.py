"""One row of every table of staff, tools and cash, for the tests of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    Account,
    CallNote,
    CashKind,
    CashPosting,
    Deduction,
    DeductionKind,
    Dispute,
    Drawer,
    Locker,
    LockerUse,
    Record,
    Rental,
    RentalLine,
    Seeker,
    Staff,
    StockCount,
    StockCountLine,
    StockRequest,
    StockRequestKind,
    StoragePlace,
    Tool,
    ToolModel,
    ToolReturn,
    ToolState,
    now,
)

Row = TypeVar("Row", bound=Record)


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _staff(session: Session) -> Staff:
    return _kept(session, Staff(name="样本柜员", roles="clerk"))


def _model(session: Session) -> ToolModel:
    return _kept(session, ToolModel(key="hammer", name="榔头"))


def _tool(session: Session) -> Tool:
    tool = Tool(model_id=_model(session).id, tag="01-000001", tag_serial=1, acquired_at=now())
    return _kept(session, tool)


def _seeker(session: Session) -> Seeker:
    seeker = Seeker(
        number_sealed=b"sealed",
        number_index=uuid7().bytes,
        name="样本",
        sex="male",
        birth=date(1970, 1, 1),
        assurance=1,
        consent_version="1",
        consent_at=now(),
        last_seen_at=now(),
    )
    return _kept(session, seeker)


def _rental(session: Session) -> Rental:
    rental = Rental(
        seeker_id=_seeker(session).id,
        number="01-000002",
        serial=2,
        asked_at_kiosk=True,
        requested_at=now(),
        valid_until=now(),
    )
    return _kept(session, rental)


def _line(session: Session) -> RentalLine:
    return _kept(session, RentalLine(rental_id=_rental(session).id, model_id=_model(session).id))


def _return(session: Session) -> ToolReturn:
    return ToolReturn(
        rental_id=_rental(session).id,
        number="01-000003",
        serial=3,
        staff_id=_staff(session).id,
        settled_at=now(),
        deposit=5,
        rent=2,
        deducted=1,
        refunded=2,
        paid=0,
        owed=0,
    )


def _request(session: Session) -> StockRequest:
    return StockRequest(
        kind=StockRequestKind.ACQUISITION,
        model_id=_model(session).id,
        reason="不够用",
        requested_by=_staff(session).id,
        requested_at=now(),
    )


def _count(session: Session) -> StockCount:
    return _kept(session, StockCount(started_by=_staff(session).id, started_at=now()))


def _count_line(session: Session) -> StockCountLine:
    return StockCountLine(
        count_id=_count(session).id, tool_id=_tool(session).id, state=ToolState.IN_STOCK, seen_at=now()
    )


def _call(session: Session) -> CallNote:
    return CallNote(
        rental_id=_rental(session).id, staff_id=_staff(session).id, called_at=now(), note="明天还"
    )


def _dispute(session: Session) -> Dispute:
    return Dispute(
        line_id=_line(session).id, words="来的时候就裂了", raised_by=_staff(session).id, raised_at=now()
    )


def _locker_use(session: Session) -> LockerUse:
    return LockerUse(
        locker_id=_kept(session, Locker(name="1")).id,
        seeker_id=_seeker(session).id,
        number="01-000004",
        serial=4,
        stored_at=now(),
        stored_by=_staff(session).id,
        due_at=now(),
    )


def _posting(session: Session) -> CashPosting:
    return CashPosting(
        posted_at=now(),
        kind=CashKind.SAFE,
        debit=Account.SAFE,
        credit=Account.FUNDING,
        amount=1,
        staff_id=_staff(session).id,
    )


MAKERS: dict[type[Record], Callable[[Session], Record]] = {
    Staff: _staff,
    ToolModel: _model,
    StoragePlace: lambda session: StoragePlace(name="A 架"),
    Tool: _tool,
    StockRequest: _request,
    StockCount: _count,
    StockCountLine: _count_line,
    Rental: _rental,
    RentalLine: _line,
    Deduction: lambda session: Deduction(
        line_id=_line(session).id, kind=DeductionKind.DAMAGED, reason="裂", amount=1
    ),
    ToolReturn: _return,
    CallNote: _call,
    Dispute: _dispute,
    Locker: lambda session: Locker(name="1"),
    LockerUse: _locker_use,
    Drawer: lambda session: Drawer(
        number="01-000005", staff_id=_staff(session).id, opened_at=now(), opening_float=0
    ),
    CashPosting: _posting,
}
