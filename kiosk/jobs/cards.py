"""What the job desks hand to the floors above: plain values, never rows. Money in fen, times in the hall's zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.models import PayUnit, Settlement, SkillLevel


class Reason(StrEnum):
    """Why a job stands where it stands, strongest first on the card (S7)."""

    TRADE = "trade"  # your trade
    LEVEL = "level"  # your level is asked for
    URGENT = "urgent"
    TODAY = "today"  # starts today
    NEAR = "near"
    GOOD_PAY = "good_pay"  # above the guidance wage
    DAILY_PAY = "daily_pay"
    HOURS = "hours"  # a shift of no more than eight hours
    HELPED = "helped"  # graded help: you come first here (38号 四)
    PUBLIC_WELFARE = "public_welfare"


class Sort(StrEnum):
    FIT = "fit"
    PAY = "pay"
    NEAR = "near"
    SOON = "soon"


class Shift(StrEnum):
    DAY = "day"
    HALF_DAY = "half_day"
    NIGHT = "night"


@dataclass(frozen=True)
class JobQuery:
    """What the visitor asked to see. Empty = everything the law lets this person see."""

    text: str = ""
    occupations: frozenset[str] = frozenset()
    min_day_pay: int = 0  # fen a day
    max_km: float | None = None
    today_only: bool = False
    daily_settlement: bool = False
    shifts: frozenset[Shift] = frozenset()
    sort: Sort = Sort.FIT


@dataclass(frozen=True)
class JobCard:
    """One posting as a row of the list."""

    id: UUID
    title: str
    occupation: str
    icon: str
    pay: int
    pay_unit: PayUnit
    settlement: Settlement
    place: str
    km: float | None
    starts_on: date
    ends_on: date
    opens_minute: int
    closes_minute: int
    openings_left: int
    urgent: bool
    benefits: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class JobDetail:
    """Everything about one posting that a seeker may know before asking for it."""

    card: JobCard
    description: str
    level: SkillLevel
    employer: str
    contact_name: str
    contact_phone: str
    openings: int
    conditions: tuple[str, ...]
    guidance: tuple[int, int, int] | None  # low, middle, high in fen per `card.pay_unit`
    taken_slip: UUID | None  # this seeker's open referral for it, if there is one


@dataclass(frozen=True)
class JobList:
    """Ranked posting ids; cards are fetched page by page, so 100,000 postings stay fluent."""

    ids: tuple[UUID, ...]
    reasons: Mapping[UUID, tuple[Reason, ...]] = field(default_factory=dict)
    hidden_by_law: int = 0
    total: int = 0


@dataclass(frozen=True)
class TradeTile:
    key: str
    name: str
    name_en: str
    icon: str
    jobs: int  # published postings of this trade


@dataclass(frozen=True)
class TradeGroup:
    name: str
    name_en: str
    icon: str
    trades: tuple[TradeTile, ...]


@dataclass(frozen=True)
class BoardSummary:
    """今天有 n 个活，还要 m 人."""

    jobs: int
    openings: int


@dataclass(frozen=True)
class Handover:
    """A referral that was written and the slip that belongs to it."""

    referral: UUID
    slip_number: str
    print_job: UUID
    preview: bytes  # PNG, dot for dot what the printer prints
    job: JobCard
    contact_name: str
    contact_phone: str
    issued_at: datetime
    valid_until: datetime
    repeated: bool  # the seeker had this slip already; nothing new was written
