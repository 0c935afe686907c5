"""When the kiosk talks to the county: at a set hour of the night with a random delay, and by day whenever the line is
there; after a failure later and later, with jitter (design §3.9). A plain thread, no Qt; it never waits for a visitor
and never makes one wait: between batches it pauses while someone is served, and `stop` cuts the line at any byte.

Kiosk and counter may share one store. Each has its loop, they go by the same times in the store, and only one of them
talks to the county at a time (`turn`).
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic, sleep
from zoneinfo import ZoneInfo

from db.errors import StoreError
from db.file_lock import FileLock
from db.store import Store
from db.sync.client import CountyClient
from db.sync.errors import CountyBusy, Interrupted, LinkInUse, NotEnrolled, SyncError
from db.sync.round import client_for, sync_once
from db.sync.state import Standing, link, standing

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
UNENROLLED_WAIT = timedelta(minutes=1)  # another process may enrol this device
IN_USE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 120.0  # a visitor may stay; the link must not starve


@dataclass(frozen=True)
class Plan:
    """From kiosk.toml [county]."""

    nightly: time
    zone: ZoneInfo
    spread: timedelta
    every: timedelta  # zero: only at night


def next_round(
    plan: Plan, at: datetime, failures: int, last_success: datetime | None, chance: Callable[[], float]
) -> datetime:
    """When to try next, seen from `at`. `chance` gives 0…1.

    A clock that jumps does no harm: everything is counted from now, and a success in the future counts as none.
    """
    tonight = _nightly(plan, at) + plan.spread * chance()
    if failures:
        wait = min(FIRST_WAIT * 2 ** min(failures - 1, 12), LONGEST_WAIT)
        later: datetime = at + wait * (0.5 + chance() / 2)
        return later
    if not plan.every:
        return tonight
    if last_success is None or last_success > at:
        return at
    by_day: datetime = last_success + plan.every * (0.75 + chance() / 2)
    return min(max(at, by_day), tonight)


def _nightly(plan: Plan, at: datetime) -> datetime:
    """The next time the hall's wall shows that hour."""
    here = at.astimezone(plan.zone)
    tonight = datetime.combine(here.date(), plan.nightly, plan.zone)
    if tonight <= here:
        tonight = datetime.combine(here.date() + timedelta(days=1), plan.nightly, plan.zone)
    return tonight.astimezone(UTC)


@contextmanager
def turn(store: Store, wait: float = 0.0) -> Iterator[None]:
    """Whoever talks to the county for this store, by line or stick, does so alone. Raises LinkInUse."""
    lock = FileLock(store.path.parent / "sync.lock")
    until = monotonic() + wait
    while not lock.take():
        if monotonic() >= until:
            raise LinkInUse()
        sleep(0.1)
    try:
        yield
    finally:
        lock.give()


class SyncLoop:
    """Start it once; `busy` says whether a visitor is being served, `told` is called after every round.

    `chores`: what the night is for besides, enrolled or not; once after the start and once after each nightly hour.
    """

    def __init__(
        self,
        store: Store,
        plan: Plan,
        busy: Callable[[], bool] = lambda: False,
        told: Callable[[Standing], None] = lambda standing: None,
        chores: Callable[[], object] = lambda: None,
        timeout: float = 30.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._plan = plan
        self._busy = busy
        self._told = told
        self._chores = chores
        self._timeout = timeout
        self._now = now
        self._chance = chance
        self._wake = threading.Condition()
        self._stopping = False
        self._asked = False
        self._client: CountyClient | None = None
        self._busy_wait = 0.0
        self._faults = 0  # in a row; those that the store could not note count too
        self._done_for: date | None = None  # the night whose chores are done
        self.due: datetime | None = None  # of the next round, for staff
        self.working = False
        self._thread = threading.Thread(target=self._run, name="county-link", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def sync_soon(self) -> None:
        """Do not wait for the plan: staff pressed the button, or the line came back."""
        with self._wake:
            self._asked = self.working = True
            self._wake.notify()

    def visitor_left(self) -> None:
        """Go on at once instead of at the next look."""
        with self._wake:
            self._wake.notify()

    def stop(self, wait: float = 10.0) -> bool:
        """Cut the line and end; True when the thread is gone."""
        with self._wake:
            self._stopping = True
            if self._client is not None:
                self._client.interrupt()
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(wait)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self._sleep():
            for step in (self._at_night, self._round, self._tell):
                try:
                    step()
                except Interrupted:
                    break
                except StoreError as error:
                    log.warning("county link: %s", error.code)
                except Exception as error:  # the link outlives a bug; what it says may quote a row
                    where = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
                    log.error("bug in the county link: %s", type(error).__name__, exc_info=where)
            self.working = False

    def _tell(self) -> None:
        stands = standing(self._store)
        self.working = False
        self._told(stands)

    def _at_night(self) -> None:
        """The chores of the night that began with the last nightly hour, unless they are done."""
        night = _nightly(self._plan, self._now()).date()
        if night != self._done_for:
            self._pause()
            self._done_for = night
            self._chores()

    def _sleep(self) -> bool:
        """Until the next round is due; False when told to stop."""
        with self._wake:
            since, self.due = self._now(), self._due()
            while not self._stopping and not self._asked:
                at = self._now()
                left = (self.due - at).total_seconds()
                if at < since:  # the clock was put back: what was planned by the wrong one may be a year away
                    since, self.due = at, self._due()
                elif left > 0:
                    self._wake.wait(min(left, 60.0))  # a clock may jump: look again every minute
                elif self._done_since(since):
                    since, self.due = self._now(), self._due()
                else:
                    break
            self._asked = False
            self.working = True
            return not self._stopping

    def _done_since(self, since: datetime) -> bool:
        """Whether another process on this store did the round meanwhile."""
        try:
            last = standing(self._store).last_success_at
        except StoreError:
            return False
        return last is not None and since < last <= self._now()

    def _due(self) -> datetime:
        at = self._now()
        try:
            stands = standing(self._store)
        except StoreError:
            return at + FIRST_WAIT
        if not stands.enrolled:
            return at + UNENROLLED_WAIT
        failures = max(stands.failures, self._faults)
        due = next_round(self._plan, at, failures, stands.last_success_at, self._chance)
        return max(due, at + timedelta(seconds=self._busy_wait))

    def _round(self) -> None:
        self._busy_wait, self._faults = 0.0, self._faults + 1
        try:
            self._talk()
        except (Interrupted, NotEnrolled):
            pass
        except LinkInUse:
            self._busy_wait = IN_USE_SECONDS
        except CountyBusy as error:
            self._busy_wait = min(float(str(error.context["wait"])), LONGEST_WAIT.total_seconds())
            return
        except SyncError as error:
            log.info("county link: %s", error)
            return
        self._faults = 0

    def _talk(self) -> None:
        with turn(self._store), client_for(link(self._store), self._timeout) as client:
            with self._wake:
                if self._stopping:
                    return
                self._client = client
            try:
                sync_once(self._store, client, self._pause, self._now)
            finally:
                with self._wake:
                    self._client = None

    def _pause(self) -> None:
        """Between batches: wait while a visitor is served, but not for ever. Raises Interrupted."""
        with self._wake:
            waited = 0.0
            while not self._stopping and self._busy() and waited < LONGEST_PAUSE_SECONDS:
                self._wake.wait(1.0)
                waited += 1.0
            if self._stopping:
                raise Interrupted()
