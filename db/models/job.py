"""Occupations 工种, employers 用工主体, postings 岗位 and referrals 推荐."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from db.models.base import PERSONAL, Record, UtcTime, now, positive, states
from db.models.seeker import SkillLevel


class Occupation(Record):
    """A trade as the hall names it, tied to the official classification (2022)."""

    __tablename__ = "occupations"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str]  # short, stable, ASCII: "bricklayer"
    name: Mapped[str]
    name_en: Mapped[str]
    code: Mapped[str]  # 职业分类大典 code
    group: Mapped[str]
    group_en: Mapped[str]
    group_icon: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class PayUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    PIECE = "piece"


class GuidanceWage(Record):
    """Guidance wage of a trade (001 annex 1 ¶9), in fen per unit."""

    __tablename__ = "guidance_wages"
    __table_args__ = (UniqueConstraint("hall_id", "occupation_id", "unit"),)

    occupation_id: Mapped[str] = mapped_column(ForeignKey("occupations.key"))
    unit: Mapped[PayUnit] = mapped_column(states(PayUnit))
    low: Mapped[int]
    middle: Mapped[int]
    high: Mapped[int]


class EmployerKind(StrEnum):
    ORGANISATION = "organisation"
    PERSON = "person"
    AGENCY = "agency"


class ReviewState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Employer(Record):
    """用工主体: nothing of theirs is shown before staff approved them (003 ¶6, 9)."""

    __tablename__ = "employers"

    kind: Mapped[EmployerKind] = mapped_column(states(EmployerKind))
    name: Mapped[str] = mapped_column(info=PERSONAL)  # a person's, or a firm's
    credit_code: Mapped[str | None]  # GB 32100
    state: Mapped[ReviewState] = mapped_column(states(ReviewState), default=ReviewState.PENDING)


class Settlement(StrEnum):
    DAILY = "daily"  # 日结
    WEEKLY = "weekly"  # 周结
    MONTHLY = "monthly"  # 月结
    ON_COMPLETION = "on_completion"  # 完工结


class PostingState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"
    EXPIRED = "expired"


class Posting(Record):
    """岗位. Pay is integer fen per `pay_unit`; hours are minutes of the day in the hall's zone."""

    __tablename__ = "postings"
    __table_args__ = (
        positive("pay"),
        CheckConstraint("openings > 0", name="openings_positive"),
        Index("ix_postings_state_ends_on", "state", "ends_on"),
    )

    employer_id: Mapped[UUID] = mapped_column(ForeignKey("employers.id"))
    occupation_id: Mapped[str] = mapped_column(ForeignKey("occupations.key"))
    title: Mapped[str]
    description: Mapped[str]
    openings: Mapped[int]
    level: Mapped[SkillLevel] = mapped_column(states(SkillLevel), default=SkillLevel.NONE)
    place: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opens_minute: Mapped[int]  # 450 = 07:30
    closes_minute: Mapped[int]
    pay: Mapped[int]
    pay_unit: Mapped[PayUnit] = mapped_column(states(PayUnit))
    settlement: Mapped[Settlement] = mapped_column(states(Settlement))
    contact_name: Mapped[str] = mapped_column(info=PERSONAL)
    contact_phone: Mapped[str] = mapped_column(info=PERSONAL)
    conditions: Mapped[str] = mapped_column(default="")  # work_law.toml conditions, joined by commas
    benefits: Mapped[str] = mapped_column(default="")  # 包午饭, 包接送 … joined by commas
    urgent: Mapped[bool] = mapped_column(default=False)
    public_welfare: Mapped[bool] = mapped_column(default=False)  # 公益性岗位 (38号 四)
    state: Mapped[PostingState] = mapped_column(states(PostingState), default=PostingState.DRAFT)


class ReferralState(StrEnum):
    """issued → met → hired → started → finished, or an end on the way (spec S9)."""

    ISSUED = "issued"
    MET = "met"
    HIRED = "hired"
    STARTED = "started"
    FINISHED = "finished"
    DECLINED = "declined"
    LAPSED = "lapsed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


HOLDS_OPENING = (
    ReferralState.ISSUED,
    ReferralState.MET,
    ReferralState.HIRED,
    ReferralState.STARTED,
    ReferralState.FINISHED,
)
PLACED = (ReferralState.HIRED, ReferralState.STARTED, ReferralState.FINISHED)  # 上岗, since `hired_at`


class Referral(Record):
    """推荐: one seeker sent to one posting; its paper is the match slip 对接单."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("hall_id", "slip_number"),
        Index("ix_referrals_posting_id_state", "posting_id", "state"),
        Index("ix_referrals_seeker_id_state", "seeker_id", "state"),
        Index("ix_referrals_state_valid_until", "state", "valid_until"),
    )

    seeker_id: Mapped[UUID] = mapped_column(ForeignKey("seekers.id"))
    posting_id: Mapped[UUID] = mapped_column(ForeignKey("postings.id"))
    slip_number: Mapped[str]
    slip_serial: Mapped[int]  # what the signed code on the slip carries
    state: Mapped[ReferralState] = mapped_column(states(ReferralState), default=ReferralState.ISSUED)
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    valid_until: Mapped[datetime] = mapped_column(UtcTime)
    hired_at: Mapped[datetime | None] = mapped_column(UtcTime)  # none while it is no placement
    reason: Mapped[str] = mapped_column(default="")

    @validates("state")
    def _moment_of_hire(self, key: str, state: ReferralState) -> ReferralState:
        """Whoever writes the state, the moment goes with it; one that is handed in stands."""
        if state not in PLACED:
            if self.hired_at is not None:
                self.hired_at = None
        elif self.state not in PLACED and self.hired_at is None:
            self.hired_at = now()
        return state
