"""From the wish to the tool in the hand (T1–T4, T9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import LineState, PrintJob, Rental, RentalState, Tool, ToolState
from db.store import Store
from kiosk.errors import (
    CashRefused,
    InputInvalid,
    NotAllowed,
    Refused,
    RentalBlocked,
    StepInvalid,
    ToolUnavailable,
)
from kiosk.identity.document import Assurance
from kiosk.settings import RentalRules, Settings
from kiosk.tools import papers
from printing import slip_json
from printing.slip import Code, Picture
from tests.tools.shop import STROKES, Shop, full


def printed(shop: Shop) -> dict[str, PrintJob]:
    with shop.store.read() as session:
        return {job.document: job for job in session.scalars(select(PrintJob))}


def test_from_the_kiosk_to_the_hand(shop: Shop) -> None:
    shop.open_drawer(0)
    seeker = shop.seeker()
    asked = shop.rental.request(seeker, [shop.model("rotary_hammer"), shop.model("hammer")])
    assert (asked.state, asked.asked_at_kiosk) == (RentalState.REQUESTED, True)
    approved = shop.rental.approve(shop.clerk, asked.id)
    tags = [shop.tag("rotary_hammer"), shop.tag("hammer")]
    for tag in tags:
        approved = shop.rental.scan(shop.clerk, asked.id, tag)
    assert [line.state for line in approved.lines] == [LineState.HELD, LineState.HELD]
    assert approved.deposit == 22_000
    briefed = shop.rental.brief(
        shop.clerk, asked.id, {line.model.id for line in approved.lines}, full(approved)
    )
    assert briefed.lines[0].checklist == {"侧手柄": 1, "钻头": 3, "工具箱": 1}
    shop.rental.sign(asked.id, STROKES)
    shop.rental.take_deposit(shop.clerk, asked.id)
    out = shop.rental.hand_out(shop.clerk, asked.id)
    assert out.state is RentalState.OUT
    assert out.due_at is not None
    assert shop.counter.clock.local(out.due_at).strftime("%m-%d %H:%M") == "11-20 18:00"
    assert {shop.state(line.tool_id) for line in out.lines} == {ToolState.OUT}
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 22_000


def test_the_receipt_carries_signature_code_and_terms_and_the_desk_keeps_one(shop: Shop) -> None:
    shop.open_drawer(0)
    out = shop.lend(shop.seeker(), "rotary_hammer", "trowel")
    found = printed(shop)
    assert set(found) == {f"deposit:{out.id}", f"rental:{out.id}", f"rental:{out.id}:desk"}
    slip = slip_json.decode(found[f"rental:{out.id}"].slip)
    assert any(isinstance(part, Picture) for part in slip.parts)
    assert [part.text for part in slip.parts if isinstance(part, Code)] == [out.code]
    words = found[f"rental:{out.id}"].slip.decode()
    for expected in ("5 元/小时，前 30 分钟免费", "简单工具，免租金", "侧手柄 × 1", "￥210.00", "张*本"):
        assert expected in words
    assert "张样本" not in words
    assert shop.returns.find(out.code).id == out.id
    receipt = papers.document("rental", out.id)
    assert papers.latest_job(shop.counter, receipt) == found[receipt].id
    assert papers.latest_job(shop.counter, "rental:none") is None


def test_nothing_leaves_unapproved_unsigned_or_unpaid(shop: Shop) -> None:
    shop.open_drawer(0)
    asked = shop.rental.request(shop.seeker(), [shop.model("hammer")])
    clerk = shop.clerk
    with pytest.raises(StepInvalid):
        shop.rental.scan(clerk, asked.id, shop.tag("hammer"))
    shop.rental.approve(clerk, asked.id)
    with pytest.raises(StepInvalid):
        shop.rental.sign(asked.id, STROKES)
    with pytest.raises(StepInvalid):
        shop.rental.take_deposit(clerk, asked.id)
    with pytest.raises(StepInvalid):
        shop.rental.hand_out(clerk, asked.id)
    with pytest.raises(StepInvalid):
        shop.rental.approve(clerk, asked.id)
    with pytest.raises(StepInvalid):  # a wish without a tool
        shop.rental.brief(clerk, asked.id, {shop.model("hammer")}, {})


def test_the_notice_is_ticked_and_every_accessory_checked(shop: Shop) -> None:
    card = shop.approved(shop.seeker(), "rotary_hammer")
    line = card.lines[0]
    with pytest.raises(InputInvalid) as refused:
        shop.rental.brief(shop.clerk, card.id, (), full(card))
    assert refused.value.context["field"] == "safety"
    for seen in ({}, {"侧手柄": 1}, {"侧手柄": 1, "钻头": 4, "工具箱": 1}):
        with pytest.raises(InputInvalid) as refused:
            shop.rental.brief(shop.clerk, card.id, {line.model.id}, {line.id: seen})
        assert refused.value.context["field"] == "accessories"
    seen = {"侧手柄": 1, "钻头": 2, "工具箱": 0}
    with pytest.raises(InputInvalid) as refused:  # why does less go along?
        shop.rental.brief(shop.clerk, card.id, {line.model.id}, {line.id: seen}, {line.id: " "})
    assert refused.value.context["reason"] == "fewer"
    briefed = shop.rental.brief(shop.clerk, card.id, {line.model.id}, {line.id: seen}, {line.id: "本人不要"})
    assert (briefed.lines[0].checklist, briefed.lines[0].out_note) == (seen, "本人不要")


@pytest.mark.parametrize("strokes", [(), (((5, 5),),), (((5, 5), (20, 9)),)])
def test_a_tap_is_no_signature(shop: Shop, strokes: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    card = shop.approved(shop.seeker(), "hammer")
    shop.rental.brief(shop.clerk, card.id, {card.lines[0].model.id}, full(card))
    with pytest.raises(InputInvalid):
        shop.rental.sign(card.id, strokes)


def test_a_deposit_needs_an_open_drawer(shop: Shop) -> None:
    card = shop.signed(shop.seeker(), "hammer")
    with pytest.raises(CashRefused) as refused:
        shop.rental.take_deposit(shop.clerk, card.id)
    assert refused.value.context["reason"] == "no_drawer"
    assert shop.rental.rental(card.id).state is RentalState.SIGNED


def test_cancelled_after_the_deposit_gives_it_back(shop: Shop) -> None:
    shop.open_drawer(0)
    card = shop.signed(shop.seeker(), "rotary_hammer", "hammer")
    shop.rental.take_deposit(shop.clerk, card.id)
    ended = shop.rental.cancel(shop.clerk, card.id, "不租了")
    assert ended.state is RentalState.CANCELLED
    assert {shop.state(line.tool_id) for line in card.lines} == {ToolState.IN_STOCK}
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 0
    with pytest.raises(StepInvalid):
        shop.rental.cancel(shop.clerk, card.id, "again")


def test_the_seeker_takes_back_only_what_nobody_approved(shop: Shop) -> None:
    seeker = shop.seeker()
    first = shop.rental.request(seeker, [shop.model("hammer")])
    assert shop.rental.cancel(None, first.id, "seeker").state is RentalState.CANCELLED
    again = shop.rental.request(seeker, [shop.model("hammer")])
    shop.rental.approve(shop.clerk, again.id)
    with pytest.raises(StepInvalid):
        shop.rental.cancel(None, again.id, "seeker")
    with pytest.raises(Refused) as refused:
        shop.rental.request(seeker, [shop.model("hammer")])
    assert refused.value.context["reason"] == "request_open"


def test_a_forgotten_request_gives_its_tools_back(shop: Shop) -> None:
    card = shop.approved(shop.seeker(), "hammer")
    shop.time.forward(hours=13)
    assert shop.rental.lapse_due() == 1
    assert shop.rental.rental(card.id).state is RentalState.LAPSED
    assert shop.state(card.lines[0].tool_id) is ToolState.IN_STOCK
    assert shop.rental.lapse_due() == 0


def test_reopened_asks_for_everything_again(shop: Shop) -> None:
    card = shop.signed(shop.seeker(), "hammer")
    assert shop.rental.reopen(shop.clerk, card.id).state is RentalState.APPROVED
    shop.rental.scan(shop.clerk, card.id, shop.tag("trowel"))
    with shop.store.read() as session:
        assert session.get_one(Rental, card.id).signature_bits is None
    with pytest.raises(StepInvalid):
        shop.rental.sign(card.id, STROKES)


def test_dropped_tools_go_back(shop: Shop) -> None:
    card = shop.approved(shop.seeker(), "hammer", "trowel")
    left = shop.rental.drop(shop.clerk, card.id, card.lines[0].id)
    assert shop.state(card.lines[0].tool_id) is ToolState.IN_STOCK
    assert left.deposit == 1_000


class TestBlocked:
    def blocked(self, shop: Shop, seeker: UUID, *keys: str) -> str:
        with pytest.raises(RentalBlocked) as refused:
            shop.approved(seeker, *keys)
        return str(refused.value.context["reason"])

    def test_overdue(self, shop: Shop) -> None:
        shop.open_drawer(0)
        seeker = shop.seeker()
        shop.lend(seeker, "hammer")
        shop.time.forward(hours=12)
        assert self.blocked(shop, seeker, "trowel") == "overdue"

    def test_overdue_may_be_allowed(self, shop: Shop) -> None:
        easy = Shop(shop.store, Settings(rental=RentalRules(overdue_blocks=False)), shop.time)
        easy.badges = shop.badges
        easy.open_drawer(0)
        seeker = easy.seeker()
        easy.lend(seeker, "hammer")
        shop.time.forward(hours=12)
        assert easy.lend(seeker, "trowel").state is RentalState.OUT

    @pytest.mark.parametrize("assurance", [Assurance.TYPED, Assurance.SLIP])
    def test_unidentified_until_staff_looked(self, shop: Shop, assurance: Assurance) -> None:
        seeker = shop.seeker(assurance=assurance)
        asked = shop.rental.request(seeker, [shop.model("hammer")])  # a wish is free
        with pytest.raises(RentalBlocked) as refused:
            shop.rental.approve(shop.clerk, asked.id)
        assert refused.value.context["reason"] == "unidentified"
        shop.borrowers.confirm_identity(shop.clerk, seeker)
        assert shop.rental.approve(shop.clerk, asked.id).state is RentalState.APPROVED

    def test_under_18_for_tools_the_catalogue_marks(self, shop: Shop) -> None:
        young = shop.seeker(birth=date(2008, 11, 21))  # 18 tomorrow
        assert self.blocked(shop, young, "rotary_hammer") == "minor"
        shop.time.forward(days=1)
        card = shop.rental.waiting()[0]
        shop.rental.cancel(shop.clerk, card.id, "weiter")
        assert shop.approved(young, "rotary_hammer").lines

    def test_too_many(self, shop: Shop) -> None:
        strict = Shop(shop.store, Settings(rental=RentalRules(most_tools=2)), shop.time)
        strict.badges = shop.badges
        assert self.blocked(strict, strict.seeker(), "hammer", "hammer", "hammer") == "too_many"

    @pytest.mark.parametrize(
        "state", [state for state in ToolState if state is not ToolState.IN_STOCK], ids=str
    )
    def test_a_tool_that_is_not_in_stock(self, shop: Shop, state: ToolState) -> None:
        card = shop.approved(shop.seeker())
        tool = shop.stock.tools(shop.model("hammer"))[0]
        with shop.store.write() as session:
            session.get_one(Tool, tool.id).state = state
        with pytest.raises(ToolUnavailable) as refused:
            shop.rental.scan(shop.clerk, card.id, tool.code)
        assert refused.value.context["reason"] == state.value
        with shop.store.write() as session:
            session.get_one(Tool, tool.id).state = ToolState.IN_STOCK

    def test_a_tool_of_another_device(self, shop: Shop) -> None:
        card = shop.approved(shop.seeker())
        tool = shop.stock.tools(shop.model("hammer"))[0]
        with shop.store.write() as session:
            session.get_one(Tool, tool.id).device_id = shop.store.origin.hall_id
        with pytest.raises(ToolUnavailable) as refused:
            shop.rental.scan(shop.clerk, card.id, tool.code)
        assert refused.value.context["reason"] == "other_device"

    def test_none_free(self, shop: Shop) -> None:
        with pytest.raises(ToolUnavailable):
            shop.rental.request(shop.seeker(), [shop.model("welder")] * 3)


class TestForgottenCheckOut:
    def ready(self, shop: Shop) -> UUID:
        shop.open_drawer(0)
        with shop.store.write() as session:  # the hall has had its tools for a while
            for tool in session.scalars(select(Tool)):
                tool.acquired_at = shop.time() - timedelta(days=90)
        card = shop.signed(shop.seeker(), "wheelbarrow")
        shop.rental.take_deposit(shop.clerk, card.id)
        return card.id

    def test_two_people_put_it_back_in_time(self, shop: Shop) -> None:
        rental = self.ready(shop)
        earlier = shop.time() - timedelta(days=2)
        for second in (None, shop.clerk):
            with pytest.raises(NotAllowed):
                shop.rental.hand_out(shop.clerk, rental, at=earlier, second=second)
        out = shop.rental.hand_out(shop.clerk, rental, at=earlier, second=shop.second)
        assert out.out_at == earlier
        assert out.lines[0].charge.amount == 3 * 1000 + 2 * 1000  # three days, and two days late

    @pytest.mark.parametrize("days", [-1, 31])
    def test_not_into_the_future_nor_too_far_back(self, shop: Shop, days: int) -> None:
        rental = self.ready(shop)
        with pytest.raises(InputInvalid):
            shop.rental.hand_out(shop.clerk, rental, at=shop.time() - timedelta(days=days), second=shop.boss)

    def test_not_into_a_time_when_the_tool_was_elsewhere(self, shop: Shop) -> None:
        rental = self.ready(shop)
        tag = shop.rental.rental(rental).lines[0].tag
        shop.rental.hand_out(shop.clerk, rental)
        shop.time.forward(hours=5)
        line = shop.returns.take_back(shop.clerk, rental, [shop.rental.rental(rental).lines[0].id]).lines[0]
        shop.inspect(line)
        shop.money.settle(shop.clerk, rental)
        other = shop.rental.request(shop.seeker("李样本"), (), shop.clerk)
        shop.rental.approve(shop.clerk, other.id)
        card = shop.rental.scan(shop.clerk, other.id, tag)
        shop.rental.brief(shop.clerk, other.id, {card.lines[0].model.id}, full(card))
        shop.rental.sign(other.id, STROKES)
        shop.rental.take_deposit(shop.clerk, other.id)
        with pytest.raises(InputInvalid) as refused:
            shop.rental.hand_out(shop.clerk, other.id, at=shop.time() - timedelta(hours=2), second=shop.boss)
        assert refused.value.context["reason"] == "tool_not_free"


class TestAfterACrash:
    """The process died between two steps: whatever was begun is found again, and goes on or is undone."""

    STAGES = ("requested", "approved", "briefed", "signed", "deposited")

    def begun(self, shop: Shop, stage: str) -> UUID:
        """A rental left at that stage."""
        shop.open_drawer(0)
        card = shop.rental.request(shop.seeker(), [shop.model("rotary_hammer")])
        for step in self.steps(shop, card.id)[: self.STAGES.index(stage)]:
            step()
        return card.id

    def steps(self, shop: Shop, rental: UUID) -> list[Callable[[], object]]:
        def scan_and_brief() -> None:
            card = shop.rental.scan(shop.clerk, rental, shop.tag("rotary_hammer"))
            shop.rental.brief(shop.clerk, rental, {line.model.id for line in card.lines}, full(card))

        return [
            lambda: shop.rental.approve(shop.clerk, rental),
            scan_and_brief,
            lambda: shop.rental.sign(rental, STROKES),
            lambda: shop.rental.take_deposit(shop.clerk, rental),
            lambda: shop.rental.hand_out(shop.clerk, rental),
        ]

    def restarted(self, shop: Shop) -> Iterator[Shop]:
        store = Store.open(shop.store.path.parent, shop.store.keys)
        again = Shop(store, shop.settings, shop.time)
        again.badges = shop.badges
        yield again
        store.close()

    @pytest.mark.parametrize("stage", STAGES)
    def test_it_goes_on(self, shop: Shop, stage: str) -> None:
        rental = self.begun(shop, stage)
        for again in self.restarted(shop):
            (card,) = again.rental.waiting()
            assert (card.id, card.state.value) == (rental, stage)
            for step in self.steps(again, rental)[self.STAGES.index(stage) :]:
                step()
            assert again.rental.rental(rental).state is RentalState.OUT

    @pytest.mark.parametrize("stage", STAGES)
    def test_it_is_undone(self, shop: Shop, stage: str) -> None:
        rental = self.begun(shop, stage)
        for again in self.restarted(shop):
            again.rental.cancel(again.clerk, rental, "停电了")
            assert again.rental.waiting() == ()
            assert again.stock.tools(states=[ToolState.HELD, ToolState.OUT]) == ()
            drawer = again.cash.drawer(again.clerk.staff_id)
            assert drawer is not None
            assert drawer.expected == 0


def test_a_wish_from_another_device_is_taken_over(shop: Shop) -> None:
    """The kiosk in the hall has no tools: what was asked there comes with the county's rows and goes on here."""
    shop.open_drawer(0)
    asked = shop.rental.request(shop.seeker(), [shop.model("hammer")])
    with shop.store.write() as session:
        session.get_one(Rental, asked.id).device_id = shop.store.origin.hall_id
    (theirs,) = shop.rental.waiting()
    assert not theirs.ours
    with pytest.raises(NotAllowed):
        shop.rental.approve(shop.clerk, theirs.id)
    ours = shop.rental.request(theirs.seeker_id, [line.model.id for line in theirs.lines], shop.clerk)
    assert ours.ours
    assert shop.rental.approve(shop.clerk, ours.id).state is RentalState.APPROVED


def test_due_next_open_day(shop: Shop) -> None:
    closed = Settings(rental=RentalRules(holidays=(date(2026, 11, 21),)))
    desk = Shop(shop.store, closed, shop.time).rental
    evening = shop.time() + timedelta(hours=12)
    assert desk.default_due(evening).date() == date(2026, 11, 22)


def test_a_role_and_a_fresh_name_are_needed(shop: Shop) -> None:
    asked = shop.rental.request(shop.seeker(), [shop.model("hammer")])
    with pytest.raises(NotAllowed) as refused:
        shop.rental.approve(shop.finance, asked.id)
    assert refused.value.context["reason"] == "role"
    stale = shop.clerk
    shop.time.forward(minutes=11)
    with pytest.raises(NotAllowed) as refused:
        shop.rental.approve(stale, asked.id)
    assert refused.value.context["reason"] == "stale"
