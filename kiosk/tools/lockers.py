"""寄存: things in a locker, against a tag with a code (002 三, 003 ¶4; T9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Locker, LockerUse, Seeker
from kiosk.errors import CodeInvalid, InputInvalid, NotAllowed, NotFound, StepInvalid
from kiosk.identity import number as id_number
from kiosk.identity.slip_code import CodeKind
from kiosk.language import Language
from kiosk.staff.accounts import Authority
from kiosk.tools import papers
from kiosk.tools.counter import KEEPING, LENDING, Counter, get

Row = TypeVar("Row", Locker, LockerUse)


@dataclass(frozen=True)
class LockerCard:
    """A locker, and whose things lie in it (masked) if any do."""

    id: UUID
    name: str
    usable: bool
    use_id: UUID | None = None
    seeker_id: UUID | None = None
    number: str = ""
    owner: str = ""
    phone: str = ""
    contents: str = ""
    stored_at: datetime | None = None
    due_at: datetime | None = None
    overdue: bool = False

    def __repr__(self) -> str:
        return f"LockerCard({self.name})"


class LockerDesk:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._store = counter.store
        self._clock = counter.clock

    def lockers(self) -> tuple[LockerCard, ...]:
        with self._store.read() as session:
            query = select(Locker).order_by(Locker.position, Locker.name)
            return tuple(self._card(session, locker) for locker in session.scalars(query))

    def next_name(self) -> str:
        """What the next locker is likely to be called: one more than the greatest number there is."""
        with self._store.read() as session:
            names = session.scalars(select(Locker.name)).all()
        numbers = [int(found.group()) for name in names if (found := re.match(r"\d{1,6}", name))]
        return f"{max(numbers, default=0) + 1} 号柜"

    def add(self, by: Authority, name: str) -> LockerCard:
        name = name.strip()
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            known = session.scalars(select(Locker)).all()
            if not name or any(locker.name == name for locker in known):
                raise InputInvalid(field="name", reason="twice" if name else "empty")
            locker = Locker(id=uuid7(), name=name, usable=True, position=len(known))
            session.add(locker)
            session.flush()
            self._counter.audit(session, by, "locker_added", locker.id)
            return self._card(session, locker)

    def store(
        self,
        by: Authority,
        locker_id: UUID,
        seeker_id: UUID,
        contents: str = "",
        language: Language | None = None,
    ) -> LockerCard:
        """Put things in; both halves of the tag are queued.

        Raises StepInvalid where it is taken or out of use, NotAllowed(reason=other_device).
        """
        now = self._clock.now()
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            locker = self._own(get(session, Locker, locker_id))
            if not locker.usable or _use(session, locker) is not None:
                state = "taken" if locker.usable else "unusable"
                raise StepInvalid(what="locker", state=state, reason=f"locker_{state}")
            number, serial = self._counter.next_number(session)
            use = LockerUse(
                id=uuid7(),
                locker_id=locker.id,
                seeker_id=get(session, Seeker, seeker_id).id,
                number=number,
                serial=serial,
                contents=contents.strip(),
                stored_at=now,
                stored_by=by.staff_id,
                due_at=now + timedelta(hours=self._counter.settings.rental.locker_hours),
                note="",
            )
            session.add(use)
            session.flush()
            self._counter.audit(session, by, "locker_filled", use.id, locker=str(locker.id))
            papers.locker_tag(session, self._counter, use, by, language or Language())
            return self._card(session, locker)

    def find(self, text: str) -> LockerCard:
        """By the code on the tag, or its number as typed. Raises CodeInvalid, NotFound."""
        with self._store.read() as session:
            text = text.strip()
            use = session.scalars(select(LockerUse).where(LockerUse.number == text)).first()
            if use is None:
                code = self._counter.codes.read(text)
                if code.kind is not CodeKind.LOCKER:
                    raise CodeInvalid(reason="kind")
                use = session.scalars(select(LockerUse).where(LockerUse.number == code.slip_number)).first()
            if use is None or use.collected_at is not None:
                raise NotFound(what="locker_use")
            return self._card(session, session.get_one(Locker, use.locker_id))

    def collect(self, by: Authority, use_id: UUID, note: str = "") -> LockerCard:
        """The things are handed back, once. `note`: how the owner was known without a tag.

        Raises StepInvalid, NotAllowed(reason=other_device): a locker belongs to the machine beside it.
        """
        with self._store.write() as session:
            self._counter.named(session, by, LENDING)
            use = get(session, LockerUse, use_id)
            if use.collected_at is not None:
                raise StepInvalid(what="locker_use", state="collected", reason="locker_empty")
            self._own(use)
            use.collected_at, use.collected_by, use.note = self._clock.now(), by.staff_id, note.strip()
            session.flush()
            self._counter.audit(session, by, "locker_emptied", use.id)
            return self._card(session, session.get_one(Locker, use.locker_id))

    def set_usable(self, by: Authority, locker_id: UUID, usable: bool) -> LockerCard:
        with self._store.write() as session:
            self._counter.named(session, by, KEEPING)
            locker = self._own(get(session, Locker, locker_id))
            locker.usable = usable
            self._counter.audit(session, by, "locker_usable", locker.id, usable=usable)
            return self._card(session, locker)

    def _own(self, row: Row) -> Row:
        """Lockers stand beside one machine; only that one changes them (design §3.7)."""
        if row.device_id != self._store.origin.device_id:
            raise NotAllowed(reason="other_device")
        return row

    def _card(self, session: Session, locker: Locker) -> LockerCard:
        use = _use(session, locker)
        if use is None:
            return LockerCard(locker.id, locker.name, locker.usable)
        owner = session.get_one(Seeker, use.seeker_id)
        return LockerCard(
            id=locker.id,
            name=locker.name,
            usable=locker.usable,
            use_id=use.id,
            seeker_id=use.seeker_id,
            number=use.number,
            owner=id_number.mask_name(owner.name),
            phone=owner.phone or "",
            contents=use.contents,
            stored_at=use.stored_at,
            due_at=use.due_at,
            overdue=self._clock.now() > use.due_at,
        )


def _use(session: Session, locker: Locker) -> LockerUse | None:
    return session.scalars(
        select(LockerUse).where(LockerUse.locker_id == locker.id, LockerUse.collected_at.is_(None))
    ).one_or_none()
