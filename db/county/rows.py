"""Rows of the halls' tables in and out of PostgreSQL: wire values ↔ columns, personal ones sealed at rest."""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw
from psycopg import sql
from sqlalchemy import JSON, Dialect, LargeBinary
from sqlalchemy.dialects.postgresql.base import PGDialect

from db.county.base import Tx
from db.county.keys import CountyKeys
from db.county.tables import EXTRA, SYNCED
from db.models import Base
from db.models.base import BLIND_INDEX, PERSONAL, SEALED
from db.outbox import plain
from db.sync.batch import Group
from db.sync.wire import NOT_UNDERSTOOD, as_bytes

NUMERIC = ("INTEGER", "BIGINT", "SMALLINT", "FLOAT", "DOUBLE", "REAL", "NUMERIC", "BOOLEAN")
NULL_JSON = Raw(b"null")
MOST_VERSION = 2**30  # above it is room for the county's own
CENTURIES = ("18", "19", "20", "21")
TIME_SIGNS = frozenset(
    "0123456789-:.+TZ "
)  # without letters: "2026-01-01 BC" is a time that nobody can read back
TIMES_SIGNS = "".join(TIME_SIGNS).encode() + b'",[]nul'  # in a JSON array
DEPTH = 8  # of lists within lists; deeper ones can be written, and then read by nobody


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


@cache
def _structured(table: str) -> frozenset[str]:
    """Columns of JSON, sealed ones too."""
    return frozenset(
        str(column.key) for column in Base.metadata.tables[table].columns if isinstance(column.type, JSON)
    )


@cache
def _held(table: str) -> dict[str, tuple[type, ...]]:
    """Kinds of value by column, but for JSON."""
    personal, kinds, found = _marked(table)[0], _kinds(table), dict[str, tuple[type, ...]]()
    for name in {*columns(table)} - _structured(table):
        if kinds.get(name) == "number":
            held: tuple[type, ...] = (int, float)
        else:
            held = (str,) if name in personal or name in kinds else (str, int, float)
        found[name] = (*held, type(None)) if SYNCED[table].c[name].nullable else held
    return found


def _shallow(value: Any) -> bool:
    try:
        VALUES.decode(msgspec.json.encode([value]))
    except NOT_UNDERSTOOD:
        return False
    return True


def unfit(table: str, values: Mapping[str, Any]) -> str | None:
    """A column with a value of a kind that it never holds; rules rely on all the others."""
    if not 0 <= values["version"] <= MOST_VERSION:
        return "version"
    held = _held(table)
    for name, value in values.items():
        fits = isinstance(value, held[name]) if name in held else _shallow(value)
        if not fits:
            return name
    return None


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
class Lines:
    """Rows as COPY takes them in its text form. `first` is what all of them begin with, then each one's own."""

    names: tuple[str, ...]
    first: str
    own: list[str]
    hall: str = ""

    def block(self, only: Sequence[int] | None = None) -> bytes:
        own = self.own if only is None else [self.own[n] for n in only]
        return (self.first + f"\n{self.first}".join(own) + "\n").encode() if own else b""


def lines_of(columns: Iterable[tuple[str, Sequence[str]]]) -> Lines:
    """Columns of finished text, each with one value for every row or one for all of them."""
    same: dict[str, str] = {}
    own: dict[str, Sequence[str]] = {}
    for name, texts in columns:
        if len(texts) == 1:
            same[name] = texts[0]
        else:
            own[name] = texts
    if not own:
        return Lines((*same,), "\t".join(same.values()), [""])
    first = "".join(f"{text}\t" for text in same.values())
    return Lines((*same, *own), first, list(map("\t".join, zip(*own.values(), strict=True))))


def lines(keys: CountyKeys, group: Group, *, special: bool) -> Lines | None:
    """A group as lines, all of one hall; None where it needs a closer look, row by row.

    Raises ValueRefused, msgspec.MsgspecError; PostgreSQL checks what it can check itself.
    """
    given = (
        dict(zip(group.columns, group.cells, strict=True)) if len(group.columns) == len(group.cells) else {}
    )
    known, table, count = columns(group.table), group.table, len(group.at)
    if "id" in given or not {"version", "hall_id"} <= given.keys() <= known.keys():
        return None
    halls = set(TEXT.decode(given["hall_id"]))
    versions = INTEGERS.decode(given["version"])
    if len(halls) != 1 or not versions or min(versions) < 0 or max(versions) > MOST_VERSION:
        return None
    _, sealed, index, *_ = _marked(table)
    ids = [*map(bytes.fromhex, group.row_ids)]
    made: dict[str, Sequence[str]] = {"id": group.row_ids}
    for name, cell in given.items():
        made[name] = _written(keys, _kinds(table).get(name, "text"), name, cell, ids, special=special)
        if len(made[name]) not in (1, count):
            return None
    if sealed in given and index is not None:
        numbers = TEXT.decode(given[str(sealed)])
        made[index] = [BYTES + keys.index(number).hex() for number in numbers]
    for name, value in defaults(table).items():
        if name not in made and name in known:
            made[name] = _written(
                keys,
                _kinds(table).get(name, "text"),
                name,
                Raw(msgspec.json.encode([value])),
                ids,
                special=True,
            )
    return replace(lines_of(made.items()), hall=halls.pop())


