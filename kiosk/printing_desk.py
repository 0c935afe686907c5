"""What became of a slip, as screens ask for it, and what staff decide about papers (design §4).

The spooler does the printing; nothing waits for it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db import print_journal
from db.errors import JobNotReady
from db.models import PrintJob
from db.models import PrintJobState as PrintJobState  # the screens' name for it
from db.print_journal import JournalEntry
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import NotFound
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.staff.accounts import Authority, Role, named
from printing import bitmap, slip_json
from printing.profile import profile
from printing.slip import Cell, Code, Cut, Feed, Line, Pair, Part, Picture, Row, Rule
from printing.slips.copies import reprint

SHOWN_FOR = timedelta(hours=24)  # a paper nobody asked about for a day is not wanted any more
SECRET = ("staff_badge",)  # whoever holds it signs in with it
GIVEN_UP = (PrintJobState.FAILED, PrintJobState.EXPIRED)
_NUMBER = re.compile(r"(?<!\d)\d{2}-\d{6}(?!\d)")


@dataclass(frozen=True)
class PrintState:
    state: PrintJobState
    reason: str | None  # paper_out, cover_open, offline …

    @property
    def settled(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state not in {PrintJobState.QUEUED, PrintJobState.SENDING}


@dataclass(frozen=True)
class PaperCard:
    """A paper somebody should look after. `copy` 1 is the first; copy n+1 says 【补打 第n次】."""

    id: UUID
    kind: str  # match_slip, rental_receipt …
    number: str  # as printed on it; empty where it has none
    copy: int
    state: PrintJobState
    reason: str | None
    printer: str | None
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class PrintCounts:
    """Papers that wait, papers to decide about (of the last day, but every uncertain one), papers printed today."""

    queued: int
    sending: int
    uncertain: int
    failed: int
    expired: int
    printed_today: int

    @property
    def undecided(self) -> int:
        return self.uncertain + self.failed + self.expired


class PrinterState(Protocol):
    """As the spooler tells it: the last known `trouble` (a reason code) and whether the roll is nearly empty."""

    @property
    def name(self) -> str: ...
    @property
    def trouble(self) -> str | None: ...
    @property
    def near_end(self) -> bool: ...


class PrintDesk:
    """`wake` tells the spooler that a slip was queued; call it after the transaction that queued it."""

    def __init__(
        self,
        store: Store,
        wake: Callable[[], object] = lambda: None,
        printers: Callable[[], Sequence[PrinterState]] = lambda: (),
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`wake` and `printers` are the spooler's; without one papers wait and there are no printers."""
        self._store = store
        self._settings = settings or Settings()
        self._clock = clock or Clock(ZoneInfo(self._settings.timezone))
        self.wake = wake
        self.printers = printers

    def state(self, print_job: UUID) -> PrintState:
        with self._store.read() as session:
            job = session.get(PrintJob, print_job)
            if job is None:
                raise NotFound(what="print_job")
            return PrintState(job.state, job.reason)

    def keep(self, slip_number: str, picture: bytes) -> Path:
        """A machine without a printer leaves the slip as PNG in `slips/` beside the store, for a day (mode 0600)."""
        folder = self._store.path.with_name("slips")
        folder.mkdir(mode=0o700, exist_ok=True)
        oldest = self._clock.now().timestamp() - SHOWN_FOR.total_seconds()
        for old in folder.glob("*.png"):
            if old.stat().st_mtime < oldest:
                old.unlink(missing_ok=True)
        path = folder / f"{slip_number}.png"
        path.touch(mode=0o600)
        path.write_bytes(picture)
        return path

    # -- for staff

    def undecided(self) -> tuple[PaperCard, ...]:
        """Uncertain papers, those given up within a day, and those that wait for a printer in trouble."""
        mine = or_(
            (PrintJob.state == PrintJobState.UNCERTAIN) & PrintJob.finished_at.is_(None),
            PrintJob.state.in_(GIVEN_UP) & (PrintJob.created_at > self._clock.now() - SHOWN_FOR),
            (PrintJob.state == PrintJobState.QUEUED) & PrintJob.reason.is_not(None),
        )
        with self._store.read() as session:
            jobs = session.scalars(
                select(PrintJob).where(mine).order_by(PrintJob.created_at.desc(), PrintJob.id)
            )
            cards = [_card(job) for job in jobs]
        first = {PrintJobState.UNCERTAIN: 0, PrintJobState.QUEUED: 2}
        return tuple(sorted(cards, key=lambda card: first.get(card.state, 1)))

    def picture(self, print_job: UUID) -> bytes:
        """The paper as a PNG, with its mark if it is not the first; a secret one without its code. Raises NotFound."""
        with self._store.read() as session:
            job = session.get(PrintJob, print_job)
            if job is None:
                raise NotFound(what="print_job")
            saved, copy = job.slip, job.copy
        slip = slip_json.decode(saved)
        if slip.kind in SECRET:
            slip = replace(slip, parts=tuple(part for part in slip.parts if not isinstance(part, Code)))
        printers = self._settings.printers
        model = profile(printers[0].profile if printers else "generic-80")
        return bitmap.preview(reprint(slip, copy - 1) if copy > 1 else slip, model)

    def confirm(self, by: Authority, print_job: UUID) -> PaperCard:
        """已出纸: somebody has seen the paper of an uncertain job. Raises NotAllowed, JobNotReady."""
        with self._store.write() as session:
            self._named(session, by)
            return self._done(session, by, "print_confirmed", print_journal.confirm(session, print_job))

    def reprint(self, by: Authority, print_job: UUID) -> PaperCard:
        """补打: another paper for an uncertain one, which says that it is one. Raises NotAllowed, JobNotReady."""
        with self._store.write() as session:
            self._named(session, by, print_job)
            job = session.get(PrintJob, print_job)
            if job is not None and job.state is PrintJobState.PRINTED:  # somebody has just found the paper
                raise JobNotReady(state=job.state.value)
            made = print_journal.copy(session, print_job, self._expiry())
            card = self._done(session, by, "print_copied", made)
        self.wake()
        return card

    def retry(self, by: Authority, print_job: UUID) -> PaperCard:
        """重打: nothing of it was printed, so it is the same paper once more. Raises NotAllowed, JobNotReady."""
        with self._store.write() as session:
            self._named(session, by, print_job)
            again = print_journal.retry(session, print_job, self._expiry())
            card = self._done(session, by, "print_retried", again)
        self.wake()
        return card

    def counts(self) -> PrintCounts:
        now = self._clock.now()
        midnight = datetime.combine(self._clock.today(), time(), self._clock.zone).astimezone(UTC)
        states = PrintJobState
        wanted = or_(
            PrintJob.state.in_((states.QUEUED, states.SENDING)),
            (PrintJob.state == states.UNCERTAIN) & PrintJob.finished_at.is_(None),
            PrintJob.state.in_(GIVEN_UP) & (PrintJob.created_at > now - SHOWN_FOR),
            (PrintJob.state == states.PRINTED) & (PrintJob.finished_at >= midnight),
        )
        with self._store.read() as session:
            rows = session.execute(
                select(PrintJob.state, func.count()).where(wanted).group_by(PrintJob.state)
            )
            found = {state: count for state, count in rows}  # noqa: C416 - rows are no pairs to mypy
        return PrintCounts(
            queued=found.get(states.QUEUED, 0),
            sending=found.get(states.SENDING, 0),
            uncertain=found.get(states.UNCERTAIN, 0),
            failed=found.get(states.FAILED, 0),
            expired=found.get(states.EXPIRED, 0),
            printed_today=found.get(states.PRINTED, 0),
        )

    def _named(self, session: Session, by: Authority, again: UUID | None = None) -> None:
        """Anybody who works here may look after papers; a secret one is printed `again` for a supervisor only.

        Raises NotAllowed.
        """
        job = session.get(PrintJob, again) if again else None
        roles = (Role.SUPERVISOR,) if job is not None and job.kind in SECRET else ()
        named(session, by, self._settings, self._clock.now(), roles)

    def _done(self, session: Session, by: Authority, act: str, entry: JournalEntry) -> PaperCard:
        now, actor = self._clock.now(), str(by.staff_id)
        audit.record(session, now, actor, act, entry.document, paper=str(entry.id), copy=entry.copy)
        return _card(entry)

    def _expiry(self) -> datetime:
        return self._clock.now() + self._settings.paper_lives


def _card(job: PrintJob | JournalEntry) -> PaperCard:
    return PaperCard(
        id=job.id,
        kind=job.kind,
        number=_number(job.slip),
        copy=job.copy,
        state=job.state,
        reason=job.reason,
        printer=job.printer,
        asked_at=job.created_at,
        expires_at=job.expires_at,
    )


def _number(saved: bytes) -> str:
    """The first number of the hall's papers that stands on it."""
    try:
        slip = slip_json.decode(saved)
    except ValueError:
        return ""
    texts = (text for part in slip.parts for text in _texts(part))
    found = next((match for text in texts if (match := _NUMBER.search(text))), None)
    return found.group() if found else ""


def _texts(part: Part | Cell) -> Iterator[str]:
    match part:
        case Line() | Cell():
            yield part.text
        case Pair():
            yield from (part.left, part.right)
        case Row():
            for cell in part.cells:
                yield from _texts(cell)
        case Rule() | Code() | Picture() | Feed() | Cut():
            return
