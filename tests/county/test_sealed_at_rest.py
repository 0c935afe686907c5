"""Who can be called and who works there: sealed at the county, whole where it is needed."""

from __future__ import annotations

from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from uuid_utils.compat import uuid7

from db.county import rows
from db.county.base import MIGRATIONS, County
from db.county.embedded import driver_dsn, with_driver
from db.county.keys import CountyKeys
from db.county.tables import METADATA
from db.models import Posting, Staff
from db.store import Store
from tests.county.world import World, add_posting, fresh_database, set_up

NAME, PHONE = "样本老板", "13900000002"  # as `add_posting` writes them
CLERK = "样本柜员"
KEYS = CountyKeys(b"k" * 32, "test")
BEFORE, SEALED = "0005", "0006"


def holding(dsn: str, text: str) -> list[str]:
    """Tables with a row that shows `text`, plain or as the bytes of it."""
    found = []
    with psycopg.connect(driver_dsn(dsn)) as connection:
        there = {
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }
        for table in METADATA.sorted_tables:
            if table.name not in there:
                continue  # of a later schema than the one that is tried
            statement = f'SELECT count(*) FROM "{table.name}" t WHERE t::text LIKE %s OR t::text LIKE %s'
            wanted = (f"%{text}%", f"%{text.encode().hex()}%")
            [[count]] = connection.execute(statement.encode(), wanted).fetchall()
            if count:
                found.append(str(table.name))
    return found


def test_contacts_and_staff_travel_whole_and_rest_sealed(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    posting, clerk = add_posting(store), uuid7()
    with store.write() as session:
        session.add(Staff(id=clerk, name=CLERK, roles="clerk"))
    county_world.sync(store)

    assert county_world.one("SELECT title FROM postings") == "砌墙工"
    assert holding(county_world.dsn, "砌墙工") == ["postings"]  # what is public is found: the search works
    assert holding(county_world.dsn, PHONE) == holding(county_world.dsn, CLERK) == []
    with county_world.county.transaction() as tx:
        found = rows.read(tx, county_world.county.keys, "postings", [posting])[posting]
        assert (found["contact_name"], found["contact_phone"]) == (NAME, PHONE)

    stranger = county_world.device("b")
    set_up(stranger)
    county_world.sync(stranger)
    assert contact(stranger, posting) == (NAME, PHONE)  # published to every hall, with whom to call
    second = county_world.device("c", store.origin.hall_id)
    county_world.sync(second)
    with second.read() as session:
        assert session.get_one(Staff, clerk).name == CLERK

    with store.write() as session:
        session.get_one(Posting, posting).contact_phone = "13900000077"
    county_world.sync(store)
    county_world.sync(stranger)
    assert contact(stranger, posting) == (NAME, "13900000077")
    assert holding(county_world.dsn, "13900000077") == []


def contact(store: Store, posting: UUID) -> tuple[str, str]:
    with store.read() as session:
        found = session.get_one(Posting, posting)
        return found.contact_name, found.contact_phone


def migrate(dsn: str, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(with_driver(dsn))
    with engine.begin() as connection:
        config.attributes.update(connection=connection, keys=KEYS)
        (command.downgrade if to < SEALED else command.upgrade)(config, to)
    engine.dispose()


def test_what_stood_there_plain_is_sealed_once_and_for_all(postgres: str) -> None:
    ids = [uuid7() for _ in range(3)]
    with fresh_database(postgres) as dsn:
        migrate(dsn, BEFORE)
        with psycopg.connect(driver_dsn(dsn)) as connection:
            for number, row_id in enumerate(ids):
                connection.execute(
                    "INSERT INTO staff (id, hall_id, device_id, created_at, updated_at, version, name, roles, active)"
                    " VALUES (%s, %s, %s, now(), now(), 1, %s, 'clerk', true)",
                    (row_id, row_id, row_id, f"{CLERK}{number}"),
                )
        assert holding(dsn, CLERK) == ["staff"]
        county = County.open(dsn, KEYS)
        try:
            assert holding(dsn, CLERK) == []
            with county.transaction() as tx:
                found = rows.read(tx, KEYS, "staff", ids)
                assert [found[row_id]["name"] for row_id in ids] == [f"{CLERK}{n}" for n in range(3)]
        finally:
            county.close()
        migrate(dsn, BEFORE)
        with psycopg.connect(driver_dsn(dsn)) as connection:
            names = connection.execute("SELECT name FROM staff ORDER BY name").fetchall()
        assert names == [(f"{CLERK}{n}",) for n in range(3)]
