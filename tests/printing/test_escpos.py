from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from printing import charset, glyphs, layout
from printing.escpos import encode
from printing.layout import Band, Space, Symbol, TextLine, lay_out
from printing.profile import Charset, Profile, profile
from printing.slip import Align, Code, Cut, Feed, Line, Pair, Part, Picture, Rule, Slip
from tests.printing.samples import slips

BARE = replace(profile("generic-80"), init=b"")


def printed(*parts: Part, model: Profile = BARE) -> bytes:
    return encode(Slip("test", parts), model)


@pytest.mark.parametrize(
    ("parts", "data"),
    [
        ([], b""),
        ([Line("A")], b"\x1b3\x20A\n"),
        ([Line("工")], b"\x1b3\x20\xb9\xa4\n"),
        ([Line("A"), Line("B")], b"\x1b3\x20A\nB\n"),  # nothing is said twice
        ([Line("A", bold=True), Line("B")], b"\x1b3\x20\x1bE\x01A\n\x1bE\x00B\n"),
        ([Line("A", Align.CENTER), Line("B", Align.RIGHT)], b"\x1ba\x01\x1b3\x20A\n\x1ba\x02B\n"),
        ([Line("A", size=2), Line("B")], b"\x1b3\x3a\x1d!\x11A\n\x1b3\x20\x1d!\x00B\n"),
        ([Pair("A", "￥1")], b"\x1b3\x20A" + b" " * 44 + b"\xa3\xa41\n"),
        ([Rule()], b"\x1b3\x20" + b"\xa9\xa4" * 24 + b"\n"),
        ([Feed(1)], b"\x1bJ\x20"),
        ([Feed(10)], b"\x1bJ\xff\x1bJ\x41"),
        ([Line(""), Cut()], b"\x1b3\x20\n\x1dV\x42\x00"),
        (
            [Code("GH1")],
            b"\x1bJ\x18\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1"
            b"\x1d(k\x06\x001P0GH1\x1d(k\x03\x001Q0\x1bJ\x18",
        ),
        ([Picture(2, (b"\x80",))], b"\x1ba\x01\x1b3\x18\x1b*\x21\x02\x00\x80\0\0\0\0\0\n"),
    ],
)
def test_exact_bytes(parts: list[Part], data: bytes) -> None:
    assert printed(*parts) == data


def test_init_comes_first() -> None:
    assert printed(Line("A"), model=profile("generic-80")).startswith(
        b"\x1b@\x1bR\x00\x1c&\x1cS\x00\x00\x1b3\x20A"
    )


def test_a_character_the_font_lacks_is_drawn_in_its_line() -> None:
    drawn = b"\x1b*\x21\x18\x00" + glyphs.columns(glyphs.glyph("镕", False))
    assert len(drawn) == 77
    assert printed(Line("祝镕A")) == b"\x1b3\x20\xd7\xa3" + drawn + b"A\n"
    assert printed(Line("祝镕A"), model=replace(BARE, charset=Charset.GBK)) == b"\x1b3\x20\xd7\xa3\xe9FA\n"


def test_a_large_line_with_such_a_character_is_drawn_whole_in_two_strips() -> None:
    upper, lower = np.vsplit(
        np.hstack([glyphs.glyph(ch, False) for ch in "祝镕"]).repeat(2, 0).repeat(2, 1), 2
    )
    assert printed(Line("祝镕", size=2)) == (
        b"\x1b3\x18\x1b*\x21\x60\x00" + glyphs.columns(upper) + b"\n"
        b"\x1b3\x22\x1b*\x21\x60\x00" + glyphs.columns(lower) + b"\n"
    )  # 24 dots on, so that the strips touch; then 24 and the gap


def test_half_dot_printers_are_told_double() -> None:
    model = replace(BARE, units_per_dot=2)
    assert printed(Line("A"), Feed(5), model=model) == b"\x1b3\x40A\n\x1bJ\xfe\x1bJ\x42"


# A strict reader: knows only the commands below and refuses everything else, so data cannot pass for a command.

FIXED = {b"\x1b3": 1, b"\x1ba": 1, b"\x1bE": 1, b"\x1bJ": 1, b"\x1d!": 1}


def strict(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0

    def take(count: int) -> bytes:
        nonlocal at
        assert at + count <= len(data), "cut off"
        at += count
        return data[at - count : at]

    while at < len(data):
        first = take(1)
        if first == b"\n":
            yield "end", b""
        elif first in b"\x1b\x1d":
            command = first + take(1)
            if command == b"\x1b*":
                mode, low, high = take(3)
                assert mode == 33
                yield "image", take(3 * (low + 256 * high))
            elif command == b"\x1d(":
                assert take(1) == b"k"
                low, high = take(2)
                yield "qr", take(low + 256 * high)
            elif command == b"\x1dV":
                assert take(2) == b"\x42\x00"
                yield "cut", b""
            else:
                yield command.decode(), take(FIXED[command])
        elif b" " <= first <= b"~":
            yield "text", first
        else:
            assert first >= b"\x81", first
            second = take(1)
            assert second >= b"\x40"
            assert second != b"\x7f"
            yield "text", first + second


@settings(max_examples=150, deadline=None)
@given(slips())
def test_no_data_becomes_a_command(slip: Slip) -> None:
    for model in (replace(BARE, columns=32, charset=Charset.GB18030), replace(BARE, native_qr=False)):
        items = lay_out(slip, model)
        told = list(strict(encode(slip, model)))
        # Every line, picture and cut of the layout is there, and no other.
        assert sum(kind == "end" for kind, _ in told) == sum(
            isinstance(item, TextLine | Band) for item in items
        )
        assert sum(kind == "cut" for kind, _ in told) == sum(
            isinstance(item, layout.PageEnd) for item in items
        )
        assert sum(kind == "qr" for kind, _ in told) == 5 * sum(isinstance(item, Symbol) for item in items)
        text = "".join(run.text for item in items if isinstance(item, TextLine) for run in item.runs)
        native = "".join(ch for ch in text if charset.encode(ch, model.charset))
        assert charset.decode(b"".join(data for kind, data in told if kind == "text")) == native
        fed = sum(data[0] for kind, data in told if kind == "\x1bJ")
        assert fed == sum(item.dots for item in items if isinstance(item, Space))


@settings(max_examples=100, deadline=None)
@given(slips())
def test_no_real_time_command_hides_in_pictures_or_text(slip: Slip) -> None:
    data = encode(slip, BARE)
    assert not any(command in data for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


def test_hostile_name() -> None:
    assert printed(Line("张\x1b@\x1dV\x00三\x10\x14\x08\ud800\u202e👷")) == (
        "\x1b3 张@V三□□\n".encode("gb18030")
    )
