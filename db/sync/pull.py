"""Down: pages of rows from the county, each applied in one short transaction together with its cursor (design §3.6).

Pulled rows do not fill the outbox again; they keep the search index in step and leave a line in `pulled_changes` for
whoever watches. A row that cannot stand yet (its parent has not come, another row holds its place) waits.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Table, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, StatementError
from sqlalchemy.orm import Session

from db import posting_index
from db.keys import HallKeys
from db.models import Base, OutboxRow, PulledChange, WaitingRow, now
from db.models.base import BLIND_INDEX, SEALED, UtcTime
from db.numbers import go_past, serial_of
from db.privacy import forget, forget_contacts, nobody_in
from db.store import Store
from db.sync.client import CountyClient
from db.sync.errors import CountyFailed
from db.sync.push import synced_kinds
from db.sync.state import ANEW, state_of
from db.sync.wire import PAGE_ROWS, Page, PageRow, as_bytes

KEPT_CHANGES = 20_000
COUNTY_HALL = UUID(int=0)
ROW_REFUSED = (IntegrityError, DataError, InterfaceError)  # what the database says of a row, not of itself
ROW_TROUBLE = (StatementError, ValueError, LookupError, TypeError, AttributeError, OverflowError)
# Set-up rows that several devices made each for itself are one row by these columns. The county's stands, or else
# the older; whichever device sees whichever first, all end with the same.
SAME_BY = {
    "occupations": ("key",),
    "guidance_wages": ("hall_id", "occupation_id", "unit"),
    "settings": ("hall_id", "key"),
}


class Puller:
    """One round's way down."""

    def __init__(self, store: Store, client: CountyClient, pause: Callable[[], None]) -> None:
        self._store = store
        self._client = client
        self._pause = pause
        self.rows = 0

    def run(self) -> None:
        most = PAGE_ROWS
        while True:
            self._pause()
            cursor, own = wanted(self._store)
            try:
                page = self._client.pull(cursor, own=own, most=most)
            except CountyFailed as error:
                if error.context["status"] != "too_large" or most == 1:
                    raise
                most = max(most // 8, 1)
                continue
            self.rows += take(self._store, page, cursor)
            if not page.more:
                return
            if page.cursor == cursor:
                raise CountyFailed(status="no_progress")
            most = min(most * 2, PAGE_ROWS)


def wanted(store: Store) -> tuple[str, bool]:
    """The cursor to ask with, and whether to send this device's own rows too where everything starts anew.

    A store that learned new tables or columns asks for everything: older code could not keep them.
    """
    with store.write() as session:
        state = state_of(session)
        if state.pulled_schema != store.schema_version:
            state.cursor = ANEW if state.pulled_schema else state.cursor
            state.pulled_schema = store.schema_version
        return state.cursor, state.cursor != ""


def take(store: Store, page: Page, cursor: str) -> int:
    """Apply a page that was asked for with `cursor`; a page taken before, or out of turn, changes nothing."""
    with store.write() as session:
        state = state_of(session)
        if state.cursor != cursor:
            return 0
        applier = PageApplier(session, store.keys)
        applier.apply(page.rows)
        state.cursor = page.cursor
        return applier.applied


def place(store: Store, rows: Sequence[PageRow]) -> int:
    """Apply rows that came by another way than the cursor: a person looked up."""
    with store.write() as session:
        applier = PageApplier(session, store.keys)
        applier.apply(rows)
        return applier.applied


class PageApplier:
    def __init__(self, session: Session, keys: HallKeys) -> None:
        self._session = session
        self._connection: Connection = session.connection()
        self._keys = keys
        self._order = [kind.__tablename__ for kind in synced_kinds()]
        self._touched: dict[str, set[UUID]] = defaultdict(set)
        self._reasons: dict[tuple[str, UUID], str] = {}
        self._purged: dict[str, set[UUID]] = defaultdict(set)  # emptied: nobody any more
        self._highest = 0  # serial of this device's own rows that come back: it may have lost them
        self.applied = 0

    def apply(self, rows: Sequence[PageRow]) -> None:
        """Parents first, deletions last and children first; what waited before is tried again."""
        waiting = self._take_waiting({(row.table, row.row_id) for row in rows})
        todo = [row for row in (*waiting, *rows) if row.table in self._order]
        ranks = {name: at for at, name in enumerate(self._order)}
        puts = sorted((row for row in todo if row.op == "P"), key=lambda row: ranks[row.table])
        drops = sorted((row for row in todo if row.op == "D"), key=lambda row: -ranks[row.table])
        unsent = self._unsent({row.row_id for row in todo})
        left = [row for row in (*puts, *drops) if row.row_id not in unsent]
        while left:
            failed = [row for row in left if not self._one(row)]
            if len(failed) == len(left):
                self._wait(self._together(failed))
                break
            left = failed
        go_past(self._connection, self._highest)
        for seeker in self._purged.pop("seekers", ()):
            forget(self._session, [seeker])
        if self._purged:
            forget_contacts(self._session, self._purged)
        self._tell()

    def _together(self, rows: list[PageRow]) -> list[PageRow]:
        """Rows that only stand once all of them do, as when two records of one person become one: the old one goes,
        the new one takes its place, the children move. Returns those that still cannot stand.
        """
        group = sorted(rows, key=lambda row: row.op)  # D before P; the order within each is kept
        left: list[PageRow] = []
        while any(row.op == "D" for row in group):
            self._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            savepoint = self._connection.begin_nested()
            bad = [row for row in group if not self._one(row)]
            bad += [row for row in group if row not in bad and not self._holds(row)]
            if not bad:
                savepoint.commit()
                self._connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
                return left
            savepoint.rollback()
            self._connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")
            group = [row for row in group if row not in bad]
            left += bad
        return left + group

    def _holds(self, row: PageRow) -> bool:
        """What a deferred foreign key would say of this row at the commit."""
        table = Base.metadata.tables[row.table]
        if row.op == "D":
            children = [
                select(column).where(column == row.row_id)
                for child in Base.metadata.sorted_tables
                for column in child.columns
                if any(key.column is table.c.id for key in column.foreign_keys)
            ]
            return not any(self._connection.execute(child.limit(1)).first() for child in children)
        for key in table.foreign_keys:
            value = row.values.get(key.parent.key)
            if value is None:
                continue
            parent = key.column == _reader(key.column)(value)
            if self._connection.execute(select(key.column).where(parent)).first() is None:
                return False
        return True

    def _unsent(self, ids: set[UUID]) -> set[UUID]:
        """Rows with changes of ours that the county has not seen: it will answer those with the merged row."""
        acked = state_of(self._session).acked_seq
        found = select(OutboxRow.row_id).where(OutboxRow.seq > acked, OutboxRow.row_id.in_(ids)).distinct()
        return set(self._session.scalars(found))

    def _one(self, row: PageRow) -> bool:
        """Put or drop one row; False where it cannot stand now."""
        table = Base.metadata.tables[row.table]
        savepoint = self._connection.begin_nested()
        try:
            changed = self._drop(table, row) if row.op == "D" else self._put(table, row)
        except ROW_TROUBLE as error:
            if isinstance(error, DBAPIError) and not isinstance(error, ROW_REFUSED):
                raise  # a full disk: SQLite may have taken back all that stood before, so the whole page comes again
            savepoint.rollback()
            # IntegrityError: no parent yet, or another row in its place; the others: a value of a newer schema
            self._reasons[row.table, row.row_id] = "place" if isinstance(error, IntegrityError) else "value"
            return False
        savepoint.commit()
        if changed:
            self._touched[row.table].add(row.row_id)
            self.applied += 1
        return True

    def _put(self, table: Table, row: PageRow) -> bool:
        values = local_values(self._keys, table, row.row_id, row.values)
        stands = self._connection.execute(
            select(table.c.version).where(table.c.id == row.row_id)
        ).scalar_one_or_none()
        if stands is not None and stands >= values["version"]:
            return False
        if not self._make_room(table, values):
            return False
        statement = upsert(table).values(values)
        others = {name: statement.excluded[name] for name in values if name != "id"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others))
        if values["device_id"] == self._session.info["origin"].device_id:
            self._highest = max(self._highest, serial_of(row.table, values))
        if nobody_in(row.table, row.values):
            self._purged[row.table].add(row.row_id)
        return True

    def _make_room(self, table: Table, values: dict[str, Any]) -> bool:
        """Whether the row may stand; another one that is the same by its key gives its place, not its children."""
        names = SAME_BY.get(table.name, ())
        if not names:
            return True
        others = self._connection.execute(
            select(table.c.id, table.c.hall_id, table.c.version).where(
                table.c.id != values["id"], *(table.c[name] == values[name] for name in names)
            )
        ).all()
        for other, hall, version in others:
            mine = (values["hall_id"] != COUNTY_HALL, values["id"])
            if version > 0 and (hall != COUNTY_HALL, other) < mine:
                return False
            self._connection.execute(
                table.update().where(table.c.id == other).values(id=values["id"], version=0)
            )  # children refer to the key, which stays
        return True

    def _drop(self, table: Table, row: PageRow) -> bool:
        if table.name == "postings":
            posting_index.forget(self._connection, [row.row_id])
        done = self._connection.execute(delete(table).where(table.c.id == row.row_id))
        return done.rowcount > 0

    def _wait(self, rows: Iterable[PageRow]) -> None:
        for row in rows:
            self._session.merge(
                WaitingRow(
                    table=row.table,
                    row_id=row.row_id,
                    op=row.op,
                    payload=msgspec.json.encode(row.values),
                    reason=self._reasons[row.table, row.row_id],
                    since=now(),
                )
            )

    def _take_waiting(self, coming: set[tuple[str, UUID]]) -> list[PageRow]:
        """What waits, out of the table; a newer state of the same row takes its place."""
        rows = self._session.scalars(select(WaitingRow)).all()
        for row in rows:
            self._session.delete(row)
        self._session.flush()
        return [
            PageRow(row.table, row.op, row.row_id, msgspec.json.decode(row.payload))
            for row in rows
            if (row.table, row.row_id) not in coming
        ]

    def _tell(self) -> None:
        """Search index and watchers learn of what changed."""
        lines = [{"table": table, "row_id": key} for table, keys in self._touched.items() for key in keys]
        if not lines:
            return
        self._connection.execute(insert(PulledChange.__table__), lines)  # type: ignore[arg-type]
        newest = self._connection.execute(select(func.max(PulledChange.number))).scalar() or 0
        self._connection.execute(
            delete(PulledChange.__table__).where(PulledChange.number <= newest - KEPT_CHANGES)  # type: ignore[arg-type]
        )
        posting_index.reindex(
            self._connection,
            self._touched.get("postings", set()),
            self._touched.get("employers", set()),
            self._touched.get("occupations", set()),
        )


