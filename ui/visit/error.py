"""Something went wrong: a sentence, what to do next, a button. Never a traceback (design §7)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk.jobs.work_law import Rule, work_law
from ui.errors_text import BUG, Next, Trouble, Who
from ui.visit.screen import Screen


class Error(Screen):
    page = "Error"
    changed = Signal()

    def enter(self) -> None:
        self.refresh()

    sentence = Property(str, lambda self: self.tr_(self._trouble.sentence), notify=changed)
    advice = Property(str, lambda self: self._advice(), notify=changed)
    button = Property(str, lambda self: self.tr_(self._trouble.button), notify=changed)
    ours = Property(bool, lambda self: self._trouble.who is not Who.VISITOR, notify=changed)
    hotline = Property(
        str, lambda self: self.session.hall.hotline if self.session.hall else "", notify=changed
    )
    rule = Property(str, lambda self: self._rule(), notify=changed)
    law = Property(str, lambda self: self._law(), notify=changed)

    @Slot()
    def goOn(self) -> None:
        self.session.after_trouble()

    def _can_back(self) -> bool:
        return self._trouble.next is not Next.START and super()._can_back()

    def _advice(self) -> str:
        return self.tr_(self._trouble.advice, until=self._trouble.until)

    @property
    def _trouble(self) -> Trouble:
        return self.session.trouble or BUG

    def _named(self) -> Rule | None:
        return next((rule for rule in work_law().rules if rule.key == self._trouble.rule), None)

    def _rule(self) -> str:
        rule = self._named()
        return self.session.language.pick(rule.say, rule.say_en) if rule else ""

    def _law(self) -> str:
        rule = self._named()
        return f"{rule.law} · {rule.article}" if rule else ""
