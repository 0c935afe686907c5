"""The protocol against a model: any order of writing, sending, losing, doubling, delaying, restoring, clearing.

The model knows what was written and what the county once had. After a last undisturbed round both sides must hold
exactly that, each event once. Then the same with the protocol broken on purpose (mutants): each must be caught.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county import backup, enrol, ingest, pull
from db.county.base import County
from db.county.errors import CountyError, Refusal
from db.county.keys import CountyKeys
from db.models import Origin, Setting
from db.store import Store
from db.sync import push as push_module
from db.sync.client import CountyClient, Diverged, Identity
from db.sync.device_key import DeviceKey
from db.sync.enrol import adopt
from db.sync.errors import CountyFailed, CountyUnreachable, SyncError
from db.sync.push import clear
from db.sync.round import sync_once
from db.sync.state import link
from db.sync.wire import EnrolRequest, Envelope, Mark, Page
from tests.county.world import fresh_database

STEPS = (
    "write", "write", "write", "change", "round", "lose_request", "lose_answer", "twice", "late", "image", "restore",
    "back_up", "clear", "small",
)  # fmt: skip


class FaultyLine(CountyClient):
    """Straight into the county, without TCP: faults are put where the model wants them."""

    def __init__(self, county: County, identity: Identity, hall: Any) -> None:
        self._county = county
        self._who = identity
        self._hall = hall
        self.fault = ""
        self.late: list[tuple[Envelope, bytes]] = []

    def mark(self) -> Mark:
        return ingest.mark_of(self._county, self._who.device)

    def push(self, epoch: int, lo: int, hi: int, body: bytes) -> Mark:
        envelope = Envelope("POST", "/v1/push", self._who.device, epoch, lo, hi)
        fault, self.fault = self.fault, ""
        if fault in ("lose_request", "late"):
            if fault == "late":
                self.late.append((envelope, body))
            raise CountyUnreachable(reason=fault)
        try:
            mark = ingest.push(self._county, envelope, body)
            if fault == "twice":
                mark = ingest.push(self._county, envelope, body)
        except Refusal as refusal:
            if refusal.mark is not None:
                raise Diverged(refusal.said, refusal.mark) from refusal
            raise CountyFailed(status=refusal.said) from refusal
        if fault == "lose_answer":
            raise CountyUnreachable(reason=fault)
        return mark

    def pull(self, cursor: str, *, own: bool) -> Page:
        return pull.pull(self._county, self._who.device, self._hall, cursor, own=own, most=7)

    def deliver_late(self) -> None:
        """What was held up on the way arrives now, whatever happened meanwhile."""
        for envelope, body in self.late:
            try:
                ingest.push(self._county, envelope, body)
            except Refusal:
                continue
        self.late.clear()


@dataclass
class Model:
    """A device, its county, and what must come out."""

    folder: Path
    county: County
    store: Store
    line: FaultyLine
    written: dict[str, int] = field(default_factory=dict)  # what the store must hold
    number: int = 0
    images: int = 0
    rows: int = 50

    def step(self, name: str) -> None:
        match name:
            case "write" | "change":
                self._write(change=name == "change")
            case "round" | "lose_request" | "lose_answer" | "twice" | "late":
                self.line.fault = "" if name == "round" else name
                self._round()
            case "small":
                self.rows = 3
            case "image":
                self._image()
            case "restore":
                self._restore()
            case "back_up":
                backup.confirm(self.county)
            case "clear":
                clear(self.store)
            case _:
                raise AssertionError(name)

    def _write(self, *, change: bool) -> None:
        with self.store.write() as session:
            found = session.scalars(select(Setting).order_by(Setting.id.desc()).limit(1)).first()
            self.number += 1
            if change and found is not None:
                found.value = self.number
            else:
                session.add(Setting(key=f"k{self.number}", value=self.number))

    def _round(self) -> None:
        try:
            sync_once(self.store, self.line, most_rows=self.rows)
        except CountyUnreachable:
            return

    def _image(self) -> None:
        self.store.close()
        self.images += 1
        shutil.copytree(self.store.path.parent, self.folder / "image", dirs_exist_ok=True)
        self.store = Store.open(self.store.path.parent)

    def _restore(self) -> None:
        if not self.images:
            return
        self.images = 0
        self.store.close()
        shutil.rmtree(self.store.path.parent)
        shutil.copytree(self.folder / "image", self.store.path.parent)
        shutil.rmtree(self.folder / "image")
        self.store = Store.open(self.store.path.parent)

    def keys(self) -> dict[str, int]:
        with self.store.read() as session:
            return {row.key: row.value for row in session.execute(select(Setting.key, Setting.value))}

    def county_keys(self) -> dict[str, int]:
        with self.county.transaction() as tx:
            rows = tx.execute(
                "SELECT key, value FROM settings WHERE hall_id = %s", (self.store.origin.hall_id,)
            )
            return {str(key): int(value) for key, value in rows}

    def check(self, expected: set[str]) -> None:
        """One undisturbed round; both sides agree, nothing expected is missing, no event came twice."""
        sync_once(self.store, self.line)
        sync_once(self.store, self.line)
        here, there = self.keys(), self.county_keys()
        assert here == there
        assert set(here) == expected
        with self.county.transaction() as tx:
            device = self.store.origin.device_id
            [counts] = tx.execute(
                "SELECT count(*), count(DISTINCT event_id) FROM inbox WHERE device_id = %s", (device,)
            ).fetchall()
            assert counts[0] == counts[1]
            refused = tx.execute("SELECT count(*) FROM quarantine WHERE device_id = %s", (device,)).fetchone()
            assert refused == (0,)
            mark = tx.execute("SELECT mark FROM enrolled WHERE device_id = %s", (device,)).fetchone()
            newest = tx.execute(
                "SELECT count(*) FROM inbox WHERE device_id = %s AND seq > %s",
                (device, mark[0] if mark else 0),
            ).fetchone()
        assert newest is not None


def run(model: Model, steps: list[str]) -> None:
    """Play the steps; the model keeps what must come out at the end: what is here, and what ever was there."""
    expected: set[str] = set()
    for name in steps:
        model.step(name)
        expected |= set(model.county_keys())
    model.line.fault = ""
    model.line.deliver_late()  # rows of a line that an image undid may still arrive: written is written
    model.check(expected | set(model.county_keys()) | set(model.keys()))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("model")
    with fresh_database(postgres) as dsn:
        county = County.open(dsn, CountyKeys.load(folder))
        yield county
        county.close()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty store; every example gets a copy with a name of its own."""
    folder = tmp_path_factory.mktemp("blank") / "store"
    Store.open(folder).close()
    return folder


