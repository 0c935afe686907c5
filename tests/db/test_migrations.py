"""The migrated schema equals the models."""

from __future__ import annotations

import msgspec
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from db.models import Base, Erasure, ErasureReason, ErasureState, Notice, Setting, now
from db.store import MIGRATIONS, Store
from db.sync.batch import decode
from db.sync.outgoing import next_batch
from tests.county.world import add_seeker
from tests.outbox_rows import values_at


def test_migrated_schema_equals_models(store: Store) -> None:
    with store._writer.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: (
                    kind != "table" or not str(name).startswith("posting_grams")
                ),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_checks_are_in_the_database(store: Store) -> None:
    """Autogenerate does not compare check constraints, so they are counted here."""
    with store._writer.connect() as connection:
        inspector = inspect(connection)
        for table in Base.metadata.sorted_tables:
            wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted, (
                table.name
            )


def test_full_text_table_is_there(store: Store) -> None:
    with store.read() as session:
        assert session.execute(text("SELECT count(*) FROM posting_grams")).scalar_one() == 0


def test_what_waits_in_the_outbox_goes_through_both_ways(store: Store) -> None:
    """Back to before the shapes the rows name their columns themselves; on again, they are read as they are."""
    with store.write() as session:
        session.add_all(
            [Setting(key="k", value={"a": [None, "长"]}), Notice(kind="notice", title="长", body="")]
        )
    with store.read() as session:
        before = [values_at(session.connection(), seq) for seq in (1, 2)]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._writer.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
        rows = connection.execute(text("SELECT payload FROM outbox ORDER BY seq")).scalars().all()
        assert [msgspec.json.decode(row) for row in rows] == before
        connection.commit()
    again = Store.open(store.path.parent)
    batch = next_batch(again, 0, None, None, protocol=2)
    assert batch is not None
    found = decode(batch.body, 1, 2)[0].rows(1)
    assert [row.values for row in found] == before
    again.close()


def test_proofs_that_data_was_erased_go_through_both_ways(store: Store) -> None:
    """Those that hang on nobody came with the table as it is now."""
    whose = add_seeker(store, "11010519491231002X")
    times = {"requested_at": now(), "decided_at": now()}
    said = {"reason": ErasureReason.AGE, "state": ErasureState.DONE, **times}
    with store.write() as session:
        session.add(Erasure(seeker_id=whose, rows={"seekers": 1}, **said))
        session.add(Erasure(rows={"postings": 2}, **said))
    table = text("SELECT * FROM erasures WHERE seeker_id IS NOT NULL")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._writer.connect() as connection:
        before = connection.execute(table).mappings().one()
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
        assert connection.execute(text("SELECT count(*) FROM erasures")).scalar_one() == 1
        connection.commit()
    again = Store.open(store.path.parent)
    with again.read() as session:
        assert session.execute(table).mappings().one() == before
    again.close()
