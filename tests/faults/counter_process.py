"""The real counter in processes of their own, tapped from screen to screen until each dies by SIGKILL within a step.

Run as `python -m tests.faults.counter_process FOLDER JSON`: a driver without any Qt object forks one counter a step and
prints what each met and left, one JSON line each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TypedDict

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from sqlalchemy import event, select

from db.models import LineState, Rental, RentalState
from db.store import Store
from kiosk.identity.camera import PictureFile
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.tools import book
from tests.counter_ui.hand import Hand
from tests.tools.shop import QUICK, MovingTime, Shop
from ui.counter.session import Place
from ui.counter_app import build_counter

CLERK = 1
STEPS = ("open_drawer", "scan", "brief", "sign", "hand_out", "take_back", "inspect", "settle", "close_drawer")
AT: dict[RentalState, int] = {
    RentalState.REQUESTED: 1,
    RentalState.BRIEFED: 3,
    RentalState.SIGNED: 4,
    RentalState.DEPOSITED: 4,
}
LINE_AT = {LineState.OUT: 5, LineState.BACK: 6, LineState.INSPECTED: 7}


def position(shop: Shop) -> int:
    """Which step comes next, by what the store says."""
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    with shop.store.read() as session:
        found = session.scalars(select(Rental.id)).all()
    if not found:
        return 0 if drawer is None else 1
    card = shop.rental.rental(found[0])
    if card.state is RentalState.APPROVED:
        return 2 if any(line.state is LineState.HELD for line in card.lines) else 1
    if card.state is RentalState.OUT:
        return LINE_AT[card.lines[0].state]
    if card.state is RentalState.CLOSED:
        return 8 if drawer is not None else 9
    return AT[card.state]


@dataclass(frozen=True)
class Fate:
    """What one process met and left; `before` and `after`: the step that came next."""

    step: int
    kill: str
    code: int
    before: int
    where: str
    after: int
    broken: list[str]


class Wish(TypedDict):
    badges: dict[str, str]
    tag: str
    seed: int


def do(hand: Hand, step: str, code: str, arm: Callable[[], None]) -> None:
    """One step by tapping, from wherever the screens lead; armed before the tap that writes."""
    hand.tapped("home") if hand.named("home") else None
    if step in ("open_drawer", "close_drawer"):
        hand.tapped("tile_drawer").stands(Place.DRAWER)
        if step == "open_drawer":
            hand.money("100")
        else:
            hand.tapped("count").money(str(hand.see("expected")).lstrip("￥").replace(",", ""))
        arm()
        hand.tapped("done")
        return
    place = hand.go_on()
    if step == "scan" and place == Place.HOME:
        hand.tapped("tile_borrower").type("0011")
        hand.until(lambda: hand.see("people"))
        hand.tapped("found0").stands(Place.LEND)
    if step == "scan":
        if hand.see("toApprove"):  # it died between the wish and the yes
            hand.tapped("approve")
        arm()
        hand.scan(code)
    elif step == "brief":
        hand.tapped("next", "told0")
        arm()
        hand.tapped("next")
    elif step == "sign":
        hand.draw()
        arm()
        hand.tapped("signed")
    elif step == "inspect":
        hand.tapped("inspect0", "allThere", "damage0").money("30").tapped("priced", "unfit", "photo")
        hand.until(lambda: hand.camera_state == "live")
        hand.tap("photoShoot")
        hand.until(lambda: hand.camera_state == "still")
        hand.tapped("photoDone")
        arm()
        hand.tapped("done")
    elif step == "settle":
        hand.tapped("settle").stands(Place.SETTLE)
        arm()
        hand.tapped("settled")
    else:
        arm()
        hand.tapped({"hand_out": "handOut", "take_back": "takeBack"}[step])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def armed(store: Store, kind: str, count: int) -> Callable[[], None]:
    """A death at the `count`-th write or right before the `count`-th commit from now on."""

    def arm() -> None:
        seen = 0

        def written(connection: object, cursor: object, statement: str, *rest: object) -> None:
            nonlocal seen
            seen += statement.startswith(("INSERT", "UPDATE", "DELETE"))
            if seen >= count:
                die()

        def commit(connection: object) -> None:
            nonlocal seen
            seen += 1
            if seen >= count:
                die()

        if kind == "write":
            event.listen(store._writer, "after_cursor_execute", written)
        elif kind == "commit":
            event.listen(store._writer, "commit", commit)

    return arm


def work(folder: Path, wish: Wish, step: int, kind: str, count: int) -> None:
    """In a fresh process: where the screens lead, what is undone, then the step that kills (none: the day's end)."""
    time = MovingTime()
    time.forward(minutes=10 * step)
    shop = Shop(Store.open(folder), time=time)
    shop.badges = wish["badges"]
    app = build_counter(
        Settings(),
        shop.store,
        clock=shop.counter.clock,
        hasher=QUICK,
        open_frames=lambda: PictureFile(folder.parent / "scene.jpg"),
    )
    app.window.show()
    hand = Hand(app)
    hand.until(lambda: app.show_step() is not None)
    hand.sign_in(CLERK)
    (folder.parent / "where").write_text(hand.go_on())
    while (at := position(shop)) < step:
        do(hand, STEPS[at], wish["tag"], lambda: None)
        assert position(shop) > at, STEPS[at]
    if step < len(STEPS):
        do(hand, STEPS[step], wish["tag"], armed(shop.store, kind, count))
        die()  # the answer stands on the screen; it was never written down by anybody
    app.close()
    shop.store.close()


def look(folder: Path, badges: dict[str, str], step: int) -> tuple[int, list[str]]:
    """The step that comes next, and what does not hold."""
    shop = Shop(Store.open(folder), time=MovingTime())
    shop.time.forward(minutes=10 * step)
    shop.badges = badges
    with shop.store.read() as session:
        broken = [str(one) for one in book.broken(session)]
        if (torn := audit.first_broken(session)) is not None:
            broken.append(f"audit {torn}")
    at = position(shop)
    shop.store.close()
    return at, broken


def main(folder: Path, wish: Wish) -> None:
    chance = Random(wish["seed"])
    for step in range(len(STEPS) + 1):
        before, _ = look(folder, wish["badges"], step)
        kind = chance.choice(("write", "commit", "answer"))
        count = chance.randint(1, 8 if kind == "write" else 2)
        child = os.fork()
        if not child:
            work(folder, wish, step, kind, count)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        after, broken = look(folder, wish["badges"], step)
        where = (folder.parent / "where").read_text()
        fate = Fate(step, f"{kind} {count}", os.waitstatus_to_exitcode(status), before, where, after, broken)
        print(json.dumps(asdict(fate)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
