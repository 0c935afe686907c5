"""What others get to see: the feed behind every pull, county-wide postings, the county's own rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql
from uuid_utils.compat import uuid7

from db.county.apply import NOT_FED, Applier
from db.county.base import COUNTY_DEVICE, COUNTY_HALL, County, Tx
from db.county.outcome import Outcome
from db.county.rows import array_of, copy_block, copy_in, defaults, lines_of, read, stored
from db.models import HOLDS_OPENING, ConflictKind, PostingState, ReviewState, now
from db.outbox import plain

COUNTY_WIDE = ("postings", "employers", "bans")  # once published
SHARED = (*COUNTY_WIDE, "seekers", "seeker_trades", "referrals")
FEED = ("table", "row_id", "hall_id", "device_id")
PURGED = "purged"  # a tombstone whose row still stands, emptied: what refers to it must not break
HOLDING = [state.value for state in HOLDS_OPENING]


def after(tx: Tx, applier: Applier, hall: UUID, device: UUID, *, others: bool) -> None:
    """Called at the end of a batch: find what only shows across devices, then feed everybody concerned."""
    outcome = applier.outcome
    _same_person(tx, applier, outcome.added("seekers"))
    changed = outcome.touched.get("referrals", set()) | outcome.echoed.get("referrals", set())
    postings = _referred_to(tx, outcome, changed - outcome.inserted.get("referrals", set()))
    _overfilled(tx, applier, postings)
    _publish_new(tx, applier, hall)
    _publish_bans(tx, outcome)
    count_taken(tx, postings | {str(posting) for posting in outcome.touched.get("postings", ())})
    lines: list[tuple[str, UUID, UUID | None, UUID | None]] = []
    if others:
        _feed_fresh(tx, outcome, hall, device)
    for table, ids in outcome.touched.items():
        if table in NOT_FED:
            continue
        if others:
            lines += [(table, row_id, hall, device) for row_id in ids]
        # what came in just now was shared with nobody but by us, a moment ago
        known = ids - outcome.inserted.get(table, set()) if table not in COUNTY_WIDE else ids
        lines += [(table, row_id, there, device) for row_id, there in _elsewhere(tx, table, known, hall)]
    for table, ids in outcome.echoed.items():
        lines += [(table, row_id, hall, None) for row_id in ids if table != "conflicts"]
        lines += [(table, row_id, there, None) for row_id, there in _elsewhere(tx, table, ids, hall)]
    lines += [(table, row_id, owner, None) for table, row_id, owner in outcome.gone_from]
    conflicts = tx.execute("SELECT id, hall_id FROM conflicts WHERE id = ANY(%s)", (outcome.conflicts,))
    lines += [("conflicts", row_id, there, None) for row_id, there in conflicts]
    feed(tx, lines)


def _feed_fresh(tx: Tx, outcome: Outcome, hall: UUID, device: UUID) -> None:
    """What came in at once, as one block."""
    block = b""
    for table, ids in outcome.fresh.items():
        told = {row_id.hex for row_id in outcome.touched.get(table, ())}
        whose = ("table", [table]), ("hall_id", [str(hall)]), ("device_id", [str(device)])
        if table not in NOT_FED and (new := [row_id for row_id in ids if row_id not in told]):
            block += lines_of([*whose, ("row_id", new)]).block()
    copy_block(tx, "feed", ("table", "hall_id", "device_id", "row_id"), block)


def feed(tx: Tx, lines: Collection[tuple[str, UUID, UUID | None, UUID | None]]) -> None:
    """(table, row, hall or None for every hall, device that need not have it)."""
    if lines:
        copy_in(tx, "feed", FEED, lines)


def publish(county: County, posting: UUID) -> None:
    """Show a posting and its employer to every hall."""
    with county.transaction() as tx:
        publish_in(tx, posting)


def publish_in(tx: Tx, posting: UUID) -> bool:
    """The same in the caller's transaction; False where there is no such posting."""
    found = tx.execute("SELECT employer_id FROM postings WHERE id = %s", (posting,)).fetchone()
    if found is not None:
        _share(tx, [("postings", posting), ("employers", found[0])])
        count_taken(tx, [str(posting)])
    return found is not None


def write_own(county: County, table: str, values: dict[str, Any], row_id: UUID | None = None) -> UUID:
    """A row of the county's own, for every hall: a notice, an occupation, a guidance wage, a setting.

    With `row_id` that row is changed, else a new one is made.
    """
    with county.transaction() as tx:
        return own_row(tx, county, table, values, row_id)


