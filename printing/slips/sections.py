"""What several slips have in common: their head, their labelled fields, their foot."""

from dataclasses import dataclass
from typing import Literal

from printing.slip import Align, Cell, Cut, Feed, Line, Pair, Part, Picture, Row, Rule
from printing.slips.copies import mark_line

Language = Literal["zh", "en"]

LABEL_WIDTH: dict[Language, int] = {"zh": 10, "en": 13}
PEN = "_" * 20

_NUMBER: dict[Language, str] = {"zh": "编号", "en": "No."}
_HOTLINE: dict[Language, str] = {"zh": "服务与投诉电话", "en": "Help and complaints"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper says: plain, already masked text; an empty one leaves its line out.

    `holder` says whose copy it is.
    """

    hall_name: str
    station: str
    number: str
    issued_at_text: str
    holder: str = ""
    hotline: str = ""
    notes: tuple[str, ...] = ()
    copy_mark: str | None = None
    language: Language = "zh"


def head(paper: Paper, title: str) -> list[Part]:
    """Hall, title, number and time; above them the mark of a reprint, below whose copy it is."""
    return [
        *([mark_line(paper.copy_mark)] if paper.copy_mark else []),
        Line(paper.hall_name, Align.CENTER),
        Line(title, Align.CENTER, size=2, bold=True),
        Pair(f"{_NUMBER[paper.language]} {paper.number}", paper.issued_at_text),
        Rule(),
        *([Line(paper.holder, Align.CENTER)] if paper.holder else []),
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


def signed(label: str, signature: Picture | None) -> list[Part]:
    """The finger's drawing, or a line for a pen."""
    return [Line(label), signature] if signature else pen(label)


def foot(paper: Paper, *more: str) -> list[Part]:
    """Notes, whom to call, where it was printed, and the cut."""
    call = [Line(f"{_HOTLINE[paper.language]} {paper.hotline}", bold=True)] if paper.hotline else []
    place = [Line(paper.station)] if paper.station else []
    return [*map(Line, (*more, *paper.notes)), *call, *place, Cut()]
