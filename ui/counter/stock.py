"""The tools: models with how many are there, single tools and where they are, the life of each on one page (T5)."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Role
from kiosk.tools.cards import LifeEvent, ModelCard, StockRequestCard, ToolAccount, ToolCard, ToolState
from kiosk.tools.counter import DECIDING, KEEPING
from kiosk.tools.words import money, tariff_text
from ui.counter.inspect import DAMAGES
from ui.counter.screen import CounterScreen
from ui.counter.session import Place, Session
from ui.counter.why import Why
from ui.counter.words import moment_text, tool_text
from ui.pictures import KeptPhotos

STATES = {
    ToolState.IN_STOCK: "在库",
    ToolState.HELD: "留着",
    ToolState.OUT: "在外面",
    ToolState.TO_INSPECT: "等着验收",
    ToolState.SET_ASIDE: "放一边",
    ToolState.REPAIR: "维修",
    ToolState.LOST: "丢失",
    ToolState.WRITTEN_OFF: "报废",
}
EVENTS = {
    "acquired": "购置",
    "out": "借出",
    "back": "归还",
    "lost": "丢失",
    "found": "找到了",
    "given_back": "争议答复",
    "counted": "盘点",
    "repair_requested": "申请维修",
    "repair_approved": "同意维修",
    "repair_refused": "没同意维修",
    "repaired": "修好了",
    "write_off_requested": "申请报废",
    "write_off_approved": "同意报废",
    "write_off_refused": "没同意报废",
}
AT_HAND = (ToolState.IN_STOCK, ToolState.SET_ASIDE)
GOOD = (ToolState.IN_STOCK, ToolState.HELD, ToolState.OUT)


class Stock(CounterScreen):
    page = "Stock"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: tuple[ModelCard, ...] = ()
        self._tools: tuple[ToolCard, ...] = ()
        self._chosen: UUID | None = None
        self._pictures = KeptPhotos(session.desks.photos, session.lens.album, session.background, self)
        self._pictures.came.connect(self.changed)

    def enter(self) -> None:
        if self.session.work.model is not None:  # it was just made or changed
            self._chosen, self.session.work.model = self.session.work.model.id, None
        self.refresh()
        self.session.ask(self.session.desks.stock.models, self._take)
        self._look()

    models = Property(list, lambda self: self._model_rows(), notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    tools = Property(list, lambda self: self._tool_rows(), notify=changed)
    terms = Property(str, lambda self: self._terms(), notify=changed)
    picture = Property(
        str, lambda self: self._pictures.url(self._model.picture) if self._model else "", notify=changed
    )
    mayKeep = Property(bool, lambda self: self._may(KEEPING), notify=changed)
    mayChange = Property(bool, lambda self: self._may((*KEEPING, *DECIDING)), notify=changed)

    @Slot()
    def takeIn(self) -> None:
        self.session.open(Place.INTAKE)

    @Slot()
    def count(self) -> None:
        self.session.open(Place.COUNT)

    @Slot()
    def places(self) -> None:
        self.session.open(Place.PLACES)

    @Slot()
    def newModel(self) -> None:
        self.session.work.model = None
        self.session.open(Place.MODEL)

    @Slot()
    def changeModel(self) -> None:
        self._with_model(Place.MODEL)

    @Slot()
    def acquire(self) -> None:
        self._with_model(Place.ACQUIRE)

    @Slot(str)
    def choose(self, model: str) -> None:
        self._chosen = UUID(model)
        if self._model is not None:
            self._pictures.fetch([self._model.picture])
        self._look()
        self.changed.emit()

    @Slot(int)
    def open(self, at: int) -> None:
        self._open(self._tools[at])

    def scanned(self, text: str) -> None:
        """A tag: that tool's page."""
        self.session.ask(lambda: self.session.desks.stock.by_tag(text), self._open)

    def _open(self, card: ToolCard) -> None:
        self.session.work.tool = card
        self.session.open(Place.TOOL)

    @property
    def _model(self) -> ModelCard | None:
        return next((card for card in self._models if card.id == self._chosen), None)

    def _with_model(self, place: Place) -> None:
        if self._model is not None:
            self.session.work.model = self._model
            self.session.open(place)

    def _may(self, roles: tuple[Role, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))

    def _look(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return

        def take(tools: tuple[ToolCard, ...]) -> None:
            if chosen == self._chosen:
                self._tools = tools
                self.changed.emit()

        self.session.ask(lambda: self.session.desks.stock.tools(chosen), take)

    def _take(self, models: tuple[ModelCard, ...]) -> None:
        self._models = models
        if self._chosen is None and models:
            self.choose(str(models[0].id))
        if self._model is not None:
            self._pictures.fetch([self._model.picture])
        self.changed.emit()

    def _terms(self) -> str:
        model = self._model
        if model is None:
            return ""
        terms = tariff_text(model.tariff, self.session.language)
        return self.tr_("押金 {money}，{terms}", money=money(model.deposit), terms=terms)

    def _model_rows(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(card.id),
                "glyph": card.icon,
                "text": self.session.language.pick(card.name, card.name_en),
                "side": f"{card.free} / {card.total}",
                "none": card.free == 0,
                "offered": card.offered,
            }
            for card in self._models
        ]

    def _tool_rows(self) -> list[dict[str, object]]:
        return [
            {
                "text": card.tag,
                "detail": "　".join(part for part in (card.place, card.label, card.note) if part),
                "side": self.tr_(STATES[card.state]),
                "good": card.state in GOOD,
            }
            for card in self._tools
        ]


