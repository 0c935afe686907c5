"""kill -9 of kiosk and service, and PostgreSQL stopped hard, at random moments: every row once."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.county import authority, enrol
from db.county.base import County
from db.county.embedded import EmbeddedPostgres
from db.county.keys import CountyKeys
from db.county.service import Service
from db.models import OutboxRow, Setting, SyncState
from db.store import Store
from db.sync.enrol import enrol as enrol_device
from db.sync.errors import CountyBusy, CountyUnreachable
from db.sync.round import client_for, sync_once
from db.sync.state import link
from tests.county.world import Server, fresh_database, no_limits
from tests.faults.ends import Served, kill_database

# writes and syncs until killed; says what it wrote for sure
KIOSK = """
import sys
from pathlib import Path
from db.models import Setting
from db.store import Store
from db.sync.errors import SyncError
from db.sync.round import client_for, sync_once
from db.sync.state import link
store = Store.open(Path(sys.argv[1]))
client = client_for(link(store), 5.0)
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    for _ in range(7):
        with store.write() as session:
            session.add(Setting(key=f"{number}", value=number))
        print(number, flush=True)
        number += 1
    try:
        sync_once(store, client)
    except SyncError:
        pass
"""


@contextmanager
def county_of(folder: Path, dsn: str) -> Iterator[County]:
    county = County.open(dsn, CountyKeys.load(folder))
    try:
        yield county
    finally:
        county.close()


def sync_with(store: Store, address: str) -> None:
    with client_for(replace(link(store), address=address), 10.0) as client:
        sync_once(store, client)


def keys_at(county: County) -> list[int]:
    with county.transaction() as tx:
        return sorted(int(key) for (key,) in tx.execute("SELECT key FROM settings"))


def test_kill_minus_nine_of_both_ends(tmp_path: Path, postgres: str) -> None:
    chance = random.Random(7)
    data, home = tmp_path / "county", tmp_path / "kiosk"
    acknowledged: list[int] = []
    with fresh_database(postgres) as dsn:
        served = Served(data, dsn)
        with county_of(data, dsn) as county:
            code = enrol.make_code(county, "1 号") + served.pin
            store = Store.open(home)
            enrol_device(store, served.address, code)
            store.close()
            number = 0
            for turn in range(3):
                with subprocess.Popen(
                    [sys.executable, "-c", KIOSK, str(home), str(number)], stdout=subprocess.PIPE, text=True
                ) as kiosk:
                    assert kiosk.stdout is not None
                    assert kiosk.stdout.readline() == "ready\n"
                    lines = [kiosk.stdout.readline() for _ in range(chance.randrange(5, 60))]
                    if turn % 2:  # the service dies under a kiosk at work, and comes back at the same place
                        port = served.port
                        served.kill()
                        served = Served(data, dsn, port)
                        lines += [kiosk.stdout.readline() for _ in range(chance.randrange(1, 30))]
                    kiosk.send_signal(signal.SIGKILL)
                    lines += kiosk.stdout.readlines()
                acknowledged += [int(line) for line in lines if line.endswith("\n")]
                number = acknowledged[-1] + 2  # the next may have been written without being said
            store = Store.open(home)
            with client_for(link(store), 10.0) as client:
                sync_once(store, client)
            with store.read() as session:
                here = sorted(int(key) for key in session.scalars(select(Setting.key)))
                state = session.get_one(SyncState, 1)
                assert state.acked_epoch == store.origin.epoch
                written = session.scalar(select(func.count()).select_from(OutboxRow))
            store.close()
            assert set(acknowledged) <= set(here)
            assert keys_at(county) == here
            with county.transaction() as tx:
                counts = tx.execute(
                    "SELECT count(*), count(DISTINCT event_id), max(epoch) FROM inbox"
                ).fetchone()
            assert counts == (written, written, store.origin.epoch)
        assert served.stop() == 0


def test_two_services_behind_one_database(tmp_path: Path, postgres: str) -> None:
    """No state of its own: a device's batches go to either, in any mix, even both at once."""
    data, home = tmp_path / "county", tmp_path / "kiosk"
    with fresh_database(postgres) as dsn:
        services = [Served(data, dsn), Served(data, dsn)]
        assert services[0].pin == services[1].pin
        with county_of(data, dsn) as county:
            store = Store.open(home)
            enrol_device(store, services[0].address, enrol.make_code(county, "1 号") + services[0].pin)
            for at in range(30):
                with store.write() as session:
                    session.add(Setting(key=str(at), value=at))
                if at % 3 == 0:
                    sync_with(store, services[at % 2].address)

            threads = [
                threading.Thread(target=sync_with, args=(store, service.address)) for service in services
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert keys_at(county) == list(range(30))
            with county.transaction() as tx:
                assert tx.execute("SELECT count(*), max(epoch) FROM inbox").fetchone() == (
                    30,
                    store.origin.epoch,
                )
            store.close()
        for service in services:
            assert service.stop() == 0


def test_postgres_stopped_hard(tmp_path: Path) -> None:
    """Every process of the database killed while a batch is on its way: what was answered is there afterwards."""
    folder = Path(tempfile.mkdtemp())
    try:
        _stop_postgres_hard(tmp_path, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop_postgres_hard(tmp_path: Path, folder: Path) -> None:
    database = EmbeddedPostgres(folder)
    keys = CountyKeys.load(tmp_path)
    county = County.open(database.dsn, keys)
    tls = authority.local(tmp_path / "tls", ("127.0.0.1",))
    served = Server(Service(county, tls.authority, no_limits()), tls)
    store = Store.open(tmp_path / "kiosk")
    enrol_device(store, served.address, enrol.make_code(county, "1 号") + tls.fingerprint)
    try:
        for turn in range(2):
            for at in range(40):
                with store.write() as session:
                    session.add(Setting(key=str(turn * 100 + at), value=at))
            killer = threading.Timer(0.02 * turn, kill_database, (database,))
            killer.start()
            try:
                with client_for(link(store), 20.0) as client:
                    sync_once(store, client)
                    sync_once(store, client)
            except (CountyBusy, CountyUnreachable):
                pass
            killer.join()
            with pytest.raises((CountyBusy, CountyUnreachable)), client_for(link(store), 20.0) as client:
                sync_once(store, client)
            database.run()
        with client_for(link(store), 20.0) as client:
            sync_once(store, client)
        assert keys_at(county) == [*range(40), *range(100, 140)]
    finally:
        served.close()
        store.close()
        county.close()
        database.close()
