"""A province's night against one service: 100 counties × 30 devices bring up a day's rows.

    python -m tests.bench.province [--json] [--quick] [--devices N] [--writes N] [--window SECONDS]

Assumed, since no hall has published its own: 30 devices a county, three of them to a hall, 400 writes a device and
day. Days are written by real stores with the halls' models and encoded as kiosks do; each device gets one of them
with ids and ID numbers of its own. Every device enrols with a one-time code and keys of its own and signs what it
sends; every visit is a TLS connection of its own from an address of its own: mark, push, mark.

Each part runs with one and with two service processes behind one PostgreSQL. *night*: devices begin at random
moments of the window, as their random delay has it; the window is compressed (`--window` seconds stand for the two
hours of a night). *rush*: all come at once, 32 at a time, which shows what the machine can do. *pull*: some devices
fetch everything the others published. Clients, services and PostgreSQL share this machine's cores.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import psutil  # type: ignore[import-untyped]
import psycopg
import zstandard
from sqlalchemy import func, select

from db.county import enrol
from db.county.base import County
from db.county.embedded import EmbeddedPostgres, driver_dsn
from db.county.keys import CountyKeys
from db.county.tables import SYNCED
from db.models import OutboxRow
from db.store import Store
from db.sync import wire
from db.sync.batch import Batch
from db.sync.client import CountyClient, Identity
from db.sync.device_key import DeviceKey
from db.sync.outgoing import next_batch
from db.sync.wire import EnrolRequest
from tests.bench.hall_rows import HallWork
from tests.faults.ends import Served

COUNTIES, DEVICES_A_COUNTY, DEVICES_A_HALL = 100, 30, 3
WRITES_A_DAY = 400
NIGHT_SECONDS = 7_200
DAYS = 8  # different days; each device plays one of them
AT_A_TIME = 32
PULLERS = 4
HALL = 777_777  # of the invented numbers: replaced by the device's own
UUID_TEXT = re.compile(rb"([0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?)([0-9a-f]{12})")
EMPTIED = ("inbox", "feed", "epochs", "shares", "quarantine", "tombstones")
MIB = 1 << 20


@dataclass(frozen=True)
class Day:
    """A day's batch before compression, and whose it was."""

    body: bytes
    hall: UUID
    device: UUID
    writes: int


@dataclass
class Device:
    """A device that exists only on the line: its keys, its day, an address of its own."""

    number: int
    hall: UUID
    id: UUID
    body: bytes
    writes: int
    key: DeviceKey = field(default_factory=DeviceKey.make)

    @property
    def source(self) -> str:
        return f"127.{1 + self.number // 60_000}.{self.number // 240 % 250}.{1 + self.number % 240}"


class Line(CountyClient):
    """A client that comes from the device's own address."""

    def come_from(self, source: str) -> None:
        for line in self._lines:
            line.source = source, 0


def days(folder: Path, writes: int, count: int = DAYS) -> list[Day]:
    """Written by real stores, read out as a kiosk does."""
    made = []
    for number in range(count):
        store = Store.open(folder / f"day{number}")
        work = HallWork(store, HALL)
        work.open_hall()
        with store.read() as session:
            start = session.scalar(select(func.max(OutboxRow.seq))) or 0
        work.visits(writes)
        batch = next_batch(store, start, None, 0, protocol=2)
        assert batch is not None
        origin = store.origin
        made.append(Day(wire.unpack(batch.body), origin.hall_id, origin.device_id, batch.rows))
        store.close()
    return made


def own(day: Day, number: int) -> Device:
    """The day as if this device had written it: other ids, other ID numbers, the hall it stands in."""
    apart = random.Random(number).getrandbits(48)
    hall = UUID(int=random.Random(f"hall {number // DEVICES_A_HALL}").getrandbits(128), version=4)

    def moved(text: bytes) -> bytes:
        return UUID_TEXT.sub(lambda found: found[1] + b"%012x" % (int(found[2], 16) ^ apart), text)

    body = moved(day.body.replace(str(day.hall).encode(), str(hall).encode()))
    device = UUID(moved(str(day.device).encode()).decode())
    body = body.replace(b'"%06d' % HALL, b'"%06d' % number)
    msgspec.json.decode(body, type=Batch)
    return Device(number, hall, device, zstandard.ZstdCompressor(level=wire.LEVEL).compress(body), day.writes)


