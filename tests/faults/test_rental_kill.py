"""`kill -9` in the middle of each step of a rental: nothing is lost, nothing happens twice (issue 10).

A driver process forks a child for every step and place; the child opens the store and dies by its own SIGKILL in the
middle of its writes, before the commit, or after it. Then the store is opened again and looked at.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from db.models import AuditEntry, DeductionKind, LineState, OutboxRow, PrintJob, Rental, RentalState
from db.store import Store
from kiosk.errors import HallError
from kiosk.staff import audit
from kiosk.tools import book
from kiosk.tools.cards import DeductionCard, RentalCard
from tests.tools.shop import STROKES, MovingTime, Shop, all_well, full

Step = Callable[[Shop], object]
Picture = dict[str, object]


@dataclass(frozen=True)
class Death:
    """One step: what the store said before it, after two deaths within it, after one behind it, and after a retry."""

    step: str
    killed: list[int]  # signals: before the commit, in the middle, after the commit
    writes: int
    before: Picture
    nothing: Picture
    all_of_it: Picture
    again: str
    retried: Picture


def rental(shop: Shop) -> RentalCard:
    with shop.store.read() as session:
        found = session.scalars(select(Rental.id)).all()
    return shop.rental.rental(found[-1])


def brief(shop: Shop) -> object:
    card = rental(shop)
    return shop.rental.brief(shop.clerk, card.id, {line.model.id for line in card.lines}, full(card))


def inspect(shop: Shop) -> object:
    line = next(line for line in rental(shop).lines if line.state is LineState.BACK)
    crack = DeductionCard(DeductionKind.DAMAGED, "壳裂", 3_000)
    return shop.returns.inspect(shop.clerk, line.id, all_well(line), False, [crack], ["photo-1"])


def back(shop: Shop) -> object:
    card = rental(shop)
    out = [line.id for line in card.lines if line.state is LineState.OUT]
    return shop.returns.take_back(shop.clerk, card.id, out)


STEPS: dict[str, Step] = {
    "open_drawer": lambda shop: shop.cash.open_drawer(shop.clerk, 10_000),
    "request": lambda shop: shop.rental.request(
        shop.borrowers.find(shop.clerk, "张样本")[0].id, [shop.model("rotary_hammer")]
    ),
    "approve": lambda shop: shop.rental.approve(shop.clerk, rental(shop).id),
    "scan": lambda shop: shop.rental.scan(shop.clerk, rental(shop).id, shop.badges["tag"]),
    "brief": brief,
    "sign": lambda shop: shop.rental.sign(rental(shop).id, STROKES),
    "deposit": lambda shop: shop.rental.take_deposit(shop.clerk, rental(shop).id),
    "hand_out": lambda shop: shop.rental.hand_out(shop.clerk, rental(shop).id),
    "take_back": back,
    "inspect": inspect,
    "settle": lambda shop: shop.money.settle(shop.clerk, rental(shop).id),
    "close_drawer": lambda shop: shop.cash.close_drawer(shop.clerk, 13_500),
}


def shop_in(folder: Path, badges: dict[str, str], hours: int) -> Shop:
    shop = Shop(Store.open(folder), time=MovingTime())
    shop.time.forward(hours=hours)
    shop.badges = badges
    return shop


def die_in(folder: Path, badges: dict[str, str], hours: int, step: Step, place: str, writes: int) -> int:
    """Fork, do the step, die at that place; `writes` says how many statements write. The child's wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    shop = shop_in(folder, badges, hours)
    seen = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def written(connection: object, cursor: object, statement: str, *rest: object) -> None:
        nonlocal seen
        seen += statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if place == "middle" and seen == max(1, writes // 2):
            die()

    def commit(connection: object) -> None:
        (folder / "writes").write_text(str(seen))
        die()

    if place != "after_commit":
        event.listen(shop.store._writer, "after_cursor_execute", written)
    if place == "before_commit":
        event.listen(shop.store._writer, "commit", commit)
    step(shop)
    die()
    os._exit(1)


def picture(shop: Shop) -> Picture:
    """What the store says: rows that a lost or doubled step would change."""
    with shop.store.read() as session:
        counted = {
            kind.__tablename__: session.scalar(select(func.count()).select_from(kind))
            for kind in (OutboxRow, AuditEntry, PrintJob, Rental)
        }
        states = session.scalars(select(Rental.state)).all()
        broken, torn = book.broken(session), audit.first_broken(session)
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    return {
        **counted,
        "states": [state.value for state in states],
        "cash": drawer.expected if drawer else None,
        "broken": [str(one) for one in broken],
        "torn": torn,
    }


def drive(folder: Path, badges: dict[str, str]) -> None:
    """Every step, killed at every place; one JSON line each."""
    shop = shop_in(folder, badges, 0)
    before = picture(shop)
    shop.store.close()
    for hours, (name, step) in enumerate(STEPS.items()):
        killed = [os.WTERMSIG(die_in(folder, badges, hours, step, "before_commit", 0))]
        writes = int((folder / "writes").read_text())
        killed.append(os.WTERMSIG(die_in(folder, badges, hours, step, "middle", writes)))
        shop = shop_in(folder, badges, hours)
        nothing = picture(shop)
        shop.store.close()
        killed.append(os.WTERMSIG(die_in(folder, badges, hours, step, "after_commit", writes)))
        shop = shop_in(folder, badges, hours)
        all_of_it = picture(shop)
        try:  # nobody heard the answer, so it is tried once more
            step(shop)
            again = "done"
        except (HallError, StopIteration) as error:
            again = type(error).__name__
        retried = picture(shop)
        shop.store.close()
        death = Death(name, killed, writes, before, nothing, all_of_it, again, retried)
        print(json.dumps(asdict(death)), flush=True)
        before = retried


@pytest.fixture(scope="module")
def deaths(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Death]:
    folder = tmp_path_factory.mktemp("kill") / "hall"
    shutil.copytree(sample_folder, folder)
    shop = Shop(Store.open(folder))
    shop.hire()
    shop.cash.fund(shop.finance, 10_000, "备用金")
    shop.seeker("张样本")
    badges = {**shop.badges, "tag": shop.tag("rotary_hammer")}
    shop.store.close()
    code = "import json, sys; from pathlib import Path; from tests.faults.test_rental_kill import drive; "
    code += "drive(Path(sys.argv[1]), json.loads(sys.argv[2]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), json.dumps(badges)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Death(**json.loads(line)) for line in done.stdout.splitlines()]


def test_every_step_was_killed_at_every_place(deaths: list[Death]) -> None:
    assert [death.step for death in deaths] == list(STEPS)
    assert all(death.killed == [signal.SIGKILL] * 3 for death in deaths)
    assert all(death.writes >= 3 for death in deaths)  # the row, its outbox row, the audit


def test_before_the_commit_nothing_happened(deaths: list[Death]) -> None:
    for death in deaths:
        assert death.nothing == death.before, death.step


def test_after_the_commit_all_of_it_happened_once(deaths: list[Death]) -> None:
    for death in deaths:
        assert death.all_of_it != death.before, death.step
        assert death.again != "done", death.step
        assert death.retried == death.all_of_it, death.step


def test_the_book_held_every_time_and_the_day_ended_well(deaths: list[Death]) -> None:
    for death in deaths:
        for seen in (death.nothing, death.all_of_it, death.retried):
            assert (seen["broken"], seen["torn"]) == ([], None), death.step
    last = deaths[-1].retried
    assert last["states"] == [RentalState.CLOSED]
    assert last["cash"] is None
    # deposit slip, rental receipt, return receipt and day close, and the desk's copies of the last three
    assert last["print_jobs"] == 7
