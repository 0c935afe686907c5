"""The journal's rows: which step is allowed from which state, and that it stays after the store is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from db.errors import JobNotReady
from db.models import PrintJob, PrintJobState
from db.print_journal import PrintJournal, enqueue
from db.store import Store

SOON = datetime.now(UTC) + timedelta(hours=1)
PAST = datetime.now(UTC) - timedelta(hours=1)
STEPS: dict[str, Callable[[PrintJournal, PrintJob], object]] = {
    "claim": lambda journal, job: journal.claim(job.id, "desk") or _refuse(),
    "settle": lambda journal, job: journal.settle(job.id, "printed", None),
    "refuse": lambda journal, job: journal.refuse(job.id, "slip"),
    "confirm": lambda journal, job: journal.confirm(job.id),
    "copy": lambda journal, job: journal.copy(job.id, SOON),
    "retry": lambda journal, job: journal.retry(job.id, SOON),
}
ALLOWED = {
    PrintJobState.QUEUED: {"claim", "refuse"},
    PrintJobState.SENDING: {"settle"},
    PrintJobState.PRINTED: {"copy"},
    PrintJobState.UNCERTAIN: {"confirm", "copy"},
    PrintJobState.FAILED: {"retry"},
    PrintJobState.EXPIRED: {"retry"},
}


def _refuse() -> object:
    raise JobNotReady


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all: every test takes documents and printers of its own."""
    opened = Store.open(tmp_path_factory.mktemp("journal"))
    yield opened
    opened.close()


def job_in(store: Store, state: PrintJobState) -> PrintJob:
    with store.write() as session:
        job = enqueue(session, f"referral:{uuid4()}", "match_slip", b"[]", SOON)
        job.state = state
    return job


@pytest.mark.parametrize("state", list(PrintJobState))
@pytest.mark.parametrize("step", sorted(STEPS))
def test_every_step_from_every_state(store: Store, state: PrintJobState, step: str) -> None:
    journal, job = PrintJournal(store), job_in(store, state)
    if step in ALLOWED[state]:
        STEPS[step](journal, job)
        return
    with pytest.raises(JobNotReady):
        STEPS[step](journal, job)
    assert journal.get(job.id).state is state


def test_only_what_was_being_sent_becomes_uncertain_after_a_restart(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    jobs = {state: job_in(store, state).id for state in PrintJobState}
    store.close()
    store = Store.open(tmp_path)
    journal = PrintJournal(store)
    assert journal.recover() == 1
    for state, job in jobs.items():
        sending = state is PrintJobState.SENDING
        assert journal.get(job).state is (PrintJobState.UNCERTAIN if sending else state)
    store.close()


def test_only_what_waits_expires(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    journal, jobs = PrintJournal(store), {state: job_in(store, state).id for state in PrintJobState}
    assert journal.expire(PAST) == []
    late = journal.expire(SOON + timedelta(seconds=1))
    assert [one.id for one in late] == [jobs[PrintJobState.QUEUED]]
    store.close()


def test_copies_count_up_and_settle_the_question(store: Store) -> None:
    journal, job = PrintJournal(store), job_in(store, PrintJobState.UNCERTAIN)
    assert job.id in [one.id for one in journal.undecided()]
    second = journal.copy(job.id, SOON)
    assert (second.document, second.copy, second.state) == (job.document, 2, "queued")
    assert job.id not in [one.id for one in journal.undecided()]
    assert journal.claim(second.id, "desk")
    journal.settle(second.id, "uncertain", "paper_out")
    assert journal.copy(second.id, SOON).copy == 3
    with pytest.raises(JobNotReady):
        journal.copy(second.id, SOON)
    with pytest.raises(JobNotReady):
        journal.confirm(second.id)


@pytest.mark.parametrize(
    ("end", "open_"), [("printed", False), ("uncertain", True), (None, True), ("queued", False)]
)
def test_whether_a_printer_may_still_hold_something(store: Store, end: str | None, open_: bool) -> None:
    journal, job = PrintJournal(store), job_in(store, PrintJobState.QUEUED)
    desk, office = f"desk-{job.id}", f"office-{job.id}"
    assert not journal.left_open(desk)
    journal.claim(job.id, desk)
    if end:
        journal.settle(job.id, end, None)
    assert journal.left_open(desk) is open_
    assert not journal.left_open(office)


def test_a_paper_staff_have_seen_says_nothing_about_the_buffer(store: Store) -> None:
    journal, job = PrintJournal(store), job_in(store, PrintJobState.QUEUED)
    journal.claim(job.id, "hall-2")
    journal.settle(job.id, "uncertain", "paper_out")
    journal.confirm(job.id)
    assert journal.left_open("hall-2")


def test_a_job_appears_with_the_desks_own_transaction_or_not_at_all(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as session:  # noqa: PT012
        enqueue(session, "referral:never", "match_slip", b"[]", SOON)
        raise RuntimeError
    assert "referral:never" not in [job.document for job in PrintJournal(store).queued()]


def test_why_it_waits_is_kept_until_it_goes_on(store: Store) -> None:
    journal, job = PrintJournal(store), job_in(store, PrintJobState.QUEUED)
    assert journal.hold(job.id, "paper_out").reason == "paper_out"
    journal.claim(job.id, "desk")
    found = journal.get(job.id)
    assert (found.reason, found.attempts, found.printer) == (None, 1, "desk")


def test_what_expires_first_comes_first(tmp_path: Path) -> None:
    """A box of tags for the store room holds up nobody's receipt."""
    store = Store.open(tmp_path)
    with store.write() as session:
        enqueue(session, "tool:1", "tool_tag", b"[]", SOON + timedelta(hours=23))
        enqueue(session, "rental:1", "rental_receipt", b"[]", SOON)
        enqueue(session, "tool:2", "tool_tag", b"[]", SOON + timedelta(hours=23))
    waiting = [entry.document for entry in PrintJournal(store).queued()]
    store.close()
    assert waiting == ["rental:1", "tool:1", "tool:2"]
