"""A batch whose rows are copied while the one before it is still being taken in: nothing counts before its turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest

from db.county import ingest
from db.county.base import Tx
from db.county.embedded import driver_dsn
from db.county.errors import Gap, Stopped
from db.county.ready import Ready
from db.store import Store
from db.sync.batch import decode
from db.sync.outgoing import Outgoing, next_batch
from db.sync.state import link
from db.sync.wire import Envelope, Mark
from tests.county.world import World
from tests.outbox_rows import rewrite, values_at
from tests.sync.test_push import settings, write

ROWS = 10
PATIENCE_SECONDS = 20.0
TURN = "SELECT 1 FROM enrolled WHERE device_id = %s FOR UPDATE"
WAITING = (
    "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a"
    " ON a.pid = l.pid WHERE c.relname = %s AND l.mode = 'RowExclusiveLock' AND a.wait_event_type = 'Lock'"
    " AND a.datname = current_database()"
)


class Line:
    """A device with one batch at the county and two more to bring, and what it brings."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store: Store = world.device("a")
        write(self.store, 3 * ROWS)
        self.device: UUID = link(self.store).identity.device
        self.batches: list[Outgoing] = []
        for _ in range(3):
            after, prev = (self.batches[-1].hi, self.batches[-1].last) if self.batches else (0, None)
            made = next_batch(self.store, after, prev, None, ROWS, protocol=2)
            assert made is not None
            self.batches.append(made)
        self.push(0)

    def envelope(self, number: int) -> Envelope:
        batch = self.batches[number]
        return Envelope("POST", "/v1/push", self.device, batch.epoch, batch.lo, batch.hi)

    def push(self, number: int) -> Mark:
        return ingest.push(self.world.county, self.envelope(number), self.batches[number].body)

    def take_in(self, tx: Tx, number: int) -> None:
        """As `push`, in a transaction that goes on."""
        envelope = self.envelope(number)
        batch, special = decode(self.batches[number].body, envelope.lo, envelope.hi)
        with Ready(self.world.county.keys, envelope, batch, special=special) as ready:
            ingest._push(self.world.county, tx, envelope, batch, ready, None)

    def wait_for(self, count: int, table: str) -> None:
        """Until so many transactions wait for their turn that wrote into `table`."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        with psycopg.connect(driver_dsn(self.world.dsn), autocommit=True) as connection:
            while connection.execute(WAITING, (table,)).fetchone() != (count,):
                assert time.monotonic() < give_up

    def stands(self, rows: int) -> None:
        assert len(settings(self.world)) == rows
        assert self.world.one("SELECT count(*) FROM inbox") == rows
        assert self.world.one("SELECT mark FROM enrolled") == rows


@pytest.fixture
def line(county_world: World) -> Line:
    return Line(county_world)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_rows_are_copied_before_it_is_their_turn(line: Line, pool: ThreadPoolExecutor) -> None:
    with line.world.county.transaction() as tx:
        tx.execute(TURN, (line.device,))
        later = pool.submit(line.push, 2)
        line.wait_for(1, "settings")
        line.take_in(tx, 1)
        assert not later.done()
    assert later.result(PATIENCE_SECONDS).seq == 3 * ROWS
    line.stands(3 * ROWS)


def test_without_the_batch_between_nothing_of_them_stands(line: Line, pool: ThreadPoolExecutor) -> None:
    with line.world.county.transaction() as tx:
        tx.execute(TURN, (line.device,))
        later = pool.submit(line.push, 2)
        line.wait_for(1, "settings")
    with pytest.raises(Gap) as refusal:
        later.result(PATIENCE_SECONDS)
    assert refusal.value.mark is not None
    assert refusal.value.mark.seq == ROWS
    line.stands(ROWS)
    line.push(1)
    line.push(2)
    line.stands(3 * ROWS)


def test_a_device_stopped_meanwhile_leaves_nothing(line: Line, pool: ThreadPoolExecutor) -> None:
    with line.world.county.transaction() as tx:
        tx.execute(TURN, (line.device,))
        later = pool.submit(line.push, 2)
        line.wait_for(1, "settings")
        tx.execute("UPDATE enrolled SET state = 'revoked' WHERE device_id = %s", (line.device,))
    with pytest.raises(Stopped):
        later.result(PATIENCE_SECONDS)
    line.stands(ROWS)


def test_the_same_batch_twice_at_once_counts_once(line: Line, pool: ThreadPoolExecutor) -> None:
    """The second waits for the first one's rows, finds them there, and says where the county stands."""
    with line.world.county.transaction() as tx:
        tx.execute(TURN, (line.device,))
        twice = [pool.submit(line.push, 2) for _ in range(2)]
        line.wait_for(2, "inbox")
        line.take_in(tx, 1)
    assert {one.result(PATIENCE_SECONDS).seq for one in twice} == {3 * ROWS}
    line.stands(3 * ROWS)


def test_a_poison_row_is_found_all_the_same(line: Line, pool: ThreadPoolExecutor) -> None:
    """What PostgreSQL refuses while it is copied ahead goes the careful way when its turn has come."""
    seq = 2 * ROWS + 5
    with line.store._writer.begin() as connection:
        rewrite(connection, seq, values_at(connection, seq) | {"created_at": "2026-99-99"})
    after = line.batches[1]
    made = next_batch(line.store, after.hi, after.last, None, ROWS, protocol=2)
    assert made is not None
    line.batches[2] = made
    with line.world.county.transaction() as tx:
        tx.execute(TURN, (line.device,))
        later = pool.submit(line.push, 2)
        line.wait_for(1, "inbox")
        line.take_in(tx, 1)
    assert [refused.seq for refused in later.result(PATIENCE_SECONDS).refused] == [seq]
    assert len(settings(line.world)) == 3 * ROWS - 1
    assert line.world.one("SELECT count(*) FROM inbox") == 3 * ROWS
