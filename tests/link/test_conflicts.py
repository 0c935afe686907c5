"""Conflicts worked off at the counter, over a real county (spec C3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county.work_off import Choice as CountyChoice
from db.county.work_off import work_off
from db.models import Conflict, ConflictState, Seeker
from db.store import Store
from kiosk.county.conflicts import Choice, ConflictCard, ConflictDesk, ConflictKind, masked
from kiosk.errors import NotAllowed, StepInvalid
from tests.county.test_conflicts import conflicts, settle
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up
from tests.link.test_rights import registered
from tests.tools.shop import Shop

NUMBER = "11010519491231002X"


def staffed_hall(world: World) -> tuple[Shop, Store]:
    """A counter with staff, and a second device of the same hall."""
    first = world.device("a")
    set_up(first)
    shop = Shop(first)
    shop.hire()
    world.sync(first)
    return shop, world.device("b", hall=first.origin.hall_id)


def only(desk: ConflictDesk) -> ConflictCard:
    [card] = desk.open()
    return card


def field_conflict(world: World) -> tuple[Shop, Store, UUID]:
    """The phone changed at both devices; the second one's came too late."""
    shop, second = staffed_hall(world)
    seeker = add_seeker(shop.store, NUMBER)
    settle(world, shop.store, second)
    for store, phone in ((shop.store, "13900000002"), (second, "13900000003")):
        with store.write() as session:
            session.get_one(Seeker, seeker).phone = phone
    settle(world, shop.store, second)
    return shop, second, seeker


def phone(store: Store, seeker: UUID) -> str | None:
    with store.read() as session:
        return session.get_one(Seeker, seeker).phone


def test_a_lost_field_is_shown_masked_and_taken(county_world: World) -> None:
    shop, second, seeker = field_conflict(county_world)
    desk = ConflictDesk(shop.counter)
    card = only(desk)
    assert card.kind is ConflictKind.FIELDS
    assert [(side.fact, side.stands, side.other) for side in card.sides] == [
        ("phone", "139 **** 0002", "139 **** 0003")
    ]
    assert NUMBER not in repr(card)
    assert "样本甲" not in card.about
    desk.resolve(shop.clerk, card.id, Choice.TAKE)
    assert desk.open() == ()
    settle(county_world, shop.store, second)
    for store in (shop.store, second):
        assert phone(store, seeker) == "13900000003"
        [conflict] = conflicts(store)
        assert (conflict.resolution, conflict.resolved_by) == ("taken", "clerk")
    assert county_world.one("SELECT state FROM conflicts") == "resolved"


@pytest.mark.parametrize("console_first", [True, False])
def test_decided_at_console_and_counter_it_ends_once(county_world: World, console_first: bool) -> None:
    """Whoever is first at the county has decided; the later word changes nothing and makes no new conflict."""
    shop, second, seeker = field_conflict(county_world)
    desk = ConflictDesk(shop.counter)
    card = only(desk)
    if console_first:
        work_off(county_world.county, card.id, CountyChoice.KEEP, "县里")
        desk.resolve(shop.clerk, card.id, Choice.KEEP)
    else:
        desk.resolve(shop.clerk, card.id, Choice.KEEP)
        county_world.sync(shop.store)
        assert county_world.one("SELECT resolved_by FROM conflicts") is not None
    settle(county_world, shop.store, second)
    by = "县里" if console_first else "clerk"
    for store in (shop.store, second):
        [conflict] = conflicts(store)
        assert (conflict.state, conflict.resolved_by) == (ConflictState.RESOLVED, by)
    assert phone(second, seeker) == "13900000002"
    assert county_world.one("SELECT count(*) FROM conflicts") == 1


def test_two_counters_decide_at_once(county_world: World) -> None:
    shop, second, _ = field_conflict(county_world)
    card = only(ConflictDesk(shop.counter))
    ConflictDesk(shop.counter).resolve(shop.clerk, card.id, Choice.KEEP)
    with second.write() as session:
        conflict = session.get_one(Conflict, card.id)
        conflict.state, conflict.resolution, conflict.resolved_by = ConflictState.RESOLVED, "noted", "b"
    settle(county_world, shop.store, second)
    assert [c.resolved_by for c in (*conflicts(shop.store), *conflicts(second))] == ["clerk", "clerk"]
    assert county_world.one("SELECT count(*) FROM conflicts") == 1
    with pytest.raises(StepInvalid):
        ConflictDesk(shop.counter).resolve(shop.clerk, card.id, Choice.KEEP)


