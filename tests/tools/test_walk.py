"""Thousands of random desk operations, refused or not: money and tools always add up (issue 10).

A shadow book is kept here in plain integers from what the desks answer, and must agree with the store's. Longer walks:
GIGHALL_STEPS=20000.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db.models import (
    Account,
    DeductionKind,
    Dispute,
    LineState,
    OutboxRow,
    PrintJob,
    Rental,
    RentalLine,
    RentalState,
    StockRequest,
    StockRequestState,
    Tool,
    ToolReturn,
    ToolState,
)
from kiosk.errors import HallError
from kiosk.tools import book
from kiosk.tools.cards import DeductionCard
from kiosk.tools.inspection import Finding
from kiosk.tools.rental import BEFORE_OUT
from tests.tools.shop import STROKES, Shop, full

STEPS = int(os.environ.get("GIGHALL_STEPS", "1000"))
CHECK_EVERY = 100
KEYS = ("hammer", "rotary_hammer", "wheelbarrow", "scaffold", "welder")
Choice = TypeVar("Choice")


class NothingToDo(Exception):
    """Nobody is at that step."""


@dataclass
class Walk:
    """One operation after another on `shop`; `cash` is what the hall must have in all its drawers and the safe."""

    shop: Shop
    random: Random
    seekers: list[UUID]
    cash: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def pick(self, options: Sequence[Choice]) -> Choice:
        if not options:
            raise NothingToDo
        return self.random.choice(options)

    def ids(self, query: Any) -> Sequence[Any]:
        with self.shop.store.read() as session:
            return session.scalars(query).all()

    def rental(self, *states: RentalState) -> UUID:
        found: UUID = self.pick(self.ids(select(Rental.id).where(Rental.state.in_(states))))
        return found

    def line(self, state: LineState) -> RentalLine:
        query = select(RentalLine).where(RentalLine.state == state)
        found: RentalLine = self.pick(self.ids(query))
        return found

    def tool(self, *states: ToolState) -> UUID:
        found: UUID = self.pick(self.ids(select(Tool.id).where(Tool.state.in_(states))))
        return found

    def whom(self) -> Any:
        return self.shop.by(self.random.choice(("clerk", "second")))

    # what people do

    def request(self) -> None:
        models = [self.shop.model(self.random.choice(KEYS)) for _ in range(self.random.randint(0, 2))]
        by = None if self.random.random() < 0.3 else self.whom()
        self.shop.rental.request(self.pick(self.seekers), models, by)

    def approve(self) -> None:
        self.shop.rental.approve(self.whom(), self.rental(RentalState.REQUESTED))

    def refuse(self) -> None:
        self.shop.rental.refuse(self.whom(), self.rental(RentalState.REQUESTED), "没空")

    def scan(self) -> None:
        rental = self.rental(RentalState.APPROVED)
        wanted = self.ids(
            select(Tool.tag)
            .join(RentalLine, RentalLine.model_id == Tool.model_id)
            .where(RentalLine.rental_id == rental, RentalLine.state == LineState.WANTED)
            .where(Tool.state == ToolState.IN_STOCK)
        )
        any_tool = self.ids(select(Tool.tag)) if not wanted or self.random.random() < 0.2 else wanted
        self.shop.rental.scan(self.whom(), rental, self.pick(any_tool))

    def drop(self) -> None:
        line = self.line(self.random.choice((LineState.WANTED, LineState.HELD)))
        self.shop.rental.drop(self.whom(), line.rental_id, line.id)

    def brief(self) -> None:
        card = self.shop.rental.rental(self.rental(RentalState.APPROVED))
        checked = {
            line.id: {name: self.random.randint(0, pieces) for name, pieces in full(card)[line.id].items()}
            for line in card.lines
        }
        why = {line.id: self.random.choice(("本来就缺", "本人不要")) for line in card.lines}
        self.shop.rental.brief(self.whom(), card.id, {line.model.id for line in card.lines}, checked, why)

    def sign(self) -> None:
        self.shop.rental.sign(self.rental(RentalState.BRIEFED), STROKES)

    def reopen(self) -> None:
        self.shop.rental.reopen(self.whom(), self.rental(RentalState.BRIEFED, RentalState.SIGNED))

    def deposit(self) -> None:
        card = self.shop.rental.take_deposit(self.whom(), self.rental(RentalState.SIGNED))
        self.cash += card.deposit

    def hand_out(self) -> None:
        self.shop.rental.hand_out(self.whom(), self.rental(RentalState.DEPOSITED))

    def cancel(self) -> None:
        card = self.shop.rental.rental(self.rental(*BEFORE_OUT))
        self.shop.rental.cancel(self.whom(), card.id, "不租了")
        self.cash -= card.deposit_held

    def take_back(self) -> None:
        line = self.line(LineState.OUT)
        at = None
        if self.random.random() < 0.2:
            at = self.shop.time() - timedelta(minutes=self.random.randint(0, 600))
        self.shop.returns.take_back(self.whom(), line.rental_id, [line.id], at, self.shop.boss)

    def inspect(self) -> None:
        line = self.line(LineState.BACK)
        findings = {
            name: self.random.choice(list(Finding)) for name, pieces in line.checklist.items() if pieces
        }
        taken = [
            DeductionCard(
                self.random.choice(list(DeductionKind)), "原因", self.random.choice((500, 2_000, 30_000))
            )
            for _ in range(self.random.randint(0, 2))
        ]
        fit = self.random.random() < 0.8
        self.shop.returns.inspect(
            self.whom(),
            line.id,
            findings,
            fit,
            taken,
            no_photo=self.random.choice(("看得出来", "没有摄像头", "")),
        )

    def lost(self) -> None:
        self.shop.returns.report_lost(self.whom(), self.line(LineState.OUT).id, "丢了")

    def settle(self) -> None:
        rental = self.line(LineState.INSPECTED).rental_id
        missing = self.shop.money.quote(rental).missing
        paid = self.random.choice((missing, missing, missing // 2, 0))
        claim = missing - paid + self.random.choice((0, 0, 0, 1))
        second = self.random.choice((self.shop.boss, self.shop.boss, None))
        settled = self.shop.money.settle(self.whom(), rental, paid, claim=claim, second=second)
        self.cash += settled.paid - settled.refunded

    def pay_due(self) -> None:
        due: ToolReturn = self.pick(
            self.ids(select(ToolReturn).where(ToolReturn.owed > ToolReturn.owed_paid))
        )
        still = due.owed - due.owed_paid
        amount = self.random.choice((still, still, 1, still + 1))
        self.shop.money.pay_due(self.whom(), due.id, amount)
        self.cash += amount

    def dispute(self) -> None:
        self.shop.disputes.note(self.whom(), self.line(LineState.SETTLED).id, "不同意")

    def answer(self) -> None:
        query = select(Dispute).where(Dispute.answered_at.is_(None))
        dispute: Dispute = self.pick(self.ids(query))
        with self.shop.store.read() as session:
            line = session.get_one(RentalLine, dispute.line_id)
        amount = self.random.randint(0, line.rent + line.deducted + 1)
        before = self.owed(line)
        self.shop.disputes.answer(self.whom(), self.shop.boss, dispute.id, "退", amount)
        self.cash -= amount - min(amount, before)

    def owed(self, line: RentalLine) -> int:
        """What is still to be paid of the return this tool was settled with."""
        returns = self.shop.money.returns(line.rental_id)
        return next((row.still_owed for row in returns if row.id == line.return_id), 0)

    def open_drawer(self) -> None:
        self.shop.cash.open_drawer(self.whom(), self.random.choice((0, 40_000)))

    def move(self) -> None:
        self.shop.cash.move(self.whom(), self.random.randint(-20_000, 20_000))

    def close_drawer(self) -> None:
        by = self.whom()
        drawer = self.shop.cash.drawer(by.staff_id)
        off = self.random.choice((0, 0, -100, 250))
        closed = self.shop.cash.close_drawer(by, (drawer.expected if drawer else 0) + off, "数错")
        self.cash += closed.difference or 0

    def fund(self) -> None:
        amount = self.random.randint(-30_000, 60_000)
        self.shop.cash.fund(self.shop.finance, amount, "备用金")
        self.cash += amount

    def ask_stock(self) -> None:
        ways: list[Callable[[], object]] = [
            lambda: self.shop.requests.repair(self.whom(), self.tool(*ToolState), 500, "坏了"),
            lambda: self.shop.requests.write_off(self.whom(), self.tool(*ToolState), "旧了"),
            lambda: self.shop.requests.acquire(self.whom(), self.shop.model("hammer"), 2, 2_500, "不够"),
        ]
        self.random.choice(ways)()

    def decide(self) -> None:
        waiting = select(StockRequest.id).where(StockRequest.state == StockRequestState.REQUESTED)
        request: UUID = self.pick(self.ids(waiting))
        self.shop.requests.decide(self.shop.boss, request, self.random.random() < 0.7)

    def repaired(self) -> None:
        under_way = select(StockRequest.id).where(StockRequest.state == StockRequestState.APPROVED)
        request: UUID = self.pick(self.ids(under_way))
        source = self.random.choice((Account.FUNDING, Account.SAFE))
        self.shop.requests.finish_repair(self.whom(), request, 700, self.random.random() < 0.8, source)
        if source is Account.SAFE:
            self.cash -= 700

    def release(self) -> None:
        self.shop.stock.release(self.whom(), self.tool(ToolState.SET_ASIDE), "好的")

    def found(self) -> None:
        tool = self.tool(ToolState.LOST)
        loss = self.shop.losses.loss(tool)
        most = loss.refundable if loss else 0
        refund = self.random.choice((most, most, 0, most + 1))
        struck = min(refund, loss.owed) if loss else 0
        fit = self.random.random() < 0.8
        self.shop.losses.bring_back(self.shop.clerk, self.shop.second, tool, "找到", fit, refund)
        self.cash -= refund - struck

    def not_lost(self) -> None:
        self.shop.returns.not_lost(self.whom(), self.line(LineState.INSPECTED).id)

    def missing(self) -> None:
        self.shop.counts.report_missing(
            self.whom(),
            self.shop.boss,
            self.tool(ToolState.IN_STOCK, ToolState.HELD, ToolState.OUT),
            "找不到",
        )

    def wait(self) -> None:
        self.shop.time.forward(minutes=self.random.randint(1, 120))

    def lapse(self) -> None:
        self.shop.rental.lapse_due()

    def step(self) -> None:
        """Something there is something to do for; it may well be refused."""
        often = "request request approve scan scan scan brief sign deposit hand_out take_back inspect settle"
        now_and_then = (
            "pay_due pay_due pay_due open_drawer open_drawer move fund fund decide repaired release"
        )
        now_and_then += " found wait wait dispute answer not_lost"
        seldom = "refuse drop reopen cancel lost close_drawer missing lapse ask_stock"
        names = f"{often} {often} {often} {often} {often} {now_and_then} {seldom}".split()
        while True:
            name = self.random.choice(names)
            try:
                getattr(self, name)()
                self.done[name] += 1
            except NothingToDo:
                continue
            except HallError as error:
                self.refused[f"{name}: {error}"[:40]] += 1
            return

    def check(self) -> None:
        with self.shop.store.read() as session:
            assert book.broken(session) == ()
            cash = book.balance(session, Account.SAFE) + book.balance(session, Account.DRAWER)
            assert cash == self.cash
            papers = session.execute(
                select(PrintJob.document, func.count()).group_by(PrintJob.document).having(func.count() > 1)
            ).all()
            assert papers == []
            # every tool's last word to the county is the state it is in
            sent = select(func.count(func.distinct(OutboxRow.row_id))).where(OutboxRow.table == "rentals")
            assert session.scalar(sent) == session.scalar(select(func.count()).select_from(Rental))


@pytest.mark.parametrize("seed", [1, 2])
def test_random_operations(shop: Shop, seed: int) -> None:
    walk = Walk(shop, Random(seed), [shop.seeker(f"样本{number}") for number in range(12)])
    shop.cash.fund(shop.finance, 200_000, "备用金")
    walk.cash = 200_000
    for number in range(STEPS):
        walk.step()
        if number % CHECK_EVERY == 0:
            walk.check()
    walk.check()
    # a walk that goes nowhere proves nothing
    assert walk.done["settle"] >= STEPS // 100
    assert walk.done["hand_out"] >= STEPS // 100
    assert walk.done["found"] >= 1
    assert walk.done["not_lost"] >= 1
    assert walk.done["answer"] >= 1
    assert len(walk.done) >= 20
