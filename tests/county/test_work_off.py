"""Working off conflicts that no program of ours wrote, or that somebody else ended a moment ago."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county.errors import ChoiceUnfit, ConflictGone
from db.county.work_off import Choice, open_conflicts, work_off
from db.models import Conflict, ConflictKind, ConflictState, Referral, Seeker, now
from db.store import Store
from tests.county.test_conflicts import settle
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up

NUMBER, OTHER = "11010519491231002X", "110105194912310038"
ODD: tuple[Any, ...] = (["a", "list"], {"other": "nobody"}, {"other": 5}, {}, "words", 5)


def listed(store: Store, kind: ConflictKind, row: UUID, details: Any, table: str = "seekers") -> UUID:
    """A line of the list, written by a device."""
    conflict = uuid7()
    with store.write() as session:
        session.add(
            Conflict(
                id=conflict,
                kind=kind,
                table=table,
                row_id=row,
                details=details,
                state=ConflictState.OPEN,
            )
        )
    return conflict


def say_merged(store: Store, conflict: UUID) -> None:
    with store.write() as session:
        row = session.get_one(Conflict, conflict)
        row.state, row.resolution = ConflictState.RESOLVED, Choice.MERGE.value
        row.resolved_by, row.resolved_at = "样本员", now()


def hall(world: World, name: str = "a") -> Store:
    store = world.device(name)
    set_up(store)
    return store


def twice_known(world: World, store: Store) -> tuple[UUID, UUID, UUID]:
    """One person with two records in one hall; the conflict, and both, the older first."""
    second = world.device("second", store.origin.hall_id)
    one, two = add_seeker(store, NUMBER), add_seeker(second, NUMBER)
    world.sync(store)
    world.sync(second)
    world.sync(store)
    found = {UUID(line["row_id"]): UUID(line["id"]) for line in open_conflicts(world.county)}
    return found[two], one, two


def third_record(world: World, store: Store, posting: UUID) -> UUID:
    other = world.device("third", store.origin.hall_id)
    seeker = add_seeker(other, NUMBER)
    world.sync(other)
    add_referral(other, seeker, posting, 1)
    world.sync(other)
    with other.read() as session:
        assert session.scalars(select(Referral.seeker_id)).all() == [seeker]
    return seeker


@pytest.mark.parametrize("details", ODD, ids=str)
def test_an_odd_line_that_was_merged_never_holds_up_a_hall(county_world: World, details: Any) -> None:
    store = hall(county_world)
    odd = listed(store, ConflictKind.SAME_PERSON, uuid7(), details)
    county_world.sync(store)
    say_merged(store, odd)
    after = add_seeker(store, NUMBER)
    county_world.sync(store)
    assert county_world.one("SELECT id FROM seekers") == after


@pytest.mark.parametrize("at_counter", [False, True])
@pytest.mark.parametrize("details", ODD, ids=str)
def test_an_odd_line_on_the_list_never_holds_up_a_merge(
    county_world: World, details: Any, at_counter: bool
) -> None:
    store = hall(county_world)
    odd = listed(store, ConflictKind.SAME_PERSON, uuid7(), details)
    conflict, one, two = twice_known(county_world, store)
    if at_counter:
        say_merged(store, conflict)
        county_world.sync(store)
    else:
        work_off(county_world.county, conflict, Choice.MERGE, "李", one)
    assert county_world.rows("SELECT id FROM seekers") == [(one,)]
    assert [UUID(line["id"]) for line in open_conflicts(county_world.county)] == [odd]
    settle(county_world, store)
    with store.read() as session:
        assert session.get(Seeker, two) is None


@pytest.mark.parametrize("choice", [Choice.MERGE, Choice.TAKE])
@pytest.mark.parametrize("kind", list(ConflictKind))
def test_what_cannot_be_done_is_refused_and_nothing_changes(
    county_world: World, kind: ConflictKind, choice: Choice
) -> None:
    store = hall(county_world)
    referral = add_referral(store, add_seeker(store, NUMBER), add_posting(store), 1)
    details = {
        "state": [["a"], {"b": 1}],
        "posting_id": ["x", "y"],
        "hired_at": [1, "never"],
        "hall_id": ["", str(uuid7())],
    }
    conflict = listed(store, kind, referral, details, "referrals")
    county_world.sync(store)
    before = county_world.rows("SELECT * FROM referrals")
    with pytest.raises(ChoiceUnfit):
        work_off(county_world.county, conflict, choice, "李", referral)
    assert county_world.rows("SELECT * FROM referrals") == before
    work_off(county_world.county, conflict, Choice.NOTE, "李")
    assert open_conflicts(county_world.county) == []


def test_taking_what_lost_leaves_alone_whose_row_it_is(county_world: World) -> None:
    store = hall(county_world)
    seeker = add_seeker(store, NUMBER)
    details = {
        "phone": ["1", "2"],
        "hall_id": ["", str(uuid7())],
        "id": ["", str(uuid7())],
        "version": [1, 99],
    }
    conflict = listed(store, ConflictKind.FIELDS, seeker, details)
    county_world.sync(store)
    work_off(county_world.county, conflict, Choice.TAKE, "李")
    assert county_world.rows("SELECT id, hall_id, version FROM seekers") == [
        (seeker, store.origin.hall_id, 2)
    ]
    settle(county_world, store)
    with store.read() as session:
        assert session.get_one(Seeker, seeker).phone == "2"


def test_two_people_with_two_numbers_are_never_one(county_world: World) -> None:
    store = hall(county_world)
    one, two = add_seeker(store, NUMBER), add_seeker(store, OTHER)
    conflict = listed(store, ConflictKind.SAME_PERSON, one, {"other": str(two)})
    county_world.sync(store)
    with pytest.raises(ChoiceUnfit):
        work_off(county_world.county, conflict, Choice.MERGE, "李", one)
    assert county_world.one("SELECT count(*) FROM seekers") == 2


def test_a_record_that_another_merge_took_away_keeps_nobody(county_world: World) -> None:
    """Three records of one person: whoever looks at the second pair while the first is merged loses no referral."""
    store = hall(county_world)
    posting = add_posting(store)
    conflict, one, two = twice_known(county_world, store)
    third = third_record(county_world, store, posting)
    pairs = {
        frozenset({line["row_id"], line["details"]["other"]}): UUID(line["id"])
        for line in open_conflicts(county_world.county)
    }
    work_off(county_world.county, conflict, Choice.MERGE, "李", one)
    with pytest.raises(ConflictGone):
        work_off(county_world.county, pairs[frozenset({str(two), str(third)})], Choice.MERGE, "王", two)
    work_off(county_world.county, pairs[frozenset({str(one), str(third)})], Choice.MERGE, "王", one)
    assert county_world.rows("SELECT id FROM seekers") == [(one,)]
    assert county_world.one("SELECT seeker_id FROM referrals") == one
    assert open_conflicts(county_world.county) == []
