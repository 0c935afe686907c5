"""Many at once and much at once: 50 kiosks at one service, one request here and the next there, 10,000 rows waiting."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select

from db.models import OutboxRow, Setting
from db.store import Store
from db.sync.client import LINES, Answer, CountyClient
from db.sync.outgoing import Outgoing
from db.sync.round import client_for, sync_once
from db.sync.state import link, standing
from db.sync.wire import Mark
from tests.county.world import Server, World
from tests.sync.test_push import write

KIOSKS, HALLS, ROWS = 50, 10, 6


def kiosks(world: World) -> list[Store]:
    """Fifty enrolled devices, five a hall."""
    stores: list[Store] = []
    for at in range(KIOSKS):
        hall = stores[at - HALLS].origin.hall_id if at >= HALLS else None
        stores.append(world.device(f"d{at}", hall))
    return stores


def test_fifty_kiosks_at_once(county_world: World) -> None:
    stores = kiosks(county_world)
    assert len({store.origin.hall_id for store in stores}) == HALLS
    troubles: list[BaseException] = []
    together = threading.Barrier(KIOSKS)

    def work(at: int, store: Store) -> None:
        try:
            write(store, ROWS, start=at * ROWS)
            together.wait()
            with client_for(link(store), 120.0) as client:  # a slow machine is no fault
                sync_once(store, client)
        except BaseException as error:  # noqa: BLE001 - shown below
            troubles.append(error)
            together.abort()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    for store in stores:
        county_world.sync(store)
    taken: dict[UUID, list[UUID]] = {}
    for device, event in county_world.rows(
        "SELECT device_id, event_id FROM inbox ORDER BY device_id, epoch, seq"
    ):
        taken.setdefault(device, []).append(event)  # type: ignore[arg-type]
    for store in stores:
        with store.read() as session:
            written = session.scalars(select(OutboxRow.event_id).order_by(OutboxRow.seq)).all()
            assert taken[store.origin.device_id] == written
            # its own and those of the hall's other devices
            assert session.scalar(select(func.count()).select_from(Setting)) == KIOSKS // HALLS * ROWS
    assert county_world.one("SELECT count(*) FROM settings") == KIOSKS * ROWS
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


class Alternating(CountyClient):
    """Every request on a line of its own, to the next service in turn."""

    services: tuple[Server, ...] = ()
    asked = 0

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.asked += 1
        for line in self._lines:
            if not line.busy:
                line.close()
                line.port = self.services[self.asked % len(self.services)].port
        return super()._send(method, path, body, headers)


def test_one_request_here_and_the_next_there(county_world: World) -> None:
    """Services keep nothing between requests: two behind one database are one."""
    other = Server(county_world.service(), county_world.tls)
    store = county_world.device("a")
    second = county_world.device("b", store.origin.hall_id)
    write(store, 50)
    try:
        for one in (store, second):
            known = link(one)
            client = Alternating(known.address, known.authority, known.identity, 10.0)
            client.services = (county_world.server, other)
            with client:
                sync_once(one, client, most_rows=5)
                assert client.asked >= (10 if one is store else 3)
    finally:
        other.close()
    assert county_world.one("SELECT count(*) FROM inbox") == 50
    with second.read() as session:
        assert session.scalar(select(func.count()).select_from(Setting)) == 50


class Watched(CountyClient):
    """Looks at what the kiosk holds in memory while a batch is on its way."""

    batches: list[int]
    held = 0

    def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Callable[[], Mark]:
        self.batches.append(hi - lo + 1)
        self.held = max(self.held, sum(isinstance(one, Outgoing) for one in gc.get_objects()))
        return super().pushing(epoch, lo, hi, body)


def test_what_piled_up_drains_a_batch_at_a_time(county_world: World) -> None:
    """10,000 rows; a million are drained by `python -m tests.bench.drain`, where memory is measured."""
    store = county_world.device("a")
    rows, most = 10_000, 500
    with store.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(rows))
    known = link(store)
    client = Watched(known.address, known.authority, known.identity, 30.0)
    client.batches = []
    with client:
        sync_once(store, client, most_rows=most)
    assert client.batches == [most] * (rows // most)
    assert client.held <= LINES + 1  # those on their way and the one read ahead
    assert standing(store).waiting == 0
    assert county_world.one("SELECT count(*) FROM settings") == rows
