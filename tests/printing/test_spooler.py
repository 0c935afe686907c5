"""The journal's state machine, on a real store and an emulated printer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from db.errors import JobNotReady, StoreFull
from db.models import PrintJobState
from db.print_journal import JournalEntry, PrintJournal
from db.store import Store
from printing import bitmap, slip_json
from printing.delivery import Deadlines
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_paper import Dots
from printing.errors import Reason
from printing.profile import profile
from printing.slip import Cut, Line, Slip
from printing.slips.copies import reprint
from printing.spooler import Job, Printer, PrinterState, Spooler
from tests.new_store import new_store

P80 = profile("epson-tm-t82")
TIMES = Deadlines(connect=5, answer=5, write=5, report=10, look=0.05, drain=5, close=0.5)
SOON = 0.05
NEVER = 3600.0


def slip(text: str) -> Slip:
    return Slip("test", (Line("零工对接单"), Line(text), Line("样本"), Cut()))


def picture(paper: Slip) -> Dots:
    return bitmap.render(paper, P80)[0]


class Hall:
    """A store, two printers and a spooler, which a test starts when it has prepared them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.store = new_store(folder)
        stack.callback(self.store.close)
        self.journal = PrintJournal(self.store)
        self.first = stack.enter_context(PrinterEmulator(P80))
        self.second = stack.enter_context(PrinterEmulator(P80))
        self._stack = stack
        self._news = threading.Condition()
        self._seen: list[tuple[UUID, str, str | None]] = []

    def start(
        self,
        *,
        printers: int = 1,
        retry: float = NEVER,
        journal: PrintJournal | None = None,
        minutes: tuple[float, ...] = (10, 10),
    ) -> Spooler:
        devices = [("desk", self.first), ("office", self.second)][:printers]
        spooler = Spooler(
            journal or self.journal,
            [
                Printer(name, device.address, P80, TIMES, timedelta(minutes=lifetime))
                for (name, device), lifetime in zip(devices, minutes, strict=False)
            ],
            on_change=self._note,
            retry_seconds=retry,
        )
        self._stack.callback(spooler.stop)
        spooler.start()
        return spooler

    def _note(self, job: Job) -> None:
        with self._news:
            self._seen.append((job.id, job.state, job.reason))
            self._news.notify_all()

    def until(self, job: Job, state: str) -> Job:
        """Wait for the news that the job is in this state."""
        with self._news:
            known = self._news.wait_for(
                lambda: any((who, what) == (job.id, state) for who, what, _ in self._seen), 10
            )
        assert known, self._seen
        return self.journal.get(job.id)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with ExitStack() as stack:
        yield Hall(tmp_path, stack)


def test_a_slip_is_printed_once_however_often_it_is_asked_for(hall: Hall) -> None:
    spooler = hall.start()
    job = spooler.submit("referral:1", slip("一"))
    assert spooler.wait(job.id, 20).state == "printed"
    again = spooler.submit("referral:1", slip("一"))
    assert again.id == job.id
    assert spooler.wait(spooler.submit("referral:2", slip("二")).id, 20).state == "printed"
    papers = hall.first.papers
    assert [
        np.array_equal(*pair) for pair in zip(papers, [picture(slip("一")), picture(slip("二"))], strict=True)
    ]
    assert spooler.counts() == {"queued": 0, "sending": 0, "uncertain": 0}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (FaultKind.PAPER_OUT, "paper_out"),
        (FaultKind.COVER_OPEN, "cover_open"),
        (FaultKind.REFUSED, "refused"),
    ],
)
def test_the_visitor_is_told_at_once_and_the_slip_comes_when_the_printer_is_mended(
    hall: Hall, kind: FaultKind, reason: str
) -> None:
    hall.first.inject(Fault(kind))
    spooler = hall.start()
    job = spooler.wait(spooler.submit("referral:1", slip("一")).id, 20)
    assert (job.state, job.reason) == ("queued", reason)
    assert spooler.printers() == [PrinterState("desk", Reason(reason), near_end=False)]
    other = spooler.wait(spooler.submit("referral:2", slip("二")).id, 20)
    assert (other.state, other.reason) == ("queued", reason)
    assert spooler.counts()["queued"] == 2
    hall.first.repair()
    spooler.wake()
    hall.until(job, "printed")
    hall.until(other, "printed")
    assert len(hall.first.papers) == 2
    assert spooler.printers() == [PrinterState("desk", None, near_end=False)]


def test_a_mended_printer_is_found_without_being_told(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.PAPER_OUT))
    spooler = hall.start(retry=SOON)
    job = spooler.wait(spooler.submit("referral:1", slip("一")).id, 20)
    assert job.state == "queued"
    hall.first.repair()
    assert hall.until(job, "printed").reason is None


def test_a_slip_nobody_waits_for_any_more_expires(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.PAPER_OUT))
    spooler = hall.start(retry=SOON, minutes=(0.002,))
    job = hall.until(spooler.submit("referral:1", slip("一")), "expired")
    assert job.state == "expired"
    hall.first.repair()
    assert hall.first.papers == []


