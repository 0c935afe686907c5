"""What narrows the list: pay, distance, today, shift, daily settlement; and its order (S7)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Property, Signal, Slot

from kiosk.jobs.cards import JobList, JobQuery, Shift, Sort
from ui.visit.jobs import SHIFT_WORDS
from ui.visit.screen import Screen
from ui.visit.session import Session

PAYS = (0, 15000, 20000, 30000)  # fen a day
DISTANCES = (None, 3.0, 5.0, 10.0)  # km
_SORTS = {Sort.FIT: "最合适", Sort.PAY: "工钱高", Sort.NEAR: "离得近", Sort.SOON: "开工早"}


class Filters(Screen):
    page = "Filters"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._query = JobQuery()
        self._count = -1

    def enter(self) -> None:
        self._query = self.session.query
        self.refresh()
        self._find()

    count = Property(int, lambda self: self._count, notify=changed)
    rows = Property(list, lambda self: self._rows(), notify=changed)

    @Slot(str, int)
    def pick(self, row: str, at: int) -> None:
        query = self._query
        match row:
            case "pay":
                self._query = replace(query, min_day_pay=PAYS[at])
            case "km":
                self._query = replace(query, max_km=DISTANCES[at])
            case "shift":
                self._query = replace(query, shifts=query.shifts ^ {list(Shift)[at]})
            case "only":
                self._query = (
                    replace(query, today_only=not query.today_only)
                    if at == 0
                    else replace(query, daily_settlement=not query.daily_settlement)
                )
            case "sort":
                self._query = replace(query, sort=list(Sort)[at])
        self._find()

    @Slot()
    def reset(self) -> None:
        self._query = JobQuery()
        self._find()

    @Slot()
    def apply(self) -> None:
        self.session.query = self._query
        self.session.visit.jobs()
        self.session.go()

    def _find(self) -> None:
        self.changed.emit()
        query, person, board = self._query, self.session.person(), self.session.desks.board

        def take(found: JobList) -> None:
            if query == self._query:
                self._count = len(found.ids)
                self.changed.emit()

        self.session.background.run(lambda: board.find(query, person), take)

    def _rows(self) -> list[dict[str, object]]:
        query, say = self._query, self.tr_
        pays = [say("都行"), *(say("{yuan} 元以上", yuan=pay // 100) for pay in PAYS[1:])]
        distances = [say("都行"), *(say("{km} 公里内", km=f"{km:g}") for km in DISTANCES[1:])]
        return [
            _row("pay", say("一天工钱"), "cash", pays, [query.min_day_pay == pay for pay in PAYS]),
            _row("km", say("离这里"), "map-pin", distances, [query.max_km == km for km in DISTANCES]),
            _row(
                "shift",
                say("干活时间"),
                "clock",
                [say(SHIFT_WORDS[shift]) for shift in Shift],
                [shift in query.shifts for shift in Shift],
            ),
            _row(
                "only",
                say("只看"),
                "circle-check",
                [say("今天开工"), say("日结")],
                [query.today_only, query.daily_settlement],
            ),
            _row(
                "sort",
                say("排在前面"),
                "arrow-up",
                [say(_SORTS[sort]) for sort in Sort],
                [query.sort is sort for sort in Sort],
            ),
        ]


def _row(key: str, title: str, glyph: str, names: list[str], chosen: list[bool]) -> dict[str, object]:
    choices = [{"text": name, "chosen": on} for name, on in zip(names, chosen, strict=True)]
    return {"key": key, "title": title, "glyph": glyph, "choices": choices}
