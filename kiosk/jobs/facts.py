"""What ranking needs to know of every published posting, as one numpy table, kept in step with the store.

100,000 postings are loaded once (a row is 64 bytes); afterwards only the rows that the outbox (written here) and
`pulled_changes` (come from the county) name as changed are read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, String, func, select, text, type_coerce
from sqlalchemy.orm import Session

from db.models import (
    Employer,
    GuidanceWage,
    Hall,
    OutboxRow,
    PayUnit,
    Posting,
    PostingState,
    PulledChange,
    Referral,
    ReviewState,
    SearchEntry,
    Settlement,
    SkillLevel,
)
from kiosk.jobs.openings import taken
from kiosk.jobs.work_law import WorkLaw

FACT = np.dtype(
    [
        ("number", "i8"),  # in the full-text table
        ("occupation", "i4"),  # index into Facts.occupations
        ("employer", "i4"),  # index into Facts.employers
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
Floats = npt.NDArray[np.float64]
RANKS = {level.value: level.rank for level in SkillLevel}
MINUTES_A_DAY = 24 * 60
UNIX_DAY = date(1970, 1, 1).toordinal()
# The last numbers given out, whether or not those rows are still there: sent rows are cleared away.
NEWEST = text("SELECT name, seq FROM sqlite_sequence WHERE name IN ('outbox', 'pulled_changes')")
SOURCES: dict[str, tuple[type[OutboxRow] | type[PulledChange], Any]] = {
    "outbox": (OutboxRow, OutboxRow.seq),
    "pulled_changes": (PulledChange, PulledChange.number),
}
MONTH_DAYS = 21.75  # paid days a month (劳社部发〔2008〕3号)
FULL_DAY_HOURS = 8.0
GUIDED_HOURS = (8 * 60, 16 * 60)  # what a guidance wage per hour is taken for
EARTH_KM = 6371.0
# Nothing else is shown. "likely" keeps SQLite from walking all postings in the order of an index on their state.
SHOWN = (func.likely(Posting.state == PostingState.PUBLISHED), Employer.state == ReviewState.APPROVED)
TOUCH_ALL = ("employers", "guidance_wages", "halls")  # a change here touches every posting
OF_POSTING = ("postings", "posting_counts")  # rows whose id is a posting's
TOUCHES = (*OF_POSTING, "referrals", *TOUCH_ALL)
AT_ONCE = 2_000  # rows fetched at a time: a hundred thousand alive at once keep the garbage collector busy
RELOAD_FROM = 500  # changed rows from which a whole load is quicker


class Facts:
    """The table `rows`; in the same order the postings' `ids`, and where each stands: `at`."""

    def __init__(self, law: WorkLaw, hall_id: Callable[[], UUID]) -> None:
        """`hall_id`: asked for anew each time, a store may join another hall while it is open."""
        self._hall_id = hall_id
        self._here: tuple[float, float] | None = None  # the hall's position, once it is set up
        self._bits = {condition.key: 1 << at for at, condition in enumerate(law.conditions)}
        self._seen: dict[str, int] | None = None  # last row of each source taken in
        self.at: dict[UUID, int] = {}
        self.rows: Table = np.zeros(0, FACT)
        self.ids: list[UUID] = []
        self.occupations: dict[str, int] = {}
        self.employers: dict[UUID, int] = {}

    def refresh(self, session: Session) -> None:
        """Take in what was written since the last call."""
        newest = dict.fromkeys(SOURCES, 0) | dict(session.execute(NEWEST).all())
        seen = self._seen
        if seen is not None and all(newest[name] <= seen[name] for name in SOURCES):
            return  # an older snapshot than the last caller's brings nothing new
        changed = self._changed(session, seen, newest) if seen is not None else None
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

    def _changed(self, session: Session, seen: dict[str, int], newest: dict[str, int]) -> set[UUID] | None:
        """Postings touched since; None: something that touches them all, or rows that were cleared away unseen."""
        rows: list[tuple[str, UUID]] = []
        for name, (kind, number) in SOURCES.items():
            if newest[name] <= seen[name]:
                continue
            if session.scalar(select(number).where(number == seen[name] + 1)) is None:
                return None
            found = (
                select(kind.table, kind.row_id).where(number > seen[name], kind.table.in_(TOUCHES)).distinct()
            )
            rows += [(table, row_id) for table, row_id in session.execute(found)]
        if any(table in TOUCH_ALL for table, _ in rows):
            return None
        postings = {row for table, row in rows if table in OF_POSTING}
        referrals = [row for table, row in rows if table == "referrals"]
        if len(referrals) > RELOAD_FROM:
            return None
        postings.update(session.scalars(select(Referral.posting_id).where(Referral.id.in_(referrals))))
        return postings

    def _load(self, session: Session) -> None:
        self._here = session.execute(
            select(Hall.latitude, Hall.longitude).where(Hall.id == self._hall_id())
        ).one_or_none()
        self._guidance = _guidance(session)
        gone = taken(session, self._hall_id())
        tables = [np.zeros(0, FACT)]
        self.ids = []
        # the connection's own rows: the session's way round costs half as much again
        published = session.connection().execute(_published(), execution_options={"yield_per": AT_ONCE})
        for found in published.partitions():
            self.ids += [row.id for row in found]
            tables.append(self._table(found, gone))
        self.at = {posting: at for at, posting in enumerate(self.ids)}
        self.rows = np.concatenate(tables)

    def _reload(self, session: Session, postings: set[UUID]) -> None:
        found = session.execute(_published().where(Posting.id.in_(postings))).all()
        table = self._table(found, taken(session, self._hall_id(), postings))
        here = {row.id: at for at, row in enumerate(found)}
        for posting in postings & self.at.keys():
            if posting in here:
                self.rows[self.at[posting]] = table[here[posting]]
            else:
                self.rows["alive"][self.at[posting]] = False
        fresh = [posting for posting in here if posting not in self.at]
        if fresh:
            self.at.update((posting, len(self.ids) + at) for at, posting in enumerate(fresh))
            self.ids.extend(fresh)
            self.rows = np.concatenate([self.rows, table[[here[posting] for posting in fresh]]])

    def _table(self, found: Sequence[Any], gone: Mapping[UUID, int]) -> Table:
        """Rows of `_published` as facts, column by column."""
        table = np.zeros(len(found), FACT)
        if not found:
            return table
        told = dict(zip(found[0]._fields, zip(*found, strict=True), strict=True))
        trades = self.occupations
        bits = {keys: self.condition_bits(keys.split(",")) for keys in set(told["conditions"])}
        for name in ("number", "opens", "closes", "urgent", "welfare"):
            table[name] = told[name]
        table["occupation"] = [trades.setdefault(key, len(trades)) for key in told["occupation"]]
        employers = self.employers
        table["employer"] = [employers.setdefault(key, len(employers)) for key in told["employer"]]
        table["level"] = [RANKS[level] for level in told["level"]]
        table["day_pay"] = day_pay(told["pay"], told["unit"], told["opens"], told["closes"])
        table["guidance"] = [self._guidance.get(key, 0.0) for key in told["occupation"]]
        table["km"] = self._km(np.array(told["latitude"], float), np.array(told["longitude"], float))
        for name in ("starts_on", "ends_on"):
            table[name] = np.array(told[name], "M8[D]").astype("i4") + UNIX_DAY
        table["left"] = [
            openings - gone.get(posting, 0)
            for openings, posting in zip(told["openings"], told["id"], strict=True)
        ]
        table["daily"] = [settlement == Settlement.DAILY.value for settlement in told["settlement"]]
        table["alive"] = True
        table["conditions"] = [bits[keys] for keys in told["conditions"]]
        return table

    def km(self, latitude: float | None, longitude: float | None) -> float:
        """Great-circle distance from the hall, NaN where either has no position."""
        return float(self._km(np.array([latitude], float), np.array([longitude], float))[0])

    def _km(self, latitude: Floats, longitude: Floats) -> Floats:
        if self._here is None:
            return np.full(len(latitude), np.nan)
        here = np.radians(self._here)
        there = np.radians([latitude, longitude])
        half = np.sin((there[0] - here[0]) / 2) ** 2
        half += np.cos(here[0]) * np.cos(there[0]) * np.sin((there[1] - here[1]) / 2) ** 2
        return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)), float)


