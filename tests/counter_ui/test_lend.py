"""Tools leave the hall, all from screens: borrower, tags, notices, signature, deposit, receipt (T1–T4)."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Drawer, PrintJob, Rental, RentalState, ToolState
from kiosk.identity.document import Assurance
from kiosk.tools.cards import ToolCard
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)


def rentals(shop: Shop) -> list[Rental]:
    with shop.store.read() as session:
        return list(session.scalars(select(Rental).order_by(Rental.requested_at)))


def papers(shop: Shop) -> list[str]:
    with shop.store.read() as session:
        return sorted(job.document.partition(":")[0] for job in session.scalars(select(PrintJob)))


def tool(shop: Shop, code: str) -> ToolCard:
    return shop.stock.by_tag(code)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_five_tools_leave_by_tapping(make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path) -> None:
    shop.seeker("张样本", assurance=Assurance.TYPED)
    clerk = make_clerk(shop.store, shop.counter.clock, size=size)

    # finance brings money, the clerk opens a drawer with it
    clerk.sign_in(FINANCE).tapped("tile_drawer", "day").stands(Place.DAY)
    clerk.tapped("safeIn").money("500").tapped("safeDone")
    assert "￥500.00" in clerk.message
    clerk.picture(tmp_path / "day.png")
    clerk.tapped("lock").sign_in(CLERK).tapped("tile_drawer").stands(Place.DRAWER)
    clerk.money("200").picture(tmp_path / "drawer_shut.png")
    clerk.tapped("done").picture(tmp_path / "drawer_open.png")
    assert clerk.see("expected") == "￥200.00"

    # who
    clerk.tapped("home", "tile_borrower").stands(Place.BORROWER)
    clerk.digits("0011")
    clerk.until(lambda: clerk.see("people"))
    clerk.picture(tmp_path / "borrower.png")
    clerk.tapped("found0").stands(Place.LEND)
    assert clerk.see("unidentified")
    clerk.scan(shop.tag("hammer"))
    assert "核对" in clerk.message  # nobody has looked at the card yet
    clerk.tapped("confirmIdentity")

    # which tools, one after the other; one of them typed, one laid back
    keys = ("rotary_hammer", "hammer", "hammer", "ladder", "angle_grinder")
    codes = []
    for key in keys:
        codes.append(shop.tag(key))
        clerk.scan(codes[-1])
    assert len(clerk.see("lines")) == 5
    clerk.scan(codes[0])
    assert clerk.message == "这件工具已经留给别的单子"
    clerk.tapped("drop3")
    assert tool(shop, codes[3]).state is ToolState.IN_STOCK
    clerk.digits(tool(shop, codes[3]).tag.replace("-", "")).settle()
    assert len(clerk.see("lines")) == 5
    clerk.picture(tmp_path / "lend.png")

    # notices and accessories
    clerk.tapped("next").stands(Place.BRIEF)
    assert not clerk.see("ready")
    for at in range(len(clerk.see("notices"))):
        clerk.tapped(f"told{at}")
    clerk.tapped("less0", "fewer0", "why1").picture(tmp_path / "brief.png")
    clerk.tapped("next").stands(Place.SIGN)

    # signature, deposit, tools
    clerk.draw().picture(tmp_path / "sign.png")
    clerk.tapped("signed").stands(Place.PAY)
    clerk.picture(tmp_path / "pay.png")
    (rental,) = rentals(shop)
    assert rental.state is RentalState.SIGNED
    assert rental.signature_bits is not None
    deposit = shop.rental.rental(rental.id).deposit
    clerk.tapped("due1", "handOut").stands(Place.LENT)
    clerk.picture(tmp_path / "lent.png")
    (rental,) = rentals(shop)
    assert rental.state is RentalState.OUT
    assert rental.due_at is not None
    assert shop.counter.clock.local(rental.due_at).date() == date(2026, 11, 21)
    assert all(tool(shop, code).state is ToolState.OUT for code in codes)
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 20_000 + deposit
    assert papers(shop) == ["deposit", "rental", "rental"]
    clerk.tapped("finish").stands(Place.HOME)


def test_no_drawer_no_deposit(counter: Clerk, shop: Shop) -> None:
    """The way leads to the drawer and back to where the money is due."""
    shop.cash.fund(shop.finance, 10_000, "备用金")
    card = shop.signed(shop.seeker(), "rotary_hammer")
    counter.sign_in(CLERK).tapped("tile_borrower", "waiting0").stands(Place.PAY)
    counter.tapped("openDrawer").stands(Place.DRAWER).money("100").tapped("done").stands(Place.PAY)
    counter.tapped("handOut").stands(Place.LENT)
    assert shop.rental.rental(card.id).state is RentalState.OUT


def test_a_wish_from_the_kiosk_is_approved_or_refused(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    first, second = shop.seeker("张样本"), shop.seeker("李样本")
    asked = shop.rental.request(first, (shop.model("hammer"), shop.model("ladder")))
    other = shop.rental.request(second, (shop.model("hammer"),))
    counter.sign_in(CLERK)
    badges = {tile["place"]: tile["badge"] for tile in counter.see("tiles")}
    assert badges["borrower"] == "2"
    counter.tapped("tile_borrower", "waiting0").stands(Place.LEND)
    assert [line["wanted"] for line in counter.see("lines")] == [True, True]
    counter.picture(tmp_path / "wish.png")
    counter.tapped("approve").scan(shop.tag("hammer"))
    assert [line["wanted"] for line in counter.see("lines")] == [False, True]
    assert not counter.see("ready")
    counter.scan(shop.tag("ladder"))
    assert counter.see("ready")
    assert shop.rental.rental(asked.id).state is RentalState.APPROVED
    counter.tapped("back", "waiting1", "stop", "why0").stands(Place.BORROWER)
    assert shop.rental.rental(other.id).state is RentalState.REFUSED


def test_what_was_begun_goes_on_after_a_restart(make_clerk: MakeClerk, shop: Shop) -> None:
    shop.open_drawer()
    card = shop.signed(shop.seeker(), "rotary_hammer")
    shop.rental.take_deposit(shop.clerk, card.id)
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK)
    clerk.tapped("tile_borrower", "waiting0").stands(Place.PAY)
    assert clerk.see("taken")
    clerk.tapped("handOut").stands(Place.LENT)
    assert papers(shop) == ["deposit", "rental", "rental"]


def test_deposit_goes_back_when_it_is_called_off(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer(10_000)
    card = shop.signed(shop.seeker(), "rotary_hammer")
    taken = shop.rental.take_deposit(shop.clerk, card.id).deposit_held
    counter.sign_in(CLERK).tapped("tile_borrower", "waiting0", "stop", "reallyStop").stands(Place.HOME)
    assert f"{taken // 100:,}" in counter.message
    assert papers(shop) == ["cancel", "cancel", "deposit"]  # for both sides
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 10_000


def test_who_may_not_borrow_is_told_why(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    shop.open_drawer()
    shop.lend(shop.seeker("张样本"), "hammer")
    shop.time.forward(days=3)
    counter.sign_in(CLERK).tapped("tile_borrower").digits("0011")
    counter.until(lambda: counter.see("people"))
    assert counter.see("people")[0]["side"] == "有逾期"
    counter.tapped("found0").stands(Place.LEND)
    assert counter.see("hindrance") == "这个人有工具逾期没还，先还了再借"
    counter.picture(tmp_path / "blocked.png")
    counter.scan(shop.tag("ladder"))
    assert counter.see("lines") == []


def test_minor_gets_no_dangerous_tool(counter: Clerk, shop: Shop) -> None:
    shop.seeker("王样本", birth=date(2010, 1, 1))
    counter.sign_in(CLERK).tapped("tile_borrower").digits("0011")
    counter.until(lambda: counter.see("people"))
    counter.tapped("found0").scan(shop.tag("angle_grinder"))
    assert counter.message == "这件工具不借给未满 18 岁的人"
    assert not any(line for line in counter.see("lines"))


def test_a_borrower_by_name(counter: Clerk, shop: Shop) -> None:
    shop.seeker("张伟")
    counter.sign_in(CLERK).tapped("tile_borrower", "byName")
    counter.letters("zhang").tap("candidate0")
    counter.letters("wei")
    shown = counter.see("pad").property("candidates")
    counter.tapped(f"candidate{shown.index('伟')}")
    counter.until(lambda: counter.see("people"))
    assert counter.see("people")[0]["text"] == "张伟"


def test_nobody_is_found(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(CLERK).tapped("tile_borrower").digits("9999")
    counter.until(lambda: counter.see("looked"))
    counter.settle()
    assert counter.see("people") == []


def test_count_and_close_with_a_difference(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    shop.open_drawer(20_000)
    counter.sign_in(CLERK).tapped("tile_drawer", "toSafe").money("50").tapped("done")
    assert "￥150.00" in counter.message
    counter.tapped("count").money("149.5").tapped("done")
    assert counter.see("mode") == "reason"
    assert counter.see("difference") == "比账上少 ￥0.50"
    counter.picture(tmp_path / "drawer_difference.png")
    counter.tapped("reason0").stands(Place.CLOSED)
    counter.picture(tmp_path / "drawer_closed.png")
    with shop.store.read() as session:
        (drawer,) = session.scalars(select(Drawer))
        assert (drawer.expected, drawer.counted, drawer.reason) == (15_000, 14_950, "找零找错了")
    assert papers(shop) == ["drawer", "drawer"]


def test_safe_cannot_give_what_it_has_not(counter: Clerk) -> None:
    counter.sign_in(CLERK).tapped("tile_drawer").money("100").tapped("done")
    assert counter.message.startswith("保险柜账上没有这么多。请财务先")


def test_clerk_sees_no_day(counter: Clerk) -> None:
    counter.sign_in(CLERK).tapped("tile_drawer")
    assert counter.named("day") == []


def test_who_owes_pays_and_borrows_again(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    shop.returns.report_lost(shop.clerk, rental.lines[0].id, "丢了")
    owed = shop.settle_owing(rental.id).still_owed
    before = shop.cash.drawer(shop.clerk.staff_id)
    counter.sign_in(CLERK).tapped("tile_borrower").type("0011")
    counter.until(lambda: counter.see("people"))
    counter.tapped("found0").stands(Place.LEND)
    assert counter.see("hindrance") == "这个人还有欠款，先结清再借"
    counter.tapped("payDues")
    assert (counter.see("hindrance"), counter.see("owed")) == ("", "")
    after = shop.cash.drawer(shop.clerk.staff_id)
    assert before is not None
    assert after is not None
    assert after.expected - before.expected == owed > 0
    counter.scan(shop.tag("hammer"))
    assert len(counter.see("lines")) == 1


def test_money_tapped_twice_moves_once(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer(20_000)
    counter.sign_in(CLERK).tapped("tile_drawer", "toSafe").money("50")
    counter.tap("done", "done")
    counter.settle()
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 15_000


def test_two_counters_cannot_lend_one_tool_twice(make_clerk: MakeClerk, shop: Shop) -> None:
    shop.seeker("张样本")
    shop.seeker("李样本")
    one, other = (make_clerk(shop.store, shop.counter.clock) for _ in range(2))
    code = shop.tag("rotary_hammer")
    for at, clerk in enumerate((one, other)):
        clerk.sign_in(CLERK + at).tapped("tile_borrower").type("0011")
        clerk.until(partial(clerk.see, "people"))
        clerk.tapped(f"found{at}").stands(Place.LEND)
    one.scan(code)
    other.scan(code)
    assert [len(clerk.see("lines")) for clerk in (one, other)] == [1, 0]
    assert other.message == "这件工具已经留给别的单子"
