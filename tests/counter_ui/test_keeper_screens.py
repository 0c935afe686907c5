"""The keeper's and supervisor's screens in every size and both languages: nothing hangs over, all can be touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, QSize

from kiosk.settings import Camera, Settings
from kiosk.tools.files import Folder, Where
from kiosk.tools.intake import read_intake
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.test_intake import SAMPLE, sheet
from tests.tools.shop import Shop
from tests.ui.test_screens import Look, faults
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
SIZES = {"landscape": LANDSCAPE, "portrait": PORTRAIT, "desk-5:4": QSize(1280, 1024)}


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    monkeypatch.setattr("ui.counter_app.usual_folders", lambda data: (Folder(Where.STICK, folder),))
    (folder / "2026年11月新购置的工具，瓦工木工和电动工具，第一批.xlsx").write_bytes(SAMPLE.read_bytes())
    rows = [("不在型号表里的一种名字很长的工具", "好几把", "", "CH-1", "", "昨天")] * 5
    sheet(folder / "bad.xlsx", ("型号", "数量", "单价", "编号", "存放位置", "购买日期"), *rows)
    cv2.imwrite(str(folder / "drill.png"), np.full((900, 1200, 3), (40, 120, 200), np.uint8))
    return folder


def prepare(shop: Shop, stick: Path) -> None:
    """Something for every list; both roles that keep and decide for the supervisor, who sees every tile."""
    roles = shop.boss.roles | shop.clerk.roles | shop.finance.roles
    shop.accounts.change_roles(shop.boss, shop.boss.staff_id, roles)
    lockers = shop.lockers.lockers()
    shop.lockers.store(shop.clerk, lockers[1].id, shop.seeker("欧阳样本"), "行李箱 × 2")
    shop.time.forward(hours=26)
    shop.lockers.store(shop.clerk, lockers[4].id, shop.seeker("张样本"), "被褥 × 1")
    shop.lockers.set_usable(shop.clerk, lockers[7].id, False)
    intake = read_intake(shop.counter, next(stick.glob("2026*.xlsx")))
    unnumbered = tuple(replace(row, labels=()) for row in intake.rows)  # the file is taken in once more
    shop.requests.take_in(shop.clerk, replace(intake, rows=unnumbered), "新购置")
    shop.requests.acquire(
        shop.clerk, shop.model("rotary_hammer"), 12, 52_800, "春节以后工地多，现有的不够用", "C 柜"
    )
    shop.requests.write_off(shop.clerk, shop.stock.tools(shop.model("shovel"))[0].id, "锹头裂了")


def walk(clerk: Clerk, shop: Shop) -> Iterator[str]:
    clerk.sign_in(BOSS)
    yield "home with every tile"
    clerk.tapped("tile_stock")
    yield "stock"
    clerk.tapped("takeIn")
    yield "files"
    bad = [row["text"] for row in clerk.see("files")].index("bad.xlsx")
    clerk.tapped(f"file{bad}")
    yield "wrong lines"
    clerk.tapped("otherFile", f"file{1 - bad}")
    yield "right lines"
    clerk.tapped("sendIntake")
    yield "why intake"
    clerk.tapped("whyOther")
    yield "why in words"
    clerk.tapped("home", "tile_stock", "newModel")
    yield "model: name"
    clerk.letters("chong")
    yield "model: composing"
    clerk.tap("candidate0").tapped("line_name_en")
    yield "model: letters"
    clerk.tapped("line_category")
    yield "model: category"
    clerk.tapped("option_电动工具", "line_icon")
    yield "model: icon"
    clerk.tapped("line_photo")
    yield "model: no picture"
    clerk.tapped("formDone", "option_priced", "line_deposit").money("200").tapped("line_value").money("600")
    clerk.tapped("line_price").money("5").tapped("line_minimum").money("40").tapped("line_daily_cap").money(
        "3"
    )
    yield "model: price"
    clerk.tapped("line_free_minutes")
    yield "model: minutes"
    clerk.tapped("part2")
    yield "model: safety"
    clerk.tapped("back", "acquire").type("12").tapped("line_price").money("26.5")
    yield "purchase: price"
    clerk.tapped("line_place")
    yield "purchase: place"
    clerk.tapped("line_bought_on")
    yield "purchase: day"
    clerk.tapped("back", "tool0")
    yield "tool"
    clerk.tapped("askPlace")
    yield "tool: place"
    clerk.tapped("askRepair")
    yield "tool: why"
    clerk.tapped("whyOther")
    yield "tool: in words"
    clerk.tapped("back", "places")
    yield "places"
    clerk.tapped("tool0", "tool1")
    yield "places: marked"
    clerk.tapped("move")
    yield "places: where to"
    clerk.tapped("stay", "addPlace")
    yield "places: name"
    clerk.tapped("back", "count")
    yield "counts"
    clerk.tapped("countPlace2").scan(shop.tag("ladder"))
    yield "counting"
    clerk.tapped("finishCount")
    yield "differences"
    clerk.tapped("book0")
    yield "why missing"
    clerk.tapped("why0")
    yield "witness"
    clerk.tapped("witness0")
    yield "witness chosen"
    clerk.tapped("witnessCancel", "whyCancel", "leaveCount")
    yield "counts, one done"
    clerk.tapped("home", "tile_requests")
    yield "requests"
    clerk.tapped("look0")
    yield "spreadsheet"
    clerk.tapped("refuseBatch")
    yield "why not"
    clerk.tapped("home", "tile_lockers")
    yield "lockers, late"
    clerk.tapped("giveBack")
    yield "no tag"
    clerk.tapped("whyCancel", "locker7")
    yield "out of use"
    clerk.tapped("locker2", "storeHere")
    yield "locker: who"
    clerk.type("0011")
    clerk.until(lambda: clerk.see("people"))
    clerk.tapped("found0")
    yield "locker: what"
    clerk.tapped("home", "tile_people")
    yield "people"
    clerk.tapped("staff1")
    yield "person"
    clerk.tapped("badge")
    yield "person: sure"
    clerk.tapped("badgeNo", "leave")
    yield "person: leave"
    clerk.tapped("leaveNo", "changeRoles")
    yield "roles"
    clerk.tapped("back", "leave", "leaveYes")
    yield "left"
    clerk.tapped("comeBack")
    yield "comes back"


def settings(stick: Path) -> Settings:
    return Settings(camera=Camera(source="", pictures=str(stick)))


@pytest.mark.parametrize(
    ("size", "language"), [*((size, "zh") for size in SIZES), ("landscape", "en"), ("portrait", "en")]
)
def test_every_keepers_screen(
    make_clerk: MakeClerk, shop: Shop, stick: Path, tmp_path: Path, size: str, language: str
) -> None:
    prepare(shop, stick)
    clerk = make_clerk(shop.store, shop.counter.clock, settings(stick), size=SIZES[size]).stands(
        Place.SIGN_IN
    )
    if language == "en":
        clerk.tapped("language")
    wrong: dict[str, list[str]] = {}
    for number, name in enumerate(walk(clerk, shop)):
        clerk.settle()
        clerk.picture(tmp_path / f"{number:02d}.png")
        # the counter stands on a desk: no reach of 1,220 mm to keep
        if found := [fault for fault in faults(Look(clerk)) if "above everybody's reach" not in fault]:
            wrong[name] = found
    assert wrong == {}


def test_no_view_model_changes_its_meta_object(
    make_clerk: MakeClerk, shop: Shop, stick: Path, methods_made: dict[type[QObject], int]
) -> None:
    """See tests/ui/test_screens.py."""
    prepare(shop, stick)
    clerk = make_clerk(shop.store, shop.counter.clock, settings(stick)).stands(Place.SIGN_IN)
    grown: set[str] = set()
    for _ in walk(clerk, shop):
        for model in (clerk.model, *clerk.model.findChildren(QObject)):
            if model.metaObject().methodCount() != methods_made.get(
                type(model), model.metaObject().methodCount()
            ):
                grown.add(type(model).__name__)
    assert grown == set()