def own_row(
    tx: Tx,
    county: County,
    table: str,
    values: dict[str, Any],
    row_id: UUID | None = None,
    hall: UUID = COUNTY_HALL,
) -> UUID:
    """The same in the caller's transaction. Where the row is gone meanwhile, nothing is done."""
    at, before = plain(now()), None
    if row_id is not None:
        # locked before it is read: what a push writes meanwhile must not be lost under the old values
        held = sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(table))
        tx.execute(held, (row_id,))
        before = read(tx, county.keys, table, [row_id]).get(row_id)
        if before is None:
            return row_id
    row_id = row_id or uuid7()
    row: dict[str, Any] = {
        "id": str(row_id),
        "hall_id": str(hall),
        "device_id": str(COUNTY_DEVICE),
        "created_at": at,
        "version": 0,
        **defaults(table),
        **(before or {}),  # whose row it is stays
        **values,
        "updated_at": at,
    }
    row["version"] = (before["version"] if before else 0) + 1
    full = stored(county.keys, table, row_id, row)
    if before is not None:
        gone = sql.SQL("DELETE FROM {} WHERE id = %s RETURNING field_versions").format(sql.Identifier(table))
        [[fields]] = tx.execute(gone, (row_id,)).fetchall()
        fields |= {name: (row["version"], str(COUNTY_DEVICE)) for name in values}
        full["field_versions"] = msgspec.json.encode(fields).decode()
    copy_in(tx, table, list(full), [list(full.values())])
    scope = UUID(row["hall_id"])
    scopes = {None if scope == COUNTY_HALL else scope, *(there for _, there in _shares(tx, table, [row_id]))}
    feed(tx, [(table, row_id, there, None) for there in scopes])
    return row_id


def bury(tx: Tx, table: str, ids: Collection[UUID], reason: str) -> int:
    """Delete rows everywhere: here at once, in the halls by tombstone."""
    if not ids:
        return 0
    where = (list(ids),)
    rows = tx.execute(
        sql.SQL("DELETE FROM {} WHERE id = ANY(%s) RETURNING id, hall_id").format(sql.Identifier(table)),
        where,
    ).fetchall()
    scopes = {row_id: (None if hall == COUNTY_HALL else hall) for row_id, hall in rows}
    with tx.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO tombstones ("table", row_id, hall_id, reason) VALUES (%s, %s, %s, %s)'
            " ON CONFLICT DO NOTHING",
            [(table, row_id, hall, reason) for row_id, hall in scopes.items()],
        )
    shared = list(_shares(tx, table, scopes))
    feed(
        tx,
        [(table, row_id, hall, None) for row_id, hall in scopes.items()]
        + [(table, row_id, hall, None) for row_id, hall in shared],
    )
    return len(rows)


