"""Rows of the halls' tables in and out of PostgreSQL: wire values ↔ columns, personal ones sealed at rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.dialects.postgresql.base import PGDialect

from db.county.base import Tx
from db.county.keys import CountyKeys
from db.county.tables import EXTRA, SYNCED
from db.models import Base
from db.models.base import BLIND_INDEX, PERSONAL, SEALED
from db.outbox import plain
from db.sync.wire import as_bytes

CENTURIES = ("18", "19", "20", "21")


class ValueRefused(ValueError):
    """A value that cannot stand in its column."""


@cache
def columns(table: str) -> dict[str, str]:
    """Column → its PostgreSQL type, without the county's own."""
    dialect: Dialect = PGDialect()  # type: ignore[no-untyped-call]
    return {
        str(column.key): column.type.compile(dialect)
        for column in SYNCED[table].columns
        if column.key not in EXTRA
    }


@cache
def defaults(table: str) -> dict[str, Any]:
    """What a column holds that an older device does not know yet."""
    found: dict[str, Any] = {}
    for column in Base.metadata.tables[table].columns:
        made = getattr(column.default, "arg", None)
        if made is not None and not callable(made):
            found[str(column.key)] = plain(made)
        elif getattr(made, "__name__", "") in ("list", "dict"):
            found[str(column.key)] = [] if getattr(made, "__name__", "") == "list" else {}
    return found


@cache
def _marked(
    table: str,
) -> tuple[frozenset[str], str | None, str | None, frozenset[str], frozenset[str], frozenset[str]]:
    """Personal, sealed and indexed columns, plain bytes, JSON, times and days."""
    of = SYNCED[table].columns
    sealed = next((str(column.key) for column in of if column.info == SEALED), None)
    index = next((str(column.key) for column in of if column.info == BLIND_INDEX), None)
    personal = frozenset(str(column.key) for column in of if column.info in (PERSONAL, SEALED))
    raw = frozenset(
        str(column.key) for column in of if isinstance(column.type, LargeBinary) and not column.info
    )
    json = frozenset(name for name, kind in columns(table).items() if kind == "JSON")
    times = frozenset(name for name, kind in columns(table).items() if kind.startswith(("TIMESTAMP", "DATE")))
    return personal, sealed, index, raw, json, times


