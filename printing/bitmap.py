"""The picture of a slip: what comes out of the printer, dot for dot. For the screen and for tests."""

import io

import numpy as np
from PIL import Image

from printing import glyphs
from printing.glyphs import Dots
from printing.layout import Band, Item, PageEnd, Space, Symbol, TextLine, lay_out, picture_of
from printing.profile import Profile
from printing.slip import Align, Slip

_BETWEEN = 24  # rows from a cut to the next page in a preview


def render(slip: Slip, profile: Profile) -> list[Dots]:
    """One picture a page (a cut ends a page), `profile.dots` wide; True is black."""
    return draw(lay_out(slip, profile), profile)


def draw(items: list[Item], profile: Profile) -> list[Dots]:
    """The pages of what `layout.lay_out` made for the same profile."""
    pages: list[Dots] = []
    strips: list[Dots] = []
    for item in items:
        if isinstance(item, PageEnd):
            pages.append(_stack(strips, profile.dots))
            strips = []
        else:
            strips.append(_strip(item, profile))
    if strips:
        pages.append(_stack(strips, profile.dots))
    return pages


def preview(slip: Slip, profile: Profile) -> bytes:
    """A PNG, black on white, one dot a pixel; pages below each other with a dashed line where the cutter runs."""
    dashes = np.zeros((2 * _BETWEEN + 1, profile.dots), np.bool_)
    dashes[_BETWEEN] = np.arange(profile.dots) % 16 < 8
    pages = render(slip, profile) or [np.zeros((profile.line, profile.dots), np.bool_)]
    parts = [strip for page in pages for strip in (dashes, page)][1:]
    out = io.BytesIO()
    Image.fromarray(~np.vstack(parts)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _strip(item: TextLine | Band | Symbol | Space, profile: Profile) -> Dots:
    match item:
        case TextLine():
            return _placed(picture_of(item, profile), item.align, item.advance, profile.dots)
        case Band(picture, align, advance):
            return _placed(picture, align, advance, profile.dots)
        case Symbol(text, _, module):
            picture = glyphs.enlarge(glyphs.qr_matrix(text), module)
            return _placed(picture, Align.CENTER, len(picture), profile.dots)
        case Space(rows):
            return np.zeros((rows, profile.dots), np.bool_)


def _placed(picture: Dots, align: Align, advance: int, dots: int) -> Dots:
    strip = np.zeros((advance, dots), np.bool_)
    high, wide = picture.shape
    left = {Align.LEFT: 0, Align.CENTER: (dots - wide) // 2, Align.RIGHT: dots - wide}[align]
    strip[:high, left : left + wide] = picture
    return strip


def _stack(strips: list[Dots], dots: int) -> Dots:
    return np.vstack([np.zeros((0, dots), np.bool_), *strips])
