"""Somebody new here who is known elsewhere in the county: found in time, or not waited for (spec S4; issue line 4)."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from db.models import ConflictKind, Seeker, SkillLevel, SyncState
from db.store import Store
from kiosk.clock import Clock
from kiosk.county.elsewhere import QUIET_SECONDS, Elsewhere
from kiosk.identity.slip_code import HallCodes
from kiosk.seekers.registration import AdmissionKind, RegistrationDesk
from kiosk.settings import CountyLink, Settings
from kiosk.visit import Step, Visit
from tests.county.test_conflicts import conflicts, settle
from tests.county.world import World, set_up
from tests.seekers.people import CONSENT, PHONE, document, number
from tests.ui.conftest import Seconds

BORN = date(1985, 3, 4)
QUICKLY = Settings(county=CountyLink(look_up_seconds=0.3))
PATIENT = Settings(county=CountyLink(look_up_seconds=5.0))  # as long as a busy machine may take


@contextlib.contextmanager
def silent_county() -> Iterator[str]:
    """It takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


def registration(store: Store, clock: Clock, elsewhere: Elsewhere | None = None) -> RegistrationDesk:
    codes = HallCodes(store, Settings())
    if elsewhere is None:
        return RegistrationDesk(store, Settings(), clock, codes)
    return RegistrationDesk(store, Settings(), clock, codes, elsewhere.find)


def known_there(world: World, clock: Clock) -> Store:
    """A hall where the person registered, with phone and trade; the county has it."""
    there = world.device("there")
    set_up(there)
    registration(there, clock).register(
        document(BORN), CONSENT, PHONE, frozenset(), {"bricklayer": SkillLevel.SENIOR}
    )
    world.sync(there)
    return there


def here(world: World) -> Store:
    store = world.device("here")
    set_up(store)
    world.sync(store)
    return store


def moved_to(store: Store, address: str) -> None:
    with store.write() as session:
        session.get_one(SyncState, 1).county_address = address


def seekers(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(Seeker)) or 0


def test_known_elsewhere_is_greeted_as_known(county_world: World, clock: Clock) -> None:
    there, store = known_there(county_world, clock), here(county_world)
    desk = registration(store, clock, Elsewhere(store, PATIENT))
    admission = desk.admit(document(BORN))
    assert admission.kind is AdmissionKind.KNOWN
    assert admission.certain
    assert admission.seeker is not None
    assert admission.seeker.trades == {"bricklayer": SkillLevel.SENIOR}
    # start, agree, the job, apply: no question is left (S4)
    visit = Visit()
    visit.start()
    visit.consent(datetime(2026, 11, 20, tzinfo=UTC))
    visit.identified(document(BORN), admission.seeker, admission.certain)
    assert visit.step is Step.JOBS
    # what they change here reaches the hall they came from
    desk.update(admission.seeker.id, phone="13900000007")
    settle(county_world, store, there)
    with there.read() as session:
        assert session.scalars(select(Seeker.phone)).one() == "13900000007"
    assert conflicts(store) == []
    assert [found for (found,) in county_world.rows("SELECT cardinality(found) FROM lookups")] == [1]


def test_unknown_everywhere_is_new(county_world: World, clock: Clock) -> None:
    known_there(county_world, clock)
    store = here(county_world)
    desk = registration(store, clock, Elsewhere(store, PATIENT))
    assert desk.admit(document(BORN, order=3)).kind is AdmissionKind.NEW
    assert seekers(store) == 0
    # the number itself is nowhere at the county
    assert county_world.one("SELECT count(*) FROM lookups") == 1


def test_a_silent_county_is_not_waited_for(county_world: World, clock: Clock, seconds: Seconds) -> None:
    store = here(county_world)
    elsewhere = Elsewhere(store, QUICKLY, seconds)
    with silent_county() as address:
        real = county_world.server.address
        moved_to(store, address)
        assert registration(store, clock, elsewhere).admit(document(BORN)).kind is AdmissionKind.NEW
        known_there(county_world, clock)
        moved_to(store, real)
        # the next visitors are not kept waiting …
        assert not elsewhere.find(number(BORN))
        assert county_world.one("SELECT count(*) FROM lookups") == 0
    # … for a while
    seconds.now += QUIET_SECONDS
    patient = Elsewhere(store, PATIENT, seconds)
    assert patient.find(number(BORN))


def test_a_county_that_is_down_is_no_hindrance(county_world: World, clock: Clock) -> None:
    store = here(county_world)
    moved_to(store, "https://127.0.0.1:1")
    desk = registration(store, clock, Elsewhere(store, PATIENT))
    assert desk.admit(document(BORN)).kind is AdmissionKind.NEW


@pytest.mark.parametrize("why", ["not enrolled", "never synced", "in trouble", "switched off"])
def test_it_is_asked_only_where_it_may_answer(county_world: World, clock: Clock, why: str) -> None:
    known_there(county_world, clock)
    settings = Settings(county=CountyLink(look_up_seconds=0)) if why == "switched off" else PATIENT
    if why == "not enrolled":
        store = county_world.store("alone")
    elif why == "never synced":
        store = county_world.device("here")
    else:
        store = here(county_world)
    if why == "in trouble":
        with store.write() as session:
            session.get_one(SyncState, 1).trouble = "revoked"
    assert not Elsewhere(store, settings).find(number(BORN))
    assert county_world.one("SELECT count(*) FROM lookups") == 0


def test_who_registers_meanwhile_is_found_to_be_the_same(county_world: World, clock: Clock) -> None:
    """No answer in time, so they register anew: the county says so in both halls, nothing is lost."""
    there, store = known_there(county_world, clock), here(county_world)
    with silent_county() as address:
        real = county_world.server.address
        moved_to(store, address)
        desk = registration(store, clock, Elsewhere(store, QUICKLY))
        assert desk.admit(document(BORN)).kind is AdmissionKind.NEW
        desk.register(document(BORN), CONSENT, "13900000005", frozenset(), {})
        moved_to(store, real)
    settle(county_world, store, there)
    for hall in (store, there):
        [conflict] = conflicts(hall)
        assert conflict.kind is ConflictKind.SAME_PERSON
        assert seekers(hall) == 1


def test_an_answer_that_comes_too_late_makes_no_double(county_world: World, clock: Clock) -> None:
    """The row came in after the screen went on: registering brings it up to date."""
    there, store = known_there(county_world, clock), here(county_world)
    desk = registration(store, clock)
    assert desk.admit(document(BORN)).kind is AdmissionKind.NEW
    assert Elsewhere(store, PATIENT).find(number(BORN))
    card = desk.register(document(BORN), CONSENT, "13900000006", frozenset(), {"bricklayer": SkillLevel.NONE})
    assert seekers(store) == 1
    settle(county_world, store, there)
    with there.read() as session:
        found = session.scalars(select(Seeker)).one()
        assert (found.id, found.phone) == (card.id, "13900000006")
    assert conflicts(store) == []
