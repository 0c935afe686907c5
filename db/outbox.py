"""Flush events → outbox rows, for every synced table, with no help from services (design §3.1).

The outbox row is written inside the flush that writes the row itself, so both commit or neither does. Bulk
statements that would slip past the flush are refused for synced tables.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, event, insert, inspect, select
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, UOWTransaction
from uuid_utils.compat import uuid7

from db.errors import UntrackedWrite
from db.models.base import Base, Record, now
from db.models.outbox import OutboxRow, OutboxShape

BOOKKEEPING = ("version", "updated_at")
SEPARATOR = b"\x1f"  # stands in no JSON text: values are told apart without being read
encode = msgspec.json.encode


def track(session_class: type[Session]) -> None:
    """Make every flush of this session class fill the outbox."""
    event.listen(session_class, "before_flush", _stamp_origin)
    event.listen(session_class, "after_flush", _record)
    event.listen(session_class, "do_orm_execute", _refuse_bulk)


def packed(cells: Iterable[bytes]) -> bytes:
    """Values as they lie in the outbox: JSON texts in the order of the row's shape."""
    return SEPARATOR.join(cells)


def row_payload(row: Record) -> bytes:
    """A row as the outbox holds it."""
    return packed(encode(plain(getattr(row, name))) for name in columns_of(type(row)))


def values_of(payload: bytes, columns: Sequence[str]) -> dict[str, Any]:
    """An outbox row's values by column; without a shape they are one JSON object."""
    if not columns:
        return dict(msgspec.json.decode(payload))
    return dict(zip(columns, map(msgspec.json.decode, payload.split(SEPARATOR)), strict=True))


def payload_of(values: Mapping[str, Any], columns: Sequence[str]) -> bytes:
    """The way back from `values_of`."""
    return packed(encode(values[name]) for name in columns) if columns else encode(values)


@cache
def columns_of(kind: type[Record]) -> tuple[str, ...]:
    return tuple(column.key for column in inspect(kind).columns)


@dataclass(frozen=True)
class Shape:
    """What rows of one shape are."""

    table: str
    schema_version: str
    columns: tuple[str, ...]


def shapes(connection: Connection) -> dict[int, Shape]:
    """Every shape that rows here were written in, by its id."""
    of = OutboxShape.__table__.c
    found = connection.execute(select(of.id, of.table, of.schema_version, of.columns))
    return {number: Shape(table, schema, (*columns.split(","),)) for number, table, schema, columns in found}


def settle_shapes(session: Session, schema_version: str) -> dict[str, int]:
    """The shape of each synced table as this program writes it; what is new is added."""
    found = {shape: number for number, shape in shapes(session.connection()).items()}
    settled = {}
    for kind in (mapper.class_ for mapper in Base.registry.mappers):
        if issubclass(kind, Record) and kind.synced:
            wanted = Shape(str(kind.__tablename__), schema_version, columns_of(kind))
            if wanted not in found:
                row = OutboxShape(
                    table=wanted.table, schema_version=schema_version, columns=",".join(wanted.columns)
                )
                session.add(row)
                session.flush()
                found[wanted] = row.id
            settled[wanted.table] = found[wanted]
    return settled


def plain(value: Any) -> Any:
    """A column's value as JSON carries it."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()  # one instant, one text: the county compares
        case date():
            return value.isoformat()
        case _:
            return value


def _stamp_origin(session: Session, context: UOWTransaction, instances: object) -> None:
    for row in session.new:
        if isinstance(row, Record):
            origin = session.info["origin"]
            row.hall_id = row.hall_id or origin.hall_id
            row.device_id = row.device_id or origin.device_id


def _record(session: Session, context: UOWTransaction) -> None:
    writes = [("I", row) for row in session.new]
    writes += [("U", row) for row in session.dirty if session.is_modified(row)]
    writes += [("D", row) for row in session.deleted]
    rows = [_outbox_row(session, op, row) for op, row in writes if isinstance(row, Record) and row.synced]
    if rows:
        session.connection().execute(insert(OutboxRow.__table__), rows)  # type: ignore[arg-type]


def _outbox_row(session: Session, op: str, row: Record) -> dict[str, Any]:
    return {
        "epoch": session.info["origin"].epoch,
        "event_id": uuid7(),
        "table": row.__tablename__,
        "row_id": row.id,
        "op": op,
        "schema_version": session.info["schema_version"],
        "payload": row_payload(row),
        "written_at": now(),
        "changed": _changed(row) if op == "U" else "",
        "shape": session.info["shapes"][row.__tablename__],
    }


def _changed(row: Record) -> str:
    """Names of the columns this flush changed: what the county merges by (design §3.7)."""
    state: InstanceState[Record] = inspect(row)
    columns = inspect(type(row)).columns
    return ",".join(
        column.key
        for column in columns
        if column.key not in BOOKKEEPING and state.attrs[column.key].history.has_changes()
    )


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Record) and mapper.class_.synced:
            raise UntrackedWrite(table=mapper.class_.__tablename__)
