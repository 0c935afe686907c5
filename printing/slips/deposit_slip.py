"""The slip for deposits taken before the tools leave (004 annex 4 art. 5(三): 仅收取押金)."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Pair, Rule, Slip
from printing.slips.sections import Language, field, foot, head


@dataclass(frozen=True, slots=True)
class DepositSlip:
    """Plain, already masked values; `lines` are tools and their deposits as text. `holder` says whose copy it is."""

    hall_name: str
    station: str
    number: str
    code: str
    renter_name: str
    lines: tuple[tuple[str, str], ...]
    total_text: str
    staff_name: str
    issued_at_text: str
    holder: str = ""
    hotline: str = ""
    notes: tuple[str, ...] = ()
    copy_mark: str | None = None
    language: Language = "zh"


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
        *head(
            values.hall_name, words["title"], values.number, values.issued_at_text, language, values.copy_mark
        ),
        *([Line(values.holder, Align.CENTER)] if values.holder else []),
        *[Pair(*line) for line in values.lines],
        Rule(light=True),
        Pair(words["total"], values.total_text, size=2, bold=True),
        *field(words["renter"], values.renter_name, language, bold=True),
        *field(words["staff"], values.staff_name, language),
        Code(values.code),
        Line(words["scan"], Align.CENTER),
        Rule(),
        *foot(values.notes, values.hotline, values.station, language),
    ]
    return Slip("deposit_slip", tuple(parts))
