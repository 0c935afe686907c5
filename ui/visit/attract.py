"""The welcome screen. It stands before the hall's desks do, so it must import nothing but Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Property, Signal, Slot

from ui.visit.screen import HALL, Screen

if TYPE_CHECKING:
    from ui.visit.session import Session


class Attract(Screen):
    """Without a session yet (`None`), a tap is remembered in `wish` and granted when the desks stand."""

    page = "Attract"
    changed = Signal()
    has_language_switch = True

    def __init__(self, session: Session | None) -> None:
        super().__init__(cast("Session", session))  # the first one waits for its session
        self._waiting = session is None
        self.wish = ""
        if session is not None:
            session.hall_known.connect(self.refresh)

    def enter(self) -> None:
        self.session.refresh_hall()

    jobs = Property(int, lambda self: self._figure("jobs"), notify=changed)
    openings = Property(int, lambda self: self._figure("openings"), notify=changed)
    sign = Property(str, lambda self: self._sign(), notify=changed)
    hours = Property(str, lambda self: self._hours(), notify=changed)

    @Slot()
    def start(self) -> None:
        if self._waits("start"):
            return
        self.session.visit.start()
        self.session.go()

    @Slot()
    def more(self) -> None:
        if self._waits("more"):
            return
        self.session.visit.home()
        self.session.go()

    @Slot()
    def help(self) -> None:
        if not self._waits("help"):
            self.session.help()

    @Slot()
    def switchLanguage(self) -> None:
        if not self._waits("switchLanguage"):
            self.session.switch_language()

    def _waits(self, wish: str) -> bool:
        if self._waiting:
            self.wish = wish
            return True
        return False

    def _figure(self, name: str) -> int:
        """-1 while unknown."""
        summary = None if self._waiting else self.session.summary
        return int(getattr(summary, name)) if summary else -1

    def _sign(self) -> str:
        """For staff who pass by; a visitor need not mind it."""
        sign = None if self._waiting else self.session.link_sign
        return self.tr_("工作人员：{what}", what=self.tr_(sign[0])) if sign else ""

    def _hours(self) -> str:
        hall = None if self._waiting else self.session.hall
        return hall.hours if hall else ""

    def _hall_name(self) -> str:
        return HALL if self._waiting else super()._hall_name()

    def _progress(self) -> int:
        return 0

    def _can_back(self) -> bool:
        return False

    def _can_leave(self) -> bool:
        return False
