"""The tools one may rent, with picture, price, deposit and what is free now (spec T1, T6). Needs nobody's name."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from kiosk import words
from kiosk.language import Language
from kiosk.tools.cards import ModelCard
from kiosk.tools.tariff import Tariff
from kiosk.tools.words import tariff_text
from ui.visit.screen import Screen
from ui.visit.session import Session


class Tools(Screen):
    page = "Tools"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: tuple[ModelCard, ...] | None = None
        self._scrolled = 0.0
        session.pictures.photos.came.connect(self.changed)

    def enter(self) -> None:
        self.refresh()
        stock = self.session.desks.stock
        self.session.background.run(lambda: stock.models(offered_only=True), self._take)

    models = Property(list, lambda self: self._list(), notify=changed)
    known = Property(bool, lambda self: self._models is not None, notify=changed)

    def _get_scrolled(self) -> float:
        return self._scrolled

    def _set_scrolled(self, value: float) -> None:
        self._scrolled = value

    scrolled = Property(float, _get_scrolled, _set_scrolled)

    @Slot(int)
    def open(self, row: int) -> None:
        if self._models is not None and row < len(self._models):
            self.session.visit.open_tool(self._models[row].id)
            self.session.go()

    def _take(self, found: tuple[ModelCard, ...]) -> None:
        if found != self._models:
            self._models = found
            self.session.pictures.photos.fetch(card.picture for card in found)
            self.changed.emit()

    def _list(self) -> list[dict[str, object]]:
        photos = self.session.pictures.photos
        return [
            card_texts(card, self.session.language) | {"photo": photos.url(card.picture)}
            for card in self._models or ()
        ]


def card_texts(card: ModelCard, language: Language) -> dict[str, object]:
    """What a card and the tool's own page show alike."""
    say = language.text
    if card.simple:
        price = say("免租金，只收押金") if card.deposit else say("免租金")
    else:
        price = tariff_text(Tariff(card.tariff.unit, card.tariff.price), language)
    return {
        "name": language.pick(card.name, card.name_en or card.name),
        "glyph": card.icon,
        "price": price,
        "simple": card.simple,
        "deposit": deposit_text(card.deposit, language),
        "free": say("现在有 {n} 件", n=card.free) if card.free else say("已借完"),
        "any": card.free > 0,
        "adults": card.adults_only,
    }


def deposit_text(fen: int, language: Language) -> str:
    return language.text("押金 {yuan} 元", yuan=words.amount(fen)) if fen else language.text("不收押金")