def _elsewhere(tx: Tx, table: str, ids: Collection[UUID], hall: UUID) -> list[tuple[UUID, UUID | None]]:
    """Which other halls have these rows: those they were shared with, and the one that wrote them first."""
    if table not in SHARED or not ids:
        return []
    statement = sql.SQL("SELECT id, hall_id FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table))
    owners = tx.execute(statement, (list(ids),)).fetchall()
    return [(row_id, there) for row_id, there in (*_shares(tx, table, ids), *owners) if there != hall]


def _shares(tx: Tx, table: str, ids: Iterable[UUID]) -> list[tuple[UUID, UUID | None]]:
    if table not in SHARED:
        return []
    return tx.execute("SELECT row_id, hall_id FROM shares WHERE row_id = ANY(%s)", (list(ids),)).fetchall()


def _share(tx: Tx, rows: Iterable[tuple[str, UUID]], hall: UUID | None = None) -> None:
    for table, row_id in rows:
        done = tx.execute(
            'INSERT INTO shares ("table", row_id, hall_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1',
            (table, row_id, hall),
        ).fetchone()
        if done is not None:
            feed(tx, [(table, row_id, hall, None)])


def share(tx: Tx, rows: Iterable[tuple[str, UUID]], hall: UUID) -> None:
    """From now on this hall gets these rows and what becomes of them."""
    _share(tx, rows, hall)


def _publish_new(tx: Tx, applier: Applier, hall: UUID) -> None:
    """Published postings of approved employers reach every hall, unless county staff wish to look first."""
    postings = applier.outcome.written("postings")
    employers = applier.outcome.written("employers")
    if not postings and not employers:
        return
    # by key, posting by posting: whatever PostgreSQL believes about tables that grew a moment ago
    found = tx.execute(
        "SELECT p.id, e.id FROM (SELECT unnest(%s::uuid[]) AS id UNION"
        " SELECT id FROM postings WHERE employer_id = ANY(%s::uuid[])) new,"
        " LATERAL (SELECT * FROM postings WHERE postings.id = new.id OFFSET 0) p,"
        " LATERAL (SELECT * FROM employers WHERE employers.id = p.employer_id OFFSET 0) e, county"
        " WHERE county.auto_publish AND p.state = %s AND e.state = %s AND p.hall_id = %s",
        (
            array_of(postings),
            array_of(employers),
            PostingState.PUBLISHED.value,
            ReviewState.APPROVED.value,
            hall,
        ),
    ).fetchall()
    rows = {("employers", employer) for _, employer in found} | {
        ("postings", posting) for posting, _ in found
    }
    if not rows:
        return
    # one statement however many; the feed's lines come from `after`, which sees the new shares
    tables, ids = zip(*sorted(rows), strict=True)
    shared = tx.execute(
        'INSERT INTO shares ("table", row_id) SELECT * FROM unnest(%s::text[], %s::uuid[])'
        ' ON CONFLICT DO NOTHING RETURNING "table", row_id',
        (list(tables), array_of(map(str, ids))),
    )
    for table, row_id in shared:
        applier.outcome.touched[table].add(row_id)


def _same_person(tx: Tx, applier: Applier, seekers: list[str]) -> None:
    """One number, two records: both stay; people decide (spec C3)."""
    if not seekers:
        return
    found = tx.execute(
        "SELECT mine.id, mine.hall_id, other.id, other.hall_id FROM seekers mine CROSS JOIN LATERAL"
        " (SELECT id, hall_id FROM seekers WHERE number_index = mine.number_index OFFSET 0) other"
        " WHERE other.id <> mine.id AND mine.id = ANY(%s::uuid[])",
        (array_of(seekers),),
    ).fetchall()
    for mine, my_hall, other, other_hall in found:
        for hall in {my_hall, other_hall}:
            applier.outcome.conflict(
                ConflictKind.SAME_PERSON,
                "seekers",
                mine,
                {"other": str(other), "halls": [str(my_hall), str(other_hall)]},
                hall,
            )


def _publish_bans(tx: Tx, outcome: Outcome) -> None:
    """Who may not take part in one hall may not in any (spec C2)."""
    bans = [UUID(ban) for ban in outcome.written("bans")]
    if not bans:
        return
    with tx.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO shares (\"table\", row_id) VALUES ('bans', %s) ON CONFLICT DO NOTHING",
            [(ban,) for ban in bans],
        )
    outcome.touched["bans"].update(bans)


def _referred_to(tx: Tx, outcome: Outcome, referrals: Collection[UUID]) -> set[str]:
    """Postings to which somebody was referred just now, or whose `referrals` changed."""
    postings = set(outcome.postings)
    if referrals:
        found = tx.execute("SELECT posting_id::text FROM referrals WHERE id = ANY(%s)", (list(referrals),))
        postings |= {posting for (posting,) in found}
    return postings


def count_taken(tx: Tx, postings: Collection[str]) -> None:
    """Tell every hall how many openings of county-wide postings each hall has filled, where that changed.

    Rows are locked before they are counted: of two halls that refer at once the later one counts both.
    """
    if not postings:
        return
    shared = [
        posting
        for (posting,) in tx.execute(
            "SELECT row_id FROM shares WHERE hall_id IS NULL AND \"table\" = 'postings'"
            " AND row_id = ANY(%s::uuid[]) ORDER BY row_id",
            (list(postings),),
        )
    ]
    if not shared:
        return
    tx.execute(
        "INSERT INTO posting_counts (id, hall_id, device_id, created_at, updated_at, version, by_hall)"
        " SELECT p.id, %s, %s, now(), now(), 0, '{}' FROM unnest(%s::uuid[]) AS p (id) WHERE EXISTS"
        " (SELECT 1 FROM referrals r WHERE r.posting_id = p.id) ON CONFLICT DO NOTHING",
        (COUNTY_HALL, COUNTY_DEVICE, shared),
    )
    tx.execute("SELECT 1 FROM posting_counts WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (shared,))
    changed = tx.execute(
        "UPDATE posting_counts AS c SET by_hall = n.by_hall, version = c.version + 1, updated_at = now()"
        " FROM (SELECT p.id, coalesce(json_object_agg(r.hall_id, r.taken) FILTER (WHERE r.taken > 0), '{}')"
        " AS by_hall FROM unnest(%s::uuid[]) AS p (id) LEFT JOIN (SELECT posting_id, hall_id, count(*) AS taken"
        " FROM referrals WHERE posting_id = ANY(%s) AND state = ANY(%s) GROUP BY 1, 2) r ON r.posting_id = p.id"
        " GROUP BY p.id) n WHERE n.id = c.id AND n.by_hall::jsonb <> c.by_hall::jsonb RETURNING c.id",
        (shared, shared, HOLDING),
    ).fetchall()
    feed(tx, [("posting_counts", posting, None, None) for (posting,) in changed])


def _overfilled(tx: Tx, applier: Applier, postings: set[str]) -> None:
    """Postings with more people referred than openings; counted no further than it takes to know."""
    if not postings:
        return
    over = tx.execute(
        "SELECT p.id, p.hall_id, p.openings, (SELECT count(*) FROM referrals r WHERE r.posting_id = p.id"
        " AND r.state = ANY(%s)) FROM postings p CROSS JOIN LATERAL (SELECT count(*) AS taken FROM (SELECT 1"
        " FROM referrals r WHERE r.posting_id = p.id AND r.state = ANY(%s) LIMIT p.openings::bigint + 1) held) enough"
        " WHERE p.id = ANY(%s::uuid[]) AND enough.taken > p.openings"
        " AND NOT EXISTS (SELECT 1 FROM conflicts c WHERE c.row_id = p.id AND c.kind = %s AND c.state = 'open')",
        (HOLDING, HOLDING, list(postings), ConflictKind.OVERFILLED.value),
    ).fetchall()
    for posting, hall, openings, taken in over:
        details = {"openings": openings, "referred": taken}
        applier.outcome.conflict(ConflictKind.OVERFILLED, "postings", posting, details, hall)
