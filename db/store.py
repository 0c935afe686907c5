"""The hall's local store: one encrypted SQLite file, opened, checked and migrated here.

`write()` is one BEGIN IMMEDIATE transaction (a deferred one gave 324 of 450 "locked", design §2), `read()`
a snapshot. Sessions live as long as their `with` block and never leave the floor above.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlcipher3.dbapi2 as sqlcipher
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as LineTooLong
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool
from uuid_utils.compat import uuid7

from db import outbox, posting_index
from db.durable import settle
from db.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreKeyWrong
from db.keys import HallKeys, load_keys
from db.models import Origin, SyncState

MIGRATIONS = Path(__file__).parent / "migrations"
FILE = "hall.db"
BUSY_SECONDS = 10.0
READERS = 4


class StoreSession(Session):
    """A session that fills outbox and search index on flush."""


outbox.track(StoreSession)
posting_index.track(StoreSession)


@dataclass(frozen=True)
class OriginMark:
    """Whose rows this store writes: hall, device, and the device's short number."""

    hall_id: UUID
    device_id: UUID
    device_number: int
    epoch: int


class Store:
    """An open store. Build it with `Store.open`; close it when the app ends."""

    def __init__(self, path: Path, keys: HallKeys) -> None:
        self.path = path
        self.keys = keys
        self._writer = self._engine("IMMEDIATE", pool_size=1)  # one writer at a time: others wait in line
        self._reader = self._engine("DEFERRED", pool_size=READERS)
        self._write = sessionmaker(self._writer, class_=StoreSession, expire_on_commit=False)
        self._read = sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        self.origin: OriginMark
        self.public_address = ""  # handed over at enrolment, for the codes on slips
        self.first_number = 1  # this device's number while it signed slips with its own key

    @classmethod
    def open(cls, folder: Path, keys: HallKeys | None = None) -> Store:
        """Open (or make) the store in `folder`, migrate it, check it.

        Raises StoreKeyWrong, StoreDamaged, StoreFull or StoreBusy; the file is left as it is.
        """
        folder.mkdir(parents=True, exist_ok=True)
        store = cls(folder / FILE, keys or load_keys(folder))
        try:
            store._migrate()
            store._quick_check()
            store.refresh_origin()
        except StoreError:
            store.close()
            raise
        except DatabaseError as error:
            store.close()
            raise translated(error) from error
        return store

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that holds the write lock from its start; commits at the end of the block."""
        try:
            with self._write.begin() as session:
                mark = _mark(session.get_one(Origin, 1))
                if mark != self.origin:  # another process enrolled this device meanwhile
                    self._adopt(session, mark)
                session.info.update(origin=mark, schema_version=self.schema_version, shapes=self._shapes)
                yield session
        except DatabaseError as error:
            raise translated(error) from error
        except LineTooLong as error:  # others of this process, each waiting for the one before
            raise StoreBusy() from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent snapshot; nothing is written."""
        try:
            with self._read() as session:
                yield session
        except DatabaseError as error:
            raise translated(error) from error
        except LineTooLong as error:
            raise StoreBusy() from error

    def backup(self, target: Path) -> Path:
        """A whole, encrypted copy under `target`, made while in use; checked, and on the disk, before it counts."""
        part = target.with_suffix(".part")
        part.unlink(missing_ok=True)
        connection = self._connect()
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        finally:
            connection.close()
        copy = Store(part, self.keys)
        try:
            copy._quick_check()
        finally:
            copy.close()
        settle(part)  # SQLite does not
        part.replace(target)
        settle(target.parent)
        return target

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    def _engine(self, begin: str, pool_size: int) -> Engine:
        engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=self._connect,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            poolclass=QueuePool,
            hide_parameters=True,  # an error's text never carries a name or a number
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(f"BEGIN {begin}"))
        return engine

    def _connect(self) -> Any:
        connection = sqlcipher.connect(
            str(self.path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        key = self.keys.derive("store").hex()
        for pragma in (
            f"key = \"x'{key}'\"",  # a raw key: a passphrase costs 78 ms an open
            "cipher_memory_security = OFF",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._writer.connect() as connection:
            self.schema_version = ScriptDirectory.from_config(config).get_current_head() or ""
            if MigrationContext.configure(connection).get_current_revision() == self.schema_version:
                return
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def _quick_check(self) -> None:
        with self._reader.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
        if found != ["ok"]:
            raise StoreDamaged(findings=len(found))

    def refresh_origin(self) -> None:
        """Read whose store this is; `write()` does so by itself."""
        with self._write.begin() as session:
            origin = session.get(Origin, 1)
            if origin is None:
                origin = Origin(
                    id=1, hall_id=uuid7(), device_id=uuid7(), device_number=1, epoch=1, slip_serial=0
                )
                session.add(origin)
            self._shapes = outbox.settle_shapes(session, self.schema_version)
            self._adopt(session, _mark(origin))

    def _adopt(self, session: Session, mark: OriginMark) -> None:
        self.origin = mark
        state = session.get(SyncState, 1)
        if state is None:
            return
        context = mark.device_id.bytes
        index_key = self.keys.open_bytes(state.index_key_sealed, context)
        slip_key = self.keys.open_bytes(state.slip_key_sealed, context) if state.slip_key_sealed else None
        self.keys = replace(self.keys, index_key=index_key, slip_key=slip_key)
        self.public_address, self.first_number = state.public_address, state.first_number


def _mark(origin: Origin) -> OriginMark:
    return OriginMark(origin.hall_id, origin.device_id, origin.device_number, origin.epoch)


def set_aside(folder: Path, at: datetime) -> Path:
    """Move a store that cannot be opened out of the way, whole; nothing is ever deleted."""
    aside = folder / f"set-aside-{at:%Y%m%d-%H%M%S}"
    aside.mkdir()
    for file in folder.glob(FILE + "*"):
        shutil.move(file, aside / file.name)
    return aside


def translated(error: DatabaseError) -> StoreError:
    """The driver's words → ours."""
    words = str(error.orig).lower()
    if "locked" in words or "busy" in words:
        return StoreBusy()
    if "full" in words or "disk i/o" in words:
        return StoreFull()
    if "not a database" in words or "encrypted" in words:
        return StoreKeyWrong()
    if "malformed" in words or "corrupt" in words:
        return StoreDamaged()
    kind = "operational" if isinstance(error, OperationalError) else type(error).__name__
    return StoreError(kind=kind)
