"""添置、维修、报废: asked for by one person, decided by another; a repair comes back with its cost (T8; art. 5(一)).

A spreadsheet is decided as one, after a look at its lines.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from kiosk.staff.accounts import Authority, Role
from kiosk.tools.cards import BatchCard, StockRequestCard, StockRequestKind, StockRequestState
from kiosk.tools.counter import DECIDING, KEEPING
from kiosk.tools.intake import Progress
from kiosk.tools.words import money
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Money
from ui.counter.why import Why
from ui.counter.words import moment_text

KINDS = {
    StockRequestKind.ACQUISITION: ("package", "添置"),
    StockRequestKind.REPAIR: ("tools", "维修"),
    StockRequestKind.WRITE_OFF: ("trash", "报废"),
}
OPEN = (StockRequestState.REQUESTED, StockRequestState.APPROVED)
WHY_NOT = ("还能用", "现有的够用", "价钱太高", "先问清楚再报")
MOST_SHOWN = 200
LOOK_MS = 120


class Requests(CounterScreen):
    page = "Requests"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._single: tuple[StockRequestCard, ...] | None = None
        self._batches: tuple[BatchCard, ...] = ()
        self._looking: BatchCard | None = None  # the spreadsheet on the screen
        self._lines: tuple[StockRequestCard, ...] = ()
        self._refusing: tuple[UUID, bool] | None = None  # a request, or a whole spreadsheet
        self._asking = ""  # the first tap asks, the second one approves
        self._mending: UUID | None = None  # a repair whose cost is being typed
        self._progress: Progress | None = None  # while a spreadsheet is being taken in
        self._money = Money(self)
        self._money.entered.connect(self.changed)
        self._why = Why(self, WHY_NOT, self.tr_)
        self._why.given.connect(self._refuse)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.changed)

    def enter(self) -> None:
        self._mending = self._looking = self._refusing = None
        self._asking = ""
        self._money.clear()
        desk = self.session.desks.requests
        self.session.ask(lambda: (desk.single(OPEN), desk.batches()), self._take)

    def leave(self) -> None:
        self._timer.stop()

    known = Property(bool, lambda self: self._single is not None, notify=changed)
    state = Property(str, lambda self: self._state(), notify=changed)
    requests = Property(list, lambda self: self._rows(), notify=changed)
    asking = Property(str, lambda self: self._asking, notify=changed)
    batch = Property(dict, lambda self: self._batch_texts(), notify=changed)
    lines = Property(list, lambda self: self._line_rows(), notify=changed)
    mayDecide = Property(bool, lambda self: self._has(DECIDING), notify=changed)
    pad = Property(QObject, lambda self: self._money, constant=True)
    why = Property(QObject, lambda self: self._why, constant=True)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    ready = Property(bool, lambda self: self._money.fen is not None, notify=changed)
    progress = Property(str, lambda self: self._progress_text(), notify=changed)

    @Slot(str)
    def ask(self, request: str) -> None:
        """Is it meant? Empty: it is not."""
        self._asking = request
        self.changed.emit()

    @Slot(str)
    def approve(self, request: str) -> None:
        desk = self.session.desks.requests
        self._decide(lambda by: desk.decide(by, UUID(request), True))

    @Slot(str)
    def look(self, batch: str) -> None:
        """What stands in the spreadsheet; empty goes back."""
        self._looking = next((card for card in self._batches if str(card.id) == batch), None)
        self._lines = ()
        self.changed.emit()
        if self._looking is not None:
            chosen = self._looking.id
            self.session.ask(lambda: self.session.desks.requests.batch(chosen), self._take_lines)

    @Slot()
    def approveBatch(self) -> None:
        batch, desk = self._looking, self.session.desks.requests
        if batch is None:
            return
        progress = self._progress = Progress(0, batch.lines)
        self._timer.start()
        self.changed.emit()

        def done(_: int) -> None:
            self._end()
            self.session.say(self.tr_("{n} 件入库了，标签正在排队打印", n=batch.tools))
            self.enter()

        def failed(error: Exception) -> None:
            self._end()
            self.session.fail(error)

        self.once(lambda by: desk.decide_batch(by, batch.id, True, progress=progress), done, failed)

    @Slot(str, bool)
    def askRefuse(self, request: str, batch: bool) -> None:
        """Whoever asked is told why not; empty goes back."""
        self._refusing = (UUID(request), batch) if request else None
        self._why.ask()
        self.changed.emit()

    @Slot(str)
    def mend(self, request: str) -> None:
        """It is back from repair: what did it cost?"""
        self._mending = UUID(request) if request else None
        self._money.clear()

    @Slot(bool)
    def mended(self, fit: bool) -> None:
        request, fen, desk = self._mending, self._money.fen, self.session.desks.requests
        if request is not None and fen is not None:
            self._decide(lambda by: desk.finish_repair(by, request, fen, fit))

    def scanned(self, text: str) -> None:
        """Nothing is scanned here."""

    @Slot(str)
    def _refuse(self, reason: str) -> None:
        if self._refusing is None:
            return
        (which, batch), desk = self._refusing, self.session.desks.requests
        self._decide(lambda by: (desk.decide_batch if batch else desk.decide)(by, which, False, reason))

    def _decide(self, act: Callable[[Authority], object]) -> None:
        def done(_: object) -> None:
            self.session.say(self.tr_("记下了"))
            self.enter()

        self.once(act, done)

    def _end(self) -> None:
        self._progress = None
        self._timer.stop()
        self.changed.emit()

    def _take(self, found: tuple[tuple[StockRequestCard, ...], tuple[BatchCard, ...]]) -> None:
        self._single, self._batches = found
        self.refresh()

    def _take_lines(self, lines: tuple[StockRequestCard, ...]) -> None:
        self._lines = lines
        self.changed.emit()

    def _state(self) -> str:
        if self._progress is not None:
            return "working"
        if self._mending is not None:
            return "mending"
        if self._refusing is not None:
            return "refusing"
        return "batch" if self._looking is not None else "list"

    def _progress_text(self) -> str:
        progress = self._progress or Progress()
        return self.tr_("正在入库，{n} / {total}", n=progress.done, total=progress.total)

    def _has(self, roles: tuple[Role, ...]) -> bool:
        return self.authority is not None and bool(self.authority.roles & set(roles))

    def _rows(self) -> list[dict[str, object]]:
        return [self._batch_row(card) for card in self._batches] + [
            self._row(card) for card in self._single or ()
        ]

    def _batch_row(self, card: BatchCard) -> dict[str, object]:
        when = moment_text(card.requested_at, self.session.clock, self.session.language)
        told = (self.tr_(card.reason), money(card.amount), card.requested_by, when)
        pieces = self.tr_("{lines} 行 {n} 件", lines=card.lines, n=card.tools)
        return {
            "id": str(card.id),
            "batch": True,
            "glyph": "file-spreadsheet",
            "text": f"{self.tr_('批量入库')}　{pieces}",
            "detail": "　".join(told),
            "mayDecide": False,
            "mayMend": False,
            "side": self.tr_("等着批"),
        }

    def _row(self, card: StockRequestCard) -> dict[str, object]:
        glyph, word = KINDS[card.kind]
        asked = card.state is StockRequestState.REQUESTED
        pieces = card.tool_tag or self.tr_("{n} 件", n=card.quantity)
        when = moment_text(card.requested_at, self.session.clock, self.session.language)
        told = [self.tr_(card.reason), self._money_text(card), card.place, self._bought(card)]
        return {
            "id": str(card.id),
            "batch": False,
            "glyph": glyph,
            "text": f"{self.tr_(word)}　{self._name(card)}　{pieces}",
            "detail": "　".join(part for part in (*told, card.requested_by, when) if part),
            "mayDecide": asked and self._has(DECIDING),
            "mayMend": not asked and self._has(KEEPING),
            "side": self.tr_("等着批") if asked else self.tr_("在修"),
        }

    def _name(self, card: StockRequestCard) -> str:
        return self.session.language.pick(card.model_name, card.model_name_en)

    def _money_text(self, card: StockRequestCard) -> str:
        if not card.amount:
            return ""
        if card.quantity > 1:
            return self.tr_(
                "一件 {one}，共 {all}", one=money(card.amount), all=money(card.amount * card.quantity)
            )
        return money(card.amount)

    def _bought(self, card: StockRequestCard) -> str:
        day = card.bought_on
        return self.tr_("{month}月{day}日买", month=day.month, day=day.day) if day else ""

    def _batch_texts(self) -> dict[str, object]:
        card = self._looking
        if card is None:
            return {}
        row = self._batch_row(card)
        return {"id": row["id"], "text": row["text"], "detail": row["detail"]}

    def _line_rows(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = [
            {
                "text": f"{self._name(card)} × {card.quantity}",
                "detail": "　".join(
                    part for part in (card.place, self._bought(card), self.tr_(card.reason)) if part
                ),
                "side": money(card.amount),
            }
            for card in self._lines[:MOST_SHOWN]
        ]
        left = len(self._lines) - len(rows)
        if left:
            rows.append({"text": self.tr_("还有 {n} 条，没有列出来", n=left), "detail": "", "side": ""})
        return rows
