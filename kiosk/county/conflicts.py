"""What two places wrote differently, worked off at the counter (spec C3; design §3.7).

The county finds them; they come down like any row and go up again once somebody has decided. Whoever decides first,
console or counter, has decided: a later word changes nothing (`db.county.conflicts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from db.models import (
    Base,
    Conflict,
    ConflictState,
    Employer,
    Posting,
    Record,
    Referral,
    ReferralState,
    Role,
    Seeker,
    Tool,
    WaitingRow,
)
from db.models import ConflictKind as ConflictKind  # the screens' name for it
from db.models.base import SEALED
from db.outbox import plain
from db.sync.pull import local_values
from db.sync.push import synced_kinds
from kiosk.errors import NotFound, StepInvalid
from kiosk.identity import number as id_number
from kiosk.jobs.referrals import mask_phone
from kiosk.staff.accounts import Authority
from kiosk.tools.counter import Counter, get

WORKING_OFF = (Role.CLERK, Role.TOOL_KEEPER, Role.SUPERVISOR)
MERGING = (Role.SUPERVISOR,)
MOST = 200
SHOWN_OF_ADDRESS = 4


class Choice(StrEnum):
    """As the county keeps them (`db.county.work_off`)."""

    KEEP = "kept"  # what stands is right
    TAKE = "taken"  # what lost is right
    MERGE = "merged"  # two records are one person
    NOTE = "noted"  # dealt with outside


CHOICES = {
    ConflictKind.FIELDS: (Choice.KEEP, Choice.TAKE),
    ConflictKind.SAME_PERSON: (Choice.MERGE, Choice.NOTE),
    ConflictKind.OVERFILLED: (Choice.NOTE,),
    ConflictKind.SAME_NUMBER: (Choice.NOTE,),
}
OTHERWISE = (Choice.KEEP,)
WHOSE = ("id", "hall_id", "device_id", "version", "created_at", "updated_at")  # nobody's word changes these


@dataclass(frozen=True)
class TwoSides:
    """One fact as it stands and as the other place wrote it; masked. `fact` is the column's name."""

    fact: str
    stands: str
    other: str


@dataclass(frozen=True)
class ConflictCard:
    id: UUID
    kind: ConflictKind
    table: str
    about: str  # masked: a person, a posting's title, a slip's number
    found_at: datetime
    sides: tuple[TwoSides, ...]
    choices: tuple[Choice, ...]
    here: bool = True  # of one person twice: the other record is of this hall too


class ConflictDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store

    def open(self) -> tuple[ConflictCard, ...]:
        """Oldest first."""
        with self._store.read() as session:
            found = session.scalars(
                select(Conflict)
                .where(Conflict.state == ConflictState.OPEN)
                .order_by(Conflict.created_at, Conflict.id)
                .limit(MOST)
            )
            return tuple(self._card(session, conflict) for conflict in found)

    def resolve(self, by: Authority, conflict_id: UUID, choice: Choice) -> None:
        """Decide. 'taken' writes what lost into the row; 'merged' is done by the county and comes back.

        Raises NotAllowed, StepInvalid where it was decided meanwhile or cannot be decided so (what lost may be no
        row), NotFound where the row is gone.
        """
        with self._store.write() as session:
            staff = self._counter.named(session, by, MERGING if choice is Choice.MERGE else WORKING_OFF)
            conflict = get(session, Conflict, conflict_id)
            if conflict.state is not ConflictState.OPEN:
                raise StepInvalid(what="conflict", state=conflict.state.value)
            if choice not in CHOICES.get(conflict.kind, OTHERWISE):
                raise StepInvalid(what="conflict", state=choice.value)
            if choice is Choice.TAKE:
                self._take(session, conflict)
            conflict.state = ConflictState.RESOLVED
            conflict.resolution = choice.value
            conflict.resolved_by = staff.name
            conflict.resolved_at = self._counter.clock.now()
            session.flush()
            self._counter.audit(
                session, by, "conflict_resolved", conflict.id, kind=conflict.kind.value, choice=choice.value
            )

    def _take(self, session: Session, conflict: Conflict) -> None:
        row = _row(session, conflict)
        if row is None:
            raise NotFound(what="row")
        lost = {name: pair[1] for name, pair in _pairs(conflict) if name not in WHOSE}
        table = Base.metadata.tables[conflict.table]
        try:
            for name, value in local_values(self._store.keys, table, conflict.row_id, lost).items():
                setattr(row, name, value)
            session.flush()
        except (ValueError, TypeError, AttributeError, StatementError) as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
                raise  # a full disk, say
            raise StepInvalid(what="conflict", state=Choice.TAKE.value) from error

    def _card(self, session: Session, conflict: Conflict) -> ConflictCard:
        same = conflict.kind is ConflictKind.SAME_PERSON
        return ConflictCard(
            id=conflict.id,
            kind=conflict.kind,
            table=conflict.table,
            about=self._about(session, conflict),
            found_at=conflict.created_at,
            sides=self._sides(session, conflict),
            choices=CHOICES.get(conflict.kind, OTHERWISE),
            here=not same or len(set(map(str, _list(_details(conflict).get("halls"))))) <= 1,
        )

    def _about(self, session: Session, conflict: Conflict) -> str:
        row, other = _row(session, conflict), _other(conflict)
        if row is None and other is not None:  # of one person twice, one record is here
            row = session.get(Seeker, other)
        match row:
            case Seeker():
                return self._person(row)
            case Referral():
                return f"{row.slip_number}　{self._person(session.get_one(Seeker, row.seeker_id))}"
            case Posting():
                return row.title
            case Employer():
                return row.name
            case Tool():
                return row.tag
            case _:
                return ""

    def _person(self, seeker: Seeker) -> str:
        number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
        return f"{id_number.mask_name(seeker.name)}　{id_number.mask(number)}"

    def _sides(self, session: Session, conflict: Conflict) -> tuple[TwoSides, ...]:
        details, row = _details(conflict), _row(session, conflict)
        if conflict.kind is ConflictKind.OVERFILLED:
            referred = str(details.get("referred", ""))
            sides = [TwoSides("openings", str(details.get("openings", "")), referred)]
            return (*sides, *_referred(session, conflict.row_id))
        if conflict.kind is ConflictKind.SAME_PERSON:
            return self._two_records(session, conflict)
        if conflict.kind is ConflictKind.SAME_NUMBER:
            return tuple(TwoSides("slip_number", *map(str, pair)) for _, pair in _pairs(conflict))
        return tuple(
            TwoSides(name, masked(name, _stands(row, name, pair[0])), masked(name, pair[1]))
            for name, pair in _pairs(conflict)
        )

    def _two_records(self, session: Session, conflict: Conflict) -> tuple[TwoSides, ...]:
        """The record that stands here, and the other one as far as this store knows it."""
        second = _other(conflict)
        pair = [conflict.row_id, second] if second else []
        mine = next((row for one in pair if (row := session.get(Seeker, one))), None)
        waits = session.scalars(
            select(WaitingRow.payload).where(WaitingRow.table == "seekers", WaitingRow.row_id.in_(pair))
        ).first()
        other: Mapping[str, Any] = msgspec.json.decode(waits) if waits else {}
        return tuple(
            TwoSides(name, masked(name, getattr(mine, name, None)), masked(name, other.get(name)))
            for name in ("name", "phone", "address")
            if getattr(mine, name, None) or other.get(name)
        )


def masked(fact: str, value: object) -> str:
    """A column's value for a screen: persons, numbers and phones masked."""
    match value:
        case None | "" | {} | []:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() if fact in ("name", "contact_name"):
            return id_number.mask_name(value)
        case str() if fact in ("phone", "contact_phone"):
            return mask_phone(value)
        case str() if fact.startswith("number"):
            return id_number.mask(value)
        case str() if fact == "address":
            return value[:SHOWN_OF_ADDRESS] + "***"
        case _:
            return str(value)


def _details(conflict: Conflict) -> dict[str, Any]:
    """Any device of the hall may write lines of this list: what is not as the county writes it says nothing."""
    return conflict.details if isinstance(conflict.details, dict) else {}


def _pairs(conflict: Conflict) -> list[tuple[str, list[Any]]]:
    """The columns that lost, as {"column": [kept, lost]} says them."""
    found = _details(conflict).items()
    return [(name, pair) for name, pair in found if isinstance(pair, list) and len(pair) == 2]


def _other(conflict: Conflict) -> UUID | None:
    """The second record of one person."""
    with suppress(ValueError):
        return UUID(str(_details(conflict).get("other")))
    return None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _row(session: Session, conflict: Conflict) -> Record | None:
    kind = _kind(conflict.table)
    return session.get(kind, conflict.row_id) if kind is not None else None


def _stands(row: Record | None, name: str, listed: Any) -> Any:
    """The column as it stands now: it may have changed again since it was listed."""
    column = row.__table__.columns.get(name) if row is not None else None
    return listed if column is None or column.info == SEALED else plain(getattr(row, name))


def _kind(table: str) -> type[Record] | None:
    return next((kind for kind in synced_kinds() if kind.__tablename__ == table), None)


def _referred(session: Session, posting: UUID) -> list[TwoSides]:
    """Who was sent from this hall, newest first: those are told first that it is full."""
    found = session.execute(
        select(Referral.slip_number, Seeker.name, Seeker.phone)
        .join(Seeker, Seeker.id == Referral.seeker_id)
        .where(Referral.posting_id == posting, Referral.state == ReferralState.ISSUED)
        .order_by(Referral.issued_at.desc())
        .limit(5)
    )
    return [
        TwoSides("slip_number", number, f"{id_number.mask_name(name)} {mask_phone(phone or '')}".strip())
        for number, name, phone in found
    ]
