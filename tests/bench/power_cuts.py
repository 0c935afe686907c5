"""The power fails at any byte of a hall's day: 10,000 disks as they may be afterwards, each opened with the real store.

    python -m tests.bench.power_cuts [--images 10000] [--steps 150] [--seed 5] [--json]

A day of the real desks (referrals, papers, rentals, the book of money, the outbox) is recorded as what SQLite asks
of the disk (`tests.faults.disk`), from the first start of an empty store on, with restarts and checkpoints in between.
Then the power fails at random places of the record; what had been synced is on the image, of the rest anything may
be: nothing, all, a torn end, any sectors in any order, garbage. No two images are equal.

lost        images that lack a transaction whose end the desk had been told
half        images that open, but with a state that no transaction ever left: a part of one
doubled     images with more transactions than had been begun, or with a paper or event twice
unopened    images that the store refuses, or that fail integrity or foreign key checks, or take no further write

The peers are the same day with `synchronous = NORMAL`, the usual advice for WAL, and with `OFF`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.keys import HallKeys
from db.models import Setting
from db.store import FILE, Store
from tests.faults.day import Day
from tests.faults.disk import Cut, Disk, Entry, Recorder, recording

MODES = ("FULL", "NORMAL", "OFF")
KEYS = HallKeys(b"power cut, sample key 0123456789", "test")
RESTART_EVERY = 40
CONTROL_SHARE = 10  # the peers get a tenth of the images
DOUBLES = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox GROUP BY "table", row_id, op, payload HAVING count(*) > 1))
     + (SELECT count(*) FROM (SELECT 1 FROM print_jobs GROUP BY document, copy HAVING count(*) > 1))
"""


class Record(msgspec.Struct):
    """A day: the log, whose store it was, and what it held after each transaction."""

    log: list[Entry]
    device: str
    states: list[bytes]


def state_of(store: Store) -> bytes:
    """One value for all that lies in the store."""
    found = hashlib.sha256()
    with store.read() as session:
        ask = session.connection().exec_driver_sql
        for name in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars().all():
            for row in sorted(repr(tuple(row)) for row in ask(f'SELECT * FROM "{name}"')):
                found.update(row.encode())
    return found.digest()


def record(mode: str, steps: int, seed: int) -> Record:
    """Work for a day in a new store; for a process of its own, because the whole SQLite is listened to."""
    with tempfile.TemporaryDirectory() as folder, recording() as recorder:
        states: list[bytes] = []

        class Noted(Store):
            @contextmanager
            def write(self) -> Iterator[Session]:
                number = len(states)
                recorder.note("begun", number)
                with super().write() as session:
                    yield session
                recorder.note("done", number)
                states.append(state_of(self))

            def _connect(self) -> Any:
                connection = super()._connect()
                connection.execute(f"PRAGMA synchronous = {mode}")
                return connection

        return _work(Noted, Path(folder), recorder, states, steps, seed)


def _work(
    kind: type[Store], folder: Path, recorder: Recorder, states: list[bytes], steps: int, seed: int
) -> Record:
    recorder.note("begun", 0)
    store = kind.open(folder, KEYS)
    recorder.note("done", 0)
    states.append(state_of(store))
    day = Day(store, random.Random(seed))
    for step in range(1, steps + 1):
        day.step()
        if step % RESTART_EVERY == 0:
            store.close()
            store = kind.open(folder, KEYS)
            day.move(store)
    store.close()
    return Record(recorder.log, str(store.origin.device_id), states)


def recorded(steps: int, seed: int, folder: Path) -> None:
    """A day in every mode, into `folder`."""
    order = ["--record", str(folder), "--steps", str(steps), "--seed", str(seed)]
    subprocess.run([sys.executable, "-m", "tests.bench.power_cuts", *order], check=True)


