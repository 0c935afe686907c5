"""The receipt for a tool that leaves (004 annex 4 art. 4: 先批后租, 安全使用, 使用签字, 量化计价)."""

from dataclasses import dataclass

from printing.slip import Align, Code, Line, Pair, Part, Picture, Rule, Slip
from printing.slips.sections import Language, Paper, field, foot, head, indented, signed


@dataclass(frozen=True, slots=True)
class RentedTool:
    """One tool on the receipt."""

    name: str
    tag: str
    tariff_text: str
    deposit_text: str
    accessories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalReceipt(Paper):
    """`signature` is the finger's drawing, `deposit_text` the sum."""

    code: str
    renter_name: str
    renter_number_masked: str
    tools: tuple[RentedTool, ...]
    deposit_text: str
    rented_at_text: str
    due_text: str
    staff_name: str
    renter_phone_masked: str = ""
    safety_notes: tuple[str, ...] = ()
    signature: Picture | None = None


_LABELS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "工具租赁单",
        "tag": "工具编号",
        "accessories": "随带配件",
        "rented": "借出时间",
        "due": "归还期限",
        "tariff": "计价",
        "deposit": "押金",
        "deposits": "押金合计",
        "renter": "租用人",
        "id": "证件号",
        "phone": "手机号",
        "staff": "经办人",
        "safety": "安全使用（已当面告知）",
        "signature": "租用人签字",
        "scan": "归还时请出示本单",
    },
    "en": {
        "title": "TOOL RENTAL",
        "tag": "Tool tag",
        "accessories": "With",
        "rented": "Taken at",
        "due": "Due back",
        "tariff": "Price",
        "deposit": "Deposit",
        "deposits": "Deposit in all",
        "renter": "Rented by",
        "id": "ID number",
        "phone": "Mobile",
        "staff": "Issued by",
        "safety": "Safe use (explained in person)",
        "signature": "Signature",
        "scan": "Show this when you return the tool",
    },
}


def rental_receipt(values: RentalReceipt) -> Slip:
    """The whole paper, from its title to the cut."""
    words, language = _LABELS[values.language], values.language
    parts = [
        *head(values, words["title"]),
        *[part for tool in values.tools for part in _tool(tool, language)],
        *field(words["rented"], values.rented_at_text, language),
        *field(words["due"], values.due_text, language, bold=True),
        Pair(
            words["deposits" if len(values.tools) > 1 else "deposit"], values.deposit_text, size=2, bold=True
        ),
        Rule(),
        *field(words["renter"], values.renter_name, language, bold=True),
        *field(words["id"], values.renter_number_masked, language),
        *field(words["phone"], values.renter_phone_masked, language),
        *field(words["staff"], values.staff_name, language),
        Code(values.code),
        Line(words["scan"], Align.CENTER),
        Rule(light=True),
        *([Line(words["safety"], bold=True)] if values.safety_notes else []),
        *[indented("·", note) for note in values.safety_notes],
        *signed(words["signature"], values.signature),
        Rule(),
        *foot(values),
    ]
    return Slip("rental_receipt", tuple(parts))


def _tool(tool: RentedTool, language: Language) -> list[Part]:
    words = _LABELS[language]
    return [
        Line(tool.name, size=2, bold=True),
        *field(words["tag"], tool.tag, language, bold=True),
        *field(words["accessories"], "、".join(tool.accessories), language),
        *field(words["tariff"], tool.tariff_text, language),
        *field(words["deposit"], tool.deposit_text, language),
        Rule(light=True),
    ]
