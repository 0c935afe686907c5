"""A person's rights (issue §9): purge by age and on request, at hall and county; the whole of what is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from db.county.purge import export_person, purge, purge_older
from db.county.upkeep import upkeep
from db.models import Referral, ReferralState, Seeker, SeekerTrade, SkillLevel, now
from db.privacy import PURGED, purge_here
from db.store import Store
from tests.county.test_conflicts import settle
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up

NUMBER = "11010519491231002X"


def hall_of_two(world: World) -> tuple[Store, Store]:
    first = world.device("a")
    set_up(first)
    world.sync(first)
    return first, world.device("b", first.origin.hall_id)


def traces(store: Store) -> int:
    with store.read() as session:
        return len(
            session.scalars(
                select(Seeker.id).where((Seeker.name == "样本甲") | Seeker.phone.is_not(None))
            ).all()
        )


def test_a_purge_at_the_county_reaches_every_device_and_holds(county_world: World) -> None:
    first, second = hall_of_two(county_world)
    seeker = add_seeker(first, NUMBER)
    with first.write() as session:
        session.add(SeekerTrade(seeker_id=seeker, occupation_id="bricklayer", level=SkillLevel.JUNIOR))
    referral = add_referral(first, seeker, add_posting(first), 1)
    settle(county_world, first, second)
    assert traces(first) == traces(second) == 1
    assert export_person(county_world.county, NUMBER).keys() == {"seekers", "seeker_trades", "referrals"}
    assert export_person(county_world.county, NUMBER)["seekers"][0]["number_sealed"] == NUMBER
    assert purge(county_world.county, [seeker], "request") == 1
    with second.write() as session:  # a device that does not know yet
        session.get_one(Seeker, seeker).phone = "13900000009"
    settle(county_world, first, second)
    assert traces(first) == traces(second) == 0
    for store in (first, second):
        with store.read() as session:
            assert session.get_one(Seeker, seeker).consent_version == PURGED
            assert session.get_one(Referral, referral).seeker_id == seeker  # counts stay right
            assert session.scalars(select(SeekerTrade)).all() == []
    assert export_person(county_world.county, NUMBER) == {}
    [(reason, rows)] = county_world.rows("SELECT reason, rows::text FROM purges")
    assert reason == "request"
    assert str(seeker) not in str(rows)


def test_a_purge_at_the_hall_reaches_the_county_and_the_others(county_world: World) -> None:
    first, second = hall_of_two(county_world)
    seeker = add_seeker(first, NUMBER)
    settle(county_world, first, second)
    with first.write() as session:
        assert purge_here(session, first.keys, seeker) == {"seekers": 1}
    settle(county_world, first, second)
    assert traces(first) == traces(second) == 0
    assert export_person(county_world.county, NUMBER) == {}
    assert county_world.rows("SELECT reason FROM purges") == [("hall",)]
    again = add_seeker(first, NUMBER)  # the person comes back: a new record
    settle(county_world, first, second)
    assert export_person(county_world.county, NUMBER)["seekers"][0]["id"] == str(again)


def test_old_records_go_and_people_at_work_stay(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    old, working, recent = (add_seeker(store, number) for number in ("A", "B", "C"))
    referral = add_referral(store, working, add_posting(store), 1)
    with store.write() as session:
        for seeker in (old, working):
            session.get_one(Seeker, seeker).last_seen_at = now() - timedelta(days=800)
    county_world.sync(store)
    limit = now() - timedelta(days=730)
    assert purge_older(county_world.county, limit) == 1
    assert purge_older(county_world.county, limit) == 0
    with store.write() as session:
        session.get_one(Referral, referral).state = ReferralState.CANCELLED
    county_world.sync(store)
    assert purge_older(county_world.county, limit) == 1
    county_world.sync(store)
    with store.read() as session:
        kept = session.scalars(select(Seeker.id).where(Seeker.consent_version != PURGED)).all()
    assert kept == [recent]


def test_a_device_that_was_away_too_long_starts_anew(county_world: World) -> None:
    first, second = hall_of_two(county_world)
    settle(county_world, first, second)
    seeker = add_seeker(first, NUMBER)
    county_world.sync(first)
    done = upkeep(county_world.county, timedelta(days=730), now() + timedelta(days=61))
    assert done.feed_lines > 0
    assert done.people == 0
    county_world.sync(second)
    with second.read() as session:
        assert session.get_one(Seeker, seeker).name == "样本甲"
    assert upkeep(county_world.county, timedelta(days=730), now() + timedelta(days=800)).people == 1
    county_world.sync(second)
    assert traces(second) == 0


def test_a_purge_goes_through_although_another_device_wrote_meanwhile(county_world: World) -> None:
    first, second = hall_of_two(county_world)
    seeker = add_seeker(first, NUMBER)
    settle(county_world, first, second)
    with second.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000009"
    county_world.sync(second)
    with first.write() as session:
        purge_here(session, first.keys, seeker)
    settle(county_world, first, second)
    assert traces(first) == traces(second) == 0
    assert export_person(county_world.county, NUMBER) == {}
    assert county_world.rows("SELECT reason FROM purges") == [("hall",)]


def test_two_devices_that_purge_one_person_leave_nothing_to_decide(county_world: World) -> None:
    first, second = hall_of_two(county_world)
    seeker = add_seeker(first, NUMBER)
    settle(county_world, first, second)
    for store in (first, second):
        with store.write() as session:
            purge_here(session, store.keys, seeker)
    settle(county_world, first, second)
    assert traces(first) == traces(second) == 0
    assert county_world.one("SELECT count(*) FROM conflicts") == 0
    assert county_world.rows("SELECT reason FROM purges") == [("hall",)]
