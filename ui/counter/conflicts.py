"""两边不一样: what two places wrote differently, side by side, and what to do with it (spec C3)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Property, Signal, Slot

from kiosk.county.conflicts import Choice, ConflictCard, ConflictKind, TwoSides
from kiosk.staff.accounts import Role
from kiosk.tools.words import money
from ui.counter.check import STATES as REFERRAL_STATES
from ui.counter.link import TABLES
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.words import moment_text

# what happened, what it means and what to do, and what stands over the two columns
KINDS = {
    ConflictKind.FIELDS: (
        "同一项填得不一样",
        "两台机器改了同一项，先到县里的算数。看看哪个是对的。",
        ("现在记的", "另一个"),
    ),
    ConflictKind.STATE: (
        "进展对不上",
        "一台机器登记时，另一台已经登记了别的结果。现在的不变，要改请重新登记。",
        ("现在记的", "没有记上的"),
    ),
    ConflictKind.NOT_OWNER: (
        "不是这台机器的东西",
        "这件东西归另一台机器管，改动没有记上。要改请到那台机器上办。",
        ("现在记的", "没有记上的"),
    ),
    ConflictKind.COUNTY_RULES: (
        "以县里的为准",
        "县里已经改过这一条，本市场的改动没有记上。有不同意见请打电话给县里。",
        ("县里的", "本市场的"),
    ),
    ConflictKind.DELETED: (
        "已经删掉的又被改了",
        "这一条已经删掉了，后来的改动没有记上，不用再改。",
        ("现在记的", "没有记上的"),
    ),
    ConflictKind.SAME_PERSON: (
        "一个人登记了两份",
        "同一个身份证号有两份登记。请核对是不是一个人，是就并成一份。",
        ("本机的", "另一份"),
    ),
    ConflictKind.OVERFILLED: (
        "推荐的人比要的多",
        "几台机器同时推荐，超过了要的人数。请打电话问用工主体，多出来的人另找活。",
        ("要的人数", "已推荐"),
    ),
    ConflictKind.SAME_NUMBER: (
        "一个号码给了两次",
        "这台机器的硬盘恢复过旧数据，同一个号码打了两张纸。后一张已改成新号码，请换一张新的给本人。",
        ("纸上印的", "现在的号码"),
    ),
}
CHOICES = {
    Choice.KEEP: ("check", "知道了，按现在的"),
    Choice.TAKE: ("arrow-right", "用另一个"),
    Choice.MERGE: ("users", "是一个人，并成一份"),
    Choice.NOTE: ("check", "已处理"),
}
FACTS = {
    "name": "姓名",
    "phone": "电话",
    "address": "住址",
    "ethnicity": "民族",
    "hardship": "困难情况",
    "state": "进展",
    "title": "岗位",
    "description": "说明",
    "openings": "人数",
    "pay": "工钱",
    "place": "地点",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "starts_on": "开始",
    "ends_on": "结束",
    "slip_number": "单号",
    "last_seen_at": "最近来过",
    "hired_at": "谈成时间",
    "level": "等级",
    "reason": "原因",
    "tag": "编号",
    "number_sealed": "身份证号",
}
STATES = {
    **REFERRAL_STATES,
    "draft": "没有发布",
    "published": "已发布",
    "paused": "暂停",
    "closed": "已关闭",
    "expired": "已过期",
    "in_stock": "在库",
    "held": "留着",
    "out": "借出",
    "to_inspect": "要验收",
    "repair": "维修",
    "set_aside": "放一边",
    "lost": "丢失",
    "written_off": "报废",
}


class Conflicts(CounterScreen):
    page = "Conflicts"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._found: tuple[ConflictCard, ...] | None = None
        self._chosen: UUID | None = None

    def enter(self) -> None:
        self.refresh()
        self.session.ask(self.session.desks.conflicts.open, self._take)

    known = Property(bool, lambda self: self._found is not None, notify=changed)
    conflicts = Property(list, lambda self: self._list(), notify=changed)
    chosen = Property(int, lambda self: self._at(), notify=changed)
    meaning = Property(str, lambda self: self._meaning(), notify=changed)
    heads = Property(list, lambda self: self._heads(), notify=changed)
    sides = Property(list, lambda self: self._sides(), notify=changed)
    choices = Property(list, lambda self: self._choices(), notify=changed)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._chosen = self._found[at].id if self._found else None
        self.changed.emit()

    @Slot(str)
    def resolve(self, choice: str) -> None:
        card, desk = self._card(), self.session.desks.conflicts
        if card is None:
            return

        def done(_: None) -> None:
            self.enter()
            self.session.say(self.tr_("记下了，会传到县里"))

        self.once(lambda by: desk.resolve(by, card.id, Choice(choice)), done, self._failed)

    def _failed(self, error: Exception) -> None:
        self.enter()  # somebody else may have decided
        self.session.fail(error)

    def _take(self, found: tuple[ConflictCard, ...]) -> None:
        self._found = found
        if self._card() is None:
            self._chosen = found[0].id if found else None
        self.changed.emit()

    def _card(self) -> ConflictCard | None:
        return next((card for card in self._found or () if card.id == self._chosen), None)

    def _at(self) -> int:
        ids = [card.id for card in self._found or ()]
        return ids.index(self._chosen) if self._chosen in ids else -1

    def _list(self) -> list[dict[str, str]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": self.tr_(KINDS[card.kind][0]),
                "detail": card.about or self.tr_(TABLES.get(card.table, "其他记录")),
                "side": moment_text(card.found_at, clock, language),
            }
            for card in self._found or ()
        ]

    def _meaning(self) -> str:
        card = self._card()
        if card is None:
            return ""
        words = self.tr_(KINDS[card.kind][1])
        if card.kind is ConflictKind.SAME_PERSON:
            where = "另一份是本市场另一台机器登记的。" if card.here else "另一份是别的市场登记的。"
            words += "\n" + self.tr_(where)
        return words

    def _heads(self) -> list[str]:
        card = self._card()
        return [self.tr_(head) for head in KINDS[card.kind][2]] if card else ["", ""]

    def _sides(self) -> list[dict[str, str]]:
        card = self._card()
        return [
            {
                "fact": self.tr_(FACTS.get(side.fact, "其他")),
                "stands": self._value(side, side.stands),
                "other": self._value(side, side.other),
            }
            for side in (card.sides if card else ())
        ]

    def _value(self, side: TwoSides, value: str) -> str:
        if side.fact == "state" and value in STATES:
            return self.tr_(STATES[value])
        if side.fact == "pay" and value.isdigit():
            return money(int(value))
        if side.fact.endswith("_at"):
            with suppress(ValueError):
                return moment_text(datetime.fromisoformat(value), self.session.clock, self.session.language)
        return value or "—"

    def _choices(self) -> list[dict[str, str]]:
        card = self._card()
        boss = self.authority is not None and Role.SUPERVISOR in self.authority.roles
        return [
            {"choice": choice.value, "glyph": CHOICES[choice][0], "text": self.tr_(CHOICES[choice][1])}
            for choice in (card.choices if card else ())
            if boss or choice is not Choice.MERGE
        ]
