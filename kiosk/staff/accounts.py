"""Who works here, and who speaks right now: PIN or badge → `Authority`, which every sensitive act is given (R1).

A PIN is chosen on the machine by its owner; there is no default one anywhere. What is stored of it never leaves the
device (`kiosk.staff.pins`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Hall, Origin, Staff, StaffSecret
from db.models import Role as Role  # the screens' name for it
from db.print_journal import enqueue
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import InputInvalid, NotAllowed, NotFound, SetupNeeded, SignInFailed
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes, slip_number
from kiosk.language import ENGLISH, Language
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.staff.pins import Pins
from kiosk.staff.words import roles_text
from printing import slip_json
from printing.slips.staff_badge import StaffBadge, staff_badge


class Means(StrEnum):
    PIN = "pin"
    BADGE = "badge"


@dataclass(frozen=True)
class Authority:
    """A member of staff who has just shown who they are. Made by AccountsDesk only; speaks for a limited time."""

    staff_id: UUID
    name: str
    roles: frozenset[Role]
    means: Means
    at: datetime

    def __repr__(self) -> str:  # never a name in a log
        return f"Authority({self.staff_id}, {self.means})"


@dataclass(frozen=True)
class StaffCard:
    id: UUID
    name: str
    roles: frozenset[Role]
    active: bool
    has_pin: bool
    has_badge: bool
    locked_until: datetime | None


def named(
    session: Session, authority: Authority, settings: Settings, now: datetime, roles: Iterable[Role] = ()
) -> Staff:
    """The row of whoever acts, checked anew in the act's own transaction; with `roles`, one of them is needed.

    Raises NotAllowed(reason=stale|gone|role).
    """
    if not timedelta() <= now - authority.at <= timedelta(seconds=settings.staff.authority_lasts):
        raise NotAllowed(reason="stale")
    staff = session.get(Staff, authority.staff_id)
    if staff is None or not staff.active:
        raise NotAllowed(reason="gone")
    wanted = frozenset(roles)
    if wanted and not wanted & roles_of(staff):
        raise NotAllowed(reason="role", roles=",".join(sorted(wanted)))
    return staff


def second(
    session: Session,
    first: Authority,
    other: Authority | None,
    settings: Settings,
    now: datetime,
    roles: Iterable[Role] = (),
) -> Staff:
    """The second person of an act that needs two.

    Raises NotAllowed(reason=second_person|same_person|second_stale|gone|role).
    """
    if other is None:
        raise NotAllowed(reason="second_person")
    if other.staff_id == first.staff_id:
        raise NotAllowed(reason="same_person")
    try:
        return named(session, other, settings, now, roles)
    except NotAllowed as error:
        if error.context.get("reason") == "stale":  # not the first one's authority has grown old
            raise NotAllowed(reason="second_stale") from error
        raise


def roles_of(staff: Staff) -> frozenset[Role]:
    return frozenset(Role(part) for part in staff.roles.split(",") if part)


class AccountsDesk:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        codes: SlipCodes,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._codes = codes
        self._pins = Pins(store.keys.derive("staff-pin"), settings.staff.pin_digits, hasher)

    def needs_setup(self) -> bool:
        """Nobody works here yet."""
        with self._store.read() as session:
            return session.scalar(select(Staff.id).limit(1)) is None

    def set_up(self, name: str, pin: str, roles: Iterable[Role] = (Role.SUPERVISOR,)) -> Authority:
        """The first supervisor, with the PIN they choose now. Raises NotAllowed(reason=set_up) once there is one."""
        self._pins.check(pin)
        pin_hash = self._pins.hash(pin)
        now = self._clock.now()
        with self._store.write() as session:
            if session.scalar(select(Staff.id).limit(1)) is not None:
                raise NotAllowed(reason="set_up")
            staff = self._add(session, name, frozenset(roles) | {Role.SUPERVISOR}, pin_hash)
            audit.record(session, now, str(staff.id), "staff_set_up", str(staff.id), roles=staff.roles)
            return self._authority(staff, Means.PIN, now)

    def staff(self) -> tuple[StaffCard, ...]:
        """Everybody, those who left last."""
        with self._store.read() as session:
            rows = session.execute(
                select(Staff, StaffSecret)
                .outerjoin(StaffSecret, StaffSecret.staff_id == Staff.id)
                .order_by(Staff.active.desc(), Staff.created_at, Staff.id)
            )
            return tuple(_card(staff, secret) for staff, secret in rows)

    def sign_in(self, staff_id: UUID, pin: str) -> Authority:
        """By PIN. A wrong one counts, and from the third on makes everyone wait longer and longer.

        Raises SignInFailed(reason=wrong|locked|gone, wait=seconds), SetupNeeded.
        """
        now = self._clock.now()
        with self._store.read() as session:
            secret = self._secret(session, staff_id)
            known = None if secret is None else (secret.pin_hash, secret.locked_until)
        if known is None:
            raise SignInFailed(reason="gone", wait=0)
        pin_hash, locked_until = known
        if locked_until is not None and now < locked_until:
            raise SignInFailed(reason="locked", wait=_seconds(locked_until - now))
        right = self._pins.verify(pin_hash, pin)
        with self._store.write() as session:
            staff, secret = session.get_one(Staff, staff_id), self._secret(session, staff_id)
            if secret is None or secret.pin_hash != pin_hash:
                raise SignInFailed(reason="gone", wait=0)
            if secret.locked_until is not None and now < secret.locked_until:  # tried elsewhere meanwhile
                raise SignInFailed(reason="locked", wait=_seconds(secret.locked_until - now))
            if right:
                secret.failures, secret.locked_until = 0, None
                return self._authority(staff, Means.PIN, now)
            secret.failures += 1
            wait = self._wait(secret.failures)
            if wait:
                secret.locked_until = now + wait
                audit.record(
                    session, now, audit.KIOSK, "staff_locked_out", str(staff_id), failures=secret.failures
                )
        raise SignInFailed(reason="wrong", wait=_seconds(wait))

    def sign_in_by_badge(self, text: str) -> Authority:
        """By the code on a badge. Raises CodeInvalid, SignInFailed(reason=gone) for one that was replaced."""
        code = self._codes.read(text)
        now = self._clock.now()
        with self._store.read() as session:
            staff = session.scalars(
                select(Staff)
                .join(StaffSecret, StaffSecret.staff_id == Staff.id)
                .where(StaffSecret.badge_serial == code.serial, Staff.active)
            ).one_or_none()
            foreign = code.device_number != self._store.origin.device_number
            if code.kind is not CodeKind.STAFF or staff is None or foreign:
                raise SignInFailed(reason="gone", wait=0)
            return self._authority(staff, Means.BADGE, now)

    def hire(self, by: Authority, name: str, roles: Iterable[Role], pin: str) -> StaffCard:
        """A new member of staff, who types the PIN themselves. Supervisors only."""
        self._pins.check(pin)
        pin_hash = self._pins.hash(pin)
        now = self._clock.now()
        with self._store.write() as session:
            self._supervisor(session, by, now)
            staff = self._add(session, name, frozenset(roles), pin_hash)
            audit.record(session, now, str(by.staff_id), "staff_hired", str(staff.id), roles=staff.roles)
            return _card(staff, self._secret(session, staff.id))

    def change_roles(self, by: Authority, staff_id: UUID, roles: Iterable[Role]) -> StaffCard:
        """Raises NotAllowed(reason=last_supervisor) where nobody could undo it."""
        now = self._clock.now()
        with self._store.write() as session:
            self._supervisor(session, by, now)
            staff = self._get(session, staff_id)
            before, staff.roles = staff.roles, _joined(roles)
            self._keep_a_supervisor(session)
            audit.record(
                session, now, str(by.staff_id), "staff_roles", str(staff_id), before=before, after=staff.roles
            )
            return _card(staff, self._secret(session, staff_id))

    def leave(self, by: Authority, staff_id: UUID) -> None:
        """They work here no more: PIN and badge stop at once, what they did stays."""
        now = self._clock.now()
        with self._store.write() as session:
            self._supervisor(session, by, now)
            secret = self._secret(session, staff_id)
            self._get(session, staff_id).active = False
            self._keep_a_supervisor(session)
            if secret is not None:
                session.delete(secret)
            audit.record(session, now, str(by.staff_id), "staff_left", str(staff_id))

    def change_pin(self, staff_id: UUID, old: str, new: str) -> None:
        """Their own. Raises SignInFailed as `sign_in`, InputInvalid(field=pin)."""
        self._pins.check(new)
        authority = self.sign_in(staff_id, old)
        self._write_pin(authority, staff_id, new, "staff_pin_changed")

    def reset_pin(self, by: Authority, staff_id: UUID, new: str) -> None:
        """A supervisor lets somebody choose a new PIN, and lifts a lock-out."""
        self._pins.check(new)
        with self._store.read() as session:
            self._supervisor(session, by, self._clock.now())
            self._get(session, staff_id)
        self._write_pin(by, staff_id, new, "staff_pin_reset")

    def come_back(self, by: Authority, staff_id: UUID, pin: str) -> StaffCard:
        """Somebody who had left works here again, with their old roles and the PIN they choose now."""
        self._pins.check(pin)
        pin_hash, now = self._pins.hash(pin), self._clock.now()
        with self._store.write() as session:
            self._supervisor(session, by, now)
            staff = session.get(Staff, staff_id)
            if staff is None or staff.active:
                raise NotFound(what="staff")
            staff.active = True
            session.flush()
            secret = self._secret(session, staff_id) or StaffSecret(staff_id=staff.id)
            secret.pin_hash, secret.failures = pin_hash, 0
            secret.badge_serial = secret.locked_until = None
            session.add(secret)
            session.flush()
            audit.record(session, now, str(by.staff_id), "staff_came_back", str(staff_id), roles=staff.roles)
            return _card(staff, secret)

    def issue_badge(self, by: Authority, staff_id: UUID) -> str:
        """A new badge's code; the one before it stops. Supervisors only."""
        with self._store.write() as session:
            return self._codes.make(self._new_badge(session, by, staff_id))

    def print_badge(self, by: Authority, staff_id: UUID, language: Language | None = None) -> UUID:
        """A new badge as a slip, queued in the same transaction; the print job's id. The badge before it stops."""
        language, now = language or Language(), self._clock.now()
        with self._store.write() as session:
            badge = self._new_badge(session, by, staff_id)
            staff = self._get(session, staff_id)
            hall = session.get_one(Hall, self._store.origin.hall_id)
            number = badge.slip_number
            slip = staff_badge(
                StaffBadge(
                    hall_name=hall.name,
                    station=language.text("{number} 号工具柜台", number=badge.device_number),
                    number=number,
                    name=staff.name,
                    roles=roles_text(roles_of(staff), language),
                    code=self._codes.make(badge),
                    issued_at_text=f"{self._clock.local(now):%Y-%m-%d %H:%M}",
                    hotline=hall.hotline,
                    language="en" if language.code == ENGLISH else "zh",
                )
            )
            expires = now + self._settings.paper_lives
            return enqueue(session, f"badge:{number}", slip.kind, slip_json.encode(slip), expires).id

    def revoke_badge(self, by: Authority, staff_id: UUID) -> StaffCard:
        """A badge that was lost signs nobody in any more; the PIN still does."""
        now = self._clock.now()
        with self._store.write() as session:
            self._supervisor(session, by, now)
            staff, secret = self._get(session, staff_id), self._secret(session, staff_id)
            if secret is None or secret.badge_serial is None:
                raise NotFound(what="badge")
            secret.badge_serial = None
            session.flush()
            audit.record(session, now, str(by.staff_id), "staff_badge_revoked", str(staff_id))
            return _card(staff, secret)

    def _new_badge(self, session: Session, by: Authority, staff_id: UUID) -> SlipCode:
        now = self._clock.now()
        self._supervisor(session, by, now)
        self._get(session, staff_id)
        secret = self._secret(session, staff_id)
        if secret is None:
            raise NotFound(what="pin")
        origin = session.get_one(Origin, 1)
        origin.slip_serial += 1
        secret.badge_serial = origin.slip_serial
        number = slip_number(origin.device_number, origin.slip_serial)
        audit.record(session, now, str(by.staff_id), "staff_badge", str(staff_id), badge=number)
        return SlipCode(CodeKind.STAFF, origin.device_number, origin.slip_serial)

    def _write_pin(self, by: Authority, staff_id: UUID, pin: str, act: str) -> None:
        pin_hash, now = self._pins.hash(pin), self._clock.now()
        with self._store.write() as session:
            secret = self._secret(session, staff_id)
            if secret is None:
                secret = StaffSecret(staff_id=staff_id, failures=0)
                session.add(secret)
            secret.pin_hash, secret.failures, secret.locked_until = pin_hash, 0, None
            audit.record(session, now, str(by.staff_id), act, str(staff_id))

    def _add(self, session: Session, name: str, roles: frozenset[Role], pin_hash: str) -> Staff:
        name = name.strip()
        if not name:
            raise InputInvalid(field="name", reason="empty")
        staff = Staff(id=uuid7(), name=name, roles=_joined(roles), active=True)
        session.add(staff)
        session.flush()
        session.add(StaffSecret(staff_id=staff.id, pin_hash=pin_hash, failures=0))
        session.flush()
        return staff

    def _supervisor(self, session: Session, by: Authority, now: datetime) -> None:
        named(session, by, self._settings, now, (Role.SUPERVISOR,))

    @staticmethod
    def _get(session: Session, staff_id: UUID) -> Staff:
        staff = session.get(Staff, staff_id)
        if staff is None or not staff.active:
            raise NotFound(what="staff")
        return staff

    @staticmethod
    def _keep_a_supervisor(session: Session) -> None:
        session.flush()
        active = session.scalars(select(Staff).where(Staff.active))
        if not any(Role.SUPERVISOR in roles_of(staff) for staff in active):
            raise NotAllowed(reason="last_supervisor")

    @staticmethod
    def _secret(session: Session, staff_id: UUID) -> StaffSecret | None:
        if session.scalar(select(func.count()).select_from(Staff)) == 0:
            raise SetupNeeded()
        return session.scalars(
            select(StaffSecret)
            .join(Staff, Staff.id == StaffSecret.staff_id)
            .where(StaffSecret.staff_id == staff_id, Staff.active)
        ).one_or_none()

    @staticmethod
    def _authority(staff: Staff, means: Means, now: datetime) -> Authority:
        return Authority(staff.id, staff.name, roles_of(staff), means, now)

    def _wait(self, failures: int) -> timedelta:
        rules = self._settings.staff
        over = failures - rules.free_tries
        if over < 0:
            return timedelta()
        return timedelta(seconds=min(rules.first_wait * 2 ** min(over, 30), rules.longest_wait))


def _card(staff: Staff, secret: StaffSecret | None) -> StaffCard:
    return StaffCard(
        id=staff.id,
        name=staff.name,
        roles=roles_of(staff),
        active=staff.active,
        has_pin=secret is not None,
        has_badge=secret is not None and secret.badge_serial is not None,
        locked_until=secret.locked_until if secret else None,
    )


def _joined(roles: Iterable[Role]) -> str:
    found = frozenset(roles)
    if not found:
        raise InputInvalid(field="roles", reason="empty")
    return ",".join(role for role in Role if role in found)


def _seconds(wait: timedelta) -> int:
    return -int(-wait.total_seconds() // 1)
