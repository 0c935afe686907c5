"""A member of staff's badge: name, what they do, and the code that signs them in."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Part, Rule, Slip
from printing.slips.sections import Language, Paper, foot, head


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBadge(Paper):
    """Plain values. The name is whole: the badge is worn. `code` is what signs its bearer in."""

    name: str
    roles: str
    code: str


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "工牌",
        "scan": "在柜台扫这个码登录",
        "keep": "请剪下装进卡套，不要交给别人",
        "lost": "丢了马上告诉负责人，换新牌后旧牌作废",
    },
    "en": {
        "title": "STAFF BADGE",
        "scan": "Scan this code at the counter to sign in",
        "keep": "Cut out and wear it; never hand it to anybody",
        "lost": "Tell the supervisor if it is lost: a new one ends it",
    },
}


def staff_badge(values: StaffBadge) -> Slip:
    """The whole paper, from its title to the cut."""
    words = _LABELS[values.language]
    parts: list[Part] = [
        *head(values, words["title"]),
        Line(values.name, Align.CENTER, size=2, bold=True),
        Line(values.roles, Align.CENTER),
        Code(values.code),
        Line(words["scan"], Align.CENTER),
        Rule(),
        *foot(values, words["keep"], words["lost"]),
    ]
    return Slip("staff_badge", tuple(parts))
