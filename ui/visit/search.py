"""Search by pinyin initials or Chinese characters, results while one types (S7)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.jobs.cards import JobList, TradeGroup, TradeTile
from ui.visit.jobs_model import JobsModel
from ui.visit.pinyin import Composer
from ui.visit.screen import Screen
from ui.visit.session import Session

LONGEST = 20
SUGGESTIONS = 8


class Search(Screen):
    page = "Search"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._composer = Composer()
        self._list = JobsModel(session, self)
        self._count = -1
        self._trades: list[TradeTile] = []

    def enter(self) -> None:
        self.refresh()
        self._find()

    model = Property(QObject, lambda self: self._list, constant=True)
    text = Property(str, lambda self: self._text(), notify=changed)
    composing = Property(str, lambda self: self._composer.composing, notify=changed)
    candidates = Property(list, lambda self: self._composer.shown, notify=changed)
    more = Property(bool, lambda self: self._composer.more, notify=changed)
    count = Property(int, lambda self: self._count, notify=changed)

    suggestions = Property(list, lambda self: self._suggestions(), notify=changed)

    @Slot(str)
    def suggest(self, word: str) -> None:
        """A trade tapped instead of typed."""
        self._composer.clear()
        self._composer.text = next(
            (tile.name for tile in self._trades if word in (tile.name, tile.name_en)), word
        )
        self._find()

    @Slot(str)
    def type(self, letter: str) -> None:
        if len(self._text()) < LONGEST:
            self._composer.letter(letter)
            self._find()

    @Slot()
    def erase(self) -> None:
        self._composer.erase()
        self._find()

    @Slot(str)
    def choose(self, character: str) -> None:
        self._composer.choose(character)
        self._find()

    @Slot()
    def nextPage(self) -> None:
        self._composer.next_page()
        self.changed.emit()

    @Slot(int)
    def room(self, per_page: int) -> None:
        self._composer.show(per_page)
        self.changed.emit()

    @Slot(int)
    def open(self, row: int) -> None:
        posting = self._list.id_at(row)
        if posting is not None:
            self.session.visit.open_job(posting)
            self.session.go()

    @Slot()
    def showAll(self) -> None:
        """All hits as the list of jobs."""
        self.session.query = replace(self.session.query, text=self._text())
        self.session.visit.jobs()
        self.session.go()

    def _suggest(self, groups: tuple[TradeGroup, ...]) -> None:
        """The trades with most jobs."""
        tiles = [tile for group in groups for tile in group.trades if tile.jobs]
        self._trades = sorted(tiles, key=lambda tile: -tile.jobs)[:SUGGESTIONS]
        self.changed.emit()

    def _suggestions(self) -> list[str]:
        if self._text():
            return []
        return [self.session.language.pick(tile.name, tile.name_en) for tile in self._trades]

    def _text(self) -> str:
        return self._composer.text + self._composer.composing

    def _find(self) -> None:
        self.changed.emit()
        text, person, board = self._text(), self.session.person(), self.session.desks.board
        query = replace(self.session.query, text=text)

        def take(found: JobList) -> None:
            if text == self._text():  # typed on meanwhile: the next answer counts
                self._list.fill(found)
                self._count = len(found.ids)
                self.changed.emit()
            if not self._trades:  # after the hits, which matter more
                self.session.background.run(lambda: board.trades(person), self._suggest)

        self.session.background.run(lambda: board.find(query, person), take)
