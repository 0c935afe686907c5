"""Who did what, chained by hashes (R7, 003 ¶6 追溯溯源)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry

KIOSK = "kiosk"
START = bytes(32)


def record(session: Session, at: datetime, actor: str, act: str, subject: str, **details: Any) -> None:
    """Append one line inside the caller's transaction. Details hold ids and figures, never personal data."""
    device = session.info["origin"].device_id
    last = session.scalars(
        select(AuditEntry).where(AuditEntry.device_id == device).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
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
    return None
