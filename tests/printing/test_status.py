"""Answers of printers, taken apart; bits after Epson's ESC/POS reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.emulator_device import Fault, FaultKind, PrinterDevice
from printing.profile import profile
from printing.status import (
    PaperLevel,
    Reply,
    ReplyKind,
    Status,
    completion_request,
    reports,
    split,
    status_of,
    trouble_in_offline_byte,
)

FINE = (0x12, 0x12, 0x12, 0x12)
EPSON, PLAIN, NONE = profile("epson-tm-t88"), profile("generic-80"), profile("generic-58")


@pytest.mark.parametrize(
    ("values", "status", "trouble"),
    [
        (FINE, Status(True, PaperLevel.OK), None),
        ((0x16, 0x12, 0x12, 0x12), Status(True, PaperLevel.OK), None),  # drawer pin high
        ((0x12, 0x12, 0x12, 0x1E), Status(True, PaperLevel.NEAR_END), None),
        ((0x1A, 0x32, 0x12, 0x7E), Status(False, PaperLevel.OUT), "paper_out"),
        ((0x1A, 0x12, 0x12, 0x72), Status(False, PaperLevel.OUT), "paper_out"),
        ((0x1A, 0x32, 0x12, 0x12), Status(False, PaperLevel.OUT), "paper_out"),
        ((0x1A, 0x16, 0x12, 0x12), Status(False, PaperLevel.OK, cover_open=True), "cover_open"),
        ((0x1A, 0x36, 0x12, 0x7E), Status(False, PaperLevel.OUT, cover_open=True), "cover_open"),
        ((0x1A, 0x52, 0x1A, 0x12), Status(False, PaperLevel.OK, error=True), "printer_error"),
        ((0x1A, 0x12, 0x32, 0x12), Status(False, PaperLevel.OK, error=True), "printer_error"),
        ((0x1A, 0x12, 0x12, 0x12), Status(False, PaperLevel.OK), "offline"),
        ((0x00, 0x12, 0x12, 0x12), Status(mute=True), "mute"),
        ((0x12, 0xFF, 0x12, 0x12), Status(mute=True), "mute"),
        ((0x12, 0x12, 0x13, 0x12), Status(mute=True), "mute"),
        ((0x12, 0x12, 0x12, 0x92), Status(mute=True), "mute"),
    ],
)
def test_status(values: tuple[int, int, int, int], status: Status, trouble: str | None) -> None:
    assert status_of(*values) == status
    assert status_of(*values).trouble == trouble


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_nothing_that_lacks_its_fixed_bits_says_the_printer_is_fine(
    values: tuple[int, int, int, int],
) -> None:
    if any(value & 0x93 != 0x12 for value in values):
        assert status_of(*values).trouble == "mute"


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        (FaultKind.PAPER_OUT, "paper_out"),
        (FaultKind.COVER_OPEN, "cover_open"),
        (FaultKind.CUTTER, "printer_error"),
        (FaultKind.MUTE, "mute"),
        (FaultKind.NEAR_END, None),
    ],
)
def test_the_emulated_printer_is_understood(kind: FaultKind, trouble: str | None) -> None:
    device = PrinterDevice(EPSON)
    device.inject(Fault(kind))
    answers = [device.receive(bytes([0x10, 4, number])).answers for number in range(1, 5)]
    status = status_of(*[answer[0] if answer else 0 for answer in answers])
    assert status.trouble == trouble
    assert (status.paper is PaperLevel.NEAR_END) == (kind is FaultKind.NEAR_END)


@pytest.mark.parametrize(
    ("byte", "trouble"), [(0x12, None), (0x16, "cover_open"), (0x32, "paper_out"), (0x52, "printer_error")]
)
def test_offline_byte_alone(byte: int, trouble: str | None) -> None:
    assert trouble_in_offline_byte(byte) == trouble


DONE = Reply(ReplyKind.DONE, b"ABCD")
STATUS = Reply(ReplyKind.STATUS, b"\x12")
AUTOMATIC = Reply(ReplyKind.AUTOMATIC, b"\x14\x00\x03\x0f")
PAPER = Reply(ReplyKind.PAPER, b"\x00")
CLEARED = Reply(ReplyKind.CLEARED, b"")
WIRE = {
    DONE: b"\x37\x22ABCD\x00",
    STATUS: b"\x12",
    AUTOMATIC: b"\x14\x00\x03\x0f",
    PAPER: b"\x00",
    CLEARED: b"\x37\x25\x00",
}


@given(st.lists(st.sampled_from(list(WIRE))), st.integers(0, 100))
def test_answers_are_found_however_they_are_cut_into_pieces(replies: list[Reply], cut: int) -> None:
    data = b"".join(WIRE[reply] for reply in replies)
    first, rest = split(data[:cut])
    second, rest = split(rest + data[cut:])
    assert first + second == replies
    assert rest == b""


@given(st.binary(max_size=300))
def test_noise_is_taken_without_harm(data: bytes) -> None:
    replies, rest = split(data)
    assert len(rest) < 7
    assert len(b"".join(reply.data for reply in replies)) <= len(data)
    # what follows noise is still understood, at the latest after one report's length
    later, _ = split(rest + b"\xff" * 7 + WIRE[DONE])
    assert later[-1] == DONE


def test_noise_that_looks_like_a_report_is_not_one() -> None:
    for data in (b"\x37\x22ABCDE", b"\x37\x23ABCD\x00", b"\x22ABCD\x00"):
        assert not any(reply.kind is ReplyKind.DONE for reply in split(data + b"\xff" * 7)[0])


def test_a_report_with_our_next_question_for_its_number_is_no_status() -> None:
    """The printer had got 1D 28 48 06 00 30 30 and three bytes when the line broke; then came 10 04 01."""
    assert split(b"\x37\x22\x32V9\x10\x00\x12") == ([Reply(ReplyKind.DONE, b"2V9\x10"), STATUS], b"")


def test_completion_request() -> None:
    assert completion_request(EPSON, b"WXYZ") == b"\x1d(H\x06\x0000WXYZ"
    assert completion_request(PLAIN, b"WXYZ") == b"\x1dr\x01"
    assert completion_request(NONE, b"WXYZ") == b""


def test_only_the_report_asked_for_counts() -> None:
    assert reports(EPSON, b"ABCD", DONE)
    assert not reports(EPSON, b"ABCE", DONE)
    assert not reports(EPSON, b"ABCD", PAPER)
    assert reports(PLAIN, b"ABCD", PAPER)
    assert not reports(PLAIN, b"ABCD", AUTOMATIC)
    assert not reports(PLAIN, b"ABCD", STATUS)
    assert not reports(NONE, b"ABCD", PAPER)
