"""Who did what, chained by hashes (R7, 003 ¶6 追溯溯源)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Origin

KIOSK = "kiosk"
START = bytes(32)


def record(session: Session, at: datetime, actor: str, act: str, subject: str, **details: Any) -> None:
    """Append one line inside the caller's transaction. Details hold ids and figures, never personal data."""
    origin = session.get_one(Origin, 1)
    last = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.device_id == origin.device_id)
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).one_or_none()
    # a restored image gets lines back from the county that it does not count yet
    origin.audit_lines = max(origin.audit_lines, last.number if last else 0) + 1
    entry = AuditEntry(
        number=origin.audit_lines,
        actor=actor,
        act=act,
        subject=subject,
        details=details,
        previous_hash=last.hash if last else START,
        created_at=at,
        updated_at=at,
    )
    entry.hash = line_hash(entry)
    session.add(entry)
    session.flush()


def line_hash(entry: AuditEntry) -> bytes:
    """SHA-256 over everything the line says and the hash before it."""
    at = entry.created_at.astimezone(UTC).isoformat()  # as the store gives it back, whatever zone wrote it
    said = [entry.number, entry.actor, entry.act, entry.subject, entry.details, at]
    return hashlib.sha256(entry.previous_hash + msgspec.json.encode(said, order="deterministic")).digest()


def first_broken(session: Session) -> int | None:
    """Number of the first line that was changed, removed or reordered on its device; None: the chain holds."""
    previous: dict[Any, tuple[int, bytes]] = {}
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.device_id, AuditEntry.number)):
        number, before = previous.get(entry.device_id, (0, START))
        if entry.number != number + 1 or entry.previous_hash != before or entry.hash != line_hash(entry):
            return number + 1
        previous[entry.device_id] = (entry.number, entry.hash)
    origin = session.get_one(Origin, 1)
    written, _ = previous.get(origin.device_id, (0, START))
    return written + 1 if written < origin.audit_lines else None  # of others' last lines the county knows
