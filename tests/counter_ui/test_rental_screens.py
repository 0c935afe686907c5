"""The screens of what goes not as usual, in every size and both languages: photos, disputes, entered late, found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import Camera, Settings
from kiosk.tools.cards import DeductionCard, DeductionKind
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.scenes import damaged_tool
from tests.counter_ui.test_screens import SIZES
from tests.tools.shop import Shop, all_well
from tests.ui.test_screens import Look, faults

CLERK = 1


def prepare(shop: Shop) -> None:
    """A settled rental with a damage, one with a lost tool, one that is out."""
    shop.open_drawer(200_000)
    settled = shop.lend(shop.seeker("张样本"), "rotary_hammer", "hammer")
    back = shop.returns.take_back(shop.clerk, settled.id, [line.id for line in settled.lines])
    crack = DeductionCard(DeductionKind.DAMAGED, "缺口或裂缝", 5_000)
    shop.returns.inspect(
        shop.clerk, back.lines[0].id, all_well(back.lines[0]), False, [crack], no_photo="照片上看不出来"
    )
    shop.inspect(back.lines[1])
    shop.settle_owing(settled.id)
    lost = shop.lend(shop.seeker("李样本"), "angle_grinder")
    shop.returns.report_lost(shop.clerk, lost.lines[0].id, "本人说丢了")
    shop.settle_owing(lost.id, 10_000)
    shop.time.forward(hours=1)
    shop.lend(shop.seeker("欧阳样本"), "hammer", "ladder")
    shop.seeker("王样本")


def walk(clerk: Clerk, shop: Shop) -> Iterator[str]:
    clerk.sign_in(CLERK).tapped("tile_ledger")
    yield "ledger"
    names = [row["text"] for row in clerk.see("rentals")]
    clerk.tapped(f"rental{next(at for at, text in enumerate(names) if text.startswith('张样本'))}")
    yield "rental"
    clerk.tapped("dispute0")
    yield "what is said"
    clerk.tapped("whyOther")
    yield "in own words"
    clerk.tapped("whyBack", "why1")
    yield "said"
    clerk.tapped("photo")
    clerk.until(lambda: clerk.camera_state == "blind")
    yield "no camera"
    clerk.tapped("photoFromFile")
    clerk.until(lambda: clerk.see("photos").property("looked"))
    clerk.tapped("photoFile0", "photoFile1")
    yield "pictures found"
    clerk.tapped("photoDone")
    yield "said with photos"
    clerk.tapped("done")
    yield "disputed"
    clerk.tapped("photos0")
    clerk.until(lambda: clerk.see("photos"))
    yield "photos"
    clerk.tapped("home", "tile_ledger", "disputes")
    yield "disputes"
    clerk.tapped("reply")
    yield "answer"
    clerk.tapped("why1", "giveAll")
    yield "give back"
    clerk.tapped("done")
    yield "witness"
    clerk.scan(shop.badges["second"])  # may not decide
    yield "wrong witness"
    clerk.scan(shop.badges["boss"])
    yield "none left"
    clerk.tapped("home", "tile_return")
    lost = next(tool for tool in shop.stock.tools() if tool.state.value == "lost")
    clerk.scan(lost.code)
    yield "found"
    clerk.tapped("why0")
    yield "found and looked at"
    clerk.tapped("home", "tile_return", "out0", "take0", "take1", "backdate")
    yield "forgotten return"
    clerk.tapped("earlier", "hour9")
    yield "a time"
    clerk.tapped("home", "tile_borrower", "byName")
    clerk.letters("wang").tap("candidate0")
    clerk.tapped("byDigits").type("0011")
    clerk.until(lambda: clerk.see("people"))
    people = [row["text"] for row in clerk.see("people")]
    clerk.tapped(f"found{people.index('王样本')}", "backdate", "hour8", "quarter30", "confirm")
    yield "who confirms"
    clerk.scan(shop.badges["finance"])
    clerk.scan(shop.tag("rotary_hammer"))
    yield "lend late"
    clerk.tapped("next", "told0", "less0")
    yield "fewer"
    clerk.tapped("fewer0")
    yield "why fewer"
    clerk.tapped("why1", "next").draw()
    clerk.tapped("signed")
    yield "pay late"


@pytest.mark.parametrize(
    ("size", "language"), [*((size, "zh") for size in SIZES), ("landscape", "en"), ("portrait", "en")]
)
def test_every_screen(make_clerk: MakeClerk, shop: Shop, tmp_path: Path, size: str, language: str) -> None:
    prepare(shop)
    found = tmp_path / "found"
    found.mkdir()
    for seed in range(3):
        damaged_tool(found / f"scene{seed}.jpg", seed)
    settings = Settings(language=language, camera=Camera(pictures=str(found)))
    clerk = make_clerk(shop.store, shop.counter.clock, settings, SIZES[size])
    wrong: dict[str, list[str]] = {}
    for number, name in enumerate(walk(clerk, shop)):
        clerk.settle()
        clerk.picture(tmp_path / f"{number:02d}_{name.replace(' ', '_')}.png")
        if bad := [fault for fault in faults(Look(clerk)) if "above everybody's reach" not in fault]:
            wrong[name] = bad
    assert wrong == {}
