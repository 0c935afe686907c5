"""The rows behind printing's spooler, which knows only a Protocol (`printing.spooler.Journal`)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.errors import JobNotReady
from db.models.base import now
from db.models.print_job import PrintJob, PrintJobState
from db.store import Store

QUEUED, SENDING, PRINTED = PrintJobState.QUEUED, PrintJobState.SENDING, PrintJobState.PRINTED
UNCERTAIN, FAILED, EXPIRED = PrintJobState.UNCERTAIN, PrintJobState.FAILED, PrintJobState.EXPIRED

INTERRUPTED = "interrupted"
CONFIRMED = "confirmed"
COPIED = "copied"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A print job as plain data."""

    id: UUID
    document: str
    copy: int
    kind: str
    slip: bytes
    state: PrintJobState
    printer: str | None
    reason: str | None
    attempts: int
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None


def enqueue(session: Session, document: str, kind: str, slip: bytes, expires_at: datetime) -> PrintJob:
    """A desk's way to ask for a paper in its own transaction; wake the spooler after the commit.

    `slip` is `printing.slip_json.encode(slip)`. A document that was asked for before keeps the job it has.
    """
    found = session.scalars(
        select(PrintJob).where(PrintJob.document == document, PrintJob.copy == 1)
    ).one_or_none()
    if found is not None:
        return found
    job = PrintJob(document=document, copy=1, kind=kind, slip=slip, expires_at=expires_at)
    session.add(job)
    session.flush()
    return job


def confirm(session: Session, job_id: UUID) -> JournalEntry:
    """`PrintJournal.confirm` in the caller's transaction, so that whoever did it is written down with it."""
    job = _undecided(session, job_id)
    job.state, job.reason, job.finished_at = PRINTED, CONFIRMED, now()
    session.flush()
    return _entry(job)


def copy(session: Session, job_id: UUID, expires_at: datetime) -> JournalEntry:
    """`PrintJournal.copy` in the caller's transaction; wake the spooler after the commit."""
    job = _job(session, job_id, PRINTED, UNCERTAIN)
    if job.state is UNCERTAIN:
        _undecided(session, job_id).finished_at = now()
        job.reason = COPIED
    last = session.scalars(
        select(PrintJob).where(PrintJob.document == job.document).order_by(PrintJob.copy.desc())
    ).first()
    if last is None or last.state in (QUEUED, SENDING):
        raise JobNotReady(state=str(last and last.state))
    another = PrintJob(
        document=job.document,
        copy=last.copy + 1,
        kind=job.kind,
        slip=job.slip,
        expires_at=expires_at,
    )
    session.add(another)
    session.flush()
    return _entry(another)


def retry(session: Session, job_id: UUID, expires_at: datetime) -> JournalEntry:
    """`PrintJournal.retry` in the caller's transaction; wake the spooler after the commit."""
    job = _job(session, job_id, FAILED, EXPIRED)
    job.state, job.reason, job.finished_at, job.expires_at = QUEUED, None, None, expires_at
    session.flush()
    return _entry(job)


