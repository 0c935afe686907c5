"""存放点: add, rename, retire; tools are moved by tapping them, or by scanning their tags one after another."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.cards import PlaceCard, ToolCard
from kiosk.tools.places import LONGEST_NAME
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.stock import STATES
from ui.counter.typist import Typist
from ui.counter.words import tool_text


class Places(CounterScreen):
    page = "Places"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._places: tuple[PlaceCard, ...] = ()
        self._tools: tuple[ToolCard, ...] = ()
        self._chosen: UUID | None = None
        self._marked: set[UUID] = set()
        self._doing = ""  # add, rename, move
        self._writing = Typist(self, longest=LONGEST_NAME)
        self._writing.entered.connect(self.changed)

    def enter(self) -> None:
        self._doing = ""
        self._marked.clear()
        self.refresh()
        self.session.ask(self.session.desks.places.places, self._take)

    places = Property(list, lambda self: self._place_rows(), notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    name = Property(str, lambda self: self._place.name if self._place else "", notify=changed)
    active = Property(bool, lambda self: self._place is not None and self._place.active, notify=changed)
    tools = Property(list, lambda self: self._tool_rows(), notify=changed)
    marked = Property(int, lambda self: len(self._marked), notify=changed)
    doing = Property(str, lambda self: self._doing, notify=changed)
    others = Property(list, lambda self: self._others(), notify=changed)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    ready = Property(bool, lambda self: bool(self._writing.text.strip()), notify=changed)

    @property
    def _place(self) -> PlaceCard | None:
        return next((card for card in self._places if card.id == self._chosen), None)

    @Slot(str)
    def choose(self, place: str) -> None:
        self._chosen = UUID(place)
        self._marked.clear()
        self._tools = ()
        self.changed.emit()
        self._look()

    @Slot(str)
    def do(self, what: str) -> None:
        """add and rename ask for a name, move for a place; empty goes back."""
        self._doing = what
        self._writing.start(self._place.name if what == "rename" and self._place else "")

    @Slot()
    def named(self) -> None:
        """The name is typed."""
        name, chosen, desk = self._writing.text.strip(), self._chosen, self.session.desks.places
        if not name:
            return
        if self._doing == "add":
            self.once(lambda by: desk.add(by, name), self._done)
        elif chosen is not None:
            self.once(lambda by: desk.rename(by, chosen, name), self._done)

    @Slot()
    def use(self) -> None:
        """Retire it, or use it again."""
        place, desk = self._place, self.session.desks.places
        if place is not None:
            self.once(lambda by: desk.use(by, place.id, not place.active), self._done)

    @Slot(int)
    def mark(self, at: int) -> None:
        self._marked ^= {self._tools[at].id}
        self.changed.emit()

    @Slot()
    def markAll(self) -> None:
        every = {tool.id for tool in self._tools}
        self._marked = set() if self._marked == every else every
        self.changed.emit()

    @Slot(str)
    def moveTo(self, place: str) -> None:
        self._move(tuple(self._marked), UUID(place))

    def scanned(self, text: str) -> None:
        """A tag: that tool lies here from now on."""
        place, desks = self._place, self.session.desks
        if place is None:
            return

        def put(card: ToolCard) -> None:
            self.once(
                lambda by: desks.places.move(by, [card.id], place.id),
                lambda _: self._moved(self.tr_("{tag} 放到{place}了", tag=card.tag, place=place.name)),
            )

        self.session.ask(lambda: desks.stock.by_tag(text), put)

    def _move(self, tools: tuple[UUID, ...], place: UUID) -> None:
        self.once(
            lambda by: self.session.desks.places.move(by, tools, place),
            lambda n: self._moved(self.tr_("{n} 件搬好了", n=n)),
        )

    def _moved(self, words: str) -> None:
        self.session.say(words)
        self.enter()

    def _done(self, card: PlaceCard) -> None:
        self._chosen = card.id
        self.session.say(self.tr_("记下了"))
        self.enter()

    def _take(self, places: tuple[PlaceCard, ...]) -> None:
        self._places = places
        if self._place is None:
            self._chosen = places[0].id if places else None
        self.changed.emit()
        self._look()

    def _look(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return

        def take(tools: tuple[ToolCard, ...]) -> None:
            if chosen == self._chosen:
                self._tools = tools
                self.changed.emit()

        self.session.ask(lambda: self.session.desks.places.tools(chosen), take)

    def _place_rows(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "text": card.name,
                "side": self.tr_("{n} 件", n=card.tools) if card.active else self.tr_("停用"),
                "active": card.active,
            }
            for card in self._places
        ]

    def _tool_rows(self) -> list[dict[str, object]]:
        return [
            {
                "text": tool_text(card, self.session.language),
                "side": self.tr_(STATES[card.state]),
                "glyph": card.icon,
                "marked": card.id in self._marked,
            }
            for card in self._tools
        ]

    def _others(self) -> list[dict[str, str]]:
        return [
            {"id": str(card.id), "text": card.name}
            for card in self._places
            if card.active and card.id != self._chosen
        ]
