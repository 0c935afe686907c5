"""The hall, its devices and its settings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Record, UtcTime, positive, states


class HallNature(StrEnum):
    PUBLIC = "public"  # 公共
    COMMERCIAL = "commercial"  # 经营性
    SPONTANEOUS = "spontaneous"  # 自发形成


class Hall(Record):
    """零工市场 (000: name, nature, address, hours, hotline)."""

    __tablename__ = "halls"

    name: Mapped[str]
    nature: Mapped[HallNature] = mapped_column(states(HallNature), default=HallNature.PUBLIC)
    region: Mapped[str]
    address: Mapped[str]
    hours: Mapped[str]
    hotline: Mapped[str]
    complaint_line: Mapped[str]
    legal_aid_line: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]


class DeviceKind(StrEnum):
    KIOSK = "kiosk"
    COUNTER = "counter"


class Device(Record):
    """One kiosk or counter PC. `number` is short and stands in every slip number this device gives out."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("hall_id", "number"),)

    number: Mapped[int]
    name: Mapped[str]
    kind: Mapped[DeviceKind] = mapped_column(states(DeviceKind), default=DeviceKind.KIOSK)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)  # set by the county


class Setting(Record):
    """A value the hall or the county changed at run time; overrides kiosk.toml."""

    __tablename__ = "settings"
    __table_args__ = (UniqueConstraint("hall_id", "key"),)

    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


class DailyCount(Record):
    """A number without a person behind it, such as visitors under 16 turned away (004 annex 2 art. 7)."""

    __tablename__ = "daily_counts"
    __table_args__ = (UniqueConstraint("device_id", "day", "kind"), positive("amount"))

    day: Mapped[str]  # YYYY-MM-DD in the hall's zone
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(default=0)


class Notice(Record):
    """A notice, policy text or hall rule for the help screens (001 annex 1 ¶12, 18)."""

    __tablename__ = "notices"

    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
