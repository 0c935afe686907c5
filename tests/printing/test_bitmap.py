import io

import numpy as np
import zxingcpp
from PIL import Image

from printing import bitmap, glyphs
from printing.bitmap import preview, render
from printing.profile import profile
from printing.slip import Align, Code, Cut, Feed, Line, Slip

WIDE = profile("generic-80")


def test_where_things_stand() -> None:
    (page,) = render(
        Slip("test", (Line("工"), Line("工", Align.RIGHT), Line("A", Align.CENTER, size=2))), WIDE
    )
    assert page.shape == (32 + 32 + 58, 576)
    work = glyphs.glyph("工", False)
    assert np.array_equal(page[:24, :24], work)
    assert np.array_equal(page[32:56, 552:], work)
    assert np.array_equal(page[64:112, 276:300], glyphs.glyph("A", False).repeat(2, 0).repeat(2, 1))
    assert page.sum() == 2 * work.sum() + 4 * glyphs.glyph("A", False).sum()


def test_a_cut_ends_a_page() -> None:
    pages = render(Slip("test", (Line("甲"), Cut(), Feed(2), Line("乙"))), WIDE)
    assert [page.shape for page in pages] == [(32, 576), (96, 576)]
    assert render(Slip("test", (Line("甲"), Cut())), profile("generic-58"))[0].shape == (32 + 120, 384)


def test_preview_is_the_page_as_a_one_bit_png() -> None:
    slip = Slip("test", (Line("零工"), Code("GIGHALL-TEST")))
    image = Image.open(io.BytesIO(preview(slip, WIDE)))
    assert (image.mode, image.format) == ("1", "PNG")
    assert np.array_equal(~np.asarray(image), render(slip, WIDE)[0])
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    assert found.text == "GIGHALL-TEST"


def test_preview_of_pages_and_of_nothing() -> None:
    two = Image.open(io.BytesIO(preview(Slip("test", (Line("甲"), Cut(), Line("乙"))), WIDE)))
    assert two.size == (576, 32 + 49 + 32)
    assert Image.open(io.BytesIO(preview(Slip("test", ()), WIDE))).size[0] == 576
    assert bitmap.render(Slip("test", ()), WIDE) == []
