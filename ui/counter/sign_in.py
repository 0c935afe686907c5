"""Signing in: one's name, then the PIN; or the badge. Also the lock, and the quick switch to another person (R1)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk.errors import SignInFailed
from kiosk.staff.accounts import Authority, StaffCard
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Digits
from ui.counter.words import roles_text

TICK_MS = 1000


class SignIn(CounterScreen):
    page = "SignIn"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._staff: tuple[StaffCard, ...] = ()
        self._chosen: UUID | None = session.authority.staff_id if session.authority else None
        self._digits = Digits(self, session.settings.staff.pin_digits)
        self._digits.entered.connect(self.changed)
        self._wrong = ""
        self._until: dict[UUID, float] = {}  # on the clock that only goes forward
        self._checking = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.check)

    def enter(self) -> None:
        self._tick.start()
        self.refresh()
        self.session.ask(self.session.desks.accounts.staff, self._take)

    def leave(self) -> None:
        self._tick.stop()

    people = Property(list, lambda self: self._people(), notify=changed)
    dots = Property(str, lambda self: "●" * len(self._digits.typed), notify=changed)
    length = Property(int, lambda self: self._digits.longest, notify=changed)
    wrong = Property(str, lambda self: self._wrong_words(), notify=changed)
    waiting = Property(int, lambda self: self.left, notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    mayType = Property(
        bool, lambda self: bool(self._chosen) and not self.left and not self._checking, notify=changed
    )

    @property
    def left(self) -> int:
        """Whole seconds until this person may try again."""
        until = self._until.get(self._chosen) if self._chosen else None
        return 0 if until is None else max(0, -int(-(until - self.session.seconds()) // 1))

    @Slot(str)
    def choose(self, staff: str) -> None:
        self._chosen, self._wrong = UUID(staff), ""
        self._digits.clear()

    @Slot(str)
    def type(self, key: str) -> None:
        self._digits.type(key)
        if len(self._digits.typed) == self._digits.longest:
            self._try(self._digits.typed)

    @Slot()
    def erase(self) -> None:
        self._digits.erase()

    @Slot()
    def clear(self) -> None:
        self._digits.clear()

    def scanned(self, text: str) -> None:
        """A badge; or the PIN, typed on the keys of a counter that has some."""
        if text.isdigit() and len(text) == self._digits.longest:
            if self._chosen and not self.left and not self._checking:
                self._try(text)
            return
        self._checking = True
        desk = self.session.desks.accounts
        self.session.ask(lambda: desk.sign_in_by_badge(text), self._signed_in, self._refused)

    @Slot()
    def check(self) -> None:
        """A second has gone by."""
        if self._until:
            now = self.session.seconds()
            self._until = {staff: until for staff, until in self._until.items() if until > now}
            self.changed.emit()

    def _try(self, pin: str) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        self._checking, self._wrong = True, ""
        self.changed.emit()
        desk = self.session.desks.accounts
        self.session.ask(lambda: desk.sign_in(chosen, pin), self._signed_in, self._refused)

    def _take(self, staff: tuple[StaffCard, ...]) -> None:
        self._staff = tuple(card for card in staff if card.active)
        now = self.session.clock.now()
        for card in self._staff:
            if card.locked_until is not None and card.locked_until > now:
                self._until[card.id] = self.session.seconds() + (card.locked_until - now).total_seconds()
        if self._chosen not in {card.id for card in self._staff}:
            self._chosen = self._staff[0].id if len(self._staff) == 1 else None
        self.refresh()

    def _signed_in(self, authority: Authority) -> None:
        self._checking = False
        self.session.signed_in(authority)

    def _refused(self, error: Exception) -> None:
        self._checking = False
        self._digits.clear()
        if isinstance(error, SignInFailed) and error.context.get("reason") in ("wrong", "locked"):
            wait = error.context.get("wait")
            if self._chosen and isinstance(wait, int) and wait:
                self._until[self._chosen] = self.session.seconds() + wait
            self._wrong = "PIN 不对，请再输一次"
        elif getattr(error, "code", "") in ("code_invalid", "sign_in_failed"):
            self._wrong = "这张工牌用不了，请用 PIN 登录"
        else:
            self.session.fail(error)
        self.refresh()

    def _wrong_words(self) -> str:
        if self.left:
            return self.tr_("输错太多次了，请等 {time} 再试", time=f"{self.left // 60}:{self.left % 60:02d}")
        return self.tr_(self._wrong) if self._wrong else ""

    def _people(self) -> list[dict[str, object]]:
        return [
            {"id": str(card.id), "name": card.name, "roles": roles_text(card.roles, self.session.language)}
            for card in self._staff
        ]
