"""Ledger, overdue calls, stock and the life of a tool, by tapping (T5, T9)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import AuditEntry, CallNote, PrintJob, Role, ToolState
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop, all_well
from ui.counter.home import TILES
from ui.counter.screens import SCREENS
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])


def test_every_place_has_a_screen() -> None:
    assert set(SCREENS) == set(Place)
    assert {tile.place for tile in TILES} <= set(SCREENS)


@pytest.mark.parametrize("who", [BOSS, CLERK, FINANCE], ids=["supervisor", "clerk", "finance"])
def test_every_tile_opens_for_those_who_see_it(counter: Clerk, who: int) -> None:
    counter.sign_in(who)
    for name in counter.named("tile_"):
        counter.tapped(name).stands(Place(name.removeprefix("tile_")))
        assert counter.message == ""
        counter.tapped("home").stands(Place.HOME)


@SIZES
def test_late_ones_are_called_and_it_is_noted(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker("张样本"), "hammer", "ladder")
    shop.time.forward(days=1, hours=2)
    shop.lend(shop.seeker("李样本"), "rotary_hammer")
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK)
    badges = {tile["place"]: tile["badge"] for tile in clerk.see("tiles")}
    assert badges["overdue"] == "1"
    clerk.picture(tmp_path / "home_busy.png")
    clerk.tapped("tile_overdue").stands(Place.OVERDUE)
    assert len(clerk.see("rentals")) == 1
    assert clerk.see("phone") == "139 0000 0011"
    clerk.tapped("why2")
    assert "没人接" in clerk.see("calls")[0]
    clerk.picture(tmp_path / "overdue.png")
    with shop.store.read() as session:
        (call,) = session.scalars(select(CallNote))
        assert (call.rental_id, call.note) == (rental.id, "没人接")
        assert session.scalars(select(AuditEntry).where(AuditEntry.act == "call_noted")).one().actor == str(
            call.staff_id
        )
    clerk.tapped("giveBack").stands(Place.BACK)


@SIZES
def test_ledger_of_the_days(make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path) -> None:
    shop.open_drawer()
    shop.lend(shop.seeker("张样本"), "hammer")
    shop.time.forward(days=3)
    shop.approved(shop.seeker("李样本"), "ladder")
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK).tapped("tile_ledger")
    assert [row["side"] for row in clerk.see("rentals")] == ["正在挑工具", "逾期"]
    clerk.picture(tmp_path / "ledger.png")
    clerk.tapped("span1")
    assert len(clerk.see("rentals")) == 1
    clerk.tapped("span30", "rental1").stands(Place.RENTAL)
    clerk.tapped("giveBack").stands(Place.BACK)


@SIZES
def test_stock_and_the_life_of_a_tool(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    shop.time.forward(hours=3)
    (line,) = shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id]).lines
    shop.returns.inspect(shop.clerk, line.id, all_well(line), fit=False, no_photo="没有摄像头")
    shop.money.settle(shop.clerk, rental.id)
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK).tapped("tile_stock")
    clerk.stands(Place.STOCK).picture(tmp_path / "stock.png")
    assert sum(int(row["side"].split("/")[1]) for row in clerk.see("models")) == len(shop.stock.tools())
    clerk.scan(shop.stock.by_tag(line.tag).code).stands(Place.TOOL)
    assert clerk.see("state") == "放一边"
    assert clerk.see("figures")[0]["text"] == "￥15.00"
    clerk.picture(tmp_path / "tool.png")
    clerk.tapped("release")
    assert shop.stock.by_tag(line.tag).state is ToolState.IN_STOCK
    clerk.tapped("printTag")
    with shop.store.read() as session:
        kinds = [job.document.partition(":")[0] for job in session.scalars(select(PrintJob))]
    assert "tool" in kinds
    clerk.tapped("back", "model0", "tool0").stands(Place.TOOL)


def test_a_repair_is_asked_for_by_one_and_approved_by_another(
    counter: Clerk, shop: Shop, tmp_path: Path
) -> None:
    """004 annex 4 art. 5(一); T8."""
    tag = shop.stock.by_tag(shop.tag("rotary_hammer"))
    counter.sign_in(CLERK).tapped("tile_stock").scan(tag.code).stands(Place.TOOL)
    counter.tapped("askRepair").picture(tmp_path / "ask.png")
    counter.tapped("why2")
    assert shop.stock.by_tag(tag.tag).state is ToolState.SET_ASIDE
    counter.tapped("home", "tile_requests")
    assert not counter.see("requests")[0]["mayDecide"]
    counter.tapped("lock").sign_in(BOSS)
    badges = {tile["place"]: tile["badge"] for tile in counter.see("tiles")}
    assert badges["requests"] == "1"
    counter.tapped("tile_requests").picture(tmp_path / "requests.png")
    counter.tapped("approve0", "approve0")
    assert shop.stock.by_tag(tag.tag).state is ToolState.REPAIR
    counter.tapped("lock").sign_in(CLERK).tapped("tile_requests", "mend0").money("45.5")
    counter.picture(tmp_path / "mend.png")
    counter.tapped("mended")
    assert shop.stock.by_tag(tag.tag).state is ToolState.IN_STOCK
    assert shop.stock.account(tag.id).repairs == 4550


def test_nobody_approves_what_they_asked_for(make_clerk: MakeClerk, shop: Shop) -> None:
    shop.accounts.change_roles(shop.boss, shop.boss.staff_id, (Role.SUPERVISOR, Role.TOOL_KEEPER))
    tag = shop.stock.by_tag(shop.tag("hammer"))
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(BOSS)
    clerk.tapped("tile_stock").scan(tag.code).tapped(
        "askWriteOff", "why0", "home", "tile_requests", "approve0", "approve0"
    )
    assert clerk.message == "要另一个人来确认，不能是同一个人"
    assert shop.stock.by_tag(tag.tag).state is ToolState.SET_ASIDE
