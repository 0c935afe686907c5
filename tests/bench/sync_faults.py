"""10,000 writes of a device that keeps dying, over a line that keeps breaking, to a county that keeps falling over.

    python -m tests.bench.sync_faults [--turns 330] [--seed 38] [--json]

Every strategy meets the same script. Each turn is some 33 writes (new rows, changes, deletions), one round with the
county in batches of ten, and one fault at a random moment or byte; whoever died is started again. At the end one
undisturbed round; then both sides are compared with what the device had been told was written.

lost        a row that the county lacks, or one deleted long ago that it still shows
doubled     rows that the county holds twice, or took in twice as events
reordered   rows whose value at the county is older than the last one written

The peers, in `tests.bench.naive_sync`: `newer` sends rows whose `updated_at` lies after the last round's and upserts
them (the second column without the wrong clocks), `queue` sends a queue's oldest and drops them once answered.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import psycopg
from uuid_utils.compat import uuid7

from db.county import enrol
from db.county.base import County
from db.county.embedded import EmbeddedPostgres, driver_dsn
from db.county.keys import CountyKeys
from db.store import Store
from db.sync.enrol import enrol as enrol_device
from tests.bench.naive_sync import NO_ROOM, TABLES, EmptiedQueue, NaiveService, NewerRows
from tests.county.world import named
from tests.faults import busy_device
from tests.faults.busy_device import DeviceProcess, Kind, Ours, Turn, Write
from tests.faults.disk import Cut, Disk
from tests.faults.ends import Served, kill_database
from tests.faults.line import FaultProxy

# how often of a hundred; the dear ones, which take seconds, less
FAULTS = {
    "cut_up": 17, "cut_down": 17, "kill_device": 15, "power_cut": 12, "repeat": 9, "late": 9, "device_full": 6,
    "county_full": 5, "wrong_clock": 4, "kill_service": 3, "stop_postgres": 2, "old_image": 1,
}  # fmt: skip
WRITES = 33
KEYS = 1_000
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Event:
    """What happens in a turn. `words`: after so many words of the device, `later` seconds after that, it strikes."""

    fault: str
    writes: tuple[Write, ...]
    words: int
    later: float
    byte: int
    days: int
    stop_at: int
    seed: int


def script(turns: int, seed: int, but: Collection[str] = ()) -> list[Event]:
    """The same for every strategy: each kind of fault at least once where there are turns enough."""
    dice = random.Random(seed)
    shares = {name: share for name, share in FAULTS.items() if name not in but}
    faults = [*shares, *dice.choices([*shares], [*shares.values()], k=max(0, turns - len(shares)))][:turns]
    dice.shuffle(faults)
    events, number = [], 0
    for fault in faults:
        writes = []
        for _ in range(dice.randrange(WRITES - 8, WRITES + 9)):
            number += 1
            writes.append(Write(number, f"k{dice.randrange(KEYS)}", dice.random() < 0.05))
        events.append(
            Event(
                fault,
                tuple(writes),
                dice.randrange(1, len(writes) + 12),
                dice.choice((0.0, dice.uniform(0, 0.002), dice.uniform(0, 0.03))),
                dice.randrange(1, 6_000),
                dice.choice((-365, 365)),
                dice.randrange(20, 900),
                dice.getrandbits(32),
            )
        )
    return events


class Service(Protocol):
    @property
    def port(self) -> int: ...

    def kill(self) -> None: ...

    def stop(self) -> object: ...


@dataclass
class Strategy:
    """One way to sync: its device, its service, and how the county's side is read."""

    device: Kind
    serve: Callable[[int], Service]
    files: str  # the device's files, as a pattern
    full_table: str
    dsn: str
    values: str  # key and value of what the county holds
    surplus: str  # how many rows or events too many
    forgive: Callable[[], object] = lambda: None
    skip: frozenset[str] = frozenset()


@dataclass
class Tally:
    writes: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    strikes: Counter[str] = field(default_factory=Counter)  # faults that met the device at work


