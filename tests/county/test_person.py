"""One person at the county: where records of theirs stand, what holds them back, and their erasure on request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county.errors import PersonGone, PersonHeld
from db.county.holds import Hold
from db.county.person import Person, by_number, erase, person
from db.county.purge import export_person
from db.models import (
    Conflict,
    ConflictState,
    Dispute,
    LockerUse,
    Referral,
    ReferralState,
    Rental,
    RentalState,
    Seeker,
    ToolReturn,
    now,
)
from db.privacy import PURGED
from db.store import Store
from db.sync.look_up import look_up
from tests.county.test_conflicts import settle
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up
from tests.db.tool_rows import MAKERS

NUMBER = "11010519491231002X"


def person_of(world: World, seeker: UUID) -> Person:
    with world.county.transaction() as tx:
        return person(tx, world.county, seeker)


def erased(world: World, seeker: UUID, reason: str = "request") -> UUID:
    with world.county.transaction() as tx:
        return erase(tx, world.county, seeker, reason)


def names(store: Store) -> set[str]:
    with store.read() as session:
        return {seeker.name for seeker in session.scalars(select(Seeker))}


def hall(world: World, name: str) -> Store:
    store = world.device(name)
    set_up(store)
    return store


def open_everything(store: Store, seeker: UUID) -> None:
    """A running rental, a settled one with a debt, one with a dispute, a locker in use."""
    with store.write() as session:
        for number, kind in enumerate((Rental, ToolReturn, Dispute)):
            made = MAKERS[kind](session)
            session.add(made)
            session.flush()
            rental = session.scalars(select(Rental).where(Rental.number == "01-000002")).one()
            rental.number, rental.serial, rental.seeker_id = f"01-{number + 10:06}", number + 10, seeker
            rental.state = RentalState.REQUESTED if kind is Rental else RentalState.CLOSED
            if isinstance(made, ToolReturn):
                made.deducted, made.owed = made.deducted + 700, 700
            session.flush()
        use = MAKERS[LockerUse](session)
        assert isinstance(use, LockerUse)
        use.seeker_id = seeker
        session.add(use)


def end_everything(store: Store, referral: UUID) -> None:
    with store.write() as session:
        session.get_one(Referral, referral).state = ReferralState.DECLINED
        for rental in session.scalars(select(Rental)):
            rental.state = RentalState.CLOSED
        session.scalars(select(ToolReturn)).one().owed_paid = 700
        dispute = session.scalars(select(Dispute)).one()
        dispute.answer, dispute.answered_by, dispute.answered_at = "退一半", dispute.raised_by, now()
        use = session.scalars(select(LockerUse)).one()
        use.collected_at, use.collected_by = now(), use.stored_by


def test_what_is_open_keeps_a_person_and_each_hall_is_told_its_part(county_world: World) -> None:
    first, second = hall(county_world, "a"), hall(county_world, "b")
    seeker = add_seeker(first, NUMBER)
    open_everything(first, seeker)
    referral = add_referral(first, seeker, add_posting(first), 1)
    again = add_seeker(second, NUMBER)  # the same person, as another hall knows them
    other_referral = add_referral(second, again, add_posting(second), 1)
    settle(county_world, first, second)
    found = person_of(county_world, seeker)
    assert found.held
    assert found == person_of(county_world, again)
    assert set(found.ids) == {seeker, again}
    open_ = {line.id: dict(line.open) for line in found.halls}
    assert open_ == {
        first.origin.hall_id: dict.fromkeys(Hold, 1),
        second.origin.hall_id: {Hold.REFERRAL: 1},
    }
    with pytest.raises(PersonHeld):
        erased(county_world, seeker)
    end_everything(first, referral)
    settle(county_world, first)
    with pytest.raises(PersonHeld):  # the other hall has not ended its part
        erased(county_world, seeker)
    assert county_world.one("SELECT count(*) FROM purges") == 0
    settle(county_world, first, second)
    assert names(first) == {"样本甲", "样本"}  # the makers' people beside ours
    with second.write() as session:
        session.get_one(Referral, other_referral).state = ReferralState.FINISHED
    settle(county_world, second)
    assert not person_of(county_world, seeker).held
    erased(county_world, seeker)
    settle(county_world, first, second)
    assert names(first) == {"", "样本"}
    assert names(second) == {""}


def test_every_record_of_a_person_goes_in_every_hall(county_world: World) -> None:
    first, second, third, fourth = (hall(county_world, name) for name in "abcd")
    mine, theirs = add_seeker(first, NUMBER), add_seeker(second, NUMBER)
    stranger = add_seeker(fourth, "110105194912310038", "样本乙")
    settle(county_world, first, second, third, fourth)
    with county_world.client(third) as client:
        assert look_up(third, client, NUMBER)
    settle(county_world, third)
    assert names(third) == {"样本甲"}
    with county_world.county.transaction() as tx:
        assert by_number(tx, county_world.county, NUMBER) == min(mine, theirs)
        assert by_number(tx, county_world.county, "110105194912310070") is None
    found = person_of(county_world, theirs)
    rows = {line.id: line.rows for line in found.halls}
    assert rows[third.origin.hall_id] == 0  # a copy
    assert fourth.origin.hall_id not in rows
    assert all(line.heard_at is not None and line.name == "样本零工市场" for line in found.halls)
    assert NUMBER not in repr(found)
    assert "样本甲" not in repr(found)
    open_ = "SELECT count(*) FROM conflicts WHERE state = 'open'"  # one number, two records
    assert county_world.one(open_) == 2
    proof = erased(county_world, theirs, "mistake")
    settle(county_world, first, second, third, fourth)
    assert county_world.one(open_) == 0
    for store in (first, second):
        with store.read() as session:
            assert session.scalars(select(Conflict.state)).all() == [ConflictState.RESOLVED]
    assert export_person(county_world.county, NUMBER) == {}
    assert [names(store) for store in (first, second, third, fourth)] == [{""}] * 3 + [{"样本乙"}]
    with third.read() as session:
        assert {seeker.consent_version for seeker in session.scalars(select(Seeker))} == {PURGED}
    [(key, reason, said)] = county_world.rows("SELECT id, reason, rows::text FROM purges")
    assert (key, reason) == (proof, "mistake")
    assert not [who for who in (mine, theirs, stranger) if str(who) in str(said)]
    assert not person_of(county_world, stranger).held


def test_nobody_is_erased_twice(county_world: World) -> None:
    store = hall(county_world, "a")
    seeker = add_seeker(store, NUMBER)
    county_world.sync(store)

    def try_it(_: int) -> str:
        try:
            return str(erased(county_world, seeker))
        except PersonGone as gone:
            return str(gone.context["reason"])

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(try_it, range(4)))
    assert sorted(said)[1:] == ["purged"] * 3
    assert county_world.one("SELECT count(*) FROM purges") == 1
    with pytest.raises(PersonGone) as gone:
        erased(county_world, uuid7())
    assert gone.value.context["reason"] == "unknown"
    settle(county_world, store)
    again = add_seeker(store, NUMBER)  # comes back as somebody new
    county_world.sync(store)
    assert person_of(county_world, again).ids == (again,)
