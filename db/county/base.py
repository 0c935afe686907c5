"""The county's database, opened and migrated; every operation on it is one short transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import Connection
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolBusy
from uuid_utils.compat import uuid7

from db.county.embedded import with_driver
from db.county.errors import CountyKeyWrong, CountyNewer, DatabaseMissing
from db.county.keys import CountyKeys

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x67_68_6D  # advisory lock: several processes may start at once
POOL = 8
PATIENCE_SECONDS = 20.0  # for a free connection; whoever asks is then told to come back
COUNTY_HALL = UUID(int=0)  # whose rows are the county's own; every hall gets them
COUNTY_DEVICE = UUID(int=0)

Tx = Connection[tuple[Any, ...]]


@dataclass
class County:
    """An open county. `schema` is the newest schema of the halls' tables this code knows."""

    engine: Engine
    keys: CountyKeys
    schema: str

    @classmethod
    def open(cls, dsn: str, keys: CountyKeys, pool: int = POOL, patience: float = PATIENCE_SECONDS) -> County:
        """Connect and migrate. Raises DatabaseMissing, CountyKeyWrong, CountyNewer."""
        engine = create_engine(
            with_driver(dsn),
            pool_size=pool,
            max_overflow=0,
            pool_timeout=patience,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": "-c timezone=UTC -c statement_timeout=120s", "connect_timeout": 10},
        )
        county = cls(engine, keys, hall_schema())
        try:
            county._migrate()
        except (CountyKeyWrong, CountyNewer):
            engine.dispose()
            raise
        except (OperationalError, psycopg.OperationalError) as error:
            engine.dispose()
            raise DatabaseMissing(reason="no_answer") from error
        return county

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One transaction on a connection of the pool. Raises DatabaseMissing where the server went away.

        Raises psycopg's TransactionRollback (the whole SQLSTATE class 40) where PostgreSQL undid it for another's sake:
        whoever started it tries again.
        """
        try:
            with self.engine.begin() as connection:
                yield cast(Tx, connection.connection.driver_connection)
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            raise psycopg.errors.TransactionRollback("undone") from error
        except psycopg.OperationalError as error:
            raise DatabaseMissing(reason="went_away") from error
        except PoolBusy as error:
            raise DatabaseMissing(reason="busy") from error
        except DBAPIError as error:
            if isinstance(error, OperationalError) or error.connection_invalidated:
                raise DatabaseMissing(reason="went_away") from error
            raise

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.begin() as connection:
            # a large county's index takes its time, and so does whoever migrates it just now
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            scripts = ScriptDirectory.from_config(config)
            stands = MigrationContext.configure(connection).get_current_revision()
            if stands is not None and stands not in {one.revision for one in scripts.walk_revisions()}:
                raise CountyNewer(revision=stands)
            if stands != scripts.get_current_head():
                config.attributes.update(connection=connection, keys=self.keys)  # one seals what was plain
                command.upgrade(config, "head")
            connection.exec_driver_sql(
                "INSERT INTO county (id, county_id, feed_id) VALUES (1, %s, %s) ON CONFLICT DO NOTHING",
                (uuid7(), uuid7()),
            )
            # A second key would seal rows that the first never opens: a wrong folder, or county.key not copied along
            sealed = connection.exec_driver_sql("SELECT hall_id, slip_key_sealed FROM hall_keys LIMIT 1")
            for hall, slip_key in sealed:
                self.keys.open(bytes(slip_key), hall.bytes)


def hall_schema() -> str:
    """The newest revision of the halls' store."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS.parent.parent / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head() or ""
