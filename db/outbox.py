"""Flush events → outbox rows, for every synced table, with no help from services (design §3.1).

The outbox row is written inside the flush that writes the row itself, so both commit or neither does. Bulk
statements that would slip past the flush are refused for synced tables.
"""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, UOWTransaction
from uuid_utils.compat import uuid7

from db.errors import UntrackedWrite
from db.models.base import Record, now
from db.models.outbox import OutboxRow

BOOKKEEPING = ("version", "updated_at")


def track(session_class: type[Session]) -> None:
    """Make every flush of this session class fill the outbox."""
    event.listen(session_class, "before_flush", _stamp_origin)
    event.listen(session_class, "after_flush", _record)
    event.listen(session_class, "do_orm_execute", _refuse_bulk)


def row_payload(row: Record) -> bytes:
    """The row as the wire carries it: one JSON object, columns by name, derived from the table."""
    columns = inspect(type(row)).columns
    return msgspec.json.encode({column.key: plain(getattr(row, column.key)) for column in columns})


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
