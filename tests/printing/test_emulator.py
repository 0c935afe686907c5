"""The emulated printer on its socket: papers, answers, and every fault as a host meets it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from escpos.printer import Network
from PIL import Image

from printing import bitmap, escpos
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_decode import decode
from printing.profile import profile
from printing.slips.match_slip import match_slip
from tests.printing.samples import MATCH

P80 = profile("epson-tm-t82")
PLAIN = profile("generic-58")
SLIP = match_slip(MATCH)
BYTES = escpos.encode(SLIP, P80)
PICTURE = bitmap.render(SLIP, P80)[0]


@pytest.fixture
def printer() -> Iterator[PrinterEmulator]:
    with PrinterEmulator(P80) as running:
        yield running


def connect(printer: PrinterEmulator) -> socket.socket:
    return socket.create_connection(("127.0.0.1", printer.port), 5)


def ask(line: socket.socket, data: bytes, count: int) -> bytes:
    line.sendall(data)
    got = b""
    while len(got) < count and (more := line.recv(count - len(got))):
        got += more
    return got


def test_the_paper_equals_the_preview_dot_for_dot(printer: PrinterEmulator) -> None:
    with connect(printer) as line:
        line.sendall(BYTES)
    papers = printer.wait_for_paper(1, 5)
    assert np.array_equal(papers[0], PICTURE)
    assert printer.log == []


def test_python_escpos_prints_on_it(printer: PrinterEmulator) -> None:
    host = Network("127.0.0.1", printer.port, timeout=5, profile="TM-T88V")
    assert host.is_online()
    assert host.paper_status() == 2
    host.textln("Hammer")
    host.cut()
    host.close()
    assert len(printer.wait_for_paper(1, 5)) == 1


def test_it_answers_in_turn_and_at_once(printer: PrinterEmulator) -> None:
    with connect(printer) as line:
        assert ask(line, b"\x10\x04\x01\x10\x04\x02", 2) == b"\x12\x12"
        assert ask(line, b"\x1d(H\x06\x0000WXYZ", 7) == b"\x37\x22WXYZ\x00"
        assert ask(line, b"\x1dr\x01\x1dr\x02", 2) == b"\x00\x00"
        assert ask(line, b"\x1dI\x41", 5) == b"\x5f0.1\x00"
        printer.inject(Fault(FaultKind.PAPER_OUT))
        # the paper report waits behind what cannot be printed, the real-time one does not
        assert ask(line, BYTES + b"\x1dr\x01\x10\x04\x04", 1) == b"\x7e"
        printer.repair()
        assert len(printer.wait_for_paper(1, 5)) == 1


def test_a_stopped_printer_goes_on_where_it_was(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.PAPER_OUT, at=300))
    with connect(printer) as line:
        line.sendall(BYTES)
        assert ask(line, b"\x10\x04\x02", 1) == b"\x32"
        assert printer.papers == []
        printer.repair()
        assert np.array_equal(printer.wait_for_paper(1, 5)[0], PICTURE)


def test_a_full_buffer_stops_reading(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.COVER_OPEN))
    with connect(printer) as line:
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):  # noqa: PT012 - how much the kernels buffer is theirs to say
            while True:
                line.send(bytes(1 << 20))


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.POWER_DISCARD])
def test_a_reset_is_a_reset(printer: PrinterEmulator, kind: FaultKind) -> None:
    printer.inject(Fault(kind, at=100))
    with connect(printer) as line:
        line.sendall(BYTES[:100])
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_an_orderly_end_is_an_end(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.EOF, at=100))
    with connect(printer) as line:
        line.sendall(BYTES[:100])
        assert line.recv(1) == b""


@pytest.mark.parametrize("kind", [FaultKind.MUTE, FaultKind.HANG])
def test_silence(printer: PrinterEmulator, kind: FaultKind) -> None:
    printer.inject(Fault(kind))
    with connect(printer) as line:
        line.settimeout(0.05)
        line.sendall(b"\x10\x04\x01")
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_a_late_answer_comes(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.LATE, seconds=0.1))
    with connect(printer) as line:
        line.settimeout(0.03)
        line.sendall(b"\x10\x04\x01")
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(5)
        assert line.recv(1) == b"\x12"


def test_nobody_listens_and_then_somebody_does(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.REFUSED))
    with pytest.raises(ConnectionRefusedError):
        connect(printer)
    printer.repair()
    with connect(printer) as line:
        assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_a_black_hole_and_then_none(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.BLACK_HOLE))
    with pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", printer.port), 0.1)
    printer.repair()
    with connect(printer) as line:
        assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_busy_drops_every_connection(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.BUSY))
    with pytest.raises((ConnectionResetError, BrokenPipeError)), connect(printer) as line:  # noqa: PT012
        line.sendall(b"\x10\x04\x01")
        line.recv(1)


def test_one_connection_at_a_time(printer: PrinterEmulator) -> None:
    with connect(printer) as first:
        assert ask(first, b"\x10\x04\x01", 1) == b"\x12"
        with connect(printer) as second:
            second.settimeout(0.05)
            second.sendall(b"\x10\x04\x01")
            with pytest.raises(TimeoutError):
                second.recv(1)
            first.close()
            second.settimeout(5)
            assert second.recv(1) == b"\x12"


def power(printer: PrinterEmulator, kind: FaultKind) -> list[np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """The power goes after half a slip; then a whole one is sent."""
    half = len(BYTES) // 2
    printer.inject(Fault(kind, at=half))
    with connect(printer) as line:
        line.sendall(BYTES[:half])
        with pytest.raises(ConnectionResetError):
            line.recv(1)
    with connect(printer) as line:
        line.sendall(BYTES)
    return printer.wait_for_paper(2 if kind is FaultKind.POWER_DISCARD else 1, 5)


def test_power_loss_that_forgets(printer: PrinterEmulator) -> None:
    torn, whole = power(printer, FaultKind.POWER_DISCARD)
    assert 0 < len(torn) < len(PICTURE)
    assert np.array_equal(torn[:24], PICTURE[:24])
    assert np.array_equal(whole, PICTURE)


def test_power_loss_that_goes_on_glues_two_slips_together(printer: PrinterEmulator) -> None:
    (both,) = power(printer, FaultKind.POWER_RESUME)
    assert len(both) > len(PICTURE)
    assert np.array_equal(both[-len(PICTURE) :], PICTURE)


def test_power_loss_that_prints_its_last_line_again() -> None:
    tall = []
    for kind in (FaultKind.POWER_RESUME, FaultKind.POWER_REPRINT):
        with PrinterEmulator(P80) as printer:
            tall.append(len(power(printer, kind)[0]))
    assert tall[1] >= tall[0] + 24


def test_what_a_dead_sender_left_swallows_the_next_slip_unless_cleared(printer: PrinterEmulator) -> None:
    printer.inject(Fault(FaultKind.STALE))
    with connect(printer) as line:
        line.sendall(BYTES)
    assert not np.array_equal(printer.wait_for_paper(1, 5)[0], PICTURE)
    printer.inject(Fault(FaultKind.STALE))
    with connect(printer) as line:
        clear = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
        assert ask(line, clear[:4], 0) == b""
        assert ask(line, clear[4:], 3) == b"\x37\x25\x00"
        line.sendall(BYTES)
    assert np.array_equal(printer.wait_for_paper(2, 5)[1], PICTURE)


@pytest.mark.parametrize("orderly", [True, False])
def test_closing_over_unread_bytes_loses_the_paper(orderly: bool) -> None:
    with PrinterEmulator(P80, faults=(Fault(FaultKind.UNREAD),)) as printer:
        line = connect(printer)
        assert line.recv(1) == b"\x10"  # three more have come
        line.sendall(BYTES)
        if orderly:
            line.shutdown(socket.SHUT_WR)
            while line.recv(100):
                pass
        line.close()
        printer.wait_for_idle(5)
        assert len(printer.papers) == int(orderly)


def test_a_printer_without_a_cutter_is_torn_when_the_host_hangs_up() -> None:
    with PrinterEmulator(PLAIN) as printer:
        with connect(printer) as line:
            line.sendall(escpos.encode(SLIP, PLAIN))
        assert np.array_equal(printer.wait_for_paper(1, 5)[0], bitmap.render(SLIP, PLAIN)[0])


def test_waiting_for_paper_that_does_not_come(printer: PrinterEmulator) -> None:
    with pytest.raises(TimeoutError):
        printer.wait_for_paper(1, 0.01)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("paper_out", Fault(FaultKind.PAPER_OUT)),
        ("paper_out@300", Fault(FaultKind.PAPER_OUT, at=300)),
        ("late~1.5", Fault(FaultKind.LATE, seconds=1.5)),
        ("late@20~2", Fault(FaultKind.LATE, at=20, seconds=2)),
    ],
)
def test_faults_have_a_spelling(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize("text", ["fire", "paper_out@", "late~", "paper_out 300", "paper_out@-1"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text.partition("@")[0]):
        Fault.parse(text)


COMMAND = """
import sys
from pathlib import Path
from ui.commands.emulate_printer import emulate_printer
sys.exit(emulate_printer(0, Path(sys.argv[1]), sys.argv[2], sys.argv[3:], True))
"""


def test_the_command_writes_a_png_a_paper(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COMMAND, str(tmp_path / "out"), P80.name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", int(ready["address"].rpartition(":")[2])), 5) as line:
            line.sendall(BYTES)
        paper = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    with Image.open(paper["path"]) as image:
        assert np.array_equal(~np.asarray(image), decode(BYTES, P80)[0])
    assert (paper["width"], paper["height"]) == PICTURE.shape[::-1]


@pytest.mark.parametrize("arguments", [["no-such-model"], [P80.name, "fire"]])
def test_the_command_refuses_what_it_does_not_know(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-c", COMMAND, str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "no such" in done.stderr
