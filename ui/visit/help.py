"""Help, reachable from everywhere: hours, lines, notices, rules, the way through a visit (S12)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.hall import HallCard, NoticeCard
from ui.visit.screen import Screen
from ui.visit.session import Session

_GLYPHS = {"policy": "file-text", "rules": "gavel", "flow": "route", "notice": "bell"}


class Help(Screen):
    page = "Help"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._notices: tuple[NoticeCard, ...] = ()

    def enter(self) -> None:
        self.refresh()
        desk = self.session.desks.hall
        self.session.background.run(lambda: (desk.hall(), desk.notices()), self._take)

    hall = Property(dict, lambda self: self._hall(), notify=changed)
    sign = Property(str, lambda self: self._sign(), notify=changed)
    staffDoor = Property(bool, lambda self: self.session.has_staff_door, constant=True)
    notices = Property(list, lambda self: self._list(), notify=changed)

    @Slot()
    def callStaff(self) -> None:
        self.session.staff_called.emit()

    @Slot(int)
    def open(self, at: int) -> None:
        self.session.read_notice(self._notices[at])

    def _take(self, found: tuple[HallCard, tuple[NoticeCard, ...]]) -> None:
        self.session.hall, self._notices = found
        self.refresh()

    def _hall(self) -> dict[str, str]:
        hall = self.session.hall
        if hall is None:
            return {}
        return {
            "address": hall.address,
            "hours": hall.hours,
            "hotline": hall.hotline,
            "complaints": hall.complaint_line,
            "legalAid": hall.legal_aid_line,
        }

    def _sign(self) -> str:
        """For staff: what is amiss with the county link, and what to do."""
        sign = self.session.link_sign
        return self.tr_("工作人员：{what}", what=self.tr_(sign[0])) + "\n" + self.tr_(sign[1]) if sign else ""

    def _list(self) -> list[dict[str, str]]:
        return [
            {"title": notice.title, "glyph": _GLYPHS.get(notice.kind, "info-circle")}
            for notice in self._notices
        ]