class Tool(CounterScreen):
    """单个核算: what one tool brought in and cost, and all that happened to it."""

    page = "Tool"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.tool is not None
        self._card: ToolCard = session.work.tool
        self._account: ToolAccount | None = None
        self._asking = ""  # repair, write_off, place
        self._places: tuple[str, ...] = ()
        self._why = Why(self, DAMAGES, self.tr_)
        self._why.given.connect(self.request)

    def enter(self) -> None:
        self._asking = ""
        self.refresh()
        tool = self._card.id
        self.session.ask(self.session.desks.stock.places, self._take_places)
        self.session.ask(lambda: self.session.desks.stock.account(tool), self._take)

    title = Property(str, lambda self: tool_text(self._card, self.session.language), notify=changed)
    state = Property(str, lambda self: self.tr_(STATES[self._card.state]), notify=changed)
    good = Property(bool, lambda self: self._card.state in GOOD, notify=changed)
    figures = Property(list, lambda self: self._figures(), notify=changed)
    life = Property(list, lambda self: self._life(), notify=changed)
    asking = Property(str, lambda self: self._asking, notify=changed)
    why = Property(QObject, lambda self: self._why, constant=True)
    place = Property(str, lambda self: self._card.place or self.tr_("没有记在哪里"), notify=changed)
    places = Property(list, lambda self: list(self._places), notify=changed)
    mayMove = Property(bool, lambda self: self._may(KEEPING) and self._card.ours, notify=changed)
    mayAsk = Property(bool, lambda self: self._may(KEEPING) and self._card.state in AT_HAND, notify=changed)
    mayTag = Property(bool, lambda self: self._may(KEEPING), notify=changed)
    mayFind = Property(
        bool,
        lambda self: self._may(KEEPING) and self._card.ours and self._card.state is ToolState.LOST,
        notify=changed,
    )
    mayRelease = Property(
        bool, lambda self: self._may(KEEPING) and self._card.state is ToolState.SET_ASIDE, notify=changed
    )

    @Slot(str)
    def ask(self, what: str) -> None:
        """Why it is to be repaired or written off, or where it is to lie; the same again goes back."""
        self._asking = "" if what == self._asking else what
        self._why.ask()
        self.changed.emit()

    @Slot(str)
    def put(self, place: str) -> None:
        """It lies there from now on."""
        tool = self._card.id

        def take(card: ToolCard) -> None:
            self._card = self.session.work.tool = card
            self.session.say(self.tr_("记下了，现在放在{place}", place=card.place))
            self.enter()

        self.once(lambda by: self.session.desks.stock.put(by, tool, place), take)

    @Slot(str)
    def request(self, reason: str) -> None:
        """Another person decides; the tool is set aside until then."""
        tool, desk = self._card.id, self.session.desks.requests
        repair = self._asking == "repair"

        def take(_: StockRequestCard) -> None:
            self.session.say(self.tr_("申请好了，等负责人或财务批"))
            self.enter()

        self.once(
            lambda by: desk.repair(by, tool, 0, reason) if repair else desk.write_off(by, tool, reason), take
        )

    @Slot()
    def printTag(self) -> None:
        tool = self._card.id
        self.once(
            lambda by: self.session.desks.stock.print_tag(by, tool),
            lambda _: self.session.say(self.tr_("正在打印标签，请贴到工具上")),
        )

    @Slot()
    def found(self) -> None:
        """A lost one turned up."""
        self.session.work.tool = self._card
        self.session.open(Place.FOUND)

    @Slot(int)
    def look(self, at: int) -> None:
        """The photos of what happened then."""
        if self._account is not None:
            self.session.work.photos = self._account.life[-1 - at].photos
            self.session.open(Place.PHOTOS)

    @Slot()
    def release(self) -> None:
        """Looked at again and fit: back to stock."""
        tool = self._card.id

        def take(card: ToolCard) -> None:
            self._card = self.session.work.tool = card
            self.session.say(self.tr_("入库了，可以再借"))
            self.enter()

        self.once(lambda by: self.session.desks.stock.release(by, tool, "检查过，能用"), take)

    def _take_places(self, places: tuple[str, ...]) -> None:
        self._places = places
        self.changed.emit()

    def _take(self, account: ToolAccount) -> None:
        self._account, self._card = account, account.tool
        self.refresh()

    def _may(self, roles: tuple[Role, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))

    def _figures(self) -> list[dict[str, str]]:
        account = self._account
        if account is None:
            return []
        return [
            {"label": self.tr_("租金收入"), "text": money(account.rent)},
            {"label": self.tr_("扣款收入"), "text": money(account.deductions)},
            {"label": self.tr_("维修"), "text": money(-account.repairs)},
            {"label": self.tr_("购置"), "text": money(-account.cost)},
            {"label": self.tr_("盈亏"), "text": money(account.result)},
            {"label": self.tr_("借出次数"), "text": str(account.times_out)},
            {"label": self.tr_("使用率"), "text": f"{account.utilisation:.0%}"},
        ]

    def _life(self) -> list[dict[str, object]]:
        clock, language = self.session.clock, self.session.language
        return [
            {
                "text": self.tr_(EVENTS.get(event.what, event.what)),
                "detail": "　".join(
                    part
                    for part in (
                        moment_text(event.at, clock, language),
                        event.rental_number,
                        self._note(event),
                    )
                    if part
                ),
                "side": money(event.amount) if event.amount else "",
                "photos": len(event.photos),
            }
            for event in reversed(self._account.life if self._account else ())
        ]

    def _note(self, event: LifeEvent) -> str:
        """A count notes the state the tool was found in."""
        return self.tr_(STATES[ToolState(event.note)]) if event.what == "counted" else event.note
