"""Two at once at the county: what a hall wrote a moment ago is not lost under what the county's staff write."""

from __future__ import annotations

import threading

from db.county.publish import bury, write_own
from tests.county.world import World, add_posting, set_up

WAIT_SECONDS = 20
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def until_it_waits(world: World, thread: threading.Thread) -> None:
    """Until the thread waits for somebody's lock. It cannot end while it is held."""
    while not world.one(WAITING):
        assert thread.is_alive(), "it did not wait"


def test_what_a_hall_changes_while_the_county_writes_stays(county_world: World) -> None:
    """`own_row` reads a row and puts it back whole: nothing may change it in between."""
    store = county_world.device("a")
    set_up(store)
    posting = add_posting(store, title="砌墙工")
    county_world.sync(store)
    county = county_world.county
    closing = threading.Thread(target=lambda: write_own(county, "postings", {"state": "closed"}, posting))
    with county.transaction() as tx:
        tx.execute("UPDATE postings SET title = '抹灰工', version = version + 1 WHERE id = %s", (posting,))
        closing.start()
        until_it_waits(county_world, closing)
    closing.join(WAIT_SECONDS)
    found = county_world.rows("SELECT title, state, version FROM postings WHERE id = %s", posting)
    assert found == [("抹灰工", "closed", 3)]


def test_what_a_hall_deletes_while_the_county_writes_stays_deleted(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    posting = add_posting(store)
    county_world.sync(store)
    county = county_world.county
    said: list[object] = []

    def close() -> None:
        said.append(write_own(county, "postings", {"state": "closed"}, posting))

    closing = threading.Thread(target=close)
    with county.transaction() as tx:
        bury(tx, "postings", [posting], "deleted")
        closing.start()
        until_it_waits(county_world, closing)
    closing.join(WAIT_SECONDS)
    assert county_world.one("SELECT count(*) FROM postings WHERE id = %s", posting) == 0
    assert said == [posting]
