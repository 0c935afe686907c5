"""First start, signing in, lock-out, lock and quick switch, by tapping (R1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Role, Staff
from db.store import Store
from kiosk.clock import Clock
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import PIN, Shop
from tests.ui.conftest import Seconds
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_first_start_makes_a_supervisor_with_a_pin_of_their_own(
    make_clerk: MakeClerk, hall: Store, clock: Clock, size: object, tmp_path: Path
) -> None:
    clerk = make_clerk(hall, clock, size=size).stands(Place.SET_UP)
    clerk.picture(tmp_path / "set_up_name.png")
    for syllable in ("qian", "yang"):
        clerk.letters(syllable).tap("candidate0")
    clerk.tapped("next", "role_finance").picture(tmp_path / "set_up_roles.png")
    clerk.tapped("next").digits("123456")  # ty: too easy
    clerk.digits("123456")
    clerk.settle()
    assert clerk.see("step") == "pin"
    assert "太容易猜" in clerk.see("wrong")
    clerk.picture(tmp_path / "set_up_pin.png")
    clerk.digits(PIN).digits("314158")
    assert "两次输的不一样" in clerk.see("wrong")
    clerk.digits(PIN).digits(PIN)
    clerk.stands(Place.HOME)
    clerk.picture(tmp_path / "home.png")
    with hall.read() as session:
        (staff,) = session.scalars(select(Staff))
        assert staff.roles == "finance,supervisor"


def test_first_supervisor_adds_a_clerk_who_chooses_a_pin(
    make_clerk: MakeClerk, hall: Store, clock: Clock, tmp_path: Path
) -> None:
    clerk = make_clerk(hall, clock).stands(Place.SET_UP)
    clerk.letters("qian").tap("candidate0").letters("yang").tap("candidate0").tap("next", "next")
    clerk.digits(PIN).digits(PIN)
    clerk.stands(Place.HOME).tapped("tile_people", "hire").stands(Place.HIRE)
    clerk.letters("zhao").tap("candidate0").letters("min").tap("candidate0").tap("next")
    clerk.tapped("role_clerk", "role_tool_keeper", "next").digits("271828").digits("271828")
    clerk.stands(Place.PEOPLE)
    clerk.picture(tmp_path / "people.png")
    assert "可以登录了" in clerk.message
    clerk.tapped("understood", "lock").stands(Place.SIGN_IN)
    clerk.picture(tmp_path / "sign_in.png")
    clerk.sign_in(1, "271828")
    clerk.picture(tmp_path / "home_clerk.png")
    authority = clerk.counter.session.authority
    assert authority is not None
    assert authority.roles == {Role.CLERK, Role.TOOL_KEEPER}
    assert "tile_people" not in clerk.named("tile_")


def test_wrong_pins_lock_out_and_the_time_is_told(counter: Clerk, shop: Shop, seconds: Seconds) -> None:
    counter.stands(Place.SIGN_IN).tapped(f"person{CLERK}")
    for _ in range(2):
        counter.digits("111222").settle()
        assert counter.see("wrong") == "PIN 不对，请再输一次"
    counter.digits("111222").settle()
    assert counter.see("waiting") == 30
    assert counter.see("wrong") == "输错太多次了，请等 0:30 再试"
    assert not counter.see("mayType")
    seconds.now += 12
    counter.model.check()  # type: ignore[attr-defined]
    assert counter.see("waiting") == 18
    counter.tapped(f"person{SECOND}")  # the others are free to sign in
    assert counter.see("mayType")
    counter.tapped(f"person{CLERK}")
    seconds.now += 18
    shop.time.forward(seconds=30)
    counter.model.check()  # type: ignore[attr-defined]
    counter.digits(PIN)
    counter.stands(Place.HOME)


def test_a_lock_out_is_still_told_after_a_restart(make_clerk: MakeClerk, shop: Shop) -> None:
    first = make_clerk(shop.store, shop.counter.clock).stands(Place.SIGN_IN).tapped(f"person{CLERK}")
    for _ in range(3):
        first.digits("111222").settle()
    again = make_clerk(shop.store, shop.counter.clock).stands(Place.SIGN_IN).tapped(f"person{CLERK}")
    assert again.see("waiting") == 30
    assert not again.see("mayType")


def test_badge_signs_in_and_a_foreign_code_does_not(counter: Clerk, shop: Shop) -> None:
    counter.stands(Place.SIGN_IN).scan(shop.tag("hammer"))
    assert counter.see("wrong") == "这张工牌用不了，请用 PIN 登录"
    counter.scan(shop.badges["clerk"]).stands(Place.HOME)
    assert counter.see("staffName") == "clerk"


def test_pin_typed_on_keys(counter: Clerk) -> None:
    counter.stands(Place.SIGN_IN).tapped(f"person{CLERK}").scan(PIN).stands(Place.HOME)


def test_idle_counter_locks_and_the_same_person_goes_on(counter: Clerk, shop: Shop, seconds: Seconds) -> None:
    counter.sign_in(BOSS).tapped("tile_people").stands(Place.PEOPLE)
    seconds.now += 181
    counter.counter.idle.check()
    counter.stands(Place.SIGN_IN)
    assert counter.see("staffName") == ""
    counter.digits(PIN)
    counter.stands(Place.PEOPLE)


def test_somebody_else_starts_at_home_with_nothing(counter: Clerk) -> None:
    counter.sign_in(BOSS).tapped("tile_people", "lock").stands(Place.SIGN_IN)
    counter.sign_in(CLERK)
    assert counter.see("staffName") == "clerk"
    assert counter.counter.session.way == [Place.HOME]


def test_an_old_authority_is_asked_for_anew_and_the_act_goes_on(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(BOSS).tapped("tile_people")
    shop.time.forward(seconds=601)
    counter.tapped(f"staff{SECOND}", "leave", "leaveYes").stands(Place.SIGN_IN)
    assert "再确认一次" in counter.message
    assert [card.active for card in shop.accounts.staff()] == [True] * 4
    counter.digits(PIN)
    counter.stands(Place.PERSON)
    counter.until(lambda: [card.active for card in shop.accounts.staff()].count(False) == 1)


def test_nobody_leaves_at_one_tap(counter: Clerk, shop: Shop) -> None:
    counter.sign_in(BOSS).tapped("tile_people", f"staff{CLERK}", "leave")
    assert all(card.active for card in shop.accounts.staff())


def test_english_everywhere(counter: Clerk) -> None:
    counter.stands(Place.SIGN_IN).tapped("language")
    assert counter.counter.session.language.code == "en"
    counter.sign_in(CLERK)
    assert any(tile["text"] == "Tools out" for tile in counter.see("tiles"))


def test_a_forgotten_pin_is_chosen_anew(counter: Clerk, shop: Shop) -> None:
    counter.stands(Place.SIGN_IN).tapped(f"person{CLERK}")
    for _ in range(3):
        counter.type("111222")
    counter.sign_in(BOSS).tapped("tile_people", f"staff{CLERK}", "newPin").stands(Place.NEW_PIN)
    counter.type("271828").type("271828").stands(Place.PERSON)
    counter.tapped("lock").sign_in(CLERK, "271828")  # and the lock-out is lifted
