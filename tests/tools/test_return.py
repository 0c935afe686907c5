"""Back, inspected, settled (T7; 004 annex 4 art. 5(二), (四))."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import (
    Account,
    CashKind,
    CashPosting,
    DeductionKind,
    LineState,
    PrintJob,
    RentalState,
    ToolReturn,
    ToolState,
)
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


def money_papers(shop: Shop) -> list[str]:
    """What was printed of cash that moved after a settlement, in its order."""
    with shop.store.read() as session:
        jobs = session.scalars(select(PrintJob).order_by(PrintJob.created_at, PrintJob.id))
        return [job.slip.decode() for job in jobs if job.document.startswith(("due:", "refund:"))]


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
    shop.disputes.note(shop.clerk, card.lines[1].id, "来的时候就裂了")
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
    well = all_well(card.lines[1])
    for words in ("", " "):  # damage wants a photo, or why there is none
        with pytest.raises(InputInvalid) as refused:
            shop.returns.inspect(
                shop.clerk, card.lines[1].id, well, True, [SCRATCH], note="裂了", no_photo=words
            )
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
        shop.returns.inspect(shop.clerk, card.lines[0].id, {}, False, [heavy], ["photo-1"])
        quote = shop.money.quote(out.id)
        assert (quote.refund, quote.missing) == (0, 8_000)
        shop.money.settle(shop.clerk, out.id, paid, claim=8_000 - paid)
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
        papers = money_papers(shop)
        assert len(papers) == 4  # a paper for each part, and the desk's
        assert all("补交欠款" in paper for paper in papers)
        assert shop.borrowers.reminders(card.seeker_id).owed == 0
        assert shop.rental.request(card.seeker_id, [shop.model("trowel")]).state is RentalState.REQUESTED

    @pytest.mark.parametrize("paid", [-1, 8_001])
    def test_not_more_than_is_missing(self, shop: Shop, out: RentalCard, paid: int) -> None:
        with pytest.raises(CashRefused):
            self.settled_short(shop, out, paid)

    def test_nothing_is_owed_without_being_claimed(self, shop: Shop, out: RentalCard) -> None:
        card = back(shop, out)
        shop.inspect(card.lines[1])
        heavy = DeductionCard(DeductionKind.DAMAGED, "锤头断了", 30_000)
        shop.returns.inspect(shop.clerk, card.lines[0].id, {}, False, [heavy], ["photo-1"])
        for paid, claim in ((0, 0), (0, 7_999), (1, 8_000), (8_000, 1)):
            with pytest.raises(CashRefused) as refused:
                shop.money.settle(shop.clerk, out.id, paid, claim=claim)
            assert refused.value.context["reason"] == "claim"
        assert shop.money.settle(shop.clerk, out.id, 3_000, claim=5_000).owed == 5_000

    @pytest.mark.parametrize("paid", [0, 20_001])
    def test_far_beyond_the_deposit_two_people_say_so(self, shop: Shop, out: RentalCard, paid: int) -> None:
        """Whether it is paid or owed; the limit is the hall's (ours)."""
        card = back(shop, out)
        shop.inspect(card.lines[1])
        most = shop.settings.rental.claim_limit
        heavy = DeductionCard(DeductionKind.DAMAGED, "锤头断了", 22_000 + most + 1)
        shop.returns.inspect(shop.clerk, card.lines[0].id, {}, False, [heavy], ["photo-1"])
        claim = most + 1 - paid
        for second in (None, shop.clerk):
            with pytest.raises(NotAllowed):
                shop.money.settle(shop.clerk, out.id, paid, claim=claim, second=second)
        settled = shop.money.settle(shop.clerk, out.id, paid, claim=claim, second=shop.second)
        assert (settled.paid, settled.owed, settled.refunded) == (paid, claim, 0)
        with shop.store.read() as session:
            row = session.get_one(ToolReturn, settled.id)
            assert row.claim_confirmed_by == shop.second.staff_id

    def test_given_back_strikes_the_debt_first(self, shop: Shop, out: RentalCard) -> None:
        card = self.settled_short(shop, out, 0)
        shop.disputes.note(shop.clerk, card.lines[0].id, "本来就旧")
        (dispute,) = shop.disputes.open()
        assert dispute.left == 30_000
        before = drawer(shop)
        shop.disputes.answer(shop.clerk, shop.boss, dispute.dispute.id, "退一半", 15_000)
        (settled,) = shop.money.returns(out.id)
        assert (settled.still_owed, settled.given_back) == (0, 15_000)
        assert drawer(shop) == before - 7_000
        assert balance(shop, Account.DEDUCTION_INCOME) == -15_000
        paper, desks = money_papers(shop)
        for words in ("￥150.00", "-￥80.00", "￥70.00", "退一半", shop.boss.name, "租用人联"):
            assert words in paper
        assert "市场留存联" in desks


