"""Who wins (design §3.7): the rules as a table, then the same through TLS, PostgreSQL and two stores."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.county.conflicts import SAME, Change, Current, Rule, Verdict, barred, clean, decide
from db.county.work_off import Choice, work_off
from db.models import Conflict, ConflictKind, ConflictState, Posting, Referral, ReferralState, Seeker
from db.outbox import plain
from db.store import Store
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up

NUMBER = "11010519491231002X"
HALL, ME, YOU, COUNTY = uuid4(), uuid4(), uuid4(), UUID(int=0)
ROW = uuid4()


def change(op: str = "U", base: int = 1, changed: str = "phone", **values: object) -> Change:
    version = base + (op == "U")
    return Change(op, ROW, base, version, frozenset(changed.split(",")), values)


def current(
    version: int = 2,
    fields: dict[str, tuple[int, str]] | None = None,
    hall: UUID = HALL,
    device: UUID = ME,
    **values: object,
) -> Current:
    return Current(version, hall, device, fields or {}, values)


LATER = {"phone": (2, str(YOU))}
EARLY, LATE = "2026-11-20T01:00:00+00:00", "2026-11-20T02:00:00+00:00"
CASES = [
    # somebody else changed another field: both stand
    (
        Rule.FIELDS,
        change(phone="2"),
        current(fields={"name": (2, str(YOU))}, phone="1"),
        Verdict(frozenset({"phone"})),
    ),
    # … the same field: theirs stands, ours goes to the list
    (
        Rule.FIELDS,
        change(phone="2"),
        current(fields=LATER, phone="1"),
        Verdict(frozenset(), frozenset({"phone"}), ConflictKind.FIELDS),
    ),
    # … to the same value: nothing to decide
    (Rule.FIELDS, change(phone="2"), current(fields=LATER, phone="2"), SAME),
    # our own earlier change is no conflict with our later one
    (
        Rule.FIELDS,
        change(phone="3"),
        current(fields={"phone": (2, str(ME))}, phone="2"),
        Verdict(frozenset({"phone"})),
    ),
    # a whole row sent anew that is merely behind loses nothing
    (Rule.FIELDS, change("I", 0, phone="1"), current(fields=LATER, phone="2"), Verdict(frozenset())),
    # a step that the state still allows
    (
        Rule.STATES,
        change(changed="state", state="hired"),
        current(state="met"),
        Verdict(frozenset({"state"})),
    ),
    # … and one it does not
    (
        Rule.STATES,
        change(changed="state", state="hired"),
        current(state="lapsed"),
        Verdict(frozenset(), frozenset({"state"}), ConflictKind.STATE),
    ),
    # the step after one that another device took
    (
        Rule.STATES,
        change(changed="state", state="started"),
        current(fields={"state": (2, str(YOU))}, state="hired"),
        Verdict(frozenset({"state"})),
    ),
    # … but whoever did not know cannot take it back
    (
        Rule.STATES,
        change(changed="state", state="declined"),
        current(fields={"state": (2, str(YOU))}, state="hired"),
        Verdict(frozenset(), frozenset({"state"}), ConflictKind.STATE),
    ),
    # … and one that saw it hired (and changed something else since) can
    (
        Rule.STATES,
        change(base=2, changed="state", state="declined"),
        current(version=3, fields={"state": (2, str(YOU))}, state="hired"),
        Verdict(frozenset({"state"})),
    ),
    # the moment of the hire goes with the state
    (
        Rule.STATES,
        change(changed="state,hired_at", state="hired", hired_at=LATE),
        current(state="met", hired_at=None),
        Verdict(frozenset({"state", "hired_at"})),
    ),
    # … also where only the state was said to have changed, and away again
    (
        Rule.STATES,
        change(base=2, changed="state", state="cancelled", hired_at=None),
        current(version=3, fields={"state": (2, str(YOU))}, state="hired", hired_at=EARLY),
        Verdict(frozenset({"state", "hired_at"})),
    ),
    # … and is lost with it
    (
        Rule.STATES,
        change(changed="state,hired_at", state="hired", hired_at=LATE),
        current(state="declined", hired_at=None),
        Verdict(frozenset(), frozenset({"state", "hired_at"}), ConflictKind.STATE),
    ),
    (
        Rule.STATES,
        change(changed="state", state="declined", hired_at=None),
        current(fields={"state": (2, str(YOU))}, state="hired", hired_at=EARLY),
        Verdict(frozenset(), frozenset({"state", "hired_at"}), ConflictKind.STATE),
    ),
    # two said of one hire when it was: the one that stands counts
    (
        Rule.STATES,
        change(changed="state,hired_at", state="hired", hired_at=LATE),
        current(fields={"state": (2, str(COUNTY))}, state="hired", hired_at=EARLY),
        SAME,
    ),
    (
        Rule.STATES,
        change(changed="state,hired_at", state="started", hired_at=LATE),
        current(fields={"state": (2, str(COUNTY))}, state="hired", hired_at=EARLY),
        Verdict(frozenset({"state"})),
    ),
    # … unless none stands: an older device said hired
    (
        Rule.STATES,
        change(changed="state,hired_at", state="hired", hired_at=LATE),
        current(fields={"state": (2, str(YOU))}, state="hired", hired_at=None),
        Verdict(frozenset({"hired_at"})),
    ),
    # an older device knows of no moment
    (
        Rule.STATES,
        change(changed="state", state="started"),
        current(fields={"state": (2, str(YOU))}, state="hired", hired_at=EARLY),
        Verdict(frozenset({"state"})),
    ),
    # an employer said hired on the county's page, in time: a lapse only says that the hall had not heard
    (
        Rule.STATES,
        change(changed="state", state="lapsed"),
        current(fields={"state": (2, str(COUNTY))}, state="hired"),
        SAME,
    ),
    # a stale change of a posting
    (
        Rule.COUNTY,
        change(changed="title", title="b"),
        current(title="a"),
        Verdict(frozenset(), frozenset({"title"}), ConflictKind.COUNTY_RULES),
    ),
    # the county's own row
    (
        Rule.FIELDS,
        change(base=9, changed="title", title="b"),
        current(hall=COUNTY, title="a"),
        Verdict(frozenset(), frozenset({"title"}), ConflictKind.COUNTY_RULES),
    ),
    # another device's tool
    (
        Rule.OWNED,
        change(base=9, changed="state", state="out"),
        current(device=YOU, state="in_stock"),
        Verdict(frozenset(), frozenset({"state"}), ConflictKind.NOT_OWNER),
    ),
    # our own tool after a restored image: the device knows
    (
        Rule.OWNED,
        change(changed="state", state="out"),
        current(state="in_stock"),
        Verdict(frozenset({"state"})),
    ),
    # a line of a chain or a cash book never changes
    (
        Rule.EVENTS,
        change(base=9, changed="amount", amount=2),
        current(amount=1),
        Verdict(frozenset(), frozenset({"amount"}), ConflictKind.COUNTY_RULES),
    ),
    (Rule.EVENTS, change("I", 0, amount=1), current(amount=1), SAME),
    # a line of the list ends once
    (Rule.ONCE, change(changed="state", state="resolved"), current(state="resolved"), SAME),
    # a person who is gone is gone, whatever was said meanwhile; a refusal may still be overtaken
    (Rule.ONCE, change(changed="state", state="refused"), current(state="done"), SAME),
    (
        Rule.ONCE,
        change(changed="state", state="done"),
        current(state="refused"),
        Verdict(frozenset({"state"})),
    ),
    (
        Rule.ONCE,
        change(changed="state,resolution", state="resolved", resolution="kept"),
        current(state="resolved", resolution="noted"),
        SAME,
    ),
    (
        Rule.ONCE,
        change(changed="state", state="resolved"),
        current(state="open"),
        Verdict(frozenset({"state"})),
    ),
    (
        Rule.FIELDS,
        change("D", 1),
        current(phone="2"),
        Verdict(frozenset(), frozenset(), ConflictKind.DELETED),
    ),
]


@pytest.mark.parametrize(("rule", "ours", "theirs", "verdict"), CASES)
def test_the_rules(rule: Rule, ours: Change, theirs: Current, verdict: Verdict) -> None:
    assert barred(rule, ours, theirs, ME) or not clean(ours, theirs)
    assert decide(rule, ours, theirs, ME) == verdict


@given(
    st.sampled_from([rule for rule in Rule if rule is not Rule.ONCE]),
    st.sampled_from("IU"),
    st.integers(0, 4),
    st.integers(1, 5),
    st.dictionaries(st.sampled_from(("a", "b", "c", "amount")), st.integers(0, 2), min_size=1),
    st.dictionaries(st.sampled_from(("a", "b", "c", "amount")), st.integers(0, 2), min_size=1),
    st.dictionaries(
        st.sampled_from(("a", "b", "c", "amount")),
        st.tuples(st.integers(1, 5), st.sampled_from([str(ME), str(YOU)])),
    ),
)
def test_nothing_vanishes(
    rule: Rule,
    op: str,
    base: int,
    version: int,
    ours: dict[str, int],
    theirs: dict[str, int],
    fields: dict[str, tuple[int, str]],
) -> None:
    """What a device meant and the county lacks is taken, listed, or (a whole row) older than the county's."""
    meant = Change(op, ROW, base, base + 1, frozenset(ours), dict(ours))
    there = Current(version, HALL, ME, fields, dict(theirs))
    verdict = decide(rule, meant, there, ME)
    differing = {name for name in ours if name in theirs and ours[name] != theirs[name]}
    handled = (verdict.take or frozenset()) | verdict.lost
    assert handled <= differing
    if op == "U":
        assert handled == differing
    assert not (verdict.take or frozenset()) & verdict.lost
    assert (verdict.kind is not None) == bool(verdict.lost)


