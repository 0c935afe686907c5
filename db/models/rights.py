"""A person's rights over their data, and who may not take part for a while."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSONAL, Record, UtcTime, states


class ErasureReason(StrEnum):
    REQUEST = "request"  # the person asked for it
    AGE = "age"  # not seen for as long as data is kept


class ErasureState(StrEnum):
    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"


class Erasure(Record):
    """That a person's data was to go, and went: when, why, by whom, how much; nothing of whom.

    `seeker_id` leads to a row that is emptied itself; none: contacts of postings that ended long ago.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("seeker_id IS NOT NULL OR reason = 'age'", name="somebody_asked"),
        Index("ix_erasures_state", "state"),
    )

    seeker_id: Mapped[UUID | None] = mapped_column(ForeignKey("seekers.id"), index=True)
    reason: Mapped[ErasureReason] = mapped_column(states(ErasureReason))
    state: Mapped[ErasureState] = mapped_column(states(ErasureState), default=ErasureState.REQUESTED)
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))  # none: by age
    requested_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    rows: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # table → how many were emptied


class BanReason(StrEnum):
    """Why somebody may not take part (004 annex 2 art. 10–12; spec E7)."""

    WAGE_WITHHELD = "wage_withheld"  # art. 12: 克扣工资
    ABUSE = "abuse"  # art. 12: 其他虐待行为
    FALSE_POSTING = "false_posting"
    POOR_WORK = "poor_work"  # art. 10: 不予及时解决或赔偿
    VIOLENCE = "violence"  # art. 11: 欺行霸市、打架斗殴
    NO_SHOW = "no_show"


class Ban(Record):
    """An employer or a person who may not take part until a day; it holds in every hall of the county.

    `person` is the keyed index of the ID number, the same in every hall: it finds the person and tells nobody who.
    """

    __tablename__ = "bans"
    __table_args__ = (
        CheckConstraint("(employer_id IS NULL) <> (person IS NULL)", name="one_side"),
        CheckConstraint("until >= starts_on", name="ends_after_start"),
        Index("ix_bans_person", "person"),
        Index("ix_bans_employer_id", "employer_id"),
    )

    employer_id: Mapped[UUID | None] = mapped_column(ForeignKey("employers.id"))
    person: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[BanReason] = mapped_column(states(BanReason))
    starts_on: Mapped[date]
    until: Mapped[date]  # the last day
    decided_by: Mapped[str] = mapped_column(info=PERSONAL)  # a name: rows of staff stay in their hall
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)  # before its time
    ended_by: Mapped[str] = mapped_column(default="", info=PERSONAL)


class PostingCount(Record):
    """How many openings of a county-wide posting each hall has filled; made by the county, its id is the posting's."""

    __tablename__ = "posting_counts"

    by_hall: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # hall → referrals that hold an opening
