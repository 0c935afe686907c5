"""ESC/POS bytes to pictures: the decoder inside the emulated printer.

It is written against the ESC/POS reference and shares nothing with `printing.escpos` but the glyphs, so that
the two check each other. Commands that it knows but does not draw are skipped by their right length; unknown
ones are logged with their offset. Nothing in the data can make it raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from printing import glyphs
from printing.emulator_codes import barcode, qr_code
from printing.emulator_paper import Dots, Paper, stretch, unpack
from printing.emulator_tables import DLE, ESC, FS, GS, INTERNATIONAL, NOT_FOR_PINS, SKIPPED
from printing.emulator_type import Type
from printing.profile import Drawing, Profile


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command nobody here knows: where it began in the stream, and its first bytes."""

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A question in the print data, due when everything before it is printed.

    `kind` is "GS r", "GS I", "GS a" or "GS ( H"; `data` its parameters.
    """

    kind: str
    data: bytes


def decode(data: bytes, profile: Profile) -> list[Dots]:
    """The papers that `data` gives: one picture a cut, and one of what hangs out after the last cut."""
    decoder = Decoder(profile)
    decoder.feed(data)
    decoder.tear()
    return decoder.papers


class _More(Exception):
    """The rest of a command has not arrived."""


class Decoder:
    """A print data interpreter that takes bytes in pieces of any size."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.papers: list[Dots] = []
        self.requests: list[Request] = []
        self.unknown: list[Unknown] = []
        self._pins = profile.drawing is Drawing.PINS
        self._paper = Paper(profile.dots, 24, exact=True) if self._pins else Paper(profile.dots)
        self._type = Type(profile)
        self._data = bytearray()
        self._at = 0
        self._offset = 0
        self._qr_text = b""
        self._qr_dots = 3
        self._qr_level = 48
        self._graphics: Dots | None = None
        self._reset()
        self._escapes: dict[tuple[int, int], Callable[[], None]] = {
            **{(ESC, ord(key)): do for key, do in self._esc().items()},
            **{(FS, ord(key)): do for key, do in self._fs().items()},
            **{(GS, ord(key)): do for key, do in self._gs().items()},
        }
        if self._pins:
            for command in NOT_FOR_PINS:
                self._escapes.pop(command, None)

    # -- what the printer around it uses

    def feed(self, data: bytes) -> None:
        """Interpret as much as is complete; the rest waits for more."""
        self._data += data
        while self._at < len(self._data):
            start = self._at
            try:
                self._command()
            except _More:
                self._at = start
                break
        self._offset += self._at
        del self._data[: self._at]
        self._at = 0

    def clear(self) -> None:
        """DLE DC4 fn 8: forget what waits and what is collected; paper already printed stays."""
        self._data.clear()
        self._reset()

    def tear(self) -> None:
        """Take off the paper that hangs out, as a hand or the cutter at power-on does."""
        if not self._paper.line_is_empty:
            self._paper.print_line()
        self._cut()

    def print_line_again(self) -> None:
        self._paper.print_line_again()

    # -- reading

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise _More
        self._at += 1
        return self._data[self._at - 1]

    def _word(self) -> int:
        return self._byte() | self._byte() << 8

    def _bytes(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise _More
        self._at += count
        return bytes(self._data[self._at - count : self._at])

    def _until_nul(self) -> bytes:
        end = self._data.find(0, self._at)
        if end < 0:
            raise _More
        found = bytes(self._data[self._at : end])
        self._at = end + 1
        return found

    def _command(self) -> None:
        start = self._at
        first = self._byte()
        if first in (ESC, FS, GS):
            second = self._byte()
            if do := self._escapes.get((first, second)):
                do()
            elif second == ord("("):
                self._function(first)
            elif (count := SKIPPED[first].get(second)) is not None:
                self._bytes(count)
            else:
                self.unknown.append(Unknown(self._offset + start, bytes(self._data[start : self._at])))
        elif first == DLE:
            self._real_time()
        elif first >= 0x20:
            self._character(first)
        elif first == 0x0A or first == 0x0C:
            self._paper.print_line()
        elif first == 0x0D and self._pins:
            self._paper.print_line(0)
        elif first == 0x09:
            self._tab()
        elif first not in (0x00, 0x07, 0x0D, 0x18):
            self.unknown.append(Unknown(self._offset + start, bytes([first])))

    def _real_time(self) -> None:
        """DLE commands were carried out on arrival; in the stream they are only skipped."""
        second = self._byte()
        if second == 0x14:
            function = self._byte()
            self._bytes({1: 2, 2: 2, 3: 5, 7: 1, 8: 7}.get(function, 0))
        elif second in (0x04, 0x05) and self._byte() in (7, 8, 18) and second == 0x04:
            self._byte()

    # -- text

    def _reset(self) -> None:
        """ESC @."""
        self._paper.reset()
        self._type.reset()
        self._tabs = [8 * n for n in range(1, 33)]
        self._bar_height, self._bar_width, self._bar_text = 162, 3, 0

    def _character(self, first: int) -> None:
        if self._type.is_chinese(first):
            raw = bytes([first, self._byte()])
            if self._type.has_four_bytes(raw[1]):
                raw += self._bytes(2)
            self._paper.put(self._type.chinese(raw))
        elif first != 0x7F:
            self._paper.put(self._type.letter(first))

    def _tab(self) -> None:
        step = self._type.step
        stop = next((stop * step for stop in self._tabs if stop * step > self._paper.x), self._paper.x)
        self._paper.x = stop

    # -- commands, by their letter

    def _esc(self) -> dict[str, Callable[[], None]]:
        paper, type_ = self._paper, self._type
        return {
            "@": self._reset,
            "!": lambda: type_.print_mode(self._byte()),
            "E": lambda: setattr(type_, "bold", bool(self._byte() & 1)),
            "G": lambda: setattr(type_, "struck", bool(self._byte() & 1)),
            "-": lambda: setattr(type_, "underline", _digit(self._byte(), 2)),
            "a": lambda: setattr(paper, "align", _digit(self._byte(), 2)),
            "t": lambda: setattr(type_, "table", self._byte()),
            "R": lambda: setattr(type_, "country", _digit(self._byte(), len(INTERNATIONAL) - 1)),
            " ": lambda: setattr(type_, "gap", self._byte()),
            "2": lambda: setattr(paper, "line_spacing", paper.usual_spacing),
            "3": lambda: setattr(paper, "line_spacing", self._rows(self._byte())),
            "A": lambda: setattr(paper, "line_spacing", self._byte() * self.profile.dpi // 60),
            "+": lambda: setattr(paper, "line_spacing", self._byte() * self.profile.dpi // 360),
            "d": self._feed_lines,
            "J": lambda: paper.print_line(self._rows(self._byte())),
            "$": lambda: setattr(paper, "x", self._word()),
            "\\": self._move,
            "*": self._columns_picture,
            "D": self._set_tabs,
            "&": self._define_characters,
            "c": lambda: None if self._byte() not in b"01345" else self._ignore(1),
            "i": self._cut,
            "m": self._cut,
        }

    def _fs(self) -> dict[str, Callable[[], None]]:
        type_ = self._type
        return {
            "&": lambda: setattr(type_, "in_chinese", True),
            ".": lambda: setattr(type_, "in_chinese", False),
            "!": lambda: type_.chinese_mode(self._byte()),
            "-": lambda: setattr(type_, "underline", _digit(self._byte(), 2)),
            "S": lambda: setattr(type_, "chinese_gaps", (self._byte(), self._byte())),
            "W": lambda: type_.chinese_double(bool(self._byte() & 1)),
            "q": self._define_stored_pictures,
        }

    def _gs(self) -> dict[str, Callable[[], None]]:
        paper = self._paper
        return {
            "!": lambda: self._type.size(self._byte()),
            "B": lambda: setattr(self._type, "reverse", bool(self._byte() & 1)),
            "L": lambda: setattr(paper, "left", min(self._word(), paper.width)),
            "W": lambda: setattr(paper, "area", max(1, min(self._word(), paper.width))),
            "V": self._cut_paper,
            "v": self._raster,
            "8": lambda: self._graphics_data(wide=True),
            "k": self._barcode,
            "h": lambda: setattr(self, "_bar_height", max(1, self._byte())),
            "w": lambda: setattr(self, "_bar_width", max(1, self._byte())),
            "H": lambda: setattr(self, "_bar_text", _digit(self._byte(), 3)),
            "*": lambda: self._ignore(self._byte() * self._byte() * 8),
            "r": lambda: self._request("GS r", 1),
            "I": lambda: self._request("GS I", 1),
            "a": lambda: self._request("GS a", 1),
            "g": lambda: self._ignore({ord("0"): 3, ord("2"): 3}.get(self._byte(), 0)),
            "C": lambda: self._ignore({ord("0"): 2, ord("1"): 6, ord("2"): 2}.get(self._byte(), 0)),
        }

    def _ignore(self, count: int) -> None:
        self._bytes(count)

    def _request(self, kind: str, count: int) -> None:
        self.requests.append(Request(kind, self._bytes(count)))

    def _rows(self, units: int) -> int:
        return units // self.profile.units_per_dot

    def _feed_lines(self) -> None:
        lines = self._byte()
        self._paper.print_line()
        self._paper.feed((lines - 1) * self._paper.line_spacing if lines else 0)

    def _move(self) -> None:
        by = self._word()
        self._paper.x = max(0, self._paper.x + (by - 0x10000 if by & 0x8000 else by))

    def _set_tabs(self) -> None:
        self._tabs = list(self._until_nul())

    def _define_characters(self) -> None:
        high, first, last = self._byte(), self._byte(), self._byte()
        for _ in range(first, last + 1):
            self._ignore(high * self._byte())

    def _define_stored_pictures(self) -> None:
        for _ in range(self._byte()):
            self._ignore(self._word() * self._word() * 8)

    def _columns_picture(self) -> None:
        """ESC *: columns of 8 or 24 dots, the top one in the high bit."""
        mode, count = self._byte(), self._word()
        rows = 24 if mode in (32, 33) and not self._pins else 8
        packed = np.frombuffer(self._bytes(count * rows // 8), np.uint8)
        dots = np.unpackbits(packed.reshape(count, rows // 8), axis=1).T.astype(np.bool_)
        if self._pins:
            dots = _struck(dots, half=mode == 1)
        else:
            dots = stretch(dots, 2 if mode in (0, 32) else 1, 3 if rows == 8 else 1)
        if count:
            self._paper.put(dots)

    def _raster(self) -> None:
        """GS v 0: rows of bytes, the leftmost dot in the high bit."""
        self._byte()
        mode, across, down = self._byte(), self._word(), self._word()
        dots = unpack(self._bytes(across * down), across * 8, down)
        self._paper.block(stretch(dots, 2 if mode & 1 else 1, 2 if mode & 2 else 1))

    def _cut_paper(self) -> None:
        mode = self._byte()
        feed = self._rows(self._byte()) if mode in (65, 66, 97, 98, 103, 104) else 0
        if not self._paper.line_is_empty:
            self._paper.print_line()
        self._paper.feed(feed)
        self._cut()

    def _cut(self) -> None:
        picture = self._paper.cut()
        if picture is not None:
            self.papers.append(picture)

    def _barcode(self) -> None:
        kind = self._byte()
        data = self._bytes(self._byte()) if kind >= 65 else self._until_nul()
        bars = barcode(kind, data, self._bar_width, self._bar_height)
        if bars is None:
            return
        text = [glyphs.glyph(chr(byte), False, self.profile.cell) for byte in data if 0x20 <= byte < 0x7F]
        if self._bar_text & 1:
            self._caption(text)
        self._paper.block(bars)
        if self._bar_text & 2:
            self._caption(text)

    def _caption(self, text: list[Dots]) -> None:
        if text:
            self._paper.block(np.hstack(text))

    def _function(self, first: int) -> None:
        """ESC ( X, FS ( X, GS ( X: a length, then that many bytes."""
        start, kind, length = self._at - 2, self._byte(), self._word()
        if (first, kind) == (GS, ord("L")):
            self._at -= 2
            self._graphics_data(wide=False)
            return
        data = self._bytes(length)
        if (first, kind) == (GS, ord("k")):
            self._symbol(data)
        elif (first, kind) == (GS, ord("H")) and data[:1] == b"\x30":
            self.requests.append(Request("GS ( H", data[2:]))
        elif not chr(kind).isalpha():
            self.unknown.append(Unknown(self._offset + start, bytes(self._data[start : start + 5])))

    def _symbol(self, data: bytes) -> None:
        """GS ( k: QR codes are drawn, other symbols skipped."""
        if len(data) < 3 or data[0] != 49:
            return
        function, value = data[1], data[2]
        if function == 67:
            self._qr_dots = max(1, min(value, 16))
        elif function == 69:
            self._qr_level = value
        elif function == 80:
            self._qr_text = data[3:]
        elif function == 81:
            code = qr_code(self._qr_text, self._qr_level)
            if code is not None:
                self._paper.block(stretch(code, self._qr_dots, self._qr_dots))

    def _graphics_data(self, *, wide: bool) -> None:
        """GS ( L and GS 8 L: a raster into the buffer (fn 112), the buffer onto paper (fn 2, 50)."""
        if wide and self._byte() != ord("L"):
            return
        data = self._bytes(self._word() | (self._word() << 16 if wide else 0))
        function = data[1] if len(data) > 1 else 0
        if function == 112 and len(data) >= 10:
            across, down = data[6] | data[7] << 8, data[8] | data[9] << 8
            dots = unpack(data[10:], (across + 7) // 8 * 8, down)[:, :across]
            self._graphics = stretch(dots, max(1, data[3]), max(1, data[4]))
        elif function in (2, 50) and self._graphics is not None:
            self._paper.block(self._graphics)
            self._graphics = None


def _digit(value: int, most: int) -> int:
    """A parameter that may be given as a number or as its digit; out of range counts as 0."""
    value = value - 48 if 48 <= value <= 57 else value
    return value if value <= most else 0


def _struck(dots: Dots, *, half: bool) -> Dots:
    """Rows of eight pins, two half dots apart (POS76II manual, ESC *): whole dots, or half ones, of which a pin does
    not strike two that are neighbours."""
    if not half:
        return stretch(dots, 2, 2)
    dots = dots.copy()
    for column in range(1, dots.shape[1]):
        dots[:, column] &= ~dots[:, column - 1]
    struck = np.zeros((2 * dots.shape[0], dots.shape[1]), np.bool_)
    struck[::2] = dots
    return struck
