"""Who may borrow, and what a person has in hand or owes (spec T9, S1; 004 annex 4 art. 5(二))."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import HOLDS_TOOL, LineState, Rental, RentalLine, RentalState, Seeker, ToolReturn
from kiosk.errors import RentalBlocked
from kiosk.identity import number as id_number
from kiosk.identity.document import Assurance
from kiosk.seekers.card import ADULT_AGE
from kiosk.settings import RentalRules
from kiosk.staff.accounts import Authority
from kiosk.tools.cards import RentalCard, ReturnCard
from kiosk.tools.counter import CASHIER, LENDING, Counter, get
from kiosk.tools.rental_cards import ENDED, lines_of, overdue, rental_card, return_card

MOST_FOUND = 20


class Block(StrEnum):
    """Why somebody may not borrow now."""

    OVERDUE = "overdue"
    OWING = "owing"
    MINOR = "minor"
    UNIDENTIFIED = "unidentified"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Standing:
    """What the rules need to know of a person."""

    assurance: int
    age: int
    overdue: int  # rentals past their due time
    owed: int  # fen
    in_hand: int  # tools held or out


@dataclass(frozen=True)
class BorrowerCard:
    """For the counter: whole name and phone, masked number."""

    id: UUID
    name: str
    masked_number: str
    phone: str
    standing: Standing
    blocks: tuple[Block, ...]

    def __repr__(self) -> str:  # never a name in a log
        return f"BorrowerCard({self.id})"


@dataclass(frozen=True)
class Reminders:
    """What the kiosk tells a person who identifies: what they have in hand, and what is to be paid."""

    rentals: tuple[RentalCard, ...]
    dues: tuple[ReturnCard, ...]

    @property
    def owed(self) -> int:
        return sum(due.still_owed for due in self.dues)

    @property
    def overdue(self) -> bool:
        return any(rental.overdue for rental in self.rentals)


def blocks(
    standing: Standing, rules: RentalRules, adults_only: bool = False, wanted: int = 0, known: bool = True
) -> tuple[Block, ...]:
    """Pure. `adults_only`: one of the tools is for adults; `known`: whether who it is must stand by now."""
    found = []
    if rules.overdue_blocks and standing.overdue:
        found.append(Block.OVERDUE)
    if rules.owing_blocks and standing.owed:
        found.append(Block.OWING)
    if adults_only and standing.age < ADULT_AGE:
        found.append(Block.MINOR)
    if known and standing.assurance < Assurance.CAMERA:  # staff raise it after looking at the card
        found.append(Block.UNIDENTIFIED)
    if standing.in_hand + wanted > rules.most_tools:
        found.append(Block.TOO_MANY)
    return tuple(found)


def refuse_blocked(found: tuple[Block, ...]) -> None:
    if found:
        raise RentalBlocked(reason=found[0].value, reasons=",".join(found))


def standing(session: Session, counter: Counter, seeker: Seeker, apart_from: UUID | None = None) -> Standing:
    """`apart_from`: a rental whose own tools do not count."""
    now = counter.clock.now()
    out = session.scalars(
        select(Rental).where(Rental.seeker_id == seeker.id, Rental.state == RentalState.OUT)
    ).all()
    held = (
        select(RentalLine.id)
        .join(Rental, Rental.id == RentalLine.rental_id)
        .where(
            Rental.seeker_id == seeker.id,
            Rental.id != apart_from,
            RentalLine.state.in_((*HOLDS_TOOL, LineState.WANTED)),
            Rental.state.not_in(ENDED),
        )
    )
    return Standing(
        assurance=seeker.assurance,
        age=id_number.age_on(seeker.birth, counter.clock.today()),
        overdue=sum(overdue(rental, lines_of(session, rental), now) for rental in out),
        owed=sum(row.owed - row.owed_paid for row in _dues(session, seeker.id)),
        in_hand=len(session.scalars(held).all()),
    )


def _dues(session: Session, seeker_id: UUID) -> list[ToolReturn]:
    query = (
        select(ToolReturn)
        .join(Rental, Rental.id == ToolReturn.rental_id)
        .where(Rental.seeker_id == seeker_id, ToolReturn.owed > ToolReturn.owed_paid)
        .order_by(ToolReturn.settled_at)
    )
    return list(session.scalars(query))


class BorrowerDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store

    def find(self, by: Authority, text: str) -> tuple[BorrowerCard, ...]:
        """By whole ID number, whole phone or its end (four digits and more), or name; newest first."""
        text = text.strip()
        if not text:
            return ()
        with self._store.read() as session:
            self._counter.named(session, by, CASHIER)
            index = self._store.keys.index(id_number.normalise(text))
            ways = [Seeker.number_index == index, Seeker.name == text]
            if text.isascii() and text.isdigit() and 4 <= len(text) <= 11:
                ways.append(Seeker.phone.endswith(text))
            found = session.scalars(
                select(Seeker).where(or_(*ways)).order_by(Seeker.last_seen_at.desc()).limit(MOST_FOUND)
            )
            return tuple(self._card(session, seeker) for seeker in found)

    def card(self, seeker_id: UUID) -> BorrowerCard:
        with self._store.read() as session:
            return self._card(session, get(session, Seeker, seeker_id))

    def confirm_identity(self, by: Authority, seeker_id: UUID) -> BorrowerCard:
        """Staff looked at the card and at the face (spec S1): assurance is at least STAFF from now on."""
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            seeker = get(session, Seeker, seeker_id)
            if seeker.assurance < Assurance.STAFF:
                before, seeker.assurance = seeker.assurance, int(Assurance.STAFF)
                session.flush()
                self._counter.audit(session, by, "identity_confirmed", seeker.id, before=before)
            return self._card(session, seeker)

    def reminders(self, seeker_id: UUID) -> Reminders:
        """For the person themselves, after they identified."""
        with self._store.read() as session:
            rentals = session.scalars(
                select(Rental)
                .where(Rental.seeker_id == seeker_id, Rental.state.not_in(ENDED))
                .order_by(Rental.requested_at)
            )
            return Reminders(
                rentals=tuple(rental_card(session, self._counter, rental) for rental in rentals),
                dues=tuple(return_card(session, row) for row in _dues(session, seeker_id)),
            )

    def _card(self, session: Session, seeker: Seeker) -> BorrowerCard:
        found = standing(session, self._counter, seeker)
        number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
        return BorrowerCard(
            id=seeker.id,
            name=seeker.name,
            masked_number=id_number.mask(number),
            phone=seeker.phone or "",
            standing=found,
            blocks=blocks(found, self._counter.settings.rental),
        )
