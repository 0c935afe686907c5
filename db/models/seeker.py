"""Seekers 求职者 and what they can do."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import BLIND_INDEX, PERSONAL, SEALED, Record, UtcTime, states


class SkillLevel(StrEnum):
    """无/初级/中级/高级/技师/高级技师 (003 ¶6)."""

    NONE = "none"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    TECHNICIAN = "technician"
    SENIOR_TECHNICIAN = "senior_technician"

    @property
    def rank(self) -> int:
        return list(SkillLevel).index(self)


class Seeker(Record):
    """One person who looks for work. The number is sealed; `number_index` finds it again."""

    __tablename__ = "seekers"
    __table_args__ = (UniqueConstraint("number_index"),)

    number_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    number_index: Mapped[bytes] = mapped_column(LargeBinary, info=BLIND_INDEX)
    name: Mapped[str] = mapped_column(info=PERSONAL)
    sex: Mapped[str]
    birth: Mapped[date] = mapped_column(info=PERSONAL)
    ethnicity: Mapped[str | None] = mapped_column(info=PERSONAL)
    address: Mapped[str | None] = mapped_column(info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(info=PERSONAL)
    assurance: Mapped[int]
    # long_waiting, low_income, disabled, hard_to_place, joined by commas (38号 四)
    hardship: Mapped[str] = mapped_column(default="", info=PERSONAL)
    consent_version: Mapped[str]
    consent_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime)

    trades: Mapped[list[SeekerTrade]] = relationship(
        back_populates="seeker", cascade="all, delete-orphan", order_by="SeekerTrade.position"
    )


class SeekerTrade(Record):
    """A trade a seeker can do, and how well."""

    __tablename__ = "seeker_trades"
    __table_args__ = (UniqueConstraint("seeker_id", "occupation_id"),)

    seeker_id: Mapped[UUID] = mapped_column(ForeignKey("seekers.id"), index=True)
    occupation_id: Mapped[str] = mapped_column(ForeignKey("occupations.key"))
    level: Mapped[SkillLevel] = mapped_column(states(SkillLevel), default=SkillLevel.NONE)
    position: Mapped[int] = mapped_column(default=0)

    seeker: Mapped[Seeker] = relationship(back_populates="trades")
