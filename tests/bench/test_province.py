"""The province's devices are made of real days: each must be one the county takes whole."""

from __future__ import annotations

from pathlib import Path

from db.county import enrol, ingest
from db.sync.batch import decode
from db.sync.wire import EnrolRequest, Envelope
from tests.bench.province import DEVICES_A_HALL, days, own
from tests.county.world import World


def test_days_of_several_devices_have_nothing_in_common(county_world: World, tmp_path: Path) -> None:
    [day] = days(tmp_path, 60, count=1)
    devices = [own(day, number) for number in range(DEVICES_A_HALL + 1)]
    assert len({device.id for device in devices}) == len(devices)
    assert len({device.hall for device in devices}) == 2
    events: set[str] = set()
    for device in devices:
        batch, _ = decode(device.body, 1, day.writes)
        assert events.isdisjoint(batch.events)
        events.update(batch.events)
        first = device.number % DEVICES_A_HALL == 0
        code = enrol.make_code(county_world.county, "x", None if first else device.hall)
        keys = device.key.public, device.key.box_public
        enrol.enrol(
            county_world.county,
            EnrolRequest(code, device.hall, device.id, 1, *keys, county_world.county.schema),
        )
        envelope = Envelope("POST", "/v1/push", device.id, 1, 1, day.writes)
        mark = ingest.push(county_world.county, envelope, device.body)
        assert (mark.seq, mark.refused) == (day.writes, ())
    assert county_world.one("SELECT count(*) FROM inbox") == len(events) == day.writes * len(devices)
    assert county_world.one("SELECT count(*) FROM quarantine") == 0
    assert county_world.one("SELECT count(*) FROM conflicts") == 0
