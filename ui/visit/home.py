"""Home: the six things the hall does. What is not done at the kiosk says where it is done."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from ui.visit.screen import Screen
from ui.visit.session import Session


class Home(Screen):
    page = "Home"
    changed = Signal()
    has_language_switch = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        session.hall_known.connect(self.refresh)

    jobs = Property(
        int, lambda self: self.session.summary.jobs if self.session.summary else -1, notify=changed
    )

    openings = Property(
        int, lambda self: self.session.summary.openings if self.session.summary else -1, notify=changed
    )
    hours = Property(str, lambda self: self.session.hall.hours if self.session.hall else "", notify=changed)

    @Slot()
    def findWork(self) -> None:
        self.session.visit.start()
        self.session.go()

    @Slot()
    def rentTools(self) -> None:
        self.session.visit.tools()
        self.session.go()

    @Slot()
    def records(self) -> None:
        self.session.visit.records()
        self.session.go()

    @Slot(str)
    def explain(self, topic: str) -> None:
        self.session.explain_topic(topic)

    def _can_back(self) -> bool:
        return False
