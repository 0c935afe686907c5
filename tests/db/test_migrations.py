"""The migrated schema equals the models."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from db.models import Base
from db.store import Store


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
