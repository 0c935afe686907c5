"""What somebody has to do now and then; safe to run beside the service, and twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.county.base import County
from db.county.purge import purge_late, purge_older
from db.models import now

FEED_KEPT = timedelta(days=60)  # a device away for longer starts anew


@dataclass(frozen=True)
class Upkeep:
    feed_lines: int
    people: int


def upkeep(county: County, retain: timedelta | None, at: datetime | None = None) -> Upkeep:
    """Drop old lines of the feed; with `retain`, purge people not seen for so long. Who was purged stays so."""
    at = at or now()
    people = 0
    while retain is not None and (some := purge_older(county, at - retain)):
        people += some
    purge_late(county, at - FEED_KEPT)
    return Upkeep(prune_feed(county, at - FEED_KEPT), people)


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
