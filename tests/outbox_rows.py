"""Rows of the outbox as they lie in the file: read, and written as programs before the shapes did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from db.outbox import shapes, values_of


def values_at(connection: Connection, seq: int) -> dict[str, Any]:
    """A row's values by column."""
    payload, shape = connection.execute(
        text("SELECT payload, shape FROM outbox WHERE seq = :s"), {"s": seq}
    ).one()
    return values_of(payload, shapes(connection)[shape].columns if shape is not None else ())


def rewrite(connection: Connection, seq: int, values: Mapping[str, Any]) -> None:
    """Give a row other values, of whatever columns: as a JSON object, without a shape."""
    connection.execute(
        text("UPDATE outbox SET payload = :p, shape = NULL WHERE seq = :s"),
        {"p": msgspec.json.encode(values), "s": seq},
    )
