"""The print journal's state machine: every paper that was asked for is accounted for.

    queued ──(printer ready; committed)──► sending ──► printed
      ▲  │                                   │  ├────► uncertain ──(staff: it is there)──► printed
      │  └──(too late)──► expired            │  └────► failed (the slip itself cannot be printed)
      └──────────(no byte went out)──────────┘

`sending` is committed before the first byte leaves, so a process that dies leaves either `queued` (nothing went
out) or `sending`, which the next start turns into `uncertain`. An uncertain paper is never sent again by itself:
staff confirm that it is there, or ask for a new copy, which is a new row and says so on its paper.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from printing import escpos, slip_json
from printing.delivery import Deadlines, Outcome, Result, deliver
from printing.errors import Reason
from printing.profile import Profile
from printing.slip import Slip
from printing.slips.copies import reprint
from printing.status import PaperLevel

log = logging.getLogger(__name__)

QUEUED, SENDING, PRINTED = "queued", "sending", "printed"
UNCERTAIN, FAILED, EXPIRED = "uncertain", "failed", "expired"


class Job(Protocol):
    """One paper as the journal keeps it. `copy` 1 is the first; copy n+1 says 【补打 第n次】."""

    @property
    def id(self) -> UUID: ...
    @property
    def document(self) -> str: ...
    @property
    def copy(self) -> int: ...
    @property
    def slip(self) -> bytes: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def printer(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...


class Journal(Protocol):
    """Where jobs are kept. Every method is one durable transaction, safe from any thread.

    Methods that move a job raise an error, and change nothing, when it is not in the state they start from.
    """

    def add(self, document: str, kind: str, slip: bytes, expires_at: datetime) -> Job:
        """Copy 1 of a document, queued; the job there already is if this document was asked for before."""

    def get(self, job_id: UUID) -> Job: ...

    def queued(self) -> Sequence[Job]:
        """Oldest first."""

    def claim(self, job_id: UUID, printer: str) -> bool:
        """queued → sending; False when it is not queued any more."""

    def settle(self, job_id: UUID, state: str, reason: str | None) -> Job:
        """sending → printed, uncertain, failed, or back to queued."""

    def hold(self, job_id: UUID, reason: str) -> Job:
        """Still queued; why it does not print."""

    def refuse(self, job_id: UUID, reason: str) -> Job:
        """queued → failed: no printer could ever print it."""

    def expire(self, now: datetime) -> Sequence[Job]:
        """queued → expired, those whose time is over."""

    def recover(self) -> int:
        """sending → uncertain, all; after a restart. How many."""

    def confirm(self, job_id: UUID) -> Job:
        """uncertain → printed: staff have seen the paper."""

    def copy(self, job_id: UUID, expires_at: datetime) -> Job:
        """A new queued row of the same document, one copy higher than any."""

    def retry(self, job_id: UUID, expires_at: datetime) -> Job:
        """failed or expired → queued: nothing was printed, so it is the same copy."""

    def left_open(self, printer: str) -> bool:
        """Whether that printer's last job has not come to a known end."""

    def counts(self) -> dict[str, int]:
        """Jobs that need somebody's attention by state: queued, sending, and the undecided uncertain ones."""


@dataclass(frozen=True, slots=True)
class Printer:
    """`address` as `transport.open_printer` takes it. `lifetime`: how long a job is worth printing on this one."""

    name: str
    address: str
    profile: Profile
    deadlines: Deadlines = field(default_factory=Deadlines)
    lifetime: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PrinterState:
    """For staff: the last known `trouble` and whether the roll is nearly empty."""

    name: str
    trouble: Reason | None
    near_end: bool


@dataclass(slots=True)
class _Station:
    """What a worker remembers of its printer."""

    printer: Printer
    rank: int
    earlier: timedelta  # how long before a job expires this printer gives it up
    mishap: bool = False
    trouble: Reason | None = None
    near_end: bool = False
    rest_until: float = 0.0

    @property
    def resting(self) -> bool:
        return time.monotonic() < self.rest_until

    def gives_up(self, job: Job) -> bool:
        return datetime.now(UTC) >= job.expires_at - self.earlier

    def leaves(self, job: Job, tried: set[str]) -> bool:
        """Whether the job is the next printer's, as far as this one is concerned."""
        return self.resting or self.gives_up(job) or self.printer.name in tried


