"""A short paper with one thing in large type: a seeker's card, a complaint's number, a seat in a training."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Rule, Slip
from printing.slips.sections import Paper, field, foot, head


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Paper):
    """Plain, already masked values. `kind` is the slip's stable name (`seeker_card`, `complaint` …); `fields` are
    labels and values; without a `code` there is none."""

    kind: str
    title: str
    large_text: str
    fields: tuple[tuple[str, str], ...] = ()
    code: str = ""
    caption: str = ""


def ticket(values: Ticket) -> Slip:
    """The whole paper, from its title to the cut."""
    language = values.language
    code = [Code(values.code)] if values.code else []
    caption = [Line(values.caption, Align.CENTER)] if values.caption else []
    parts = [
        *head(values, values.title),
        Line(values.large_text, Align.CENTER, size=2, bold=True),
        *[part for label, text in values.fields for part in field(label, text, language)],
        *code,
        *caption,
        Rule(),
        *foot(values),
    ]
    return Slip(values.kind, tuple(parts))
