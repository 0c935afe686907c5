"""Who may not take part for a while: written down here, it holds in every hall of the county (E7, C2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Ban, Employer, Role, Seeker
from db.models import BanReason as BanReason  # the screens' name for it
from kiosk.errors import InputInvalid, NotAllowed, StepInvalid
from kiosk.identity import number as id_number
from kiosk.staff.accounts import Authority
from kiosk.tools.counter import Counter, get

SUPERVISOR = (Role.SUPERVISOR,)
DAYS = (7, 30, 90, 365)  # (ours) how long the form offers
LONGEST_DAYS = 3 * 365
EMPLOYER_REASONS = (BanReason.WAGE_WITHHELD, BanReason.ABUSE, BanReason.FALSE_POSTING, BanReason.VIOLENCE)
PERSON_REASONS = (BanReason.NO_SHOW, BanReason.POOR_WORK, BanReason.VIOLENCE)
MOST = 100


@dataclass(frozen=True)
class Side:
    """Somebody a ban may be written for: an employer or a person, the latter masked."""

    id: UUID
    name: str
    detail: str
    employer: bool

    @property
    def reasons(self) -> tuple[BanReason, ...]:
        return EMPLOYER_REASONS if self.employer else PERSON_REASONS

    def __repr__(self) -> str:  # never a name in a log
        return f"Side({self.id})"


@dataclass(frozen=True)
class BanCard:
    id: UUID
    name: str  # masked for a person; empty where only another hall knows them
    employer: bool
    reason: BanReason
    starts_on: date
    until: date
    active: bool
    decided_by: str
    here: bool  # of this hall: may be ended here


class BanDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store

    def bans(self) -> tuple[BanCard, ...]:
        """Those in force or to come first, then the latest that are over."""
        today = self._counter.clock.today()
        with self._store.read() as session:
            found = session.scalars(select(Ban).order_by(Ban.until.desc(), Ban.id.desc()).limit(MOST)).all()
            cards = [self._card(session, ban, today) for ban in found]
        return tuple(sorted(cards, key=lambda card: not card.active))

    def find(self, by: Authority, text: str) -> tuple[Side, ...]:
        """People by whole ID number or phone (its end), employers by credit code or a part of their name."""
        text = text.strip()
        if not text:
            return ()
        with self._store.read() as session:
            self._counter.named(session, by, SUPERVISOR)
            ways = [Seeker.number_index == self._store.keys.index(id_number.normalise(text))]
            if text.isdigit() and 4 <= len(text) <= 11:
                ways.append(Seeker.phone.endswith(text))
            people = session.scalars(select(Seeker).where(or_(*ways)).limit(MOST))
            employers = session.scalars(
                select(Employer)
                .where(
                    or_(Employer.credit_code == text.upper(), Employer.name.contains(text, autoescape=True))
                )
                .limit(MOST)
            )
            return (
                *(self._person(seeker) for seeker in people),
                *(Side(one.id, one.name, one.credit_code or "", True) for one in employers),
            )

    def ban(self, by: Authority, side: Side, reason: BanReason, days: int) -> BanCard:
        """From today, for so many days. Raises NotAllowed, InputInvalid, NotFound."""
        if reason not in side.reasons:
            raise InputInvalid(field="reason", reason="side")
        if not 1 <= days <= LONGEST_DAYS:
            raise InputInvalid(field="days", reason="range")
        today = self._counter.clock.today()
        with self._store.write() as session:
            staff = self._counter.named(session, by, SUPERVISOR)
            ban = Ban(
                id=uuid7(),
                reason=reason,
                starts_on=today,
                until=today + timedelta(days=days - 1),
                decided_by=staff.name,
                ended_by="",
            )
            if side.employer:
                ban.employer_id = get(session, Employer, side.id).id
            else:
                ban.person = get(session, Seeker, side.id).number_index
            session.add(ban)
            session.flush()
            self._counter.audit(session, by, "ban_written", ban.id, reason=reason.value, days=days)
            return self._card(session, ban, today)

    def end(self, by: Authority, ban_id: UUID) -> BanCard:
        """Before its time. Raises NotAllowed(reason=other_hall) for another hall's, StepInvalid once it is over."""
        today = self._counter.clock.today()
        with self._store.write() as session:
            staff = self._counter.named(session, by, SUPERVISOR)
            ban = get(session, Ban, ban_id)
            if ban.hall_id != self._store.origin.hall_id:
                raise NotAllowed(reason="other_hall")
            if ban.ended_at is not None or ban.until < today:
                raise StepInvalid(what="ban", state="over")
            ban.ended_at, ban.ended_by = self._counter.clock.now(), staff.name
            session.flush()
            self._counter.audit(session, by, "ban_ended", ban.id)
            return self._card(session, ban, today)

    def _person(self, seeker: Seeker) -> Side:
        number = self._store.keys.open(seeker.number_sealed, seeker.id.bytes)
        return Side(seeker.id, id_number.mask_name(seeker.name), id_number.mask(number), False)

    def _card(self, session: Session, ban: Ban, today: date) -> BanCard:
        name = ""
        if ban.employer_id is not None:
            name = session.get_one(Employer, ban.employer_id).name
        else:
            seeker = session.scalars(select(Seeker).where(Seeker.number_index == ban.person)).one_or_none()
            if seeker is not None:
                side = self._person(seeker)
                name = f"{side.name}　{side.detail}"
        return BanCard(
            id=ban.id,
            name=name,
            employer=ban.employer_id is not None,
            reason=ban.reason,
            starts_on=ban.starts_on,
            until=ban.until,
            active=ban.ended_at is None and ban.until >= today,
            decided_by=ban.decided_by,
            here=ban.hall_id == self._store.origin.hall_id,
        )
