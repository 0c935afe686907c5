"""Two counters on one store: whatever they do at the same moment, only one of them does it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from db.errors import StoreError
from db.models import Account, RentalLine, RentalState, ToolState
from db.store import Store
from kiosk.errors import HallError, StepInvalid, ToolUnavailable
from kiosk.tools import book
from tests.tools.shop import Shop


@pytest.fixture
def other(shop: Shop) -> Iterator[Shop]:
    """The second counter: its own connections, the same file."""
    store = Store.open(shop.store.path.parent, shop.store.keys)
    other = Shop(store, shop.settings, shop.time)
    other.badges = shop.badges
    yield other
    store.close()


def race(*acts: Callable[[], object]) -> list[HallError | None]:
    """All at once; what each of them was refused with."""
    start = threading.Barrier(len(acts))
    refused: list[HallError | None] = [None] * len(acts)

    def run(at: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except HallError as error:
            refused[at] = error

    threads = [threading.Thread(target=run, args=(at, act)) for at, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_one_tool_is_lent_once(shop: Shop, other: Shop) -> None:
    tools = shop.stock.tools(states=[ToolState.IN_STOCK])[::12][:8]
    mine = shop.approved(shop.seeker())
    theirs = shop.approved(shop.seeker("李样本"))
    for tool in tools:
        refused = race(
            partial(shop.rental.scan, shop.clerk, mine.id, tool.code),
            partial(other.rental.scan, other.second, theirs.id, tool.code),
        )
        (loser,) = [error for error in refused if error is not None]
        assert isinstance(loser, ToolUnavailable)
        assert loser.context["reason"] == "held"
    lines = [*shop.rental.rental(mine.id).lines, *shop.rental.rental(theirs.id).lines]
    assert len({line.tool_id for line in lines}) == len(lines) == len(tools)


def test_a_deposit_is_taken_once_and_given_back_once(shop: Shop, other: Shop) -> None:
    shop.open_drawer(0)
    other.cash.open_drawer(other.second)
    card = shop.signed(shop.seeker(), "hammer")
    refused = race(
        lambda: shop.rental.take_deposit(shop.clerk, card.id),
        lambda: other.rental.take_deposit(other.second, card.id),
    )
    assert [type(error) for error in refused if error] == [StepInvalid]
    winner = shop if refused[0] is None else other
    by = winner.clerk if refused[0] is None else winner.second
    winner.rental.hand_out(by, card.id)
    back = shop.returns.take_back(shop.clerk, card.id, [card.lines[0].id])
    shop.inspect(back.lines[0])
    settled = race(lambda: winner.money.settle(by, card.id), lambda: winner.money.settle(by, card.id))
    assert [type(error) for error in settled if error] == [StepInvalid]
    with shop.store.read() as session:
        assert book.balance(session, Account.DRAWER) == 0


def test_one_wish_of_one_person(shop: Shop, other: Shop) -> None:
    seeker, model = shop.seeker(), shop.model("hammer")
    refused = race(
        lambda: shop.rental.request(seeker, [model]), lambda: other.rental.request(seeker, [model])
    )
    assert len([error for error in refused if error]) == 1
    assert [card.state for card in shop.rental.waiting()] == [RentalState.REQUESTED]


def test_the_database_itself_refuses_a_tool_in_two_hands(shop: Shop) -> None:
    mine, theirs = shop.approved(shop.seeker(), "hammer"), shop.approved(shop.seeker("李样本"), "trowel")
    with pytest.raises(StoreError) as refused, shop.store.write() as session:
        session.get_one(RentalLine, theirs.lines[0].id).tool_id = mine.lines[0].tool_id
    assert isinstance(refused.value.__cause__, IntegrityError)