def stored(keys: CountyKeys, table: str, row_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Wire values → values that PostgreSQL reads as text. Raises ValueRefused."""
    personal, sealed, index, raw, json, times = _marked(table)
    known = columns(table)
    row = {name: value for name, value in values.items() if name in known}
    if sealed in row and index is not None:
        if not isinstance(row[sealed], str):
            raise ValueRefused(sealed)
        row[index] = "\\x" + keys.index(row[sealed]).hex()
    for name in row.keys() & personal:
        if row[name] is not None:
            row[name] = "\\x" + keys.seal(row[name], row_id.bytes).hex()
    for name in row.keys() & raw:
        if row[name] is not None:
            try:
                row[name] = "\\x" + as_bytes(row[name]).hex()
            except (ValueError, TypeError) as error:
                raise ValueRefused(name) from error
    for name in row.keys() & times:
        if row[name] is not None:
            row[name] = _time(name, row[name])
    for name in row.keys() & json:
        if row[name] is not None and name not in personal:
            row[name] = msgspec.json.encode(row[name]).decode()
    return row


@dataclass(frozen=True)
class Plan:
    """How rows of one table and one set of columns become lines of a COPY, worked out once."""

    names: tuple[str, ...]
    id_at: int
    version_at: int
    hall_at: int
    steps: tuple[tuple[int, str], ...]  # which cell needs what
    index_of: int | None  # the sealed cell whose blind index is appended
    missing: tuple[Any, ...]  # columns that this device does not know


@cache
def plan(table: str, given: tuple[str, ...]) -> Plan | None:
    """None where these columns need a closer look: unknown ones, or id, version or hall missing."""
    known = columns(table)
    if not set(given) <= known.keys() or not {"id", "version", "hall_id"} <= set(given):
        return None
    personal, sealed, index, raw, json, times = _marked(table)
    kinds = {**dict.fromkeys(raw, "raw"), **dict.fromkeys(times, "time"), **dict.fromkeys(json, "json")}
    kinds.update(dict.fromkeys(personal, "seal"))
    names = [*given]
    index_of = given.index(sealed) if sealed in given and index is not None else None
    if index_of is not None and index is not None:
        names.append(index)
    missing = {name: value for name, value in defaults(table).items() if name not in names}
    return Plan(
        (*names, *missing),
        given.index("id"),
        given.index("version"),
        given.index("hall_id"),
        tuple((at, kinds[name]) for at, name in enumerate(given) if name in kinds),
        index_of,
        tuple(
            msgspec.json.encode(value).decode() if name in json else value for name, value in missing.items()
        ),
    )


def line(keys: CountyKeys, how: Plan, row_id: UUID, cells: Sequence[Any]) -> list[Any]:
    """One row's cells as COPY takes them. Raises ValueRefused."""
    made = [*cells]
    if how.index_of is not None:
        if not isinstance(cells[how.index_of], str):
            raise ValueRefused(how.names[how.index_of])
        made.append("\\x" + keys.index(cells[how.index_of]).hex())
    for at, kind in how.steps:
        value = made[at]
        if value is None:
            continue
        if kind == "time":
            made[at] = _time(how.names[at], value)
        elif kind == "seal":
            made[at] = "\\x" + keys.seal(value, row_id.bytes).hex()
        elif kind == "json":
            made[at] = msgspec.json.encode(value).decode()
        else:
            try:
                made[at] = "\\x" + as_bytes(value).hex()
            except (ValueError, TypeError) as error:
                raise ValueRefused(how.names[at]) from error
    made.extend(how.missing)
    return made


def _time(name: str, value: Any) -> str:
    """PostgreSQL also takes "yesterday" and "infinity", which nobody can read back; the rest it checks itself."""
    if type(value) is not str or value[:2] not in CENTURIES or value[4:5] != "-":
        raise ValueRefused(name)
    return value


def copy_in(tx: Tx, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with tx.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def update(tx: Tx, table: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set these columns of these rows (by id); `field_versions` is merged into what stands there."""
    of = columns(table)
    typed = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(of[name])) for name in ("id", *names)]
    statement = sql.SQL(
        "UPDATE {table} AS t SET {sets}, field_versions = t.field_versions || r.field_versions,"
        " received_at = now() FROM json_to_recordset(%s::json) AS r({typed}, field_versions jsonb)"
        " WHERE t.id = r.id"
    ).format(
        table=sql.Identifier(table),
        sets=sql.SQL(", ").join(sql.SQL("{0} = r.{0}").format(sql.Identifier(name)) for name in names),
        typed=sql.SQL(", ").join(typed),
    )
    tx.execute(statement, (msgspec.json.encode(rows).decode(),))


def read(
    tx: Tx, keys: CountyKeys, table: str, ids: Collection[UUID], only: Sequence[str] = ()
) -> dict[UUID, dict[str, Any]]:
    """Rows by id as wire values, personal ones opened, without the blind index."""
    personal, _, index, *_ = _marked(table)
    names = [name for name in only or columns(table) if name != index]
    statement = sql.SQL("SELECT {} FROM {} WHERE id = ANY(%s)").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table)
    )
    found: dict[UUID, dict[str, Any]] = {}
    for line in tx.execute(statement, (list(ids),)):
        row = dict(zip(names, line, strict=True))
        key = row["id"]
        for name in names:
            value = row[name]
            sealed = name in personal and value is not None
            row[name] = keys.open(bytes(value), key.bytes) if sealed else plain(value)
        found[key] = row
    return found
