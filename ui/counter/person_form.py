"""A person who is to work here: name, what they do, and the PIN they choose themselves. One question a time.

The same screen makes the first supervisor and everybody after; no PIN is ever made for anybody (R1).
"""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.errors import HallError, InputInvalid
from kiosk.staff.accounts import Authority, Role, StaffCard
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.troubles import sentence
from ui.counter.typist import Digits, Typist
from ui.counter.words import ROLES

STEPS = ("name", "roles", "pin", "again")
SHORTEST_NAME = 2
LONGEST_NAME = 20


class PersonForm(CounterScreen):
    page = "PersonForm"
    changed = Signal()
    fixed: frozenset[Role] = frozenset()  # a role that cannot be left out
    heading = ""

    first_step = 0
    last_step = len(STEPS) - 1

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._at = self.first_step
        self._writing = Typist(self, name=True, longest=LONGEST_NAME)
        self._digits = Digits(self, session.settings.staff.pin_digits)
        self._roles: set[Role] = set(self.fixed)
        self._first = ""
        self._wrong = ""
        self._saving = False
        for pad in (self._writing, self._digits):
            pad.entered.connect(self.changed)

    def enter(self) -> None:
        self.refresh()

    def scanned(self, text: str) -> None:
        """Nothing is scanned here."""

    title = Property(str, lambda self: self.tr_(self.heading), notify=changed)
    step = Property(str, lambda self: STEPS[self._at], notify=changed)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    dots = Property(str, lambda self: "●" * len(self._digits.typed), notify=changed)
    length = Property(int, lambda self: self._digits.longest, notify=changed)
    roles = Property(list, lambda self: self._choices(), notify=changed)
    wrong = Property(str, lambda self: self.tr_(self._wrong) if self._wrong else "", notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)
    onlyRoles = Property(bool, lambda self: self.last_step == STEPS.index("roles"), notify=changed)

    @Slot(str)
    def type(self, key: str) -> None:
        self._wrong = ""
        self._digits.type(key)
        if len(self._digits.typed) == self._digits.longest:
            self._pin_typed()

    @Slot()
    def erase(self) -> None:
        self._digits.erase()

    @Slot()
    def clear(self) -> None:
        self._digits.clear()

    @Slot(str)
    def toggle(self, role: str) -> None:
        if Role(role) not in self.fixed:
            self._roles ^= {Role(role)}
            self.changed.emit()

    @Slot()
    def goOn(self) -> None:
        if not self._ready():
            return
        if self._at < self.last_step:
            self._at += 1
            self.changed.emit()
        elif not self._saving:
            self._saving = True
            self.save(self._writing.text, frozenset(self._roles), "")

    @Slot()
    def goBack(self) -> None:
        """One question back; from the first one, off the screen."""
        self._first = self._wrong = ""
        if self._at == self.first_step:
            self.session.back()
            return
        self._at = 2 if self._at == 3 else self._at - 1
        self._digits.clear()

    def _ready(self) -> bool:
        match STEPS[self._at]:
            case "name":
                return len(self._writing.text) >= SHORTEST_NAME
            case "roles":
                return bool(self._roles)
        return False

    def _pin_typed(self) -> None:
        typed = self._digits.typed
        if STEPS[self._at] == "pin":
            self._first = typed
            self._at += 1
        elif typed == self._first:
            if not self._saving:
                self._saving = True
                self.save(self._writing.text, frozenset(self._roles), typed)
            return
        else:
            self._wrong, self._first = "两次输的不一样，请从第一次重新输", ""
            self._at -= 1
        self._digits.clear()

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        raise NotImplementedError

    def refused(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, InputInvalid) and error.context.get("field") == "pin":
            self._at, self._first, self._wrong = STEPS.index("pin"), "", sentence(error)
        elif isinstance(error, HallError):
            self._wrong = sentence(error)
        else:
            self.session.fail(error)
        self._digits.clear()

    def _choices(self) -> list[dict[str, object]]:
        return [
            {
                "role": role.value,
                "text": self.tr_(word),
                "chosen": role in self._roles,
                "fixed": role in self.fixed,
            }
            for role, word in ROLES.items()
        ]


class SetUp(PersonForm):
    """Nobody works here yet: the first supervisor."""

    fixed = frozenset({Role.SUPERVISOR})
    heading = "第一次使用：请负责人登记"

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        desk = self.session.desks.accounts
        self.session.ask(lambda: desk.set_up(name, pin, roles), self._stands, self.refused)

    def _stands(self, authority: Authority) -> None:
        self.session.signed_in(authority)


class Hire(PersonForm):
    heading = "加一位工作人员"

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        desk = self.session.desks.accounts
        self.session.act(lambda by: desk.hire(by, name, roles, pin), self._stands, self.refused)

    def _stands(self, card: StaffCard) -> None:
        self.session.back()
        self.session.say(self.tr_("{name} 可以登录了", name=card.name))


class NewPin(PersonForm):
    """Somebody forgot theirs, or is locked out: they choose a new one while a supervisor stands by."""

    heading = "重新设一个 PIN"
    first_step = STEPS.index("pin")

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        staff, desk = self.session.work.staff, self.session.desks.accounts
        if staff is not None:
            self.session.act(lambda by: desk.reset_pin(by, staff, pin), self._set, self.refused)

    def _set(self, _: None) -> None:
        self.session.back()
        self.session.say(self.tr_("PIN 改好了"))


class ComeBack(NewPin):
    """Somebody who had left works here again, in their old roles."""

    heading = "重新上岗：本人设一个 PIN"

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        staff, desk = self.session.work.staff, self.session.desks.accounts
        if staff is not None:
            self.session.act(lambda by: desk.come_back(by, staff, pin), self._back_again, self.refused)

    def _back_again(self, card: StaffCard) -> None:
        self.session.back()
        self.session.say(self.tr_("{name} 可以登录了", name=card.name))


class ChangeRoles(PersonForm):
    """What somebody does here from now on."""

    heading = "改岗位"
    first_step = last_step = STEPS.index("roles")

    def enter(self) -> None:
        super().enter()
        self.session.ask(self.session.desks.accounts.staff, self._take)

    def save(self, name: str, roles: frozenset[Role], pin: str) -> None:
        staff, desk = self.session.work.staff, self.session.desks.accounts
        if staff is not None:
            self.session.act(lambda by: desk.change_roles(by, staff, roles), self._changed, self.refused)

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        card = next((one for one in staff if one.id == self.session.work.staff), None)
        if card is not None and not self._roles:
            self._roles = set(card.roles)
        self.changed.emit()

    def _changed(self, card: StaffCard) -> None:
        self.session.back()
        self.session.say(self.tr_("{name} 的岗位改好了，下次登录起作用", name=card.name))
