"""The slip for deposits taken before the tools leave (004 annex 4 art. 5(三): 仅收取押金)."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Pair, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSlip(Paper):
    """`lines` are tools and their deposits as text."""

    code: str
    renter_name: str
    lines: tuple[tuple[str, str], ...]
    total_text: str
    staff_name: str


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "押金收据",
        "total": "押金合计",
        "renter": "租用人",
        "staff": "收款人",
        "scan": "归还工具时凭此退押金",
    },
    "en": {
        "title": "DEPOSIT",
        "total": "Deposit in all",
        "renter": "Rented by",
        "staff": "Taken by",
        "scan": "Show this to get your deposit back",
    },
}


def deposit_slip(values: DepositSlip) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    parts = [
        *head(values, words["title"]),
        *[Pair(*line) for line in values.lines],
        Rule(light=True),
        Pair(words["total"], values.total_text, size=2, bold=True),
        *field(words["renter"], values.renter_name, language, bold=True),
        *field(words["staff"], values.staff_name, language),
        Code(values.code),
        Line(words["scan"], Align.CENTER),
        Rule(),
        *foot(values),
    ]
    return Slip("deposit_slip", tuple(parts))
