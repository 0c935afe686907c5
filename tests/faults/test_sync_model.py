"""The protocol against a model: any order of writing, deleting, sending, losing, doubling, delaying, restoring.

The model knows what the county once had and what went from it. After a last undisturbed round the device, the county
and the hall's second device must hold exactly that, each event once. Then the same with the protocol broken on purpose
(mutants of marks, gaps, forks, epochs, doubles, deletions and cursors): each must be caught.
"""

from __future__ import annotations

import inspect
import random
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county import backup, enrol, ingest, pull, twice
from db.county.base import County
from db.county.errors import CountyError, Gap, Refusal, Stopped
from db.county.keys import CountyKeys
from db.models import Origin, OutboxRow, Setting
from db.store import Store
from db.sync import push as push_module
from db.sync import round as round_module
from db.sync.client import CountyClient, Diverged, Identity
from db.sync.device_key import DeviceKey
from db.sync.enrol import adopt
from db.sync.errors import CountyFailed, CountyUnreachable, SyncError
from db.sync.outgoing import Outgoing, next_batch
from db.sync.round import sync_once
from db.sync.state import link, state_of
from db.sync.wire import EnrolRequest, Envelope, Mark, Page
from tests.county.world import fresh_database

STEPS = (
    "write", "write", "write", "change", "drop", "round", "lose_request", "lose_answer", "twice", "late", "arrive",
    "blind", "ahead", "crossed", "image", "restore", "back_up", "clear", "small", "down", "down_cut",
)  # fmt: skip


def _nothing() -> None:
    pass


class FaultyLine(CountyClient):
    """Straight into the county, without TCP: faults are put where the model wants them."""

    def __init__(self, county: County, identity: Identity, hall: Any) -> None:
        self._county = county
        self._who = identity
        self._hall = hall
        self.fault = ""
        self.pages = 0
        self.late: list[tuple[Envelope, bytes]] = []
        self._held = _nothing  # a batch that arrives after the one that follows it

    def mark(self) -> Mark:
        return ingest.mark_of(self._county, self._who.device)

    def highest_number(self) -> int:
        return twice.highest(self._county, self._who.device)

    def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Callable[[], Mark]:
        envelope = Envelope("POST", "/v1/push", self._who.device, epoch, lo, hi)
        fault, self.fault = self.fault, ""
        arrived = list[Mark | SyncError]()

        def arrive() -> None:
            if not arrived:
                arrived.append(self._taken(envelope, body, fault))

        def answer() -> Mark:
            arrive()
            if isinstance(arrived[0], SyncError):
                raise arrived[0]
            return arrived[0]

        held, self._held = self._held, arrive if fault == "crossed" else _nothing
        if fault != "crossed":
            arrive()
            held()
        return answer

    def _taken(self, envelope: Envelope, body: bytes, fault: str) -> Mark | SyncError:
        if fault in ("lose_request", "late"):
            if fault == "late":
                self.late.append((envelope, body))
            return CountyUnreachable(reason=fault)
        try:
            mark = ingest.push(self._county, envelope, body)
            if fault == "twice":
                mark = ingest.push(self._county, envelope, body)
        except Refusal as refusal:
            if refusal.mark is not None:
                return Diverged(refusal.said, refusal.mark)
            return CountyFailed(status=refusal.said)
        return CountyUnreachable(reason=fault) if fault == "lose_answer" else mark

    def close(self) -> None:
        self._held = _nothing

    def pull(self, cursor: str, *, own: bool, most: int = pull.ROWS) -> Page:
        self.pages += 1
        if self.fault == "down_cut" and self.pages == 2:
            raise CountyUnreachable(reason=self.fault)
        return pull.pull(self._county, self._who.device, self._hall, cursor, own=own, most=min(most, 7))

    def deliver_late(self) -> None:
        """What was held up on the way arrives now, whatever happened meanwhile."""
        for envelope, body in self.late:
            try:
                ingest.push(self._county, envelope, body)
            except (Gap, Stopped):
                continue
        self.late.clear()

    def send(self, batch: Outgoing | None) -> None:
        """A request by somebody who does not look where the county stands, and does not hear the answer."""
        if batch is not None:
            envelope = Envelope("POST", "/v1/push", self._who.device, batch.epoch, batch.lo, batch.hi)
            with suppress(Gap, Stopped):
                ingest.push(self._county, envelope, batch.body)


