"""Who works here: everybody, and one person's page: roles, PIN, badge, stopping and letting in again (R1).

Supervisors only; the desk sees to it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Property, Signal, Slot

from kiosk.staff.accounts import Authority, StaffCard
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.words import moment_text, roles_text


class People(CounterScreen):
    page = "People"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._staff: tuple[StaffCard, ...] = ()

    def enter(self) -> None:
        self.session.ask(self.session.desks.accounts.staff, self._take)

    people = Property(list, lambda self: self._people(), notify=changed)

    @Slot()
    def hire(self) -> None:
        self.session.open(Place.HIRE)

    @Slot(str)
    def open(self, staff: str) -> None:
        self.session.work.staff = UUID(staff)
        self.session.open(Place.PERSON)

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        self._staff = staff
        self.refresh()

    def _people(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "name": card.name,
                "roles": roles_text(card.roles, self.session.language) if card.active else self.tr_("已离岗"),
                "active": card.active,
                "badge": self.tr_("有工牌") if card.has_badge else "",
            }
            for card in self._staff
        ]


class Person(CounterScreen):
    page = "Person"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.staff is not None
        self._id: UUID = session.work.staff
        self._card: StaffCard | None = None
        self._asking = ""  # badge, revoke, leave: the first tap asks, the second one does it

    def enter(self) -> None:
        self._asking = ""
        self.session.work.staff = self._id
        self.refresh()
        self.session.ask(self.session.desks.accounts.staff, self._take)

    name = Property(str, lambda self: self._card.name if self._card else "", notify=changed)
    roles = Property(
        str,
        lambda self: roles_text(self._card.roles, self.session.language) if self._card else "",
        notify=changed,
    )
    known = Property(bool, lambda self: self._card is not None, notify=changed)
    active = Property(bool, lambda self: self._card is not None and self._card.active, notify=changed)
    badge = Property(bool, lambda self: self._card is not None and self._card.has_badge, notify=changed)
    me = Property(
        bool, lambda self: self.authority is not None and self.authority.staff_id == self._id, notify=changed
    )
    locked = Property(str, lambda self: self._locked(), notify=changed)
    asking = Property(str, lambda self: self._asking, notify=changed)

    @Slot(str)
    def ask(self, what: str) -> None:
        self._asking = "" if what == self._asking else what
        self.changed.emit()

    @Slot()
    def changeRoles(self) -> None:
        self.session.open(Place.ROLES)

    @Slot()
    def newPin(self) -> None:
        self.session.open(Place.NEW_PIN)

    @Slot()
    def comeBack(self) -> None:
        self.session.open(Place.COME_BACK)

    @Slot()
    def printBadge(self) -> None:
        desk, language = self.session.desks.accounts, self.session.language
        self._do(lambda by: desk.print_badge(by, self._id, language), "正在打印工牌，以前的工牌作废了")

    @Slot()
    def revokeBadge(self) -> None:
        desk = self.session.desks.accounts
        self._do(lambda by: desk.revoke_badge(by, self._id), "工牌作废了，还可以用 PIN 登录")

    @Slot()
    def endWork(self) -> None:
        desk = self.session.desks.accounts
        self._do(lambda by: desk.leave(by, self._id), "停用了，PIN 和工牌都不能用了")

    def scanned(self, text: str) -> None:
        """Nothing is scanned here."""

    def _do(self, act: Callable[[Authority], object], done: str) -> None:
        def take(_: object) -> None:
            self.session.say(self.tr_(done))
            self.enter()

        self.once(act, take)

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        self._card = next((card for card in staff if card.id == self._id), None)
        self.refresh()

    def _locked(self) -> str:
        until = self._card.locked_until if self._card else None
        if until is None or until <= self.session.clock.now():
            return ""
        time = moment_text(until, self.session.clock, self.session.language)
        return self.tr_("PIN 输错太多次，{time} 前不能登录。换一个 PIN 就解开", time=time)
