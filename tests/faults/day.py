"""A hall at work, by the real desks: people referred, papers printed, tools lent and taken back, step by step."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.models import LineState, Posting, PostingState, SkillLevel, ToolState
from db.print_journal import PrintJournal
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import HallError
from kiosk.sample_hall import fill
from kiosk.seekers.card import SeekerCard
from kiosk.tools.cards import RentalCard
from tests.seekers.desks import desks
from tests.tools.shop import MovingTime, Shop

MODEL = "rotary_hammer"
BORN = date(1960, 1, 1)


class Day:
    """`step` does one thing that chance picks. Whoever watches counts the store's transactions."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self._chance = chance
        self._time = MovingTime()
        self._clock = Clock(ZoneInfo("Asia/Shanghai"), self._time)
        fill(store, self._clock)
        self._shop = Shop(store, time=self._time)
        self._shop.hire()
        self._shop.open_drawer()
        self.move(store)
        self._people: list[SeekerCard] = []
        self._rentals: list[RentalCard] = []
        with store.read() as session:
            open_ones = select(Posting.id).where(Posting.state == PostingState.PUBLISHED).order_by(Posting.id)
            self._postings: list[UUID] = list(session.scalars(open_ones))

    def move(self, store: Store) -> None:
        """Go on in a store that was closed and opened again."""
        badges = self._shop.badges
        self._shop = Shop(store, time=self._time)
        self._shop.badges = badges
        self._desks = desks(store, self._clock)
        self._journal = PrintJournal(store)

    def step(self) -> None:
        """A refusal of the rules (nothing in stock, posting full) is a step too."""
        self._time.forward(minutes=1)
        kinds = [self._register, self._refer, self._refer, self._refer, self._print, self._print, self._lend]
        if self._rentals:
            kinds += [self._take_back, self._take_back]
        with suppress(HallError):
            self._chance.choice(kinds)()

    def _register(self) -> None:
        born = BORN + timedelta(days=len(self._people))
        trades = {"bricklayer": SkillLevel.JUNIOR}
        self._people.append(self._desks.seeker(born, trades=trades))

    def _refer(self) -> None:
        if not self._people:
            self._register()
        self._desks.referrals.refer(self._chance.choice(self._people), self._chance.choice(self._postings))

    def _print(self) -> None:
        """What the spooler writes for a paper."""
        queued = self._journal.queued()
        if queued and self._journal.claim(queued[0].id, "desk"):
            state = self._chance.choice(("printed", "printed", "uncertain", "queued"))
            job = self._journal.settle(queued[0].id, state, None if state == "printed" else "paper_out")
            if state == "uncertain":
                self._journal.copy(job.id, datetime(2027, 1, 1, tzinfo=UTC))

    def _lend(self) -> None:
        if self._shop.stock.tools(self._shop.model(MODEL), (ToolState.IN_STOCK,)):
            self._rentals.append(self._shop.lend(self._shop.seeker(), MODEL))

    def _take_back(self) -> None:
        card = self._rentals.pop()
        card = self._shop.returns.take_back(
            self._shop.clerk, card.id, [line.id for line in card.lines if line.state is LineState.OUT]
        )
        for line in card.lines:
            card = self._shop.inspect(line)
        self._shop.money.settle(self._shop.clerk, card.id)
