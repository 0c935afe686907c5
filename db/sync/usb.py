"""The device's hand on a USB stick: write what waits, read what came back (issue §7)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from db.models import Origin, OutboxRow, now
from db.store import Store
from db.sync import wire
from db.sync.device_key import verified
from db.sync.errors import BatchInvalid, StickInvalid
from db.sync.outgoing import next_batch
from db.sync.pull import take, wanted
from db.sync.push import accept, clock_offset, realign, snapshot_step
from db.sync.round import forget_settled
from db.sync.state import link, state_of
from db.sync.stick import ASK, DOWN, UP, Asked, Reply, StickFile, files, opened, put, sealed_file


@dataclass(frozen=True)
class StickReport:
    files: int
    rows: int
    skipped: int


def write_stick(store: Store, folder: Path) -> StickReport:
    """Everything the county has not confirmed, and where this device stands. Interrupted, call it again."""
    known = link(store)
    while snapshot_step(store):
        pass
    with store.read() as session:
        state = state_of(session)
        after, prev = state.acked_seq, state.acked_event_id
    offset = clock_offset(store)
    device, key = known.identity.device, known.identity.key
    written = rows = 0
    while batch := next_batch(store, after, prev, offset):
        span = (batch.epoch, batch.lo, batch.hi)
        sent = now().isoformat()
        put(folder, sealed_file(UP, device, span, sent, batch.body, key, known.county_box_key))
        after, prev = batch.hi, batch.last
        written, rows = written + 1, rows + batch.rows
    cursor, own = wanted(store)
    asked = wire.pack(Asked(cursor, own))
    put(
        folder,
        sealed_file(ASK, device, (0, 0, 0), now().isoformat(), asked, key, known.county_box_key),
    )
    return StickReport(written + 1, rows, 0)


def read_stick(store: Store, folder: Path) -> StickReport:
    """Take the county's answers for this device: confirmations and rows. Files for others are left alone."""
    known = link(store)
    taken = rows = skipped = 0
    for file in files(folder, DOWN):
        if isinstance(file, StickInvalid) or file.device != known.identity.device:
            skipped += 1
            continue
        if not verified(known.county_sign_key, file.signature, file.message):
            skipped += 1
            continue
        try:
            rows += _take(store, file)
        except StickInvalid:  # sealed to keys this device no longer has: the county writes another
            skipped += 1
            continue
        taken += 1
    return StickReport(taken, rows, skipped)


def _take(store: Store, file: StickFile) -> int:
    try:
        reply = wire.decode(opened(file, link(store).identity.key), Reply)
    except BatchInvalid as error:
        raise StickInvalid(file=file.device, reason="not_understood") from error
    mark, known = (reply.mark.epoch, reply.mark.seq), _known(store)
    if mark > known:
        realign(store, reply.mark)
        if _ours(store, reply.mark):
            accept(store, reply.mark)
    if mark >= known:
        with store.write() as session:
            forget_settled(session, reply.mark)
    rows, cursor = 0, reply.cursor
    for page in reply.pages:
        rows += take(store, page, cursor)
        cursor = page.cursor
    return rows


def _known(store: Store) -> tuple[int, int]:
    """A stick may have lain in a drawer while the line worked: what is behind this says nothing new."""
    with store.read() as session:
        return session.scalars(select(Origin.epoch)).one(), state_of(session).acked_seq


def _ours(store: Store, mark: wire.Mark) -> bool:
    with store.read() as session:
        at = session.scalar(select(OutboxRow.event_id).where(OutboxRow.seq == mark.seq))
        return at is not None and at == mark.last