@pytest.mark.parametrize(("minutes_left", "printed_by"), [(9, "desk"), (7, "office")])
def test_each_printer_gives_a_slip_up_in_its_own_time(
    hall: Hall, minutes_left: float, printed_by: str
) -> None:
    """The desk's slips are worth printing for two minutes, the office's for ten: after two the desk has given up."""
    expires = datetime.now(UTC) + timedelta(minutes=minutes_left)
    job = hall.journal.add("referral:1", "test", slip_json.encode(slip("一")), expires)
    hall.start(printers=2, minutes=(2, 10))
    assert hall.until(job, "printed").printer == printed_by


def test_it_expires_when_the_last_printer_gives_it_up(hall: Hall) -> None:
    spooler = hall.start(printers=2, minutes=(2, 10))
    job = hall.journal.get(spooler.submit("referral:1", slip("一")).id)
    assert timedelta(minutes=9) < job.expires_at - datetime.now(UTC) <= timedelta(minutes=10)


def test_what_expired_can_be_asked_for_again_unmarked(hall: Hall) -> None:
    late = hall.journal.add("referral:1", "test", b"", datetime.now(UTC) - timedelta(seconds=1))
    assert [job.id for job in hall.journal.expire(datetime.now(UTC))] == [late.id]
    with hall.store.write() as session:
        from db.models import PrintJob
        from printing import slip_json

        row = session.get(PrintJob, late.id)
        assert row
        row.slip = slip_json.encode(slip("一"))
    spooler = hall.start()
    job = spooler.retry(late.id)
    assert job.copy == 1
    hall.until(job, "printed")
    assert np.array_equal(hall.first.papers[0], picture(slip("一")))


def test_the_second_printer_helps_only_before_the_first_byte(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.COVER_OPEN))
    spooler = hall.start(printers=2)
    job = hall.until(spooler.submit("referral:1", slip("一")), "printed")
    assert job.printer == "office"
    assert (len(hall.first.papers), len(hall.second.papers)) == (0, 1)

    hall.first.repair()
    spooler.wake()
    hall.first.inject(Fault(FaultKind.PAPER_OUT, at=40))
    job = hall.until(spooler.submit("referral:2", slip("二")), "uncertain")
    assert (job.printer, job.reason) == ("desk", "paper_out")
    assert len(hall.second.papers) == 1


def test_the_first_printer_is_preferred(hall: Hall) -> None:
    spooler = hall.start(printers=2)
    for number in range(5):
        job = spooler.wait(spooler.submit(f"referral:{number}", slip("一")).id, 20)
        assert job.printer == "desk"
    assert hall.second.connections == 0


def test_no_printer_at_all_is_told(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.REFUSED))
    hall.second.inject(Fault(FaultKind.PAPER_OUT))
    spooler = hall.start(printers=2)
    job = spooler.wait(spooler.submit("referral:1", slip("一")).id, 20)
    assert (job.state, job.reason) == ("queued", "paper_out")


def uncertain(hall: Hall, spooler: Spooler, document: str = "referral:1") -> Job:
    hall.first.inject(Fault(FaultKind.PAPER_OUT, at=40))
    job = hall.until(spooler.submit(document, slip("一")), "uncertain")
    hall.first.repair()
    hall.first.wait_for_idle(5)
    return job


def test_an_uncertain_paper_is_never_sent_again_by_itself(hall: Hall) -> None:
    spooler = hall.start(retry=SOON)
    job = uncertain(hall, spooler)
    spooler.wake()
    spooler.submit("referral:1", slip("一"))
    other = spooler.submit("referral:2", slip("二"))
    hall.until(other, "printed")
    spooler.stop()
    assert hall.journal.get(job.id).state == "uncertain"
    assert hall.first.connections == 2
    hall.start()
    assert hall.journal.get(job.id).state == "uncertain"
    assert hall.journal.counts()["uncertain"] == 1


def test_staff_say_that_the_paper_is_there(hall: Hall) -> None:
    spooler = hall.start()
    job = uncertain(hall, spooler)
    assert spooler.confirm_printed(job.id).state == "printed"
    assert spooler.counts()["uncertain"] == 0
    with pytest.raises(JobNotReady):
        spooler.confirm_printed(job.id)


def test_a_reprint_is_a_new_row_and_says_so_on_the_paper(hall: Hall) -> None:
    spooler = hall.start()
    job = uncertain(hall, spooler)
    copy = spooler.reprint(job.id)
    assert (copy.document, copy.copy) == (job.document, 2)
    hall.until(copy, "printed")
    assert np.array_equal(hall.first.papers[-1], picture(reprint(slip("一"), 1)))
    third = hall.until(spooler.reprint(copy.id), "printed")
    assert third.copy == 3
    assert np.array_equal(hall.first.papers[-1], picture(reprint(slip("一"), 2)))
    assert spooler.counts() == {"queued": 0, "sending": 0, "uncertain": 0}


def test_two_who_ask_for_the_same_reprint_get_one(hall: Hall) -> None:
    spooler = hall.start()
    job = uncertain(hall, spooler)
    spooler.stop()
    spooler.reprint(job.id)
    with pytest.raises(JobNotReady):
        spooler.reprint(job.id)
    assert len(hall.journal.queued()) == 1


