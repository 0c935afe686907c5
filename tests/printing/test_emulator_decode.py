"""The emulated printer's reading of ESC/POS: of ours, of python-escpos's, of anything."""

from __future__ import annotations

import numpy as np
import pytest
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printing import escpos, glyphs
from printing.emulator_codes import barcode
from printing.emulator_decode import Decoder, Request, decode
from printing.emulator_paper import Dots
from printing.profile import profile
from printing.slips.match_slip import match_slip
from tests.printing.samples import MATCH

P80 = profile("epson-tm-t82")
GB2312 = profile("generic-80")


def only(data: bytes) -> Dots:
    papers = decode(data, P80)
    assert len(papers) == 1
    return papers[0]


def text(*characters: str, bold: bool = False) -> Dots:
    return np.hstack([glyphs.glyph(ch, bold) for ch in characters])


def at(paper: Dots, dots: Dots, row: int = 0, column: int = 0) -> bool:
    """Whether `dots` stand there and nothing else in the same rows."""
    rows, width = dots.shape
    band = paper[row : row + rows].copy()
    found = np.array_equal(band[:, column : column + width], dots)
    band[:, column : column + width] = False
    return found and not band.any()


@pytest.mark.parametrize(
    ("data", "dots"),
    [
        (b"A1\n", text("A", "1")),
        ("中文\n".encode("gb18030"), text("中", "文")),
        ("A中·￥\n".encode("gb18030"), text("A", "中", "·", "￥")),
        (b"\x1bE\x01A\x1bE\x00A\n", np.hstack([glyphs.glyph("A", True), glyphs.glyph("A", False)])),
        (b"\x1bG\x01A\n", text("A", bold=True)),
        (b"\x1b!\x08A\n", text("A", bold=True)),
        (b"\x1d!\x11A\n", glyphs.enlarge(glyphs.glyph("A", False), 2)),
        (b"\x1b!\x30A\n", glyphs.enlarge(glyphs.glyph("A", False), 2)),
        (b"\x1d!\x20A\n", glyphs.glyph("A", False).repeat(3, axis=1)),
        (b"\x1c!\x0c\xd6\xd0\n", glyphs.enlarge(glyphs.glyph("中", False), 2)),
        (b"\x1cW\x01\xd6\xd0\n", glyphs.enlarge(glyphs.glyph("中", False), 2)),
        (b"\x1dB\x01A\n", ~glyphs.glyph("A", False)),
        (b"\x1b \x05AB\n", np.hstack([text("A"), np.zeros((24, 5), bool), text("B")])),
        (b"\x1cS\x02\x03\xd6\xd0\n", np.pad(text("中"), ((0, 0), (2, 3)))),
        (b"\x1bR\x0f$\n", text("¥")),
        (b"\x1bR\x03#\n", text("£")),
        (b"\x1c.\x1bt\x10\xfc\n", text("ü")[:, 0::2] | text("ü")[:, 1::2]),
    ],
)  # fmt: skip
def test_text(data: bytes, dots: Dots) -> None:
    assert at(only(data), dots)


def test_lines_stand_on_one_bottom_edge_and_advance_by_the_taller_of_spacing_and_content() -> None:
    paper = only(b"A\x1d!\x11B\x1d!\x00C\nD\n")
    assert paper.shape == (48 + 30, 576)
    assert np.array_equal(paper[24:48, :12], glyphs.glyph("A", False))
    assert not paper[:24, :12].any()
    assert np.array_equal(paper[48 + 0 : 48 + 24, :12], glyphs.glyph("D", False))


