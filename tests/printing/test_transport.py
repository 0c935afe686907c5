"""One contract for every kind of line, against a real other end (for USB: a device below the real pyusb)."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.errors import AddressError, LostError, OpenError, Reason, StalledError, TransportError
from printing.transport import Transport, open_printer
from tests.printing.peers import KINDS, Peer, TcpPeer, UsbPeer

ALL = 1 << 30
SLIP = random.Random(9100).randbytes(30_000)


@pytest.fixture(params=sorted(KINDS))
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    found: Peer = KINDS[request.param](tmp_path)
    yield found
    found.close()


@pytest.fixture
def line(peer: Peer) -> Iterator[Transport]:
    opened = peer.open()
    yield opened
    opened.close(0.05)


class Reader(threading.Thread):
    """The printer, reading on its own."""

    def __init__(self, peer: Peer, count: int) -> None:
        super().__init__()
        self.got = b""
        self._peer, self._count = peer, count
        self.start()

    def run(self) -> None:
        self.got = self._peer.receive(self._count)


def test_every_byte_arrives_in_order(peer: Peer, line: Transport) -> None:
    reader = Reader(peer, len(SLIP))
    line.write(SLIP, 10)
    line.drain(5)
    reader.join(10)
    assert reader.got == SLIP


def test_closing_right_after_writing_cuts_nothing_off(peer: Peer) -> None:
    line = peer.open()
    line.write(SLIP[:2000], 5)
    reader = Reader(peer, ALL)
    line.close(2)
    reader.join(15)
    assert reader.got == SLIP[:2000]


def test_answers_arrive(peer: Peer, line: Transport) -> None:
    if not peer.two_way:
        assert not line.two_way
        assert line.read(16, 0.01) == b""
        return
    assert line.two_way
    peer.send(b"\x12\x16")
    got = line.read(16, 5)
    while len(got) < 2:
        got += line.read(16, 5)
    assert got == b"\x12\x16"


def test_silence_is_no_error_and_ends_in_time(line: Transport) -> None:
    begin = time.monotonic()
    assert line.read(16, 0.05) == b""
    assert time.monotonic() - begin < 5


def test_a_read_may_ask_for_what_is_there_already(line: Transport) -> None:
    assert line.read(16, 0) == b""


def test_a_printer_that_takes_nothing_stalls_the_write_in_time(peer: Peer, line: Transport) -> None:
    size = 16_000_000
    begin = time.monotonic()
    with pytest.raises(StalledError) as caught:
        line.write(bytes(size), 0.2)
    assert time.monotonic() - begin < 5
    assert 0 < caught.value.sent < size


def test_a_line_that_breaks_is_told(peer: Peer, line: Transport) -> None:
    line.write(b"before", 1)
    peer.hang_up()
    with pytest.raises(LostError) as caught:  # noqa: PT012 - kernels may swallow some writes first
        for _ in range(100):
            line.write(bytes(4096), 1)
    assert caught.value.code == "connection_lost"


def test_a_printer_that_hangs_up_is_told_to_the_reader(peer: Peer, line: Transport) -> None:
    if not peer.two_way:
        pytest.skip("a pipe has no way back")
    peer.hang_up()
    with pytest.raises(LostError):
        line.read(16, 1)


def test_closing_after_the_line_broke_raises_nothing(peer: Peer) -> None:
    line = peer.open()
    peer.hang_up()
    line.close(0.1)


@pytest.mark.parametrize(
    "address",
    [
        "", "printer", "tcp://", "tcp://:9100", "tcp://127.0.0.1:99999", "tcp://127.0.0.1/queue",
        "lpt://1", "serial://ttyS0", "serial:///dev/ttyS0?baud=fast", "serial:///dev/ttyS0?speed=9600",
        "serial:///dev/ttyS0?parity=X", "serial:///dev/ttyS0?baud=0", "serial:///dev/ttyS0?flow=maybe",
        "serial:///dev/ttyS0?baud", "usb://epson", "usb://04b8", "file://", "file:///", "file://lp0",
    ],
)  # fmt: skip
def test_an_address_nobody_can_read_is_refused(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        open_printer(address)
    assert caught.value.code == "address"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OpenError) as caught:
        open_printer(f"tcp://127.0.0.1:{port}")
    assert caught.value.code == "refused"
    assert caught.value.sent == 0


def test_a_printer_that_does_not_answer_the_knock() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        knocks = [socket.socket() for _ in range(4)]
        for knock in knocks:
            knock.setblocking(False)
            knock.connect_ex(server.getsockname())
        begin = time.monotonic()
        with pytest.raises(OpenError) as caught:
            open_printer(f"tcp://127.0.0.1:{server.getsockname()[1]}", connect_timeout=0.1)
        assert time.monotonic() - begin < 5
        assert caught.value.code == "timed_out"
        for knock in knocks:
            knock.close()


@pytest.mark.parametrize("kind", ["serial", "file"])
def test_no_such_device(kind: str, tmp_path: Path) -> None:
    with pytest.raises(OpenError) as caught:
        open_printer(f"{kind}://{tmp_path}/lp0")
    assert caught.value.code == "no_device"
    assert not list(tmp_path.iterdir())


def test_a_plain_file_is_not_a_printer(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.write_bytes(b"precious")
    with pytest.raises(OpenError):
        open_printer(f"file://{path}")
    assert path.read_bytes() == b"precious"


def test_a_serial_line_in_use_is_busy(tmp_path: Path) -> None:
    peer = KINDS["serial"](tmp_path)
    first = peer.open()
    try:
        with pytest.raises(OpenError) as caught:
            open_printer(peer._address)
        assert caught.value.code == "busy"
    finally:
        first.close(0.1)
        peer.close()


def test_the_usb_printer_interface_is_taken_from_the_kernel_and_given_back(tmp_path: Path) -> None:
    peer = UsbPeer(tmp_path)
    line = peer.open()
    assert peer.backend.claimed == {1}
    assert not peer.backend.kernel_driver
    with pytest.raises(OpenError) as caught:
        peer.open()
    assert caught.value.code == "busy"
    line.close()
    assert peer.backend.claimed == set()


def test_an_unplugged_usb_printer_is_no_device(tmp_path: Path) -> None:
    peer = UsbPeer(tmp_path)
    peer.hang_up()
    with pytest.raises(OpenError) as caught:
        peer.open()
    assert caught.value.code == "no_device"


def test_status_bytes_nobody_read_do_not_turn_the_close_into_a_reset(tmp_path: Path) -> None:
    peer = TcpPeer(tmp_path)
    line = peer.open()
    peer.send(b"\x14\x00\x00\x0f" * 50)
    line.write(SLIP[:1000], 1)
    reader = Reader(peer, ALL)  # would raise ConnectionResetError
    line.close(1)
    reader.join(5)
    assert reader.got == SLIP[:1000]
    peer.close()


def test_errors_carry_no_content() -> None:
    error = TransportError(Reason.STALLED, sent=7, address="tcp://127.0.0.1:9100")
    assert str(error) == "stalled address=tcp://127.0.0.1:9100"