class TestDispute:
    def settled(self, shop: Shop, out: RentalCard) -> RentalCard:
        shop.time.forward(hours=1, minutes=30)
        card = back(shop, out)
        shop.inspect(card.lines[0])
        shop.returns.inspect(
            shop.clerk, card.lines[1].id, all_well(card.lines[1]), True, [SCRATCH], no_photo="看得出来"
        )
        shop.money.settle(shop.clerk, out.id)
        return shop.rental.rental(out.id)

    def noted(self, shop: Shop, out: RentalCard, words: str = "不是我弄的") -> UUID:
        line = self.settled(shop, out).lines[1].id
        card = shop.disputes.note(shop.clerk, line, words, ["photo-2"])
        (dispute,) = card.lines[1].disputes
        assert (dispute.words, dispute.photos, dispute.open) == (words, ("photo-2",), True)
        assert dispute.raised_by
        return dispute.id

    def test_a_second_person_who_may_decide(self, shop: Shop, out: RentalCard) -> None:
        dispute = self.noted(shop, out)
        for second in (None, shop.clerk, shop.second):
            with pytest.raises(NotAllowed):
                shop.disputes.answer(shop.clerk, second, dispute, "退", 100)
        card = shop.disputes.answer(shop.clerk, shop.boss, dispute, "退三十五", 3_500)
        (answered,) = card.lines[1].disputes
        assert (answered.answer, answered.given_back, answered.open) == ("退三十五", 3_500, False)
        assert answered.answered_by != answered.confirmed_by == shop.boss.name
        assert balance(shop, Account.DEDUCTION_INCOME) == 0
        assert balance(shop, Account.RENT_INCOME) == -500 + 500
        with pytest.raises(StepInvalid):
            shop.disputes.answer(shop.clerk, shop.boss, dispute, "again", 1)
        assert shop.disputes.open() == ()

    def test_one_at_a_time_and_never_more_than_was_charged(self, shop: Shop, out: RentalCard) -> None:
        first = self.noted(shop, out)
        line = out.lines[1].id
        with pytest.raises(StepInvalid):
            shop.disputes.note(shop.clerk, line, "再说一次")
        for amount in (3_501, -1):
            with pytest.raises(CashRefused):
                shop.disputes.answer(shop.clerk, shop.boss, first, "退", amount)
        shop.disputes.answer(shop.clerk, shop.boss, first, "第一次", 3_000)
        card = shop.disputes.note(shop.clerk, line, "还不满意")
        assert [dispute.open for dispute in card.lines[1].disputes] == [False, True]
        second = card.lines[1].disputes[1].id
        with pytest.raises(CashRefused):
            shop.disputes.answer(shop.clerk, shop.boss, second, "第二次", 501)
        shop.disputes.answer(shop.clerk, shop.boss, second, "不退", 0)

    def test_words_are_needed_on_both_sides(self, shop: Shop, out: RentalCard) -> None:
        line = self.settled(shop, out).lines[1].id
        with pytest.raises(InputInvalid):
            shop.disputes.note(shop.clerk, line, " ")
        dispute = shop.disputes.note(shop.clerk, line, "不同意").lines[1].disputes[0].id
        with pytest.raises(InputInvalid):
            shop.disputes.answer(shop.clerk, shop.boss, dispute, " ", 0)

    def test_they_are_listed_for_the_hall_and_for_the_person(self, shop: Shop, out: RentalCard) -> None:
        self.noted(shop, out)
        other = shop.seeker("别人")
        assert [one.rental.id for one in shop.disputes.open(out.seeker_id)] == [out.id]
        assert shop.disputes.open(other) == ()
        assert [shop.disputes.waiting(who) for who in (None, out.seeker_id, other)] == [1, 1, 0]

    def test_before_the_money_it_is_noted_but_not_answered(self, shop: Shop, out: RentalCard) -> None:
        card = back(shop, out)
        shop.inspect(card.lines[0])
        with pytest.raises(StepInvalid):
            shop.disputes.note(shop.clerk, card.lines[1].id, "还没验收")
        noted = shop.disputes.note(shop.clerk, card.lines[0].id, "不同意").lines[0].disputes[0]
        with pytest.raises(StepInvalid):
            shop.disputes.answer(shop.clerk, shop.boss, noted.id, "退", 0)