def two_halves(world: World) -> tuple[Store, Store, UUID]:
    """Two devices of one hall that both have the same seeker."""
    first = world.device("a")
    set_up(first)
    seeker = add_seeker(first, NUMBER, phone="13900000001")
    world.sync(first)
    second = world.device("b", hall=first.origin.hall_id)
    world.sync(second)
    return first, second, seeker


def settle(world: World, *stores: Store) -> None:
    for _ in range(2):
        for store in stores:
            world.sync(store)


def seeker_of(store: Store, seeker: UUID) -> Seeker:
    with store.read() as session:
        return session.get_one(Seeker, seeker)


def conflicts(store: Store) -> list[Conflict]:
    with store.read() as session:
        return list(session.scalars(select(Conflict).order_by(Conflict.id)))


def test_different_fields_of_one_person_are_merged(county_world: World) -> None:
    first, second, seeker = two_halves(county_world)
    with first.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000002"
    with second.write() as session:
        session.get_one(Seeker, seeker).address = "样本路 2 号"
    settle(county_world, first, second)
    for store in (first, second):
        found = seeker_of(store, seeker)
        assert (found.phone, found.address) == ("13900000002", "样本路 2 号")
    assert seeker_of(first, seeker).version == seeker_of(second, seeker).version
    assert conflicts(first) == []