class Judge:
    """Opens images and compares what is in them with what the day's desks had been told."""

    def __init__(self, record: Record, folder: Path) -> None:
        self._folder = folder
        self._device = record.device
        self._states: dict[bytes, list[int]] = {}
        for number, state in enumerate(record.states):
            self._states.setdefault(state, []).append(number)
        self.tally: Counter[str] = Counter()

    def look(self, image: dict[str, bytes], begun: int, done: int) -> None:
        """`done`: transactions the desk was told of before the cut, `begun`: those it had asked for."""
        self.tally["images"] += 1
        for old in self._folder.iterdir():
            old.unlink()
        for name, content in image.items():
            (self._folder / name).write_bytes(content)
        try:
            store = Store.open(self._folder, KEYS)
        except StoreError:
            self.tally["unopened"] += 1
            return
        try:
            self._judge(store, begun, done)
        except StoreError:
            self.tally["unopened"] += 1
        finally:
            store.close()

    def _judge(self, store: Store, begun: int, done: int) -> None:
        found = self._states.get(state_of(store), [])
        if done >= 0 or found:  # before the first start had ended, any empty store will do
            if not found and str(store.origin.device_id) == self._device:
                self.tally["half"] += 1
            elif not any(done <= number <= begun for number in found):
                nearest = max(found, default=-1)  # none: the store began anew, all was lost
                self.tally["lost" if nearest < done else "doubled"] += 1
                self.tally["lost_transactions"] += max(done - nearest, 0)
        with store.read() as session:
            ask = session.connection().exec_driver_sql
            sound = ask("PRAGMA integrity_check").scalars().all() == ["ok"]
            tied = ask("PRAGMA foreign_key_check").first() is None
            self.tally["doubled"] += bool(ask(DOUBLES).scalar_one())
        self.tally["unopened"] += not (sound and tied)
        with store.write() as session:
            session.add(Setting(key="after the cut", value=1))


def replay(record: Record, images: int, seed: int, folder: Path) -> Counter[str]:
    """Cut the power at so many places of the record."""
    chance = random.Random(seed)
    judge = Judge(record, folder)
    cuts = list(Cut)
    seen: set[bytes] = set()
    places = [at for at, entry in enumerate(record.log) if entry.what != "note"]
    while judge.tally["images"] < images:
        disk, begun, done = Disk(), -1, -1
        wanted = Counter(chance.choices(places, k=images - judge.tally["images"]))
        for at, entry in enumerate(record.log):
            if entry.what != "note":
                disk.play(entry)
            elif entry.file == "begun":
                begun = entry.at
            else:
                done = entry.at
            for _ in range(wanted[at]):
                cut = chance.choice(cuts)
                image = disk.image(cut, chance)
                mark = hashlib.sha256(msgspec.msgpack.encode([done, *sorted(image.items())])).digest()
                if FILE in image and mark not in seen:
                    seen.add(mark)
                    judge.tally[cut.value] += 1
                    judge.look(image, begun, done)
    judge.tally["transactions"] = len(record.states)
    judge.tally["writes"] = sum(entry.what == "write" for entry in record.log)
    judge.tally["syncs"] = sum(entry.what == "sync" for entry in record.log)
    return judge.tally


def _records(steps: int, seed: int) -> Iterator[tuple[str, Record]]:
    with tempfile.TemporaryDirectory() as folder:
        recorded(steps, seed, Path(folder))
        for mode in MODES:
            yield mode, msgspec.msgpack.decode((Path(folder) / mode).read_bytes(), type=Record)


COUNTS = (
    "images",
    "lost",
    "lost_transactions",
    "half",
    "doubled",
    "unopened",
    "transactions",
    "writes",
    "syncs",
)


def run(images: int, steps: int, seed: int) -> dict[str, float]:
    """Counts of ours, and those of the peers with `normal_` and `off_` before them."""
    began = time.perf_counter()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # images are looked at once
    result: dict[str, float] = {}
    for mode, record in _records(steps, seed):
        many = images if mode == "FULL" else max(images // CONTROL_SHARE, 15)
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            tally = replay(record, many, seed, Path(folder))
        prefix = "" if mode == "FULL" else f"{mode.lower()}_"
        result |= {prefix + name: tally[name] for name in COUNTS}
        if mode == "FULL":
            result |= {f"cut_{cut.value}": tally[cut.value] for cut in Cut}
    return {**result, "seconds": round(time.perf_counter() - began, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record:
        for mode in MODES:
            made = record(mode, options.steps, options.seed)
            (options.record / mode).write_bytes(msgspec.msgpack.encode(made))
        return
    result = run(options.images, options.steps, options.seed)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{'':10}{'images':>8}{'lost':>7}{'half':>7}{'doubled':>9}{'unopened':>10}")
    for prefix, words in (("", "ours"), ("normal_", "NORMAL"), ("off_", "OFF")):
        numbers = [int(result[prefix + name]) for name in ("images", "lost", "half", "doubled", "unopened")]
        print("{:10}{:8}{:7}{:7}{:9}{:10}".format(words, *numbers))
    print(f"{result['transactions']:.0f} transactions, {result['syncs']:.0f} syncs, {result['seconds']} s")


if __name__ == "__main__":
    main()
