"""How the link with the county stands, and what staff do about it (spec C4, C5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from db.models import Conflict, ConflictState, RefusedRow, Role, SyncState, WaitingRow
from db.sync import usb
from db.sync.enrol import enrol
from db.sync.errors import StickInvalid
from db.sync.schedule import SyncLoop, turn
from db.sync.state import standing
from kiosk.county.sticks import Stick, sticks
from kiosk.staff.accounts import Authority
from kiosk.tools import files
from kiosk.tools.counter import Counter

SUPERVISOR = (Role.SUPERVISOR,)
TURN_SECONDS = 20.0  # for a round under way to end, before staff are told to try again
MOST_REFUSED = 20


class LinkTrouble(StrEnum):
    """What is amiss; the first four stop the link until people do something."""

    REVOKED = "revoked"  # the county stopped this device
    CLONED = "cloned"  # two machines use this device's key
    UNKNOWN = "unknown_device"  # the county does not know it, or its signature does not stand
    NOT_TRUSTED = "county_not_trusted"  # somebody else answers at the county's address
    NO_LINE = "county_unreachable"
    BUSY = "county_busy"
    FAILED = "county_failed"
    STALE = "stale"  # nothing wrong was said, but it is long ago


STOPPED = (LinkTrouble.REVOKED, LinkTrouble.CLONED, LinkTrouble.UNKNOWN, LinkTrouble.NOT_TRUSTED)


@dataclass(frozen=True)
class RefusedRows:
    """Rows that the county put into quarantine, by table and reason."""

    table: str
    reason: str
    count: int
    latest: datetime


@dataclass(frozen=True)
class LinkState:
    enrolled: bool
    county: str = ""  # its address
    last_success_at: datetime | None = None
    age: timedelta | None = None
    stale: bool = False
    waiting: int = 0  # rows the county does not have yet
    refused: tuple[RefusedRows, ...] = ()
    unplaced: int = 0  # rows from the county that wait for others
    too_new: int = 0  # … that only a newer program understands
    trouble: LinkTrouble | None = None  # of the last try
    clock_offset: timedelta | None = None  # the county's clock minus ours
    next_try_at: datetime | None = None  # None: nothing syncs in this process
    working: bool = False
    conflicts: int = 0  # open ones

    @property
    def stopped(self) -> bool:
        return self.trouble in STOPPED

    @property
    def sign(self) -> LinkTrouble | None:
        """What staff should be told wherever they look; a missing line alone is none until it lasts."""
        if self.stopped:
            return self.trouble
        return LinkTrouble.STALE if self.stale else None


@dataclass(frozen=True)
class StickDone:
    rows: int
    files: int
    skipped: int  # not for this device, or taken before


class LinkDesk:
    def __init__(
        self,
        counter: Counter,
        loop: SyncLoop | None = None,
        mounted: Callable[[], Iterable[Path]] = files.sticks,
    ) -> None:
        """`loop`: what syncs in this process; `mounted`: where sticks are, asked anew every time."""
        self._mounted = mounted
        self._counter = counter
        self._store = counter.store
        self._rules = counter.settings.county
        self._loop = loop

    def state(self) -> LinkState:
        stands = standing(self._store)
        loop = self._loop
        with self._store.read() as session:
            conflicts = session.scalar(
                select(func.count()).select_from(Conflict).where(Conflict.state == ConflictState.OPEN)
            )
            if not stands.enrolled:
                return LinkState(enrolled=False, waiting=stands.waiting, conflicts=conflicts or 0)
            enrolled_at = session.scalars(select(SyncState.enrolled_at)).one()
            too_new = session.scalar(
                select(func.count()).select_from(WaitingRow).where(WaitingRow.reason == "value")
            )
            refused = session.execute(
                select(RefusedRow.table, RefusedRow.reason, func.count(), func.max(RefusedRow.refused_at))
                .group_by(RefusedRow.table, RefusedRow.reason)
                .order_by(func.max(RefusedRow.refused_at).desc())
                .limit(MOST_REFUSED)
            ).all()
        now, last = self._counter.clock.now(), stands.last_success_at
        age = max(now - last, timedelta()) if last else None
        offset = stands.clock_offset_ms
        return LinkState(
            enrolled=True,
            county=stands.address,
            last_success_at=last,
            age=age,
            # a success still to come is by a clock that was wrong: nobody knows how long ago it was
            stale=abs(now - (last or enrolled_at)) > timedelta(hours=self._rules.stale_hours),
            waiting=stands.waiting,
            refused=tuple(RefusedRows(*line) for line in refused),
            unplaced=stands.unplaced,
            too_new=too_new or 0,
            trouble=_trouble(stands.trouble),
            clock_offset=None if offset is None else timedelta(milliseconds=offset),
            next_try_at=loop.due if loop else None,
            working=loop.working if loop else False,
            conflicts=conflicts or 0,
        )

    def sync_now(self) -> None:
        """Do not wait for the plan. Anybody at the counter may."""
        if self._loop is not None:
            self._loop.sync_soon()

    def enrol(self, by: Authority, address: str, code: str) -> LinkState:
        """Join the county with a one-time code; syncing begins at once. Supervisors only.

        Raises EnrolRefused, CountyNotTrusted, CountyUnreachable, LinkInUse.
        """
        address = address.strip().rstrip("/")
        if "://" not in address:
            address = f"https://{address}"
        self._allowed(by)
        with turn(self._store, TURN_SECONDS):
            enrol(self._store, address, code)
        self._note(by, "device_enrolled", self._store.origin.device_id, county=address)
        self.sync_now()
        return self.state()

    def sticks(self) -> tuple[Stick, ...]:
        return sticks(self._mounted)

    def to_stick(self, by: Authority, folder: Path) -> StickDone:
        """Everything the county has not confirmed, encrypted to it. Supervisors only.

        Raises StickInvalid(reason=not_written) where it cannot be written, LinkInUse.
        """
        self._allowed(by)
        try:
            with turn(self._store, TURN_SECONDS):
                done = usb.write_stick(self._store, folder)
        except OSError as error:
            raise StickInvalid(file=folder.name, reason="not_written") from error
        self._note(by, "stick_written", self._store.origin.device_id, rows=done.rows)
        return StickDone(done.rows, done.files, done.skipped)

    def from_stick(self, by: Authority, folder: Path) -> StickDone:
        """The county's answers. Supervisors only. Raises StickInvalid(reason=none_for_us) where there are none."""
        self._allowed(by)
        with turn(self._store, TURN_SECONDS):
            try:
                done = usb.read_stick(self._store, folder)
            except OSError as error:  # pulled out while it was read
                raise StickInvalid(file=folder.name, reason="not_read") from error
        if not done.files:
            raise StickInvalid(file=folder.name, reason="none_for_us")
        self._note(by, "stick_read", self._store.origin.device_id, rows=done.rows)
        return StickDone(done.rows, done.files, done.skipped)

    def _allowed(self, by: Authority) -> None:
        with self._store.read() as session:
            self._counter.named(session, by, SUPERVISOR)

    def _note(self, by: Authority, act: str, subject: UUID, **details: object) -> None:
        with self._store.write() as session:
            self._counter.audit(session, by, act, subject, **details)


def _trouble(code: str) -> LinkTrouble | None:
    """The stable word of `db.sync`; what it does not know is a failure of the county's."""
    if not code:
        return None
    return LinkTrouble(code) if code in set(LinkTrouble) else LinkTrouble.FAILED
