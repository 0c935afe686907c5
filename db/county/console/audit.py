"""Who did what at the console, and when. Details are codes and ids, never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Json

from db.county.base import County, Tx

SHELL = "shell"  # whoever runs `gighall county …` on the server


@dataclass(frozen=True)
class Line:
    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: dict[str, str]


def record(tx: Tx, actor: str, act: str, subject: object = "", **details: object) -> None:
    tx.execute(
        "INSERT INTO console_audit (actor, act, subject, details) VALUES (%s, %s, %s, %s)",
        (actor, act, str(subject), Json({key: str(value) for key, value in details.items()})),
    )


def note(county: County, actor: str, act: str, subject: object = "", **details: object) -> None:
    """The same in a transaction of its own, before an act that opens one itself: better a line too many."""
    with county.transaction() as tx:
        record(tx, actor, act, subject, **details)


def lines(tx: Tx, subject: object = None, before: int | None = None, most: int = 100) -> list[Line]:
    """Newest first; of one subject, or all."""
    found = tx.execute(
        "SELECT number, at, actor, act, subject, details FROM console_audit"
        " WHERE (%s::text IS NULL OR subject = %s) AND (%s::bigint IS NULL OR number < %s)"
        " ORDER BY number DESC LIMIT %s",
        (*(None if subject is None else str(subject),) * 2, before, before, most),
    )
    return [Line(*line) for line in found]
