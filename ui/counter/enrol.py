"""Joining the county: its address and a one-time code, typed or scanned (spec C4)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.county.link import LinkState
from ui.counter.screen import CounterScreen
from ui.counter.session import Session

CODE_LETTERS = 32  # 16 of the code, 16 that stand for the county's certificate
GROUP = 4
LONGEST_ADDRESS = 60
LANE = "county"


class Enrol(CounterScreen):
    page = "Enrol"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._address = ""
        self._code = ""
        self._at_code = False
        self._waiting = False

    def enter(self) -> None:
        self.session.ask(self.session.desks.link.state, self._take)

    address = Property(str, lambda self: self._address, notify=changed)
    code = Property(str, lambda self: _grouped(self._code), notify=changed)
    atCode = Property(bool, lambda self: self._at_code, notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)
    waiting = Property(bool, lambda self: self._waiting, notify=changed)

    @Slot(bool)
    def choose(self, code: bool) -> None:
        self._at_code = code
        self.changed.emit()

    @Slot(str)
    def type(self, letter: str) -> None:
        if not self._at_code:
            self._address = (self._address + letter.lower())[:LONGEST_ADDRESS]
        elif letter.isalnum():
            self._code = (self._code + letter.upper())[:CODE_LETTERS]
        self.changed.emit()

    @Slot()
    def erase(self) -> None:
        if self._at_code:
            self._code = self._code[:-1]
        else:
            self._address = self._address[:-1]
        self.changed.emit()

    def scanned(self, text: str) -> None:
        """The code as the county's console shows it, read by the scanner."""
        self._code = "".join(letter for letter in text.upper() if letter.isalnum())[:CODE_LETTERS]
        self._at_code = True
        self.changed.emit()

    @Slot()
    def enrol(self) -> None:
        desk, address, code = self.session.desks.link, self._address, self._code
        if not self._ready():
            return
        self._waits(True)

        def done(_: LinkState) -> None:
            self._waits(False)
            self.session.back()
            self.session.say(self.tr_("登记好了，正在和县里同步"))

        self.once(lambda by: desk.enrol(by, address, code), done, self._failed, lane=LANE)

    def _failed(self, error: Exception) -> None:
        self._waits(False)
        self.session.fail(error)

    def _waits(self, on: bool) -> None:
        self._waiting = on
        self.changed.emit()

    def _take(self, state: LinkState) -> None:
        if not self._address:
            self._address = state.county.removeprefix("https://")
        self._at_code = bool(self._address)
        self.refresh()

    def _ready(self) -> bool:
        return bool(self._address) and len(self._code) == CODE_LETTERS and not self._waiting


def _grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
