"""A member of staff's badge: name, what they do, and the code that signs them in."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Part, Rule, Slip
from printing.slips.sections import Language, foot, head


@dataclass(frozen=True, slots=True)
class StaffBadge:
    """Plain values. The name is whole: the badge is worn. `code` is what signs its bearer in."""

    hall_name: str
    station: str
    number: str
    name: str
    roles: str
    code: str
    issued_at_text: str
    hotline: str = ""
    copy_mark: str | None = None
    language: Language = "zh"


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
    words, language = _LABELS[values.language], values.language
    parts: list[Part] = [
        *head(
            values.hall_name, words["title"], values.number, values.issued_at_text, language, values.copy_mark
        ),
        Line(values.name, Align.CENTER, size=2, bold=True),
        Line(values.roles, Align.CENTER),
        Code(values.code),
        Line(words["scan"], Align.CENTER),
        Rule(),
        *foot((words["keep"], words["lost"]), values.hotline, values.station, language),
    ]
    return Slip("staff_badge", tuple(parts))
