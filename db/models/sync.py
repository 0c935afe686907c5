"""What a device remembers of its county link, and the list of conflicts that people work off."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSONAL, Base, Record, UtcTime, states


class SyncState(Base):
    """Exactly one row once the device is enrolled; secrets are sealed with the hall's key."""

    __tablename__ = "sync_state"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    county_address: Mapped[str]
    authority: Mapped[str]  # PEM of the authority that this device trusts, and no other
    county_sign_key: Mapped[bytes] = mapped_column(LargeBinary)  # Ed25519, public
    county_box_key: Mapped[bytes] = mapped_column(LargeBinary)  # X25519, public
    device_key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    next_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # while keys are being changed
    index_key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    slip_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the hall's, shared by its devices
    public_address: Mapped[str] = mapped_column(default="")  # of the county's page for slips
    first_number: Mapped[int] = mapped_column(default=1)  # this device's while it signed with its own key
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)
    # what the county has for sure, and from where the outbox may be cleared
    acked_epoch: Mapped[int] = mapped_column(default=0)
    acked_seq: Mapped[int] = mapped_column(default=0)
    acked_event_id: Mapped[UUID | None] = mapped_column(Uuid)
    backed_up_seq: Mapped[int] = mapped_column(default=0)
    snapshot_at: Mapped[str] = mapped_column(default="")  # "table/row id" while everything is being sent anew
    cursor: Mapped[str] = mapped_column(default="")  # how far was pulled; empty: everything
    pulled_schema: Mapped[str] = mapped_column(default="")
    # what staff see
    last_tried_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcTime)
    trouble: Mapped[str] = mapped_column(default="")  # code of the last failure, empty after a success
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    clock_offset_ms: Mapped[int | None]  # the county's clock minus ours


class RefusedRow(Base):
    """A row that the county put into quarantine, and why."""

    __tablename__ = "refused_rows"

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    seq: Mapped[int]
    table: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)
    reason: Mapped[str]
    refused_at: Mapped[datetime] = mapped_column(UtcTime)


class PulledChange(Base):
    """A row that came from the county: what the outbox is for own writes, to those who watch for changes."""

    __tablename__ = "pulled_changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    table: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)


class WaitingRow(Base):
    """A pulled row that cannot stand yet: its parent has not come, or another row holds its place."""

    __tablename__ = "waiting_rows"

    table: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    op: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]  # place: parent missing or place taken; value: of a newer schema
    since: Mapped[datetime] = mapped_column(UtcTime)


class ConflictKind(StrEnum):
    FIELDS = "fields"  # two devices changed the same field
    STATE = "state"  # a step that the row's state no longer allows
    NOT_OWNER = "not_owner"  # changed by a device that does not hold it
    COUNTY_RULES = "county_rules"  # the county's version stands
    DELETED = "deleted"  # changed here, deleted there
    SAME_PERSON = "same_person"  # one number, two records
    OVERFILLED = "overfilled"  # more people referred than openings
    SAME_NUMBER = "same_number"  # a restored disk image gave a number out again


class ConflictState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class Conflict(Record):
    """Something that two places wrote differently: found at the county, worked off there or at the counter.

    `details` holds the columns that lost: {"column": [kept, lost]}, or what else a person needs to decide.
    """

    __tablename__ = "conflicts"
    __table_args__ = (Index("ix_conflicts_state", "state"),)

    kind: Mapped[ConflictKind] = mapped_column(states(ConflictKind))
    table: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL)
    state: Mapped[ConflictState] = mapped_column(states(ConflictState), default=ConflictState.OPEN)
    resolution: Mapped[str] = mapped_column(default="")  # kept, taken, merged, noted
    resolved_by: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UtcTime)