def _within(depth: int) -> Any:
    """A JSON value with no more than `depth` lists within lists, as a type."""
    kind: Any = str | int | float | bool | None
    for _ in range(depth):
        kind = str | int | float | bool | None | list[kind] | dict[str, kind]
    return kind


VALUES: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list[_within(DEPTH)])  # type: ignore[misc]
TEXT = msgspec.json.Decoder(list[str])
TEXTS = msgspec.json.Decoder(list[str | None])
INTEGERS = msgspec.json.Decoder(list[int])
NUMBERS = msgspec.json.Decoder(list[int | float | bool | None])
RAWS = msgspec.json.Decoder(list[Raw])
NULL, BYTES = "\\N", "\\\\x"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@cache
def _kinds(table: str) -> dict[str, str]:
    """How a column's values are written where they are not plain text."""
    personal, _, _, raw, json, times = _marked(table)
    numbers = [name for name, kind in columns(table).items() if kind.startswith(NUMERIC)]
    kinds = {
        **dict.fromkeys(numbers, "number"),
        **dict.fromkeys(raw, "bytes"),
        **dict.fromkeys(times, "time"),
    }
    kinds |= dict.fromkeys(json, "json") | dict.fromkeys(personal, "seal")
    return kinds | dict.fromkeys(personal & _structured(table), "seal_json")


def _written(
    keys: CountyKeys, kind: str, name: str, cell: Raw, ids: Sequence[bytes], *, special: bool
) -> Sequence[str]:
    """A column's JSON array → its texts."""
    match kind:
        case "number":
            numbers = msgspec.json.encode(NUMBERS.decode(cell)).decode()[1:-1].split(",")
            return (
                [NULL if number == "null" else number for number in numbers] if "null" in numbers else numbers
            )
        case "bytes":
            try:
                return [
                    NULL if value is None else BYTES + a2b_base64(value, strict_mode=True).hex()
                    for value in TEXTS.decode(cell)
                ]
            except ValueError as error:
                raise ValueRefused(name) from error
        case "seal" | "seal_json":
            (TEXTS if kind == "seal" else VALUES).decode(
                cell
            )  # whoever opens it must find what belongs there
            found = RAWS.decode(cell)
            if len(found) not in (1, len(ids)):
                raise ValueRefused(name)
            values = found * len(ids) if len(found) == 1 else found
            return [NULL if value is None else BYTES + value.hex() for value in keys.seal_all(values, ids)]
        case "json":
            VALUES.decode(cell)
            texts: list[str | None] = [
                None if value == NULL_JSON else bytes(value).decode() for value in RAWS.decode(cell)
            ]
        case _:
            texts = TEXTS.decode(cell)
            if kind == "time":
                if bytes(cell).translate(None, TIMES_SIGNS):
                    raise ValueRefused(name)
                _times(name, texts)
    if special:
        texts = [value and value.translate(ESCAPES) for value in texts]
    return [NULL if value is None else value for value in texts]


def _time(name: str, value: Any) -> str:
    """PostgreSQL also takes "yesterday" and "infinity", which nobody can read back; the rest it checks itself."""
    if (
        type(value) is not str
        or value[:2] not in CENTURIES
        or value[4:5] != "-"
        or not set(value) <= TIME_SIGNS
    ):
        raise ValueRefused(name)
    return value


def _times(name: str, values: Sequence[str | None]) -> None:
    known = [value for value in values if value is not None]
    ends = (min(known)[:5], max(known)[:5]) if known else ()
    for start in set(ends) if len(set(ends)) < 2 else {value[:5] for value in known}:
        _time(name, start)


def array_of(ids: Iterable[str]) -> str:
    """Ids that were checked, as PostgreSQL reads an array; psycopg would look for quotes in each."""
    return "{" + ",".join(ids) + "}"


def copy_in(tx: Tx, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with tx.cursor() as cursor, cursor.copy(_copy_from(table, names)) as copy:
        for row in rows:
            copy.write_row(row)


def copy_block(tx: Tx, table: str, names: Sequence[str], block: bytes, *, binary: bool = False) -> None:
    """Rows that are COPY's text, or its binary form, already."""
    if block:
        with tx.cursor() as cursor, cursor.copy(_copy_from(table, names, binary=binary)) as copy:
            copy.write(block)


def _copy_from(table: str, names: Sequence[str], *, binary: bool = False) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN{}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(" (FORMAT binary)" if binary else ""),
    )


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
