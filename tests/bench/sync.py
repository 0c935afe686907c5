"""Bringing a hall's rows to the county, beside raw COPY, an ORM's merge and pgloader: same rows, same server, one run.

    python -m tests.bench.sync [--json] [--quick] [--rows N] [--growth N]

Ours is end to end: rows read from the encrypted store, encoded, signed, sent over TLS to `gighall county serve` (a
process of its own), checked, sealed, copied into PostgreSQL, and the durable answer kept in the store. Raw COPY gets
the rows as they ended up, as finished text in memory, one table after the other into the same empty tables, one
transaction. The ORM merges a sample of the same rows one by one in one transaction. PostgreSQL waits for the disk in
all of them. Rounds are interleaved; ratios are medians of the rounds. Rates count rows that stand in the county's
tables in the end; the device wrote more (`writes`), since one is often changed after it was written.

`lost`: writes or rows of any device of any part that the county lacks; `doubled`: what it has twice, or has and no
device wrote. `rows_per_s_1m`: a month's drain, the last tenth of it; memory before and after.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import psycopg
from sqlalchemy import LargeBinary, create_engine, select, text
from sqlalchemy.orm import Session, registry

from db.county import enrol
from db.county.base import COUNTY_DEVICE, County
from db.county.embedded import EmbeddedPostgres, driver_dsn, with_driver
from db.county.keys import CountyKeys
from db.county.tables import SYNCED
from db.store import Store
from db.sync.device_key import DeviceKey
from db.sync.enrol import adopt
from db.sync.wire import EnrolRequest
from tests.bench.hall_rows import HallWork
from tests.bench.kiosks import Kiosks
from tests.bench.slow_line import SlowLine
from tests.county.world import fresh_database
from tests.faults.ends import Served

ROUND_TRIP = 0.1
MERGED = 2_000
FILLED = ("inbox", "feed", "epochs", "shares", "quarantine", "tombstones")
HALLS = f"WHERE device_id <> '{COUNTY_DEVICE}'"  # without what the county notes by itself
MIB = 1 << 20


@dataclass
class Bench:
    """A served county, and the devices made for it."""

    folder: Path
    server: EmbeddedPostgres
    dsn: str
    served: Served
    county: County
    made: int = 0
    rows: int = 0
    lost: int = 0
    doubled: int = 0
    blocks: dict[str, bytes] = field(default_factory=dict)

    def device(self, rows: int, blank: Path) -> Path:
        """An enrolled kiosk of a hall of its own with so many writes waiting."""
        self.made += 1
        folder = self.folder / f"device{self.made}"
        shutil.copytree(blank, folder)
        store = Store.open(folder)
        key, origin = DeviceKey.make(), store.origin
        code = enrol.make_code(self.county, folder.name)
        asked = EnrolRequest(
            code, origin.hall_id, origin.device_id, 1, key.public, key.box_public, store.schema_version
        )
        authority = (self.folder / "county" / "tls" / "authority.pem").read_text()
        adopt(store, self.served.address, authority, key, enrol.enrol(self.county, asked))
        work = HallWork(store, self.made)
        work.open_hall()
        work.visits(rows)
        store.close()
        return folder

    def empty(self) -> None:
        """As before anything was brought up; devices stay enrolled."""
        names = ", ".join(f'"{name}"' for name in (*SYNCED, *FILLED))
        with psycopg.connect(driver_dsn(self.dsn), autocommit=True) as connection:
            connection.execute(f"TRUNCATE {names}".encode())
            connection.execute("UPDATE enrolled SET epoch = 0, mark = 0, last_event_id = NULL, backed_up = 0")
            connection.execute("CHECKPOINT")

    def copy_of(self, folder: Path) -> Path:
        again = self.folder / "again" / folder.name
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(folder, again)
        return again

    def check(self, folders: Sequence[Path]) -> None:
        """Compare every write and every row of these devices with what the county has."""
        wrote, ours = set[str](), dict[str, set[tuple[str, int]]]()
        for folder in folders:
            store = Store.open(folder)
            with store.read() as session:
                wrote |= set(session.scalars(text("SELECT event_id FROM outbox")))
                for name in SYNCED:
                    rows = session.execute(text(f'SELECT id, version FROM "{name}"')).all()
                    ours.setdefault(name, set()).update((row.id, row.version) for row in rows)
            store.close()
        with psycopg.connect(driver_dsn(self.dsn)) as connection:
            events = [event.hex for (event,) in connection.execute("SELECT event_id FROM inbox")]
            self.lost += len(wrote - set(events))
            self.doubled += len(events) - len(wrote & set(events))
            aside = connection.execute("SELECT count(*) FROM quarantine").fetchone()
            self.lost += aside[0] if aside else 0
            for name in SYNCED:
                there = {
                    (key.hex, version)
                    for key, version in connection.execute(
                        f'SELECT id, version FROM "{name}" {HALLS}'.encode()
                    )
                }
                self.lost += len(ours[name] - there)
                self.doubled += len(there - ours[name])

    def busy(self) -> tuple[float, float]:
        """CPU seconds of service and PostgreSQL so far."""
        service = psutil.Process(self.served.pid).cpu_times()
        master = psutil.Process(int((self.server.folder / "postmaster.pid").read_text().split("\n")[0]))
        backends = [process.cpu_times() for process in (master, *master.children())]
        return service.user + service.system, sum(backend.user + backend.system for backend in backends)

    def standing(self) -> int:
        """Rows in the county's tables."""
        with psycopg.connect(driver_dsn(self.dsn)) as connection:
            counts = (
                connection.execute(f'SELECT count(*) FROM "{name}" {HALLS}'.encode()).fetchone()
                for name in SYNCED
            )
            return sum(count[0] for count in counts if count)

    def keep_blocks(self) -> None:
        """The rows as they stand, as COPY takes them."""
        with psycopg.connect(driver_dsn(self.dsn)) as connection:
            for name in SYNCED:
                with (
                    connection.cursor() as cursor,
                    cursor.copy(f'COPY (SELECT * FROM "{name}" {HALLS}) TO STDOUT'.encode()) as copy,
                ):
                    block = b"".join(bytes(part) for part in copy)
                if block:
                    self.blocks[name] = block

    def raw_copy(self) -> float:
        """Seconds."""
        with psycopg.connect(driver_dsn(self.dsn)) as connection:
            began = time.perf_counter()
            for name, block in self.blocks.items():
                with connection.cursor() as cursor, cursor.copy(f'COPY "{name}" FROM STDIN'.encode()) as copy:
                    copy.write(block)
            connection.commit()
            return time.perf_counter() - began

    def sample(self) -> list[tuple[str, dict[str, Any]]]:
        """Every so-manieth row as it stands."""
        every = max(1, self.standing() // MERGED)
        engine = create_engine(with_driver(self.dsn))
        found = []
        with engine.connect() as connection:
            for name, table in SYNCED.items():
                rows = connection.execute(select(table).order_by(table.c.id)).mappings().all()
                found += [(name, dict(row)) for row in rows[::every]]
        engine.dispose()
        return found

    def merge(self, sample: Sequence[tuple[str, dict[str, Any]]]) -> float:
        """Seconds for one merge after the other, one transaction."""
        engine = create_engine(with_driver(self.dsn))
        with Session(engine) as session:
            session.execute(text("SELECT 1"))
            began = time.perf_counter()
            for name, values in sample:
                session.merge(MAPPED[name](**values))
                session.flush()
            session.commit()
            took = time.perf_counter() - began
        engine.dispose()
        return took


MAPPING = registry()
MAPPED = {name: type(name, (), {}) for name in SYNCED}
for _name, _kind in MAPPED.items():
    MAPPING.map_imperatively(_kind, SYNCED[_name])


@contextmanager
def bench() -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory() as name,
        EmbeddedPostgres(Path(name)) as server,
        fresh_database(server.dsn) as dsn,
    ):
        folder = Path(name)
        (folder / "county").mkdir()
        served = Served(folder / "county", dsn)
        county = County.open(dsn, CountyKeys.load(folder / "county"))
        try:
            yield Bench(folder, server, dsn, served, county)
        finally:
            county.close()
            served.stop()


