"""Undecided papers are worked off by tapping, over a real spooler and a printer in software (design §4)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from db.models import AuditEntry, PrintJob, PrintJobState
from db.print_journal import PrintJournal
from kiosk.errors import NotAllowed
from kiosk.printing_desk import PrintDesk
from kiosk.settings import Printer as PrinterSetting
from kiosk.settings import Settings
from printing import bitmap, slip_json
from printing.delivery import Deadlines
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.profile import profile
from printing.slip import Slip
from printing.slips.copies import reprint
from printing.slips.ticket import Ticket, ticket
from printing.spooler import Printer, Spooler
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

P80 = profile("epson-tm-t82")
TIMES = Deadlines(connect=5, answer=5, write=5, report=10, look=0.05, drain=5, close=0.5)
SETTINGS = Settings(printers=(PrinterSetting(address="tcp://127.0.0.1:9", profile="epson-tm-t82"),))
CLERK = 1


def paper(number: str, kind: str = "match_slip") -> Slip:
    return ticket(
        Ticket(
            kind=kind,
            hall_name="样本零工市场",
            station="1 号自助机",
            title="零工对接单",
            number=number,
            issued_at_text="11月20日 06:00",
            large_text="样本 电焊工",
            code="A" * 21,
        )
    )


class Papers:
    """A printer, its spooler, and papers to print."""

    def __init__(self, shop: Shop, stack: ExitStack) -> None:
        self.shop = shop
        shop.time.at = datetime.now(UTC)  # the spooler goes by the wall's clock
        self.journal = PrintJournal(shop.store)
        self.device = stack.enter_context(PrinterEmulator(P80))
        self.settled = threading.Event()
        self.spooler = Spooler(
            self.journal,
            [Printer("desk", self.device.address, P80, TIMES)],
            on_change=lambda job: self.settled.set() if job.state not in ("queued", "sending") else None,
            retry_seconds=3600,
        )
        stack.callback(self.spooler.stop)
        self.spooler.start()

    def ask(self, number: str) -> PrintJob:
        """Asked for and no longer in the spooler's hands."""
        job = self.spooler.submit(f"referral:{number}", paper(number))
        self.spooler.wait(job.id, 20)
        return self.of(number)[0]

    def of(self, number: str) -> list[PrintJob]:
        with self.shop.store.read() as session:
            query = select(PrintJob).where(PrintJob.document == f"referral:{number}").order_by(PrintJob.copy)
            return list(session.scalars(query))

    def states(self, number: str) -> list[str]:
        return [job.state.value for job in self.of(number)]


@pytest.fixture
def papers(shop: Shop) -> Iterator[Papers]:
    with ExitStack() as stack:
        yield Papers(shop, stack)


def audit_of(shop: Shop, act: str) -> list[AuditEntry]:
    with shop.store.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == act)))


@pytest.fixture
def clerk(make_clerk: MakeClerk, shop: Shop, papers: Papers) -> Clerk:
    clerk = make_clerk(shop.store, shop.counter.clock, settings=SETTINGS, spooler=papers.spooler)
    return clerk.sign_in(CLERK)


def test_nothing_to_do_says_so(clerk: Clerk, tmp_path: Path) -> None:
    clerk.tapped("tile_prints").stands(Place.PRINTS)
    assert clerk.see("papers") == []
    assert clerk.see("printers")[0]["tone"] == "ok"
    clerk.picture(tmp_path / "prints_none.png")


