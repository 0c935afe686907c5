"""Up: where the county stands, and the rows it does not have yet (design §3.2-5)."""

from __future__ import annotations

import http
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Base, Origin, OutboxRow, Record, RefusedRow, now
from db.numbers import go_past
from db.outbox import row_payload
from db.store import Store
from db.sync.client import LINES, CountyClient, Diverged
from db.sync.errors import CountyFailed
from db.sync.outgoing import Outgoing, next_batch
from db.sync.state import ANEW, NEWEST, state_of
from db.sync.wire import MOST_BYTES, MOST_ROWS, PROTOCOL, Mark

MOST_REALIGNMENTS = 5
SNAPSHOT_ROWS = 200
CLEAR_ROWS = 2_000
FIRST_ROWS = 2_000  # a small batch first: the county has work while the next, larger one is made


@dataclass(frozen=True)
class Stand:
    """Where this device's own history stands."""

    epoch: int
    acked_epoch: int
    acked_seq: int
    acked_event: UUID | None
    floor: int  # lowest row still kept; the next one to come where nothing is kept
    at_mark: UUID | None  # our event where the county's mark is


@dataclass(frozen=True)
class Continue:
    """Go on after this row."""

    seq: int
    event: UUID | None


@dataclass(frozen=True)
class Reopen:
    """This is not the history the county knows: a new epoch. `snapshot`: rows it lacks are gone from our outbox."""

    epoch: int
    snapshot: bool


def align(stand: Stand, mark: Mark) -> Continue | Reopen:
    """Compare both sides' (epoch, mark, last id): the pure rule behind every round."""
    lacks = mark.seq < stand.floor - 1
    if mark.epoch > stand.epoch:
        return Reopen(mark.epoch + 1, lacks)
    if mark.epoch < stand.epoch:
        opened = stand.acked_epoch == stand.epoch and stand.acked_event is not None
        if opened or (mark.epoch == 0 and stand.floor > 1 and stand.acked_epoch != stand.epoch):
            return Reopen(stand.epoch + 1, lacks)  # the county was set back to before this epoch
        return Continue(stand.floor - 1, None)
    if mark.seq == stand.acked_seq and mark.last == stand.acked_event:
        return Continue(mark.seq, mark.last)
    if mark.last is not None and stand.at_mark == mark.last:
        return Continue(mark.seq, mark.last)  # a lost answer, or a county set back to rows we still keep
    return Reopen(stand.epoch + 1, lacks)


