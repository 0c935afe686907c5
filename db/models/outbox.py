"""Rows of this device that the sync machinery itself keeps; never synced themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, UtcTime


class OutboxRow(Base):
    """One write of one synced row, in the order of commits (design §3.1)."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("event_id"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    epoch: Mapped[int]
    event_id: Mapped[UUID] = mapped_column(Uuid)
    table: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[UUID] = mapped_column(Uuid)
    op: Mapped[str] = mapped_column(String(1))  # I, U, D
    schema_version: Mapped[str] = mapped_column(String(32))
    payload: Mapped[bytes] = mapped_column(LargeBinary)  # see `db.outbox.packed`
    written_at: Mapped[datetime] = mapped_column(UtcTime)
    changed: Mapped[str] = mapped_column(default="")  # of an update: its columns, joined by commas
    shape: Mapped[
        int | None
    ]  # an OutboxShape; none: the payload is a JSON object, as older programs wrote it


class OutboxShape(Base):
    """The columns of a table's rows in the outbox, as the program that wrote them had them, in their order."""

    __tablename__ = "outbox_shapes"
    __table_args__ = (UniqueConstraint("table", "schema_version", "columns", name="uq_outbox_shapes_table"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table: Mapped[str] = mapped_column(String(64))
    schema_version: Mapped[str] = mapped_column(String(32))
    columns: Mapped[str]  # joined by commas


class Origin(Base):
    """Which hall and device this store belongs to, and the outbox epoch. Exactly one row."""

    __tablename__ = "origin"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    hall_id: Mapped[UUID] = mapped_column(Uuid)
    device_id: Mapped[UUID] = mapped_column(Uuid)
    device_number: Mapped[int] = mapped_column(default=1)
    epoch: Mapped[int] = mapped_column(default=1)
    slip_serial: Mapped[int] = mapped_column(default=0)  # last slip this device numbered
    # how many this device wrote: a removed last one shows
    audit_lines: Mapped[int] = mapped_column(default=0)


class SearchEntry(Base):
    """Gives each posting the stable integer that the full-text table needs (VACUUM may renumber rowids)."""

    __tablename__ = "search_entries"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    posting_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