@dataclass
class Model:
    """A device, its county, and what must come out."""

    folder: Path
    county: County
    store: Store
    line: FaultyLine
    enrolled: Callable[[Path, UUID | None], tuple[Store, FaultyLine]]
    second: tuple[Store, FaultyLine] | None = None  # another device of the hall, once a step asks for it
    ever: set[str] = field(default_factory=set)  # what the county once had
    dropped: set[str] = field(default_factory=set)  # deleted here
    dropped_then: set[str] = field(default_factory=set)  # … when the image was taken
    undone: set[str] = field(
        default_factory=set
    )  # … on a disk that was set back before the county had heard of it
    gone: set[str] = field(default_factory=set)  # deleted at the county
    number: int = 0
    images: int = 0
    rows: int = 50

    def step(self, name: str) -> None:
        match name:
            case "write" | "change":
                self._write(change=name == "change")
            case "round" | "lose_request" | "lose_answer" | "twice" | "late" | "crossed":
                self.line.fault = "" if name == "round" else name
                self._round()
            case "small":
                self.rows = 3
            case "drop":
                self._drop()
            case "arrive":
                self.line.deliver_late()
            case "blind":
                self.line.send(self._batch(0))
            case "ahead":
                self.line.send(self._batch(1))
            case "down" | "down_cut":
                self._down(name)
            case "image":
                self._image()
            case "restore":
                self._restore()
            case "back_up":
                backup.confirm(self.county)
            case "clear":
                vars(round_module)["clear"](self.store)  # the one a round uses, be it broken
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

    def _drop(self) -> None:
        with self.store.write() as session:
            found = session.scalars(select(Setting).order_by(Setting.id).limit(1)).first()
            if found is not None:
                session.delete(found)
                self.dropped.add(found.key)
                self.undone.discard(found.key)

    def _batch(self, skipped: int) -> Outgoing | None:
        """What follows the rows of which this device knows that they arrived, or leaves some out."""
        with self.store.read() as session:
            state = state_of(session)
            at, last = state.acked_seq + skipped, state.acked_event_id
            if skipped:
                last = session.scalar(select(OutboxRow.event_id).where(OutboxRow.seq == at))
        return next_batch(self.store, at, last, None, self.rows)

    def _down(self, name: str) -> None:
        if self.second is None:
            self.second = self.enrolled(self.folder / "second", self.store.origin.hall_id)
        store, line = self.second
        line.fault, line.pages = name, 0
        with suppress(CountyUnreachable):
            sync_once(store, line)
        line.fault = ""

    def _round(self) -> None:
        try:
            sync_once(self.store, self.line, most_rows=self.rows)
        except CountyUnreachable:
            return

    def _image(self) -> None:
        self.store.close()
        self.images += 1
        self.dropped_then = set(self.dropped)
        shutil.copytree(self.store.path.parent, self.folder / "image", dirs_exist_ok=True)
        self.store = Store.open(self.store.path.parent)

    def _restore(self) -> None:
        if not self.images:
            return
        self.see()
        self.undone |= self.dropped - self.dropped_then - self.gone
        self.images = 0
        self.store.close()
        shutil.rmtree(self.store.path.parent)
        shutil.copytree(self.folder / "image", self.store.path.parent)
        shutil.rmtree(self.folder / "image")
        self.store = Store.open(self.store.path.parent)

    def see(self) -> None:
        there = set(self.county_keys())
        self.gone |= self.ever - there
        self.ever |= there

    def close(self) -> None:
        self.store.close()
        if self.second is not None:
            self.second[0].close()
        shutil.rmtree(self.folder)

    def keys(self, store: Store | None = None) -> dict[str, int]:
        with (store or self.store).read() as session:
            return {row.key: row.value for row in session.execute(select(Setting.key, Setting.value))}

    def county_keys(self) -> dict[str, int]:
        with self.county.transaction() as tx:
            rows = tx.execute(
                "SELECT key, value FROM settings WHERE hall_id = %s", (self.store.origin.hall_id,)
            )
            return {str(key): int(value) for key, value in rows}

    def check(self) -> None:
        """Undisturbed rounds; all sides agree, what was written is there, what was deleted is not, no event twice."""
        written = self.ever | set(self.keys())
        sync_once(self.store, self.line)
        sync_once(self.store, self.line)
        here, there = self.keys(), self.county_keys()
        assert here == there
        if self.second is not None:
            self._down("")
            assert self.keys(self.second[0]) == there
        assert written - self.dropped <= set(here) <= written - (self.dropped - self.undone) - self.gone
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


def run(model: Model, steps: Sequence[str]) -> None:
    """Play the steps, then look."""
    for name in steps:
        model.step(name)
        model.see()
    model.line.fault = ""
    model.line.deliver_late()  # rows of a line that an image undid may still arrive: written is written
    model.see()
    model.check()


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
    def enrolled(place: Path, hall: UUID | None) -> tuple[Store, FaultyLine]:
        shutil.copytree(blank, place)
        store = Store.open(place)
        with store.write() as session:
            origin = session.get_one(Origin, 1)
            origin.hall_id, origin.device_id = uuid7(), uuid7()
        store.refresh_origin()
        key = DeviceKey.make()
        who = store.origin
        code = enrol.make_code(county, "x", hall)
        request = EnrolRequest(
            code, who.hall_id, who.device_id, 1, key.public, key.box_public, store.schema_version
        )
        adopt(store, "https://127.0.0.1", "", key, enrol.enrol(county, request))
        return store, FaultyLine(county, link(store).identity, store.origin.hall_id)

    def make() -> Model:
        folder = tmp_path_factory.mktemp("device")
        return Model(folder, county, *enrolled(folder / "store", None), enrolled)

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
    with closing(fresh()) as model:
        run(model, steps)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "FORKS_ALLOWED", 1000)  # restoring images is what this test does all day
        yield patch


