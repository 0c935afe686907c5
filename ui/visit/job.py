"""One posting in full, and 我要应聘 (S7, S9)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk import words
from kiosk.jobs.cards import Handover, JobDetail
from kiosk.jobs.work_law import work_law
from kiosk.language import Language
from ui.visit.screen import Screen
from ui.visit.session import Session


class Job(Screen):
    page = "Job"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._detail: JobDetail | None = None
        self._asking = False
        self._ready = False  # what the person said so far is written down

    def enter(self) -> None:
        if self._detail and self._detail.card.id != self.session.visit.job:
            self._detail = None
        self._asking, self._ready = False, False
        self.refresh()
        self.session.save_person(self._fetch)

    facts = Property(dict, lambda self: self._facts(), notify=changed)
    loaded = Property(bool, lambda self: self._detail is not None, notify=changed)
    ready = Property(bool, lambda self: self._ready and not self._asking, notify=changed)
    asking = Property(bool, lambda self: self._asking, notify=changed)
    full = Property(
        bool, lambda self: bool(self._detail and not self._detail.card.openings_left), notify=changed
    )
    taken = Property(bool, lambda self: bool(self._detail and self._detail.taken_slip), notify=changed)

    @Slot()
    def apply(self) -> None:
        if self._asking or not self._ready or self._detail is None:
            return
        if not self.session.visit.apply():
            self.session.go()
            return
        seeker, posting = self.session.visit.seeker, self._detail.card.id
        if seeker is None:
            return
        self.session.handover = None
        self._asking = True
        language = Language(self.session.language.code)
        desk = self.session.desks.referrals
        self.session.background.run(
            lambda: desk.refer(seeker, posting, language), self._handed, self._refused
        )
        self.session.visit.slip()  # at once: the slip's screen waits for it, not the finger
        self.session.go()

    def _handed(self, handover: Handover) -> None:
        self._asking = False
        self.session.take_handover(handover)

    def _refused(self, error: Exception) -> None:
        self._asking = False
        if self._detail is not None:
            self.session.visit.open_job(self._detail.card.id)  # there was no slip to go on to
        self.session.fail(error)

    def _fetch(self) -> None:
        posting, person, board = self.session.visit.job, self.session.person(), self.session.desks.board
        if posting is not None:
            self.session.background.run(lambda: board.detail(posting, person), self._take)

    def _take(self, detail: JobDetail) -> None:
        self._detail, self._ready = detail, True
        self.refresh()

    def _facts(self) -> dict[str, object]:
        detail, language = self._detail, self.session.language
        if detail is None:
            return {}
        card = detail.card
        say = language.text
        return {
            "title": card.title,
            "trade": card.occupation,
            "glyph": card.icon,
            "pay": words.amount(card.pay),
            "unit": words.unit_text(card.pay_unit, language),
            "settlement": words.settlement_text(card.settlement, language),
            "place": card.place,
            "distance": words.km_text(card.km, language),
            "km": -1.0 if card.km is None else card.km,
            "when": words.when_text(card, self.session.clock.today(), language),
            "openings": say("还要 {count} 人", count=card.openings_left),
            "wanted": say("一共招 {count} 人", count=detail.openings),
            "level": words.level_text(detail.level, language),
            "employer": detail.employer,
            "description": detail.description,
            "urgent": card.urgent,
            "tags": [self.session.benefit(name) for name in card.benefits],
            "conditions": [
                language.pick(condition.name, condition.name_en)
                for condition in work_law().condition_names(detail.conditions)
            ],
            "guidance": self._guidance(detail),
        }

    def _guidance(self, detail: JobDetail) -> str:
        if detail.guidance is None:
            return ""
        low, _, high = detail.guidance
        unit = words.unit_text(detail.card.pay_unit, self.session.language)
        return self.tr_(
            "这个工种一般 {low}–{high} {unit}", low=words.amount(low), high=words.amount(high), unit=unit
        )