@pytest.mark.parametrize(
    ("data", "height"),
    [
        (b"A\n", 30),
        (b"\x1b3\x40A\nB\n", 64 // P80.units_per_dot * 2),
        (b"\x1b3\x40\x1b2A\n", 30),
        (b"\x1b3\x00A\n", 24),
        (b"A\x1bd\x03", 90),
        (b"\x1bd\x03", 90),
        (b"A\x1bJ\x64", 100 // P80.units_per_dot),
        (b"A\r\n", 30),
        (b"\n\n", 60),
    ],
)
def test_feeding(data: bytes, height: int) -> None:
    assert only(data).shape == (height, 576)


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (b"\x1ba\x01AB\n", (576 - 24) // 2),
        (b"\x1ba2AB\n", 576 - 24),
        (b"\x1b$\x10\x01AB\n", 0x110),
        (b"\x1b\\\x20\x00AB\n", 32),
        (b"\tAB\n", 96),
        (b"\x1bD\x03\x00\tAB\n", 36),
        (b"\x1dL\x30\x00AB\n", 48),
        (b"\x1dL\x30\x00\x1dW\x60\x00\x1ba\x01AB\n", 48 + (96 - 24) // 2),
    ],
)
def test_where_text_stands(data: bytes, column: int) -> None:
    assert at(only(data), text("A", "B"), 0, column)


def test_a_line_that_is_full_goes_on_below() -> None:
    paper = only(b"A" * 49 + b"\n")
    assert paper.shape == (60, 576)
    assert at(paper, text("A"), 30)


@pytest.mark.parametrize(
    "cut",
    [b"\x1dV\x00", b"\x1dV\x01", b"\x1dV0", b"\x1dV1", b"\x1dVA\x00", b"\x1dVB\x00", b"\x1dVa\x00", b"\x1dVb\x00",
     b"\x1dVg\x00", b"\x1dVh\x00", b"\x1bi", b"\x1bm"],
)  # fmt: skip
def test_every_cut_ends_a_paper(cut: bytes) -> None:
    papers = decode(b"A\n" + cut + b"B\n" + cut + cut, P80)
    assert [paper.shape for paper in papers] == [(30, 576)] * 2
    assert at(papers[1], text("B"))


def test_a_cut_may_feed_first() -> None:
    assert only(b"A\n\x1dVB\x14").shape == (30 + 20 // P80.units_per_dot, 576)


@pytest.mark.parametrize("size", [(8, 1), (13, 30), (576, 24), (300, 200)])
@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_pictures_of_python_escpos(way: str, size: tuple[int, int]) -> None:
    width, height = size
    dots = np.random.default_rng(7).random((height, width)) < 0.5
    printer = Dummy()
    printer.image(Image.fromarray(~dots), impl=way, center=False)
    paper = only(printer.output)
    assert np.array_equal(paper[:height, :width], dots)
    assert paper.sum() == dots.sum()


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_native_qr_of_python_escpos_can_be_read(level: int) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    printer = Dummy(profile="TM-T88V")
    printer.qr("https://example.invalid/零工?n=0042", native=True, ec=level, size=4)
    paper = np.pad(only(printer.output), 24)
    found = zxingcpp.read_barcodes(np.where(paper, 0, 255).astype(np.uint8))
    assert [code.text for code in found] == ["https://example.invalid/零工?n=0042"]


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("EAN13", "4006381333931", "4006381333931"),
        ("EAN8", "96385074", "96385074"),
        ("CODE39", "HAMMER-7", "HAMMER-7"),
        ("CODE128", "{BTool-0042", "Tool-0042"),
        ("ITF", "12345678", "12345678"),
    ],
)
def test_bar_codes_of_python_escpos_can_be_read(kind: str, data: str, shown: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    printer = Dummy(profile="TM-T88V")
    printer.barcode(data, kind, height=80, width=2, pos="BELOW", function_type="B")
    paper = np.pad(only(printer.output), 40)
    found = zxingcpp.read_barcodes(np.where(paper, 0, 255).astype(np.uint8))
    assert [code.text for code in found] == [shown]


def test_a_whole_paper_of_python_escpos() -> None:
    printer = Dummy(profile="TM-T88V")
    printer.set(align="center", bold=True, double_height=True, double_width=True)
    printer.textln("RECEIPT")
    printer.set_with_default()
    printer.textln("Hammer  7.00")
    printer.ln(2)
    printer.cashdraw(2)
    printer.buzzer(1, 2)
    printer.panel_buttons(False)
    printer.cut()
    decoder = Decoder(P80)
    decoder.feed(printer.output)
    assert decoder.unknown == []
    assert len(decoder.papers) == 1
    assert at(
        decoder.papers[0],
        glyphs.enlarge(text(*"RECEIPT", bold=True), 2),
        0,
        (576 - 7 * 24) // 2,
    )


def test_what_the_font_lacks_is_a_box() -> None:
    box = np.ones((24, 24), np.bool_)
    box[1:-1, 1:-1] = False
    rare = "镕".encode("gb18030")
    assert at(decode(rare + b"\n", GB2312)[0], box)
    assert at(only(rare + b"\n"), text("镕"))
    assert at(only(b"\xff\n\x81\x20\n"), box, 30)


def test_four_byte_characters_where_the_font_has_them() -> None:
    four = "㐀".encode("gb18030")
    assert len(four) == 4
    assert at(only(four + b"A\n"), text("㐀", "A"))
    assert not at(decode(four + b"A\n", GB2312)[0], text("㐀", "A"))


def test_questions_come_in_turn() -> None:
    decoder = Decoder(P80)
    decoder.feed(b"A\n\x1dV\x00\x1dr\x01\x1d(H\x06\x0000WXYZ\x1dI\x43\x1da\xff")
    assert decoder.requests == [
        Request("GS r", b"\x01"),
        Request("GS ( H", b"WXYZ"),
        Request("GS I", b"\x43"),
        Request("GS a", b"\xff"),
    ]
    assert len(decoder.papers) == 1


def test_commands_without_a_picture_are_skipped_by_their_length() -> None:
    data = (
        b"\x1bp\x00\x19\xfa\x1bc5\x01\x1bc3\x00\x1d:\x1dP\x00\x00\x1d(E\x03\x00\x06A\x01\x1b=\x01\x1bM\x01"
        b"\x1b{\x00\x1bV\x00\x1bU\x01\x1b&\x03AA\x02abcdef\x1d*\x01\x01abcdefgh\x1d/\x00\x1cC\x01\x1cp\x01\x00"
        b"\x1c2\xa1\xa1" + bytes(72) + b"\x1cq\x01\x01\x00\x01\x00abcdefgh"
        b"\x1dg0\x00\x14\x00\x10\x04\x01\x10\x14\x01\x00\x01"
    )  # fmt: skip
    decoder = Decoder(P80)
    decoder.feed(data + b"A\n")
    decoder.tear()
    assert decoder.unknown == []
    assert at(decoder.papers[0], text("A"))


def test_unknown_commands_are_logged_with_their_place() -> None:
    decoder = Decoder(P80)
    decoder.feed(b"AB\x1b\x99C\n\x1d\x01")
    decoder.tear()
    assert [(unknown.offset, unknown.data) for unknown in decoder.unknown] == [
        (2, b"\x1b\x99"),
        (6, b"\x1d\x01"),
    ]
    assert at(decoder.papers[0], text("A", "B", "C"))


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_bytes_may_come_in_pieces_of_any_size(draw: st.DataObject) -> None:
    data = escpos.encode(match_slip(MATCH), P80)
    decoder, left = Decoder(P80), data
    while left:
        size = draw.draw(st.integers(1, 200))
        decoder.feed(left[:size])
        left = left[size:]
    assert [paper.tobytes() for paper in decoder.papers] == [paper.tobytes() for paper in decode(data, P80)]


# Bytes that lead deep into the decoder, so that noise does not stay in its first branch.
_COMMANDS = st.sampled_from(
    [b"\x1b@", b"\x1b*", b"\x1dv0", b"\x1d(L", b"\x1d(k", b"\x1dk", b"\x1c&", b"\x1c.", b"\x1b$", b"\x1b\\", b"\x1dL",
     b"\x1dW", b"\x1dV", b"\x1ba", b"\x1d!", b"\x1cS", b"\x1d8L", b"\x1b&", b"\x10\x04",
     b"\x10\x14", b"\x1d(k\x03\x001Q0"]
)  # fmt: skip


@given(st.lists(_COMMANDS | st.binary(max_size=12), max_size=30))
@settings(max_examples=300, deadline=None)
def test_nothing_in_the_data_can_break_it(pieces: list[bytes]) -> None:
    for name in ("epson-tm-t82", "generic-58"):
        for paper in decode(b"".join(pieces), profile(name)):
            assert paper.shape[1] == profile(name).dots


def test_bar_codes_that_cannot_be_are_left_out() -> None:
    assert barcode(67, b"not digits", 2, 80) is None
    assert barcode(99, b"1", 2, 80) is None
    assert barcode(73, b"", 2, 80) is None
