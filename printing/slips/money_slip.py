"""The slip for cash that moves after a return was settled: a debt paid, or something given back (spec T10)."""

from dataclasses import dataclass

from printing.slip import Pair, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head, pen


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneySlip(Paper):
    """`received`: the hall took it; else the hall gave it. `lines` say how it came about; `second_name` also agreed."""

    received: bool
    rental_number: str
    person_name: str
    lines: tuple[tuple[str, str], ...]
    total_text: str
    reason: str
    staff_name: str
    second_name: str = ""


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "received": "收款单",
        "given": "退款单",
        "rental": "租赁单号",
        "payer": "交款人",
        "payee": "收款人",
        "took": "实收",
        "gave": "实退",
        "reason": "原因",
        "staff": "经办人",
        "second": "确认人",
        "sign": "签字",
    },
    "en": {
        "received": "PAYMENT",
        "given": "REFUND",
        "rental": "Rental",
        "payer": "Paid by",
        "payee": "Paid to",
        "took": "Taken",
        "gave": "Given",
        "reason": "Reason",
        "staff": "Clerk",
        "second": "Confirmed by",
        "sign": "Signature",
    },
}


def money_slip(values: MoneySlip) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    parts = [
        *head(values, words["received" if values.received else "given"]),
        *field(words["rental"], values.rental_number, language),
        *field(words["payer" if values.received else "payee"], values.person_name, language, bold=True),
        *field(words["reason"], values.reason, language),
        *[Pair(*line) for line in values.lines],
        Rule(light=True),
        Pair(words["took" if values.received else "gave"], values.total_text, size=2, bold=True),
        *field(words["staff"], values.staff_name, language),
        *field(words["second"], values.second_name, language),
        *pen(words["sign"]),
        Rule(),
        *foot(values),
    ]
    return Slip("money_slip", tuple(parts))