def local_values(keys: HallKeys, table: Table, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Wire values → column values of this store; columns we do not know stay out, missing ones get their default."""
    sealed = next((column for column in table.columns if column.info == SEALED), None)
    made: dict[str, Any] = {}
    for column in table.columns:
        if column.info == BLIND_INDEX:
            if sealed is not None and values.get(sealed.key) is not None:
                made[column.key] = keys.index(values[sealed.key])
        elif column.info == SEALED:
            if values.get(column.key) is not None:
                made[column.key] = keys.seal(values[column.key], row_id.bytes)
        elif column.key in values:
            made[column.key] = _reader(column)(values[column.key])
    return made


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = _python_type(column)

    def read(value: Any) -> Any:
        if value is None or kind is None:
            return value
        if kind is UUID:
            return UUID(value)
        if kind is datetime:
            return datetime.fromisoformat(value)
        if kind is date:
            return date.fromisoformat(value)
        if kind is bytes:
            return as_bytes(value)
        return kind(value) if issubclass(kind, Enum) else value

    return read


@cache
def _python_type(column: Column[Any]) -> type[Any] | None:
    if isinstance(column.type, UtcTime):
        return datetime
    enum = getattr(column.type, "enum_class", None)
    if enum is not None:
        return enum  # type: ignore[no-any-return]
    with contextlib.suppress(NotImplementedError):
        return column.type.python_type
    return None
