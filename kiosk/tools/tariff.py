"""What a tool costs to borrow: pure rules, integer fen, every amount with its derivation (004 annex 4 art. 4 量化计价).

Hours are elapsed time between two instants, so a clock that is put forward or back changes nothing. Days are days on
the hall's wall. A charge is a tuple of lines, each exactly quantity × unit price, whose sum is the amount.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from db.models import TariffUnit

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
LONGEST = timedelta(days=3660)  # beyond this nothing grows any more


class Item(StrEnum):
    """What a line of a charge is for."""

    HOURS = "hours"
    DAYS = "days"
    PIECE = "piece"
    FREE = "free"  # within the free minutes
    SIMPLE = "simple"  # no rent for simple tools (004 annex 4 art. 5(三))
    HOLIDAYS = "holidays"  # closed days, not charged
    CAP = "cap"
    MINIMUM = "minimum"
    LATE_HOURS = "late_hours"
    LATE_DAYS = "late_days"
    LATE_CAP = "late_cap"


@dataclass(frozen=True)
class ChargeLine:
    """quantity × unit_price = amount, fen."""

    item: Item
    quantity: int
    unit_price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Charge:
    lines: tuple[ChargeLine, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Tariff:
    """Terms of one model, fen. ValueError where they contradict each other.

    The first `free_minutes` are not counted. At least `minimum` once anything is charged, at most `daily_cap` for
    each day that is charged. Past the due time and the grace, `late_price` for each started hour (tools by the hour)
    or day (all others), in all at most `late_cap`.
    """

    unit: TariffUnit
    price: int
    free_minutes: int = 0
    minimum: int = 0
    daily_cap: int | None = None
    late_price: int = 0
    late_grace_minutes: int = 0
    late_cap: int | None = None

    def __post_init__(self) -> None:
        figures = (self.price, self.free_minutes, self.minimum, self.late_price, self.late_grace_minutes)
        if min(*figures, self.daily_cap or 0, self.late_cap or 0) < 0:
            raise ValueError("negative")
        if self.daily_cap is not None and self.minimum > self.daily_cap:
            raise ValueError("minimum above the daily cap")
        if self.price == 0 and self.minimum:
            raise ValueError("a simple tool has no minimum")


@dataclass(frozen=True)
class Calendar:
    """The hall's zone, and the days it is closed, which are not charged: nobody could bring a tool back."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()


def charge(
    tariff: Tariff, out_at: datetime, back_at: datetime, due_at: datetime, calendar: Calendar
) -> Charge:
    """Rent and lateness of one tool from `out_at` to `back_at` (aware instants; earlier than out counts as out)."""
    out_at, due_at = out_at.astimezone(UTC), due_at.astimezone(UTC)  # sums on a wall clock would skip an hour
    back_at = min(max(back_at.astimezone(UTC), out_at), out_at + LONGEST)
    late = _late(tariff, back_at, due_at, calendar)
    return Charge((*_rent(tariff, out_at, back_at, calendar), *late))


def _rent(tariff: Tariff, out_at: datetime, back_at: datetime, calendar: Calendar) -> list[ChargeLine]:
    if tariff.price == 0:
        return [ChargeLine(Item.SIMPLE, 1, 0)]
    start = out_at + timedelta(minutes=tariff.free_minutes)
    if back_at <= start:
        return [ChargeLine(Item.FREE, tariff.free_minutes, 0)]
    if tariff.unit is TariffUnit.PIECE:
        lines = [ChargeLine(Item.PIECE, 1, tariff.price)]
        units = {hall_day(start, calendar): 1}
        closed = 0
    else:
        counted = _by_day(tariff.unit, start, back_at, calendar)
        units = {day: count for day, count in counted.items() if day not in calendar.holidays}
        closed = len(counted) - len(units)
        item = Item.HOURS if tariff.unit is TariffUnit.HOUR else Item.DAYS
        lines = [ChargeLine(item, sum(units.values()), tariff.price)] if units else []
    if tariff.free_minutes:
        lines.insert(0, ChargeLine(Item.FREE, tariff.free_minutes, 0))
    if closed:
        lines.append(ChargeLine(Item.HOLIDAYS, closed, 0))
    lines += _capped(units, tariff.price, tariff.daily_cap)
    missing = tariff.minimum - Charge(tuple(lines)).amount
    if units and missing > 0:
        lines.append(ChargeLine(Item.MINIMUM, 1, missing))
    return lines


def _late(tariff: Tariff, back_at: datetime, due_at: datetime, calendar: Calendar) -> list[ChargeLine]:
    start = due_at + timedelta(minutes=tariff.late_grace_minutes)
    if tariff.late_price == 0 or back_at <= start:
        return []
    unit = TariffUnit.HOUR if tariff.unit is TariffUnit.HOUR else TariffUnit.DAY
    # a late day is 24 hours from the due time: the day it was due on is paid for already
    step = HOUR if unit is TariffUnit.HOUR else 24 * HOUR
    begun = (start + step * number for number in range(_steps(start, back_at, step)))
    quantity = sum(hall_day(at, calendar) not in calendar.holidays for at in begun)
    if quantity == 0:
        return []
    item = Item.LATE_HOURS if unit is TariffUnit.HOUR else Item.LATE_DAYS
    lines = [ChargeLine(item, quantity, tariff.late_price)]
    over = lines[0].amount - tariff.late_cap if tariff.late_cap is not None else 0
    return [*lines, ChargeLine(Item.LATE_CAP, 1, -over)] if over > 0 else lines


def _capped(units: dict[date, int], price: int, cap: int | None) -> list[ChargeLine]:
    """What the cap takes off each day, days with the same in one line."""
    if cap is None:
        return []
    over = Counter(count * price - cap for count in units.values() if count * price > cap)
    return [ChargeLine(Item.CAP, days, -amount) for amount, days in sorted(over.items())]


def _by_day(unit: TariffUnit, start: datetime, end: datetime, calendar: Calendar) -> dict[date, int]:
    """Started hours of each day, or 1 a day.

    A started hour belongs to the day it begins on, so that a midnight rounds nothing up twice.
    """
    if unit is TariffUnit.DAY:
        return dict.fromkeys(_days(start, end, calendar), 1)
    hours, done, found = _steps(start, end, HOUR), 0, {}
    for day in _days(start, end, calendar):
        upto = min(hours, _steps(start, _midnight(day + timedelta(days=1), calendar), HOUR))
        if upto > done:
            found[day] = upto - done
            done = upto
    return found


def _steps(start: datetime, end: datetime, step: timedelta) -> int:
    """Started steps from start to end: how many begin before `end`."""
    return max(0, -((start - end) // step))


def _days(start: datetime, end: datetime, calendar: Calendar) -> Iterator[date]:
    """Days of the hall that [start, end) touches."""
    day, last = hall_day(start, calendar), hall_day(end - TICK, calendar)
    while day <= last:
        yield day
        day += timedelta(days=1)


def hall_day(at: datetime, calendar: Calendar) -> date:
    return at.astimezone(calendar.zone).date()


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), calendar.zone).astimezone(UTC)