def test_one_person_at_two_devices_is_made_one_from_the_counter(county_world: World) -> None:
    shop, second = staffed_hall(county_world)
    posting = add_posting(shop.store)
    settle(county_world, shop.store, second)
    kept = add_seeker(shop.store, NUMBER)
    doubled = add_seeker(second, NUMBER, phone="13900000009")
    referral = add_referral(second, doubled, posting, 1)
    settle(county_world, shop.store, second)
    desk = ConflictDesk(shop.counter)
    card = only(desk)
    assert (card.kind, card.here) == (ConflictKind.SAME_PERSON, True)
    assert {side.fact for side in card.sides} >= {"name", "phone"}
    assert all("样本甲" not in (side.stands, side.other) for side in card.sides)
    with pytest.raises(NotAllowed):
        desk.resolve(shop.clerk, card.id, Choice.MERGE)
    with pytest.raises(StepInvalid):
        desk.resolve(shop.boss, card.id, Choice.TAKE)
    desk.resolve(shop.boss, card.id, Choice.MERGE)
    settle(county_world, shop.store, second)
    settle(county_world, second, shop.store)
    for store in (shop.store, second):
        with store.read() as session:
            assert session.scalars(select(Seeker.id)).all() == [kept]
        assert ConflictDesk(shop.counter).open() == ()
    assert county_world.one("SELECT seeker_id FROM referrals WHERE id = %s", referral) == kept


def test_one_person_in_two_halls_is_made_one_for_both(county_world: World) -> None:
    shop, _ = staffed_hall(county_world)
    there = county_world.device("there")
    add_seeker(there, NUMBER)
    county_world.sync(there)
    add_seeker(shop.store, NUMBER, phone="13900000008")
    settle(county_world, shop.store, there)
    card = only(ConflictDesk(shop.counter))
    assert not card.here
    assert len(conflicts(there)) == 1
    ConflictDesk(shop.counter).resolve(shop.boss, card.id, Choice.MERGE)
    settle(county_world, shop.store, there)
    assert county_world.one("SELECT count(*) FROM seekers") == 1
    for store in (shop.store, there):
        assert [conflict.state for conflict in conflicts(store)] == [ConflictState.RESOLVED]
        with store.read() as session:
            assert len(session.scalars(select(Seeker.id)).all()) == 1


def test_an_overfilled_posting_names_those_sent_from_here(county_world: World) -> None:
    shop, second = staffed_hall(county_world)
    posting = add_posting(shop.store, openings=1)
    first, other = add_seeker(shop.store, NUMBER), add_seeker(shop.store, "110105194912310038", "样本乙")
    settle(county_world, shop.store, second)
    add_referral(shop.store, first, posting, 1)
    add_referral(second, other, posting, 1)
    settle(county_world, shop.store, second)
    card = only(ConflictDesk(shop.counter))
    assert card.kind is ConflictKind.OVERFILLED
    assert card.about == "砌墙工"
    assert (card.sides[0].stands, card.sides[0].other) == ("1", "2")
    assert {side.fact for side in card.sides[1:]} == {"slip_number"}
    assert len(card.sides) == 3
    assert card.choices == (Choice.NOTE,)


def test_nothing_readable_of_a_person_is_shown() -> None:
    assert masked("name", "欧阳样本") == "欧阳*本"
    assert masked("phone", "13900000001") == "139 **** 0001"
    assert masked("address", "样本省样本县样本路 1 号") == "样本省样***"
    assert masked("number_sealed", NUMBER).count("*") == 10
    assert masked("urgent", True) == "yes"
    assert masked("ethnicity", None) == ""


@pytest.mark.parametrize("kind", list(ConflictKind))
@pytest.mark.parametrize(
    "details",
    [
        ["other", "halls"],
        {"other": "nobody", "halls": 5},
        {"other": 5, "halls": [["a"]]},
        {"phone": [["a"], {"b": 1}], "openings": [1]},
        "other",
        5,
    ],
    ids=str,
)
def test_an_odd_line_takes_no_list_away(shop: Shop, kind: ConflictKind, details: Any) -> None:
    """Another device of the hall may have written it."""
    person = registered(shop)
    with shop.store.write() as session:
        session.add(
            Conflict(
                id=uuid7(),
                kind=kind,
                table="seekers",
                row_id=person,
                details=details,
                state=ConflictState.OPEN,
            )
        )
    desk = ConflictDesk(shop.counter)
    card = only(desk)
    desk.resolve(shop.boss, card.id, next(choice for choice in card.choices if choice is not Choice.TAKE))
    assert desk.open() == ()


@pytest.mark.parametrize("lost", [["a"], {"b": 1}, "x" * 40, None])
def test_what_lost_and_is_no_row_is_not_taken(shop: Shop, lost: Any) -> None:
    person = registered(shop)
    with shop.store.write() as session:
        session.add(
            Conflict(
                id=uuid7(),
                kind=ConflictKind.FIELDS,
                table="seekers",
                row_id=person,
                details={
                    "birth": ["1985-03-04", lost],
                    "assurance": [1, lost],
                    "hall_id": ["", str(uuid7())],
                },
                state=ConflictState.OPEN,
            )
        )
    desk = ConflictDesk(shop.counter)
    with pytest.raises(StepInvalid):
        desk.resolve(shop.boss, only(desk).id, Choice.TAKE)
    assert len(desk.open()) == 1


def test_what_stands_is_shown_as_it_stands_now(county_world: World) -> None:
    shop, _, seeker = field_conflict(county_world)
    with shop.store.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000004"
    [side] = only(ConflictDesk(shop.counter)).sides
    assert (side.stands, side.other) == ("139 **** 0004", "139 **** 0003")
