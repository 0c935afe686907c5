"""From a slip to lines of cells: the one pass that both renderers follow.

Measures are dots. A cell is `profile.cell` wide (12; 8 on pin printers), a line twice as high, at size 2 both
doubled; every line states its `advance`, the distance to the next, which the printer is told with ESC 3. What a
line shows is at its top, the gap below it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from printing import charset, glyphs
from printing.breaking import wrap
from printing.charset import clean, width
from printing.glyphs import Dots
from printing.profile import Drawing, Profile
from printing.slip import Align, Cell, Code, Cut, Feed, Line, Pair, Part, Picture, Row, Rule, Size, Slip

GAP = 2 / 3  # of a cell: 8 dots of 12
GAP_LARGE = 5 / 6  # 10 dots
MODULE = 6  # dots; an even number, so that pin printers strike whole ones
LEAST_MODULE = 4  # for long codes; 3 dots were not read at all from a camera (design.md §4)
QUIET = 4  # modules of white round a code
TEAR_OFF = 120  # dots from the head to the tear bar where nothing cuts
MAX_DOTS = 12_800  # 1.6 m of paper, 400 lines; a document beyond that is a mistake
MAX_CODE = 1000  # bytes; also keeps DLE EOT out of the length bytes of GS ( k
MAX_FEED = 20  # lines
MAX_TEXT = 4000  # characters of one part
TOO_LONG = "……内容过长，以下未打印"
NO_CODE = "〔二维码内容过长，未打印〕"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one weight."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    runs: tuple[Run, ...]
    align: Align
    size: Size
    advance: int

    @property
    def columns(self) -> int:
        """Its width in cells of size 1."""
        return sum(width(run.text) for run in self.runs) * self.size


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A strip of picture as high as a line of normal letters."""

    dots: Dots
    align: Align
    advance: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code for a printer that makes it itself: `modules` on a side, `module` dots each, centred."""

    text: str
    modules: int
    module: int


@dataclass(frozen=True, slots=True)
class Space:
    dots: int


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The cutter runs here."""


Item = TextLine | Band | Symbol | Space | PageEnd


def lay_out(slip: Slip, profile: Profile) -> list[Item]:
    """Everything to be printed, from the top. Bounded: what goes beyond `MAX_DOTS` is left out, and said so."""
    items: list[Item] = []
    left = MAX_DOTS
    for item in _items(slip, profile):
        left -= height(item)
        if left < 0:
            return [*items, _line([Run(TOO_LONG, True)], Align.LEFT, 1, profile), *_cut(profile)]
        items.append(item)
    return items


def height(item: Item) -> int:
    """Rows of dots the paper moves."""
    match item:
        case TextLine() | Band():
            return item.advance
        case Symbol():
            return item.modules * item.module
        case Space():
            return item.dots
        case PageEnd():
            return 0


def _items(slip: Slip, profile: Profile) -> Iterator[Item]:
    blank = True
    for part in slip.parts:
        if isinstance(part, Cut) and blank:
            continue  # nothing to cut off
        for item in _part(part, profile):
            blank = False
            yield item
        blank = blank or isinstance(part, Cut)


