"""Typing the name on the pinyin pad, surnames first."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.identity import number
from kiosk.identity.document import Assurance, IdentityDocument
from ui.visit.pinyin import Composer
from ui.visit.screen import Screen
from ui.visit.session import Session

LONGEST = 20
SHORTEST = 2


class TypeName(Screen):
    page = "TypeName"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._composer = Composer(name=True)

    name = Property(str, lambda self: self._composer.text, notify=changed)
    composing = Property(str, lambda self: self._composer.composing, notify=changed)
    candidates = Property(list, lambda self: self._composer.shown, notify=changed)
    more = Property(bool, lambda self: self._composer.more, notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    @Slot(str)
    def type(self, letter: str) -> None:
        self._composer.letter(letter)
        self.changed.emit()

    @Slot()
    def erase(self) -> None:
        self._composer.erase()
        self.changed.emit()

    @Slot(str)
    def choose(self, character: str) -> None:
        if len(self._composer.text) < LONGEST:
            self._composer.choose(character)
            self.changed.emit()

    @Slot()
    def nextPage(self) -> None:
        self._composer.next_page()
        self.changed.emit()

    @Slot(int)
    def room(self, per_page: int) -> None:
        self._composer.show(per_page)
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        if not self._ready():
            return
        typed = self.session.typed_number
        self.session.admit(
            IdentityDocument(
                Assurance.TYPED,
                name=self._composer.text,
                sex=number.sex(typed),
                birth=number.birth(typed),
                number=typed,
                confidence={"name": 1.0, "number": 1.0},
            ),
            tuple(number.check_number(typed, self.session.clock.today())),
        )

    def _ready(self) -> bool:
        return len(self._composer.text) >= SHORTEST and not self._composer.composing
