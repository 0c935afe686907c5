"""A device loses its power at any byte while it writes and syncs: what its disk holds then goes on with the county."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import select

from db.models import Setting
from db.store import FILE
from db.sync.state import standing
from tests.county.world import World
from tests.faults.busy_device import DeviceProcess, Ours, Turn, Write
from tests.faults.disk import Cut, Disk
from tests.faults.test_sync_lines import assert_once_in_order

TURNS = 24
MOST = 500  # things asked of the disk until the power fails: two or three turns of a device


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.glob(FILE + "*") if not path.name.endswith("-shm")
    }


def test_after_every_power_cut_the_county_gets_each_row_once(county_world: World) -> None:
    store = county_world.device("a")
    folder, epoch = store.path.parent, store.origin.epoch
    store.close()
    chance = random.Random(10)
    number = 0
    told: list[int] = []
    for _ in range(TURNS):
        before = files(folder)
        device = DeviceProcess(Ours, folder, county_world.server.address, chance.randrange(1, MOST))
        said = device.hear_until("ready", "power")
        while said not in ("power", "gone"):
            device.order(Turn(tuple(Write(number + at, f"k{number + at}") for at in range(5))))
            number += 5
            said = device.hear_until("synced", "failed", "power")
        device.hear_until("gone")
        told += device.told
        disk = Disk(before)
        for entry in device.log:
            disk.play(entry)
        for path in folder.glob(FILE + "*"):
            path.unlink()
        for name, content in disk.image(chance.choice(list(Cut)), chance).items():
            (folder / name).write_bytes(content)
    store = county_world.store("a")
    assert len(told) > TURNS * 3
    county_world.sync(store)
    with store.read() as session:
        assert set(told) <= set(session.scalars(select(Setting.value)))
    assert standing(store).waiting == 0
    # nothing that the county had been told was ever taken back, so no cut looked like a restored image
    assert county_world.one("SELECT max(epoch) FROM epochs") == store.origin.epoch == epoch
    assert_once_in_order(county_world, store)
