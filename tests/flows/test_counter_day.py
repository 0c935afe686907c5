"""A day at the counter, all from screens: five tools lent, three come back damaged, the day closed (issue 10).

Nothing is done at a desk behind the screens but hiring and a borrower; the book and the audit hold at the end (`shop`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import select

from db.models import DeductionKind, PrintJob, ToolState
from db.store import Store
from kiosk.identity.camera import PictureFile
from kiosk.tools.photos import PhotoShelf
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk, make_clerk, shop, staffed
from tests.counter_ui.scenes import damaged_tool
from tests.tools.shop import Shop
from ui.counter.session import Place

__all__ = ["make_clerk", "shop", "staffed"]

CLERK, SECOND, FINANCE = 1, 2, 3
KEYS = ("rotary_hammer", "hammer", "hammer", "ladder", "angle_grinder")
DAMAGED = (0, 1, 4)


def snap(clerk: Clerk) -> None:
    clerk.tapped("photo")
    clerk.until(lambda: clerk.camera_state == "live")
    clerk.tap("photoShoot")
    clerk.until(lambda: clerk.camera_state == "still")
    clerk.tapped("photoDone")


def test_five_lent_three_damaged_the_day_closed(
    make_clerk: MakeClerk,
    shop: Shop,
    tmp_path: Path,
) -> None:
    shop.seeker("张样本")
    scene = damaged_tool(tmp_path / "scene.jpg")
    clerk = make_clerk(shop.store, shop.counter.clock, open_frames=lambda: PictureFile(scene))

    # money for change
    clerk.sign_in(FINANCE).tapped("tile_drawer", "day", "safeIn").money("500").tapped("safeDone")
    clerk.tapped("lock").sign_in(CLERK).tapped("tile_drawer").money("200").tapped("done")

    # five tools leave
    clerk.tapped("home", "tile_borrower").type("0011")
    clerk.until(lambda: clerk.see("people"))
    clerk.tapped("found0").stands(Place.LEND)
    for key in KEYS:
        clerk.scan(shop.tag(key))
    clerk.tapped("next").stands(Place.BRIEF)
    for at in range(len(clerk.see("notices"))):
        clerk.tapped(f"told{at}")
    clerk.tapped("next").draw().tapped("signed", "handOut").stands(Place.LENT)
    (out,) = shop.register.out()
    assert [line.model.key for line in out.lines] == list(KEYS)

    # all five come back, three of them damaged, each with its photo
    shop.time.forward(hours=5)
    clerk.tapped("finish", "lock").sign_in(CLERK).scan(out.code).stands(Place.BACK)
    clerk.tapped(*(f"take{at}" for at in range(5) if not clerk.see("lines")[at]["chosen"]), "takeBack")
    for at in range(5):
        clerk.tapped(f"inspect{at}").stands(Place.INSPECT)
        if clerk.see("accessories"):
            clerk.tapped("allThere")
        if at in DAMAGED:
            clerk.tapped("damage0").money("30").tapped("priced", "unfit")
            assert not clerk.see("ready")  # no photo yet
            snap(clerk)
        clerk.tapped("done").stands(Place.BACK)
    clerk.tapped("settle", "settled").stands(Place.RETURNED)
    (settled,) = shop.money.returns(out.id)
    assert settled.deducted == 3 * 3_000
    assert settled.refunded == settled.deposit - settled.rent - settled.deducted

    # what stays of it: photos, reasons, tools aside
    lines = shop.rental.rental(out.id).lines
    aside, stock = ToolState.SET_ASIDE, ToolState.IN_STOCK
    assert [shop.state(line.tool_id) for line in lines] == [
        aside if at in DAMAGED else stock for at in range(5)
    ]
    assert {one.kind for line in lines for one in line.deductions} == {DeductionKind.DAMAGED}
    assert [len(line.photos) for line in lines] == [1 if at in DAMAGED else 0 for at in range(5)]
    assert all(PhotoShelf(shop.store).get(name) for line in lines for name in line.photos)

    # the drawer is counted and the day closed; finance sees it
    income = settled.rent + settled.deducted
    clerk.tapped("finish", "tile_drawer", "count").money(f"{(20_000 + income) / 100:.2f}").tapped("done")
    clerk.stands(Place.CLOSED).tapped("finish", "lock").sign_in(FINANCE).tapped("tile_drawer", "day")
    book = shop.cash.day(shop.finance, shop.counter.clock.today())
    assert (book.open_rentals, book.deposits_held) == (0, 0)
    assert sum(drawer.expected for drawer in book.drawers) == 20_000 + income
    with shop.store.read() as session:
        papers = sorted(job.document.partition(":")[0] for job in session.scalars(select(PrintJob)))
    # both sides have theirs: the borrower and the desk, the cashier and finance
    assert papers == ["deposit", "drawer", "drawer", "rental", "rental", "return", "return"]


def test_two_counters_on_one_store_lend_a_tool_once(
    make_clerk: MakeClerk,
    shop: Shop,
) -> None:
    """Each with a connection of its own; both have scanned before either saw what the other did."""
    for name in ("张样本", "李样本"):
        shop.seeker(name)
    other_store = Store.open(shop.store.path.parent)
    clerks = [make_clerk(store, shop.counter.clock) for store in (shop.store, other_store)]
    code = shop.tag("rotary_hammer")
    for at, clerk in enumerate(clerks):
        clerk.sign_in((CLERK, SECOND)[at]).tapped("tile_borrower").type("0011")
        clerk.until(partial(clerk.see, "people"))
        names = [row["text"] for row in clerk.see("people")]
        clerk.tapped(f"found{names.index(('张样本', '李样本')[at])}").stands(Place.LEND)
    for clerk in clerks:  # both at once: the answers come later
        clerk.counter.screen(Place.LEND).scanned(code)
    for clerk in clerks:
        clerk.settle()
    assert sorted(len(clerk.see("lines")) for clerk in clerks) == [0, 1]
    (loser,) = [clerk for clerk in clerks if not clerk.see("lines")]
    assert loser.message == "这件工具已经留给别的单子"
    for clerk in clerks:
        clerk.counter.close()
    other_store.close()
