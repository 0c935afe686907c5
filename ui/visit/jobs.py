"""The jobs that fit this person, best first, the reason on every card (S7)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk import words
from kiosk.jobs.cards import JobList, JobQuery
from kiosk.tools.borrowers import Reminders
from ui.visit.jobs_model import JobsModel
from ui.visit.records import reminder_text
from ui.visit.screen import Screen
from ui.visit.session import Session


class Jobs(Screen):
    page = "Jobs"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._list = JobsModel(session, self)
        self._count = -1
        self._hidden = 0
        self._reminders: Reminders | None = None
        self._shown: tuple[object, ...] = ()
        self._scrolled = 0.0

    def enter(self) -> None:
        self.refresh()
        self.session.save_person(self._look)

    @Slot()
    def refresh(self) -> None:
        super().refresh()
        self._list.retranslate()

    model = Property(QObject, lambda self: self._list, constant=True)
    count = Property(int, lambda self: self._count, notify=changed)
    hidden = Property(int, lambda self: self._hidden, notify=changed)
    seeker = Property(str, lambda self: self._name(), notify=changed)
    reminder = Property(str, lambda self: self._reminder(), notify=changed)
    filtered = Property(list, lambda self: filter_words(self.session), notify=changed)

    def _get_scrolled(self) -> float:
        return self._scrolled

    def _set_scrolled(self, value: float) -> None:
        self._scrolled = value

    scrolled = Property(float, _get_scrolled, _set_scrolled)

    @Slot(int)
    def open(self, row: int) -> None:
        posting = self._list.id_at(row)
        if posting is not None:
            self.session.visit.open_job(posting)
            self.session.go()

    @Slot()
    def search(self) -> None:
        self.session.visit.search()
        self.session.go()

    @Slot()
    def filters(self) -> None:
        self.session.visit.filters()
        self.session.go()

    @Slot()
    def changeTrades(self) -> None:
        self.session.visit.change_trades()
        self.session.go()

    @Slot()
    def notMe(self) -> None:
        self.session.not_me()

    @Slot()
    def showAll(self) -> None:
        self.session.query = JobQuery(sort=self.session.query.sort)
        self._find()

    def _look(self) -> None:
        seeker, desk = self.session.visit.seeker, self.session.desks.borrowers
        self._reminders = None
        if seeker is not None and self.session.visit.confirmed:
            self.session.background.run(lambda: desk.reminders(seeker.id), self._remind)
        self._find()

    def _remind(self, found: Reminders) -> None:
        self._reminders = found
        self.changed.emit()

    def _reminder(self) -> str:
        return reminder_text(self._reminders, self.session.language) if self._reminders else ""

    def _find(self) -> None:
        query, person, board = self.session.query, self.session.person(), self.session.desks.board
        self.session.background.run(lambda: board.find(query, person), self._take)

    def _take(self, found: JobList) -> None:
        shown = (found.ids, self.session.query)
        if shown != self._shown:
            self._shown = shown
            self._scrolled = 0.0 if self._count >= 0 else self._scrolled
            self._list.fill(found)
        self._count, self._hidden = len(found.ids), found.hidden_by_law
        self.refresh()

    def _name(self) -> str:
        seeker = self.session.visit.seeker
        return seeker.masked_name if seeker and self.session.visit.confirmed else ""


def filter_words(session: Session) -> list[str]:
    """What the query narrows, for the visitor to see."""
    query, language = session.query, session.language
    found = []
    if query.text:
        found.append(language.text("搜：{text}", text=query.text))
    if query.min_day_pay:
        found.append(language.text("每天 {yuan} 元以上", yuan=words.amount(query.min_day_pay)))
    if query.max_km is not None:
        found.append(language.text("{km} 公里以内", km=f"{query.max_km:g}"))
    if query.today_only:
        found.append(language.text("今天开工"))
    if query.daily_settlement:
        found.append(language.text("日结"))
    found += [language.text(SHIFT_WORDS[shift]) for shift in sorted(query.shifts)]
    return found


SHIFT_WORDS = {"day": "白天", "half_day": "半天", "night": "夜班"}


def without_text(query: JobQuery) -> JobQuery:
    return replace(query, text="")