def _part(part: Part, profile: Profile) -> Iterator[Item]:
    match part:
        case Line(text, align, size, bold):
            for line in _lines(text, profile.columns // size):
                yield from _text([Run(line, bold)], align, size, profile)
        case Pair():
            yield from _pair(part, profile)
        case Row(cells):
            yield from _row(cells, profile.columns, profile)
        case Rule(light):
            text = "- " * (profile.columns // 2) if light else "─" * (profile.columns // 2)
            yield _line([Run(text.rstrip(), False)], Align.LEFT, 1, profile)
        case Code(text):
            yield from _code(clean(text).replace("\n", ""), profile)
        case Picture(_, rows) if rows:
            yield from _picture(_unpacked(part), profile)
        case Feed(lines) if lines > 0:
            yield Space(min(lines, MAX_FEED) * _advance(1, profile))
        case Cut():
            yield from _cut(profile)


def _cut(profile: Profile) -> Iterator[Item]:
    yield PageEnd() if profile.cut else Space(TEAR_OFF)


def _lines(text: str, columns: int) -> Iterator[str]:
    for paragraph in clean(text[:MAX_TEXT]).split("\n"):
        yield from wrap(paragraph, columns)


def _advance(size: Size, profile: Profile) -> int:
    return profile.line * size + int(profile.cell * (GAP if size == 1 else GAP_LARGE))


def _line(runs: list[Run], align: Align, size: Size, profile: Profile) -> TextLine:
    if not profile.aligns:
        free = profile.columns // size - sum(width(run.text) for run in runs)
        runs = [Run(" " * _before(free, align), False), *runs]
        align = Align.LEFT
    shown = (Run(run.text, run.bold and profile.bold) for run in runs if run.text)
    return TextLine(tuple(shown), align, size, _advance(size, profile))


def _text(runs: list[Run], align: Align, size: Size, profile: Profile) -> Iterator[Item]:
    """A line of characters, or bands of picture: a bit image knows no double height, and on pin printers none stands
    among characters; so one that the printer lacks makes the whole line a drawing."""
    line = _line(runs, align, size, profile)
    stands_inside = size == 1 and profile.drawing is Drawing.COLUMNS
    if stands_inside or all(charset.encode(ch, profile.charset) for run in runs for ch in run.text):
        yield line
        return
    dots = picture_of(line, profile)
    yield from _bands(dots, line.align, profile, line.advance - len(dots))


def picture_of(line: TextLine, profile: Profile) -> Dots:
    """The picture of a whole line, as high as its characters."""
    pictures = [glyphs.glyph(ch, run.bold, profile.cell) for run in line.runs for ch in run.text]
    empty = np.zeros((profile.line, 0), np.bool_)
    return glyphs.enlarge(np.hstack([empty, *pictures]), line.size)


def _bands(dots: Dots, align: Align, profile: Profile, gap: int = 0) -> Iterator[Item]:
    """A picture in strips that touch; empty strips are only fed."""
    if not profile.aligns:
        left = _before(profile.dots - dots.shape[1], align) // 2 * 2  # an even number keeps whole dots whole
        dots, align = np.pad(dots, ((0, 0), (left, 0))), Align.LEFT
    rows = -len(dots) % profile.line
    strips = np.pad(dots, ((0, rows), (0, 0))).reshape(-1, profile.line, dots.shape[1])
    for number, strip in enumerate(strips, start=1):
        advance = profile.line + (gap if number == len(strips) else 0)
        if not strip.any():
            yield Space(advance)
        else:
            safe = glyphs.image_safe(strip) if profile.drawing is Drawing.COLUMNS else strip
            yield Band(safe, align, advance)


def _pair(pair: Pair, profile: Profile) -> Iterator[Item]:
    columns = profile.columns // pair.size
    right = " ".join(clean(pair.right[:MAX_TEXT]).split("\n"))
    room = columns - width(right) - 1
    beside = list(_lines(pair.left, room)) if room >= columns // 3 else []
    if not beside or len(beside) > len(list(_lines(pair.left, columns))):  # the right takes a line of its own
        yield from _part(Line(pair.left, Align.LEFT, pair.size, pair.bold), profile)
        yield from _part(Line(right, Align.RIGHT, pair.size, pair.bold), profile)
        return
    *above, last = beside
    for text in [*above, last + " " * (columns - width(last) - width(right)) + right]:
        yield from _text([Run(text, pair.bold)], Align.LEFT, pair.size, profile)


def _row(cells: tuple[Cell, ...], columns: int, profile: Profile) -> Iterator[Item]:
    widths = _widths(cells, columns)
    if not widths:  # no room for the columns: one below the other
        for cell in cells:
            yield from _part(Line(cell.text, cell.align, 1, cell.bold), profile)
        return
    # A free cell between columns.
    rooms = [wide - 1 for wide in widths[:-1]] + widths[-1:]
    wrapped = [list(_lines(cell.text, room)) for cell, room in zip(cells, rooms, strict=True)]
    for texts in zip_longest(*wrapped, fillvalue=""):
        runs = []
        for cell, text, room, wide in zip(cells, texts, rooms, widths, strict=True):
            runs.append(Run(_padded(text, room, cell.align) + " " * (wide - room), cell.bold))
        yield from _text(_trimmed(runs), Align.LEFT, 1, profile)


def _widths(cells: tuple[Cell, ...], columns: int) -> list[int]:
    """Cells for each column, or nothing when they do not fit."""
    open_ones = sum(cell.width is None for cell in cells)
    left = columns - sum(cell.width or 0 for cell in cells)
    share, extra = divmod(left, open_ones) if open_ones else (0, 0)
    widths = [share if cell.width is None else cell.width for cell in cells]
    if open_ones:
        widths[max(i for i, cell in enumerate(cells) if cell.width is None)] += extra
    return widths if left >= 0 and all(wide >= 4 for wide in widths) else []


def _padded(text: str, room: int, align: Align) -> str:
    free = room - width(text)
    before = _before(free, align)
    return " " * before + text + " " * (free - before)


def _before(free: int, align: Align) -> int:
    """How much of what is free stands before a text or picture."""
    return {Align.LEFT: 0, Align.CENTER: free // 2, Align.RIGHT: free}[align]


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without the white at the end of the line."""
    runs = list(runs)
    while runs and not runs[-1].text.strip(" "):
        runs.pop()
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(" "), runs[-1].bold)
    return runs


def _code(text: str, profile: Profile) -> Iterator[Item]:
    try:
        modules = glyphs.qr_size(text)
    except ValueError:
        modules = profile.dots
    module = min(MODULE, profile.dots // (modules + 2 * QUIET))
    if module < LEAST_MODULE or not 0 < len(text.encode()) <= MAX_CODE:
        yield from _part(Line(NO_CODE), profile)
        return
    yield Space(QUIET * module)
    if profile.native_qr:
        yield Symbol(text, modules, module)
    else:
        yield from _bands(glyphs.enlarge(glyphs.qr_matrix(text), module), Align.CENTER, profile)
    yield Space(QUIET * module)


def _unpacked(picture: Picture) -> Dots:
    rows = np.frombuffer(b"".join(picture.rows), np.uint8).reshape(len(picture.rows), -1)
    return np.unpackbits(rows, axis=1)[:, : picture.width].astype(np.bool_)


def _picture(dots: Dots, profile: Profile) -> Iterator[Item]:
    times = -(-dots.shape[1] // profile.dots)
    if times > 1:  # too wide: a dot is black where any of its square was, so that thin strokes live
        high, wide = (-(-side // times) for side in dots.shape)
        padded = np.pad(dots, ((0, high * times - dots.shape[0]), (0, wide * times - dots.shape[1])))
        dots = np.any(padded.reshape(high, times, wide, times), axis=(1, 3))
    if dots.size:
        yield from _bands(dots, Align.CENTER, profile)
