"""Slips on a printer with pins: SPRT POS76."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from kiosk.identity.code_reader import CodeReader
from printing import bitmap, charset, glyphs
from printing.delivery import Deadlines, Proof, Result, deliver
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_decode import Decoder, decode
from printing.errors import Reason
from printing.escpos import encode
from printing.glyphs import Dots
from printing.layout import TextLine, lay_out
from printing.profile import profile
from printing.slip import Align, Code, Line, Pair, Part, Picture, Slip
from tests.printing.samples import ALL, slips

POS76 = profile("sprt-pos76")


def printed(*parts: Part) -> bytes:
    """The bytes after the reset."""
    return encode(Slip("test", parts), POS76).removeprefix(POS76.init)


def paper(data: bytes) -> Dots:
    (page,) = decode(POS76.init + data, POS76)
    return page


def test_letters_come_from_its_own_font() -> None:
    assert printed(Line("工A", bold=True)) == b"\x1b3\x15\xb9\xa4A\n"  # 16 half steps and a gap of 5; no bold
    assert printed(Line("工", size=2)) == b"\x1b3\x26\x1b!0\x1cW\x01\xb9\xa4\n"


def test_lines_are_moved_by_white() -> None:
    assert printed(Line("工", Align.CENTER)) == b"\x1b3\x15" + b" " * 24 + b"\xb9\xa4\n"
    assert printed(Line("A", Align.RIGHT)) == b"\x1b3\x15" + b" " * 49 + b"A\n"
    assert printed(Pair("A", "￥1")) == b"\x1b3\x15A" + b" " * 46 + b"\xa3\xa41\n"


def test_a_code_is_struck_in_whole_dots_at_once() -> None:
    data = printed(Code("GIGHALL-TEST"))
    white, side = 136, 126  # half dots; the white is even, so that whole dots stay whole
    assert data.count(b"\x1b*\x00" + bytes([(white + side) // 2, 0])) == 8  # 126 rows in strips of 16
    assert b"\x1b*\x01" not in data


def test_half_dots_are_struck_in_four_passes() -> None:
    rows = np.zeros((16, 8), np.bool_)
    rows[0, :4] = rows[1, 1:3] = True  # neighbours, in a row and in the row between two pins
    picture = Picture(8, tuple(bytes(row) for row in np.packbits(rows, axis=1)))
    left = bytes(196)
    n = b"\xcc\x00"  # 204 half dots: white and picture
    assert printed(picture) == (
        b"\x1bU\x01"
        b"\x1b*\x01" + n + left + b"\x80\0\x80\0\0\0\0\0\r"
        b"\x1b*\x01" + n + left + b"\0\x80\0\x80\0\0\0\0\x1bJ\x01"
        b"\x1b*\x01" + n + left + b"\0\0\x80\0\0\0\0\0\r"
        b"\x1b*\x01" + n + left + b"\0\x80\0\0\0\0\0\0\x1bJ\x0f"
        b"\x1bU\x00"
    )
    assert np.array_equal(paper(printed(picture))[:, 196:204], rows)


def test_a_pin_does_not_strike_two_neighbours() -> None:
    page = paper(b"\x1b*\x01\x04\x00\x80\x80\x80\x80\n")
    assert page[0, :4].tolist() == [True, False, True, False]
    assert not page[1].any()


def test_a_whole_dot_is_two_half_ones_wide_and_high() -> None:
    assert paper(b"\x1b*\x00\x02\x00\x80\x00\n")[:3, :4].tolist() == [[True, True, False, False]] * 2 + [
        [False] * 4
    ]


def test_paper_moves_by_the_line_and_not_by_what_is_in_it() -> None:
    assert len(paper(b"\x1b3\x01A\nA\n\x1bJ\x10")) == 18


def test_a_line_with_a_character_it_lacks_is_drawn_whole() -> None:
    data = printed(Line("祝镕堃"), Line("张三"))
    assert b"\xd7\xa3" not in data  # 祝 is drawn beside them
    assert data.endswith(b"\x1b3\x15" + "张三\n".encode("gb2312"))
    drawn = np.hstack([glyphs.glyph(ch, False, 8) for ch in "祝镕堃"])
    assert np.array_equal(paper(data)[:16, :48], drawn)


def test_it_knows_nothing_of_what_is_not_in_its_manual() -> None:
    decoder = Decoder(POS76)
    decoder.feed(b"\x1ba\x01A\n")
    assert [command.data for command in decoder.unknown] == [b"\x1ba", b"\x01"]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_slip_uses_only_commands_of_its_manual(kind: str) -> None:
    decoder = Decoder(POS76)
    decoder.feed(encode(ALL[kind], POS76))
    assert decoder.unknown == []


def test_it_reports_when_a_slip_is_on_paper() -> None:
    """It answers no DLE EOT, but GS r in its turn."""
    with PrinterEmulator(POS76) as printer:
        outcome = deliver(printer.address, POS76, encode(ALL["rare"], POS76))
        (page,) = printer.wait_for_paper(1, 10)
    assert (outcome.result, outcome.proof) == (Result.PRINTED, Proof.REPORT)
    assert np.array_equal(page, bitmap.render(ALL["rare"], POS76)[0])


def test_a_slip_cut_short_by_the_end_of_the_paper_is_uncertain_and_the_next_one_is_whole() -> None:
    times = Deadlines(report=0.2, look=0.05)
    data = encode(ALL["match"], POS76)
    with PrinterEmulator(POS76, faults=(Fault(FaultKind.PAPER_OUT, at=len(data) // 2),)) as printer:
        cut_short = deliver(printer.address, POS76, data, deadlines=times)
        printer.repair()
        after = deliver(printer.address, POS76, data, after_mishap=True)
        papers = printer.wait_for_paper(2, 10)
    assert (cut_short.result, cut_short.reason) == (Result.UNCERTAIN, Reason.NO_REPORT)
    assert after.result is Result.PRINTED
    assert np.array_equal(papers[-1], bitmap.render(ALL["match"], POS76)[0])


def inked(page: Dots) -> NDArray[np.uint8]:
    """As it looks: round dots a little wider than a step, 0.16 by 0.18 mm, grey from a ribbon that has seen days."""
    ribbon = cv2.dilate(page.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    size = (page.shape[1] * 4, page.shape[0] * 40 // 9)
    sheet = np.pad(
        cv2.resize(230 - 140 * ribbon, size, interpolation=cv2.INTER_AREA), 40, constant_values=230
    )
    return np.asarray(cv2.GaussianBlur(sheet, (0, 0), 3), np.uint8)


@pytest.mark.parametrize(
    "text", ["GH1-4XQ7K2M9ZT3VB8NR6WYC5", "HTTPS://LG.EXAMPLE.CN/S/4XQ7K2M9ZT3VB8NR6WYC5"]
)
def test_its_codes_can_be_read(text: str) -> None:
    assert CodeReader().read_image(inked(paper(printed(Code(text))))) == (text,)


# A strict reader: knows only the commands below and refuses everything else, so data cannot pass for a command.

FIXED = {b"\x1b3": 1, b"\x1bJ": 1, b"\x1bU": 1, b"\x1b!": 1, b"\x1cW": 1, b"\x1dV": 2}


def strict(data: bytes) -> str:
    """The text in it."""
    at, text = 0, bytearray()
    while at < len(data):
        first, command = data[at : at + 1], data[at : at + 2]
        if first in (b"\n", b"\r"):
            at += 1
        elif command == b"\x1b*":
            assert data[at + 2] in (0, 1)
            at += 5 + int.from_bytes(data[at + 3 : at + 5], "little")
        elif first in b"\x1b\x1c\x1d":
            at += 2 + FIXED[command]
        elif b" " <= first <= b"~":
            text += first
            at += 1
        else:
            assert min(command) >= 0xA1
            text += command
            at += 2
    assert at == len(data)
    return charset.decode(bytes(text))


@settings(max_examples=60, deadline=None)
@given(slips())
def test_no_data_becomes_a_command(slip: Slip) -> None:
    items = lay_out(slip, POS76)
    shown = [ch for item in items if isinstance(item, TextLine) for run in item.runs for ch in run.text]
    assert all(charset.encode(ch, POS76.charset) for ch in shown)
    assert strict(printed(*slip.parts)).replace(" ", "") == "".join(shown).replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(slips())
def test_no_real_time_command_hides_in_pictures_or_text(slip: Slip) -> None:
    assert not any(command in encode(slip, POS76) for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
