"""Who works here: add somebody, end somebody's work here. Supervisors only, the desk sees to it (R1)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, Signal, Slot

from kiosk.staff.accounts import StaffCard
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import roles_text


class People(CounterScreen):
    page = "People"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._staff: tuple[StaffCard, ...] = ()
        self._leaving = ""

    def enter(self) -> None:
        self._leaving = ""
        self.session.ask(self.session.desks.accounts.staff, self._take)

    people = Property(list, lambda self: self._people(), notify=changed)
    leaving = Property(str, lambda self: self._leaving, notify=changed)

    @Slot()
    def hire(self) -> None:
        self.session.open(Place.HIRE)

    @Slot(str)
    def newPin(self, staff: str) -> None:
        self.session.work.staff = UUID(staff)
        self.session.open(Place.NEW_PIN)

    @Slot(str)
    def askLeave(self, staff: str) -> None:
        """The first tap asks, the second one does it."""
        self._leaving = staff
        self.changed.emit()

    @Slot(str)
    def endWork(self, staff: str) -> None:
        desk = self.session.desks.accounts
        self.session.act(lambda by: desk.leave(by, UUID(staff)), lambda _: self.enter())

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        self._staff = staff
        self.refresh()

    def _people(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "name": card.name,
                "roles": roles_text(card.roles, self.session.language),
                "active": card.active,
                "me": self.authority is not None and card.id == self.authority.staff_id,
            }
            for card in self._staff
        ]