def test_uncertain_paper_that_came_out_is_confirmed(clerk: Clerk, papers: Papers, shop: Shop) -> None:
    papers.device.inject(Fault(FaultKind.EOF, at=200))
    assert papers.ask("01-000901").state is PrintJobState.UNCERTAIN
    clerk.counter.screen(Place.HOME).look()  # type: ignore[attr-defined]
    clerk.settle()
    badges = {tile["place"]: tile["badge"] for tile in clerk.see("tiles")}
    assert badges["prints"] == "1"
    clerk.tapped("tile_prints", "paper0", "confirm")
    assert papers.states("01-000901") == ["printed"]
    clerk.settle()
    assert clerk.see("papers") == []
    (entry,) = audit_of(shop, "print_confirmed")
    assert entry.actor == str(shop.clerk.staff_id)
    assert entry.subject == "referral:01-000901"


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_uncertain_paper_is_printed_anew_and_says_so(
    make_clerk: MakeClerk, papers: Papers, shop: Shop, size: object, tmp_path: Path
) -> None:
    papers.device.inject(Fault(FaultKind.EOF, at=200))
    papers.ask("01-000902")
    before = len(papers.device.papers)
    clerk = make_clerk(
        shop.store, shop.counter.clock, settings=SETTINGS, spooler=papers.spooler, size=size
    ).sign_in(CLERK)
    clerk.tapped("tile_prints", "paper0")
    assert clerk.see("papers")[0]["text"] == "对接单 01-000902"
    clerk.picture(tmp_path / "prints_uncertain.png")
    clerk.tap("reprint")
    clerk.until(lambda: papers.states("01-000902") == ["uncertain", "printed"])
    printed = papers.device.wait_for_paper(before + 1, timeout=10)[-1]
    assert np.array_equal(printed, bitmap.render(reprint(paper("01-000902"), 1), P80)[0])
    clerk.settle()
    assert "补打" in clerk.message
    (entry,) = audit_of(shop, "print_copied")
    assert (entry.actor, entry.details["copy"]) == (str(shop.clerk.staff_id), 2)


def test_given_up_paper_is_printed_once_more_as_itself(clerk: Clerk, papers: Papers, shop: Shop) -> None:
    saved = slip_json.encode(paper("01-000903"))
    gone = papers.journal.add("referral:01-000903", "match_slip", saved, datetime.now(UTC))
    papers.journal.expire(datetime.now(UTC) + timedelta(seconds=1))
    clerk.tapped("tile_prints", "paper0")
    assert clerk.see("acts") == ["retry"]
    clerk.tap("retry")
    clerk.until(lambda: papers.states("01-000903") == ["printed"])
    assert papers.spooler.wait(gone.id, 10).copy == 1
    (entry,) = audit_of(shop, "print_retried")
    assert entry.details["copy"] == 1


def test_printer_in_trouble_in_plain_words(clerk: Clerk, papers: Papers, tmp_path: Path) -> None:
    papers.device.inject(Fault(FaultKind.PAPER_OUT))
    assert papers.ask("01-000905").reason == "paper_out"
    clerk.tapped("tile_prints", "paper0")
    (printer,) = clerk.see("printers")
    assert (printer["tone"], printer["text"]) == ("error", "打印机没纸了")
    assert clerk.see("acts") == []  # it prints by itself once there is paper
    clerk.picture(tmp_path / "prints_trouble.png")
    clerk.tapped("home").stands(Place.HOME)
    assert clerk.see("printers") == "打印机没纸了"


def test_near_end_is_told_before_it_is_empty(clerk: Clerk, papers: Papers) -> None:
    papers.device.inject(Fault(FaultKind.NEAR_END))
    papers.ask("01-000906")
    clerk.tapped("tile_prints")
    (printer,) = clerk.see("printers")
    assert printer["tone"] == "warn"
    assert "快用完" in printer["text"]


def test_two_counters_decide_once(clerk: Clerk, papers: Papers, shop: Shop) -> None:
    papers.device.inject(Fault(FaultKind.EOF, at=200))
    job = papers.ask("01-000907")
    clerk.tapped("tile_prints", "paper0")
    PrintDesk(shop.store, settings=SETTINGS, clock=shop.counter.clock).confirm(shop.second, job.id)
    clerk.tapped("reprint")
    assert clerk.message == "这张单子刚刚已经处理过了"
    assert papers.states("01-000907") == ["printed"]


def test_an_old_authority_decides_nothing(papers: Papers, shop: Shop) -> None:
    papers.device.inject(Fault(FaultKind.EOF, at=200))
    job, by = papers.ask("01-000908"), shop.clerk
    shop.time.forward(seconds=601)
    desk = PrintDesk(shop.store, settings=SETTINGS, clock=shop.counter.clock)
    with pytest.raises(NotAllowed):
        desk.confirm(by, job.id)
    assert papers.states("01-000908") == ["uncertain"]
