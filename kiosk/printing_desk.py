"""What became of a slip, as screens ask for it. The spooler does the printing; nothing waits for it here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from db.models import PrintJob, PrintJobState
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
    def __init__(self, store: Store) -> None:
        self._store = store

    def state(self, print_job: UUID) -> PrintState:
        with self._store.read() as session:
            job = session.get(PrintJob, print_job)
            if job is None:
                raise NotFound(what="print_job")
            return PrintState(job.state, job.reason)
