"""Who did what (R7): an append-only chain of hashes, so that a removed or changed line shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Record


class AuditEntry(Record):
    """`hash` covers the line and the hash before it, within one device."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("device_id", "number"),)

    number: Mapped[int]
    actor: Mapped[str]  # "kiosk" or a staff id, never a name
    act: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
