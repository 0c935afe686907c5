"""One slip, one printer, every fault: what is claimed must be what lies in the tray."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from printing import bitmap, delivery, escpos
from printing.delivery import Deadlines, Outcome, Proof, Result, deliver
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_device import PrinterDevice
from printing.profile import Profile, profile
from printing.slip import Code, Cut, Line, Slip
from printing.slips.match_slip import match_slip
from printing.status import PaperLevel
from printing.transport import Transport
from tests.printing.peers import KINDS, Peer, PipePeer
from tests.printing.samples import MATCH

P80 = profile("epson-tm-t82")
SLIP = match_slip(MATCH)
BYTES = escpos.encode(SLIP, P80)
PICTURE = bitmap.render(SLIP, P80)[0]
PATIENT = Deadlines(connect=5, answer=5, write=5, report=10, look=0.05, drain=5, close=0.5)
"""For what must come, however busy the machine."""

IMPATIENT = replace(PATIENT, connect=0.2, answer=0.1, close=0.1)
"""For answers that do not come."""

NO_REPORT = replace(PATIENT, write=0.3, report=0.4, close=0.1)
"""For reports that do not come."""


@pytest.fixture
def printer() -> Iterator[PrinterEmulator]:
    with PrinterEmulator(P80) as running:
        yield running


def send(printer: PrinterEmulator, *, after_mishap: bool = False, deadlines: Deadlines = PATIENT) -> Outcome:
    return deliver(printer.address, P80, BYTES, after_mishap=after_mishap, deadlines=deadlines)


def is_whole(printer: PrinterEmulator) -> bool:
    return any(np.array_equal(paper, PICTURE) for paper in printer.papers)


@pytest.mark.parametrize("name", ["epson-tm-t82", "generic-80", "generic-58"])
def test_a_healthy_printer_prints(name: str) -> None:
    model = profile(name)
    proof = {"epson-tm-t82": Proof.REPORT, "generic-80": Proof.REPORT, "generic-58": Proof.STATUS}[name]
    with PrinterEmulator(model) as printer:
        outcome = deliver(printer.address, model, escpos.encode(SLIP, model), deadlines=PATIENT)
        assert (outcome.result, outcome.reason, outcome.proof) == (Result.PRINTED, None, proof)
        papers = printer.wait_for_paper(1, 5)
        assert np.array_equal(papers[0], bitmap.render(SLIP, model)[0])


BEFORE = [
    (Fault(FaultKind.PAPER_OUT), "paper_out"),
    (Fault(FaultKind.COVER_OPEN), "cover_open"),
    (Fault(FaultKind.CUTTER), "printer_error"),
    (Fault(FaultKind.MUTE), "mute"),
    (Fault(FaultKind.HANG), "mute"),
    (Fault(FaultKind.REFUSED), "refused"),
    (Fault(FaultKind.BLACK_HOLE), "timed_out"),
    (Fault(FaultKind.BUSY), "connection_lost"),
    (Fault(FaultKind.RESET, at=3), "connection_lost"),
    (Fault(FaultKind.EOF, at=3), "connection_lost"),
    (Fault(FaultKind.LATE, seconds=0.5), "mute"),
]


@pytest.mark.parametrize(("fault", "reason"), BEFORE, ids=[fault.kind.value for fault, _ in BEFORE])
def test_trouble_before_the_first_byte_is_a_failure_and_prints_nothing(
    printer: PrinterEmulator, fault: Fault, reason: str
) -> None:
    printer.inject(fault)
    begun: list[bool] = []
    silent = fault.kind in (FaultKind.MUTE, FaultKind.HANG, FaultKind.BLACK_HOLE, FaultKind.LATE)

    def begin_it() -> bool:
        begun.append(True)
        return True

    times = IMPATIENT if silent else PATIENT
    outcome = deliver(printer.address, P80, BYTES, before_first_byte=begin_it, deadlines=times)
    assert (outcome.result, outcome.reason) == (Result.FAILED, reason)
    assert begun == []
    printer.repair()
    printer.wait_for_idle(5)
    assert printer.papers == []


MIDWAY = [
    (FaultKind.PAPER_OUT, "paper_out"),
    (FaultKind.COVER_OPEN, "cover_open"),
    (FaultKind.CUTTER, "printer_error"),
    (FaultKind.MUTE, "no_report"),
    (FaultKind.HANG, "no_report"),
    (FaultKind.RESET, "connection_lost"),
    (FaultKind.EOF, "connection_lost"),
    (FaultKind.POWER_DISCARD, "connection_lost"),
    (FaultKind.POWER_RESUME, "connection_lost"),
]


@pytest.mark.parametrize(("kind", "reason"), MIDWAY)
def test_trouble_in_the_middle_is_never_called_printed(
    printer: PrinterEmulator, kind: FaultKind, reason: str
) -> None:
    printer.inject(Fault(kind, at=12 + 500))
    outcome = send(printer, deadlines=NO_REPORT if reason == "no_report" else PATIENT)
    assert (outcome.result, outcome.reason) == (Result.UNCERTAIN, reason)
    assert kind is FaultKind.MUTE or not is_whole(printer)


@pytest.mark.parametrize("kind", [FaultKind.PAPER_OUT, FaultKind.COVER_OPEN, FaultKind.POWER_RESUME])
def test_the_slip_after_a_mishap_comes_out_whole_and_alone(printer: PrinterEmulator, kind: FaultKind) -> None:
    printer.inject(Fault(kind, at=12 + 500))
    assert send(printer).result is Result.UNCERTAIN
    printer.repair()
    printer.wait_for_idle(5)
    before = len(printer.papers)
    assert send(printer, after_mishap=True).result is Result.PRINTED
    later = printer.papers[before:]
    assert np.array_equal(later[-1], PICTURE)


@pytest.mark.parametrize("clears", [True, False])
def test_half_a_picture_in_the_buffer_does_not_swallow_the_slip(clears: bool) -> None:
    model = replace(P80, clears_buffer=clears)
    with PrinterEmulator(model, faults=(Fault(FaultKind.STALE),)) as printer:
        outcome = deliver(printer.address, model, BYTES, after_mishap=True, deadlines=PATIENT)
        assert outcome.result is Result.PRINTED
        assert np.array_equal(printer.papers[-1], PICTURE)


@pytest.mark.parametrize("name", ["epson-tm-t82", "generic-80"])
def test_wherever_a_slip_was_cut_off_the_next_one_comes_out_whole_and_alone(name: str) -> None:
    """At every byte: in a length, in a picture, in a code, in the questions before and after."""
    model = profile(name)
    paper = Slip("short", (Line("镕"), Code("GH1"), Cut()))
    data, picture = escpos.encode(paper, model), bitmap.render(paper, model)[0]
    with PrinterEmulator(model) as printer:
        for cut in range(1, len(data) + 40):
            printer.inject(Fault(FaultKind.RESET, at=cut))
            first = deliver(printer.address, model, data, deadlines=PATIENT)
            printer.repair()
            printer.wait_for_idle(5)
            mishap = first.result is Result.UNCERTAIN
            before = len(printer.papers)
            second = deliver(printer.address, model, data, after_mishap=mishap, deadlines=PATIENT)
            assert second.result is Result.PRINTED, cut
            assert np.array_equal(printer.papers[-1], picture), cut
            assert len(printer.papers) - before <= 2


def test_a_late_report_still_counts(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.LATE, at=13, seconds=0.2))
    assert send(printer).result is Result.PRINTED


def test_nearly_at_the_end_is_told_and_prints(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.NEAR_END))
    outcome = send(printer)
    assert outcome.result is Result.PRINTED
    assert outcome.status.paper is PaperLevel.NEAR_END


def test_withdrawn_at_the_last_moment(printer: PrinterEmulator) -> None:
    outcome = deliver(printer.address, P80, BYTES, before_first_byte=lambda: False, deadlines=PATIENT)
    assert (outcome.result, outcome.reason) == (Result.FAILED, "withdrawn")
    printer.wait_for_idle(5)
    assert printer.papers == []


def test_what_the_hook_raises_comes_out_and_the_line_is_closed(printer: PrinterEmulator) -> None:
    def full() -> bool:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        deliver(printer.address, P80, BYTES, before_first_byte=full, deadlines=PATIENT)
    printer.wait_for_idle(5)
    assert printer.papers == []


def test_nothing_taken_at_all_is_a_failure_half_taken_is_not(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.HANG, at=30))
    outcome = deliver(printer.address, P80, BYTES * 10_000, deadlines=NO_REPORT)
    assert (outcome.result, outcome.reason) == (Result.UNCERTAIN, "stalled")


def test_status_bytes_nobody_asked_for_do_not_confuse_or_cost_the_paper() -> None:
    model = profile("generic-58")
    with PrinterEmulator(model, faults=(Fault(FaultKind.UNREAD),)) as printer:
        outcome = deliver(printer.address, model, escpos.encode(SLIP, model), deadlines=PATIENT)
        assert outcome.result is Result.PRINTED
        assert np.array_equal(printer.wait_for_paper(1, 5)[0], bitmap.render(SLIP, model)[0])


def test_a_printer_that_never_speaks_is_believed_but_marked_as_unproven(tmp_path: Path) -> None:
    silent: Profile = replace(profile("generic-58"), live_status=False)
    peer = PipePeer(tmp_path)
    outcome = deliver(f"file://{tmp_path}/lp", silent, BYTES, deadlines=PATIENT)
    assert (outcome.result, outcome.proof) == (Result.PRINTED, Proof.NONE)
    assert peer.receive(len(BYTES)) == BYTES
    peer.close()


@pytest.mark.parametrize("address", ["tcp://", "file:///nowhere/lp0", "serial:///nowhere", "usb://04b8:ffff"])
def test_what_cannot_be_opened_is_a_failure(address: str) -> None:
    outcome = deliver(address, P80, BYTES, deadlines=PATIENT)
    assert outcome.result is Result.FAILED
    assert outcome.reason in {"address", "no_device", "no_access"}


@pytest.mark.parametrize("kind", ["tcp", "serial", "device", "usb"])
@pytest.mark.parametrize("fault", [None, FaultKind.PAPER_OUT], ids=["healthy", "paper out"])
def test_every_two_way_line_carries_the_whole_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, fault: FaultKind | None
) -> None:
    peer: Peer = KINDS[kind](tmp_path)
    device = PrinterDevice(P80)
    if fault:
        device.inject(Fault(fault, at=12 + 500))

    def serve() -> None:
        while data := peer.take():
            if answers := device.receive(data).answers:
                peer.send(answers)

    server = threading.Thread(target=serve)

    def open_it(address: str, timeout: float) -> Transport:
        line = peer.open()
        server.start()
        return line

    # the USB peer is a device below pyusb and has no address that libusb could find
    monkeypatch.setattr(delivery, "open_printer", open_it)
    outcome = deliver("peer", P80, BYTES, deadlines=PATIENT)
    server.join(10)
    peer.close()
    if fault:
        assert (outcome.result, outcome.reason) == (Result.UNCERTAIN, "paper_out")
        assert device.take_papers() == []
    else:
        assert (outcome.result, outcome.proof) == (Result.PRINTED, Proof.REPORT)
        (paper,) = device.take_papers()
        assert np.array_equal(paper, PICTURE)
