"""What a slip that somebody brings is worth: scanned, or its number typed (S9)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.jobs.slip_check import SlipStanding, Standing
from kiosk.words import moment_text
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Digits

NUMBER_DIGITS = 8  # 01-000012
STANDINGS = {
    Standing.VALID: ("ok", "有效", "是本市场打的，还没有用过"),
    Standing.EXPIRED: ("warn", "已过期", "过了有效时间，请求职者重新打一张"),
    Standing.USED: ("warn", "已经用过", "结果已经登记过，或者已经退回"),
    Standing.TAMPERED: ("error", "被改动过", "码和本市场的对不上，请不要收，留下单子告诉负责人"),
    Standing.FOREIGN: ("error", "不是本市场的", "别的市场的单子，或者根本不是单子上的码"),
    Standing.UNKNOWN: ("warn", "这台机器上没有", "可能是别的机器打的，等同步以后再查；输的单号请再核对"),
    Standing.OTHER: ("warn", "不是对接单", "是本市场的码，但不是对接单，请到对应的窗口办"),
}
STATES = {
    "issued": "已开单",
    "met": "已见面",
    "hired": "已谈成",
    "started": "已上岗",
    "finished": "已完工",
    "declined": "没谈成",
    "lapsed": "过期未用",
    "no_show": "没有来",
}


class Check(CounterScreen):
    page = "Check"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._found: SlipStanding | None = None
        self._digits = Digits(self, NUMBER_DIGITS)
        self._digits.entered.connect(self.changed)

    def enter(self) -> None:
        text, self.session.work.scanned = self.session.work.scanned, ""
        self.refresh()
        if text:
            self.scanned(text)

    typed = Property(str, lambda self: slip_number(self._digits.typed), notify=changed)
    verdict = Property(str, lambda self: self._words(0), notify=changed)
    standing = Property(str, lambda self: self._words(1), notify=changed)
    meaning = Property(str, lambda self: self._words(2), notify=changed)
    facts = Property(list, lambda self: self._facts(), notify=changed)

    @Slot(str)
    def type(self, key: str) -> None:
        if self._found is not None:
            self._found = None
            self._digits.clear()
        self._digits.type(key)
        if len(self._digits.typed) == NUMBER_DIGITS:
            self.scanned(slip_number(self._digits.typed))

    @Slot()
    def erase(self) -> None:
        self._digits.erase()

    @Slot()
    def clear(self) -> None:
        self._found = None
        self._digits.clear()

    def scanned(self, text: str) -> None:
        def take(found: SlipStanding) -> None:
            self._found = found
            self.changed.emit()

        self.session.ask(lambda: self.session.desks.slips.check(text), take)

    def _words(self, at: int) -> str:
        if self._found is None:
            return ""
        word = STANDINGS[self._found.standing][at]
        return word if at == 0 else self.tr_(word)

    def _facts(self) -> list[dict[str, str]]:
        found = self._found
        if found is None:
            return []
        until = moment_text(found.valid_until, self.session.language) if found.valid_until else ""
        facts = [
            ("ticket", "单号", found.slip_number or ""),
            ("user", "求职者", found.masked_name or ""),
            ("briefcase", "岗位", found.job or ""),
            ("history", "进展", self.tr_(STATES[found.state]) if found.state in STATES else ""),
            ("clock", "有效到", until),
        ]
        return [
            {"glyph": glyph, "label": self.tr_(label), "text": text} for glyph, label, text in facts if text
        ]


def slip_number(digits: str) -> str:
    """As printed: 01-000012; a part of it while it is typed."""
    return f"{digits[:2]}-{digits[2:]}" if len(digits) > 2 else digits
