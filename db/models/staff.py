"""Staff of the hall and what proves who they are (spec R1)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSONAL, Record, UtcTime, positive


class Role(StrEnum):
    CLERK = "clerk"  # 柜台
    TOOL_KEEPER = "tool_keeper"  # 工具管理
    FINANCE = "finance"  # 财务
    SUPERVISOR = "supervisor"  # 负责人


class Staff(Record):
    """A person who works here. `roles` are values of Role joined by commas; nobody is ever deleted."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(info=PERSONAL)
    roles: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class StaffSecret(Record):
    """PIN, badge and failed tries. Never leaves the device: six digits fall to whoever holds the hash."""

    __tablename__ = "staff_secrets"
    __table_args__ = (
        UniqueConstraint("staff_id"),
        UniqueConstraint("badge_serial"),
        positive("failures"),
    )
    synced: ClassVar[bool] = False

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    pin_hash: Mapped[str]  # argon2id over a keyed digest of the PIN
    badge_serial: Mapped[int | None]  # the one badge that counts; an older one is refused
    failures: Mapped[int] = mapped_column(default=0)  # wrong PINs since the last right one
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
