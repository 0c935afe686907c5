"""The tag that is stuck on a tool: its name, its number, its code."""

from dataclasses import dataclass

from printing.slip import Align, Code, Cut, Line, Part, Slip
from printing.slips.copies import mark_line


@dataclass(frozen=True, slots=True)
class ToolTag:
    """Plain values; nothing on it needs a language. `label` is the hall's own inventory number."""

    hall_name: str
    name: str
    tag: str
    code: str
    label: str = ""
    copy_mark: str | None = None


def tool_tag(values: ToolTag) -> Slip:
    """As short as a label can be."""
    mark = [mark_line(values.copy_mark)] if values.copy_mark else []
    label = [Line(values.label, Align.CENTER)] if values.label else []
    parts: list[Part] = [
        *mark,
        Line(values.hall_name, Align.CENTER),
        Line(values.name, Align.CENTER, size=2, bold=True),
        Code(values.code),
        Line(values.tag, Align.CENTER, size=2, bold=True),
        *label,
        Cut(),
    ]
    return Slip("tool_tag", tuple(parts))
