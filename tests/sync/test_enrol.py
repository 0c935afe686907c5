"""Enrolment, revocation, new keys, whom a device trusts (design §3.10, spec C4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.county import authority, enrol
from db.models import Ban, BanReason, Device, Hall, Occupation, Seeker, SyncState, now
from db.store import Store
from db.sync.client import CountyClient
from db.sync.enrol import enrol as enrol_device
from db.sync.errors import CountyNotTrusted, CountyRefused, CountyUnreachable, EnrolRefused, NotEnrolled
from db.sync.round import rotate, sync_once
from db.sync.state import link, standing
from tests.county.world import Server, World, add_posting, add_seeker, set_up
from tests.sync.test_push import settings, write

NUMBER = "11010519491231002X"


def test_a_code_counts_once(county_world: World) -> None:
    code = county_world.code()
    first, second = county_world.store("a"), county_world.store("b")
    reply = enrol_device(first, county_world.server.address, code)
    again = enrol_device(first, county_world.server.address, code)  # the first answer was lost
    assert (again.hall_id, again.device_number) == (reply.hall_id, reply.device_number)
    with pytest.raises(EnrolRefused) as refusal:
        enrol_device(second, county_world.server.address, code)
    assert refusal.value.context["reason"] == "used"
    county_world.sync(first)


def test_wrong_and_late_codes_are_refused(county_world: World) -> None:
    store = county_world.store("a")
    address, pin = county_world.server.address, county_world.tls.fingerprint
    with pytest.raises(EnrolRefused):
        enrol_device(store, address, "too short")
    with pytest.raises(EnrolRefused) as refusal:
        enrol_device(store, address, "ABCD-EFGH-JKMN-PQRS-" + pin)
    assert refusal.value.context["reason"] == "unknown"
    late = enrol.make_code(county_world.county, "x", valid=timedelta(seconds=-1))
    with pytest.raises(EnrolRefused) as refusal:
        enrol_device(store, address, late + pin)
    assert refusal.value.context["reason"] == "over"
    assert standing(store).enrolled is False
    with pytest.raises(NotEnrolled):
        link(store)


def test_somebody_else_who_answers_is_found_out(county_world: World, tmp_path: Path) -> None:
    store = county_world.store("a")
    code = county_world.code()
    other = authority.local(tmp_path / "other", ("127.0.0.1",))
    wrong = code[: -len(county_world.tls.fingerprint)] + other.fingerprint
    with pytest.raises(CountyNotTrusted):
        enrol_device(store, county_world.server.address, wrong)
    enrol_device(store, county_world.server.address, code)
    known = link(store)
    with (
        CountyClient(known.address, other.authority, known.identity) as client,
        pytest.raises(CountyNotTrusted),
    ):
        client.mark()


def test_joining_a_hall_brings_the_devices_own_rows_along(county_world: World) -> None:
    first = county_world.device("a")
    set_up(first)
    add_posting(first)
    county_world.sync(first)
    second = county_world.store("b")
    set_up(second)
    seeker = add_seeker(second, NUMBER)
    posting = add_posting(second)
    enrol_device(second, county_world.server.address, county_world.code("2 号", first.origin.hall_id))
    assert second.origin.hall_id == first.origin.hall_id
    assert second.origin.device_number == 2
    county_world.sync(second)
    county_world.sync(first)
    with first.read() as session:
        assert session.get_one(Seeker, seeker).hall_id == first.origin.hall_id
        assert len(session.scalars(select(Occupation)).all()) == 1
    with second.read() as session:
        assert len(session.scalars(select(Occupation)).all()) == 1
        assert session.scalars(select(Hall)).one().id == first.origin.hall_id
    assert county_world.one("SELECT count(*) FROM postings WHERE id = %s", posting) == 1
    assert county_world.one("SELECT count(*) FROM halls") == 1
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


def test_a_code_typed_in_wide_letters_counts_too(county_world: World) -> None:
    """As a Chinese keyboard writes them."""
    store, code = county_world.store("a"), county_world.code()
    with pytest.raises(EnrolRefused) as refusal:
        enrol_device(store, county_world.server.address, "登" * 32)
    assert refusal.value.context["reason"] == "length"
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    enrol_device(store, county_world.server.address, wide)
    assert standing(store).enrolled


def test_people_are_found_again_after_enrolment(county_world: World) -> None:
    store = county_world.store("a")
    seeker = add_seeker(store, NUMBER)
    before = store.keys.index(NUMBER)
    enrol_device(store, county_world.server.address, county_world.code())
    assert store.keys.index(NUMBER) == county_world.county.keys.index(NUMBER) != before
    with store.read() as session:
        found = session.scalars(select(Seeker).where(Seeker.number_index == store.keys.index(NUMBER))).one()
        assert found.id == seeker
    again = Store.open(store.path.parent)
    assert again.keys.index(NUMBER) == store.keys.index(NUMBER)
    again.close()


def test_a_ban_stays_with_its_person_whenever_the_power_goes(
    county_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, day = county_world.store("a"), now().date()
    with store.write() as session:
        person = store.keys.index(NUMBER)
        session.add(
            Ban(person=person, reason=BanReason.NO_SHOW, starts_on=day, until=day, decided_by="样本负责人")
        )
    add_seeker(store, NUMBER)

    class PowerCut(BaseException):
        pass

    def cut(store: Store, *args: object) -> None:
        """Right after what makes this store the county's was committed."""
        with store.read() as session:
            if session.get(SyncState, 1) is not None:
                raise PowerCut

    with monkeypatch.context() as power:
        power.setattr(Store, "refresh_origin", cut)
        with pytest.raises(PowerCut):
            enrol_device(store, county_world.server.address, county_world.code())
    store.close()
    store = county_world.store("a")
    with store.read() as session:
        assert session.scalars(select(Ban.person)).all() == [store.keys.index(NUMBER)]
    county_world.sync(store)
    assert county_world.one("SELECT person FROM bans") == store.keys.index(NUMBER)


