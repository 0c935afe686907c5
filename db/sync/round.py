"""One round with the county: up, compare, down, clear away. It can stop at any byte and go on at the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import RefusedRow
from db.store import Store
from db.sync.client import CountyClient
from db.sync.device_key import DeviceKey
from db.sync.errors import CountyFailed, CountyRefused, Interrupted, SyncError
from db.sync.pull import Puller
from db.sync.push import Pusher, clear
from db.sync.state import Link, link, state_of
from db.sync.wire import MOST_ROWS, Mark, NextKeys

PATIENCE_SECONDS = 5.0  # a history sent anew may be more requests than a device may make at once


@dataclass(frozen=True)
class Report:
    """What a round did."""

    pushed: int
    pulled: int
    cleared: int
    reopened: int


def carry_on() -> None:
    """Nothing to wait for."""


def client_for(link: Link, timeout: float = 30.0, patience: float = PATIENCE_SECONDS) -> CountyClient:
    return CountyClient(link.address, link.authority, link.identity, timeout, patience=patience)


def sync_once(
    store: Store,
    client: CountyClient,
    pause: Callable[[], None] = carry_on,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    most_rows: int = MOST_ROWS,
) -> Report:
    """Raises SyncError; what was done until then stays done, and is noted for staff."""
    with store.write() as session:
        state_of(session).last_tried_at = now()
    try:
        report = _round(store, client, pause, now, most_rows)
    except Interrupted:
        raise  # told to stop is no trouble
    except SyncError as error:
        with store.write() as session:
            state = state_of(session)
            state.trouble, state.failures = trouble(error), state.failures + 1
        raise
    with store.write() as session:
        state = state_of(session)
        state.trouble, state.failures, state.last_success_at = "", 0, now()
    return report


def trouble(error: SyncError) -> str:
    """A stable word for staff: why the county says no, else the family of what went wrong."""
    return str(error.context["reason"]) if isinstance(error, CountyRefused) else error.code


def _round(
    store: Store,
    client: CountyClient,
    pause: Callable[[], None],
    now: Callable[[], datetime],
    most_rows: int,
) -> Report:
    pusher = Pusher(store, client, pause, most_rows)
    pusher.run()
    puller = Puller(store, client, pause)
    puller.run()
    sent = now()
    mark = client.mark()
    compare(store, mark, sent, now())
    cleared = 0
    while some := clear(store):
        cleared += some
        pause()
    return Report(pusher.rows, puller.rows, cleared, pusher.reopened)


def compare(store: Store, mark: Mark, sent: datetime, answered: datetime) -> None:
    """Both sides hold (epoch, mark, last id): they must be the same at the end (design §3.5)."""
    with store.write() as session:
        state = state_of(session)
        if (mark.epoch, mark.seq, mark.last) != (state.acked_epoch, state.acked_seq, state.acked_event_id):
            never = mark.epoch == 0 and state.acked_event_id is None
            if not never and mark.epoch >= state.acked_epoch:
                raise CountyFailed(status="marks_differ")
        forget_settled(session, mark)
        state.backed_up_seq = mark.backed_up
        if mark.time:
            middle = sent + (answered - sent) / 2
            offset = datetime.fromisoformat(mark.time) - middle
            state.clock_offset_ms = round(offset.total_seconds() * 1000)


def forget_settled(session: Session, mark: Mark) -> None:
    """Rows that the county took in after all, or that its staff discarded, are refused no longer."""
    if mark.held is not None:
        refused = select(RefusedRow).where(RefusedRow.seq <= mark.seq)
        for row in session.scalars(refused).all():
            if row.event_id not in mark.held:
                session.delete(row)


def rotate(store: Store, client_of: Callable[[Link], CountyClient] = client_for) -> None:
    """Give this device new keys; interrupted anywhere, the next call goes on with the same ones."""
    device = link(store).identity.device
    with store.write() as session:
        state = state_of(session)
        if state.next_key_sealed is None:
            state.next_key_sealed = store.keys.seal_bytes(DeviceKey.make().seed, device.bytes)
    known = link(store)
    if known.next_key is None:
        raise CountyFailed(status="no_next_key")
    with client_of(known) as client:
        client.rotate(NextKeys(known.next_key.public, known.next_key.box_public))
    with store.write() as session:
        state = state_of(session)
        if state.next_key_sealed is not None:
            state.device_key_sealed, state.next_key_sealed = state.next_key_sealed, None
