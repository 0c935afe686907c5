"""Lines cut at any byte, in both directions, through a real proxy under TLS: every row once, in order."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import select

from db.models import OutboxRow, Setting
from db.store import Store
from db.sync.client import LINES, CountyClient
from db.sync.errors import CountyUnreachable, Interrupted, SyncError
from db.sync.round import sync_once
from db.sync.state import link, standing
from tests.county.world import World
from tests.faults.line import FaultProxy
from tests.sync.test_push import write

CUTS = 40


def through(store: Store, proxy: FaultProxy) -> CountyClient:
    known = link(store)
    return CountyClient(proxy.address, known.authority, known.identity, 10.0)


def events(store: Store) -> list[str]:
    with store.read() as session:
        return [str(event) for event in session.scalars(select(OutboxRow.event_id).order_by(OutboxRow.seq))]


def assert_once_in_order(world: World, store: Store) -> None:
    taken = [str(event) for (event,) in world.rows("SELECT event_id FROM inbox ORDER BY seq")]
    assert taken == events(store)
    with store.read() as session:
        here = sorted((row.key, row.value) for row in session.execute(select(Setting.key, Setting.value)))
    assert sorted(world.rows("SELECT key, value FROM settings")) == here


def test_cuts_at_any_byte_lose_and_double_nothing(county_world: World) -> None:
    store = county_world.device("a")
    chance = random.Random(5)
    write(store, 40)
    with FaultProxy(county_world.server.port) as proxy:
        with through(store, proxy) as client:
            sync_once(store, client)
        up, down = proxy.passed  # what a whole round takes
        for at in range(CUTS):
            with store.write() as session:
                session.add(Setting(key=f"more{at}", value=at))
                for setting in session.scalars(select(Setting).limit(20)):
                    setting.value = at
            where = chance.randrange(1, up + 200), chance.randrange(1, down + 200)
            proxy.cut_after(*(where[0], None) if chance.random() < 0.5 else (None, where[1]))
            with through(store, proxy) as client:
                try:
                    sync_once(store, client)
                except CountyUnreachable:
                    continue
        assert proxy.cut >= CUTS // 2
        with through(store, proxy) as client:
            sync_once(store, client)
    assert standing(store).waiting == 0
    assert county_world.one("SELECT max(epoch) FROM epochs") == store.origin.epoch  # no cut ever forked
    assert_once_in_order(county_world, store)


def test_cuts_while_pulling_lose_nothing(county_world: World) -> None:
    first = county_world.device("a")
    write(first, 300)
    county_world.sync(first)
    second = county_world.device("b", hall=first.origin.hall_id)
    chance = random.Random(6)
    with FaultProxy(county_world.server.port) as proxy:
        for _ in range(20):
            proxy.cut_after(None, chance.randrange(1, 12_000))
            with through(second, proxy) as client:
                try:
                    sync_once(second, client)
                except CountyUnreachable:
                    continue
        with through(second, proxy) as client:
            sync_once(second, client)
    with first.read() as one, second.read() as two:
        query = select(Setting.key, Setting.value, Setting.version).order_by(Setting.key)
        assert one.execute(query).all() == two.execute(query).all()


def test_a_round_is_interrupted_at_once_and_goes_on_later(county_world: World) -> None:
    """A line on which nothing comes back: `interrupt` from another thread ends the round, not the timeout."""
    store = county_world.device("a")
    write(store, 10)
    with FaultProxy(county_world.server.port) as proxy:
        client = through(store, proxy)
        for line in client._lines:
            line.timeout = 60.0
        proxy.cut_after(None, 10**9)
        reached = threading.Event()
        ended: list[BaseException] = []

        def run() -> None:
            try:
                sync_once(store, client, pause=reached.set)
                while True:
                    sync_once(store, client)
            except SyncError as error:
                ended.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        assert reached.wait(20)
        client.interrupt()
        thread.join(20)
        assert not thread.is_alive()
        client.close()
    assert isinstance(ended[0], Interrupted)
    county_world.sync(store)
    assert_once_in_order(county_world, store)


@pytest.mark.parametrize("count", [5])
def test_many_devices_at_once(county_world: World, count: int) -> None:
    """Devices of one hall all writing the same and their own rows, at the same time."""
    first = county_world.device("d0")
    stores = [first, *(county_world.device(f"d{at}", first.origin.hall_id) for at in range(1, count))]
    troubles: list[BaseException] = []

    def work(at: int, store: Store) -> None:
        try:
            for step in range(3):
                write(store, 5, start=at * 1000 + step * 10)
                county_world.sync(store)
        except BaseException as error:  # noqa: BLE001 - shown below
            troubles.append(error)

    threads = [threading.Thread(target=work, args=(at, store)) for at, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    for store in stores:
        county_world.sync(store)
    assert county_world.one("SELECT count(*) FROM settings") == count * 15
    assert county_world.one("SELECT count(*) FROM quarantine") == 0
    for store in stores:
        with store.read() as session:
            assert len(session.scalars(select(Setting.key)).all()) == count * 15


def test_who_was_interrupted_stays_so_however_often_it_asks(county_world: World) -> None:
    store = county_world.device("a")
    with county_world.client(store) as client:
        client.mark()
        client.interrupt()
        for _ in range(LINES + 1):
            with pytest.raises(Interrupted):
                client.mark()