class PrintJournal:
    """`JobNotReady` when a job is unknown or not in the state a method starts from."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, document: str, kind: str, slip: bytes, expires_at: datetime) -> JournalEntry:
        with self._store.write() as session:
            return _entry(enqueue(session, document, kind, slip, expires_at))

    def get(self, job_id: UUID) -> JournalEntry:
        with self._store.read() as session:
            return _entry(_job(session, job_id))

    def queued(self) -> list[JournalEntry]:
        with self._store.read() as session:
            return _entries(session, QUEUED)

    def undecided(self) -> list[JournalEntry]:
        """Uncertain papers that staff have neither confirmed nor copied, oldest first."""
        with self._store.read() as session:
            return [entry for entry in _entries(session, UNCERTAIN) if entry.finished_at is None]

    def claim(self, job_id: UUID, printer: str) -> bool:
        with self._store.write() as session:
            job = _job(session, job_id)
            if job.state is not QUEUED:
                return False
            job.state, job.printer, job.reason = SENDING, printer, None
            job.attempts += 1
            return True

    def settle(self, job_id: UUID, state: str, reason: str | None) -> JournalEntry:
        with self._store.write() as session:
            job = _job(session, job_id, SENDING)
            job.state, job.reason = PrintJobState(state), reason
            if job.state in (PRINTED, FAILED):
                job.finished_at = now()
            if job.state is QUEUED:
                job.printer = None
            session.flush()
            return _entry(job)

    def hold(self, job_id: UUID, reason: str) -> JournalEntry:
        with self._store.write() as session:
            job = _job(session, job_id)
            if job.state is QUEUED:
                job.reason = reason
            session.flush()
            return _entry(job)

    def refuse(self, job_id: UUID, reason: str) -> JournalEntry:
        with self._store.write() as session:
            job = _job(session, job_id, QUEUED)
            job.state, job.reason, job.finished_at = FAILED, reason, now()
            session.flush()
            return _entry(job)

    def expire(self, at: datetime) -> list[JournalEntry]:
        late = select(PrintJob).where(PrintJob.state == QUEUED, PrintJob.expires_at <= at)
        with self._store.read() as session:
            if session.scalars(late.limit(1)).first() is None:
                return []
        with self._store.write() as session:
            jobs = session.scalars(late).all()
            for job in jobs:
                job.state, job.finished_at = EXPIRED, now()
            session.flush()
            return [_entry(job) for job in jobs]

    def recover(self) -> int:
        with self._store.write() as session:
            jobs = session.scalars(select(PrintJob).where(PrintJob.state == SENDING)).all()
            for job in jobs:
                job.state, job.reason = UNCERTAIN, INTERRUPTED
            return len(jobs)

    def confirm(self, job_id: UUID) -> JournalEntry:
        with self._store.write() as session:
            return confirm(session, job_id)

    def copy(self, job_id: UUID, expires_at: datetime) -> JournalEntry:
        with self._store.write() as session:
            return copy(session, job_id, expires_at)

    def retry(self, job_id: UUID, expires_at: datetime) -> JournalEntry:
        with self._store.write() as session:
            return retry(session, job_id, expires_at)

    def left_open(self, printer: str) -> bool:
        with self._store.read() as session:
            last = session.scalars(
                select(PrintJob)
                .where(PrintJob.printer == printer, PrintJob.state.in_((SENDING, PRINTED, UNCERTAIN)))
                .order_by(PrintJob.updated_at.desc(), PrintJob.id.desc())
            ).first()
            return last is not None and (last.state is not PRINTED or last.reason == CONFIRMED)

    def counts(self) -> dict[str, int]:
        open_jobs = (
            select(PrintJob.state, func.count())
            .where(
                PrintJob.state.in_((QUEUED, SENDING))
                | ((PrintJob.state == UNCERTAIN) & PrintJob.finished_at.is_(None))
            )
            .group_by(PrintJob.state)
        )
        with self._store.read() as session:
            found = {state.value: count for state, count in session.execute(open_jobs)}
        return {state.value: found.get(state.value, 0) for state in (QUEUED, SENDING, UNCERTAIN)}


def _job(session: Session, job_id: UUID, *states: PrintJobState) -> PrintJob:
    job = session.get(PrintJob, job_id)
    if job is None or (states and job.state not in states):
        raise JobNotReady(job=str(job_id), state=str(job and job.state))
    return job


def _undecided(session: Session, job_id: UUID) -> PrintJob:
    job = _job(session, job_id, UNCERTAIN)
    if job.finished_at is not None:
        raise JobNotReady(job=str(job_id), state="decided")
    return job


def _entries(session: Session, state: PrintJobState) -> list[JournalEntry]:
    """What expires first comes first: a hundred tags for the store room hold up nobody's receipt."""
    order = (PrintJob.expires_at, PrintJob.created_at, PrintJob.id)
    query = select(PrintJob).where(PrintJob.state == state).order_by(*order)
    return [_entry(job) for job in session.scalars(query)]


def _entry(job: PrintJob) -> JournalEntry:
    return JournalEntry(**{field.name: getattr(job, field.name) for field in fields(JournalEntry)})