@dataclass
class Province:
    """One PostgreSQL, and as many services before it as are asked for."""

    folder: Path
    server: EmbeddedPostgres
    county: County
    devices: list[Device]
    services: list[Served] = field(default_factory=list)

    @contextmanager
    def served(self, count: int) -> Iterator[None]:
        self.services = [Served(self.folder / "county", self.server.dsn) for _ in range(count)]
        try:
            yield
        finally:
            for service in self.services:
                service.stop()

    def client(self, device: Device, *, known: bool = True) -> Line:
        """Devices take turns at the services, as a balancer would have it."""
        service = self.services[device.number % len(self.services)]
        authority = (self.folder / "county" / "tls" / "authority.pem").read_text()
        line = Line(service.address, authority, Identity(device.id, device.key) if known else None, 300.0)
        line.come_from(device.source)
        return line

    def enrol(self) -> float:
        """Seconds; the first device of each hall brings it, the others join."""
        began = time.perf_counter()

        def join(device: Device) -> None:
            first = device.number % DEVICES_A_HALL == 0
            code = enrol.make_code(self.county, f"{device.number}", None if first else device.hall)
            number = device.number % DEVICES_A_HALL + 1
            asked = EnrolRequest(
                code,
                device.hall,
                device.id,
                number,
                device.key.public,
                device.key.box_public,
                self.county.schema,
            )
            with self.client(device, known=False) as line:
                line.enrol(asked)

        with ThreadPoolExecutor(8) as pool:
            for turn in (True, False):
                list(
                    pool.map(
                        join, (one for one in self.devices if (one.number % DEVICES_A_HALL == 0) is turn)
                    )
                )
        self.county.engine.dispose()  # so that only the services' connections are counted
        return time.perf_counter() - began

    def visit(self, device: Device) -> tuple[float, float]:
        """Seconds of the push alone and of the whole visit."""
        began = time.perf_counter()
        with self.client(device) as line:
            line.mark()
            pushing = time.perf_counter()
            mark = line.push(1, 1, device.writes, device.body)
            pushed = time.perf_counter()
            assert (mark.seq, mark.refused) == (device.writes, ())
            line.mark()
        return pushed - pushing, time.perf_counter() - began

    def empty(self) -> None:
        names = ", ".join(f'"{name}"' for name in (*SYNCED, *EMPTIED))
        with psycopg.connect(driver_dsn(self.server.dsn), autocommit=True) as connection:
            connection.execute(f"TRUNCATE {names}".encode())
            connection.execute("UPDATE enrolled SET epoch = 0, mark = 0, last_event_id = NULL, backed_up = 0")
            connection.execute("CHECKPOINT")

    def one(self, query: str) -> Any:
        with psycopg.connect(driver_dsn(self.server.dsn)) as connection:
            [[value]] = connection.execute(query.encode()).fetchall()
            return value

    def busy(self) -> tuple[float, float]:
        """CPU seconds of the services and of PostgreSQL so far."""
        services = [psutil.Process(service.pid).cpu_times() for service in self.services]
        master = psutil.Process(int((self.server.folder / "postmaster.pid").read_text().split("\n")[0]))
        backends = [process.cpu_times() for process in (master, *master.children())]
        return sum(of.user + of.system for of in services), sum(of.user + of.system for of in backends)


def watched(province: Province, work: Callable[[], None]) -> dict[str, float]:
    """What the work took: wall and CPU seconds, most connections of PostgreSQL, memory of the services."""
    most = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        with psycopg.connect(driver_dsn(province.server.dsn), autocommit=True) as connection:
            count = "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
            while not done.wait(0.25):
                [[now]] = connection.execute(count).fetchall()
                most = max(most, now)

    watcher = threading.Thread(target=watch)
    watcher.start()
    before, began = province.busy(), time.perf_counter()
    try:
        work()
    finally:
        took = time.perf_counter() - began
        done.set()
        watcher.join()
    after = province.busy()
    memory = max(psutil.Process(service.pid).memory_info().rss for service in province.services) / MIB
    return {
        "seconds": took,
        "service_cpu_s": after[0] - before[0],
        "postgres_cpu_s": after[1] - before[1],
        "connections": most,
        "service_mb": memory,
    }


def night(province: Province, window: float) -> dict[str, float]:
    """Every device once, at its random moment."""
    starts = sorted(
        (random.Random(device.number).random() * window, device.number) for device in province.devices
    )
    pushes, visits, late = list[float](), list[float](), list[float]()
    began = time.perf_counter()

    def at_its_time(of: tuple[float, int]) -> None:
        start, number = of
        time.sleep(max(0.0, began + start - time.perf_counter()))
        late.append(time.perf_counter() - began - start)
        push, visit = province.visit(province.devices[number])
        pushes.append(push)
        visits.append(visit)

    def all_night() -> None:
        with ThreadPoolExecutor(AT_A_TIME * 4) as pool:
            list(pool.map(at_its_time, starts))

    found = watched(province, all_night)
    rows = sum(device.writes for device in province.devices)
    # who waited for a free thread of this bench waited for the service all the same
    return {
        "writes_per_s": rows / found.pop("seconds"),
        **{f"p{of}_ms": float(np.percentile(pushes, of)) * 1000 for of in (50, 95, 99)},
        "visit_p99_ms": float(np.percentile(np.add(visits, late), 99)) * 1000,
        **found,
    }


