"""How facts of a job read, on screens and slips alike: pay, time, place, level, settlement."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from db.models import PayUnit, Settlement, SkillLevel
from kiosk.jobs.cards import JobCard, Reason
from kiosk.language import Language

LONG_TERM_DAYS = 90
MINUTES_A_DAY = 24 * 60

PAY_UNITS = {
    PayUnit.HOUR: "元/小时",
    PayUnit.DAY: "元/天",
    PayUnit.MONTH: "元/月",
    PayUnit.PIECE: "元/件",
}
SETTLEMENTS = {
    Settlement.DAILY: "日结",
    Settlement.WEEKLY: "周结",
    Settlement.MONTHLY: "月结",
    Settlement.ON_COMPLETION: "完工结",
}
LEVELS = {
    SkillLevel.NONE: "无等级",
    SkillLevel.JUNIOR: "初级工",
    SkillLevel.INTERMEDIATE: "中级工",
    SkillLevel.SENIOR: "高级工",
    SkillLevel.TECHNICIAN: "技师",
    SkillLevel.SENIOR_TECHNICIAN: "高级技师",
}
REASONS = {
    Reason.TRADE: "您的工种",
    Reason.LEVEL: "等级合适",
    Reason.URGENT: "急招",
    Reason.TODAY: "今天开工",
    Reason.NEAR: "离得近",
    Reason.GOOD_PAY: "工钱高",
    Reason.DAILY_PAY: "当天结钱",
    Reason.HOURS: "不超过8小时",
    Reason.HELPED: "优先照顾",
    Reason.PUBLIC_WELFARE: "公益岗位",
}


def amount(fen: int) -> str:
    """Fen → yuan without needless zeros: 18000 → 180, 1850 → 18.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def unit_text(unit: PayUnit, language: Language) -> str:
    return language.text(PAY_UNITS[unit])


def pay_text(fen: int, unit: PayUnit, language: Language) -> str:
    return f"{amount(fen)} {unit_text(unit, language)}"


def settlement_text(settlement: Settlement, language: Language) -> str:
    return language.text(SETTLEMENTS[settlement])


def level_text(level: SkillLevel, language: Language) -> str:
    return language.text(LEVELS[level])


def reason_text(reason: Reason, language: Language) -> str:
    return language.text(REASONS[reason])


def km_text(km: float | None, language: Language) -> str:
    """Distance from the hall; empty where the place has no position."""
    if km is None:
        return ""
    if km < 0.95:  # 1,000 米 reads 1.0 公里
        return language.text("{metres} 米", metres=max(100, round(km * 10) * 100))
    return language.text("{km} 公里", km=f"{km:.1f}")


def minute_text(minute: int) -> str:
    if minute == MINUTES_A_DAY:
        return "24:00"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def hours_text(opens: int, closes: int, language: Language) -> str:
    """07:30–18:00; a shift that ends after midnight says so."""
    if closes > opens:
        return f"{minute_text(opens)}–{minute_text(closes)}"
    return f"{minute_text(opens)}–" + language.text("次日 {time}", time=minute_text(closes))


def day_text(day: date, today: date, language: Language) -> str:
    if day <= today:
        return language.text("今天")
    if day == today + timedelta(days=1):
        return language.text("明天")
    return language.text("{month}月{day}日", month=day.month, day=day.day)


def when_text(card: JobCard, today: date, language: Language) -> str:
    """First day and hours: 今天 08:00–18:00, 11月23日起 长期 …"""
    hours = hours_text(card.opens_minute, card.closes_minute, language)
    first = day_text(card.starts_on, today, language)
    days = (card.ends_on - max(card.starts_on, today)).days + 1
    if days >= LONG_TERM_DAYS:
        return language.text("{day}起 {hours} 长期", day=first, hours=hours)
    if days > 1:
        return language.text("{day}起 {days} 天 {hours}", day=first, days=days, hours=hours)
    return f"{first} {hours}"


def moment_text(at: datetime, language: Language) -> str:
    """A local time on a slip: 11月21日 07:30."""
    return language.text("{month}月{day}日", month=at.month, day=at.day) + f" {at:%H:%M}"
