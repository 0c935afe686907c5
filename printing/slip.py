"""The printer-neutral document.

A slip is what a paper says, not how a printer is told to say it. It is immutable, and whoever builds it has
already masked what must not be read: nothing below this floor knows what a name or a number is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Size = Literal[1, 2]
"""1: cells of 12 x 24 dots; 2: twice as wide and twice as high."""


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; it wraps at the paper's edge, and a newline in it breaks it."""

    text: str
    align: Align = Align.LEFT
    size: Size = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left and an amount at the right edge of the same line."""

    left: str
    right: str
    size: Size = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row; `width` in cells of 12 dots, None shares what is left."""

    text: str
    width: int | None = None
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Columns side by side, each wrapping within its own width."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper; a light one is dashed."""

    light: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, centred, with its quiet zone."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (a signature) of one bit a dot: `rows` hold `width` dots each, leftmost first, in the high bit.

    Raises ValueError when a row is not (width + 7) // 8 bytes long.
    """

    width: int
    rows: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if self.width < 1 or any(len(row) != (self.width + 7) // 8 for row in self.rows):
            raise ValueError("rows do not fit the width")


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut the paper here; a printer without a cutter feeds to where it can be torn."""


Part = Line | Pair | Row | Rule | Code | Picture | Feed | Cut


@dataclass(frozen=True, slots=True)
class Slip:
    """A whole document; `kind` is its stable name (`match_slip`)."""

    kind: str
    parts: tuple[Part, ...]