def rush(province: Province, devices: Sequence[Device]) -> dict[str, float]:
    def all_at_once() -> None:
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(province.visit, devices))

    found = watched(province, all_at_once)
    took, rows = found["seconds"], sum(device.writes for device in devices)
    return {
        "writes_per_s": rows / took,
        "devices_per_s": len(devices) / took,
        "service_cpu_ms_a_device": found["service_cpu_s"] / len(devices) * 1000,
        "postgres_cpu_ms_a_device": found["postgres_cpu_s"] / len(devices) * 1000,
        "connections": found["connections"],
    }


def pull(province: Province, devices: Sequence[Device], pages: int) -> dict[str, float]:
    """Some devices fetch what there is for them, at most so many pages each."""
    rows = took = 0.0
    for device in devices:
        with province.client(device) as line:
            cursor, began = "", time.perf_counter()
            for _ in range(pages):
                page = line.pull(cursor, own=False)
                rows, cursor = rows + len(page.rows), page.cursor
                if not page.more:
                    break
            took += time.perf_counter() - began
    return {"pull_rows_per_s": rows / took, "pull_rows": rows}


def counted(province: Province) -> dict[str, int]:
    """Every write of every device against what the county keeps."""
    wrote = sum(device.writes for device in province.devices)
    events = province.one("SELECT count(*) FROM inbox")
    aside = province.one("SELECT count(*) FROM quarantine")
    behind = sum(device.writes for device in province.devices) - province.one(
        "SELECT sum(mark) FROM enrolled"
    )
    return {"lost": max(wrote - events, 0) + aside + abs(int(behind)), "doubled": max(events - wrote, 0)}


def measure(count: int, writes: int, window: float) -> dict[str, Any]:
    result: dict[str, Any] = {
        "devices": count,
        "window_s": window,
        "compressed": NIGHT_SECONDS / window,
        "cores": psutil.cpu_count(),
    }
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name)) as server:
        folder = Path(name)
        (folder / "county").mkdir()
        templates = days(folder, writes)
        devices = [own(templates[number % DAYS], number) for number in range(count)]
        result["writes"] = sum(device.writes for device in devices)
        result["wire_mb"] = sum(len(device.body) for device in devices) / MIB
        county = County.open(server.dsn, CountyKeys.load(folder / "county"))
        province = Province(folder, server, county, devices)
        lost = doubled = 0
        try:
            for processes in (1, 2):
                with province.served(processes):
                    if processes == 1:
                        result["enrol_devices_per_s"] = count / province.enrol()
                    for part in ("rush", "night"):
                        province.empty()
                        size, wal = sizes(province)
                        found = rush(province, devices) if part == "rush" else night(province, window)
                        result |= {f"{part}_{processes}_{name}": value for name, value in found.items()}
                        checked = counted(province)
                        lost, doubled = lost + checked["lost"], doubled + checked["doubled"]
                        if part == "night":
                            after, wal_after = sizes(province)
                            result["postgres_mb_a_day"] = (after - size) / MIB
                            result["wal_mb_a_day"] = (wal_after - wal) / MIB
                    if processes == 2:
                        result |= pull(province, devices[:PULLERS], 60)
        finally:
            county.close()
        shutil.rmtree(folder / "county")
    return {name: rounded(value) for name, value in (result | {"lost": lost, "doubled": doubled}).items()}


def sizes(province: Province) -> tuple[int, int]:
    """Bytes of the database, and of the log written so far."""
    database = province.one("SELECT pg_database_size(current_database())")
    return database, int(province.one("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))


def rounded(value: Any) -> Any:
    return round(float(value), 3 if value < 1 else 1) if isinstance(value, (float, np.floating)) else value


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument(
        "--quick", action="store_true", help="60 devices and a short night, to see that it runs"
    )
    parser.add_argument("--devices", type=int, default=COUNTIES * DEVICES_A_COUNTY)
    parser.add_argument("--writes", type=int, default=WRITES_A_DAY, help="of a device and day")
    parser.add_argument(
        "--window", type=float, default=180.0, help="seconds that stand for a night of two hours"
    )
    wanted = parser.parse_args()
    if wanted.quick:
        wanted.devices, wanted.window = 60, 10.0
    result = measure(wanted.devices, wanted.writes, wanted.window)
    if wanted.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        print(f"{key:32} {value}")


if __name__ == "__main__":
    main()