class Run:
    """Plays the script for one strategy."""

    def __init__(
        self,
        strategy: Strategy,
        folder: Path,
        service: Service,
        proxy: FaultProxy,
        database: EmbeddedPostgres,
    ):
        self._strategy = strategy
        self._folder = folder
        self._service = service
        self._proxy = proxy
        self._database = database
        self._device = self._start()
        self._said: dict[int, Write] = {}
        self._holds: dict[str, int | None] = {}  # what the device was told it has
        self._maybe: dict[str, set[int | None]] = {}  # … and what it may have without having been told
        self.tally = Tally()

    def play(self, events: list[Event]) -> Tally:
        for event in events:
            self._said |= {one.number: one for one in event.writes}
            fault = "" if event.fault in self._strategy.skip else event.fault
            getattr(self, f"_{fault}", self._quiet)(event)
        self._undisturbed()
        self._device.stop()
        self._count()
        return self.tally

    def stop(self) -> None:
        """For the end of it all, whatever happened."""
        self._service.stop()

    # -- turns

    def _turn(self, event: Event, **how: Any) -> str:
        self._device.order(Turn(event.writes, **how))
        return self._ended(event)

    def _ended(self, event: Event) -> str:
        word = self._device.hear_until("synced", "failed", "power")
        self._note(event)
        return word

    def _note(self, event: Event) -> None:
        """What the device was told of is there; the first it was not told of may be there too."""
        told = set(self._device.told)
        self._device.told.clear()
        for one in event.writes:
            value = None if one.drop else one.number
            if one.number in told:
                self._holds[one.key] = value
                self._maybe.pop(one.key, None)
                self.tally.writes += 1
            elif one.number < max(told, default=0):
                continue  # refused: there was no room
            else:
                self._maybe.setdefault(one.key, set()).add(value)
                return

    def _quiet(self, event: Event) -> None:
        self._turn(event)

    def _cut_up(self, event: Event) -> None:
        self._cut(event, (event.byte, None))

    def _cut_down(self, event: Event) -> None:
        self._cut(event, (None, event.byte))

    def _cut(self, event: Event, where: tuple[int | None, int | None]) -> None:
        before = self._proxy.cut
        self._proxy.cut_after(*where)
        self._turn(event)
        self._proxy.heal()
        self.tally.strikes[event.fault] += self._proxy.cut > before

    def _repeat(self, event: Event) -> None:
        self._turn(event, line="repeat")
        self.tally.strikes[event.fault] += 1

    def _late(self, event: Event) -> None:
        self._turn(event, line="late")
        self.tally.strikes[event.fault] += 1

    def _wrong_clock(self, event: Event) -> None:
        self._turn(event, days=event.days)
        self.tally.strikes[event.fault] += 1

    def _device_full(self, event: Event) -> None:
        self._turn(event, full=True)
        self.tally.strikes[event.fault] += 1

    def _county_full(self, event: Event) -> None:
        with psycopg.connect(self._strategy.dsn, autocommit=True) as connection:
            connection.execute(NO_ROOM.format(self._strategy.full_table).encode())
            self._turn(event)
            connection.execute("DROP FUNCTION no_room CASCADE")
        self.tally.strikes[event.fault] += 1

    def _kill_device(self, event: Event) -> None:
        self._device.order(Turn(event.writes))
        self._device.hear_until("synced", "failed", most=event.words)
        self._device.kill(event.later)
        self._note(event)
        self._device = self._start()
        self.tally.strikes[event.fault] += 1

    def _power_cut(self, event: Event) -> None:
        self._device.stop()
        disk = Disk({path.name: path.read_bytes() for path in self._files()})
        self._device = self._start(event.stop_at)
        self._turn(event)
        self._device.stop()
        for entry in self._device.log:
            disk.play(entry)
        for path in self._files():
            path.unlink()
        chance = random.Random(event.seed)
        for name, content in disk.image(chance.choice([*Cut]), chance).items():
            (self._folder / name).write_bytes(content)
        self._device = self._start()
        self.tally.strikes[event.fault] += 1

    def _kill_service(self, event: Event) -> None:
        self._device.order(Turn(event.writes))
        word = self._device.hear_until("synced", "failed", most=event.words)
        port = self._service.port
        self._service.kill()
        self._service = self._strategy.serve(port)
        if not word:
            self._ended(event)
        self._note(event)
        self.tally.strikes[event.fault] += 1

    def _stop_postgres(self, event: Event) -> None:
        self._device.order(Turn(event.writes))
        word = self._device.hear_until("synced", "failed", most=event.words)
        kill_database(self._database)
        self._database.run()
        if not word:
            self._ended(event)
        self._note(event)
        self.tally.strikes[event.fault] += 1

    def _old_image(self, event: Event) -> None:
        """The disk is set back to what it was before this turn, whose rows had reached the county."""
        if not self._undisturbed():
            return
        self._device.stop()
        image = self._folder.with_name("image")
        shutil.copytree(self._folder, image)
        self._device = self._start()
        came_up = self._turn(event) == "synced"
        self._device.stop()
        if came_up:
            shutil.rmtree(self._folder)
            image.rename(self._folder)
            self._strategy.forgive()
            self.tally.strikes[event.fault] += 1
        else:
            shutil.rmtree(image)
        self._device = self._start()
        self._undisturbed()  # else the hall would write anew, and rightly, what it does not know it has

    # -- ends

    def _undisturbed(self) -> bool:
        """Rounds until one succeeds: what was held up is delivered too.

        A history sent anew in batches of ten is more requests than a device may make at once: it is told to wait.
        """
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            self._device.order(Turn(()))
            if self._device.hear_until("synced", "failed") == "synced":
                return True
        return False

    def _start(self, stop_at: int = 0) -> DeviceProcess:
        device = DeviceProcess(
            self._strategy.device, self._folder, f"https://127.0.0.1:{self._proxy.port}", stop_at
        )
        device.hear_until("ready", "power")
        return device

    def _files(self) -> Iterator[Path]:
        found = self._folder.glob(self._strategy.files)
        return (path for path in list(found) if not path.name.endswith("-shm"))

    def _count(self) -> None:
        with psycopg.connect(self._strategy.dsn) as connection:
            there = {
                str(key): int(value) for key, value in connection.execute(self._strategy.values.encode())
            }
            surplus = connection.execute(self._strategy.surplus.encode()).fetchone()
        self.tally.doubled = surplus[0] if surplus else 0
        for key, value in self._holds.items():
            found = there.get(key)
            if found == value or found in self._maybe.get(key, ()):
                continue
            if found is None or value is None:
                self.tally.lost += 1
            else:
                self.tally.reordered += 1


