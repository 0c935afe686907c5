"""Accounts of the console: first passwords, tries that are counted in the database, sessions that end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from db.county.base import County
from db.county.console import sessions, staff
from db.county.console.staff import FREE_BY_ADDRESS, FREE_BY_NAME, LONGEST, Member, StaffRefused
from db.models import now
from tests.county.world import World
from tests.county_console.desk import PASSWORD

HERE = "192.0.2.1"


@pytest.fixture
def first(county_world: World) -> str:
    return staff.add(county_world.county, "李")


def reason(world: World, name: str, password: str, address: str = HERE, **more: object) -> object:
    with pytest.raises(StaffRefused) as refused:
        staff.check(world.county, name, password, address, **more)  # type: ignore[arg-type]
    return refused.value.context["reason"]


def test_a_first_password_must_be_changed(county_world: World, first: str) -> None:
    member = staff.check(county_world.county, " 李 ", first, HERE)
    assert member.must_change
    session = sessions.begin(county_world.county, member)
    staff.change_password(county_world.county, member, first, PASSWORD, HERE)
    assert sessions.member_of(county_world.county, session) is None
    assert not staff.check(county_world.county, "李", PASSWORD, HERE).must_change
    assert reason(county_world, "李", first) == "wrong"
    [[hashed]] = county_world.rows("SELECT password FROM console_staff")
    assert str(hashed).startswith("$argon2id$")


@pytest.mark.parametrize(("new", "why"), [("short", "short"), ("x" * 129, "long"), ("", "short")])
def test_a_weak_password_is_refused(county_world: World, first: str, new: str, why: str) -> None:
    member = staff.check(county_world.county, "李", first, HERE)
    with pytest.raises(StaffRefused) as refused:
        staff.change_password(county_world.county, member, first, new, HERE)
    assert refused.value.context["reason"] == why


def test_a_name_is_given_once(county_world: World, first: str) -> None:
    for name, why in ((" 李", "taken"), ("", "name"), ("a\nb", "name"), ("x" * 61, "name")):
        with pytest.raises(StaffRefused) as refused:
            staff.add(county_world.county, name)
        assert refused.value.context["reason"] == why


def test_whoever_was_stopped_is_out_at_once(county_world: World, first: str) -> None:
    session = sessions.begin(county_world.county, staff.check(county_world.county, "李", first, HERE))
    assert staff.stop(county_world.county, "李")
    assert not staff.stop(county_world.county, "李")
    assert sessions.member_of(county_world.county, session) is None
    assert reason(county_world, "李", first) == "wrong"
    again = staff.renew(county_world.county, "李")
    assert staff.check(county_world.county, "李", again, HERE).must_change


def test_tries_on_a_name_wait_longer_and_longer(county_world: World, first: str) -> None:
    at = now()
    for _ in range(FREE_BY_NAME):
        assert reason(county_world, "李", "wrong", at=at) == "wrong"
    assert reason(county_world, "李", "wrong", at=at) == "wrong"
    waits = []
    for _ in range(11):
        with pytest.raises(StaffRefused) as refused:  # the right one, from another address, waits too
            staff.check(county_world.county, "李", first, "192.0.2.2", at)
        assert refused.value.context["reason"] == "wait"
        waits.append(int(str(refused.value.context["seconds"])))
        at += timedelta(seconds=waits[-1])
        assert reason(county_world, "李", "wrong", address=f"192.0.2.{10 + len(waits)}", at=at) == "wrong"
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST + 1
    at += timedelta(seconds=LONGEST + 1)
    assert staff.check(county_world.county, "李", first, HERE, at).name == "李"


def test_a_name_that_nobody_has_waits_just_the_same(county_world: World, first: str) -> None:
    said = {
        name: [reason(county_world, name, "wrong", address=name) for _ in range(FREE_BY_NAME + 2)]
        for name in ("李", "没有这个人")
    }
    assert said["李"] == said["没有这个人"]
    assert said["李"][-1] == "wait"


def test_an_address_that_tries_many_names_waits(county_world: World) -> None:
    at = now()
    for number in range(FREE_BY_ADDRESS + 1):
        assert reason(county_world, f"name{number}", "wrong", at=at) == "wrong"
    assert reason(county_world, "another", "wrong", at=at) == "wait"
    assert reason(county_world, "another", "wrong", address="192.0.2.9", at=at) == "wrong"


def test_tries_at_once_are_no_way_around(county_world: World, first: str) -> None:
    at = now()
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: reason(county_world, "李", "wrong", at=at), range(12)))
    assert said.count("wrong") == FREE_BY_NAME + 1
    assert said.count("wait") == 12 - FREE_BY_NAME - 1


def test_a_session_is_kept_as_a_digest_and_ends_twice(county_world: World, first: str) -> None:
    county = county_world.county
    member = staff.check(county, "李", first, HERE)
    token = sessions.begin(county, member)
    [[digest]] = county_world.rows("SELECT digest FROM console_sessions")
    assert token.encode() not in bytes(digest)  # type: ignore[call-overload]
    assert sessions.member_of(county, token) == Member(member.id, "李", True)
    assert sessions.member_of(county, token + "x") is None

    def moved(column: str, by: timedelta) -> Member | None:
        with county.transaction() as tx:
            tx.execute(f"UPDATE console_sessions SET {column} = now() - %s".encode(), (by,))
        return sessions.member_of(county, token)

    assert moved("used_at", sessions.IDLE - timedelta(minutes=1)) is not None
    assert moved("used_at", sessions.IDLE) is None
    assert moved("used_at", timedelta()) is not None
    assert moved("made_at", sessions.LONGEST) is None  # however busy
    other = sessions.begin(county, member)  # sweeps what is over
    assert county_world.one("SELECT count(*) FROM console_sessions") == 1
    sessions.end(county, other)
    assert sessions.member_of(county, other) is None


def test_a_forms_token_belongs_to_its_session(county_world: World, first: str) -> None:
    county = county_world.county
    member = staff.check(county, "李", first, HERE)
    one, other = sessions.begin(county, member), sessions.begin(county, member)
    assert sessions.form_token(county, one) == sessions.form_token(county, one)
    assert sessions.form_token(county, one) != sessions.form_token(county, other)
    assert one not in sessions.form_token(county, one)


def test_another_process_knows_the_same(county_world: World, first: str) -> None:
    """Sessions and tries are in the database, whichever process answers next (design §3)."""
    other = County.open(county_world.dsn, county_world.county.keys)
    try:
        member = staff.check(county_world.county, "李", first, HERE)
        token = sessions.begin(county_world.county, member)
        assert sessions.member_of(other, token) == member
        assert sessions.form_token(other, token) == sessions.form_token(county_world.county, token)
        at = now()
        for _ in range(FREE_BY_NAME + 1):
            assert reason(county_world, "李", "wrong", at=at) == "wrong"
        with pytest.raises(StaffRefused) as refused:
            staff.check(other, "李", first, "192.0.2.7", at)
        assert refused.value.context["reason"] == "wait"
        sessions.end(other, token)
        assert sessions.member_of(county_world.county, token) is None
    finally:
        other.close()
