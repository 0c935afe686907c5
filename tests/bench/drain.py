"""A month without a line: a million rows wait in the outbox, then the line is back. What the kiosk's memory does.

    python -m tests.bench.drain [--rows 1000000] [--json]

A real store filled by `tests.bench.hall_rows`, the real service as a process over the embedded PostgreSQL, and one
round by a process of its own, whose resident memory is noted after each batch; then the county says that all is backed
up, and a second round clears the outbox.

rss_10 … rss_100    MiB of the kiosk's process when so many percent had been acknowledged (the tenth before it,
                    at its highest); flat if the last is no more than the first and a batch or two
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from db.county import enrol
from db.county.backup import confirm
from db.county.base import County
from db.county.embedded import EmbeddedPostgres
from db.county.keys import CountyKeys
from db.store import Store
from db.sync.enrol import enrol as enrol_device
from db.sync.round import client_for, sync_once
from db.sync.state import link, standing
from tests.bench.hall_rows import HallWork
from tests.faults.ends import Served

MIB = 1 << 20
TENTHS = 10


def run(rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "data") as database:
        place = Path(folder)
        served = Served(place / "county", database.dsn)
        county = County.open(database.dsn, CountyKeys.load(place / "county"))
        try:
            began = time.perf_counter()
            waiting = _fill(
                place / "kiosk", rows, served.address, enrol.make_code(county, "1 号") + served.pin
            )
            filled = time.perf_counter() - began
            service = psutil.Process(served.pid).memory_info().rss
            drained = _round(place / "kiosk")
            service_after = psutil.Process(served.pid).memory_info().rss
            confirm(county)
            cleared = _round(place / "kiosk")
            with county.transaction() as tx:
                [(there, once, refused)] = tx.execute(
                    "SELECT count(*), count(DISTINCT event_id), (SELECT count(*) FROM quarantine) FROM inbox"
                ).fetchall()
        finally:
            county.close()
            served.stop()
        return {
            "rows": waiting,
            "fill_seconds": round(filled, 1),
            **drained,
            "rows_per_second": round(waiting / drained["seconds"]),
            "service_before": service // MIB,
            "service_after": service_after // MIB,
            "cleared": cleared["cleared"],
            "clear_seconds": cleared["seconds"],
            "clear_rss": cleared["rss_peak"],
            "lost": waiting - there,
            "doubled": there - once,
            "refused": refused,
        }


def _fill(folder: Path, rows: int, address: str, code: str) -> int:
    store = Store.open(folder)
    enrol_device(store, address, code)
    work = HallWork(store)
    work.open_hall()
    work.visits(rows)
    waiting = standing(store).waiting
    store.close()
    return waiting


def _round(folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.drain", "--device", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def device(folder: Path) -> dict[str, float]:
    """One round of the kiosk, with its memory after every batch."""
    store = Store.open(folder)
    before = standing(store)
    samples: list[tuple[int, int]] = []
    began = time.perf_counter()
    with client_for(link(store), 120.0) as client:
        report = sync_once(store, client, lambda: samples.append((standing(store).waiting, _rss())))
    seconds = time.perf_counter() - began
    store.close()
    result: dict[str, float] = {
        "seconds": round(seconds, 1),
        "pushed": report.pushed,
        "cleared": report.cleared,
        "rss_start": samples[0][1] // MIB,
        "rss_peak": max(rss for _, rss in samples) // MIB,
    }
    for tenth in (1, 5, 10):
        low, high = (before.waiting * (TENTHS - at) // TENTHS for at in (tenth, tenth - 1))
        of_it = [rss for waiting, rss in samples if low <= waiting <= high]
        result[f"rss_{tenth * 10}"] = max(of_it, default=0) // MIB
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--device", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.device:
        print(json.dumps(device(options.device)))
        return
    result = run(options.rows)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{result['rows']} rows in {result['seconds']} s: {result['rows_per_second']} rows/s")
    print("kiosk: " + ", ".join(f"{at} % {result[f'rss_{at}']} MiB" for at in (10, 50, 100)))
    print(f"service: {result['service_before']} → {result['service_after']} MiB")
    print(
        f"cleared {result['cleared']} rows in {result['clear_seconds']} s, at most {result['clear_rss']} MiB"
    )
    print(f"lost {result['lost']}, doubled {result['doubled']}, refused {result['refused']}")


if __name__ == "__main__":
    main()
