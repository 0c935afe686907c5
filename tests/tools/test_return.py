"""Back, inspected, settled (T7; 004 annex 4 art. 5(二), (四))."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import Account, DeductionKind, LineState, PrintJob, RentalState, ToolState
from kiosk.errors import (
    CashRefused,
    CodeInvalid,
    InputInvalid,
    NotAllowed,
    NotFound,
    RentalBlocked,
    StepInvalid,
)
from kiosk.tools import book
from kiosk.tools.cards import DeductionCard, RentalCard
from kiosk.tools.inspection import Finding
from tests.tools.shop import Shop, all_well

SCRATCH = DeductionCard(DeductionKind.DAMAGED, "外壳开裂", 3_000)


def balance(shop: Shop, account: Account) -> int:
    with shop.store.read() as session:
        return book.balance(session, account)


def drawer(shop: Shop) -> int:
    found = shop.cash.drawer(shop.clerk.staff_id)
    assert found is not None
    return found.expected


def back(shop: Shop, card: RentalCard, *positions: int) -> RentalCard:
    lines = [card.lines[at].id for at in positions or range(len(card.lines))]
    return shop.returns.take_back(shop.clerk, card.id, lines)


@pytest.fixture
def out(shop: Shop) -> RentalCard:
    """A hammer (deposit 20.00) and a rotary hammer (200.00, 5.00 an hour, 30 minutes free) out since 07:00."""
    shop.open_drawer(0)
    return shop.lend(shop.seeker(), "hammer", "rotary_hammer")


def test_everything_back_in_order(shop: Shop, out: RentalCard) -> None:
    shop.time.forward(hours=3)
    card = back(shop, out)
    assert {shop.state(line.tool_id) for line in card.lines} == {ToolState.TO_INSPECT}
    shop.time.forward(hours=2)  # the queue at the counter costs nothing
    for line in card.lines:
        shop.inspect(line)
    quote = shop.money.quote(out.id)
    assert (quote.deposit, quote.rent, quote.refund, quote.missing) == (22_000, 1_500, 20_500, 0)
    settled = shop.money.settle(shop.clerk, out.id)
    assert (settled.refunded, settled.owed) == (20_500, 0)
    assert shop.rental.rental(out.id).state is RentalState.CLOSED
    assert {shop.state(line.tool_id) for line in card.lines} == {ToolState.IN_STOCK}
    assert drawer(shop) == 1_500
    assert balance(shop, Account.RENT_INCOME) == -1_500
    assert balance(shop, Account.DEPOSIT_LIABILITY) == 0


def test_the_receipt_says_how_it_came_about_and_the_desk_keeps_one(shop: Shop, out: RentalCard) -> None:
    shop.time.forward(hours=3)
    card = back(shop, out)
    shop.inspect(card.lines[0])
    findings = {"侧手柄": Finding.MISSING, "钻头": Finding.OK, "工具箱": Finding.OK}
    taken = (*shop.returns.suggest(card.lines[1].id, findings), SCRATCH)
    assert taken[0].amount == 2_500
    shop.returns.inspect(shop.clerk, card.lines[1].id, findings, False, taken, ["photo-1"], "壳裂")
    shop.returns.dispute(shop.clerk, card.lines[1].id, "来的时候就裂了")
    settled = shop.money.settle(shop.clerk, out.id)
    with shop.store.read() as session:
        jobs = {job.document: job.slip.decode() for job in session.scalars(select(PrintJob))}
    paper = jobs[f"return:{settled.id}"]
    for words in (
        "前 30 分钟免费，3 小时 × 5 元",
        "缺件",
        "侧手柄 × 1",
        "外壳开裂",
        "来的时候就裂了",
        "缺 侧手柄",
    ):
        assert words in paper
    assert "租用人联" in paper
    assert "市场留存联" in jobs[f"return:{settled.id}:desk"]
    assert shop.state(card.lines[1].tool_id) is ToolState.SET_ASIDE
    assert settled.refunded == 22_000 - 1_500 - 2_500 - 3_000


def test_partial_return_of_several_tools(shop: Shop, out: RentalCard) -> None:
    card = back(shop, out, 0)
    shop.inspect(card.lines[0])
    first = shop.money.settle(shop.clerk, out.id)
    assert first.refunded == 2_000
    still = shop.rental.rental(out.id)
    assert (still.state, still.deposit_held) == (RentalState.OUT, 20_000)
    shop.time.forward(hours=2)
    back(shop, out, 1)
    shop.inspect(shop.rental.rental(out.id).lines[1])
    shop.money.settle(shop.clerk, out.id)
    assert shop.rental.rental(out.id).state is RentalState.CLOSED
    assert len(shop.money.returns(out.id)) == 2


def test_nothing_goes_back_to_stock_uninspected(shop: Shop, out: RentalCard) -> None:
    """004 annex 4 art. 5(四)."""
    with pytest.raises(StepInvalid):
        shop.returns.inspect(shop.clerk, out.lines[0].id, {}, True)  # not even back
    card = back(shop, out)
    with pytest.raises(StepInvalid):
        shop.money.settle(shop.clerk, out.id)
    assert shop.state(card.lines[0].tool_id) is ToolState.TO_INSPECT
    for findings in ({}, {"侧手柄": Finding.OK}, {**all_well(card.lines[1]), "另外": Finding.OK}):
        with pytest.raises(InputInvalid):
            shop.returns.inspect(shop.clerk, card.lines[1].id, findings, True)
    with pytest.raises(InputInvalid) as refused:  # damage wants a photo or words
        shop.returns.inspect(shop.clerk, card.lines[1].id, all_well(card.lines[1]), True, [SCRATCH])
    assert refused.value.context["field"] == "photos"
    with pytest.raises(NotAllowed):  # a keeper's eyes
        shop.returns.inspect(shop.finance, card.lines[0].id, {}, True)


@pytest.mark.parametrize(
    ("deduction", "error"),
    [
        (DeductionCard(DeductionKind.OTHER, " ", 100), InputInvalid),
        (DeductionCard(DeductionKind.OTHER, "脏", 0), CashRefused),
        (DeductionCard(DeductionKind.OTHER, "脏", -100), CashRefused),
    ],
)
def test_every_deduction_has_a_reason_and_an_amount(
    shop: Shop, out: RentalCard, deduction: DeductionCard, error: type[Exception]
) -> None:
    card = back(shop, out)
    with pytest.raises(error):
        shop.returns.inspect(shop.clerk, card.lines[0].id, {}, True, [deduction])
    assert shop.rental.rental(out.id).lines[0].state is LineState.BACK


class TestMoreThanTheDeposit:
    def settled_short(self, shop: Shop, out: RentalCard, paid: int) -> RentalCard:
        card = back(shop, out)
        shop.inspect(card.lines[1])
        heavy = DeductionCard(DeductionKind.DAMAGED, "锤头断了", 30_000)
        shop.returns.inspect(shop.clerk, card.lines[0].id, {}, False, [heavy], note="断")
        quote = shop.money.quote(out.id)
        assert (quote.refund, quote.missing) == (0, 8_000)
        shop.money.settle(shop.clerk, out.id, paid)
        return shop.rental.rental(out.id)

    def test_paid_at_once(self, shop: Shop, out: RentalCard) -> None:
        self.settled_short(shop, out, 8_000)
        assert drawer(shop) == 30_000

    def test_owed_blocks_and_is_paid_in_parts(self, shop: Shop, out: RentalCard) -> None:
        card = self.settled_short(shop, out, 3_000)
        due = shop.borrowers.reminders(card.seeker_id).dues[0]
        assert due.still_owed == 5_000
        with pytest.raises(RentalBlocked) as refused:
            shop.rental.request(card.seeker_id, [shop.model("trowel")])
        assert refused.value.context["reason"] == "owing"
        shop.money.pay_due(shop.clerk, due.id, 2_000)
        for amount in (0, -1, 3_001):
            with pytest.raises(CashRefused):
                shop.money.pay_due(shop.clerk, due.id, amount)
        shop.money.pay_due(shop.clerk, due.id, 3_000)
        assert shop.borrowers.reminders(card.seeker_id).owed == 0
        assert shop.rental.request(card.seeker_id, [shop.model("trowel")]).state is RentalState.REQUESTED

    @pytest.mark.parametrize("paid", [-1, 8_001])
    def test_not_more_than_is_missing(self, shop: Shop, out: RentalCard, paid: int) -> None:
        with pytest.raises(CashRefused):
            self.settled_short(shop, out, paid)

    def test_given_back_strikes_the_debt_first(self, shop: Shop, out: RentalCard) -> None:
        card = self.settled_short(shop, out, 0)
        line = card.lines[0].id
        shop.returns.dispute(shop.clerk, line, "本来就旧")
        before = drawer(shop)
        answered = shop.money.answer_dispute(shop.clerk, shop.boss, line, "退一半", 15_000)
        assert (answered.still_owed, answered.given_back) == (0, 15_000)
        assert drawer(shop) == before - 7_000
        assert balance(shop, Account.DEDUCTION_INCOME) == -15_000


class TestDispute:
    def settled(self, shop: Shop, out: RentalCard) -> RentalCard:
        shop.time.forward(hours=1, minutes=30)
        card = back(shop, out)
        shop.inspect(card.lines[0])
        shop.returns.inspect(
            shop.clerk, card.lines[1].id, all_well(card.lines[1]), True, [SCRATCH], note="裂"
        )
        shop.money.settle(shop.clerk, out.id)
        return shop.rental.rental(out.id)

    def test_a_second_person_who_may_decide(self, shop: Shop, out: RentalCard) -> None:
        line = self.settled(shop, out).lines[1].id
        shop.returns.dispute(shop.clerk, line, "不是我弄的")
        for second in (None, shop.clerk, shop.second):
            with pytest.raises(NotAllowed):
                shop.money.answer_dispute(shop.clerk, second, line, "退", 100)
        shop.money.answer_dispute(shop.clerk, shop.boss, line, "退三十五", 3_500)
        assert shop.rental.rental(out.id).lines[1].dispute_answer == "退三十五"
        assert balance(shop, Account.DEDUCTION_INCOME) == 0
        assert balance(shop, Account.RENT_INCOME) == -500 + 500
        with pytest.raises(StepInvalid):
            shop.money.answer_dispute(shop.clerk, shop.boss, line, "again", 1)

    def test_never_more_than_was_charged(self, shop: Shop, out: RentalCard) -> None:
        line = self.settled(shop, out).lines[1].id
        shop.returns.dispute(shop.clerk, line, "不是我弄的")
        for amount in (3_501, -1):
            with pytest.raises(CashRefused):
                shop.money.answer_dispute(shop.clerk, shop.boss, line, "退", amount)
        shop.money.answer_dispute(shop.clerk, shop.boss, line, "第一次", 3_000)
        shop.returns.dispute(shop.clerk, line, "还不满意")
        with pytest.raises(CashRefused):
            shop.money.answer_dispute(shop.clerk, shop.boss, line, "第二次", 501)
        shop.money.answer_dispute(shop.clerk, shop.boss, line, "不退", 0)

    def test_without_a_dispute_there_is_no_answer(self, shop: Shop, out: RentalCard) -> None:
        line = self.settled(shop, out).lines[1].id
        with pytest.raises(StepInvalid):
            shop.money.answer_dispute(shop.clerk, shop.boss, line, "退", 1)


def test_lost_costs_its_value_and_can_turn_up(shop: Shop, out: RentalCard) -> None:
    card = shop.returns.report_lost(shop.clerk, out.lines[0].id, "工地上丢了")
    assert card.lines[0].deducted == card.lines[0].model.value == 3_000
    assert shop.state(out.lines[0].tool_id) is ToolState.LOST
    back(shop, out, 1)
    shop.inspect(shop.rental.rental(out.id).lines[1])
    assert shop.money.settle(shop.clerk, out.id).refunded == 22_000 - 3_000
    tool = out.lines[0].tool_id
    assert tool is not None
    with pytest.raises(NotAllowed):
        shop.stock.found(shop.clerk, shop.clerk, tool, "找到了")
    assert shop.stock.found(shop.clerk, shop.second, tool, "找到了").state is ToolState.SET_ASIDE


def test_a_refund_needs_cash_that_is_there(shop: Shop, out: RentalCard) -> None:
    shop.cash.move(shop.clerk, 22_000)
    card = back(shop, out)
    for line in card.lines:
        shop.inspect(line)
    with pytest.raises(CashRefused) as refused:
        shop.money.settle(shop.clerk, out.id)
    assert refused.value.context["reason"] == "not_enough"
    assert shop.rental.rental(out.id).state is RentalState.OUT  # nothing of it happened
    shop.cash.move(shop.clerk, -22_000)
    shop.money.settle(shop.clerk, out.id)


def test_settled_twice_moves_nothing_twice(shop: Shop, out: RentalCard) -> None:
    card = back(shop, out)
    for line in card.lines:
        shop.inspect(line)
    shop.money.settle(shop.clerk, out.id)
    before = drawer(shop)
    with pytest.raises(StepInvalid):
        shop.money.settle(shop.clerk, out.id)
    with pytest.raises(StepInvalid):
        back(shop, out)
    assert drawer(shop) == before


class TestForgottenReturn:
    def test_two_people_put_it_back_in_time(self, shop: Shop, out: RentalCard) -> None:
        shop.time.forward(hours=30)
        earlier = shop.time() - timedelta(hours=26)
        lines = [line.id for line in out.lines]
        for second in (None, shop.clerk):
            with pytest.raises(NotAllowed):
                shop.returns.take_back(shop.clerk, out.id, lines, earlier, second)
        card = shop.returns.take_back(shop.clerk, out.id, lines, earlier, shop.second)
        assert card.lines[1].charge.amount == 4 * 500  # four hours less the free half

    @pytest.mark.parametrize("hours", [-1, 31])
    def test_not_before_it_left_nor_into_the_future(self, shop: Shop, out: RentalCard, hours: int) -> None:
        shop.time.forward(hours=30)
        at = shop.time() - timedelta(hours=hours)
        with pytest.raises(InputInvalid):
            shop.returns.take_back(shop.clerk, out.id, [out.lines[0].id], at, shop.second)


def test_found_by_tag_receipt_and_number(shop: Shop, out: RentalCard) -> None:
    code = next(tool.code for tool in shop.stock.tools() if tool.id == out.lines[0].tool_id)
    for text in (code, out.code, out.number, out.lines[1].tag):
        assert shop.returns.find(text).id == out.id
    with pytest.raises(NotFound):
        shop.returns.find(shop.tag("trowel"))  # in stock
    with pytest.raises(CodeInvalid):
        shop.returns.find("不是码")
    torn = out.code[:-1] + ("A" if out.code[-1] != "A" else "E")
    with pytest.raises(CodeInvalid):
        shop.returns.find(torn)


def test_lines_of_another_rental_are_refused(shop: Shop, out: RentalCard) -> None:
    other = shop.lend(shop.seeker("李样本"), "trowel")
    with pytest.raises(StepInvalid):
        shop.returns.take_back(shop.clerk, out.id, [other.lines[0].id])


def test_terms_are_those_of_the_day_it_left(shop: Shop, out: RentalCard) -> None:
    model = next(card for card in shop.stock.models() if card.key == "rotary_hammer")
    shop.stock.save_model(shop.clerk, replace(model, tariff=replace(model.tariff, price=900, minimum=0)))
    shop.time.forward(hours=1)
    assert back(shop, out).lines[1].charge.amount == 500
