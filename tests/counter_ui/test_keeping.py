"""Models, purchases, places and counts by tapping (T2, T4, T5, T6, T8)."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import func, select

from db.models import AuditEntry, PrintJob, StockCount, StockRequest, ToolState
from kiosk.settings import Camera, Settings
from kiosk.tools.cards import Accessory, ModelCard, TariffUnit
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import PIN, Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])


def write(clerk: Clerk, text: str) -> Clerk:
    """Letters as they are, digits and spaces."""
    if not clerk.see("pad").property("latin"):
        clerk.tapped("writingLatin")
    for letter in text:
        clerk.tapped("writingSpace" if letter == " " else f"letter_{letter}")
    return clerk


def spell(clerk: Clerk, *syllables: str) -> Clerk:
    """Chinese: the first character of each syllable."""
    for syllable in syllables:
        clerk.letters(syllable).tap("candidate0")
    clerk.settle()
    return clerk


def flick(clerk: Clerk, name: str, row: int) -> Clerk:
    """A list until that row is made."""
    item = clerk.app.find(name)
    assert item is not None
    each = item.property("contentHeight") / item.property("count")
    item.setProperty("contentY", max(0.0, each * (row - 1)))
    clerk.settle()
    return clerk


def named(shop: Shop, name: str) -> ModelCard:
    return next(card for card in shop.stock.models() if card.name == name)


@SIZES
def test_a_model_is_made_in_three_steps(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    cv2.imwrite(str(album / "drill.png"), np.full((900, 1200, 3), (40, 120, 200), np.uint8))
    settings = Settings(camera=Camera(source="", pictures=str(album)))
    clerk = make_clerk(shop.store, shop.counter.clock, settings, size=size).sign_in(CLERK)
    clerk.tapped("tile_stock")
    clerk.picture(tmp_path / "stock.png")
    clerk.tapped("newModel").stands(Place.MODEL)
    assert clerk.named("formDone") == ["formDone"]
    assert not clerk.see("ready")
    spell(clerk, "chong", "ji", "zuan")
    clerk.picture(tmp_path / "name.png")
    name = clerk.see("rows")[0]["value"]
    assert len(name) == 3
    clerk.tapped("line_name_en")
    write(clerk, "hammer drill")
    clerk.tapped("line_category", "option_电动工具", "line_icon", "option_bolt", "line_photo")
    clerk.tapped("formShoot", "photoFromFile", "photoFile0", "photoDone")
    assert clerk.see("photo") != ""
    clerk.picture(tmp_path / "photo.png")
    clerk.tapped("line_adults_only", "option_yes")
    clerk.picture(tmp_path / "choice.png")
    clerk.tapped("formDone", "option_priced", "line_deposit").money("200")
    clerk.tapped("line_value").money("650")
    clerk.tapped("line_unit", "option_hour", "line_price").money("5")
    clerk.tapped("line_free_minutes").type("30").tapped("line_minimum").money("40")
    clerk.tapped("line_daily_cap").money("35")
    assert clerk.see("trouble") == "最低收费不能比每天最多还高"
    assert not clerk.see("ready")
    clerk.picture(tmp_path / "price.png")
    clerk.tapped("line_minimum", "keyErase", "keyErase").money("5")
    clerk.tapped("line_late_price").money("8").tapped("line_late_grace_minutes").type("15")
    clerk.tapped("formDone")
    spell(clerk, "dai", "yan", "jing")
    clerk.tapped("line_safety1")
    spell(clerk, "kan", "xian")
    clerk.tapped("line_accessory0")
    spell(clerk, "zuan", "tou")
    clerk.tapped("line_pieces0", "keyErase").type("3").tapped("line_missing0", "keyErase").money("12.5")
    clerk.picture(tmp_path / "safety.png")
    clerk.tapped("formDone").stands(Place.STOCK)
    card = named(shop, name)
    assert (card.name_en, card.category, card.icon, card.adults_only) == (
        "Hammer drill",
        "电动工具",
        "bolt",
        True,
    )
    assert (card.deposit, card.value, card.offered) == (20_000, 65_000, True)
    tariff = card.tariff
    assert (tariff.unit, tariff.price, tariff.free_minutes) == (TariffUnit.HOUR, 500, 30)
    assert (tariff.minimum, tariff.daily_cap, tariff.late_price) == (500, 3500, 800)
    assert (tariff.late_grace_minutes, tariff.late_cap) == (15, None)
    assert len(card.safety) == 2
    assert card.accessories == (Accessory(card.accessories[0].name, 3, 1250),)
    assert clerk.see("chosen") == str(card.id)
    clerk.settle()
    assert clerk.see("picture").startswith("image://photo/")
    clerk.picture(tmp_path / "made.png")
    clerk.tapped("changeModel")
    assert [row["value"] for row in clerk.see("rows")][:2] == [name, "Hammer drill"]
    assert clerk.see("photo") == "" or clerk.tapped("line_photo").see("photo").startswith("image://photo/")
    clerk.tapped("part2", "formDone").stands(Place.STOCK)
    assert named(shop, name) == card


def test_a_new_price_leaves_running_rentals_alone(counter: Clerk, shop: Shop) -> None:
    shop.open_drawer()
    rental = shop.lend(shop.seeker(), "rotary_hammer")
    counter.sign_in(BOSS).tapped("tile_stock")
    models = [row["text"] for row in counter.see("models")]
    flick(counter, "modelList", models.index("电锤"))
    counter.tapped(f"model{models.index('电锤')}", "changeModel", "part1", "line_price", "keyErase")
    counter.money("50").tapped("line_daily_cap", "formEmpty", "part2", "formDone").stands(Place.STOCK)
    assert "还按原来的价钱算" in counter.message
    assert named(shop, "电锤").tariff.price == 5000
    shop.time.forward(hours=3)
    (line,) = shop.returns.take_back(shop.clerk, rental.id, [rental.lines[0].id]).lines
    assert line.charge.amount == 1500  # 3 h at the old 5 yuan


def test_a_name_that_is_taken(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(CLERK).tapped("tile_stock")
    models = [row["text"] for row in counter.see("models")]
    counter.tapped(f"model{models.index('铁锹')}", "changeModel")
    counter.see("pad").start("榔头")
    counter.tapped("part2", "formDone")
    assert counter.message == "这个名字已经有了，请换一个"
    assert counter.counter.show_step() is Place.MODEL


@SIZES
def test_more_of_a_model_are_asked_for_and_approved(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    before = named(shop, "榔头").total
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK).tapped("tile_stock")
    models = [row["text"] for row in clerk.see("models")]
    clerk.tapped(f"model{models.index('榔头')}", "acquire").stands(Place.ACQUIRE)
    clerk.type("3").tapped("line_price").money("26.5").tapped("line_place", "option_A 架")
    clerk.tapped("line_bought_on", "shift-1")
    clerk.picture(tmp_path / "day.png")
    clerk.tapped("line_reason", "optionOther")
    spell(clerk, "lao", "shi")
    clerk.picture(tmp_path / "reason.png")
    clerk.tapped("formDone").stands(Place.STOCK)
    with shop.store.read() as session:
        request = session.scalars(select(StockRequest)).one()
        assert len(request.reason) == 2
    assert named(shop, "榔头").total == before
    clerk.tapped("lock").sign_in(BOSS).tapped("tile_requests")
    assert "一件 ￥26.50，共 ￥79.50　A 架　11月19日买" in clerk.see("requests")[0]["detail"]
    clerk.picture(tmp_path / "approve.png")
    clerk.tapped("approve0", "approve0")
    assert named(shop, "榔头").total == before + 3
    new = shop.stock.tools(shop.model("hammer"))[-1]
    assert (new.place, new.cost) == ("A 架", 2650)
    assert shop.counter.clock.local(new.acquired_at).date().isoformat() == "2026-11-19"
    with shop.store.read() as session:
        tags = session.scalar(select(func.count()).select_from(PrintJob).where(PrintJob.kind == "tool_tag"))
    assert tags == 3


def test_a_refusal_says_why(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    shop.requests.acquire(shop.clerk, shop.model("hammer"), 2, 2600, "不够用")
    counter.sign_in(BOSS).tapped("tile_requests", "refuse0", "whyOther")
    spell(counter, "tai", "gui")
    counter.picture(tmp_path / "refuse.png")
    counter.tapped("whyDone")
    with shop.store.read() as session:
        request = session.scalars(select(StockRequest)).one()
        assert request.state.value == "refused"
        assert len(request.decision_note) == 2


def test_a_repair_in_ones_own_words(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    tool = shop.stock.by_tag(shop.tag("ladder"))
    counter.sign_in(CLERK).tapped("tile_stock").scan(tool.code).tapped("askRepair", "whyOther")
    spell(counter, "ti", "deng")
    counter.picture(tmp_path / "words.png")
    counter.tapped("whyDone")
    assert len(shop.requests.waiting()[0].reason) == 2


@SIZES
def test_places_are_added_renamed_emptied_and_retired(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK)
    clerk.tapped("tile_stock", "places").stands(Place.PLACES)
    clerk.picture(tmp_path / "places.png")
    clerk.tapped("addPlace")
    write(clerk, "shelf 9")
    clerk.picture(tmp_path / "add.png")
    clerk.tapped("nameDone")
    assert "Shelf 9" in shop.stock.places()
    hammer = shop.stock.by_tag(shop.tag("hammer"))
    clerk.scan(hammer.code)
    assert shop.stock.by_tag(hammer.tag).place == "Shelf 9"
    clerk.tapped("usePlace")
    assert clerk.message == "这里还有工具，先搬走再停用"
    clerk.tapped("markAll", "move")
    clerk.picture(tmp_path / "where.png")
    targets = [row["text"] for row in clerk.see("others")]
    clerk.tapped(f"target{targets.index('D 区')}")
    assert shop.stock.by_tag(hammer.tag).place == "D 区"
    clerk.tapped("renamePlace")
    write(clerk, "b").tapped("nameDone")
    assert "Shelf 9b" in shop.stock.places()
    clerk.tapped("usePlace")
    assert "Shelf 9b" not in shop.stock.places()
    assert [row["side"] for row in clerk.see("places")][-1] == "停用"
    clerk.tapped("addPlace")
    write(clerk, "shelf 9b").tapped("nameDone")
    assert clerk.message == "这个名字已经有了，请换一个"


def test_one_tool_is_put_elsewhere(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    tool = shop.stock.by_tag(shop.tag("ladder"))
    counter.sign_in(CLERK).tapped("tile_stock").scan(tool.code).tapped("askPlace")
    counter.picture(tmp_path / "tool_place.png")
    counter.tapped("place0")
    assert shop.stock.by_tag(tool.tag).place == shop.stock.places()[0]


@SIZES
def test_a_count_finds_what_is_missing_and_what_lies_wrong(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    shop.open_drawer()
    shop.lend(shop.seeker(), "hammer")
    out = next(tool for tool in shop.stock.tools() if tool.state is ToolState.OUT)
    stray = shop.stock.by_tag(shop.tag("ladder"))
    lying = [tool for tool in shop.stock.tools() if tool.place == "A 架" and tool.state is ToolState.IN_STOCK]
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(CLERK)
    clerk.tapped("tile_stock", "count").stands(Place.COUNT)
    clerk.tapped("countPlace0").stands(Place.COUNTING)
    count = clerk.counter.session.work.count
    assert count is not None
    for tool in lying[2:]:
        shop.counts.see(count, tool.code)
    clerk.scan(lying[1].code)
    assert clerk.see("lastGood")
    clerk.scan(stray.code)
    assert "账上在 D 区" in clerk.see("last")
    clerk.picture(tmp_path / "counting.png")
    clerk.scan(out.code)
    assert "记的是在外面" in clerk.see("last")
    clerk.tapped("back").stands(Place.COUNT)  # somebody comes; the count waits
    clerk.picture(tmp_path / "counts.png")
    clerk.tapped("count0").stands(Place.COUNTING)
    assert [row["text"].split("　")[1] for row in clerk.see("missing")] == [lying[0].tag]
    clerk.tapped("finishCount")
    acts = {row["text"].split("　")[1]: row["act"] for row in clerk.see("differences")}
    assert acts == {lying[0].tag: "lost", stray.tag: "here", out.tag: ""}
    clerk.picture(tmp_path / "differences.png")
    clerk.tapped("book1")
    assert shop.stock.by_tag(stray.tag).place == "A 架"
    clerk.tapped("book0", "whyOther")
    spell(clerk, "mei", "le")
    clerk.tapped("whyDone")
    people = [row["name"] for row in clerk.see("witness").property("people")]
    assert people == ["钱*主任", "finance"]  # another keeper cannot
    clerk.tapped("witness1")
    clerk.picture(tmp_path / "witness.png")
    clerk.type(PIN)
    lost = shop.stock.by_tag(lying[0].tag)
    assert (lost.state, len(lost.note)) == (ToolState.LOST, 2)
    assert len(clerk.see("differences")) == 1
    clerk.tapped("leaveCount").stands(Place.COUNT)
    assert clerk.see("counts")[0]["side"] == "少 1，多 2"
    with shop.store.read() as session:
        row = session.scalars(select(StockCount)).one()
        assert (row.missing, row.unexpected) == (1, 2)
        assert session.scalars(select(AuditEntry).where(AuditEntry.act == "tool_missing")).one()


def test_a_count_without_a_scanner(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    counter.sign_in(CLERK).tapped("tile_stock", "places", "addPlace")
    write(counter, "x1").tapped("nameDone")
    for key in ("hammer", "ladder"):
        counter.scan(shop.tag(key))
    counter.tapped("back", "count")
    counter.tapped(f"countPlace{shop.stock.places().index('X1')}")
    counter.tapped("missing0", "missing0")
    assert counter.see("missing") == []
    counter.tapped("undoCount")
    assert len(counter.see("missing")) == 1
    counter.tapped("missing0")
    counter.tapped("finishCount")
    assert counter.see("differences") == []
    counter.picture(tmp_path / "all_right.png")
