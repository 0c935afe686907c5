"""What somebody has to do now and then; safe to run beside the service, and twice."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.county.base import County
from db.county.contacts import purge_contacts_late, purge_contacts_older
from db.county.purge import purge_late, purge_older
from db.models import now

FEED_KEPT = timedelta(days=60)  # a device away for longer starts anew


@dataclass(frozen=True)
class Upkeep:
    feed_lines: int
    people: int
    contacts: int  # of old postings, and employers that are a person


def upkeep(
    county: County,
    retain: timedelta | None,
    at: datetime | None = None,
    over: threading.Event | None = None,
) -> Upkeep:
    """Drop old lines of the feed; with `retain`, purge people not seen for so long. Who was purged stays so.

    Contacts of postings that ended so long ago go too. Once `over` is set it ends after the batch that is under way.
    """
    at = at or now()
    over = over or threading.Event()
    people = contacts = 0
    while retain is not None and not over.is_set() and (some := purge_older(county, at - retain)):
        people += some
    while retain is not None and not over.is_set() and (some := purge_contacts_older(county, at - retain)):
        contacts += some
    if over.is_set():
        return Upkeep(0, people, contacts)
    purge_late(county, at - FEED_KEPT)
    purge_contacts_late(county, at - FEED_KEPT)
    return Upkeep(prune_feed(county, at - FEED_KEPT), people, contacts)


def prune_feed(county: County, before: datetime) -> int:
    """Whoever pulled no further than what is dropped here gets everything anew."""
    with county.transaction() as tx:
        found = tx.execute(
            "WITH gone AS (DELETE FROM feed WHERE at < %s"
            " AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint RETURNING xid)"
            " SELECT count(*), max(xid) FROM gone",
            (before,),
        ).fetchone()
        count, newest = found or (0, None)
        if newest is not None:
            tx.execute("UPDATE county SET feed_floor = greatest(feed_floor, %s)", (newest + 1,))
    return int(count)