def _go_on_whatever(stand: push_module.Stand, mark: Mark) -> push_module.Continue:
    return push_module.Continue(mark.seq, mark.last)


def _forget_the_mark(stand: push_module.Stand, mark: Mark) -> push_module.Continue:
    return push_module.Continue(stand.acked_seq, stand.acked_event)


@dataclass(frozen=True)
class Mutant:
    """One place of the protocol broken: a function replaced, or some words in it."""

    module: ModuleType
    name: str
    words: str = ""
    instead: Any = ""
    told: int = 0  # which of `TELLING` told it from the real thing

    def put(self, patch: pytest.MonkeyPatch) -> None:
        made = self.instead
        if self.words:
            function = getattr(self.module, self.name)
            source = textwrap.dedent(inspect.getsource(function))
            assert source.count(self.words) == 1, "the protocol reads otherwise now: break it anew"
            scope: dict[str, Any] = {}
            exec(source.replace(self.words, self.instead), function.__globals__, scope)
            made = scope[self.name]
        patch.setattr(self.module, self.name, made)


MUTANTS = {
    "mark: the county's is not asked for": Mutant(push_module, "align", instead=_forget_the_mark),
    "mark: rows below it count again": Mutant(ingest, "_push", " if row.seq > mark]", "]", told=5),
    "gap: the rows in between are taken for sent": Mutant(
        ingest,
        "_push",
        "    if lo > mark + 1:\n        raise Gap(stands)",
        "    if lo > mark + 1:\n        mark, last = lo - 1, batch.prev",
        told=2,
    ),
    "fork: taken for a lost answer": Mutant(push_module, "align", instead=_go_on_whatever),
    "fork: another history goes on at the mark": Mutant(
        ingest, "_push", "if batch.prev != last:", "if False:", told=3
    ),
    "fork: another history below the mark is a double": Mutant(
        ingest, "_same_history", instead=lambda *whatever: None, told=4
    ),
    "epoch: a new one begins at the old one's mark": Mutant(
        ingest, "_push", "mark, last, backed_up = lo - 1, None, lo - 1", "last = None"
    ),
    "doubles: what came in an earlier epoch counts again": Mutant(
        ingest, "_unseen", instead=lambda tx, rows: rows
    ),
    "outbox: cleared before it was sent": Mutant(
        round_module, "clear", "min(state.acked_seq, state.backed_up_seq)", "10**9", told=6
    ),
    "deletions: none come down": Mutant(
        pull, "_feed", 'rows += [PageRow(table, "D", key, {}) for key in gone]', "pass", told=7
    ),
    "deletions: none come down with everything anew": Mutant(
        pull, "_anew", 'rows += [PageRow(table, "D", key, {}) for table, key in gone]', "pass", told=8
    ),
    "cursor: behind the page's end": Mutant(
        pull, "_feed", "more = len(lines) == most", "more = False", told=9
    ),
    "cursor: nothing of one's own after a fork": Mutant(
        pull, "_anew", "(%s OR device_id <> %s)", "(%s AND FALSE OR device_id <> %s)"
    ),
}


# scenarios that once told a mutant from the real thing; random ones follow
TELLING = (
    "write image small clear clear write round write twice clear twice twice restore lose_answer clear change write"
    " twice",
    "restore back_up clear late write restore lose_request change image lose_answer round lose_request image write"
    " write late restore late",
    "write write round write write write ahead round",
    "write round image write round restore write write ahead round",
    "write round image write round restore write write blind round",
    "write write write write write write write write write late small lose_answer arrive round",
    "write write round drop clear round",
    "down write write round down drop round down",
    "write round image drop round restore round",
    "down write write write write write write write write write write round down",
    "write write write write small crossed write write lose_answer write crossed round",
)


@pytest.mark.parametrize("steps", TELLING)
def test_known_scenarios(
    fresh: Callable[[], Model], monkeypatch_module: pytest.MonkeyPatch, steps: str
) -> None:
    with closing(fresh()) as model:
        run(model, steps.split())


@pytest.mark.parametrize("name", [*MUTANTS])
def test_a_broken_protocol_is_caught(
    fresh: Callable[[], Model],
    monkeypatch_module: pytest.MonkeyPatch,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    MUTANTS[name].put(monkeypatch)
    chance = random.Random(11)
    random_ones = ([chance.choice(STEPS) for _ in range(18)] for _ in range(12))
    first = TELLING[MUTANTS[name].told]
    for steps in (first.split(), *(telling.split() for telling in TELLING), *random_ones):
        with closing(fresh()) as model:
            try:
                run(model, steps)
            except (AssertionError, SyncError, CountyError):
                return
    pytest.fail("no scenario noticed")