@pytest.fixture(scope="module")
def fresh(county: County, blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Model]:
    def make() -> Model:
        folder = tmp_path_factory.mktemp("device")
        shutil.copytree(blank, folder / "store")
        store = Store.open(folder / "store")
        with store.write() as session:
            origin = session.get_one(Origin, 1)
            origin.hall_id, origin.device_id = uuid7(), uuid7()
        store.refresh_origin()
        key = DeviceKey.make()
        origin_mark = store.origin
        code = enrol.make_code(county, "x")
        request = EnrolRequest(
            code,
            origin_mark.hall_id,
            origin_mark.device_id,
            1,
            key.public,
            key.box_public,
            store.schema_version,
        )
        adopt(store, "https://127.0.0.1", "", key, enrol.enrol(county, request))
        line = FaultyLine(county, link(store).identity, store.origin.hall_id)
        return Model(folder, county, store, line)

    return make


@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=18))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_order_of_faults(
    fresh: Callable[[], Model], monkeypatch_module: pytest.MonkeyPatch, steps: list[str]
) -> None:
    model = fresh()
    try:
        run(model, steps)
    finally:
        model.store.close()
        shutil.rmtree(model.folder)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "FORKS_ALLOWED", 1000)  # restoring images is what this test does all day
        yield patch


def _go_on_whatever(stand: push_module.Stand, mark: Mark) -> push_module.Continue:
    return push_module.Continue(mark.seq, mark.last)


def _forget_the_mark(stand: push_module.Stand, mark: Mark) -> push_module.Continue:
    return push_module.Continue(stand.acked_seq, stand.acked_event)


# name → what to break
MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "a fork is taken for a lost answer": (push_module, "align", _go_on_whatever),
    "the county's mark is not asked for": (push_module, "align", _forget_the_mark),
    "what came in an earlier epoch counts again": (ingest, "_unseen", lambda tx, rows: rows),
    "nothing is pulled anew after a fork": (pull, "_anew", None),
}


# scenarios that once told a mutant from the real thing; random ones follow
TELLING = (
    "write image small clear clear write round write twice clear twice twice restore lose_answer clear change write"
    " twice",
    "restore back_up clear late write restore lose_request change image lose_answer round lose_request image write"
    " write late restore late",
)


@pytest.mark.parametrize("steps", TELLING)
def test_known_scenarios(
    fresh: Callable[[], Model], monkeypatch_module: pytest.MonkeyPatch, steps: str
) -> None:
    model = fresh()
    try:
        run(model, steps.split())
    finally:
        model.store.close()


@pytest.mark.parametrize("name", [*MUTANTS])
def test_a_broken_protocol_is_caught(
    fresh: Callable[[], Model],
    monkeypatch_module: pytest.MonkeyPatch,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module, attribute, instead = MUTANTS[name]
    if instead is not None:
        monkeypatch.setattr(module, attribute, instead)
    else:
        real = pull._anew

        def without_own(
            county: County, tx: Any, whose: Any, feed: str, xid: int, own: bool, *rest: Any
        ) -> Page:
            return real(county, tx, whose, feed, xid, False, *rest)

        monkeypatch.setattr(pull, "_anew", without_own)
    chance = random.Random(11)
    random_ones = ([chance.choice(STEPS) for _ in range(18)] for _ in range(40))
    for steps in (*(telling.split() for telling in TELLING), *random_ones):
        model = fresh()
        try:
            run(model, steps)
        except (AssertionError, SyncError, CountyError):
            return
        finally:
            model.store.close()
            shutil.rmtree(model.folder)
    pytest.fail("no scenario noticed")
