"""What ranking needs to know of every published posting, as one numpy table, kept in step with the store.

100,000 postings are loaded once (a row is 60 bytes); afterwards only the rows that the outbox names as changed are
read again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models import (
    HOLDS_OPENING,
    Employer,
    GuidanceWage,
    OutboxRow,
    PayUnit,
    Posting,
    PostingState,
    Referral,
    ReviewState,
    SearchEntry,
    Settlement,
    SkillLevel,
)
from kiosk.jobs.work_law import WorkLaw

FACT = np.dtype(
    [
        ("number", "i8"),  # in the full-text table
        ("occupation", "i4"),  # index into Facts.occupations
        ("level", "i1"),
        ("day_pay", "f4"),  # fen a day, 0 where it cannot be told (piece work)
        ("guidance", "f4"),  # middle of the guidance wage in fen a day, 0 unknown
        ("km", "f4"),  # from the hall, NaN unknown
        ("starts_on", "i4"),
        ("ends_on", "i4"),
        ("opens", "i2"),
        ("closes", "i2"),
        ("left", "i4"),  # openings left
        ("urgent", "?"),
        ("daily", "?"),
        ("welfare", "?"),
        ("alive", "?"),
        ("conditions", "u8"),  # bit set over the catalogue's conditions
    ]
)
Table = npt.NDArray[np.void]
MONTH_DAYS = 21.75  # paid days a month (劳社部发〔2008〕3号)
FULL_DAY_HOURS = 8.0
EARTH_KM = 6371.0
TOUCH_ALL = ("employers", "guidance_wages")  # a change here touches every posting
RELOAD_FROM = 500  # changed rows from which a whole load is quicker


class Facts:
    """The table `rows` and, in the same order, the postings' `ids`."""

    def __init__(self, law: WorkLaw, latitude: float, longitude: float) -> None:
        self._law = law
        self._here = (latitude, longitude)
        self._bits = {condition.key: 1 << at for at, condition in enumerate(law.conditions)}
        self._seen = -1  # last outbox row taken in
        self._at: dict[UUID, int] = {}
        self.rows: Table = np.zeros(0, FACT)
        self.ids: list[UUID] = []
        self.occupations: dict[str, int] = {}

    def refresh(self, session: Session) -> None:
        """Take in what was written since the last call."""
        newest = session.scalar(select(func.max(OutboxRow.seq))) or 0
        if newest == self._seen:
            return
        changed = self._changed(session) if self._seen >= 0 else None
        if changed is None or len(changed) > RELOAD_FROM:
            self._load(session)
        elif changed:
            self._reload(session, changed)
        self._seen = newest

    def condition_bits(self, keys: Iterable[str]) -> int:
        bits = 0
        for key in keys:
            bits |= self._bits.get(key, 0)
        return bits

    def _changed(self, session: Session) -> set[UUID] | None:
        """Postings touched since; None: something that touches them all."""
        rows = session.execute(
            select(OutboxRow.table, OutboxRow.row_id)
            .where(
                OutboxRow.seq > self._seen,
                OutboxRow.table.in_(("postings", "referrals", "employers", "guidance_wages")),
            )
            .distinct()
        ).all()
        if any(table in TOUCH_ALL for table, _ in rows):
            return None
        postings = {row for table, row in rows if table == "postings"}
        referrals = [row for table, row in rows if table == "referrals"]
        if len(referrals) > RELOAD_FROM:
            return None
        postings.update(session.scalars(select(Referral.posting_id).where(Referral.id.in_(referrals))))
        return postings

    def _load(self, session: Session) -> None:
        self._guidance = _guidance(session)
        found = session.execute(_published()).all()
        taken = _taken(session, None)
        self.ids = [row.id for row in found]
        self._at = {posting: at for at, posting in enumerate(self.ids)}
        self.rows = np.array([self._fact(row, taken.get(row.id, 0)) for row in found], FACT)

    def _reload(self, session: Session, postings: set[UUID]) -> None:
        found = {row.id: row for row in session.execute(_published().where(Posting.id.in_(postings)))}
        taken = _taken(session, postings)
        fresh = [posting for posting in found if posting not in self._at]
        for posting in postings & self._at.keys():
            if posting in found:
                self.rows[self._at[posting]] = self._fact(found[posting], taken.get(posting, 0))
            else:
                self.rows["alive"][self._at[posting]] = False
        if fresh:
            added = np.array([self._fact(found[posting], taken.get(posting, 0)) for posting in fresh], FACT)
            self._at.update((posting, len(self.ids) + at) for at, posting in enumerate(fresh))
            self.ids.extend(fresh)
            self.rows = np.concatenate([self.rows, added])

    def _fact(self, row: Any, taken: int) -> tuple[Any, ...]:
        occupation = self.occupations.setdefault(row.occupation_id, len(self.occupations))
        return (
            row.number,
            occupation,
            SkillLevel(row.level).rank,
            day_pay(row.pay, row.pay_unit, row.opens_minute, row.closes_minute),
            self._guidance.get(row.occupation_id, 0.0),
            self.km(row.latitude, row.longitude),
            row.starts_on.toordinal(),
            row.ends_on.toordinal(),
            row.opens_minute,
            row.closes_minute,
            row.openings - taken,
            row.urgent,
            row.settlement is Settlement.DAILY,
            row.public_welfare,
            True,
            self.condition_bits(row.conditions.split(",")) if row.conditions else 0,
        )

    def km(self, latitude: float | None, longitude: float | None) -> float:
        """Great-circle distance from the hall, NaN where the place has no position."""
        if latitude is None or longitude is None:
            return math.nan
        here = tuple(map(math.radians, self._here))
        there = (math.radians(latitude), math.radians(longitude))
        half = math.sin((there[0] - here[0]) / 2) ** 2
        half += math.cos(here[0]) * math.cos(there[0]) * math.sin((there[1] - here[1]) / 2) ** 2
        return 2 * EARTH_KM * math.asin(math.sqrt(half))


