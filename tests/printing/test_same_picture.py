"""The bytes, read back by the emulated printer, give the very dots of the preview."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from printing import bitmap, escpos, layout
from printing.emulator_decode import decode
from printing.profile import Charset, profile, profiles
from printing.slip import Line, Slip
from printing.slips.copies import reprint
from printing.slips.match_slip import match_slip
from printing.slips.test_page import test_page as page_for
from tests.printing.samples import ALL, RARE, slips
from tests.printing.test_charset import standard_characters


def same(slip: Slip, name: str, **changes: object) -> None:
    model = replace(profile(name), **changes)  # type: ignore[arg-type]
    drawn = bitmap.render(slip, model)
    printed = decode(escpos.encode(slip, model), model)
    assert [page.shape for page in printed] == [page.shape for page in drawn]
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(drawn, printed, strict=True))


@pytest.mark.parametrize("name", sorted(profiles()))
@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_slip_on_every_model(name: str, kind: str) -> None:
    same(ALL[kind], name)


@pytest.mark.parametrize("charset", list(Charset))
@pytest.mark.parametrize("native_qr", [True, False])
def test_reprint_with_every_font(charset: Charset, native_qr: bool) -> None:
    same(reprint(match_slip(RARE), 2), "generic-80", charset=charset, native_qr=native_qr)


@pytest.mark.parametrize("name", sorted(profiles()))
def test_test_page(name: str) -> None:
    same(page_for(profile(name)), name)


@settings(max_examples=40, deadline=None)
@given(slips())
def test_any_slip(slip: Slip) -> None:
    same(slip, "generic-80")
    same(slip, "generic-58")
    same(slip, "sprt-pos76")


@pytest.mark.parametrize("charset", list(Charset))
def test_every_standard_character(charset: Charset) -> None:
    """All 8,105 of 通用规范汉字表, whichever font the printer has."""
    characters = standard_characters()
    lines = tuple(Line(characters[start : start + 24]) for start in range(0, len(characters), 24))
    assert len(lines) * 32 < layout.MAX_DOTS
    same(Slip("test", lines), "generic-80", charset=charset)


def test_every_standard_character_on_pins() -> None:
    characters = standard_characters()
    lines = tuple(Line(characters[start : start + 25]) for start in range(0, len(characters), 25))
    same(Slip("test", lines), "sprt-pos76")


def test_a_printer_with_a_smaller_font_shows_the_difference() -> None:
    """So the test above can fail: bytes for GBK on a GB2312 printer are not that character."""
    model = profile("generic-80")
    slip = Slip("test", (Line("镕"),))
    (wrong,) = decode(escpos.encode(slip, replace(model, charset=Charset.GBK)), model)
    assert not np.array_equal(wrong, bitmap.render(slip, model)[0])
