"""Under 16: a kind refusal that names its rule; nothing about the person is kept (S3, 004 annex 2 art. 7)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.jobs.work_law import work_law
from ui.visit.screen import Screen


class Refused(Screen):
    page = "Refused"
    changed = Signal()

    say = Property(str, lambda self: self._say(), notify=changed)
    law = Property(
        str, lambda self: f"{work_law().under_16.law} · {work_law().under_16.article}", notify=changed
    )

    @Slot()
    def finish(self) -> None:
        self.session.end()

    def _say(self) -> str:
        rule = work_law().under_16
        return self.session.language.pick(rule.say, rule.say_en)
