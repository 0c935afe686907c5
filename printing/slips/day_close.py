"""The paper of a closed drawer: what came in and went out, what was counted, and who signs
(004 annex 4 art. 5(三); spec T10)."""

from dataclasses import dataclass

from printing.slip import Line, Pair, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head, pen


@dataclass(frozen=True, slots=True)
class Account:
    """A heading and its lines, each a label and an amount as text."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClose(Paper):
    """Plain values; `difference_text` is counted minus expected, in words when it is nil."""

    day_text: str
    drawer: str
    staff_name: str
    opened_at_text: str
    closed_at_text: str
    accounts: tuple[Account, ...]
    expected_text: str
    counted_text: str
    difference_text: str
    reason: str = ""


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "日结单",
        "day": "日期",
        "drawer": "钱箱",
        "staff": "经办人",
        "opened": "开箱",
        "closed": "关箱",
        "expected": "应有现金",
        "counted": "实点现金",
        "difference": "差额",
        "reason": "差额说明",
        "signature": "经办人签字",
        "witness": "复核人签字",
    },
    "en": {
        "title": "DAY CLOSE",
        "day": "Day",
        "drawer": "Drawer",
        "staff": "Staff",
        "opened": "Opened",
        "closed": "Closed",
        "expected": "Cash expected",
        "counted": "Cash counted",
        "difference": "Difference",
        "reason": "Why",
        "signature": "Staff",
        "witness": "Checked by",
    },
}


def day_close(values: DayClose) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    parts = [
        *head(values, words["title"]),
        *field(words["day"], values.day_text, language, bold=True),
        *field(words["drawer"], values.drawer, language),
        *field(words["staff"], values.staff_name, language),
        *field(words["opened"], values.opened_at_text, language),
        *field(words["closed"], values.closed_at_text, language),
    ]
    for account in values.accounts:
        parts += [Rule(light=True), Line(account.title, bold=True), *[Pair(*line) for line in account.lines]]
    parts += [
        Rule(),
        Pair(words["expected"], values.expected_text),
        Pair(words["counted"], values.counted_text),
        Pair(words["difference"], values.difference_text, size=2, bold=True),
        *field(words["reason"], values.reason, language),
        *pen(words["signature"], words["witness"]),
        Rule(),
        *foot(values),
    ]
    return Slip("day_close", tuple(parts))
