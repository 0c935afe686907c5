"""添置: more tools of one model, asked for by one person and approved by another (T8; 004 annex 4 art. 5(一))."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.tools.cards import StockRequestCard
from kiosk.tools.intake import MOST_OF_ONE
from ui.counter.form import Form, Kind, Line, Option
from ui.counter.intake import REASONS
from ui.counter.session import Session


class Acquire(Form):
    heading = "添置"
    lead = "申请以后要另一个人批，批了就打标签"
    done_words = "申请添置"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.work.model is not None
        self._model = session.work.model
        self._places: tuple[str, ...] = ()

    def enter(self) -> None:
        super().enter()
        self.session.ask(self.session.desks.stock.places, self._take)

    def arrange(self) -> Sequence[Line]:
        name = self.session.language.pick(self._model.name, self._model.name_en)
        return (
            Line("quantity", "{name}，买了几件", Kind.NUMBER, unit="{n} 件", label_values={"name": name}),
            Line("price", "一件多少钱", Kind.MONEY, hint="多少元"),
            Line("place", "放在哪里", Kind.CHOICE, options=self._options_of(self._places), own_words=True),
            Line("bought_on", "哪天买的", Kind.DAY, self.session.clock.today()),
            Line(
                "reason",
                "怎么来的",
                Kind.CHOICE,
                options=self._options_of(REASONS),
                own_words=True,
                longest=40,
            ),
        )

    def wrong(self) -> str:
        quantity = self.value("quantity")
        return "" if quantity is None or 1 <= quantity <= MOST_OF_ONE else "一次 1 到 500 件"

    def save(self) -> None:
        desk, model = self.session.desks.requests, self._model.id
        quantity, price, place = self.value("quantity"), self.value("price"), self.value("place")
        reason, bought_on = self.value("reason"), self.value("bought_on")
        self.once(lambda by: desk.acquire(by, model, quantity, price, reason, place, bought_on), self._asked)

    def _asked(self, card: StockRequestCard) -> None:
        self.session.back()
        self.session.say(self.tr_("申请好了，等负责人或财务批"))

    def _take(self, places: tuple[str, ...]) -> None:
        self._places = places
        self.rearrange()

    @staticmethod
    def _options_of(words: Sequence[str]) -> tuple[Option, ...]:
        return tuple(Option(word, word) for word in words)
