"""The second person of an act that needs two, named on the same screen by PIN or badge (R1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.errors import SignInFailed
from kiosk.staff.accounts import Authority, Role, StaffCard
from ui.counter.session import Session
from ui.counter.typist import Digits
from ui.counter.words import roles_text


class Witness(QObject):
    """Opens over a screen when something is to be confirmed; the act goes on with whoever showed who they are."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject, roles: Iterable[Role] = ()) -> None:
        """`roles`: one of these is needed; none: anybody else who works here."""
        super().__init__(parent)
        self._session = session
        self._roles = frozenset(roles)
        self._staff: tuple[StaffCard, ...] = ()
        self._chosen: UUID | None = None
        self._digits = Digits(self, session.settings.staff.pin_digits)
        self._digits.entered.connect(self.changed)
        self._wrong = ""
        self._checking = False
        self._then: Callable[[Authority], object] | None = None

    open = Property(bool, lambda self: self._then is not None, notify=changed)
    people = Property(list, lambda self: self._people(), notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    dots = Property(str, lambda self: "●" * len(self._digits.typed), notify=changed)
    length = Property(int, lambda self: self._digits.longest, notify=changed)
    wrong = Property(str, lambda self: self._wrong, notify=changed)
    able = Property(bool, lambda self: bool(self._chosen) and not self._checking, notify=changed)

    def ask(self, then: Callable[[Authority], object]) -> None:
        """`then` is told who confirms; nothing is told where it is called off."""
        self._then, self._wrong = then, ""
        self._digits.clear()
        self._session.ask(self._session.desks.accounts.staff, self._take)

    @Slot()
    def close(self) -> None:
        self._then = None
        self._digits.clear()

    @Slot(str)
    def choose(self, staff: str) -> None:
        self._chosen, self._wrong = UUID(staff), ""
        self._digits.clear()

    @Slot(str)
    def type(self, key: str) -> None:
        self._digits.type(key)
        chosen, pin, desk = self._chosen, self._digits.typed, self._session.desks.accounts
        if len(pin) == self._digits.longest and chosen is not None:
            self._check(lambda: desk.sign_in(chosen, pin))

    @Slot()
    def erase(self) -> None:
        self._digits.erase()

    @Slot()
    def clear(self) -> None:
        self._digits.clear()

    def scanned(self, text: str) -> None:
        """A badge held before the scanner."""
        desk = self._session.desks.accounts
        self._check(lambda: desk.sign_in_by_badge(text))

    def _check(self, sign_in: Callable[[], Authority]) -> None:
        self._checking = True
        self.changed.emit()
        self._session.ask(sign_in, self._signed_in, self._not_signed_in)

    def _signed_in(self, authority: Authority) -> None:
        self._checking = False
        then, first = self._then, self._session.authority
        if then is None:
            return
        if first is not None and authority.staff_id == first.staff_id:
            self._wrong = self._session.text("要另一个人来确认，不能是同一个人")
        elif self._roles and not self._roles & authority.roles:
            who = roles_text(self._roles, self._session.language)
            self._wrong = self._session.text("这一项要{who}来确认", who=who)
        else:
            self.close()
            then(authority)
            return
        self._digits.clear()

    def _not_signed_in(self, error: Exception) -> None:
        self._checking = False
        wait = error.context.get("wait") if isinstance(error, SignInFailed) else 0
        if isinstance(wait, int) and wait:
            time = f"{wait // 60}:{wait % 60:02d}"
            self._wrong = self._session.text("输错太多次了，请等 {time} 再试", time=time)
        elif isinstance(error, SignInFailed) and error.context.get("reason") == "wrong":
            self._wrong = self._session.text("PIN 不对，请再输一次")
        elif getattr(error, "code", "") in ("code_invalid", "sign_in_failed"):
            self._wrong = self._session.text("这张工牌用不了，请用 PIN")
        else:
            self._session.fail(error)
        self._digits.clear()

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        first = self._session.authority
        self._staff = tuple(
            card
            for card in staff
            if card.active
            and card.has_pin
            and (first is None or card.id != first.staff_id)
            and (not self._roles or self._roles & card.roles)
        )
        if self._chosen not in {card.id for card in self._staff}:
            self._chosen = self._staff[0].id if len(self._staff) == 1 else None
        self.changed.emit()

    def _people(self) -> list[dict[str, str]]:
        return [
            {"id": str(card.id), "name": card.name, "roles": roles_text(card.roles, self._session.language)}
            for card in self._staff
        ]
