"""新增、维修、报损: asked for by one person, decided by another; a repair comes back with its cost (T8; art. 5(一))."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Role
from kiosk.tools.cards import StockRequestCard, StockRequestKind, StockRequestState
from kiosk.tools.counter import DECIDING, KEEPING
from kiosk.tools.words import money
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Money
from ui.counter.words import moment_text

KINDS = {
    StockRequestKind.ACQUISITION: ("package", "添置"),
    StockRequestKind.REPAIR: ("tools", "维修"),
    StockRequestKind.WRITE_OFF: ("trash", "报废"),
}
OPEN = (StockRequestState.REQUESTED, StockRequestState.APPROVED)


class Requests(CounterScreen):
    page = "Requests"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._found: tuple[StockRequestCard, ...] | None = None
        self._mending: UUID | None = None  # a repair whose cost is being typed
        self._money = Money(self)
        self._money.entered.connect(self.changed)

    def enter(self) -> None:
        self._mending = None
        self._money.clear()
        self.session.ask(lambda: tuple(self.session.desks.requests.waiting(OPEN)), self._take)

    known = Property(bool, lambda self: self._found is not None, notify=changed)
    requests = Property(list, lambda self: self._rows(), notify=changed)
    mending = Property(bool, lambda self: self._mending is not None, notify=changed)
    pad = Property(QObject, lambda self: self._money, constant=True)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    ready = Property(bool, lambda self: self._money.fen is not None, notify=changed)

    @Slot(str, bool)
    def decide(self, request: str, approve: bool) -> None:
        desk = self.session.desks.requests
        self.once(lambda by: desk.decide(by, UUID(request), approve), self._decided)

    @Slot(str)
    def mend(self, request: str) -> None:
        """It is back from repair: what did it cost?"""
        self._mending = UUID(request) if request else None
        self._money.clear()

    @Slot(bool)
    def mended(self, fit: bool) -> None:
        request, fen, desk = self._mending, self._money.fen, self.session.desks.requests
        if request is not None and fen is not None:
            self.once(lambda by: desk.finish_repair(by, request, fen, fit), self._decided)

    def _decided(self, _: StockRequestCard) -> None:
        self.session.say(self.tr_("记下了"))
        self.enter()

    def _take(self, found: tuple[StockRequestCard, ...]) -> None:
        self._found = found
        self.refresh()

    def _has(self, roles: tuple[Role, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))

    def _rows(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for card in self._found or ():
            glyph, word = KINDS[card.kind]
            asked = card.state is StockRequestState.REQUESTED
            pieces = card.tool_tag or self.tr_("{n} 件", n=card.quantity)
            when = moment_text(card.requested_at, self.session.clock, self.session.language)
            told = [card.reason, money(card.amount) if card.amount else "", card.requested_by, when]
            rows.append(
                {
                    "id": str(card.id),
                    "glyph": glyph,
                    "text": f"{self.tr_(word)}　{card.model_name}　{pieces}",
                    "detail": "　".join(part for part in told if part),
                    "mayDecide": asked and self._has(DECIDING),
                    "mayMend": not asked and self._has(KEEPING),
                    "side": self.tr_("等着批") if asked else self.tr_("在修"),
                }
            )
        return rows