class Pusher:
    """One round's way up. `pause` is called between batches: it waits, or raises Interrupted."""

    def __init__(
        self,
        store: Store,
        client: CountyClient,
        pause: Callable[[], None],
        most_rows: int = MOST_ROWS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._store = store
        self._client = client
        self._pause = pause
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._under_way = deque[tuple[Outgoing, Callable[[], Mark]]]()
        self.rows = 0
        self.reopened = 0

    def run(self) -> Mark:
        """Bring everything up that waits; the county's mark at the end."""
        mark = self._client.mark()
        for _ in range(MOST_REALIGNMENTS):
            at = realign(self._store, mark)
            while isinstance(at, Reopen):
                self.reopened += 1
                at = realign(self._store, mark)
            self._skip_numbers()
            while snapshot_step(self._store):
                self._pause()
            try:
                return self._drain(at, mark)
            except Diverged as diverged:
                mark = diverged.mark
        raise CountyFailed(status="never_aligned")

    def _skip_numbers(self) -> None:
        """A store that may be an older image of itself: no number that the county has may be given out again."""
        with self._store.read() as session:
            if state_of(session).cursor != ANEW:
                return  # what it lost has begun to come back
        try:
            highest = self._client.highest_number()
        except CountyFailed as error:
            if error.context["status"] != http.HTTPStatus.NOT_FOUND:
                raise
            return  # an older county does not say; the rows that come back do (`db.sync.pull`)
        with self._store.write() as session:
            go_past(session.connection(), highest)

    def _drain(self, at: Continue, mark: Mark) -> Mark:
        """As many batches under way as there are lines: the county reads one while it writes the other."""
        offset = clock_offset(self._store)
        protocol = min(mark.protocol, PROTOCOL)  # an older county reads no more than it says
        most = min(FIRST_ROWS, self._most_rows)

        def following(seq: int, event: UUID | None, most: int) -> Outgoing | None:
            return next_batch(self._store, seq, event, offset, most, self._most_bytes, protocol)

        with ThreadPoolExecutor(1, "county-link-ahead") as ahead:  # the next is made meanwhile
            coming = ahead.submit(following, at.seq, at.event, most)
            try:
                while True:
                    self._pause()
                    if (batch := coming.result()) is None:
                        if not self._under_way:
                            return mark
                        mark = self._heard(mark)
                        continue
                    most = min(most * 2, self._most_rows)
                    coming = ahead.submit(following, batch.hi, batch.last, most)
                    self._under_way.append((batch, self._sent(batch)))
                    if len(self._under_way) == LINES:
                        mark = self._heard(mark)
            finally:
                if self._under_way:  # nobody will listen
                    self._under_way.clear()
                    self._client.close()

    def _sent(self, batch: Outgoing) -> Callable[[], Mark]:
        return self._client.pushing(batch.epoch, batch.lo, batch.hi, batch.body)

    def _heard(self, before: Mark) -> Mark:
        """What the county says to the oldest batch under way."""
        batch, answer = self._under_way.popleft()
        crossed = False
        try:
            mark = answer()
        except Diverged as diverged:
            crossed = (diverged.mark.epoch, diverged.mark.seq) < (before.epoch, before.seq)
            if not crossed:
                raise
            mark = self._sent(batch)()  # it came there before the one it follows, which the county has by now
        if (mark.epoch, mark.seq, mark.last) != (batch.epoch, batch.hi, batch.last):
            raise Diverged("mark", mark)
        accept(self._store, mark)
        self.rows += batch.rows
        while crossed and self._under_way:  # they followed the one that was too early
            mark = self._heard(mark)
        return mark


def realign(store: Store, mark: Mark) -> Continue | Reopen:
    """Apply `align` to the store. After a Reopen call again with the same mark."""
    with store.write() as session:
        state, origin = state_of(session), session.get_one(Origin, 1)
        newest = session.scalar(NEWEST) or 0
        floor = session.scalar(select(func.min(OutboxRow.seq))) or newest + 1
        at_mark = session.scalar(select(OutboxRow.event_id).where(OutboxRow.seq == mark.seq))
        stand = Stand(origin.epoch, state.acked_epoch, state.acked_seq, state.acked_event_id, floor, at_mark)
        step = align(stand, mark)
        if isinstance(step, Reopen):
            origin.epoch = step.epoch
            state.acked_epoch, state.acked_seq, state.acked_event_id = step.epoch, floor - 1, None
            state.backed_up_seq = floor - 1
            state.cursor = ANEW  # the county may have rows of ours that this store lost
            state.snapshot_at = "/" if step.snapshot else ""
        else:
            if mark.epoch and state.acked_event_id is None and not state.cursor:
                state.cursor = ANEW  # an older image that joined anew: the county knew it before
            state.acked_epoch, state.acked_seq, state.acked_event_id = origin.epoch, step.seq, step.event
        return step


def accept(store: Store, mark: Mark) -> None:
    """Keep what the county answered to a push, and lines about rows it put into quarantine."""
    with store.write() as session:
        state = state_of(session)
        state.acked_epoch, state.acked_seq, state.acked_event_id = mark.epoch, mark.seq, mark.last
        state.backed_up_seq = mark.backed_up
        for refused in mark.refused:
            session.merge(
                RefusedRow(
                    event_id=refused.event_id,
                    seq=refused.seq,
                    table=refused.table,
                    row_id=refused.row_id,
                    reason=refused.reason,
                    refused_at=now(),
                )
            )


def clear(store: Store) -> int:
    """Drop sent rows that the county says are backed up, a few at a time; True while more remain."""
    with store.write() as session:
        state = state_of(session)
        upto = min(state.acked_seq, state.backed_up_seq)
        oldest = session.scalar(select(func.min(OutboxRow.seq)))
        if oldest is None or oldest > upto:
            return 0
        last = min(upto, oldest + CLEAR_ROWS - 1)
        session.connection().execute(delete(OutboxRow.__table__).where(OutboxRow.seq <= last))  # type: ignore[arg-type]
        return int(last - oldest + 1)


def snapshot_step(store: Store) -> bool:
    """Write some rows of the hall into the outbox again as they stand; False when all are in.

    Only where the county lost rows that our outbox no longer has.
    """
    with store.write() as session:
        state = state_of(session)
        if not state.snapshot_at:
            return False
        table, _, last = state.snapshot_at.partition("/")
        kinds = synced_kinds()
        names = [kind.__tablename__ for kind in kinds]
        at = names.index(table) if table in names else 0
        kind = kinds[at]
        after = UUID(last) if last else UUID(int=0)
        rows = session.scalars(
            select(kind)
            .where(kind.id > after, kind.hall_id == session.info["origin"].hall_id, kind.version > 0)
            .order_by(kind.id)
            .limit(SNAPSHOT_ROWS)
        ).all()
        _resend(session, rows)
        if len(rows) == SNAPSHOT_ROWS:
            state.snapshot_at = f"{names[at]}/{rows[-1].id}"
        else:
            state.snapshot_at = f"{names[at + 1]}/" if at + 1 < len(names) else ""
        return bool(state.snapshot_at)


def _resend(session: Session, rows: object) -> None:
    lines = [
        {
            "epoch": session.info["origin"].epoch,
            "event_id": uuid7(),
            "table": row.__tablename__,
            "row_id": row.id,
            "op": "I",
            "schema_version": session.info["schema_version"],
            "payload": row_payload(row),
            "written_at": now(),
            "changed": "",
            "shape": session.info["shapes"][row.__tablename__],
        }
        for row in rows  # type: ignore[attr-defined]
    ]
    if lines:
        session.connection().execute(insert(OutboxRow.__table__), lines)  # type: ignore[arg-type]


def synced_kinds() -> list[type[Record]]:
    """The synced tables' classes, parents before children."""
    order = {table.name: at for at, table in enumerate(Base.metadata.sorted_tables)}
    kinds = [
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record) and mapper.class_.synced
    ]
    return sorted(kinds, key=lambda kind: order[kind.__tablename__])


def clock_offset(store: Store) -> int | None:
    with store.read() as session:
        return state_of(session).clock_offset_ms
