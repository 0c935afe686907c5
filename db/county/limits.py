"""Rates: a bucket that refills, one for each caller. Kept per process; its only harm is a wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from db.county.errors import TooOften

MOST_CALLERS = 10_000


class Rate:
    """`burst` calls at once, then `per_second`. `take` raises TooOften with the wait."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # left, at

    def take(self, caller: Hashable, cost: float = 1.0) -> None:
        with self._lock:
            at = self._clock()
            left, before = self._buckets.pop(caller, (self._burst, at))
            left = min(self._burst, left + (at - before) * self._per_second)
            enough = left >= cost
            self._buckets[caller] = (left - cost if enough else left, at)
            if len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        if not enough:
            raise TooOften(wait=(cost - left) / self._per_second)
