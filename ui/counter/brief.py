"""安全使用: every notice is told and ticked, every accessory counted, before anything is signed (T2; art. 4)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.cards import LineCard, LineState, RentalCard
from ui.counter.borrower import rental_id
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.why import Why

FEWER = ("本来就缺", "本人不要", "拿去修了")


class Brief(CounterScreen):
    page = "Brief"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._told: set[UUID] = set()
        self._pieces: dict[UUID, dict[str, int]] = {}
        self._reasons: dict[UUID, str] = {}  # why fewer accessories go along
        self._asking: UUID | None = None
        self._why = Why(self, FEWER, self.tr_)
        self._why.given.connect(self._given)

    def enter(self) -> None:
        self._pieces = {
            line.id: {
                item.name: self._pieces.get(line.id, {}).get(item.name, item.quantity)
                for item in line.model.accessories
            }
            for line in self._held()
        }
        self.refresh()

    why = Property(QObject, lambda self: self._why, constant=True)
    asking = Property(str, lambda self: self._asking_words(), notify=changed)
    fewer = Property(list, lambda self: self._fewer_rows(), notify=changed)
    missing = Property(str, lambda self: self._missing(), notify=changed)
    who = Property(
        str,
        lambda self: self.session.work.rental.seeker_name if self.session.work.rental else "",
        notify=changed,
    )
    notices = Property(list, lambda self: self._notices(), notify=changed)
    accessories = Property(list, lambda self: self._accessories(), notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    @Slot(str)
    def tick(self, model: str) -> None:
        self._told ^= {UUID(model)}
        self.changed.emit()

    @Slot(str, str, int)
    def change(self, line: str, name: str, by: int) -> None:
        """One piece more or less of an accessory, never more than belongs to it."""
        card = next(card for card in self._held() if str(card.id) == line)
        most = next(item.quantity for item in card.model.accessories if item.name == name)
        pieces = self._pieces[card.id]
        pieces[name] = min(most, max(0, pieces[name] + by))
        self.changed.emit()

    @Slot(str)
    def askWhy(self, line: str) -> None:
        """Why this tool goes with fewer accessories; an empty `line` calls that off."""
        self._asking = UUID(line) if line else None
        self._why.ask()
        self.changed.emit()

    @Slot(str)
    def _given(self, words: str) -> None:
        if self._asking is not None:
            self._reasons[self._asking] = words
        self._asking = None
        self.changed.emit()

    @Slot()
    def goOn(self) -> None:
        if not self._ready():
            return
        rental, told, pieces = rental_id(self.session.work.rental), set(self._told), dict(self._pieces)
        why = {line.id: self._reasons[line.id] for line in self._fewer()}
        desk = self.session.desks.rental

        def take(card: RentalCard) -> None:
            self.session.work.rental = card
            self.session.replace(Place.SIGN)

        self.once(lambda by: desk.brief(by, rental, told, pieces, why), take)

    def _held(self) -> list[LineCard]:
        rental = self.session.work.rental
        return [line for line in rental.lines if line.state is LineState.HELD] if rental else []

    def _ready(self) -> bool:
        return not self._missing()

    def _missing(self) -> str:
        """What is still to be done, on the button itself."""
        if not all(line.model.id in self._told for line in self._held() if line.model.safety):
            return self.tr_("请把须知讲完，勾上")
        if any(line.id not in self._reasons for line in self._fewer()):
            return self.tr_("配件没给全，请选原因")
        return ""

    def _fewer(self) -> list[LineCard]:
        """Tools that go without some of their accessories."""
        return [
            line
            for line in self._held()
            if any(self._pieces[line.id][item.name] < item.quantity for item in line.model.accessories)
        ]

    def _fewer_rows(self) -> list[dict[str, str]]:
        return [
            {
                "line": str(line.id),
                "text": f"{self.session.language.pick(line.model.name, line.model.name_en)}　{line.tag}",
                "why": self.tr_(self._reasons[line.id]) if line.id in self._reasons else "",
            }
            for line in self._fewer()
        ]

    def _asking_words(self) -> str:
        line = next((line for line in self._held() if line.id == self._asking), None)
        if line is None:
            return ""
        name = self.session.language.pick(line.model.name, line.model.name_en)
        return self.tr_("{name} 的配件为什么没给全？", name=name)

    def _notices(self) -> list[dict[str, object]]:
        models = {line.model.id: line.model for line in self._held() if line.model.safety}
        return [
            {
                "id": str(model.id),
                "glyph": model.icon,
                "text": self.session.language.pick(model.name, model.name_en),
                "notice": list(model.safety),
                "told": model.id in self._told,
            }
            for model in models.values()
        ]

    def _accessories(self) -> list[dict[str, object]]:
        return [
            {
                "line": str(line.id),
                "name": item.name,
                "of": self.session.language.pick(line.model.name, line.model.name_en) + "　" + line.tag,
                "pieces": self._pieces.get(line.id, {}).get(item.name, item.quantity),
                "most": item.quantity,
            }
            for line in self._held()
            for item in line.model.accessories
        ]
