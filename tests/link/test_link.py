"""How the link stands, joining the county from the counter, and the stick."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from db.county import enrol as county_enrol
from db.county.usb import import_stick
from db.models import RefusedRow, now
from db.sync.errors import CountyUnreachable, EnrolRefused, LinkInUse, StickInvalid
from db.sync.schedule import turn
from db.sync.state import standing
from kiosk.county.link import LinkDesk, LinkTrouble
from kiosk.county.sticks import FOLDER
from kiosk.errors import NotAllowed
from tests.county.world import World
from tests.link.world import Told, loop_for
from tests.tools.shop import Shop


def test_a_device_that_is_not_enrolled_says_so(shop: Shop) -> None:
    state = LinkDesk(shop.counter).state()
    assert not state.enrolled
    assert state.waiting > 100
    assert state.sign is None


def test_enrolled_while_it_runs_it_syncs_without_a_restart(shop: Shop, county_world: World) -> None:
    told = Told()
    loop = loop_for(shop.store, told)
    desk = LinkDesk(shop.counter, loop)
    loop.start()
    try:
        state = desk.enrol(shop.boss, county_world.server.address, county_world.code("柜台"))
        assert state.county == county_world.server.address
        told.wait(lambda stands: stands.enrolled and stands.last_success_at is not None)
        state = desk.state()
        assert (state.waiting, state.trouble, state.sign) == (0, None, None)
        assert county_world.one("SELECT count(*) FROM postings") == 87
        assert state.next_try_at is not None
        county_enrol.revoke(county_world.county, shop.store.origin.device_id)
        desk.sync_now()
        told.wait(lambda stands: stands.trouble != "")
        assert desk.state().sign is LinkTrouble.REVOKED
        assert desk.state().stopped
    finally:
        assert loop.stop()


def test_only_a_supervisor_enrols_and_a_wrong_code_is_told(shop: Shop, county_world: World) -> None:
    desk = LinkDesk(shop.counter)
    with pytest.raises(NotAllowed):
        desk.enrol(shop.clerk, county_world.server.address, county_world.code())
    with pytest.raises(EnrolRefused):
        desk.enrol(shop.boss, county_world.server.address, "A" * 16 + county_world.tls.fingerprint)
    with pytest.raises(CountyUnreachable):
        desk.enrol(shop.boss, "127.0.0.1:1", county_world.code())
    assert not desk.state().enrolled


def test_what_was_refused_is_told_by_table_and_reason(shop: Shop, county_world: World) -> None:
    desk = LinkDesk(shop.counter)
    desk.enrol(shop.boss, county_world.server.address, county_world.code())
    with shop.store.write() as session:
        for at in range(2):
            session.add(
                RefusedRow(
                    event_id=uuid7(),
                    seq=at,
                    table="seekers",
                    row_id=uuid7(),
                    reason="value",
                    refused_at=now(),
                )
            )
    [rows] = desk.state().refused
    assert (rows.table, rows.reason, rows.count) == ("seekers", "value", 2)


def test_a_link_that_is_silent_for_long_is_stale(shop: Shop, county_world: World) -> None:
    desk = LinkDesk(shop.counter)
    shop.time.at = now()
    desk.enrol(shop.boss, county_world.server.address, county_world.code())
    assert not desk.state().stale
    county_world.sync(shop.store)
    shop.time.at = now() + timedelta(hours=47)
    assert desk.state().sign is None
    shop.time.forward(hours=2)
    assert desk.state().sign is LinkTrouble.STALE
    shop.time.at = now() - timedelta(days=365)  # the clock ran a year ahead then, and was put right
    assert desk.state().sign is LinkTrouble.STALE


def test_by_stick_to_the_county_and_back(shop: Shop, county_world: World, tmp_path: Path) -> None:
    stick = tmp_path / "media" / "STICK"
    stick.mkdir(parents=True)
    desk = LinkDesk(shop.counter)
    desk.enrol(shop.boss, county_world.server.address, county_world.code())
    with pytest.raises(NotAllowed):
        desk.to_stick(shop.clerk, stick / FOLDER)
    waiting = desk.state().waiting
    done = desk.to_stick(shop.boss, stick / FOLDER)
    assert done.rows >= waiting
    with pytest.raises(StickInvalid) as none:
        desk.from_stick(shop.boss, stick / FOLDER)
    assert none.value.context["reason"] == "none_for_us"
    import_stick(county_world.county, stick / FOLDER)
    assert county_world.one("SELECT count(*) FROM postings") == 87
    desk.from_stick(shop.boss, stick / FOLDER)
    assert desk.state().waiting <= 2  # the audit lines of the stick itself
    with pytest.raises(StickInvalid) as pulled:
        desk.from_stick(shop.boss, stick / ("x" * 300))  # what the system cannot read
    assert pulled.value.context["reason"] == "not_read"
    (tmp_path / "file").touch()
    with pytest.raises(StickInvalid) as wrong:
        desk.to_stick(shop.boss, tmp_path / "file")
    assert wrong.value.context["reason"] == "not_written"


def test_line_and_stick_take_turns(shop: Shop, county_world: World) -> None:
    desk = LinkDesk(shop.counter)
    desk.enrol(shop.boss, county_world.server.address, county_world.code())
    told = Told()
    loop = loop_for(shop.store, told)
    with turn(shop.store):
        with pytest.raises(LinkInUse), turn(shop.store):
            pass
        loop.start()
        told.wait(lambda _: True)
        assert standing(shop.store).last_tried_at is None
    loop.sync_soon()
    told.wait(lambda stands: stands.last_success_at is not None)
    assert loop.stop()


def test_sticks_that_can_be_written_to(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    mounted = [tmp_path / "A", tmp_path / "gone"]
    [stick] = LinkDesk(shop.counter, mounted=lambda: mounted).sticks()
    assert (stick.name, stick.folder) == ("A", tmp_path / "A" / FOLDER)
    assert stick.free > 0
    mounted.clear()
    assert LinkDesk(shop.counter, mounted=lambda: mounted).sticks() == ()
