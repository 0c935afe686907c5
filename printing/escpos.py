"""The bytes of a slip for an ESC/POS printer.

Only this module writes commands, and only `layout`'s cleaned characters reach it: each is written as one printable
ASCII byte, as two bytes with the high bit in the first, or drawn. So nothing in a document can become a command.
Source of the commands: Epson, ESC/POS Command Reference for TM Printers; of those to pins: SPRT, POS76II User's Manual.
"""

import numpy as np

from printing import charset, glyphs
from printing.layout import Band, Item, PageEnd, Space, Symbol, TextLine, lay_out
from printing.profile import Drawing, Profile
from printing.slip import Align, Slip

_ALIGN = {Align.LEFT: 0, Align.CENTER: 1, Align.RIGHT: 2}


def encode(slip: Slip, profile: Profile) -> bytes:
    """The whole document, from reset to cut; without a request for a completion report (that is the transport's)."""
    return write(lay_out(slip, profile), profile)


def write(items: list[Item], profile: Profile) -> bytes:
    """The bytes of what `layout.lay_out` made for the same profile."""
    writer = _Writer(profile)
    for item in items:
        writer.item(item)
    return bytes(writer.out)


class _Writer:
    """Keeps what the printer was last told, so that a command is sent only when something changes."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.out = bytearray(profile.init)
        self.align = Align.LEFT
        self.size = 1
        self.bold = False
        self.advance = 0  # unknown: the default differs between makers

    def item(self, item: Item) -> None:
        match item:
            case TextLine():
                self._set(item.align, item.advance)
                if item.runs:
                    self._resize(item.size)
                for run in item.runs:
                    self._embolden(run.bold)
                    for ch in run.text:
                        self.out += charset.encode(ch, self.profile.charset) or self._drawn(ch)
                self.out += b"\n"
            case Band(dots, align, advance):
                if self.profile.drawing is Drawing.PINS:
                    self.out += _pins(dots, advance)
                    return
                self._set(align, advance)
                self.out += _image(dots)
                self.out += b"\n"
            case Symbol(text, _, module):
                self._set(Align.CENTER, None)
                self.out += _qr(text, module)
            case Space(dots):
                self._feed(dots)
            case PageEnd():
                self.out += self.profile.cut

    def _drawn(self, ch: str) -> bytes:
        return _image(glyphs.glyph(ch, self.bold))

    def _set(self, align: Align, advance: int | None) -> None:
        if align is not self.align:
            self.align = align
            self.out += b"\x1ba" + bytes([_ALIGN[align]])  # ESC a
        if advance is not None and advance != self.advance:
            self.advance = advance
            self.out += b"\x1b3" + bytes([advance * self.profile.units_per_dot])  # ESC 3

    def _resize(self, size: int) -> None:
        if size != self.size:
            self.size = size
            self.out += self.profile.sizes[size - 1]

    def _embolden(self, bold: bool) -> None:
        if bold is not self.bold:
            self.bold = bold
            self.out += b"\x1bE" + bytes([bold])  # ESC E

    def _feed(self, dots: int) -> None:
        step = 255 // self.profile.units_per_dot
        for start in range(0, dots, step):
            self.out += b"\x1bJ" + bytes([min(step, dots - start) * self.profile.units_per_dot])  # ESC J


def _image(dots: glyphs.Dots) -> bytes:
    """ESC * 33: a picture 24 dots high that stands in the line like a character."""
    columns = glyphs.columns(dots)
    return b"\x1b*\x21" + (len(columns) // 3).to_bytes(2, "little") + columns


def _pins(dots: glyphs.Dots, advance: int) -> bytes:
    """A strip of half dots, 16 high, for eight pins that are two of them apart, and the way to the next.

    Where it consists of whole dots they are struck at once. Else in up to four passes: every other row, then those
    between them half a step lower, each in every other column, as no pin strikes two neighbouring half dots. All in
    one direction, so that they meet.
    """
    whole = dots[::2, ::2]
    if np.array_equal(dots, glyphs.enlarge(whole, 2)) and np.array_equal(glyphs.image_safe(whole), whole):
        return b"\x1bU\x01" + _pass(0, whole) + _step(advance) + b"\x1bU\x00"
    out = bytearray()
    for rows, step in ((dots[::2], 1), (dots[1::2], advance - 1)):
        halves = (np.where(np.arange(rows.shape[1]) % 2 == odd, rows, False) for odd in (0, 1))
        out += b"\r".join(_pass(1, half) for half in halves if half.any()) + _step(step)
    return b"\x1bU\x01" + bytes(out) + b"\x1bU\x00"


def _pass(mode: int, dots: glyphs.Dots) -> bytes:
    columns = glyphs.columns(dots)
    return b"\x1b*" + bytes([mode]) + len(columns).to_bytes(2, "little") + columns


def _step(rows: int) -> bytes:
    return b"\x1bJ" + bytes([rows])


def _qr(text: str, module: int) -> bytes:
    """GS ( k: model 2, dots a module, level M, store, print."""
    data = text.encode()
    return (
        b"\x1d(k\x04\x001A2\x00"
        + b"\x1d(k\x03\x001C"
        + bytes([module])
        + b"\x1d(k\x03\x001E1"
        + b"\x1d(k"
        + (len(data) + 3).to_bytes(2, "little")
        + b"1P0"
        + data
        + b"\x1d(k\x03\x001Q0"
    )
