"""Drawers, safe, the finance view of a day, and the laws of the book (T10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.errors import StoreError
from db.models import Account, CashKind, CashPosting, PrintJob, RentalLine
from kiosk.errors import CashRefused, InputInvalid, NotAllowed
from kiosk.tools import book
from kiosk.tools.book import allocate
from tests.tools.shop import Shop

TODAY = date(2026, 11, 20)


def balance(shop: Shop, account: Account) -> int:
    with shop.store.read() as session:
        return book.balance(session, account)


def test_a_day_from_opening_to_closing(shop: Shop) -> None:
    shop.open_drawer(30_000)
    out = shop.lend(shop.seeker(), "hammer", "rotary_hammer")
    shop.time.forward(hours=3)
    for line in shop.returns.take_back(shop.clerk, out.id, [line.id for line in out.lines]).lines:
        shop.inspect(line)
    shop.money.settle(shop.clerk, out.id)
    closed = shop.cash.close_drawer(shop.clerk, 31_400, "少找一元")
    assert (closed.expected, closed.counted, closed.difference) == (31_500, 31_400, -100)
    day = shop.cash.day(shop.finance, TODAY)
    assert day.of(Account.SAFE).after == 31_400
    assert day.of(Account.RENT_INCOME).credits == 1_500
    assert day.of(Account.OVER_SHORT).after == 100
    assert day.of(Account.DRAWER).after == 0
    assert day.kinds[CashKind.DEPOSIT] == 22_000
    assert (day.deposits_held, day.open_rentals, len(day.drawers)) == (0, 0, 1)
    assert sum(account.after for account in day.accounts) == 0


def test_the_day_close_is_printed_for_both(shop: Shop) -> None:
    shop.open_drawer(30_000)
    shop.lend(shop.seeker(), "hammer")
    closed = shop.cash.close_drawer(shop.clerk, 32_500, "多了五元")
    with shop.store.read() as session:
        jobs = {job.document: job.slip.decode() for job in session.scalars(select(PrintJob))}
    for name, holder in ((f"drawer:{closed.id}", "经办人联"), (f"drawer:{closed.id}:desk", "财务联")):
        for words in (holder, "收押金", "￥20.00", "￥320.00", "￥325.00", "￥5.00", "多了五元"):
            assert words in jobs[name]


def test_a_difference_is_explained(shop: Shop) -> None:
    shop.open_drawer(30_000)
    for counted in (29_999, 30_001):
        with pytest.raises(InputInvalid):
            shop.cash.close_drawer(shop.clerk, counted, "  ")
    assert shop.cash.close_drawer(shop.clerk, 30_000).difference == 0
    with pytest.raises(CashRefused):
        shop.cash.close_drawer(shop.clerk, 30_000)


def test_one_drawer_a_person(shop: Shop) -> None:
    shop.open_drawer(0)
    with pytest.raises(CashRefused) as refused:
        shop.cash.open_drawer(shop.clerk)
    assert refused.value.context["reason"] == "drawer_open"
    shop.cash.open_drawer(shop.second)
    assert len(shop.cash.open_drawers()) == 2


def test_cash_that_is_not_there_cannot_leave(shop: Shop) -> None:
    with pytest.raises(CashRefused):
        shop.cash.open_drawer(shop.clerk, 1)
    shop.open_drawer(10_000)
    with pytest.raises(CashRefused):
        shop.cash.move(shop.clerk, 10_001)
    with pytest.raises(CashRefused):
        shop.cash.fund(shop.finance, -1, "存银行")
    shop.cash.move(shop.clerk, 4_000)
    shop.cash.fund(shop.finance, -4_000, "存银行")
    assert balance(shop, Account.SAFE) == 0


def test_who_may(shop: Shop) -> None:
    shop.open_drawer(0)
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    for act in (
        lambda: shop.cash.fund(shop.clerk, 100, ""),
        lambda: shop.cash.day(shop.clerk, TODAY),
        lambda: shop.cash.close_drawer(shop.second, 0, drawer_id=drawer.id),
        lambda: shop.cash.open_drawer(shop.boss),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert shop.cash.close_drawer(shop.finance, 0, drawer_id=drawer.id).closed_at is not None


def test_a_day_ends_at_the_halls_midnight(shop: Shop) -> None:
    shop.time.forward(hours=16, minutes=59)  # 23:59 on the hall's wall
    shop.cash.fund(shop.finance, 100, "前")
    shop.time.forward(minutes=1)
    shop.cash.fund(shop.finance, 10, "后")
    first, second = (shop.cash.day(shop.finance, TODAY + timedelta(days=at)) for at in (0, 1))
    assert first.of(Account.SAFE).debits == 100
    assert (second.of(Account.SAFE).before, second.of(Account.SAFE).debits) == (100, 10)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": -1},
        {"debit": Account.SAFE, "credit": Account.SAFE},
        {"debit": Account.DRAWER},
    ],
)
def test_the_database_keeps_every_posting_balanced(shop: Shop, change: dict[str, object]) -> None:
    values = {"debit": Account.SAFE, "credit": Account.FUNDING, "amount": 1, **change}
    posting = CashPosting(
        posted_at=shop.time(), kind=CashKind.SAFE, staff_id=shop.finance.staff_id, note="", **values
    )
    with pytest.raises(StoreError) as refused, shop.store.write() as session:
        session.add(posting)
    assert isinstance(refused.value.__cause__, IntegrityError)


def test_what_does_not_hold_is_found(shop: Shop) -> None:
    """The check the other tests rely on can fail."""
    shop.open_drawer(0)
    out = shop.lend(shop.seeker(), "hammer")
    with shop.store.write() as session:
        session.get_one(RentalLine, out.lines[0].id).deposit_held = 1_999
    assert {broken.rule for broken in shop.cash.check()} == {"deposit_of_rental", "deposits"}
    with shop.store.write() as session:
        session.get_one(RentalLine, out.lines[0].id).deposit_held = 2_000
    assert shop.cash.check() == ()


def test_every_device_keeps_a_book_of_its_own(shop: Shop) -> None:
    """What came from the hall's other counters with the county's rows is not counted, nor spent, here."""
    shop.open_drawer(10_000)
    with shop.store.write() as session:
        for posting in session.scalars(select(CashPosting)):
            posting.device_id = shop.store.origin.hall_id
        session.flush()
    day = shop.cash.day(shop.finance, TODAY)
    assert all(account.after == 0 for account in day.accounts)
    with pytest.raises(CashRefused):
        shop.cash.fund(shop.finance, -1, "存银行")


AMOUNTS = st.lists(st.integers(0, 1_000), min_size=1, max_size=6)


@given(AMOUNTS, AMOUNTS)
def test_allocate_pours_everything_exactly_once(sources: list[int], sinks: list[int]) -> None:
    short = sum(sources) - sum(sinks)
    (sinks if short > 0 else sources).append(abs(short))
    flows = allocate(sources, sinks)
    assert [sum(flow.amount for flow in flows if flow.source == at) for at in range(len(sources))] == sources
    assert [sum(flow.amount for flow in flows if flow.sink == at) for at in range(len(sinks))] == sinks
    assert all(flow.amount > 0 for flow in flows)


@pytest.mark.parametrize(("sources", "sinks"), [([1], [2]), ([2], [1]), ([-1], [-1])])
def test_allocate_refuses_what_does_not_balance(sources: list[int], sinks: list[int]) -> None:
    with pytest.raises(ValueError, match="differ"):
        allocate(sources, sinks)
