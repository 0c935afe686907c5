"""寄存 by tapping: in, out by tag and without, overdue, lockers added and put out of use (002 三; T9)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import LockerUse, PrintJob
from kiosk.identity.slip_code import CodeKind, SlipCode
from printing import slip_json
from printing.slip import Code
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])


def uses(shop: Shop) -> list[LockerUse]:
    with shop.store.read() as session:
        return list(session.scalars(select(LockerUse).order_by(LockerUse.stored_at)))


def printed_code(shop: Shop) -> str:
    """What stands on the person's half of the newest tag."""
    with shop.store.read() as session:
        jobs = session.scalars(select(PrintJob).where(PrintJob.kind == "locker_tag")).all()
        slips = [slip_json.decode(job.slip) for job in jobs]
    (code,) = [part.text for slip in slips for part in slip.parts if isinstance(part, Code)]
    return code


def find(clerk: Clerk, digits: str, name: str) -> Clerk:
    clerk.stands(Place.LOCKER_OWNER).type(digits)
    clerk.until(lambda: clerk.see("people"))
    names = [row["text"] for row in clerk.see("people")]
    return clerk.tapped(f"found{names.index(name)}")


@SIZES
def test_things_go_in_and_come_out_by_the_tag(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    shop.seeker("张样本")
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK)
    clerk.picture(tmp_path / "home.png")
    clerk.tapped("tile_lockers").stands(Place.LOCKERS)
    clerk.picture(tmp_path / "empty.png")
    clerk.tapped("locker2", "storeHere")
    assert clerk.see("title") == "谁来寄存？"
    find(clerk, "0011", "张样本").stands(Place.LOCKER_IN)
    clerk.tapped("option_被褥", "line_pieces", "keyErase").type("2")
    clerk.picture(tmp_path / "what.png")
    clerk.tapped("formDone").stands(Place.LOCKERS)
    assert clerk.message == "收在3 号柜，正在打寄存牌"
    (use,) = uses(shop)
    assert use.contents == "被褥 × 2"
    assert clerk.see("lockers")[2]["used"]
    clerk.tapped("home").stands(Place.HOME)
    clerk.scan(printed_code(shop)).stands(Place.LOCKERS)
    assert clerk.see("locker")["name"] == "3 号柜"
    clerk.picture(tmp_path / "by_tag.png")
    clerk.tapped("giveBack")
    assert clerk.message == "3 号柜空出来了"
    (use,) = uses(shop)
    assert use.collected_at is not None
    clerk.scan(printed_code(shop))  # once only
    assert clerk.message == "没有找到，请再扫一次或核对编号"


@SIZES
def test_somebody_without_the_tag_is_looked_for(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    lockers = shop.lockers.lockers()
    shop.lockers.store(shop.clerk, lockers[1].id, shop.seeker("张样本"), "背包 × 1")
    shop.seeker("李样本")
    shop.time.forward(hours=25)
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK).tapped("tile_lockers")
    assert "超时 1 个" in clerk.see("counts")
    assert clerk.see("locker")["name"] == "2 号柜"  # the late one first
    clerk.picture(tmp_path / "late.png")
    clerk.tapped("locker0", "findOwner")
    find(clerk, "0011", "李样本").stands(Place.LOCKERS)
    assert clerk.message == "李样本没有寄存东西"
    clerk.tapped("findOwner")
    find(clerk, "0011", "张样本").stands(Place.LOCKERS)
    assert clerk.see("locker")["name"] == "2 号柜"
    clerk.tapped("giveBack")
    assert clerk.see("state") == "why"
    clerk.picture(tmp_path / "why.png")
    clerk.tapped("why0")
    (use,) = uses(shop)
    assert use.collected_at is not None
    assert use.note == "看过身份证，是本人"


def test_lockers_are_added_and_put_out_of_use(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(CLERK).tapped("tile_lockers", "addLocker")
    assert counter.see("locker")["name"] == "9 号柜"
    assert len(shop.lockers.lockers()) == 9
    counter.tapped("useLocker")
    assert not counter.see("locker")["usable"]
    item = counter.app.find("storeHere")
    assert item is not None
    assert not item.isEnabled()
    counter.tapped("useLocker")
    assert counter.see("locker")["usable"]


def test_another_papers_code_finds_no_locker(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(CLERK).tapped("tile_lockers")
    counter.scan(shop.counter.codes.make(SlipCode(CodeKind.RENTAL, 1, 5)))
    assert counter.message == "这个码不是这里用的"
