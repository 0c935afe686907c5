"""A short paper with one thing in large type: a seeker's card, a complaint's number, a seat in a training."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Rule, Slip
from printing.slips.sections import Language, field, foot, head


@dataclass(frozen=True, slots=True)
class Ticket:
    """Plain, already masked values. `kind` is the slip's stable name (`seeker_card`, `complaint` …); `fields` are
    labels and values; without a `code` there is none."""

    kind: str
    hall_name: str
    station: str
    title: str
    number: str
    issued_at_text: str
    large_text: str
    fields: tuple[tuple[str, str], ...] = ()
    code: str = ""
    caption: str = ""
    hotline: str = ""
    notes: tuple[str, ...] = ()
    copy_mark: str | None = None
    language: Language = "zh"


def ticket(values: Ticket) -> Slip:
    """The whole paper, from its title to the cut."""
    language = values.language
    code = [Code(values.code)] if values.code else []
    caption = [Line(values.caption, Align.CENTER)] if values.caption else []
    parts = [
        *head(
            values.hall_name, values.title, values.number, values.issued_at_text, language, values.copy_mark
        ),
        Line(values.large_text, Align.CENTER, size=2, bold=True),
        *[part for label, text in values.fields for part in field(label, text, language)],
        *code,
        *caption,
        Rule(),
        *foot(values.notes, values.hotline, values.station, language),
    ]
    return Slip(values.kind, tuple(parts))
