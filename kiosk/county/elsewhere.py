"""Somebody new here may be known elsewhere in the county: asked for while the visitor waits, but never for long.

No answer in time, no line, no county: the visit goes on as that of a new seeker. Should the county know them after all,
it finds both records by the same index and puts them on the list of conflicts (design §3.7).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from db.errors import StoreError
from db.store import Store
from db.sync.client import CountyClient
from db.sync.errors import SyncError
from db.sync.look_up import look_up
from db.sync.round import client_for
from db.sync.state import link, standing
from kiosk.settings import Settings

log = logging.getLogger(__name__)
QUIET_SECONDS = 300.0  # after a county that did not answer, nobody else is made to wait for it


class Elsewhere:
    def __init__(
        self, store: Store, settings: Settings, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """`seconds`: a clock that only goes forward."""
        self._store = store
        self._most = settings.county.look_up_seconds
        self._seconds = seconds
        self._quiet_until = float("-inf")

    def find(self, number: str) -> bool:
        """Whether the person with this ID number has come into the store; in the set seconds, never raises."""
        if not self._likely():
            return False
        asking = _Asking(self._store, number, self._most)
        asking.start()
        asking.join(self._most)
        if asking.is_alive() or asking.failed:
            asking.give_up()
            self._quiet_until = self._seconds() + QUIET_SECONDS
        return asking.found

    def _likely(self) -> bool:
        """Whether the county may answer: the last round was well, and it did not keep the last visitor waiting."""
        if not self._most or self._seconds() < self._quiet_until:
            return False
        try:
            stands = standing(self._store)
        except StoreError:
            return False
        return stands.enrolled and not stands.trouble and stands.last_success_at is not None


class _Asking(threading.Thread):
    """One question on a line of its own."""

    def __init__(self, store: Store, number: str, most: float) -> None:
        super().__init__(name="county-look-up", daemon=True)
        self._store = store
        self._number = number
        self._most = most
        self._client: CountyClient | None = None
        self.found = False
        self.failed = False

    def run(self) -> None:
        try:
            with client_for(link(self._store), self._most, patience=0) as self._client:
                self.found = look_up(self._store, self._client, self._number)
        except (SyncError, StoreError) as error:
            self.failed = True
            log.info("no look-up: %s", error.code)

    def give_up(self) -> None:
        if self._client is not None:
            self._client.interrupt()
