"""The list behind the job cards: ids at once, cards page by page as they come into view, 100,000 stay fluent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk import words
from kiosk.jobs.cards import JobCard, JobList, Reason
from ui.visit.session import Session

PAGE = 24
KEPT_PAGES = 40  # what lies further off is fetched again when it comes into view
MOST_REASONS = 3
MOST_TAGS = 3
_ROOT = QModelIndex()


class Role(IntEnum):
    TITLE = Qt.ItemDataRole.UserRole + 1
    GLYPH = TITLE + 1
    PAY = TITLE + 2
    UNIT = TITLE + 3
    PLACE = TITLE + 4
    DISTANCE = TITLE + 5
    WHEN = TITLE + 6
    OPENINGS = TITLE + 7
    REASONS = TITLE + 8
    TAGS = TITLE + 9
    LOADING = TITLE + 10


_NAMES = {
    Role.TITLE: b"title",
    Role.GLYPH: b"glyph",
    Role.PAY: b"pay",
    Role.UNIT: b"unit",
    Role.PLACE: b"place",
    Role.DISTANCE: b"distance",
    Role.WHEN: b"when",
    Role.OPENINGS: b"openings",
    Role.REASONS: b"reasons",
    Role.TAGS: b"tags",
    Role.LOADING: b"loading",
}


class JobsModel(QAbstractListModel):
    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._ids: Sequence[UUID] = ()
        self._reasons: Mapping[UUID, tuple[Reason, ...]] = {}
        self._pages: dict[int, dict[UUID, JobCard]] = {}
        self._asked: set[int] = set()

    def fill(self, found: JobList) -> None:
        self.beginResetModel()
        self._ids, self._reasons = found.ids, found.reasons
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def id_at(self, row: int) -> UUID | None:
        return self._ids[row] if 0 <= row < len(self._ids) else None

    @property
    def pages_held(self) -> int:
        return len(self._pages)

    def retranslate(self) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def roleNames(self) -> dict[int, QByteArray]:
        return {role: QByteArray(name) for role, name in _NAMES.items()}

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        page, posting = index.row() // PAGE, self._ids[index.row()]
        if page not in self._pages:
            self._fetch(page)
        card = self._pages.get(page, {}).get(posting)
        if role == Role.LOADING:
            return card is None
        return _value(card, role, self._session) if card else _EMPTY.get(role, "")

    def _fetch(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        ids = self._ids[page * PAGE : (page + 1) * PAGE]
        reasons = {posting: self._reasons.get(posting, ()) for posting in ids}
        board = self._session.desks.board

        def take(cards: Sequence[JobCard]) -> None:
            if self._ids[page * PAGE : (page + 1) * PAGE] != ids:
                return  # an answer to an earlier search
            if len(self._pages) >= KEPT_PAGES:
                furthest = max(self._pages, key=lambda held: abs(held - page))
                del self._pages[furthest]
                self._asked.discard(furthest)
            self._pages[page] = {card.id: card for card in cards}
            self.dataChanged.emit(self.index(page * PAGE), self.index(page * PAGE + len(ids) - 1))

        self._session.background.run(lambda: board.cards(ids, reasons), take)


_EMPTY: dict[int, object] = {Role.REASONS: [], Role.TAGS: []}


def _value(card: JobCard, role: int, session: Session) -> object:
    language = session.language
    match role:
        case Role.TITLE:
            return card.title
        case Role.GLYPH:
            return card.icon
        case Role.PAY:
            return words.amount(card.pay)
        case Role.UNIT:
            return words.unit_text(card.pay_unit, language)
        case Role.PLACE:
            return card.place
        case Role.DISTANCE:
            return words.km_text(card.km, language)
        case Role.WHEN:
            return words.when_text(card, session.clock.today(), language)
        case Role.OPENINGS:
            return language.text("还要 {count} 人", count=card.openings_left)
        case Role.REASONS:
            return [words.reason_text(reason, language) for reason in card.reasons[:MOST_REASONS]]
        case Role.TAGS:
            return [session.benefit(name) for name in card.benefits[:MOST_TAGS]]
    return None