def seconds(said: dict[str, Any]) -> float:
    return float(said["ended"] - said["began"])


def against_peers(made: Bench, kiosks: Kiosks, blank: Path, rows: int, rounds: int) -> dict[str, Any]:
    device = made.device(rows, blank)
    ours, slow, raw, merged = list[float](), list[float](), list[float](), list[float]()
    loaded, cpu = list[float](), list[tuple[float, float, float]]()
    standing, said = 0, dict[str, Any]()
    with SlowLine(made.served.port, ROUND_TRIP) as line:
        for number in range(rounds + 1):  # the first warms everything up and does not count
            made.empty()
            folder = made.copy_of(device)
            before = made.busy()
            said = kiosks.push([folder], made.served.address)
            after = made.busy()
            made.check([folder])
            ours.append(seconds(said))
            cpu.append((said["busy"], after[0] - before[0], after[1] - before[1]))
            if not number:
                standing = made.standing()
                made.rows = standing
                made.keep_blocks()
                path = plain_sqlite(made) if shutil.which("pgloader") else None
                sample = made.sample()
            made.empty()
            raw.append(made.raw_copy())
            made.empty()
            merged.append(made.merge(sample))
            made.empty()
            folder = made.copy_of(device)
            slow.append(seconds(kiosks.push([folder], line.address)))
            made.check([folder])
            made.empty()
            if path is not None and (took := pgloader(made, path)) is not None:
                loaded.append(took)
    made.empty()
    merged_rates = [len(sample) / took for took in merged]
    rates = [standing / took for took in ours]
    return {
        "vs_copy": statistics.median(there / here for here, there in zip(ours[1:], raw[1:], strict=True)),
        "vs_orm_merge": statistics.median(a / b for a, b in zip(rates[1:], merged_rates[1:], strict=True)),
        "vs_pgloader": statistics.median(
            there / here for here, there in zip(ours[1:], loaded[1:], strict=True)
        )
        if loaded
        else None,
        "rows_per_s": standing / statistics.median(ours[1:]),
        "rows_per_s_100ms": standing / statistics.median(slow[1:]),
        "copy_rows_per_s": standing / statistics.median(raw[1:]),
        "orm_rows_per_s": statistics.median(merged_rates[1:]),
        "bytes_per_row": said["sent"] / said["rows"],
        "rows": standing,
        "writes": said["rows"],
    } | {
        f"cpu_us_a_write_{name}": statistics.median(of[at] for of in cpu[1:]) / said["rows"] * 1e6
        for at, name in enumerate(("kiosk", "service", "postgres"))
    }


