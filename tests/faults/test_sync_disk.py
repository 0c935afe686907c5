"""No room left, at either end: nothing is lost, and it goes on by itself once there is room."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy import ExceptionContext, event, func, select

from db.errors import StoreFull
from db.models import Notice, Setting
from db.sync.errors import CountyBusy
from db.sync.state import standing
from tests.county.world import World
from tests.sync.test_push import settings, write

# what PostgreSQL says when its disk is full, raised in the middle of a batch
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE UPDATE ON enrolled FOR EACH ROW EXECUTE FUNCTION no_room();
"""


def test_the_countys_disk_is_full(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 20)
    with county_world.county.transaction() as tx:
        tx.execute(FULL)
    with pytest.raises(CountyBusy):
        county_world.sync(store)
    assert (settings(county_world), standing(store).waiting) == ([], 20)
    with county_world.county.transaction() as tx:
        tx.execute("DROP FUNCTION no_room CASCADE")
    county_world.sync(store)
    assert len(settings(county_world)) == 20


def test_the_kiosks_disk_is_full(county_world: World) -> None:
    first = county_world.device("a")
    second = county_world.device("b", first.origin.hall_id)
    county_world.sync(second)
    with first.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x" * 2000) for at in range(300))
    county_world.sync(first)
    with second._writer.connect() as connection:  # the pool's one writer keeps the limit
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(StoreFull):
        county_world.sync(second)
    with second._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    county_world.sync(second)
    with second.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 300
        assert session.scalar(select(func.count()).select_from(Setting)) == 0


def test_room_that_came_back_in_the_middle_of_a_page_loses_no_row_of_it(county_world: World) -> None:
    """SQLite takes back the whole transaction where the disk is full: what stood before that row must come again."""
    first = county_world.device("a")
    second = county_world.device("b", first.origin.hall_id)
    county_world.sync(second)
    with first.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x") for at in range(5))
        session.add(Notice(kind="notice", title="5", body="x" * 400_000))
        session.add_all(Notice(kind="notice", title=str(at), body="x") for at in range(6, 10))
    county_world.sync(first)
    with second._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")

    def room(context: ExceptionContext) -> None:
        """Whatever filled the disk is gone a moment later."""
        if "full" in str(context.original_exception):
            assert context.execution_context is not None
            context.execution_context.cursor.execute("PRAGMA max_page_count = 1000000")

    event.listen(second._writer, "handle_error", room)
    with contextlib.suppress(StoreFull):
        county_world.sync(second)
    county_world.sync(second)
    with second.read() as session:
        assert sorted(session.scalars(select(Notice.title))) == [str(at) for at in range(10)]
