"""Applies a batch's rows to the county's tables, inside the transaction that moves the mark.

Rows go in by COPY, table by table; what somebody else changed meanwhile is decided one by one (`conflicts`); a row
that PostgreSQL refuses is found by bisecting with savepoints, quarantined, and never blocks the rest (design §3.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql

from db.county.base import COUNTY_DEVICE, Tx
from db.county.conflicts import (
    APPLY,
    Change,
    Current,
    Rule,
    Verdict,
    barred,
    clean,
    decide,
    rule_of,
)
from db.county.keys import CountyKeys
from db.county.outcome import Outcome, Sender
from db.county.ready import Part, Ready, ReadyTable, all_of
from db.county.rows import (
    TEXT,
    ValueRefused,
    columns,
    copy_block,
    copy_in,
    defaults,
    read,
    stored,
    unfit,
    update,
)
from db.county.tables import SYNCED
from db.models import ConflictKind
from db.models.base import PERSONAL, SEALED
from db.privacy import nobody_in
from db.sync.batch import Batch, Row

POISON = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.ProgramLimitExceeded,  # longer than an index takes
    psycopg.errors.StatementTooComplex,
    ValueRefused,
)
# Rows that no other device has a use for: a chain of hashes belongs to the device that wrote it.
NOT_FED = ("audit",)


class RaceLost(Exception):
    """Another transaction inserted the same row meanwhile: start again."""


@dataclass(slots=True)
class Event:
    """A change and the rows of the batch it is made of, in their order."""

    change: Change
    rows: list[Row]


class Applier:
    def __init__(self, tx: Tx, keys: CountyKeys, sender: Sender) -> None:
        self._tx = tx
        self._keys = keys
        self._sender = sender
        self._taken: list[ReadyTable] | None = None
        self.outcome = Outcome(tx, keys, sender)

    def copy(self, ready: Ready) -> list[ReadyTable]:
        """The first part of `take`, which asks nothing of what stands in the county."""
        self._taken = self._copied(ready.tables)
        return self._taken

    def take(self, batch: Batch, lo: int, ready: Ready) -> Outcome:
        """Take in at once the rows that are inserted here and now: nearly all. The others go the careful way.

        Whatever is wrong with one of a table's rows, they all go the careful way. `copy` may have been called before.
        """
        taken = self._taken if self._taken is not None else self.copy(ready)
        careful: list[Part] = []
        for table in ready.tables:
            careful += table.rest if table in taken else all_of(table.groups)
        for table in taken:
            self._note(table.fresh)
        rows = [row for group, only in careful for row in group.rows(batch.events, lo, only)]
        return self.apply(sorted(rows, key=lambda row: row.seq))

    def apply(self, rows: Sequence[Row]) -> Outcome:
        """The careful way: each row against what stands in the county."""
        by_table: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_table[row.table].append(row)
        for table, its_rows in by_table.items():
            if table not in SYNCED:
                for row in its_rows:
                    self.outcome.quarantine(row, "deferred", "unknown_table")
            else:
                self._table(table, its_rows)
        return self.outcome

    def _copied(self, tables: Sequence[ReadyTable]) -> list[ReadyTable]:
        """The tables whose fresh rows stand now; where one is refused, each is tried by itself."""
        hall, taken = str(self._sender.hall_id), list[ReadyTable]()
        try:
            with self._tx.transaction():
                for table in tables:
                    blocks = table.blocks.result()  # made while those before were written
                    if blocks and blocks[0].hall == hall:
                        for block in blocks:
                            copy_block(self._tx, table.name, block.names, block.rows)
                        taken.append(table)
        except POISON:
            return [] if len(tables) == 1 else [one for table in tables for one in self._copied([table])]
        return taken

    def _note(self, fresh: Sequence[Part]) -> None:
        for group, only in fresh:
            ids = group.row_ids if only is None else [group.row_ids[n] for n in only]
            self.outcome.fresh[group.table] += ids
            if group.table == "referrals" and "posting_id" in group.columns:
                self.outcome.postings.update(TEXT.decode(group.cells[group.columns.index("posting_id")]))

    def _table(self, table: str, rows: Sequence[Row]) -> None:
        events = self._events(table, rows)
        ids = [event.change.row_id for event in events]
        current = self._current(table, ids)
        gone = {
            row_id
            for (row_id,) in self._tx.execute(
                'SELECT row_id FROM tombstones WHERE "table" = %s AND row_id = ANY(%s)', (table, ids)
            )
        }
        rule = rule_of(table)
        fresh: list[Event] = []
        plain_updates: list[Event] = []
        deletions: list[Event] = []
        slow: list[Event] = []
        for event in events:
            change, there = event.change, current.get(event.change.row_id)
            if change.row_id in gone:
                if change.op != "D":
                    self._after_delete(table, event)
            elif there is None:
                if change.op == "D":
                    self._bury(table, event)
                elif str(change.values.get("hall_id")) != str(self._sender.hall_id):
                    self._poison(table, event, "foreign_hall")
                else:
                    fresh.append(event)
            elif there.hall_id != self._sender.hall_id and not self._may(table, change.row_id, there):
                self._poison(table, event, "foreign_hall")
            elif barred(rule, change, there, self._sender.device_id) or not clean(change, there):
                slow.append(event)
            elif change.op == "D":
                deletions.append(event)
            else:
                plain_updates.append(event)
        for names, group in _by_columns(fresh):
            self._each(table, group, partial(self._insert, table, names))
        for names, group in _by_columns(plain_updates):
            self._each(table, group, partial(self._update, table, names))
        for event in deletions:
            self._bury(table, event)
        if slow:
            self._decide(table, rule, slow, current)

    def _events(self, table: str, rows: Iterable[Row]) -> list[Event]:
        """What a row's several writes in one batch come to, applied as one."""
        known = columns(table)
        events: dict[UUID, Event] = {}
        for row in rows:
            if row.op == "X":
                self.outcome.quarantine(row, "refused", "too_large")
                continue
            values = row.values
            version = values.get("version")
            if type(version) is not int or str(values.get("id")) != str(row.row_id):
                self.outcome.quarantine(row, "refused", "malformed")
                continue
            bad = unfit(table, values)
            if bad is not None:
                self.outcome.quarantine(row, "refused", f"value:{bad}")
                continue
            if not values.keys() <= known.keys():
                self.outcome.quarantine(row, "deferred", "unknown_column")
            before = events.get(row.row_id)
            if before is None or row.op == "I":
                base = 0 if row.op == "I" else version - 1 if row.op == "U" else version
                change = Change(row.op, row.row_id, base, version, frozenset(row.changed), values)
                events[row.row_id] = Event(change, [row])
                continue
            earlier = before.change
            op = "I" if earlier.op == "I" and row.op == "U" else row.op
            changed = earlier.changed | frozenset(row.changed)
            merged = Change(op, row.row_id, earlier.base, version, changed, values)
            if op == "D":
                merged.base = max(earlier.base, 0) if earlier.op != "I" else version
            before.change = merged
            before.rows.append(row)
        return list(events.values())

    def _current(self, table: str, ids: Sequence[UUID]) -> dict[UUID, Current]:
        statement = sql.SQL(
            "SELECT id, version, hall_id, device_id, field_versions FROM {} WHERE id = ANY(%s)"
            " ORDER BY id FOR UPDATE"
        ).format(sql.Identifier(table))
        return {
            row_id: Current(version, hall, device, {name: tuple(last) for name, last in fields.items()})
            for row_id, version, hall, device, fields in self._tx.execute(statement, (list(ids),))
        }

    def _may(self, table: str, row_id: UUID, there: Current) -> bool:
        """Rows of another hall may be written where they were shared: people looked up, published postings."""
        found = self._tx.execute(
            "SELECT 1 FROM shares WHERE row_id = %s AND (hall_id = %s OR hall_id IS NULL)",
            (row_id, self._sender.hall_id),
        ).fetchone()
        return found is not None or there.hall_id == COUNTY_DEVICE

    def _each(self, table: str, events: Sequence[Event], write: Callable[[Sequence[Event]], None]) -> None:
        """Write them all, or halve until the ones that cannot be written stand alone."""
        try:
            with self._tx.transaction():
                write(events)
        except POISON as error:
            if len(events) > 1:
                half = len(events) // 2
                self._each(table, events[:half], write)
                self._each(table, events[half:], write)
            elif isinstance(error, psycopg.errors.UniqueViolation):
                raise RaceLost from error  # looked for a moment ago and not there
            elif len(events[0].rows) > 1:
                for row in events[0].rows:  # one of several writes is bad: the others still count
                    self._table(table, [row])
            else:
                self._poison(table, events[0], _reason(error))
            return
        for event in events:
            self.outcome.touched[table].add(event.change.row_id)

    def _insert(self, table: str, names: tuple[str, ...], events: Sequence[Event]) -> None:
        known = columns(table)
        missing = {
            name: value for name, value in defaults(table).items() if name not in names and name in known
        }
        rows = []
        for event in events:
            values = {**missing, **event.change.values}
            rows.append(stored(self._keys, table, event.change.row_id, values))
        if rows:
            order = list(rows[0])
            copy_in(self._tx, table, order, (list(row.values()) for row in rows))
        self.outcome.inserted[table].update(event.change.row_id for event in events)
        if table == "referrals":
            self.outcome.postings.update(event.change.values["posting_id"] for event in events)

    def _update(
        self, table: str, names: Sequence[str], events: Sequence[Event], version: int | None = None
    ) -> None:
        rows = []
        known = columns(table)
        written: tuple[str, ...] = ()
        for event in events:
            change = event.change
            now_at = version or change.version
            fields = {name: (now_at, str(self._sender.device_id)) for name in change.changed if name in known}
            wanted = {name: change.values[name] for name in names if name in change.values}
            wanted.pop("hall_id", None)  # a row never moves to another hall
            row = stored(self._keys, table, change.row_id, wanted)
            row = {name: _json_value(table, name, value) for name, value in row.items()}
            row.pop("id", None)
            row["version"] = now_at
            written = tuple(row)
            rows.append({"id": change.row_id, **row, "field_versions": fields})
        update(self._tx, table, written, rows)

    def _bury(self, table: str, event: Event) -> None:
        row_id = event.change.row_id
        delete = sql.SQL("DELETE FROM {} WHERE id = %s RETURNING hall_id").format(sql.Identifier(table))
        owner = next((hall for (hall,) in self._tx.execute(delete, (row_id,))), self._sender.hall_id)
        shared = owner != self._sender.hall_id
        if shared:
            self.outcome.gone_from.append((table, row_id, owner))
        self._tx.execute(
            'INSERT INTO tombstones ("table", row_id, hall_id, reason) VALUES (%s, %s, %s, %s)'
            " ON CONFLICT DO NOTHING",
            (table, row_id, None if shared else owner, "deleted"),
        )
        self.outcome.touched[table].add(row_id)

    def _decide(self, table: str, rule: Rule, events: Sequence[Event], current: dict[UUID, Current]) -> None:
        values = read(self._tx, self._keys, table, [event.change.row_id for event in events])
        for event in events:
            there = current[event.change.row_id]
            there.values = values[event.change.row_id]
            verdict = decide(rule, event.change, there, self._sender.device_id)
            self._each(table, [event], partial(self._settle, table, verdict, there))
            self.outcome.touched[table].discard(event.change.row_id)  # what is echoed reaches everybody

    def _settle(self, table: str, verdict: Verdict, there: Current, events: Sequence[Event]) -> None:
        """Write what is taken, list what is lost; every device then gets the row as it stands."""
        [event] = events
        change = event.change
        if verdict is APPLY:
            self._update(table, tuple(change.values), [event])
            return
        take = verdict.take or frozenset()
        behind = change.op == "I" and not take and verdict.kind is None
        if behind and there.version == change.version:
            return
        version = max(there.version, change.version) + (0 if behind and there.version > change.version else 1)
        written = Change(change.op, change.row_id, change.base, version, take, change.values)
        names = (*take, "updated_at") if take else ()
        self._update(table, names, [Event(written, event.rows)], version)
        if verdict.kind is not None:
            details = {
                name: [there.values.get(name), change.values.get(name)] for name in sorted(verdict.lost)
            }
            self.outcome.conflict(verdict.kind, table, change.row_id, details)
        self.outcome.echoed[table].add(change.row_id)

    def _after_delete(self, table: str, event: Event) -> None:
        """What is gone stays gone (a purge must hold); the list says so, without what was purged.

        Whoever purged it too, not having heard, need not be told.
        """
        if nobody_in(table, event.change.values):
            self._overtake(table, event)
            return
        if any(column.info in (PERSONAL, SEALED) for column in SYNCED[table].columns):
            details: dict[str, Any] = {}
        else:
            details = {name: [None, event.change.values.get(name)] for name in sorted(event.change.changed)}
        self.outcome.conflict(ConflictKind.DELETED, table, event.change.row_id, details)
        self._overtake(table, event)

    def _overtake(self, table: str, event: Event) -> None:
        """A purged person's row still stands, emptied: it must overtake what the device has."""
        self._tx.execute(
            sql.SQL("UPDATE {} SET version = greatest(version, %s) + 1 WHERE id = %s").format(
                sql.Identifier(table)
            ),
            (event.change.version, event.change.row_id),
        )
        self.outcome.echoed[table].add(event.change.row_id)

    def _poison(self, table: str, event: Event, reason: str) -> None:
        for row in event.rows:
            self.outcome.quarantine(row, "refused", reason)


def _by_columns(events: Iterable[Event]) -> list[tuple[tuple[str, ...], list[Event]]]:
    """Devices of different schema versions send different columns."""
    groups: dict[tuple[str, ...], list[Event]] = defaultdict(list)
    for event in events:
        groups[tuple(event.change.values)].append(event)
    return list(groups.items())


def _json_value(table: str, name: str, value: Any) -> Any:
    """`stored` made text for COPY of what a record set takes as it is."""
    if columns(table)[name] == "JSON" and isinstance(value, str):
        return msgspec.Raw(value.encode())
    return value


def _reason(error: Exception) -> str:
    """A stable word for why PostgreSQL refused, with the column's or check's name where it says one."""
    if isinstance(error, psycopg.errors.CheckViolation):
        return f"check:{error.diag.constraint_name}"
    if isinstance(error, psycopg.errors.NotNullViolation):
        return f"missing:{error.diag.column_name}"
    return f"value:{error.args[0]}" if isinstance(error, ValueRefused) else "value"
