"""What this device knows of its link, as plain values; every change is one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.models import Origin, OutboxRow, RefusedRow, SyncState, WaitingRow
from db.store import Store
from db.sync.client import Identity
from db.sync.device_key import DeviceKey
from db.sync.errors import NotEnrolled

# the last number the outbox gave out, whether or not that row is still there
NEWEST = text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")

ANEW = "+"  # a cursor that asks for everything again, this device's own rows too: it may have lost some


@dataclass(frozen=True)
class Link:
    """How to reach the county, and as whom."""

    address: str
    authority: str
    identity: Identity
    next_key: DeviceKey | None
    county_sign_key: bytes
    county_box_key: bytes


@dataclass(frozen=True)
class Standing:
    """For staff and `doctor` (spec C5): how old, what waits, what was refused, what is amiss."""

    enrolled: bool
    address: str = ""
    waiting: int = 0  # rows the county does not have yet
    refused: int = 0  # rows it put into quarantine
    unplaced: int = 0  # rows from the county that cannot stand here yet
    last_success_at: datetime | None = None
    last_tried_at: datetime | None = None
    trouble: str = ""
    failures: int = 0
    clock_offset_ms: int | None = None


def state_of(session: Session) -> SyncState:
    """The one row. Raises NotEnrolled."""
    state = session.get(SyncState, 1)
    if state is None:
        raise NotEnrolled()
    return state


def link(store: Store) -> Link:
    with store.read() as session:
        state = state_of(session)
        device = session.scalars(select(Origin.device_id)).one()
        return Link(
            state.county_address,
            state.authority,
            Identity(device, _key(store, state.device_key_sealed, device)),
            _key(store, state.next_key_sealed, device) if state.next_key_sealed else None,
            state.county_sign_key,
            state.county_box_key,
        )


def _key(store: Store, sealed: bytes, device: UUID) -> DeviceKey:
    return DeviceKey(store.keys.open_bytes(sealed, device.bytes))


def standing(store: Store) -> Standing:
    with store.read() as session:
        state = session.get(SyncState, 1)
        if state is None:
            return Standing(enrolled=False, waiting=_count(session, 0))
        return Standing(
            True,
            state.county_address,
            _count(session, state.acked_seq),
            session.scalar(select(func.count()).select_from(RefusedRow)) or 0,
            session.scalar(select(func.count()).select_from(WaitingRow)) or 0,
            state.last_success_at,
            state.last_tried_at,
            state.trouble,
            state.failures,
            state.clock_offset_ms,
        )


def _count(session: Session, after: int) -> int:
    """Rows past the mark; numbers are dense, so a million are counted at once."""
    newest = session.scalar(NEWEST) or 0
    lowest = session.scalar(select(func.min(OutboxRow.seq)))
    return max(newest - max(after, (lowest or newest + 1) - 1), 0)
