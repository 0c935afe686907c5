"""A registered seeker as the floors above see one: plain values, never a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from db.models import SkillLevel as SkillLevel  # the screens' name for it
from kiosk.identity.document import Sex

ADULT_AGE = 18  # 004 annex 2 art. 7(二)
WORKING_AGE = 16  # 004 annex 2 art. 7(一)


class Hardship(StrEnum):
    """Groups that graded help serves first (38号 四, 004 annex 6 四)."""

    LONG_WAITING = "long_waiting"  # 待工时间长
    LOW_INCOME = "low_income"  # 低收入家庭
    DISABLED = "disabled"  # 残疾
    OLDER = "older"  # 大龄: from the birth date, never asked
    HARD_TO_PLACE = "hard_to_place"  # 就业困难人员


ASKED_HARDSHIPS = (Hardship.LONG_WAITING, Hardship.LOW_INCOME, Hardship.DISABLED, Hardship.HARD_TO_PLACE)


@dataclass(frozen=True)
class SeekerCard:
    """What a visit knows of its seeker. Wiped with the visit."""

    id: UUID
    name: str
    masked_name: str
    masked_number: str
    sex: Sex
    birth: date
    age: int
    phone: str
    hardship: frozenset[Hardship] = frozenset()
    trades: Mapping[str, SkillLevel] = field(default_factory=dict)  # occupation key → level, first = best

    @property
    def minor(self) -> bool:
        return self.age < ADULT_AGE

    def __repr__(self) -> str:  # never a name in a log
        return f"SeekerCard({self.id})"
