"""Fit of every posting for one person, and the reasons for it (S7, S8). Pure arithmetic on `Facts.rows`.

Points and thresholds are the hall's settings (`RankingWeights`). The order is the same for the same facts, so a list
does not jump about while somebody reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from db.models import SkillLevel
from kiosk.jobs.cards import JobQuery, Reason, Shift, Sort
from kiosk.jobs.facts import Table
from kiosk.seekers.card import Hardship
from kiosk.settings import RankingWeights

Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float32]

GOOD_PAY_RATIO = 1.1  # of the guidance wage
HALF_DAY_HOURS = 5.0
FULL_DAY_HOURS, LONG_DAY_HOURS = 8.0, 12.0  # 劳动法 art. 36: no more than eight hours a day
NUMBERS = 2**32 - 1  # no store numbers more postings than that
NIGHT_FROM, NIGHT_TO = 20 * 60, 5 * 60  # a shift that starts in here is night work


@dataclass(frozen=True)
class Fit:
    """For every row of the facts: points, and which reasons hold (a bit each, in the order of Reason)."""

    points: Points
    reasons: npt.NDArray[np.uint16]


def open_now(rows: Table, now: datetime) -> Mask:
    """Postings that still take people at this local time: alive, not over, an opening left."""
    today, minute = now.date().toordinal(), now.hour * 60 + now.minute
    over_today = (rows["ends_on"] == today) & (rows["closes"] > rows["opens"]) & (rows["closes"] <= minute)
    return np.asarray(rows["alive"] & (rows["ends_on"] >= today) & ~over_today & (rows["left"] > 0), np.bool_)


def asked_for(rows: Table, query: JobQuery, occupations: Mapping[str, int], now: datetime) -> Mask:
    """What the visitor's filters leave. A posting whose pay or place cannot be compared is not hidden by it."""
    mask = np.ones(len(rows), np.bool_)
    if query.occupations:
        wanted = [occupations[key] for key in query.occupations if key in occupations]
        mask &= np.isin(rows["occupation"], wanted)
    if query.min_day_pay:
        mask &= (rows["day_pay"] >= query.min_day_pay) | (rows["day_pay"] == 0)
    if query.max_km is not None:
        mask &= ~(rows["km"] > query.max_km)
    if query.today_only:
        mask &= rows["starts_on"] <= now.date().toordinal()
    if query.daily_settlement:
        mask &= rows["daily"]
    if query.shifts:
        mask &= np.isin(_shifts(rows), [list(Shift).index(shift) for shift in query.shifts])
    return mask


def fit(
    rows: Table,
    trades: Mapping[int, SkillLevel],
    hardship: frozenset[Hardship],
    weights: RankingWeights,
    now: datetime,
) -> Fit:
    """Points and reasons for one person. `trades` maps occupation indexes to levels; empty for a passer-by."""
    today = now.date().toordinal()
    known = np.isin(rows["occupation"], list(trades))
    level = np.full(len(rows), -1, np.int8)
    for occupation, has in trades.items():
        level[rows["occupation"] == occupation] = has.rank
    asks = rows["level"] > 0
    level_met = known & asks & (level >= rows["level"])
    level_short = asks & (np.maximum(level, 0) < rows["level"])

    paid = rows["day_pay"] > 0
    guided = paid & (rows["guidance"] > 0)
    ratio = np.divide(rows["day_pay"], rows["guidance"], out=np.ones(len(rows), np.float32), where=guided)
    near = np.clip(1 - np.nan_to_num(rows["km"], nan=weights.near_km) / weights.near_km, 0, 1)
    starts_today = rows["starts_on"] <= today
    scarce = rows["left"] <= weights.scarce_openings

    points = np.zeros(len(rows), np.float32)
    points += weights.trade * known
    points += weights.level * (level_met.astype(np.float32) - level_short)
    points += weights.pay * np.clip((ratio - 0.7) / 0.8, 0, 1)
    points += weights.near * near
    points += weights.today * starts_today
    points += weights.urgent * rows["urgent"]
    points += weights.daily_settlement * rows["daily"]
    hours = _hours(rows)
    points += weights.hours * np.clip((LONG_DAY_HOURS - hours) / (LONG_DAY_HOURS - FULL_DAY_HOURS), 0, 1)
    # Graded help (38号 四): whoever it is for comes first at public-welfare posts and where openings are scarce;
    # the others see those later, and lose nothing where there is room for all.
    helped = rows["welfare"] | (scarce & (rows["level"] == 0))
    points += (weights.helped if hardship else -weights.helped / 2) * helped

    holds = {
        Reason.TRADE: known,
        Reason.LEVEL: level_met,
        Reason.URGENT: rows["urgent"],
        Reason.TODAY: starts_today,
        Reason.NEAR: near >= 0.7,
        Reason.GOOD_PAY: guided & (ratio >= GOOD_PAY_RATIO),
        Reason.DAILY_PAY: rows["daily"],
        Reason.HOURS: hours <= FULL_DAY_HOURS,
        Reason.HELPED: helped & bool(hardship),
        Reason.PUBLIC_WELFARE: rows["welfare"],
    }
    reasons = np.zeros(len(rows), np.uint16)
    for bit, reason in enumerate(Reason):
        reasons |= np.asarray(holds[reason], np.uint16) << np.uint16(bit)
    return Fit(points, reasons)


def order(rows: Table, points: Points, sort: Sort, chosen: Mask, now: datetime) -> npt.NDArray[np.intp]:
    """Row indexes of the chosen postings, best first; ties by points, then newest first."""
    at = np.flatnonzero(chosen)
    # Points and number in one integer: a single sort of those takes 1 ms for 100,000 rows, one by several keys 25.
    newest = np.uint64(NUMBERS) - rows["number"][at].astype(np.uint64)
    at = at[np.argsort(_rising(-points[at]).astype(np.uint64) << np.uint64(32) | newest)]
    picked = rows[at]
    key: npt.NDArray[np.float64]
    match sort:
        case Sort.FIT:
            return at
        case Sort.PAY:
            key = -picked["day_pay"].astype(np.float64)
        case Sort.NEAR:
            key = np.nan_to_num(picked["km"], nan=np.inf).astype(np.float64)
        case Sort.SOON:
            # what runs already goes on today
            first = np.maximum(picked["starts_on"], now.date().toordinal())
            key = (first * 1440.0 + picked["opens"]).astype(np.float64)
    return at[np.argsort(key, kind="stable")]


def _rising(values: Points) -> npt.NDArray[np.uint32]:
    """Unsigned integers in the same order as these floats (IEEE 754: sign and magnitude)."""
    bits = np.asarray(values + np.float32(0)).view(np.uint32)  # + 0: minus nought is nought
    return np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))


def reasons_of(bits: int) -> tuple[Reason, ...]:
    return tuple(reason for at, reason in enumerate(Reason) if bits >> at & 1)


def _hours(rows: Table) -> npt.NDArray[np.float32]:
    """Length of each shift; one that ends where it began takes the whole day."""
    minutes = (rows["closes"] - rows["opens"]) % 1440
    return np.asarray(np.where(minutes == 0, 1440, minutes) / 60, np.float32)


def _shifts(rows: Table) -> npt.NDArray[np.int8]:
    shifts = np.full(len(rows), list(Shift).index(Shift.DAY), np.int8)
    shifts[_hours(rows) <= HALF_DAY_HOURS] = list(Shift).index(Shift.HALF_DAY)
    shifts[(rows["opens"] >= NIGHT_FROM) | (rows["opens"] < NIGHT_TO)] = list(Shift).index(Shift.NIGHT)
    return shifts