def plain_sqlite(made: Bench) -> Path:
    """The rows as they stand in a plain SQLite file, which is what pgloader reads."""
    path = made.folder / "rows.sqlite"
    with (
        closing(sqlite3.connect(path)) as file,
        psycopg.connect(driver_dsn(made.dsn)) as connection,
    ):
        for name, table in SYNCED.items():
            kinds = {column.name: isinstance(column.type, LargeBinary) for column in table.columns}
            wanted = ", ".join(f'"{key}"' + ("" if raw else "::text") for key, raw in kinds.items())
            rows = connection.execute(f'SELECT {wanted} FROM "{name}" {HALLS}'.encode()).fetchall()
            columns = ", ".join(f'"{key}" {"blob" if raw else "text"}' for key, raw in kinds.items())
            if rows:
                file.execute(f'CREATE TABLE "{name}" ({columns})')
                marks = ", ".join("?" * len(kinds))
                file.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        file.commit()
    return path


def pgloader(made: Bench, path: Path) -> float | None:
    """Seconds; None where it did not bring everything over."""
    parts = urlsplit(driver_dsn(made.dsn))
    target = f"pgsql://postgres@unix:{parts.query.removeprefix('host=')}:5432{parts.path}"
    order = made.folder / "rows.load"
    order.write_text(
        f"LOAD DATABASE FROM sqlite://{path} INTO {target} WITH data only, include no drop, create no tables,"
        " create no indexes, no foreign keys, reset no sequences SET session_replication_role TO 'replica';"
    )
    before = made.standing()
    began = time.perf_counter()
    done = subprocess.run(["pgloader", "--quiet", order], capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    return took if done.returncode == 0 and made.standing() - before == made.rows else None


def at_once(made: Bench, blank: Path, count: int, rows: int) -> float:
    """Rows a second of so many kiosks together."""
    processes = min(count, 10)
    folders = [made.device(rows, blank) for _ in range(count)]
    shares = [folders[at::processes] for at in range(processes)]
    all_kiosks = [Kiosks() for _ in shares]
    for kiosks, share in zip(all_kiosks, shares, strict=True):
        kiosks.open(share, made.served.address)
    for kiosks in all_kiosks:
        kiosks.go()
    answers = [kiosks.answer() for kiosks in all_kiosks]
    for kiosks in all_kiosks:
        kiosks.close()
    made.check(folders)
    standing = made.standing()
    made.empty()
    for folder in folders:
        shutil.rmtree(folder)
    took = max(float(said["ended"]) for said in answers) - min(float(said["began"]) for said in answers)
    return standing / took


def growth(made: Bench, kiosks: Kiosks, blank: Path, rows: int) -> dict[str, Any]:
    """One long drain: its pace and memory on the way, at powers of ten."""
    folder = made.device(rows, blank)
    service = psutil.Process(made.served.pid)
    before = service.memory_info().rss
    said = kiosks.push([folder], made.served.address)
    [steps] = said["steps"]
    made.check([folder])
    made.empty()
    found: dict[str, Any] = {}
    size = 10_000
    while size <= rows:
        start, end = (next(step for step in steps if step[0] >= part) for part in (size * 0.9 - 20_000, size))
        start = start if start[0] < end[0] else steps[0]
        found[f"writes_per_s_at_{size}"] = (end[0] - start[0]) / (end[1] - start[1])
        found[f"kiosk_mb_at_{size}"] = end[2] / MIB
        size *= 10
    found |= {
        "growth_writes": said["rows"],
        "growth_writes_per_s": said["rows"] / seconds(said),
        "kiosk_mb_before": steps[0][2] / MIB,
        "service_mb_before": before / MIB,
        "service_mb_after": service.memory_info().rss / MIB,
    }
    return found


def measure(rows: int, rounds: int, many: Sequence[tuple[int, int]], grown: int) -> dict[str, Any]:
    with bench() as made, Kiosks() as kiosks:
        blank = made.folder / "blank"
        Store.open(blank).close()
        result = against_peers(made, kiosks, forget_whose(blank), rows, rounds)
        for count, each in many:
            result[f"rows_per_s_{count}"] = at_once(made, blank, count, each)
        result |= growth(made, kiosks, blank, grown)
        result |= {"lost": made.lost, "doubled": made.doubled}
        return {name: rounded(value) for name, value in result.items()}


def forget_whose(blank: Path) -> Path:
    """Every copy becomes a device of its own when it is opened."""
    store = Store.open(blank)
    with store.write() as session:
        session.execute(text("DELETE FROM origin"))
    store.close()
    return blank


def rounded(value: Any) -> Any:
    return value if not isinstance(value, float) else round(value, 3 if value < 1 else 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--rows", type=int, default=100_000, help="writes of the device beside the peers")
    parser.add_argument("--growth", type=int, default=1_000_000, help="writes of the long drain")
    wanted = parser.parse_args()
    if wanted.quick:
        result = measure(20_000, 3, [(8, 1_000), (50, 200)], 40_000)
    else:
        result = measure(wanted.rows, 5, [(8, 10_000), (50, 2_000)], wanted.growth)
    if wanted.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        print(f"{key:32} {value}")


if __name__ == "__main__":
    main()