def test_the_same_field_goes_to_the_list_and_is_worked_off_at_the_county(county_world: World) -> None:
    first, second, seeker = two_halves(county_world)
    for store, phone in ((first, "13900000002"), (second, "13900000003")):
        with store.write() as session:
            session.get_one(Seeker, seeker).phone = phone
    settle(county_world, first, second)
    for store in (first, second):
        assert seeker_of(store, seeker).phone == "13900000002"
        [conflict] = conflicts(store)
        assert conflict.details == {"phone": ["13900000002", "13900000003"]}
        assert conflict.kind is ConflictKind.FIELDS
    # nothing of it readable at rest
    [(details,)] = county_world.rows("SELECT details FROM conflicts")
    assert b"13900000003" not in bytes(details)  # type: ignore[call-overload]
    work_off(county_world.county, conflict.id, Choice.TAKE, "李")
    settle(county_world, first, second)
    for store in (first, second):
        assert seeker_of(store, seeker).phone == "13900000003"
        assert conflicts(store)[0].state is ConflictState.RESOLVED


def test_a_conflict_is_worked_off_at_the_counter(county_world: World) -> None:
    first, second, seeker = two_halves(county_world)
    for store, phone in ((first, "13900000002"), (second, "13900000003")):
        with store.write() as session:
            session.get_one(Seeker, seeker).phone = phone
    settle(county_world, first, second)
    with second.write() as session:
        conflict = session.scalars(select(Conflict)).one()
        conflict.state, conflict.resolution, conflict.resolved_by = ConflictState.RESOLVED, "kept", "staff"
    settle(county_world, second, first)
    assert conflicts(first)[0].state is ConflictState.RESOLVED


