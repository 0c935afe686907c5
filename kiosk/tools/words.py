"""How tariffs, charges and inspections read, on screens and slips alike."""

from __future__ import annotations

from datetime import timedelta

from db.models import CashKind, DeductionKind, TariffUnit
from kiosk import words
from kiosk.language import Language
from kiosk.tools.tariff import Charge, ChargeLine, Item, Tariff

PER = {TariffUnit.HOUR: "{price} 元/小时", TariffUnit.DAY: "{price} 元/天", TariffUnit.PIECE: "{price} 元/次"}
LINES = {
    Item.HOURS: "{quantity} 小时 × {price} 元",
    Item.DAYS: "{quantity} 天 × {price} 元",
    Item.PIECE: "{quantity} 次 × {price} 元",
    Item.FREE: "前 {quantity} 分钟免费",
    Item.SIMPLE: "简单工具，免租金",
    Item.HOLIDAYS: "休息日 {quantity} 天不计费",
    Item.CAP: "{quantity} 天到封顶价，每天减 {price} 元",
    Item.MINIMUM: "补到最低收费，加 {price} 元",
    Item.LATE_HOURS: "超时 {quantity} 小时 × {price} 元",
    Item.LATE_DAYS: "超时 {quantity} 天 × {price} 元",
    Item.LATE_CAP: "超时费到封顶，减 {price} 元",
}
DEDUCTIONS = {
    DeductionKind.MISSING: "缺件",
    DeductionKind.DAMAGED: "损坏",
    DeductionKind.LOST: "丢失",
    DeductionKind.OTHER: "其他扣款",
}
CASH = {
    CashKind.DEPOSIT: "收押金",
    CashKind.DEPOSIT_REFUND: "退押金",
    CashKind.RENT: "租金",
    CashKind.DEDUCTION: "扣款",
    CashKind.DUE_PAID: "收欠款",
    CashKind.GIVEN_BACK: "退还扣款",
    CashKind.ACQUISITION: "购置",
    CashKind.REPAIR: "维修",
    CashKind.FLOAT: "与保险柜往来",
    CashKind.CLOSE: "关箱",
    CashKind.DIFFERENCE: "差额",
    CashKind.SAFE: "存取",
}


def money(fen: int) -> str:
    """￥1,234.50, with its sign."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}￥{whole:,}.{rest:02d}"


def tariff_text(tariff: Tariff, language: Language) -> str:
    """5 元/小时，前 30 分钟免费，每天最多 30 元 …"""
    if tariff.price == 0:
        parts = [language.text(LINES[Item.SIMPLE])]
    else:
        parts = [language.text(PER[tariff.unit], price=words.amount(tariff.price))]
    if tariff.free_minutes and tariff.price:
        parts.append(language.text("前 {minutes} 分钟免费", minutes=tariff.free_minutes))
    if tariff.minimum:
        parts.append(language.text("最少 {price} 元", price=words.amount(tariff.minimum)))
    if tariff.daily_cap is not None and tariff.price and tariff.unit is TariffUnit.HOUR:
        parts.append(language.text("每天最多 {price} 元", price=words.amount(tariff.daily_cap)))
    if tariff.late_price:
        late = "超时每小时 {price} 元" if tariff.unit is TariffUnit.HOUR else "超时每天 {price} 元"
        parts.append(language.text(late, price=words.amount(tariff.late_price)))
    return language.pick("，", ", ").join(parts)


def line_text(line: ChargeLine, language: Language) -> str:
    price = words.amount(abs(line.unit_price))
    return language.text(LINES[line.item], quantity=line.quantity, price=price)


def charge_text(charge: Charge, language: Language) -> str:
    """How an amount came about: 10 小时 × 5 元，1 天到封顶价，每天减 20 元."""
    return language.pick("，", ", ").join(line_text(line, language) for line in charge.lines)


def duration_text(length: timedelta, language: Language) -> str:
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return language.text("{days} 天 {hours} 小时", days=days, hours=hours)
    return language.text("{hours} 小时 {minutes} 分", hours=hours, minutes=left)
