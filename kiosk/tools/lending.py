"""What must hold before tools leave, and how one ends that never left (T1, T2, T9); inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import LineState, Rental, RentalLine, RentalState, Seeker, Staff, Tool, ToolModel, ToolState
from kiosk.errors import InputInvalid, ToolUnavailable
from kiosk.staff.accounts import Authority
from kiosk.tools.borrowers import blocks, refuse_blocked, standing
from kiosk.tools.counter import Counter
from kiosk.tools.rental_cards import lines_of

UNPAID = (RentalState.REQUESTED, RentalState.APPROVED, RentalState.BRIEFED, RentalState.SIGNED)


def check_borrower(
    session: Session,
    counter: Counter,
    seeker: Seeker,
    models: Sequence[ToolModel],
    rental: Rental | None = None,
    wanted: int | None = None,
    known: bool = True,
) -> None:
    """Raises RentalBlocked."""
    stands = standing(session, counter, seeker, rental.id if rental else None)
    adults_only = any(model.adults_only for model in models)
    count = len(models) if wanted is None else wanted
    refuse_blocked(blocks(stands, counter.settings.rental, adults_only, count, known))


def check_free(session: Session, counter: Counter, models: Sequence[ToolModel], ours_only: bool) -> None:
    """A kiosk has no tools of its own and asks for any of the hall's; a counter lends only what is its own.

    Raises ToolUnavailable(reason=none_free).
    """
    for model in {model.id: model for model in models}.values():
        in_stock = select(func.count()).where(Tool.model_id == model.id, Tool.state == ToolState.IN_STOCK)
        if ours_only:
            in_stock = in_stock.where(Tool.device_id == counter.store.origin.device_id)
        free = session.scalar(in_stock)
        asked = sum(one.id == model.id for one in models)
        if not model.offered or (free or 0) < asked:
            raise ToolUnavailable(reason="none_free", model=str(model.id))


def check_earlier(
    session: Session,
    counter: Counter,
    by: Authority,
    second: Authority | None,
    at: datetime,
    lines: Sequence[RentalLine],
) -> Staff:
    """A forgotten check-out, put back in time by two people: the tools must have been free since then.

    The second person. Raises NotAllowed, InputInvalid(field=at).
    """
    confirms = counter.second(session, by, second)
    now = counter.clock.now()
    if not now - timedelta(days=counter.settings.rental.backdate_days) <= at <= now:
        raise InputInvalid(field="at", reason="range")
    for line in lines:
        assert line.tool_id is not None
        last = session.scalar(
            select(func.max(RentalLine.returned_at)).where(RentalLine.tool_id == line.tool_id)
        )
        if at < session.get_one(Tool, line.tool_id).acquired_at or (last is not None and at < last):
            raise InputInvalid(field="at", reason="tool_not_free")
    return confirms


def default_due(counter: Counter, out_at: datetime) -> datetime:
    """The set time of that day, or of the next day the hall is open once that is past."""
    rules = counter.settings.rental
    hour, minute = map(int, rules.due_time.split(":"))
    day = counter.clock.local(out_at).date()
    while True:
        due = datetime.combine(day, time(hour, minute), counter.clock.zone)
        if due > out_at and day not in rules.holidays:
            return due
        day += timedelta(days=1)


def drop(session: Session, line: RentalLine) -> None:
    """This tool or wish is not wanted after all."""
    if line.tool_id is not None:
        session.get_one(Tool, line.tool_id).state = ToolState.IN_STOCK
    line.state = LineState.DROPPED


def end(session: Session, counter: Counter, rental: Rental, state: RentalState, reason: str) -> None:
    """It never left: what was put aside lies in stock again."""
    for line in lines_of(session, rental):
        if line.state in (LineState.WANTED, LineState.HELD):
            drop(session, line)
    rental.state, rental.reason, rental.ended_at = state, reason, counter.clock.now()
    session.flush()


def lapse(session: Session, counter: Counter, now: datetime) -> int:
    """Ends what nobody handed out in time; how many. One with a deposit waits for staff."""
    due = session.scalars(
        select(Rental).where(
            Rental.state.in_(UNPAID),
            Rental.valid_until <= now,
            Rental.device_id == counter.store.origin.device_id,
        )
    ).all()
    for rental in due:
        end(session, counter, rental, RentalState.LAPSED, "not_handed_out")
        counter.audit(session, None, "rental_lapsed", rental.id)
    return len(due)