def test_a_referral_keeps_to_its_states(county_world: World) -> None:
    first, second, seeker = two_halves(county_world)
    posting = add_posting(first)
    referral = add_referral(first, seeker, posting, 1)
    settle(county_world, first, second)
    with first.write() as session:
        session.get_one(Referral, referral).state = ReferralState.LAPSED
    with second.write() as session:
        hired = session.get_one(Referral, referral)
        hired.state = ReferralState.HIRED
        moment = plain(hired.hired_at)
    settle(county_world, first, second)
    for store in (first, second):
        with store.read() as session:
            stands = session.get_one(Referral, referral)
            assert (stands.state, stands.hired_at) == (ReferralState.LAPSED, None)
        [conflict] = conflicts(store)
        assert conflict.kind is ConflictKind.STATE
        assert conflict.details == {"state": ["lapsed", "hired"], "hired_at": [None, moment]}


def test_an_overfilled_posting_is_listed_once(county_world: World) -> None:
    first, second, seeker = two_halves(county_world)
    posting = add_posting(first, openings=1)
    other = add_seeker(first, "110105194912310038", name="样本乙")
    settle(county_world, first, second)
    add_referral(first, seeker, posting, 1)
    add_referral(second, other, posting, 1)
    settle(county_world, first, second)
    [conflict] = conflicts(first)
    assert conflict.kind is ConflictKind.OVERFILLED
    assert conflict.details == {"openings": 1, "referred": 2}
    assert county_world.one("SELECT count(*) FROM referrals") == 2


def test_one_person_in_two_halls_is_listed_in_both(county_world: World) -> None:
    here, there = county_world.device("a"), county_world.device("b")
    for store in (here, there):
        add_seeker(store, NUMBER)
    settle(county_world, here, there)
    assert county_world.one("SELECT count(*) FROM seekers") == 2
    for store in (here, there):
        [conflict] = conflicts(store)
        assert conflict.kind is ConflictKind.SAME_PERSON


def test_one_person_at_two_devices_becomes_one_when_staff_say_so(county_world: World) -> None:
    first = county_world.device("a")
    set_up(first)
    posting = add_posting(first)
    county_world.sync(first)
    second = county_world.device("b", hall=first.origin.hall_id)
    county_world.sync(second)
    kept = add_seeker(first, NUMBER)
    doubled = add_seeker(second, NUMBER)
    referral = add_referral(second, doubled, posting, 1)
    settle(county_world, first, second)
    [conflict] = conflicts(second)
    assert conflict.kind is ConflictKind.SAME_PERSON
    work_off(county_world.county, conflict.id, Choice.MERGE, "李", keep=kept)
    settle(county_world, first, second)
    for store in (first, second):
        with store.read() as session:
            assert session.scalars(select(Seeker.id)).all() == [kept]
            assert session.get_one(Referral, referral).seeker_id == kept


def test_a_changed_row_that_was_deleted_stays_deleted(county_world: World) -> None:
    from db.county import publish

    first, _second, seeker = two_halves(county_world)
    with county_world.county.transaction() as tx:
        publish.bury(tx, "seekers", [seeker], "request")
    with first.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000004"
    settle(county_world, first)
    assert county_world.one("SELECT count(*) FROM seekers") == 0
    with first.read() as session:
        assert session.get(Seeker, seeker) is None
    [conflict] = conflicts(first)
    assert (conflict.kind, conflict.details) == (ConflictKind.DELETED, {})


def test_a_closed_posting_stays_closed(county_world: World) -> None:
    """County wins: a hall's stale change of its own posting loses, and is listed."""
    from db.county import publish

    store = county_world.device("a")
    set_up(store)
    posting = add_posting(store)
    county_world.sync(store)
    publish.write_own(county_world.county, "postings", {"state": "closed"}, posting)
    with store.write() as session:
        session.get_one(Posting, posting).title = "改名"
    settle(county_world, store)
    with store.read() as session:
        found = session.get_one(Posting, posting)
        assert (found.state.value, found.title) == ("closed", "砌墙工")
    [conflict] = conflicts(store)
    assert conflict.kind is ConflictKind.COUNTY_RULES
