"""`kill -9` of the process that prints, at any moment: no paper is lost without a word, none comes twice unmarked."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from db.print_journal import PrintJournal
from db.store import Store
from printing import bitmap
from printing.delivery import Deadlines
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.profile import profile
from printing.slip import Cut, Line, Slip
from printing.slips.copies import reprint
from printing.spooler import Printer, Spooler

P80 = profile("epson-tm-t82")
SLIP = Slip("match_slip", (Line("零工对接单", size=2), Line("样本县第一号"), Cut()))
WHOLE = bitmap.render(SLIP, P80)[0]
MARKED = bitmap.render(reprint(SLIP, 1), P80)[0]
TIMES = Deadlines(connect=5, answer=5, write=5, report=10, look=0.05, drain=5, close=0.5)

# Prints one slip and says what it knows at each step; killed from outside wherever the test wants.
CHILD = """
import json, sys
from pathlib import Path
from db.print_journal import PrintJournal
from db.store import Store
from printing.spooler import Printer, Spooler
from tests.faults.test_printing_kill import P80, TIMES, SLIP

class Telling(PrintJournal):
    def add(self, *arguments):
        job = super().add(*arguments)
        say(step="added", job=str(job.id))
        return job
    def claim(self, *arguments):
        done = super().claim(*arguments)
        say(step="claimed")
        if stop_at == "claimed":
            sys.stdin.read()
        return done
    def settle(self, *arguments):
        if stop_at == "unsettled":
            say(step="unsettled")
            sys.stdin.read()
        done = super().settle(*arguments)
        say(step="settled")
        return done

def say(**words):
    print(json.dumps(words), flush=True)

folder, address, stop_at = sys.argv[1:]
store = Store.open(Path(folder))
spooler = Spooler(Telling(store), [Printer("desk", address, P80, TIMES)])
if stop_at != "added":
    spooler.start()
spooler.submit("referral:1", SLIP)
sys.stdin.read()
"""


@pytest.fixture
def printer() -> Iterator[PrinterEmulator]:
    with PrinterEmulator(P80) as running:
        yield running


def die(folder: Path, printer: PrinterEmulator, stop_at: str, after: str) -> None:
    """Run the child until it has said `after`, then kill -9."""
    command = [sys.executable, "-c", CHILD, str(folder), printer.address, stop_at]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        for line in child.stdout:
            if json.loads(line)["step"] == after:
                break
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL
    printer.repair()
    printer.wait_for_idle(5)


@pytest.mark.parametrize(
    ("stop_at", "after", "fault", "state", "papers"),
    [
        ("added", "added", None, "queued", {0}),
        ("claimed", "claimed", None, "uncertain", {0}),
        ("", "claimed", Fault(FaultKind.HANG, at=40), "uncertain", {0, 1}),
        ("unsettled", "unsettled", None, "uncertain", {1}),
        ("", "settled", None, "printed", {1}),
    ],
    ids=["before it began", "before the first byte", "in the middle", "after the last dot", "after the note"],
)
def test_killed(
    tmp_path: Path,
    printer: PrinterEmulator,
    stop_at: str,
    after: str,
    fault: Fault | None,
    state: str,
    papers: set[int],
) -> None:
    if fault:
        printer.inject(fault)
    die(tmp_path, printer, stop_at, after)
    came_out = len(printer.papers)
    assert came_out in papers

    store = Store.open(tmp_path)
    journal = PrintJournal(store)
    spooler = Spooler(journal, [Printer("desk", printer.address, P80, TIMES)])
    try:
        job = journal.add("referral:1", "match_slip", b"", datetime.now(UTC) + timedelta(hours=1))
        spooler.start()
        found = spooler.wait(job.id, 20)
        if state == "queued":
            assert found.state == "printed"
            assert np.array_equal(printer.papers[-1], WHOLE)
            return
        assert found.state == state
        assert len(printer.papers) == came_out  # nothing came out by itself
        if state == "uncertain":
            copy = spooler.wait(spooler.reprint(job.id).id, 20)
            assert copy.state == "printed"
            assert np.array_equal(printer.papers[-1], MARKED)
        assert sum(np.array_equal(paper, WHOLE) for paper in printer.papers) <= 1
    finally:
        spooler.stop()
        store.close()
