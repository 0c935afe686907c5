"""What became of a slip, as screens ask for it. The spooler does the printing; nothing waits for it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from db.models import PrintJob
from db.models import PrintJobState as PrintJobState  # the screens' name for it
from db.store import Store
from kiosk.errors import NotFound


@dataclass(frozen=True)
class PrintState:
    state: PrintJobState
    reason: str | None  # paper_out, cover_open, offline …

    @property
    def settled(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state not in {PrintJobState.QUEUED, PrintJobState.SENDING}


class PrintDesk:
    """`wake` tells the spooler that a slip was queued; call it after the transaction that queued it."""

    def __init__(self, store: Store, wake: Callable[[], object] = lambda: None) -> None:
        self._store = store
        self.wake = wake

    def state(self, print_job: UUID) -> PrintState:
        with self._store.read() as session:
            job = session.get(PrintJob, print_job)
            if job is None:
                raise NotFound(what="print_job")
            return PrintState(job.state, job.reason)