class TestLost:
    def lost(self, shop: Shop, out: RentalCard) -> UUID:
        card = shop.returns.report_lost(shop.clerk, out.lines[0].id, "工地上丢了")
        assert card.lines[0].deducted == card.lines[0].model.value == 3_000
        tool = out.lines[0].tool_id
        assert tool is not None
        assert shop.state(tool) is ToolState.LOST
        return tool

    def settled(self, shop: Shop, out: RentalCard) -> UUID:
        tool = self.lost(shop, out)
        back(shop, out, 1)
        shop.inspect(shop.rental.rental(out.id).lines[1])
        assert shop.money.settle(shop.clerk, out.id).refunded == 22_000 - 3_000
        return tool

    def test_found_before_the_money_it_is_inspected_like_any_other(self, shop: Shop, out: RentalCard) -> None:
        tool = self.lost(shop, out)
        with pytest.raises(StepInvalid):
            shop.losses.bring_back(shop.clerk, shop.second, tool, "在车上", True)
        line = shop.returns.not_lost(shop.clerk, out.lines[0].id).lines[0]
        assert (line.state, line.lost, line.deducted) == (LineState.BACK, False, 0)
        assert shop.state(tool) is ToolState.TO_INSPECT
        back(shop, out, 1)
        for one in shop.rental.rental(out.id).lines:
            shop.inspect(one)
        assert shop.money.settle(shop.clerk, out.id).refunded == 22_000
        with pytest.raises(StepInvalid):
            shop.returns.not_lost(shop.clerk, out.lines[0].id)

    @pytest.mark.parametrize(("fit", "state"), [(True, ToolState.IN_STOCK), (False, ToolState.SET_ASIDE)])
    def test_found_later_two_people_refund_it(
        self, shop: Shop, out: RentalCard, fit: bool, state: ToolState
    ) -> None:
        tool = self.settled(shop, out)
        before = drawer(shop)
        loss = shop.losses.loss(tool)
        assert loss is not None
        assert (loss.charged, loss.refundable, loss.owed) == (3_000, 3_000, 0)
        for second in (None, shop.clerk):
            with pytest.raises(NotAllowed):
                shop.losses.bring_back(shop.clerk, second, tool, "找到了", fit, 3_000)
        for refund in (-1, 3_001):
            with pytest.raises(CashRefused):
                shop.losses.bring_back(shop.clerk, shop.second, tool, "找到了", fit, refund)
        with pytest.raises(InputInvalid):
            shop.losses.bring_back(shop.clerk, shop.second, tool, " ", fit, 3_000)
        assert shop.losses.bring_back(shop.clerk, shop.second, tool, "找到了", fit, 3_000).state is state
        assert drawer(shop) == before - 3_000
        assert balance(shop, Account.DEDUCTION_INCOME) == 0
        with shop.store.read() as session:
            posting = session.scalars(
                select(CashPosting).where(CashPosting.kind == CashKind.GIVEN_BACK)
            ).one()
            assert (posting.amount, posting.note, posting.tool_id) == (3_000, "找到了", tool)
        with pytest.raises(StepInvalid):
            shop.losses.bring_back(shop.clerk, shop.second, tool, "找到了", fit, 0)

    def test_a_debt_is_struck_before_cash_leaves(self, shop: Shop) -> None:
        shop.open_drawer(100_000)
        rental = shop.lend(shop.seeker(), "rotary_hammer")
        shop.returns.report_lost(shop.clerk, rental.lines[0].id, "丢了")
        owed = shop.settle_owing(rental.id).owed
        tool = rental.lines[0].tool_id
        assert tool is not None
        loss = shop.losses.loss(tool)
        assert loss is not None
        assert 0 < loss.owed == owed < loss.refundable
        before = drawer(shop)
        shop.losses.bring_back(shop.clerk, shop.boss, tool, "在工棚里", True, loss.refundable)
        assert drawer(shop) == before - (loss.refundable - owed)
        assert shop.borrowers.reminders(rental.seeker_id).owed == 0

    def test_lost_on_the_shelf_nobody_paid_for_it(self, shop: Shop) -> None:
        tool = shop.stock.by_tag(shop.tag("hammer")).id
        shop.counts.report_missing(shop.clerk, shop.boss, tool, "找不到")
        assert shop.losses.loss(tool) is None
        with pytest.raises(CashRefused):
            shop.losses.bring_back(shop.clerk, shop.boss, tool, "在架子后面", True, 1)
        shop.losses.bring_back(shop.clerk, shop.boss, tool, "在架子后面", True)
        assert shop.state(tool) is ToolState.IN_STOCK


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
