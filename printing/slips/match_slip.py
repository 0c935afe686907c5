"""The match slip (对接单): what a seeker carries to the employer, and what the employer signs and sends back.

Both sides confirm the result at once (38号 二; 003 ¶10), so the paper has a part for each. The type is large:
half of the readers are over 50 and read it standing.
"""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Part, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head, pen


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSlip(Paper):
    """Plain, already masked values; an empty one leaves its line out."""

    code: str
    seeker_name: str
    seeker_number_masked: str
    occupation: str
    level: str
    employer: str
    contact_name: str
    contact_phone: str
    place: str
    start_text: str
    hours_text: str
    pay_text: str
    settlement_text: str
    valid_until_text: str
    seeker_phone_masked: str = ""
    distance_text: str = ""
    openings_note: str = ""


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "零工对接单",
        "settlement": "结算",
        "level": "技能要求",
        "openings": "招用",
        "employer": "用工主体",
        "place": "工作地点",
        "distance": "距离",
        "start": "上岗时间",
        "hours": "工作时间",
        "contact": "联系人",
        "phone": "电话",
        "seeker": "求职者",
        "id": "证件号",
        "seeker_phone": "手机号",
        "valid": "有效期至",
        "scan": "扫码或凭本单到市场确认结果",
        "confirm": "用工主体确认",
        "hired": "□ 录用　　□ 未录用",
        "reason": "未录用原因",
        "signature": "签名",
        "date": "日期",
    },
    "en": {
        "title": "JOB MATCH SLIP",
        "settlement": "Paid",
        "level": "Skill",
        "openings": "Openings",
        "employer": "Employer",
        "place": "Work place",
        "distance": "Distance",
        "start": "Start",
        "hours": "Hours",
        "contact": "Contact",
        "phone": "Phone",
        "seeker": "Seeker",
        "id": "ID number",
        "seeker_phone": "Mobile",
        "valid": "Valid until",
        "scan": "Scan or show it at the hall",
        "confirm": "To be filled in by the employer",
        "hired": "□ Hired    □ Not hired",
        "reason": "Reason",
        "signature": "Signature",
        "date": "Date",
    },
}


def match_slip(values: MatchSlip) -> Slip:
    """The whole paper, from its title to the cut."""
    top = head(values, _LABELS[values.language]["title"])
    return Slip("match_slip", (*top, *_job(values), *_seeker(values), *_answer(values), *foot(values)))


def _job(values: MatchSlip) -> list[Part]:
    words = _LABELS[values.language]
    return [
        Line(values.occupation, size=2, bold=True),
        Line(values.pay_text, size=2, bold=True),
        *_field(values, "settlement", values.settlement_text),
        *_field(values, "level", values.level),
        *_field(values, "openings", values.openings_note),
        *_field(values, "start", values.start_text, bold=True),
        *_field(values, "hours", values.hours_text),
        *_field(values, "place", values.place, bold=True),
        *_field(values, "distance", values.distance_text),
        Rule(light=True),
        *_field(values, "employer", values.employer),
        *_field(values, "contact", values.contact_name),
        Line(words["phone"]),
        Line(values.contact_phone, size=2, bold=True),
        Rule(),
    ]


def _seeker(values: MatchSlip) -> list[Part]:
    return [
        *_field(values, "seeker", values.seeker_name, bold=True),
        *_field(values, "id", values.seeker_number_masked),
        *_field(values, "seeker_phone", values.seeker_phone_masked),
        *_field(values, "valid", values.valid_until_text, bold=True),
        Code(values.code),
        Line(_LABELS[values.language]["scan"], Align.CENTER),
        Rule(light=True),
    ]


def _answer(values: MatchSlip) -> list[Part]:
    """For the employer's pen."""
    words = _LABELS[values.language]
    return [
        Line(words["confirm"], bold=True),
        Line(words["hired"]),
        *pen(words["reason"], words["signature"], words["date"]),
        Rule(),
    ]


def _field(values: MatchSlip, key: str, text: str, *, bold: bool = False) -> list[Part]:
    return field(_LABELS[values.language][key], text, values.language, bold=bold)
