"""Trades as tiles with pictures, in groups; a level is an optional tap (S6)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk import words
from kiosk.jobs.cards import TradeGroup, TradeTile
from kiosk.seekers.card import SkillLevel
from ui.visit.screen import Screen
from ui.visit.session import Session


class Trades(Screen):
    page = "Trades"
    changed = Signal()  # groups and tiles
    ticked = Signal()  # what is chosen

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._groups: tuple[TradeGroup, ...] = ()
        self._tiles: dict[str, TradeTile] = {}
        self._at = 0
        self._chosen: dict[str, SkillLevel] = {}

    def enter(self) -> None:
        self._chosen = dict(self.session.visit.trades or {})
        board, person = self.session.desks.board, self.session.person()
        self.session.background.run(lambda: board.trades(person), self._take)

    @Slot()
    def refresh(self) -> None:
        super().refresh()
        self.ticked.emit()

    groups = Property(list, lambda self: self._group_names(), notify=changed)
    at = Property(int, lambda self: self._at, notify=changed)
    tiles = Property(list, lambda self: self._tile_values(), notify=changed)
    chosen = Property(list, lambda self: self._chosen_values(), notify=ticked)
    levels = Property(list, lambda self: self._levels(), notify=changed)

    @Slot(int)
    def showGroup(self, at: int) -> None:
        self._at = at
        self.changed.emit()

    @Slot(str)
    def toggle(self, key: str) -> None:
        if key in self._chosen:
            del self._chosen[key]
        else:
            self._chosen[key] = SkillLevel.NONE
        self.ticked.emit()

    @Slot(str, str)
    def setLevel(self, key: str, level: str) -> None:
        self._chosen[key] = SkillLevel(level)
        self.ticked.emit()

    @Slot(str, result=bool)
    def has(self, key: str) -> bool:
        return key in self._chosen

    @Slot()
    def done(self) -> None:
        self.session.visit.give_trades(self._chosen)
        self.session.go()

    def _take(self, groups: tuple[TradeGroup, ...]) -> None:
        self._groups = groups
        self._tiles = {tile.key: tile for group in groups for tile in group.trades}
        self._at = min(self._at, max(0, len(groups) - 1))
        self.refresh()

    def _group_names(self) -> list[dict[str, object]]:
        pick = self.session.language.pick
        return [{"text": pick(group.name, group.name_en), "glyph": group.icon} for group in self._groups]

    def _tile_values(self) -> list[dict[str, object]]:
        if not self._groups:
            return []
        pick = self.session.language.pick
        return [
            {"key": tile.key, "text": pick(tile.name, tile.name_en), "glyph": tile.icon, "jobs": tile.jobs}
            for tile in self._groups[self._at].trades
        ]

    def _chosen_values(self) -> list[dict[str, object]]:
        pick = self.session.language.pick
        return [
            {
                "key": key,
                "text": pick(self._tiles[key].name, self._tiles[key].name_en),
                "glyph": self._tiles[key].icon,
                "level": level.value,
                "levelText": words.level_text(level, self.session.language),
            }
            for key, level in self._chosen.items()
            if key in self._tiles
        ]

    def _levels(self) -> list[dict[str, str]]:
        return [
            {"key": level.value, "text": words.level_text(level, self.session.language)}
            for level in SkillLevel
        ]
