"""The counter's pictures for the READMEs: `python -m tests.samples.make_counter_pictures`.

The real counter on the sample hall with invented people, tapped through a morning; no display needed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from sqlalchemy import select

import assets
from db.models import PrintJob, Role
from db.store import Store
from kiosk.identity.camera import PictureFile
from kiosk.printing_desk import PrintDesk
from kiosk.sample_hall import fill
from kiosk.settings import Settings
from tests.counter_ui.hand import Hand
from tests.counter_ui.scenes import damaged_tool
from tests.counter_ui.test_link import linked
from tests.tools.shop import PIN, QUICK, Shop
from ui.counter.session import Place
from ui.counter_app import build_counter

OUT = assets.ROOT / "pictures"
WIDTH = 960
CLERK, FINANCE = 1, 2


def shop_in(folder: Path) -> Shop:
    shop = Shop(Store.open(folder))
    fill(shop.store, shop.counter.clock)
    boss = shop.accounts.set_up("钱样本", PIN)
    people = {"clerk": ("王样本", (Role.CLERK, Role.TOOL_KEEPER)), "finance": ("赵样本", (Role.FINANCE,))}
    for key, (name, roles) in people.items():
        shop.badges[key] = shop.accounts.issue_badge(boss, shop.accounts.hire(boss, name, roles, PIN).id)
    shop.badges["boss"] = shop.accounts.issue_badge(boss, boss.staff_id)
    shop.open_drawer(80_000)
    for name, key in (("孙样本", "ladder"), ("李样本", "wheelbarrow")):
        shop.lend(shop.seeker(name), key)
        shop.time.forward(hours=20)
    return shop


def keep(hand: Hand, name: str) -> None:
    hand.settle()
    with tempfile.TemporaryDirectory() as folder, Image.open(hand.picture(Path(folder) / "p.png")) as picture:
        small = picture.convert("RGB").resize(
            (WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS
        )
        small.quantize(128).save(OUT / f"{name}.png", optimize=True)


def walk(hand: Hand, shop: Shop) -> None:
    hand.sign_in(CLERK).tapped("tile_overdue")
    keep(hand, "counter_overdue")
    shop.seeker("张样本")
    hand.tapped("home", "tile_borrower", "byName").letters("zhang")
    hand.tapped("candidate0", "byDigits").type("0011")
    hand.until(lambda: hand.see("people"))
    names = [row["text"] for row in hand.see("people")]
    hand.tapped(f"found{names.index('张样本')}").stands(Place.LEND)
    for key in ("rotary_hammer", "hammer", "angle_grinder"):
        hand.scan(shop.tag(key))
    keep(hand, "counter_lend")
    hand.tapped("next")
    for at in range(len(hand.see("notices"))):
        hand.tapped(f"told{at}")
    hand.tapped("next").draw().tapped("signed", "handOut").stands(Place.LENT)
    (card,) = [card for card in shop.register.out() if card.seeker_name == "张样本"]
    shop.time.forward(hours=5)
    hand.tapped("finish", "lock").sign_in(CLERK).scan(card.code).stands(Place.BACK)
    hand.tapped(*(f"take{at}" for at in range(3) if not hand.see("lines")[at]["chosen"]), "takeBack")
    hand.tapped("inspect0", "allThere", "missing0", "damage1").money("80").tapped("priced", "unfit", "photo")
    hand.until(lambda: hand.camera_state == "live")
    hand.tap("photoShoot")
    hand.until(lambda: hand.camera_state == "still")
    hand.tapped("photoDone")
    keep(hand, "counter_return")
    hand.tapped("home", "tile_drawer")
    keep(hand, "counter_drawer")
    hand.tapped("home", "lock").sign_in(FINANCE).tapped("tile_drawer", "day")
    keep(hand, "counter_day")
    keepers(hand, shop)
    with shop.store.read() as session:
        job = session.scalars(select(PrintJob.id).where(PrintJob.document == f"rental:{card.id}")).one()
    printing = PrintDesk(shop.store, lambda: None, lambda: (), Settings(), shop.counter.clock)
    (OUT / "rental_receipt.png").write_bytes(printing.picture(job))


def keepers(hand: Hand, shop: Shop) -> None:
    """Stock, a count of one place, lockers, the county."""
    lockers = shop.lockers.lockers()
    shop.lockers.store(shop.clerk, lockers[1].id, shop.seeker("周样本"), "行李箱 × 2")
    shop.lockers.store(shop.clerk, lockers[4].id, shop.seeker("吴样本"), "被褥 × 1")
    hand.tapped("home", "lock").sign_in(CLERK)
    keep(hand, "counter_home")
    hand.tapped("tile_stock")
    keep(hand, "counter_stock")
    hand.tapped("count", "countPlace2").scan(shop.tag("angle_grinder"))
    keep(hand, "counter_count")
    hand.tapped("home", "tile_lockers", "locker1")
    keep(hand, "counter_lockers")
    linked(shop)
    hand.tapped("home", "tile_link")
    hand.until(lambda: hand.see("enrolled"))
    keep(hand, "counter_link")


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        scene = damaged_tool(folder / "scene.jpg", size=(1280, 960))
        shop = shop_in(folder / "hall")
        app = build_counter(
            Settings(),
            shop.store,
            clock=shop.counter.clock,
            hasher=QUICK,
            open_frames=lambda: PictureFile(scene),
        )
        app.window.show()
        hand = Hand(app)
        hand.until(lambda: app.show_step() is not None)
        walk(hand, shop)
        app.close()
        shop.store.close()


if __name__ == "__main__":
    main()
