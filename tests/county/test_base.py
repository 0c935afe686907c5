"""A transaction that PostgreSQL undid for another's sake is not a database that went away: it is tried again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from db.county.base import Tx
from db.county.errors import DatabaseMissing
from db.models import Seeker
from tests.county.world import World, add_seeker, set_up

FIRST, SECOND = 1, 2
PATIENCE = 120.0


def wait_until_somebody_waits(tx: Tx, over: threading.Event) -> None:
    """For a lock of this database."""
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not over.is_set() and tx.execute(waits).fetchone() is None:
        tx.execute("SELECT pg_stat_clear_snapshot()")


def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(county_world: World) -> None:
    both_hold_one = threading.Barrier(2, timeout=PATIENCE)

    def hold(mine: int, theirs: int) -> str:
        try:
            with county_world.county.transaction() as tx:
                tx.execute("SELECT pg_advisory_xact_lock(%s)", (mine,))
                both_hold_one.wait()
                tx.execute("SELECT pg_advisory_xact_lock(%s)", (theirs,))
        except psycopg.errors.TransactionRollback:
            return "again"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = pool.map(hold, (FIRST, SECOND), (SECOND, FIRST))
        assert sorted(said) == ["again", "done"]


def test_a_push_that_was_undone_is_taken_in_all_the_same(county_world: World) -> None:
    """The console holds a person's row and waits for the device's line, the push the other way round."""
    store = county_world.device("a")
    set_up(store)
    seeker = add_seeker(store, "11010519491231002X")
    county_world.sync(store)
    with store.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000009"
    device = store.origin.device_id
    holds, over = threading.Event(), threading.Event()

    def console() -> None:
        with county_world.county.transaction() as tx:
            tx.execute("SET LOCAL deadlock_timeout = '1h'")  # the push is the one to be undone
            tx.execute("SELECT 1 FROM seekers WHERE id = %s FOR UPDATE", (seeker,))
            holds.set()
            wait_until_somebody_waits(tx, over)
            tx.execute("SELECT 1 FROM enrolled WHERE device_id = %s FOR UPDATE", (device,))

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(console)
        try:
            assert holds.wait(PATIENCE)
            county_world.sync(store)
        finally:
            over.set()
        other.result(PATIENCE)
    assert county_world.one("SELECT mark FROM enrolled") == county_world.one("SELECT max(seq) FROM inbox")


def test_a_database_that_went_away_is_said(county_world: World) -> None:
    with pytest.raises(DatabaseMissing), county_world.county.transaction() as tx:
        tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