class Spooler:
    """Prints what the journal holds, one worker thread a printer.

    `printers` are in order of preference: a later one takes a job only when those before it cannot begin it.
    `on_change` is called on a worker's thread with every job that changed. `retry_seconds`: how often a printer
    in trouble is tried again while something waits. A job expires when it is worth printing on none of them.
    """

    def __init__(
        self,
        journal: Journal,
        printers: Sequence[Printer],
        *,
        on_change: Callable[[Job], None] | None = None,
        retry_seconds: float = 5.0,
    ) -> None:
        self._journal = journal
        self._lifetime = max((printer.lifetime for printer in printers), default=timedelta(0))
        self._stations = [
            _Station(printer, rank, self._lifetime - printer.lifetime)
            for rank, printer in enumerate(printers)
        ]
        self._on_change = on_change
        self._retry_seconds = retry_seconds
        self._changed = threading.Condition()
        self._stopping = False
        self._in_hand: set[UUID] = set()
        self._tried: dict[UUID, set[str]] = {}
        self._unwritten: dict[UUID, tuple[str, str | None]] = {}
        self._threads = [
            # daemons: a crash elsewhere must end the process, and the journal knows what was in hand
            threading.Thread(
                target=self._work, args=(station,), name=f"printer-{station.printer.name}", daemon=True
            )
            for station in self._stations
        ]

    # -- life

    def start(self) -> int:
        """Settle what an earlier process left, then begin. How many jobs have become uncertain."""
        interrupted = self._journal.recover()
        for station in self._stations:
            station.mishap = self._journal.left_open(station.printer.name)
        for thread in self._threads:
            thread.start()
        return interrupted

    def stop(self) -> None:
        """Finish the paper in hand, begin no other; returns when the workers are gone."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    # -- for the desks

    def submit(self, document: str, slip: Slip) -> Job:
        """Ask for a paper. Asking again for the same document gives the job there is, never a second paper."""
        job = self._journal.add(document, slip.kind, slip_json.encode(slip), self._expiry())
        self.wake()
        return job

    def wake(self) -> None:
        """A job was written to the journal, or somebody has mended a printer: look at once."""
        with self._changed:
            self._tried.clear()
            for station in self._stations:
                station.rest_until = 0.0
            self._changed.notify_all()

    def wait(self, job_id: UUID, timeout: float) -> Job:
        """The job, once it is decided or known why it waits; after `timeout` seconds as it stands."""

        def told() -> bool:
            job = self._journal.get(job_id)
            return job.state not in (QUEUED, SENDING) or (job.state == QUEUED and job.reason is not None)

        with self._changed:
            self._changed.wait_for(told, timeout)
        return self._journal.get(job_id)

    # -- for staff

    def confirm_printed(self, job_id: UUID) -> Job:
        """已出纸: the paper of an uncertain job is there."""
        return self._journal.confirm(job_id)

    def reprint(self, job_id: UUID) -> Job:
        """补打: another, marked paper of a document that is printed or uncertain."""
        job = self._journal.copy(job_id, self._expiry())
        self.wake()
        return job

    def retry(self, job_id: UUID) -> Job:
        """A job that failed or expired before anything of it was sent, once more."""
        job = self._journal.retry(job_id, self._expiry())
        self.wake()
        return job

    def counts(self) -> dict[str, int]:
        return self._journal.counts()

    def printers(self) -> list[PrinterState]:
        with self._changed:
            return [
                PrinterState(station.printer.name, station.trouble, station.near_end)
                for station in self._stations
            ]

    # -- the workers

    def _expiry(self) -> datetime:
        return datetime.now(UTC) + self._lifetime

    def _work(self, station: _Station) -> None:
        while (job := self._next(station)) is not None:
            try:
                self._attempt(station, job)
            except Exception:
                # The store is full or locked, or a bug of ours: the printer's thread must outlive both. A job
                # that was begun stays `sending`, which is the truth.
                log.exception("print job %s on %s", job.id, station.printer.name)
                self._rest(station, Reason.STORE)
            finally:
                with self._changed:
                    self._in_hand.discard(job.id)
                    self._changed.notify_all()

    def _next(self, station: _Station) -> Job | None:
        """Wait for a job this printer may begin; None when it is time to stop."""
        while True:
            news: list[Job] = []
            with self._changed:
                if self._stopping:
                    return None
                job = None
                try:
                    self._write_unwritten(news)
                    news += self._journal.expire(datetime.now(UTC))
                    queue = self._journal.queued()
                    job = self._choose(station, queue)
                except Exception:
                    log.exception("print journal")
                if job is not None:
                    self._in_hand.add(job.id)
                elif not news:
                    # not for ever: another process on the same journal cannot wake this one
                    self._changed.wait(self._retry_seconds)
            for one in news:
                self._tell(one)
            if job is not None:
                return job

    def _choose(self, station: _Station, queue: Sequence[Job]) -> Job | None:
        """The oldest job that is this printer's turn."""
        name = station.printer.name
        self._tried = {job.id: self._tried.get(job.id, set()) for job in queue}
        if not station.resting:
            for tried in self._tried.values():
                tried.discard(name)
        better = self._stations[: station.rank]
        for job in queue:
            tried = self._tried[job.id]
            free = job.id not in self._in_hand and job.id not in self._unwritten
            mine = free and name not in tried and not station.gives_up(job)
            if mine and all(other.leaves(job, tried) for other in better):
                return job
        return None

    def _attempt(self, station: _Station, job: Job) -> None:
        printer = station.printer
        try:
            data = escpos.encode(paper_of(job), printer.profile)
        except ValueError:
            self._tell(self._journal.refuse(job.id, Reason.SLIP))
            return
        begun = False

        def begin() -> bool:
            nonlocal begun
            begun = self._journal.claim(job.id, printer.name)
            return begun

        outcome = deliver(
            printer.address,
            printer.profile,
            data,
            before_first_byte=begin,
            after_mishap=station.mishap,
            deadlines=printer.deadlines,
        )
        self._note(station, outcome)
        if outcome.result is Result.FAILED:
            if outcome.reason != Reason.WITHDRAWN:
                self._pass_on(station, job, outcome.reason or Reason.OFFLINE, begun=begun)
            return
        station.mishap = outcome.result is Result.UNCERTAIN
        self._settle(job.id, outcome.result.value, outcome.reason)

    def _note(self, station: _Station, outcome: Outcome) -> None:
        with self._changed:
            if not outcome.status.mute:
                station.near_end = outcome.status.paper is PaperLevel.NEAR_END
            station.trouble = outcome.reason if outcome.reason != Reason.WITHDRAWN else None

    def _pass_on(self, station: _Station, job: Job, reason: Reason, *, begun: bool) -> None:
        """Nothing of it was sent: let the next printer try, and say why if there is none left."""
        if begun:
            self._settle(job.id, QUEUED, None)
        with self._changed:
            tried = self._tried.setdefault(job.id, set())
            tried.add(station.printer.name)
            nobody = all(other.leaves(job, tried) for other in self._stations)
        self._rest(station, reason)
        if nobody:
            self._tell(self._journal.hold(job.id, reason))

    def _rest(self, station: _Station, trouble: Reason) -> None:
        with self._changed:
            station.trouble = trouble
            station.rest_until = time.monotonic() + self._retry_seconds

    def _settle(self, job_id: UUID, state: str, reason: str | None) -> None:
        """Write what became of it; if the store cannot take it now, the workers try again."""
        try:
            self._tell(self._journal.settle(job_id, state, reason))
        except Exception:
            log.exception("print job %s is %s", job_id, state)
            with self._changed:
                self._unwritten[job_id] = (state, reason)

    def _write_unwritten(self, news: list[Job]) -> None:
        for job_id, (state, reason) in list(self._unwritten.items()):
            news.append(self._journal.settle(job_id, state, reason))
            del self._unwritten[job_id]

    def _tell(self, job: Job) -> None:
        with self._changed:
            self._changed.notify_all()
        if self._on_change:
            self._on_change(job)


def paper_of(job: Job) -> Slip:
    """The slip of a job, with its mark if it is not the first copy. ValueError if it cannot be read."""
    slip = slip_json.decode(job.slip)
    return reprint(slip, job.copy - 1) if job.copy > 1 else slip
