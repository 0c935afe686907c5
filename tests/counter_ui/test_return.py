"""Tools come back, all from screens: handed in, inspected, settled, the day closed (T7–T10)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Deduction, LineState, PrintJob, RentalState, ToolState
from kiosk.identity.camera import PictureFile
from kiosk.tools.photos import PhotoShelf
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.scenes import damaged_tool
from tests.tools.shop import PIN, Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

CLERK = 1


def drawer(shop: Shop) -> int:
    card = shop.cash.drawer(shop.clerk.staff_id)
    assert card is not None
    return card.expected


def snapped(clerk: Clerk) -> Clerk:
    """One photo with the counter's camera."""
    clerk.tapped("photo")
    clerk.until(lambda: clerk.camera_state == "live")
    clerk.tap("photoShoot")
    clerk.until(lambda: clerk.camera_state == "still")
    return clerk.tapped("photoDone")


def inspected(clerk: Clerk, at: int) -> Clerk:
    """One tool of the rental, with nothing wrong."""
    clerk.tapped(f"inspect{at}").stands(Place.INSPECT)
    if clerk.see("accessories"):
        clerk.tapped("allThere")
    return clerk.tapped("done").stands(Place.BACK)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_three_damaged_of_five_then_the_day_is_closed(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    shop.open_drawer(30_000)
    seeker = shop.seeker()
    keys = ("rotary_hammer", "hammer", "hammer", "ladder", "angle_grinder")
    rental = shop.lend(seeker, *keys)
    held = rental.deposit_held
    shop.time.forward(hours=5)
    scene = damaged_tool(tmp_path / "scene.jpg")
    clerk = make_clerk(shop.store, shop.counter.clock, size=size, open_frames=lambda: PictureFile(scene))
    clerk.sign_in(CLERK)

    # a tag opens the rental with that tool in the hand; the others one after the other
    codes = {line.tag: shop.stock.by_tag(line.tag).code for line in rental.lines}
    first, *others = codes.values()
    clerk.tapped("tile_return").stands(Place.RETURN)
    clerk.picture(tmp_path / "return.png")
    clerk.scan(first).stands(Place.BACK)
    clerk.until(lambda: clerk.see("chosen") == 1)
    for code in others:
        clerk.scan(code)
    assert clerk.see("chosen") == 5
    clerk.picture(tmp_path / "back_out.png")
    clerk.tapped("takeBack")
    lines = shop.rental.rental(rental.id).lines
    assert {line.state for line in lines} == {LineState.BACK}

    # the rotary hammer: an accessory is missing, it fell and is set aside
    clerk.tapped("inspect0").stands(Place.INSPECT)
    clerk.tapped("allThere", "missing0", "damage0").money("80").picture(tmp_path / "inspect_price.png")
    clerk.tapped("priced", "unfit")
    assert not clerk.see("ready")  # a photo first
    clerk.picture(tmp_path / "inspect.png")
    snapped(clerk).picture(tmp_path / "inspect_photo.png")
    clerk.tapped("done").stands(Place.BACK)
    # a hammer got dirty, the grinder's cable is broken
    clerk.tapped("inspect1", "damage4").money("2.5").tapped("priced")
    snapped(clerk).tapped("done").stands(Place.BACK)
    clerk.tapped("inspect4", "allThere", "damage2").money("30")
    clerk.tapped("priced", "unfit")
    snapped(clerk).tapped("done")
    for at in (2, 3):
        clerk.stands(Place.BACK)
        inspected(clerk, at)
    clerk.picture(tmp_path / "back_inspected.png")

    card = shop.rental.rental(rental.id)
    rent = sum(line.charge.amount for line in card.lines)
    deducted = sum(line.deducted for line in card.lines)
    assert [len(line.photos) for line in card.lines] == [1, 1, 0, 0, 1]
    shelf = PhotoShelf(shop.store)
    assert all(shelf.get(name).startswith(b"\xff\xd8") for line in card.lines for name in line.photos)
    missing = next(one.amount for one in card.lines[0].deductions if one.kind.value == "missing")
    assert deducted == missing + 8_000 + 250 + 3_000
    clerk.tapped("settle").stands(Place.SETTLE)
    clerk.picture(tmp_path / "settle.png")
    before = drawer(shop)
    clerk.tapped("settled").stands(Place.RETURNED)
    clerk.picture(tmp_path / "returned.png")
    assert drawer(shop) == before - (held - rent - deducted)
    assert shop.rental.rental(rental.id).state is RentalState.CLOSED
    states = [shop.state(line.tool_id) for line in card.lines]
    aside, stock = ToolState.SET_ASIDE, ToolState.IN_STOCK
    assert states == [aside, stock, stock, stock, aside]

    # the day
    clerk.tapped("finish", "tile_drawer", "count").money(f"{drawer(shop) / 100:.2f}").tapped("done")
    clerk.stands(Place.CLOSED)
    clerk.picture(tmp_path / "day_closed.png")
    assert shop.cash.drawer(shop.clerk.staff_id) is None
    with shop.store.read() as session:
        kinds = {job.document.partition(":")[0] for job in session.scalars(select(PrintJob))}
    assert kinds == {"deposit", "rental", "return", "drawer"}


def test_part_of_a_rental_comes_back(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer(30_000)
    rental = shop.lend(shop.seeker(), "hammer", "ladder")
    counter.sign_in(CLERK).tapped("tile_return", "out0", "take0", "takeBack").stands(Place.BACK)
    inspected(counter, 0)
    counter.tapped("settle", "settled").stands(Place.RETURNED)
    card = shop.rental.rental(rental.id)
    assert [line.state for line in card.lines] == [LineState.SETTLED, LineState.OUT]
    assert card.state is RentalState.OUT
    counter.tapped("nextOne").stands(Place.RETURN)
    assert len(counter.see("rentals")) == 1


def test_receipt_code_and_typed_tag_open_the_rental(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "hammer")
    counter.sign_in(CLERK).scan(rental.code).stands(Place.BACK)
    counter.tapped("home", "tile_return").digits(rental.lines[0].tag.replace("-", ""))
    counter.stands(Place.BACK)
    counter.tapped("back").digits(rental.number.replace("-", ""))
    counter.stands(Place.BACK)


def test_what_is_not_out_is_not_found(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(CLERK).tapped("tile_return").scan(shop.tag("hammer"))
    assert counter.message == "没有找到，请再扫一次或核对编号"


def test_nothing_is_settled_uninspected(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    shop.lend(shop.seeker(), "rotary_hammer")
    counter.sign_in(CLERK).tapped("tile_return", "out0", "takeBack")
    assert not counter.see("maySettle")
    counter.tapped("inspect0").stands(Place.INSPECT)
    assert not counter.see("ready")
    for at in range(len(counter.see("accessories")) - 1):
        counter.tapped(f"ok{at}")
    assert not counter.see("ready")


def test_lost_tool_costs_its_value_and_what_is_short_stays_owed(
    counter: Clerk, shop: Shop, tmp_path: Path
) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    counter.sign_in(CLERK).tapped("tile_return", "out0", "lose0")
    counter.picture(tmp_path / "lost.png")
    counter.tapped("why0", "settle").stands(Place.SETTLE)
    assert counter.see("short")
    counter.tapped("oweIt").picture(tmp_path / "settle_short.png")
    before = drawer(shop)
    # far beyond the deposit: somebody else says so too
    assert counter.see("needsSecond")
    counter.tapped("settled").picture(tmp_path / "settle_witness.png")
    counter.scan(shop.badges["clerk"])
    assert shop.money.returns(rental.id) == ()
    counter.scan(shop.badges["second"]).stands(Place.RETURNED)
    (settled,) = shop.money.returns(rental.id)
    assert settled.still_owed == settled.owed > 0
    assert drawer(shop) == before
    with shop.store.read() as session:
        (deduction,) = session.scalars(select(Deduction))
        assert deduction.kind.value == "lost"
    assert shop.state(rental.lines[0].tool_id) is ToolState.LOST
    # who owes does not borrow
    counter.tapped("home", "tile_borrower").digits("0011")
    counter.until(lambda: counter.see("people"))
    assert counter.see("people")[0]["side"] == "有欠款"


def test_what_is_short_is_paid_at_once(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    counter.sign_in(CLERK).tapped("tile_return", "out0", "lose0", "why0", "settle")
    before = drawer(shop)
    counter.tapped("settled", "witness0").type(PIN).stands(Place.RETURNED)
    (settled,) = shop.money.returns(rental.id)
    assert settled.owed == 0
    assert drawer(shop) == before + settled.paid


def test_an_inspection_half_done_waits_on_the_home_screen(make_clerk: MakeClerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "hammer")
    shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id])
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK)
    badges = {tile["place"]: tile["badge"] for tile in clerk.see("tiles")}
    assert badges["return"] == "1"
    clerk.tapped("tile_return")
    assert clerk.see("rentals")[0]["side"] == "等着验收"
    clerk.tapped("out0").stands(Place.BACK)
    inspected(clerk, 0)
    assert clerk.see("maySettle")
