"""Takes a device's batches, each once, in order (design §3.3): mark, fork, inbox, rows, feed, mark; one transaction.

Network and stick come in here alike, in any mix.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
from msgspec.structs import replace

from db.county.apply import Applier, RaceLost
from db.county.base import County, Tx
from db.county.contacts import follow_contacts
from db.county.errors import DatabaseMissing, Fork, Gap, Malformed, Stopped, Unknown
from db.county.outcome import Sender
from db.county.publish import PURGED, after
from db.county.purge import purge_in
from db.county.ready import INBOX, Ready, inbox_block
from db.county.rows import array_of, copy_block
from db.county.twice import settle_doubles
from db.county.work_off import merge_asked
from db.models import now
from db.sync.batch import Batch, Row, decode
from db.sync.errors import BatchInvalid
from db.sync.wire import PROTOCOL, Envelope, Mark, Refused

TRIES = 4
MOST_WAITING = 2**62
MOST_HELD = 1_000  # named in a mark; of more, a device keeps its whole list
# A restored disk image opens one epoch; two machines with one key open them in turn.
FORKS_ALLOWED = 3
FORKS_WITHIN = timedelta(days=7)
DOUBLE = "SELECT event_id FROM inbox WHERE event_id = ANY(%s)"


def push(county: County, envelope: Envelope, body: bytes, offset_ms: int | None = None) -> Mark:
    """Take a signed batch in; the answer is how far the county now has this device's rows.

    Raises Malformed, Gap, Fork, Stopped, Unknown; nothing is half done.
    """
    if envelope.epoch < 1:
        raise Malformed(reason="epoch")
    try:
        batch, special = decode(body, envelope.lo, envelope.hi)
    except BatchInvalid as error:
        raise Malformed(reason=str(error.context["reason"])) from error
    doubled = False
    with Ready(county.keys, envelope, batch, special=special) as ready:
        for _ in range(TRIES):
            try:
                with county.transaction() as tx:
                    return _push(county, tx, envelope, batch, ready, offset_ms)
            except (RaceLost, psycopg.errors.TransactionRollback):
                doubled = False
            except psycopg.errors.UniqueViolation:
                doubled = True
            except _CloneFound:
                stop(county, envelope.device, "cloned")
                raise Stopped(reason="cloned") from None
    if doubled:
        raise Malformed(reason="events")  # one that came before: twice here, or another device's
    raise DatabaseMissing(reason="races")


def mark_of(county: County, device: UUID) -> Mark:
    with county.transaction() as tx:
        found = tx.execute(
            "SELECT epoch, mark, last_event_id, backed_up FROM enrolled WHERE device_id = %s", (device,)
        ).fetchone()
        held = tx.execute(
            "SELECT event_id FROM quarantine WHERE state = 'refused' AND device_id = %s LIMIT %s",
            (device, MOST_HELD + 1),
        ).fetchall()
    if found is None:
        raise Unknown()
    epoch, mark, last, backed_up = found
    told = tuple(event for (event,) in held) if len(held) <= MOST_HELD else None
    return replace(_mark(county, epoch, mark, last, backed_up), held=told)


def _mark(county: County, epoch: int, seq: int, last: UUID | None, backed_up: int) -> Mark:
    return Mark(epoch, seq, last, backed_up, (), now().isoformat(), county.schema, PROTOCOL)


def stop(county: County, device: UUID, state: str) -> None:
    """Refuse a device from now on: revoked (by staff) or cloned (found here)."""
    with county.transaction() as tx:
        tx.execute(
            "UPDATE enrolled SET state = %s, stopped_at = now() WHERE device_id = %s AND state = 'active'",
            (state, device),
        )


class _CloneFound(Exception):
    pass


def _push(
    county: County, tx: Tx, envelope: Envelope, batch: Batch, ready: Ready, offset_ms: int | None
) -> Mark:
    device, epoch, lo, hi = envelope.device, envelope.epoch, envelope.lo, envelope.hi
    ahead = _copied_ahead(county, tx, envelope, ready)
    found = tx.execute(
        "SELECT hall_id, state, epoch, mark, last_event_id, backed_up,"
        " (SELECT min(epochs.epoch) FROM epochs WHERE epochs.device_id = enrolled.device_id) FROM enrolled"
        " WHERE device_id = %s FOR UPDATE",
        (device,),
    ).fetchone()
    if found is None:
        raise Unknown()
    hall, state, at_epoch, mark, last, backed_up, first_epoch = found
    if state != "active":
        raise Stopped(reason=state)
    stands = _mark(county, at_epoch, mark, last, backed_up)
    if epoch < at_epoch:
        raise Fork(stands)
    if epoch > at_epoch:
        if batch.prev is not None:  # a later batch of an epoch whose first never came
            raise Gap(stands)
        _open_epoch(tx, device, epoch, lo)
        # what was backed up of an earlier line says nothing about this one
        mark, last, backed_up = lo - 1, None, lo - 1
    if lo > mark + 1:
        raise Gap(stands)
    if lo == mark + 1:
        if batch.prev != last:
            raise Fork(stands)
    else:
        _same_history(tx, device, batch.events[min(hi, mark) - lo], stands)
        if hi <= mark:
            return replace(stands, refused=_refused(tx, batch.events))
    anew = first_epoch not in (None, epoch)
    others = _lock_hall(tx, hall, device)
    applier = ahead or Applier(tx, county.keys, Sender(device, hall, epoch))
    if lo == mark + 1 and not anew:
        if ahead is None:
            _into_inbox(tx, ready.inbox.result())
        applier.take(batch, lo, ready)
    elif ahead is not None:
        raise RaceLost  # somebody brought the same rows meanwhile
    else:
        rows = [row for row in batch.rows(lo) if row.seq > mark]
        rows = _unseen(tx, rows) if anew else rows
        _into_inbox(tx, inbox_block(envelope, [row.event_id.hex for row in rows], [row.seq for row in rows]))
        applier.apply(rows)
    if anew:
        settle_doubles(tx, county, applier, hall)
    after(tx, applier, hall, device, others=others)
    _purged_there(tx, county, applier)
    follow_contacts(tx, county, applier.outcome)
    ended = applier.outcome.touched.get("conflicts", set()) | applier.outcome.echoed.get("conflicts", set())
    merge_asked(tx, county, ended)
    refused = tuple(applier.outcome.refused)
    tx.execute(
        "UPDATE enrolled SET epoch = %s, mark = %s, last_event_id = %s, waiting = %s, refused = refused + %s,"
        " clock_offset_ms = coalesce(%s, clock_offset_ms), last_seen_at = now(), last_push_at = now(),"
        " schema_version = %s, backed_up = %s WHERE device_id = %s",
        (
            epoch,
            hi,
            batch.last,
            min(max(batch.waiting - (hi - lo + 1), 0), MOST_WAITING),
            len(refused),
            offset_ms,
            _text(batch.schema, 32),
            backed_up,
            device,
        ),
    )
    return replace(stands, epoch=epoch, seq=hi, last=batch.last, backed_up=backed_up, refused=refused)


def _copied_ahead(county: County, tx: Tx, envelope: Envelope, ready: Ready) -> Applier | None:
    """While the batch before this one is being taken in, under the device's lock, this one's rows are copied already.

    Nothing of them counts before the lock says that it is this batch's turn.
    """
    found = tx.execute(
        "SELECT hall_id FROM enrolled WHERE device_id = %s AND state = 'active' AND epoch = %s AND mark < %s"
        " AND epoch = (SELECT min(epochs.epoch) FROM epochs WHERE epochs.device_id = enrolled.device_id)",
        (envelope.device, envelope.epoch, envelope.lo - 1),
    ).fetchone()
    if found is None:
        return None
    applier = Applier(tx, county.keys, Sender(envelope.device, found[0], envelope.epoch))
    _into_inbox(tx, ready.inbox.result())
    applier.copy(ready)
    return applier


def _into_inbox(tx: Tx, block: bytes) -> None:
    copy_block(tx, "inbox", INBOX, block, binary=True)


def _purged_there(tx: Tx, county: County, applier: Applier) -> None:
    """A hall purged a person: the county drops what it keeps of them elsewhere, and every other hall follows."""
    outcome = applier.outcome
    found = [
        seeker
        for (seeker,) in tx.execute(
            "SELECT id FROM seekers WHERE id = ANY(%s::uuid[]) AND consent_version = %s AND NOT EXISTS"
            " (SELECT 1 FROM tombstones t WHERE t.\"table\" = 'seekers' AND t.row_id = seekers.id)",
            (array_of([*outcome.changed("seekers"), *outcome.fresh.get("seekers", ())]), PURGED),
        )
    ]
    if found:
        purge_in(tx, county, found, "hall")


def _open_epoch(tx: Tx, device: UUID, epoch: int, lo: int) -> None:
    opened = tx.execute(
        "SELECT count(*) FROM epochs WHERE device_id = %s AND forgiven_at IS NULL AND opened_at > now() - %s"
        " AND epoch > (SELECT min(epoch) FROM epochs WHERE device_id = %s)",
        (device, FORKS_WITHIN, device),
    ).fetchone()
    if opened is not None and opened[0] >= FORKS_ALLOWED:
        raise _CloneFound
    tx.execute(
        "INSERT INTO epochs (device_id, epoch, first_seq, opened_at) VALUES (%s, %s, %s, now())",
        (device, epoch, lo),
    )


def _same_history(tx: Tx, device: UUID, event: str, stands: Mark) -> None:
    """What we are said to have already must be what we have: a batch that forks below the mark is no double."""
    found = tx.execute(
        "SELECT 1 FROM inbox WHERE event_id = %s AND device_id = %s", (event, device)
    ).fetchone()
    if found is None:
        raise Fork(stands)


def _unseen(tx: Tx, rows: list[Row]) -> list[Row]:
    """After a fork everything is sent again: what came in an earlier epoch counts once."""
    seen = {event for (event,) in tx.execute(DOUBLE, ([row.event_id for row in rows],))}
    return [row for row in rows if row.event_id not in seen]


def _refused(tx: Tx, events: list[str]) -> tuple[Refused, ...]:
    """Told once more where the first answer was lost."""
    found = tx.execute(
        'SELECT seq, event_id, "table", row_id, reason FROM quarantine'
        " WHERE event_id = ANY(%s::uuid[]) AND state = 'refused' ORDER BY seq",
        (events,),
    )
    return tuple(Refused(*line) for line in found)


def _lock_hall(tx: Tx, hall: UUID, device: UUID) -> bool:
    """Whether the hall has other devices; none can be enrolled there until this transaction ends."""
    tx.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s::text, 0))", (hall,))
    found = tx.execute(
        "SELECT 1 FROM enrolled WHERE hall_id = %s AND device_id <> %s AND state = 'active' LIMIT 1",
        (hall, device),
    ).fetchone()
    return found is not None


def _text(value: str, most: int = 200) -> str:
    return value[:most].replace("\0", "")
