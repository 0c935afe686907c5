"""How characters come out of the emulated printer: its font, and what the commands for type have set."""

from __future__ import annotations

import numpy as np

from printing import charset, glyphs
from printing.emulator_paper import Dots, stretch
from printing.emulator_tables import ASCII_SET, CODE_TABLES, INTERNATIONAL
from printing.profile import Charset, Profile


class Type:
    """The type in use; `letter` and `chinese` give characters in it. Fields are set by the commands they name."""

    def __init__(self, profile: Profile) -> None:
        self._charset = profile.charset
        self._cell = profile.cell
        # The Chinese letters of small fonts are a column narrower than their square (POS76II manual, FS &).
        self._chinese_wide = 2 * self._cell - (self._cell < glyphs.CELL)
        self.reset()

    def reset(self) -> None:
        """ESC @."""
        self.wide, self.high = 1, 1  # GS !
        self.double_wide = self.double_high = False  # FS !, FS W
        self.bold = self.struck = self.reverse = False  # ESC E, ESC G, GS B
        self.underline = 0  # ESC -
        self.in_chinese = True  # FS &, FS .; printers sold in China start in Chinese mode
        self.table = 0  # ESC t
        self.country = 0  # ESC R
        self.gap = 0  # ESC SP
        self.chinese_gaps = (0, 0)  # FS S

    def print_mode(self, mode: int) -> None:
        """ESC !."""
        self.bold = bool(mode & 0x08)
        self.high, self.wide = (2 if mode & 0x10 else 1), (2 if mode & 0x20 else 1)
        self.underline = 1 if mode & 0x80 else 0

    def chinese_mode(self, mode: int) -> None:
        """FS !."""
        self.double_wide, self.double_high = bool(mode & 0x04), bool(mode & 0x08)
        self.underline = 1 if mode & 0x80 else 0

    def chinese_double(self, on: bool) -> None:
        """FS W."""
        self.double_wide = self.double_high = on

    def size(self, size: int) -> None:
        """GS !."""
        self.wide, self.high = (size >> 4 & 7) + 1, (size & 7) + 1

    @property
    def step(self) -> int:
        """Dots from one Latin letter to the next."""
        return self._cell * self.wide

    def is_chinese(self, first: int) -> bool:
        """Whether a byte begins a Chinese character."""
        return self.in_chinese and first not in (0x80, 0xFF) and first > 0x7F

    def has_four_bytes(self, second: int) -> bool:
        return self._charset is Charset.GB18030 and 0x30 <= second <= 0x39

    def letter(self, byte: int) -> Dots:
        """A character of one byte."""
        if byte > 0x7F:
            ch = bytes([byte]).decode(CODE_TABLES.get(self.table, "cp437"), "replace")
        else:
            sign = ASCII_SET.find(chr(byte))
            ch = chr(byte) if sign < 0 else INTERNATIONAL[self.country][sign]
        dots = glyphs.glyph(ch, self.bold or self.struck, self._cell)
        if dots.shape[1] > self._cell:
            dots = dots[:, 0::2] | dots[:, 1::2]
        return self._finished(np.pad(dots, ((0, 0), (0, self.gap))), self.wide, self.high)

    def chinese(self, raw: bytes) -> Dots:
        """A character of two bytes, or four where the font is GB18030's; what the font lacks is a box."""
        try:
            raw.decode(self._charset.value)
            # one table for all three, as their fonts show the same sign where two Unicode ones compete (A1A4)
            dots = glyphs.glyph(charset.decode(raw), self.bold or self.struck, self._cell)
        except (UnicodeDecodeError, ValueError):
            dots = _box(self._cell)
        dots = np.pad(dots, ((0, 0), (0, max(0, self._chinese_wide - dots.shape[1]))))[
            :, : self._chinese_wide
        ]
        dots = np.pad(dots, ((0, 0), self.chinese_gaps))
        wide, high = 2 if self.double_wide else self.wide, 2 if self.double_high else self.high
        return self._finished(dots, wide, high)

    def _finished(self, dots: Dots, wide: int, high: int) -> Dots:
        dots = stretch(dots, wide, high)
        if self.underline:
            dots[-self.underline :, :] = True
        return ~dots if self.reverse else dots


def _box(cell: int) -> Dots:
    """What stands for a character the printer's font does not have."""
    dots = np.ones((2 * cell, 2 * cell), np.bool_)
    dots[1:-1, 1:-1] = False
    return dots
