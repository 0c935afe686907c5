"""Who is late, with the phone to call, and what earlier calls brought (T9; 004 annex 4 art. 5(二))."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.register import OverdueEntry
from kiosk.tools.words import duration_text
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.why import Why
from ui.counter.words import moment_text, phone_text, tools_text

NOTES = ("打通了，说今天还", "打通了，说明天还", "没人接", "关机或空号", "说丢了")


class Overdue(CounterScreen):
    page = "Overdue"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._late: tuple[OverdueEntry, ...] | None = None
        self._chosen: UUID | None = None
        self._why = Why(self, NOTES, self.tr_)
        self._why.given.connect(self._noted)
        self._why.changed.connect(self.changed)

    def enter(self) -> None:
        self.refresh()
        self.session.act(self.session.desks.register.overdue, self._take)

    known = Property(bool, lambda self: self._late is not None, notify=changed)
    rentals = Property(list, lambda self: self._rentals(), notify=changed)
    chosen = Property(int, lambda self: self._at(), notify=changed)
    phone = Property(str, lambda self: self._phone(), notify=changed)
    calls = Property(list, lambda self: self._calls(), notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._chosen = self._late[at].rental.id if self._late else None
        self.changed.emit()

    @Slot(str)
    def _noted(self, words: str) -> None:
        """What the call brought."""
        rental, desk = self._chosen, self.session.desks.register
        if rental is None:
            return

        self._why.ask()

        def noted(_: None) -> None:
            self.session.say(self.tr_("记下了"))
            self.enter()

        self.once(lambda by: desk.note_call(by, rental, words), noted)

    @Slot()
    def giveBack(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.session.work.rental = entry.rental
            self.session.open(Place.BACK)

    def _take(self, late: tuple[OverdueEntry, ...]) -> None:
        self._late = late
        if self._entry() is None:
            self._chosen = late[0].rental.id if late else None
        self.refresh()

    def _entry(self) -> OverdueEntry | None:
        return next((entry for entry in self._late or () if entry.rental.id == self._chosen), None)

    def _at(self) -> int:
        ids = [entry.rental.id for entry in self._late or ()]
        return ids.index(self._chosen) if self._chosen in ids else -1

    def _phone(self) -> str:
        entry = self._entry()
        return phone_text(entry.rental.seeker_phone) if entry else ""

    def _calls(self) -> list[str]:
        entry, clock, language = self._entry(), self.session.clock, self.session.language
        return [
            f"{moment_text(call.at, clock, language)}　{call.staff_name}　{self.tr_(call.note)}"
            for call in reversed(entry.calls if entry else ())
        ]

    def _rentals(self) -> list[dict[str, str]]:
        language = self.session.language
        return [
            {
                "text": f"{entry.rental.seeker_name}　{entry.rental.number}",
                "detail": tools_text(entry.rental, language),
                "side": self.tr_("晚了 {time}", time=duration_text(entry.late, language)),
            }
            for entry in self._late or ()
        ]
