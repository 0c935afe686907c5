"""One slip key per hall: whose slips a device reads, over a real county service."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import select

from db.county import slip_keys
from db.county.service import Service
from db.keys import KEY_BYTES
from db.models import Referral, WaitingRow, now
from db.slip_token import open_token
from db.store import Store
from db.sync import wire
from db.sync.client import CountyClient
from db.sync.device_key import DeviceKey
from db.sync.enrol import adopt, enrol
from db.sync.errors import CountyFailed, CountyRefused
from db.sync.line import fetch_authority
from db.sync.wire import EnrolReply, EnrolRequest
from kiosk.clock import Clock
from kiosk.errors import SignInFailed
from kiosk.identity.slip_code import CodeKind, HallCodes, SlipCode
from kiosk.jobs.slip_check import SlipDesk, Standing
from kiosk.settings import Settings, Slips
from kiosk.staff.accounts import AccountsDesk
from tests.county.world import Server, World, add_posting, add_referral, add_seeker, no_limits, set_up
from tests.jobs.test_read_slip import drawn
from tests.tools.shop import PIN, QUICK
from ui.commands.read_slip import read_slip

NUMBER, OTHER_NUMBER = "11010519491231002X", "130534198801010011"
PUBLIC = "HTTPS://COUNTY.EXAMPLE"


def codes(store: Store) -> HallCodes:
    return HallCodes(store, Settings())


def clock() -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"), lambda: now() - timedelta(hours=1))  # no slip is over yet


def standing(store: Store, text: str) -> Standing:
    return SlipDesk(store, clock(), codes(store)).check(text).standing


def slip(store: Store, number: str, name: str, serial: int = 1) -> str:
    """A slip that this device gives out, as its code reads."""
    add_referral(store, add_seeker(store, number, name), add_posting(store), serial)
    return codes(store).make(SlipCode(CodeKind.MATCH_SLIP, store.origin.device_number, serial))


def hall_key(world: World, hall: UUID) -> bytes:
    with world.county.transaction() as tx:
        return slip_keys.slip_key(tx, world.county, hall)


def test_the_halls_second_device_reads_the_firsts_slips_and_another_halls_does_not(
    county_world: World,
) -> None:
    first = county_world.store("a")
    set_up(first)
    early = slip(first, NUMBER, "张样三")  # printed before anybody joined anything
    enrol(first, county_world.server.address, county_world.code())
    later = slip(first, OTHER_NUMBER, "李样四", 2)
    assert standing(first, early) is standing(first, later) is Standing.VALID

    second = county_world.device("b", first.origin.hall_id)
    assert standing(second, early) is standing(second, later) is Standing.UNKNOWN  # ours, but not come yet
    county_world.sync(first)
    county_world.sync(second)
    found = SlipDesk(second, clock(), codes(second)).check(early)
    assert (found.standing, found.slip_number, found.masked_name) == (Standing.VALID, "01-000001", "张*三")
    assert standing(second, later) is Standing.VALID

    stranger = county_world.device("c")
    set_up(stranger)
    theirs = slip(stranger, NUMBER, "张样三")
    assert standing(stranger, theirs) is Standing.VALID
    for store in (first, second):
        assert standing(store, theirs) is Standing.FOREIGN
    for ours in (early, later):
        assert standing(stranger, ours) is Standing.FOREIGN
        changed = ours[:9] + ("B" if ours[9] != "B" else "C") + ours[10:]
        assert standing(second, changed) is Standing.TAMPERED

    assert hall_key(county_world, first.origin.hall_id) == first.keys.slip_keys[0] == second.keys.slip_keys[0]
    assert open_token(hall_key(county_world, first.origin.hall_id), later) == (CodeKind.MATCH_SLIP, 1, 2)
    assert hall_key(county_world, stranger.origin.hall_id) == stranger.keys.own_slip_key


def test_read_slip_tells_ours_from_theirs_whichever_device_printed_it(
    county_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = county_world.device("a")
    set_up(first)
    ours = slip(first, NUMBER, "张样三")
    second = county_world.device("b", first.origin.hall_id)
    county_world.sync(first)
    county_world.sync(second)
    stranger = county_world.device("c")
    theirs = codes(stranger).make(SlipCode(CodeKind.MATCH_SLIP, 1, 1))
    pictures = [drawn(tmp_path / "ours.png", ours), drawn(tmp_path / "theirs.png", theirs)]
    for store, said in ((second, ["expired", "foreign"]), (stranger, ["foreign", "unknown"])):
        assert read_slip(pictures, store.path.parent, as_json=True) == 0
        assert [entry["codes"][0]["standing"] for entry in json.loads(capsys.readouterr().out)] == said


def test_what_a_device_printed_before_it_joined_is_read_there_and_nobody_is_mixed_up(
    county_world: World,
) -> None:
    """Both called themselves device 1 and gave out slip 1."""
    first = county_world.device("a")
    set_up(first)
    halls = slip(first, NUMBER, "张样三")
    county_world.sync(first)

    second = county_world.store("b")
    set_up(second)
    accounts = AccountsDesk(second, Settings(), clock(), codes(second), QUICK)
    boss = accounts.set_up("样本主任", PIN)
    badge = accounts.issue_badge(boss, boss.staff_id)
    early = slip(second, OTHER_NUMBER, "李样四")
    enrol(second, county_world.server.address, county_world.code("2 号", first.origin.hall_id))
    for _ in range(2):
        county_world.sync(second)
        county_world.sync(first)

    assert second.origin.device_number == 2
    desk = SlipDesk(second, clock(), codes(second))
    assert (desk.check(early).masked_name, desk.check(early).slip_number) == ("李*四", "02-000001")
    assert (desk.check(halls).masked_name, desk.check(halls).slip_number) == ("张*三", "01-000001")
    assert accounts.sign_in_by_badge(badge).staff_id == boss.staff_id
    assert standing(first, early) is Standing.FOREIGN  # its key never left the second device
    for store in (first, second):
        with store.read() as session:
            assert set(session.scalars(select(Referral.slip_number))) == {"01-000001", "02-000001"}
            assert session.scalars(select(WaitingRow)).all() == []
    # a badge of the first device with the same serial is not this one
    other = codes(first).make(SlipCode(CodeKind.STAFF, 1, codes(second).read(badge).serial))
    with pytest.raises(SignInFailed):
        accounts.sign_in_by_badge(other)


def test_keys_and_address_come_with_the_enrolment_and_stay(county_world: World) -> None:
    service = Service(county_world.county, county_world.tls.authority, no_limits(), PUBLIC)
    served = Server(service, county_world.tls)
    try:
        first, second = county_world.store("a"), county_world.store("b")
        before = codes(second)  # an app that runs meanwhile
        assert before.make(SlipCode(CodeKind.TOOL, 1, 1)).startswith("C")
        enrol(first, served.address, county_world.code())
        enrol(second, served.address, county_world.code("2 号", first.origin.hall_id))
        text = before.make(SlipCode(CodeKind.TOOL, 2, 1))
    finally:
        served.close()
    assert text.startswith(f"{PUBLIC}/")
    assert codes(first).read(text) == SlipCode(CodeKind.TOOL, 2, 1)
    assert text.rpartition("/")[2] == HallCodes(first, Settings()).tokens(SlipCode(CodeKind.TOOL, 2, 1))[0]
    own = Settings(slips=Slips(county_address="http://10.0.0.1:8080/s/"))
    assert HallCodes(second, own).make(SlipCode(CodeKind.TOOL, 2, 1)).startswith("HTTP://10.0.0.1:8080/S/")

    again = Store.open(second.path.parent)
    try:
        assert (
            again.keys.slip_keys
            == second.keys.slip_keys
            == (first.keys.own_slip_key, second.keys.own_slip_key)
        )
        assert (again.public_address, again.first_number) == (PUBLIC, 1)
    finally:
        again.close()
    sealed = county_world.one("SELECT slip_key_sealed FROM hall_keys")
    assert isinstance(sealed, bytes)
    assert first.keys.own_slip_key not in sealed
    assert wire.as_text(first.keys.own_slip_key).encode() not in sealed


def test_enrolled_again_it_still_knows_what_it_printed_alone(county_world: World) -> None:
    first = county_world.device("a")
    second = county_world.store("b")
    early = codes(second).make(SlipCode(CodeKind.LOCKER, 1, 4))
    hall = first.origin.hall_id
    enrol(second, county_world.server.address, county_world.code("2 号", hall))
    enrol(second, county_world.server.address, county_world.code("2 号", hall, second.origin.device_id))
    assert codes(second).read(early) == SlipCode(CodeKind.LOCKER, 2, 4)
    assert codes(second).read(codes(first).make(SlipCode(CodeKind.LOCKER, 1, 4))).device_number == 1


class OldRequest(msgspec.Struct):
    """What a device sent before halls had slip keys."""

    code: str
    hall_id: UUID
    device_id: UUID
    device_number: int
    public_key: bytes
    box_key: bytes
    schema: str


def test_an_old_device_and_an_old_service_still_talk(county_world: World) -> None:
    store = county_world.store("a")
    address, key = county_world.server.address, DeviceKey(b"d" * KEY_BYTES)
    authority = fetch_authority(address)
    code = county_world.code().replace("-", "")[:16]
    mark = store.origin
    sent = OldRequest(code, mark.hall_id, mark.device_id, 1, key.public, key.box_public, "0003")
    with CountyClient(address, authority) as client:
        reply = client._call("POST", "/v1/enrol", wire.pack(sent), EnrolReply)
    derived = hall_key(county_world, mark.hall_id)
    assert reply.slip_key == derived != store.keys.own_slip_key
    # the next device of the hall gets the same, whatever it brings
    second = county_world.device("b", mark.hall_id)
    assert second.keys.slip_keys == (derived, second.keys.own_slip_key)

    said = {
        name: value
        for name, value in msgspec.to_builtins(reply).items()
        if name not in ("slip_key", "public_address")
    }
    old = wire.decode(wire.pack(said), EnrolReply)
    adopt(store, address, authority, key, old)
    assert list(store.keys.slip_keys) == [store.keys.own_slip_key]
    assert codes(store).make(SlipCode(CodeKind.TOOL, 1, 1)).startswith("C")
    nonsense = msgspec.structs.replace(reply, public_address="javascript:alert(1)")
    adopt(store, address, authority, key, nonsense)
    assert store.public_address == ""
    assert list(store.keys.slip_keys) == [derived, store.keys.own_slip_key]


def test_a_slip_key_of_another_length_is_refused_and_the_code_still_counts(county_world: World) -> None:
    store = county_world.store("a")
    code = county_world.code().replace("-", "")
    mark, key = store.origin, DeviceKey(b"d" * KEY_BYTES)
    request = EnrolRequest(
        code[:16], mark.hall_id, mark.device_id, 1, key.public, key.box_public, "0005", b"short"
    )
    address = county_world.server.address
    with (
        CountyClient(address, fetch_authority(address)) as client,
        pytest.raises((CountyRefused, CountyFailed)),
    ):
        client.enrol(request)
    enrol(store, address, code)
    assert hall_key(county_world, mark.hall_id) == store.keys.own_slip_key


def test_halls_without_a_key_have_one_each(county_world: World) -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert hall_key(county_world, one) == hall_key(county_world, one) != hall_key(county_world, two)
    other = replace(county_world.county, keys=replace(county_world.county.keys, secret=bytes(KEY_BYTES)))
    with other.transaction() as tx:
        assert slip_keys.slip_key(tx, other, one) != hall_key(county_world, one)
        assert len(slip_keys.slip_key(tx, other, one)) == KEY_BYTES