def test_another_process_learns_of_the_enrolment(county_world: World) -> None:
    running = county_world.store("a")
    other = county_world.store("a")
    enrol_device(other, county_world.server.address, county_world.code())
    write(running, 1)
    assert running.origin == other.origin
    assert running.keys.index(NUMBER) == other.keys.index(NUMBER)


def test_a_lost_device_is_refused_and_the_others_know(county_world: World) -> None:
    first = county_world.device("a")
    with first.write() as session:
        session.add(Device(id=first.origin.device_id, number=1, name="1 号自助机"))
    county_world.sync(first)
    second = county_world.device("b", hall=first.origin.hall_id)
    county_world.sync(second)
    assert enrol.revoke(county_world.county, first.origin.device_id) is True
    write(first, 1)
    with pytest.raises(CountyRefused) as refusal:
        county_world.sync(first)
    assert refusal.value.context["reason"] == standing(first).trouble == "revoked"
    assert standing(first).waiting == 1
    county_world.sync(second)
    with second.read() as session:
        assert session.get_one(Device, first.origin.device_id).revoked_at is not None
    # found again: enrolled anew with a code made for it, it goes on where it was
    code = county_world.code("1 号", replaces=first.origin.device_id)
    enrol_device(first, county_world.server.address, code)
    county_world.sync(first)
    assert settings(county_world) == ["k0"]


def test_an_unknown_device_is_refused(county_world: World) -> None:
    store = county_world.device("a")
    with county_world.county.transaction() as tx:
        tx.execute("DELETE FROM enrolled")
    with pytest.raises(CountyRefused) as refusal:
        county_world.sync(store)
    assert refusal.value.context["reason"] == "unknown_device"


def test_keys_are_changed_without_a_gap(county_world: World) -> None:
    store = county_world.device("a")
    old = link(store).identity.key.public
    rotate(store)
    write(store, 1)
    county_world.sync(store)
    assert link(store).identity.key.public != old
    assert county_world.one("SELECT public_key FROM enrolled") == link(store).identity.key.public
    # the answer got lost: the device still speaks with the old key, and asks again
    with store.write() as session:
        state = session.get_one(SyncState, 1)
        kept = state.device_key_sealed
    rotate(store)
    with store.write() as session:
        state = session.get_one(SyncState, 1)
        state.next_key_sealed, state.device_key_sealed = state.device_key_sealed, kept
    county_world.sync(store)
    rotate(store)
    write(store, 1, start=1)
    county_world.sync(store)
    assert len(settings(county_world)) == 2


@pytest.mark.parametrize("years", [-1, 1])
def test_a_wrong_clock_stops_nothing_and_is_known(county_world: World, years: int) -> None:
    store = county_world.device("a")
    write(store, 3)

    def wrong() -> datetime:
        return datetime.now(UTC) + timedelta(days=365 * years)

    known = link(store)
    with CountyClient(known.address, known.authority, known.identity, 10.0, wrong) as client:
        sync_once(store, client, now=wrong)
    assert len(settings(county_world)) == 3
    offset = county_world.one("SELECT clock_offset_ms FROM enrolled")
    assert isinstance(offset, int)
    assert abs(offset + years * 365 * 86_400_000) < 60_000
    own = standing(store).clock_offset_ms
    assert own is not None
    assert abs(own + years * 365 * 86_400_000) < 60_000


def test_no_line_is_told_and_nothing_lost(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 2)
    county_world.server.close()
    with pytest.raises(CountyUnreachable):
        county_world.sync(store)
    assert (standing(store).failures, standing(store).waiting) == (1, 2)
    county_world.server = Server(county_world.service(), county_world.tls, county_world.server.port)
    county_world.sync(store)
    assert standing(store).failures == standing(store).waiting == 0
