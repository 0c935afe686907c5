"""One tool before it is asked for: price, deposit, what goes along, how to use it safely, and 我要租 (T1, T2, T4)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, Signal, Slot

from kiosk.seekers.card import SeekerCard
from kiosk.tools.cards import ModelCard, RentalCard
from kiosk.tools.words import tariff_text
from kiosk.visit import Step
from ui.visit.screen import Screen
from ui.visit.session import Session
from ui.visit.tools import card_texts


class Tool(Screen):
    page = "Tool"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._card: ModelCard | None = None
        self._asking = False
        session.pictures.photos.came.connect(self.changed)

    def enter(self) -> None:
        if self._card and self._card.id != self.session.visit.tool:
            self._card = None
        self._asking = False
        self.refresh()
        stock = self.session.desks.stock
        self.session.background.run(lambda: stock.models(offered_only=True), self._take)

    facts = Property(dict, lambda self: self._facts(), notify=changed)
    loaded = Property(bool, lambda self: self._card is not None, notify=changed)
    asking = Property(bool, lambda self: self._asking, notify=changed)
    free = Property(bool, lambda self: bool(self._card and self._card.free), notify=changed)
    seeker = Property(str, lambda self: self.session.person_name(), notify=changed)

    @Slot()
    def want(self) -> None:
        """我要租: who wants it must be known; then the wish is written down for the window to approve."""
        if self._asking or self._card is None:
            return
        if not self.session.visit.want_tool():
            self.session.go()
            return
        self._asking = True
        self.changed.emit()
        model, session, desk = self._card.id, self.session, self.session.desks.rental

        def ask(seeker: SeekerCard) -> None:
            session.background.run(lambda: desk.request(seeker.id, [model]), self._asked, self._failed)

        session.save_borrower(ask, self._failed)

    def _asked(self, wish: RentalCard) -> None:
        self._asking = False
        self.session.wish = wish
        self.session.visit.tool_asked()
        self.session.go()

    def _failed(self, error: Exception) -> None:
        self._asking = False
        self.changed.emit()
        self.session.fail(error)

    def _take(self, found: tuple[ModelCard, ...]) -> None:
        wanted: UUID | None = self.session.visit.tool
        self._card = next((card for card in found if card.id == wanted), None)
        if (
            self._card is None and self.session.visit.step is Step.TOOL
        ):  # taken out of the catalogue meanwhile
            self.session.visit.tools()
            self.session.go()
            return
        if self._card is not None:
            self.session.pictures.photos.fetch([self._card.picture])
        self.changed.emit()

    def _facts(self) -> dict[str, object]:
        card, language = self._card, self.session.language
        if card is None:
            return {}
        return card_texts(card, language) | {
            "photo": self.session.pictures.photos.url(card.picture),
            "tariff": tariff_text(card.tariff, language),
            "safety": list(card.safety),
            "accessories": [
                language.text("{name} {n} 件", name=item.name, n=item.quantity) for item in card.accessories
            ],
        }
