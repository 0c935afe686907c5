"""县里: how old the last sync is, what waits, what was refused, what is amiss and what to do (spec C5)."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk.county.link import LinkState, LinkTrouble
from kiosk.staff.accounts import Role
from kiosk.tools.words import duration_text
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import moment_text
from ui.visit.link_words import advice, headline

LOOK_MS = 1500
CLOCK_SECONDS = 120  # a clock further off than this is worth a word
TABLES = {
    "seekers": "求职者",
    "seeker_trades": "求职者的工种",
    "employers": "用工主体",
    "postings": "岗位",
    "referrals": "推荐",
    "rentals": "租用",
    "rental_lines": "租用",
    "tools": "工具",
    "tool_returns": "归还",
    "cash_postings": "现金账",
    "settings": "设置",
    "staff": "人员",
    "audit": "操作记录",
}
REASONS = {
    "foreign_hall": "不是本市场的记录",
    "malformed": "内容残缺",
    "too_large": "太大",
    "unknown_table": "县里的程序还不认识",
    "unknown_column": "县里的程序还不认识",
}


class Link(CounterScreen):
    page = "Link"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: LinkState | None = None
        self._asked = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def enter(self) -> None:
        self.refresh()
        self.look()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()

    known = Property(bool, lambda self: self._state is not None, notify=changed)
    enrolled = Property(bool, lambda self: self._is("enrolled"), notify=changed)
    working = Property(bool, lambda self: self._is("working"), notify=changed)
    verdict = Property(str, lambda self: self._tone(), notify=changed)
    standing = Property(str, lambda self: self._standing(), notify=changed)
    advice = Property(str, lambda self: self._advice(), notify=changed)
    facts = Property(list, lambda self: self._facts(), notify=changed)
    refused = Property(list, lambda self: self._refused(), notify=changed)
    conflicts = Property(str, lambda self: self._conflicts(), notify=changed)
    supervisor = Property(bool, lambda self: self._may(), notify=changed)

    @Slot()
    def look(self) -> None:
        if self._asked:
            return
        self._asked = True
        self.session.ask(self.session.desks.link.state, self._take, self._unknown)

    @Slot()
    def syncNow(self) -> None:
        self.session.desks.link.sync_now()
        self.look()

    @Slot()
    def openConflicts(self) -> None:
        self.session.open(Place.CONFLICTS)

    @Slot()
    def openStick(self) -> None:
        self.session.open(Place.STICK)

    @Slot()
    def openEnrol(self) -> None:
        self.session.open(Place.ENROL)

    def _take(self, state: LinkState) -> None:
        self._asked = False
        if state != self._state:
            self._state = state
            self.changed.emit()

    def _unknown(self, error: Exception) -> None:
        self._asked = False
        self.session.fail(error)

    def _is(self, name: str) -> bool:
        return bool(self._state and getattr(self._state, name))

    def _may(self) -> bool:
        return self.authority is not None and Role.SUPERVISOR in self.authority.roles

    def _tone(self) -> str:
        state = self._state
        if state is None or not state.enrolled:
            return "info"
        if state.stopped:
            return "error"
        return "warn" if state.trouble or state.stale or state.last_success_at is None else "ok"

    def _standing(self) -> str:
        state = self._state
        if state is None:
            return ""
        if not state.enrolled:
            return self.tr_("还没有和县里连上")
        if state.trouble is not None or state.stale:
            return self.tr_(headline(state.trouble or LinkTrouble.STALE))
        if state.last_success_at is None:
            return self.tr_("正在第一次同步")
        return self.tr_("和县里是通的")

    def _advice(self) -> str:
        state = self._state
        if state is None:
            return ""
        if not state.enrolled:
            return self.tr_("本机照常能用。要和县里连上，请向县里要一个登记码，由负责人在这里登记。")
        if state.trouble is not None or state.stale:
            return self.tr_(advice(state.trouble or LinkTrouble.STALE))
        if state.too_new:
            return self.tr_("县里的程序比这台机器新，请更新这台机器的程序。")
        if state.clock_offset and abs(state.clock_offset.total_seconds()) > CLOCK_SECONDS:
            return self.tr_("这台机器的钟不准，请校一下时间。")
        return self.tr_("夜里和空闲的时候会自己同步，不用管。")

    def _facts(self) -> list[dict[str, str]]:
        state, clock, language = self._state, self.session.clock, self.session.language
        if state is None:
            return []
        last = moment_text(state.last_success_at, clock, language) or self.tr_("还没有过")
        following = (
            self.tr_("正在同步…") if state.working else moment_text(state.next_try_at, clock, language)
        )
        facts = [
            ("history", "上次同步", last if state.enrolled else ""),
            ("cloud-up", "等着上传", self.tr_("{count} 条", count=state.waiting)),
            ("refresh", "下次同步", following if state.enrolled else ""),
            ("clock", "和县里的钟差", self._offset()),
            ("world", "县里的地址", state.county.removeprefix("https://")),
            ("package", "县里来的、还放不进去的", self._count(state.unplaced)),
        ]
        return [
            {"glyph": glyph, "label": self.tr_(label) + self._ago(label), "text": text}
            for glyph, label, text in facts
            if text
        ]

    def _ago(self, label: str) -> str:
        """How long the last sync is past, behind its label."""
        age = self._state.age if self._state and label == "上次同步" else None
        return "　" + self._age(age) if age is not None else ""

    def _age(self, age: timedelta) -> str:
        minutes = int(age.total_seconds() // 60)
        if minutes < 60:
            return self.tr_("{minutes} 分钟前", minutes=minutes)
        if minutes < 48 * 60:
            return self.tr_("{hours} 小时前", hours=minutes // 60)
        return self.tr_("{days} 天前", days=minutes // (24 * 60))

    def _count(self, count: int) -> str:
        return self.tr_("{count} 条", count=count) if count else ""

    def _offset(self) -> str:
        offset = self._state.clock_offset if self._state else None
        if offset is None:
            return ""
        seconds = abs(offset.total_seconds())
        if seconds < CLOCK_SECONDS:
            return self.tr_("{seconds} 秒", seconds=round(seconds))
        return duration_text(abs(offset), self.session.language)

    def _refused(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": self.tr_(
                    "{table} {count} 条", table=self.tr_(TABLES.get(rows.table, "其他记录")), count=rows.count
                ),
                "detail": self.tr_(REASONS.get(rows.reason, "内容不合规定")),
                "side": moment_text(rows.latest, clock, language),
            }
            for rows in (self._state.refused if self._state else ())
        ]

    def _conflicts(self) -> str:
        return str(self._state.conflicts) if self._state and self._state.conflicts else ""