def hours_of(opens: int, closes: int) -> float:
    """Length of a shift in hours; one that ends at or before its start ends the next day."""
    return ((closes - opens) % (24 * 60) or 24 * 60) / 60


def day_pay(pay: int, unit: PayUnit, opens: int, closes: int) -> float:
    """Fen a day, to compare postings with; 0 for piece work, which cannot be told."""
    match unit:
        case PayUnit.HOUR:
            return pay * min(hours_of(opens, closes), FULL_DAY_HOURS)
        case PayUnit.DAY:
            return float(pay)
        case PayUnit.MONTH:
            return pay / MONTH_DAYS
        case PayUnit.PIECE:
            return 0.0


def ordinal(day: date) -> int:
    return day.toordinal()


def _published() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Posting.id,
            SearchEntry.number,
            Posting.occupation_id,
            Posting.level,
            Posting.pay,
            Posting.pay_unit,
            Posting.latitude,
            Posting.longitude,
            Posting.starts_on,
            Posting.ends_on,
            Posting.opens_minute,
            Posting.closes_minute,
            Posting.openings,
            Posting.urgent,
            Posting.settlement,
            Posting.public_welfare,
            Posting.conditions,
        )
        .join(SearchEntry, SearchEntry.posting_id == Posting.id)
        .join(Employer, Employer.id == Posting.employer_id)
        .where(Posting.state == PostingState.PUBLISHED, Employer.state == ReviewState.APPROVED)
    )


def _taken(session: Session, postings: set[UUID] | None) -> dict[UUID, int]:
    counted = (
        select(Referral.posting_id, func.count())
        .where(Referral.state.in_(HOLDS_OPENING))
        .group_by(Referral.posting_id)
    )
    if postings is not None:
        counted = counted.where(Referral.posting_id.in_(postings))
    return dict(session.execute(counted).tuples().all())


def _guidance(session: Session) -> dict[str, float]:
    wages: Sequence[GuidanceWage] = session.scalars(select(GuidanceWage)).all()
    return {wage.occupation_id: day_pay(wage.middle, wage.unit, 480, 960) for wage in wages}
