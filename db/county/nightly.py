"""The nightly work of a county that is served: `upkeep` by itself; nobody has to set up a timer for what is too old.

Every process that serves the county asks for it, one at a time does it. An office's machine may be off at night: it is
done soon after the start, too.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, time, timedelta
from types import TracebackType
from zoneinfo import ZoneInfo

from db.county.base import County
from db.county.service import without_values
from db.county.upkeep import Upkeep, upkeep
from db.models import now

log = logging.getLogger(__name__)

AT = time(3, 0)  # (ours) when the halls have brought up their day
FIRST = timedelta(minutes=10)  # after the start
AGAIN = timedelta(hours=1)  # after a failure
LOOK_SECONDS = 20.0  # a clock may be set, a laptop may sleep: what counts is the time on the wall
GOODBYE_SECONDS = 10.0
ONE_AT_A_TIME = 0x6E_69_67  # advisory lock


class Nightly:
    """`with Nightly(county, retain, zone):` as long as it is served. `retain`: as in `upkeep`."""

    def __init__(self, county: County, retain: timedelta | None, zone: ZoneInfo) -> None:
        self._county = county
        self._retain = retain
        self._zone = zone
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="county-nightly", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(GOODBYE_SECONDS)

    def _run(self) -> None:
        due = now() + FIRST
        while not self._over.wait(LOOK_SECONDS):
            if now() >= due:
                due = self._next()
            due = min(due, next_night(now(), self._zone))  # the clock was put back

    def _next(self) -> datetime:
        """Do it; when to do it next."""
        try:
            done = tonight(self._county, self._retain, self._over)
        except Exception as error:
            log.error("nightly upkeep: %s", type(error).__name__, exc_info=without_values(error))
            return now() + AGAIN
        if done is not None:
            log.info(
                "nightly upkeep: %d feed lines, %d people, %d contacts",
                done.feed_lines,
                done.people,
                done.contacts,
            )
        return next_night(now(), self._zone)


def next_night(at: datetime, zone: ZoneInfo) -> datetime:
    here = at.astimezone(zone)
    tonight = datetime.combine(here.date(), AT, zone)
    return tonight if tonight > here else datetime.combine(here.date() + timedelta(days=1), AT, zone)


def tonight(
    county: County, retain: timedelta | None, over: threading.Event, at: datetime | None = None
) -> Upkeep | None:
    """`upkeep`, unless another process is at it: then None.

    Nobody is old before somebody was seen later: a clock gone wrong here (`at`, else now) empties nobody.
    """
    with county.transaction() as tx:  # open, and idle, until it is done: it holds the lock
        [[mine]] = tx.execute("SELECT pg_try_advisory_xact_lock(%s)", (ONE_AT_A_TIME,)).fetchall()
        if not mine:
            return None
        [[seen]] = tx.execute("SELECT max(last_seen_at) FROM seekers").fetchall()
        at = at or now()
        return upkeep(county, retain, min(at, seen or at), over)
