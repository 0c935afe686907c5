"""The shop's counter with a county behind it, for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import time, timedelta

from db.store import Store
from db.sync.schedule import Plan, SyncLoop
from db.sync.state import Standing
from tests.tools.shop import ZONE

WAIT = 20.0
# the first round comes at once, the next only when asked for
PLAN = Plan(time(1, 30), ZONE, timedelta(minutes=90), timedelta(hours=12))


class Told:
    """Waits for rounds to end."""

    def __init__(self) -> None:
        self.said: list[Standing] = []
        self._more = threading.Condition()

    def __call__(self, stands: Standing) -> None:
        with self._more:
            self.said.append(stands)
            self._more.notify_all()

    def wait(self, stands: Callable[[Standing], bool]) -> Standing:
        with self._more:
            assert self._more.wait_for(lambda: bool(self.said) and stands(self.said[-1]), WAIT)
            return self.said[-1]


def loop_for(store: Store, told: Told, **more: object) -> SyncLoop:
    return SyncLoop(store, PLAN, told=told, timeout=10.0, **more)  # type: ignore[arg-type]
