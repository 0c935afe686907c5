"""The wish is written down: its number, and where to go on (先批后租, T1)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk import words
from ui.visit.screen import Screen
from ui.visit.tools import deposit_text


class ToolAsked(Screen):
    page = "ToolAsked"
    changed = Signal()

    def enter(self) -> None:
        self.refresh()

    facts = Property(dict, lambda self: self._facts(), notify=changed)

    @Slot()
    def finish(self) -> None:
        self.session.end()

    @Slot()
    def more(self) -> None:
        """再办点别的."""
        self.session.visit.home()
        self.session.go()

    def _facts(self) -> dict[str, object]:
        wish, language = self.session.wish, self.session.language
        if wish is None:
            return {}
        until = words.moment_text(self.session.clock.local(wish.valid_until), language)
        return {
            "number": wish.number,
            "tools": language.pick("、", ", ").join(
                language.pick(line.model.name, line.model.name_en or line.model.name) for line in wish.lines
            ),
            "glyph": wish.lines[0].model.icon,
            "deposit": deposit_text(wish.deposit, language),
            "until": until,
        }
