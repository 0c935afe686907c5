"""The tag of a locker (寄存): one half goes with the person, the other stays at the things (002 三, 003 ¶4)."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Part, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head


@dataclass(frozen=True, slots=True, kw_only=True)
class LockerTag(Paper):
    """Plain, already masked values. `holder` says which half it is; only the person's half carries the code."""

    locker: str
    owner_name: str
    contents: str
    stored_at_text: str
    due_text: str
    staff_name: str
    code: str = ""


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "寄存牌",
        "owner": "寄存人",
        "contents": "物品",
        "stored": "存入时间",
        "due": "取走期限",
        "staff": "经办人",
        "scan": "凭此码取物，请保管好",
    },
    "en": {
        "title": "LOCKER TAG",
        "owner": "Owner",
        "contents": "Contents",
        "stored": "Stored at",
        "due": "Collect by",
        "staff": "Staff",
        "scan": "Show this code to collect",
    },
}


def locker_tag(values: LockerTag) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    code: list[Part] = [Code(values.code), Line(words["scan"], Align.CENTER)] if values.code else []
    parts = [
        *head(values, words["title"]),
        Line(values.locker, Align.CENTER, size=2, bold=True),
        *field(words["owner"], values.owner_name, language, bold=True),
        *field(words["contents"], values.contents, language),
        *field(words["stored"], values.stored_at_text, language),
        *field(words["due"], values.due_text, language, bold=True),
        *field(words["staff"], values.staff_name, language),
        *code,
        Rule(),
        *foot(values),
    ]
    return Slip("locker_tag", tuple(parts))
