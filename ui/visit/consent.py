"""What the hall keeps and why, before anything is kept (spec §6)."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from ui.visit.screen import Screen


class Consent(Screen):
    page = "Consent"
    changed = Signal()

    @Slot()
    def agree(self) -> None:
        self.session.visit.consent(self.session.clock.now())
        self.session.go()

    @Slot()
    def lookAround(self) -> None:
        self.session.visit.look_around()
        self.session.go()
