"""The paper in the emulated printer: what a line holds, where it lands, and the picture up to a cut.

The model (Epson ESC/POS reference, "print buffer", ESC a, ESC 2/3): characters and ESC * pictures collect in
a line and stand on one common bottom edge; printing the line moves the paper by the line spacing or by the
tallest thing in it, whichever is more (a printer with pins feeds `exact`: by the line spacing). Rasters, QR
codes and bar codes print at once and move the paper by exactly their own height. The distance between print
head and cutter is left out: a cut falls below the last dot row fed. Units are dots.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Dots = npt.NDArray[np.bool_]
"""Rows by columns; True is a black dot."""

LINE_SPACING = 30
"""The line spacing after a reset on the 203 dpi printers sold in China (3.75 mm)."""

LEFT, CENTER, RIGHT = 0, 1, 2


class Paper:
    """One roll of paper, `width` dots wide, and the line that is being collected."""

    def __init__(self, width: int, spacing: int = LINE_SPACING, *, exact: bool = False) -> None:
        self.width = width
        self.usual_spacing = spacing
        self._exact = exact
        self._placed: list[tuple[int, int, Dots]] = []
        self._last_line: list[tuple[int, int, Dots]] = []
        self._y = 0
        self.reset()

    def reset(self) -> None:
        """What ESC @ does: the collected line is dropped, settings return to their defaults."""
        self.align = LEFT
        self.left = 0
        self.area = self.width
        self.line_spacing = self.usual_spacing
        self.clear_line()

    def clear_line(self) -> None:
        """Drop what was collected but not printed."""
        self._line: list[tuple[int, Dots]] = []
        self.x = 0

    @property
    def line_is_empty(self) -> bool:
        return not self._line

    def put(self, dots: Dots, gap: int = 0) -> None:
        """Add a character or picture to the line; a line that is full prints first."""
        if self._line and self.x + dots.shape[1] > self._room:
            self.print_line()
        self._line.append((self.x, dots))
        self.x += dots.shape[1] + gap

    @property
    def _room(self) -> int:
        return min(self.area, self.width - self.left)

    def print_line(self, feed: int | None = None) -> None:
        """Print what was collected and move the paper on by `feed` dots, by default the line spacing."""
        height = max((dots.shape[0] for _, dots in self._line), default=0)
        shift = self._shift(max((x + dots.shape[1] for x, dots in self._line), default=0))
        self._last_line = [(shift + x, height - dots.shape[0], dots) for x, dots in self._line]
        self._place_last_line()
        feed = self.line_spacing if feed is None else feed
        self._y += feed if self._exact else max(height, feed)
        self.clear_line()

    def block(self, dots: Dots) -> None:
        """Print a raster or a code at once."""
        if self._line:
            self.print_line()
        self._last_line = [(self._shift(dots.shape[1]), 0, dots)]
        self._place_last_line()
        self._y += dots.shape[0]

    def feed(self, rows: int) -> None:
        self._y += rows

    def print_line_again(self) -> None:
        """The line printed last once more, as some printers do after a power failure."""
        self._place_last_line()
        self._y += max((above + dots.shape[0] for _, above, dots in self._last_line), default=0)

    def cut(self) -> Dots | None:
        """The picture since the last cut; None when the paper has not moved since."""
        if not self._y:
            return None
        picture = np.zeros((self._y, self.width), np.bool_)
        for x, y, dots in self._placed:
            seen = picture[y : y + dots.shape[0], x : x + dots.shape[1]]
            seen |= dots[: seen.shape[0], : seen.shape[1]]
        self._placed, self._last_line, self._y = [], [], 0
        return picture

    def _shift(self, extent: int) -> int:
        spare = max(0, self._room - extent)
        return self.left + {LEFT: 0, CENTER: spare // 2, RIGHT: spare}[self.align]

    def _place_last_line(self) -> None:
        self._placed += [(x, self._y + above, dots) for x, above, dots in self._last_line]


def unpack(data: bytes, across: int, down: int) -> Dots:
    """Rows of dots from packed bytes; missing bytes are white."""
    packed = np.frombuffer(data.ljust(across // 8 * down, b"\0")[: across // 8 * down], np.uint8)
    return np.unpackbits(packed).reshape(down, across).astype(np.bool_)


def stretch(dots: Dots, across: int, down: int) -> Dots:
    """Every dot `across` times as wide and `down` times as high."""
    return dots.repeat(down, axis=0).repeat(across, axis=1)
