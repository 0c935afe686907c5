"""The process that `slip_faults` kills: the real store and the real spooler, told what to do through a pipe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

from db.print_journal import PrintJournal
from db.store import Store
from printing.delivery import Deadlines
from printing.profile import profile
from printing.slip import Align, Code, Cut, Line, Pair, Rule, Slip
from printing.spooler import Printer, Spooler

QUICK = Deadlines(connect=0.1, answer=0.06, write=0.2, report=0.25, look=0.03, drain=0.1, close=0.1)


def slip(number: int) -> Slip:
    return Slip(
        "match_slip",
        (
            Line("样本市 零工对接单", Align.CENTER, size=2, bold=True),
            Rule(),
            Pair("编号", f"DJ261120-{number:05d}"),
            Pair("工种", "抹灰工（镕）"),
            Line("日薪 280元", size=2, bold=True),
            Code(f"GH1{number:017d}"),
            Line(f"第{number}号"),
            Cut(),
        ),
    )


def host(folder: str, address: str, model: str, pipe: Connection) -> None:
    """The process that is killed."""
    store = Store.open(Path(folder))
    journal = PrintJournal(store)
    news = threading.Event()
    desk = Printer("desk", address, profile(model), QUICK)
    spooler = Spooler(journal, [desk], retry_seconds=0.05, on_change=lambda job: news.set())
    spooler.start()
    pipe.send("ready")
    do: dict[str, Callable[[Any], Any]] = {
        "print": lambda number: spooler.submit(f"referral:{number}", slip(number)),
        "confirm": lambda job: spooler.confirm_printed(UUID(job)),
        "reprint": lambda job: spooler.reprint(UUID(job)),
        "look": lambda job: journal.get(UUID(job)),
    }
    while (order := pipe.recv()) is not None:
        what, argument = order
        news.clear()
        job = do[what](argument)
        if what in ("print", "reprint"):
            job = spooler.wait(job.id, 10)
        elif what == "look":
            spooler.wake()
            news.wait(0.2)
            job = journal.get(job.id)
        pipe.send((str(job.id), job.copy, str(job.state), job.reason))
    spooler.stop()
    store.close()
