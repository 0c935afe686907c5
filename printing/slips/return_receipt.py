"""The receipt for a tool that came back: inspection, how the amounts came about, and what was paid out
(004 annex 4 art. 5(四), (二); every deduction with its reason)."""

from dataclasses import dataclass

from printing.slip import Align, Line, Pair, Part, Picture, Rule, Slip
from printing.slips.sections import Language, field, foot, head, indented, pen


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of the account: what for, how much (as text, with its sign), and how it came about."""

    label: str
    amount_text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedTool:
    """One tool on the receipt; `amounts` are its rent and deductions, in their order."""

    name: str
    tag: str
    returned_at_text: str
    duration_text: str
    inspection_text: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class ReturnReceipt:
    """Plain, already masked values; an empty one leaves its line out.

    `amounts` are the sums, deposit first; `balance_label` and `balance_text` are what changed hands at the end.
    `holder` says whose copy it is.
    """

    hall_name: str
    station: str
    number: str
    rental_number: str
    renter_name: str
    tools: tuple[ReturnedTool, ...]
    rented_at_text: str
    amounts: tuple[Amount, ...]
    balance_label: str
    balance_text: str
    staff_name: str
    issued_at_text: str
    holder: str = ""
    signature: Picture | None = None
    hotline: str = ""
    notes: tuple[str, ...] = ()
    copy_mark: str | None = None
    language: Language = "zh"


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "工具归还单",
        "rental": "租赁单号",
        "tag": "工具编号",
        "rented": "借出时间",
        "returned": "归还时间",
        "duration": "用时",
        "inspection": "验收结果",
        "renter": "租用人",
        "staff": "验收人",
        "signature": "租用人签字",
    },
    "en": {
        "title": "TOOL RETURN",
        "rental": "Rental No.",
        "tag": "Tool tag",
        "rented": "Taken at",
        "returned": "Returned at",
        "duration": "Used for",
        "inspection": "Inspection",
        "renter": "Rented by",
        "staff": "Inspected by",
        "signature": "Signature",
    },
}


def return_receipt(values: ReturnReceipt) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    signed: list[Part] = (
        [Line(words["signature"]), values.signature] if values.signature else pen(words["signature"])
    )
    parts = [
        *head(
            values.hall_name, words["title"], values.number, values.issued_at_text, language, values.copy_mark
        ),
        *([Line(values.holder, Align.CENTER)] if values.holder else []),
        *field(words["rental"], values.rental_number, language),
        *field(words["rented"], values.rented_at_text, language),
        *[part for tool in values.tools for part in (Rule(light=True), *_tool(tool, language))],
        Rule(),
        *[part for amount in values.amounts for part in _amount(amount)],
        Rule(light=True),
        Pair(values.balance_label, values.balance_text, size=2, bold=True),
        Rule(),
        *field(words["renter"], values.renter_name, language, bold=True),
        *field(words["staff"], values.staff_name, language),
        *signed,
        Rule(),
        *foot(values.notes, values.hotline, values.station, language),
    ]
    return Slip("return_receipt", tuple(parts))


def _tool(tool: ReturnedTool, language: Language) -> list[Part]:
    words = _LABELS[language]
    return [
        Line(tool.name, size=2, bold=True),
        *field(words["tag"], tool.tag, language, bold=True),
        *field(words["returned"], tool.returned_at_text, language),
        *field(words["duration"], tool.duration_text, language),
        *field(words["inspection"], tool.inspection_text, language, bold=True),
        *[part for amount in tool.amounts for part in _amount(amount)],
    ]


def _amount(amount: Amount) -> list[Part]:
    reason = [indented("", amount.reason)] if amount.reason else []
    return [Pair(amount.label, amount.amount_text), *reason]