def day_pay(pay: npt.ArrayLike, unit: Sequence[str], opens: npt.ArrayLike, closes: npt.ArrayLike) -> Floats:
    """Fen a day, to compare postings with; 0 for piece work, which cannot be told.

    A shift that ends at or before its start ends the next day.
    """
    minutes = (np.asarray(closes) - np.asarray(opens)) % MINUTES_A_DAY
    hours = np.where(minutes == 0, MINUTES_A_DAY, minutes) / 60
    units = np.array(unit, str)
    times = np.select(
        [units == PayUnit.HOUR.value, units == PayUnit.DAY.value, units == PayUnit.MONTH.value],
        [np.minimum(hours, FULL_DAY_HOURS), 1.0, 1 / MONTH_DAYS],
        0.0,
    )
    return np.asarray(np.asarray(pay) * times, float)


def _published() -> Select[*tuple[Any, ...]]:
    # enums and days as they are kept: 100,000 of each made into objects cost more than reading them
    return (
        select(
            Posting.id,
            SearchEntry.number,
            Posting.employer_id.label("employer"),
            Posting.occupation_id.label("occupation"),
            type_coerce(Posting.level, String).label("level"),
            Posting.pay,
            type_coerce(Posting.pay_unit, String).label("unit"),
            Posting.latitude,
            Posting.longitude,
            type_coerce(Posting.starts_on, String).label("starts_on"),
            type_coerce(Posting.ends_on, String).label("ends_on"),
            Posting.opens_minute.label("opens"),
            Posting.closes_minute.label("closes"),
            Posting.openings,
            Posting.urgent,
            type_coerce(Posting.settlement, String).label("settlement"),
            Posting.public_welfare.label("welfare"),
            Posting.conditions,
        )
        .join(SearchEntry, SearchEntry.posting_id == Posting.id)
        .join(Employer, Employer.id == Posting.employer_id)
        .where(*SHOWN)
    )


def _guidance(session: Session) -> dict[str, float]:
    """Trade → middle of its guidance wage a day. Of several units the day counts before hour and month."""
    wages = sorted(
        session.scalars(select(GuidanceWage)), key=lambda wage: (wage.unit is PayUnit.DAY, wage.unit)
    )
    return {
        wage.occupation_id: float(day_pay(wage.middle, [wage.unit.value], *GUIDED_HOURS)[0])
        for wage in wages
        if wage.unit is not PayUnit.PIECE
    }