@contextmanager
def ours(database: EmbeddedPostgres, folder: Path, proxy: FaultProxy) -> Iterator[tuple[Strategy, Service]]:
    dsn = _new_database(database)
    served = Served(folder / "county", dsn)
    proxy.target = served.port
    county = County.open(dsn, CountyKeys.load(folder / "county"))
    store = Store.open(folder / "device")
    enrol_device(store, proxy.address, enrol.make_code(county, "1 号") + served.pin)
    who = store.origin.device_id
    store.close()
    yield (
        Strategy(
            Ours,
            lambda port: Served(folder / "county", dsn, port),
            "hall.db*",
            "enrolled",
            driver_dsn(dsn),
            "SELECT key, value FROM settings",
            "SELECT (SELECT count(*) - count(DISTINCT event_id) FROM inbox)"
            " + (SELECT count(*) - count(DISTINCT key) FROM settings)",
            lambda: enrol.forgive(county, who),
        ),
        served,
    )
    county.close()


@contextmanager
def naive(
    kind: Kind,
    database: EmbeddedPostgres,
    folder: Path,
    proxy: FaultProxy,
    skip: frozenset[str] = frozenset(),
) -> Iterator[tuple[Strategy, Service]]:
    dsn = driver_dsn(_new_database(database))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(TABLES.encode())
    (folder / "device").mkdir()
    service = NaiveService(dsn)
    proxy.target = service.port
    table = "stamped" if kind is NewerRows else "queued"
    surplus = (
        "SELECT count(*) - count(DISTINCT key) FROM stamped"
        if kind is NewerRows
        else "SELECT count(*) - count(DISTINCT value) FROM events"
    )
    yield (
        Strategy(
            kind,
            lambda port: NaiveService(dsn, port),
            "rows.db*",
            table,
            dsn,
            f"SELECT key, max(value) FROM {table} GROUP BY key",
            surplus,
            skip=skip,
        ),
        service,
    )


def _new_database(database: EmbeddedPostgres) -> str:
    name = f"t{uuid7().hex}"
    with psycopg.connect(driver_dsn(database.dsn), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return named(database.dsn, name)


STRATEGIES: dict[str, Callable[..., Any]] = {
    "": ours,
    "newer_": partial(naive, NewerRows),
    "newer_right_clock_": partial(naive, NewerRows, skip=frozenset({"wrong_clock"})),
    "queue_": partial(naive, EmptiedQueue),
}


def run(
    turns: int, seed: int, strategies: Collection[str] = STRATEGIES.keys(), but: Collection[str] = ()
) -> dict[str, float]:
    """`writes`, `lost`, `doubled`, `reordered`, `faults` of ours, the same of the peers, and ours per fault."""
    began = time.perf_counter()
    events = script(turns, seed, but)
    result: dict[str, float] = {"turns": turns}
    # Processes die here, and images of disks are made of what was asked for: memory is as durable as a disk.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([busy_device.__name__, NaiveService.__module__])
    with tempfile.TemporaryDirectory() as data, EmbeddedPostgres(Path(data)) as database:
        for prefix in strategies:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
                proxy = stack.enter_context(FaultProxy(0))
                strategy, service = stack.enter_context(STRATEGIES[prefix](database, folder, proxy))
                playing = Run(strategy, folder / "device", service, proxy, database)
                stack.callback(playing.stop)
                tally = playing.play(events)
            result |= {
                prefix + "writes": tally.writes,
                prefix + "faults": sum(tally.strikes.values()),
                prefix + "lost": tally.lost,
                prefix + "doubled": tally.doubled,
                prefix + "reordered": tally.reordered,
            }
            if not prefix:
                result |= {f"fault_{name}": tally.strikes[name] for name in FAULTS}
    return {**result, "seconds": round(time.perf_counter() - began, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=330)
    parser.add_argument("--seed", type=int, default=38)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.turns, options.seed)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{'':34}{'writes':>8}{'faults':>8}{'lost':>7}{'doubled':>9}{'reordered':>11}")
    for prefix, words in (
        ("", "marks and events (ours)"),
        ("newer_", "rows newer than the last round"),
        ("newer_right_clock_", "… the clock always right"),
        ("queue_", "queue, dropped when answered"),
    ):
        names = ("writes", "faults", "lost", "doubled", "reordered")
        print("{:34}{:8}{:8}{:7}{:9}{:11}".format(words, *(int(result[prefix + name]) for name in names)))
    print(", ".join(f"{name} {int(result[f'fault_{name}'])}" for name in FAULTS), f"{result['seconds']} s")


if __name__ == "__main__":
    main()
