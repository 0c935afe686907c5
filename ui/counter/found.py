"""丢的工具找到了: looked at on the desk, back to stock or aside, and what its loss cost refunded by two people."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.staff.accounts import Authority
from kiosk.tools.cards import ToolCard
from kiosk.tools.found import LossCard
from kiosk.tools.words import money
from ui.counter.photo_taker import PhotoTaker
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Money
from ui.counter.why import Why
from ui.counter.witness import Witness
from ui.counter.words import moment_text, tool_text

WHERE = ("本人送回来的", "工友送回来的", "在工地上找到的", "在库房里找到的")


class Found(CounterScreen):
    page = "Found"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.tool is not None
        self._tool: ToolCard = session.work.tool
        self._loss: LossCard | None = None
        self._known = False
        self._words = ""
        self._fit = True
        self._money = Money(self)
        self._money.entered.connect(self.changed)
        self._photos = PhotoTaker(session, self)
        self._photos.taken.connect(self.changed)
        self._why = Why(self, WHERE, self.tr_)
        self._why.given.connect(self._said)
        self._witness = Witness(session, self)

    def enter(self) -> None:
        self.refresh()
        tool = self._tool.id
        self.session.ask(lambda: self.session.desks.losses.loss(tool), self._take)

    def leave(self) -> None:
        self._photos.close()

    why = Property(QObject, lambda self: self._why, constant=True)
    witness = Property(QObject, lambda self: self._witness, constant=True)
    photos = Property(QObject, lambda self: self._photos, constant=True)
    pad = Property(QObject, lambda self: self._money, constant=True)
    tool = Property(str, lambda self: tool_text(self._tool, self.session.language), notify=changed)
    glyph = Property(str, lambda self: self._tool.icon, notify=changed)
    story = Property(str, lambda self: self._story(), notify=changed)
    refundable = Property(bool, lambda self: self._most > 0, notify=changed)
    most = Property(str, lambda self: money(self._most), notify=changed)
    amount = Property(str, lambda self: f"￥{self._money.typed}" if self._money.typed else "", notify=changed)
    tooMuch = Property(bool, lambda self: (self._money.fen or 0) > self._most, notify=changed)
    words = Property(str, lambda self: self.tr_(self._words) if self._words else "", notify=changed)
    said = Property(bool, lambda self: bool(self._words), notify=changed)
    fit = Property(bool, lambda self: self._fit, notify=changed)
    ready = Property(bool, lambda self: self._ready(), notify=changed)

    @property
    def _most(self) -> int:
        return self._loss.refundable if self._loss else 0

    def scanned(self, text: str) -> None:
        if self._witness.property("open"):
            self._witness.scanned(text)
        else:
            super().scanned(text)

    @Slot()
    def unsay(self) -> None:
        self._words = ""
        self._why.ask()
        self.changed.emit()

    @Slot(bool)
    def judge(self, fit: bool) -> None:
        self._fit = fit
        self.changed.emit()

    @Slot()
    def all(self) -> None:
        self._money.set(f"{self._most / 100:.2f}".removesuffix(".00"))

    @Slot()
    def done(self) -> None:
        if self._ready():
            self._witness.ask(self._confirmed)

    def _confirmed(self, second: Authority) -> None:
        tool, words, fit, fen = self._tool.id, self._words, self._fit, self._money.fen or 0
        desk, shelf, pictures = self.session.desks.losses, self.session.desks.photos, self._photos.pictures

        def bring_back(by: Authority) -> ToolCard:
            with shelf.kept(pictures) as names:
                return desk.bring_back(by, second, tool, words, fit, fen, names)

        def take(card: ToolCard) -> None:
            self.session.work.tool = card
            self.session.back()
            told = "找到了，可以入库" if fit else "找到了，先放一边，别入库"
            if fen:
                told = "找到了，请退给本人 {money}"
            self.session.say(self.tr_(told, money=money(fen - min(fen, self._owed))))

        self.once(bring_back, take)

    @property
    def _owed(self) -> int:
        return self._loss.owed if self._loss else 0

    @Slot(str)
    def _said(self, words: str) -> None:
        self._words = words
        self.changed.emit()

    def _take(self, loss: LossCard | None) -> None:
        self._loss, self._known = loss, True
        if loss is not None and not self._money.typed:
            self.all()
        self.refresh()

    def _ready(self) -> bool:
        return self._known and bool(self._words) and (self._money.fen or 0) <= self._most

    def _story(self) -> str:
        loss = self._loss
        if loss is None:
            return self.tr_("盘点时找不到的，没有人赔过") if self._known else ""
        at = moment_text(loss.lost_at, self.session.clock, self.session.language)
        words = self.tr_(
            "{name} {phone}，{time} 说丢了，赔了 {money}",
            name=loss.seeker_name,
            phone=loss.seeker_phone,
            time=at,
            money=money(loss.charged),
        )
        if loss.owed:
            words += self.tr_("，其中还欠 {money}，先抵掉", money=money(loss.owed))
        return words
