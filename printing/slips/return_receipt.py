"""The receipt for a tool that came back: inspection, how the amounts came about, and what was paid out
(004 annex 4 art. 5(四), (二); every deduction with its reason)."""

from dataclasses import dataclass

from printing.slip import Line, Pair, Part, Picture, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head, indented, signed


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceipt(Paper):
    """`amounts` are the sums, deposit first; `balance_label` and `balance_text` are what changed hands at the end."""

    rental_number: str
    renter_name: str
    tools: tuple[ReturnedTool, ...]
    rented_at_text: str
    amounts: tuple[Amount, ...]
    balance_label: str
    balance_text: str
    staff_name: str
    signature: Picture | None = None


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
    parts = [
        *head(values, words["title"]),
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
        *signed(words["signature"], values.signature),
        Rule(),
        *foot(values),
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