def test_a_slip_on_its_way_cannot_be_reprinted(hall: Hall) -> None:
    job = hall.journal.add("referral:1", "test", b"", datetime.now(UTC) + timedelta(minutes=1))
    with pytest.raises(JobNotReady):
        hall.journal.copy(job.id, datetime.now(UTC))
    assert hall.journal.claim(job.id, "desk")
    assert not hall.journal.claim(job.id, "office")
    with pytest.raises(JobNotReady):
        hall.journal.copy(job.id, datetime.now(UTC))
    with pytest.raises(JobNotReady):
        hall.journal.confirm(job.id)


def test_what_a_dead_process_was_sending_is_uncertain(hall: Hall) -> None:
    job = hall.journal.add("referral:1", "test", b"", datetime.now(UTC) + timedelta(minutes=1))
    hall.journal.claim(job.id, "desk")
    hall.start()
    found = hall.journal.get(job.id)
    assert (found.state, found.reason) == (PrintJobState.UNCERTAIN, "interrupted")
    assert hall.first.connections == 0


def test_the_next_process_clears_what_the_dead_one_left_in_the_printer(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.STALE))
    job = hall.journal.add("referral:1", "test", b"", datetime.now(UTC) + timedelta(minutes=1))
    hall.journal.claim(job.id, "desk")
    spooler = hall.start()
    hall.until(spooler.submit("referral:2", slip("二")), "printed")
    assert np.array_equal(hall.first.papers[-1], picture(slip("二")))


def test_a_row_that_is_no_slip_fails_and_holds_nothing_up(hall: Hall) -> None:
    bad = hall.journal.add("referral:1", "test", b"{", datetime.now(UTC) + timedelta(minutes=1))
    spooler = hall.start()
    good = spooler.submit("referral:2", slip("二"))
    hall.until(good, "printed")
    found = hall.journal.get(bad.id)
    assert (found.state, found.reason) == (PrintJobState.FAILED, "slip")


def test_a_roll_nearly_at_its_end_is_shown_to_staff(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.NEAR_END))
    spooler = hall.start()
    hall.until(spooler.submit("referral:1", slip("一")), "printed")
    assert spooler.printers() == [PrinterState("desk", None, near_end=True)]


def test_stopping_finishes_the_paper_in_hand_and_begins_no_other(hall: Hall) -> None:
    begun = threading.Event()

    class Watched(PrintJournal):
        def claim(self, job_id: UUID, printer: str) -> bool:
            claimed = super().claim(job_id, printer)
            begun.set()
            return claimed

    spooler = hall.start(journal=Watched(hall.store))
    hall.first.inject(Fault(FaultKind.LATE, at=13, seconds=0.2))
    first = spooler.submit("referral:1", slip("一"))
    assert begun.wait(20)
    second = spooler.submit("referral:2", slip("二"))
    spooler.stop()
    assert hall.journal.get(first.id).state == "printed"
    assert hall.journal.get(second.id).state == "queued"


class FullDisk(PrintJournal):
    """The real journal on a disk that is full whenever `broken` says so."""

    def __init__(self, store: Store, broken: Callable[[str], bool]) -> None:
        super().__init__(store)
        self._broken = broken

    def claim(self, job_id: UUID, printer: str) -> bool:
        if self._broken("claim"):
            raise StoreFull
        return super().claim(job_id, printer)

    def settle(self, job_id: UUID, state: str, reason: str | None) -> JournalEntry:
        if self._broken("settle"):
            raise StoreFull
        return super().settle(job_id, state, reason)


@pytest.mark.parametrize(("step", "papers"), [("claim", 0), ("settle", 1)])
def test_a_full_disk_loses_nothing_and_prints_nothing_twice(hall: Hall, step: str, papers: int) -> None:
    failures: list[int] = []
    full = threading.Event()
    full.set()
    met = threading.Event()

    def broken(at: str) -> bool:
        if at != step or not full.is_set():
            return False
        failures.append(len(hall.first.papers))
        met.set()
        return True

    spooler = hall.start(journal=FullDisk(hall.store, broken), retry=SOON)
    job = spooler.submit("referral:1", slip("一"))
    assert met.wait(20)
    full.clear()
    spooler.wake()
    hall.until(job, "printed")
    assert len(hall.first.papers) == 1
    assert failures[0] == papers


def test_the_oldest_comes_first(hall: Hall) -> None:
    hall.first.inject(Fault(FaultKind.COVER_OPEN))
    spooler = hall.start()
    jobs = [spooler.submit(f"referral:{number}", slip(f"{number}")) for number in range(5)]
    spooler.wait(jobs[-1].id, 20)
    hall.first.repair()
    spooler.wake()
    for job in jobs:
        hall.until(job, "printed")
    for number, paper in enumerate(hall.first.papers):
        assert np.array_equal(paper, picture(slip(f"{number}")))


def test_a_spooler_that_was_never_started_can_be_stopped(hall: Hall) -> None:
    Spooler(hall.journal, [Printer("desk", hall.first.address, P80)]).stop()
