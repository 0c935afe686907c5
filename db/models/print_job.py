"""The print journal: every slip that was asked for, and what became of it (design §4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Record, UtcTime, states


class PrintJobState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    EXPIRED = "expired"


class PrintJob(Record):
    """One paper of one document. It holds the slip itself and stays on this device."""

    __tablename__ = "print_jobs"
    __table_args__ = (
        UniqueConstraint("document", "copy"),
        CheckConstraint("copy >= 1", name="copy_positive"),
        Index("ix_print_jobs_state_created_at", "state", "created_at"),
    )
    synced: ClassVar[bool] = False

    document: Mapped[str]  # what the paper is about: "referral:<id>"
    copy: Mapped[int] = mapped_column(default=1)  # 1 = the first; 2 … are marked 【补打】
    kind: Mapped[str]
    slip: Mapped[bytes] = mapped_column(LargeBinary)  # msgspec JSON of printing.slip.Slip
    state: Mapped[PrintJobState] = mapped_column(states(PrintJobState), default=PrintJobState.QUEUED)
    printer: Mapped[str | None]
    reason: Mapped[str | None]  # paper_out, cover_open, offline … the last one
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
