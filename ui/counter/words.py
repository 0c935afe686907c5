"""How staff, papers, printers and tools read on the counter's screens."""

from __future__ import annotations

from datetime import datetime

from kiosk import words
from kiosk.clock import Clock
from kiosk.language import Language
from kiosk.printing_desk import PaperCard, PrintJobState
from kiosk.staff.words import ROLES as ROLES
from kiosk.staff.words import roles_text as roles_text
from kiosk.tools.cards import LineCard, RentalCard, ToolCard
from kiosk.tools.words import DEDUCTIONS, money

KINDS = {
    "match_slip": "对接单",
    "rental_receipt": "租用凭条",
    "return_receipt": "归还凭条",
    "deposit_slip": "押金条",
    "money_slip": "收付款单",
    "day_close": "钱箱结账单",
    "locker_tag": "寄存牌",
    "tool_tag": "工具标签",
    "staff_badge": "工牌",
    "test_page": "测试页",
}
PAPER_STATES = {
    PrintJobState.UNCERTAIN: "不确定出没出纸",
    PrintJobState.FAILED: "没有打出来",
    PrintJobState.EXPIRED: "等太久，没有打",
    PrintJobState.QUEUED: "等打印机",
    PrintJobState.SENDING: "正在打印",
    PrintJobState.PRINTED: "已打印",
}
REASONS = {
    "paper_out": "打印机没纸了",
    "cover_open": "打印机的盖子开着",
    "printer_error": "打印机出了故障，请看它的指示灯",
    "offline": "打印机没有连上",
    "mute": "打印机没有回应",
    "refused": "打印机没有连上",
    "unreachable": "打印机没有连上",
    "timed_out": "打印机没有连上",
    "no_device": "打印机没有插好",
    "no_access": "这台机器没有打印机的使用权限",
    "busy": "打印机正被别的机器用着",
    "address": "打印机的地址填错了，请找维护人员",
    "connection_lost": "和打印机的连线断了",
    "stalled": "打印机停住了，不再接收",
    "no_report": "打印机没有回话，不知道打完没有",
    "interrupted": "打的时候机器断了电或重启了",
    "slip": "这张单子本身打不了",
    "store": "机器存满了",
}


def reason_text(reason: str | None, language: Language) -> str:
    """A printer's trouble in plain words; empty where there is none."""
    return language.text(REASONS.get(reason, "打印机出了问题")) if reason else ""


def paper_text(card: PaperCard, language: Language) -> str:
    """对接单 01-000012, with 补打 第n次 where it is another copy."""
    name = language.text(KINDS.get(card.kind, "单子"))
    again = language.text("补打第 {n} 次", n=card.copy - 1) if card.copy > 1 else ""
    return " ".join(part for part in (name, card.number, again) if part)


def phone_text(phone: str) -> str:
    """139 0000 0011, to be read out and dialled."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 else phone


def moment_text(at: datetime | None, clock: Clock, language: Language) -> str:
    """今天 07:30, 11月21日 07:30."""
    if at is None:
        return ""
    local = clock.local(at)
    if local.date() == clock.today():
        return language.text("今天") + f" {local:%H:%M}"
    return words.moment_text(local, language)


def tools_text(card: RentalCard, language: Language) -> str:
    """冲击钻 2 件、铁锹 1 件."""
    counted: dict[str, int] = {}
    for line in card.lines:
        if line.state.value != "dropped":
            name = language.pick(line.model.name, line.model.name_en)
            counted[name] = counted.get(name, 0) + 1
    pieces = [language.text("{name} {n} 件", name=name, n=n) for name, n in counted.items()]
    return language.pick("，", ", ").join(pieces)


def tool_text(card: ToolCard, language: Language) -> str:
    """冲击钻　01-000012."""
    return f"{language.pick(card.model_name, card.model_name_en)}　{card.tag}"


def line_notes(line: LineCard, clock: Clock, language: Language) -> list[dict[str, str]]:
    """What there is to know of one tool of a rental, a sentence each; `tone` as of a Note."""
    say = language.text
    found = []
    if line.out_note:
        found.append(("info", say("借出时配件没全给：{why}", why=say(line.out_note))))
    if line.backdated_with:
        at = moment_text(line.returned_at, clock, language)
        found.append(("info", say("{time} 归还是补记的，{name} 也证明", time=at, name=line.backdated_with)))
    for one in line.deductions:
        what = f"{say(DEDUCTIONS[one.kind])}{language.pick('：', ': ')}{say(one.reason)}"
        found.append(("warn", f"{what}　{money(one.amount)}"))
    if line.no_photo:
        found.append(("info", say("没有拍照：{why}", why=say(line.no_photo))))
    if line.found_at:
        found.append(("ok", say("{time} 找到了", time=moment_text(line.found_at, clock, language))))
    for dispute in line.disputes:
        at = moment_text(dispute.raised_at, clock, language)
        words = say(
            "争议：{words}（{name} {time} 记）", words=say(dispute.words), name=dispute.raised_by, time=at
        )
        found.append(("error" if dispute.open else "info", words))
        if not dispute.open:
            answer = say("答复：{words}（{name}）", words=say(dispute.answer), name=dispute.confirmed_by)
            if dispute.given_back:
                answer += "　" + say("退还 {money}", money=money(dispute.given_back))
            found.append(("ok", answer))
    return [{"tone": tone, "text": text} for tone, text in found]
