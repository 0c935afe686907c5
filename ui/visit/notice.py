"""A notice of the hall, or an honest page on what is done at the counter for now."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal

from ui.visit.screen import Screen

# topic → icon, title, what it is, then what to do, line by line
_TOPICS = {
    "training": (
        "school",
        "学技能",
        "免费培训，符合条件的还有补贴。",
        ("带上身份证，到服务窗口", "看最近开什么班，在哪上课", "登记报名，记好开课时间"),
    ),
    "rights": (
        "scale",
        "讨薪维权",
        "工钱被拖欠、受了工伤，找我们，不收钱。",
        (
            "留好对接单、考勤、聊天和转账记录",
            "到服务窗口登记，我们联系用工方",
            "解决不了的，帮您转劳动监察或法律援助",
        ),
    ),
    "recruit": (
        "user-plus",
        "我要招人",
        "发布用工免费，工作人员核对后马上上墙。",
        (
            "带上营业执照或身份证，到服务窗口",
            "说清工种、人数、工钱、地点、时间",
            "核对后公布，有人应聘就给您打电话",
        ),
    ),
}


class Notice(Screen):
    page = "Notice"
    changed = Signal()

    def enter(self) -> None:
        self.refresh()

    glyph = Property(str, lambda self: self._topic[0] if self._topic else "file-text", notify=changed)
    title = Property(str, lambda self: self._title(), notify=changed)
    lead = Property(str, lambda self: self.tr_(self._topic[2]) if self._topic else "", notify=changed)
    hotline = Property(
        str, lambda self: self.session.hall.hotline if self.session.hall else "", notify=changed
    )
    counter = Property(bool, lambda self: self._topic is not None, notify=changed)
    lines = Property(list, lambda self: self._lines(), notify=changed)
    numbered = Property(bool, lambda self: self._topic is not None or self._is_flow(), notify=changed)

    @property
    def _topic(self) -> tuple[str, str, str, tuple[str, ...]] | None:
        return _TOPICS.get(self.session.topic)

    def _title(self) -> str:
        if self._topic:
            return self.tr_(self._topic[1])
        return self.session.notice.title if self.session.notice else ""

    def _is_flow(self) -> bool:
        return self.session.notice is not None and self.session.notice.kind == "flow"

    def _lines(self) -> list[str]:
        if self._topic:
            return [self.tr_(line) for line in self._topic[3]]
        body = self.session.notice.body if self.session.notice else ""
        lines = [line.strip() for line in body.split("\n\n") if line.strip()]
        return [line.lstrip("0123456789.、 ") for line in lines] if self._is_flow() else lines
