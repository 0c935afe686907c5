"""What several slips have in common: their head, their labelled fields, their foot."""

from collections.abc import Iterable
from typing import Literal

from printing.slip import Align, Cell, Cut, Feed, Line, Pair, Part, Row, Rule
from printing.slips.copies import mark_line

Language = Literal["zh", "en"]

LABEL_WIDTH: dict[Language, int] = {"zh": 10, "en": 13}
PEN = "_" * 20

_NUMBER: dict[Language, str] = {"zh": "编号", "en": "No."}
_HOTLINE: dict[Language, str] = {"zh": "服务与投诉电话", "en": "Help and complaints"}


def head(
    hall_name: str,
    title: str,
    number: str,
    issued_at_text: str,
    language: Language,
    copy_mark: str | None = None,
) -> list[Part]:
    """Hall, title, number and time; above them the mark of a reprint."""
    mark: list[Part] = [mark_line(copy_mark)] if copy_mark else []
    return [
        *mark,
        Line(hall_name, Align.CENTER),
        Line(title, Align.CENTER, size=2, bold=True),
        Pair(f"{_NUMBER[language]} {number}", issued_at_text),
        Rule(),
    ]


def field(label: str, text: str, language: Language, *, bold: bool = False) -> list[Part]:
    """A label and its value beside it; nothing when there is no value."""
    return [Row((Cell(label, LABEL_WIDTH[language]), Cell(text, bold=bold)))] if text else []


def indented(mark: str, text: str) -> Row:
    """A paragraph that hangs behind its mark."""
    return Row((Cell(mark, 4), Cell(text)))


def pen(*labels: str) -> list[Part]:
    """Lines to be filled in by hand, 8 mm apart."""
    return [part for label in labels for part in (Feed(), Pair(label, PEN))]


def foot(notes: Iterable[str], hotline: str, station: str, language: Language) -> list[Part]:
    """Notes, whom to call, where it was printed, and the cut."""
    call = [Line(f"{_HOTLINE[language]} {hotline}", bold=True)] if hotline else []
    place = [Line(station)] if station else []
    return [*map(Line, notes), *call, *place, Cut()]
