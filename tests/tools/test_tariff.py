"""What a tool costs: tables of worked examples, and laws that hold for every tariff (issue 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import TariffUnit
from kiosk.tools.tariff import Calendar, Item, Tariff, charge, hall_day

CHINA = Calendar(ZoneInfo("Asia/Shanghai"))
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))  # has summer time, the hall does not
HOUR, DAY, PIECE = TariffUnit.HOUR, TariffUnit.DAY, TariffUnit.PIECE
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def at(text: str, calendar: Calendar = CHINA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


BY_HOUR = Tariff(
    HOUR, 500, free_minutes=30, minimum=600, daily_cap=3000, late_price=800, late_grace_minutes=30
)


@pytest.mark.parametrize(
    ("out", "back", "amount", "items"),
    [
        ("2026-11-20 08:00", "2026-11-20 08:00", 0, [Item.FREE]),
        ("2026-11-20 08:00", "2026-11-20 08:30", 0, [Item.FREE]),
        ("2026-11-20 08:00", "2026-11-20 08:30:01", 600, [Item.FREE, Item.HOURS, Item.MINIMUM]),
        ("2026-11-20 08:00", "2026-11-20 09:30", 600, [Item.FREE, Item.HOURS, Item.MINIMUM]),
        ("2026-11-20 08:00", "2026-11-20 09:30:01", 1000, [Item.FREE, Item.HOURS]),
        ("2026-11-20 08:00", "2026-11-20 14:30", 3000, [Item.FREE, Item.HOURS]),
        ("2026-11-20 08:00", "2026-11-20 18:00", 3000, [Item.FREE, Item.HOURS, Item.CAP]),
        # 22:00–24:00 is 2 hours, the next day is capped
        ("2026-11-20 21:30", "2026-11-21 12:00", 4000, [Item.FREE, Item.HOURS, Item.CAP]),
        # a midnight in the middle of an hour does not start another one
        ("2026-11-20 23:10", "2026-11-21 00:40", 600, [Item.FREE, Item.HOURS, Item.MINIMUM]),
        # first, whole and last days each lose another sum to the cap
        ("2026-11-20 08:00", "2026-11-23 08:00", 12000, [Item.FREE, Item.HOURS, *[Item.CAP] * 3]),
        ("2026-11-20 08:00", "2026-11-20 07:00", 0, [Item.FREE]),  # a clock set back
    ],
)
def test_by_hour(out: str, back: str, amount: int, items: list[Item]) -> None:
    found = charge(BY_HOUR, at(out), at(back), FAR, CHINA)
    assert (found.amount, [line.item for line in found.lines]) == (amount, items)


@pytest.mark.parametrize(
    ("back", "amount"),
    [
        ("2026-11-20 08:01", 1000),
        ("2026-11-20 23:59:59", 1000),
        ("2026-11-21 00:00", 1000),  # at midnight sharp the next day has not begun
        ("2026-11-21 00:00:01", 2000),
        ("2026-11-22 12:00", 3000),
    ],
)
def test_by_day_of_the_hall(back: str, amount: int) -> None:
    assert charge(Tariff(DAY, 1000), at("2026-11-20 08:00"), at(back), FAR, CHINA).amount == amount


@pytest.mark.parametrize("days", [0.01, 1, 40])
def test_by_piece_is_once(days: float) -> None:
    out = at("2026-11-20 08:00")
    assert charge(Tariff(PIECE, 5000), out, out + timedelta(days=days), FAR, CHINA).amount == 5000


@pytest.mark.parametrize(
    ("unit", "back", "late"),
    [
        (HOUR, "2026-11-20 18:30", 0),  # within the grace
        (HOUR, "2026-11-20 18:31", 800),
        (HOUR, "2026-11-20 19:30", 800),
        (HOUR, "2026-11-20 19:31", 1600),
        (HOUR, "2026-11-21 18:30", 2000),  # cap
        (DAY, "2026-11-20 18:31", 800),
        (DAY, "2026-11-21 18:30", 800),
        (DAY, "2026-11-21 18:31", 1600),
        (PIECE, "2026-11-22 18:00", 1600),
    ],
)
def test_late(unit: TariffUnit, back: str, late: int) -> None:
    tariff = Tariff(unit, 100, late_price=800, late_grace_minutes=30, late_cap=2000)
    out, due = at("2026-11-20 08:00"), at("2026-11-20 18:00")
    on_time = charge(replace(tariff, late_price=0), out, at(back), due, CHINA).amount
    assert charge(tariff, out, at(back), due, CHINA).amount - on_time == late


def test_simple_tools_have_no_rent_but_may_be_late() -> None:
    """004 annex 4 art. 5(三)."""
    out, due = at("2026-11-20 08:00"), at("2026-11-20 18:00")
    found = charge(Tariff(HOUR, 0), out, at("2026-12-24 08:00"), due, CHINA)
    assert (found.amount, [line.item for line in found.lines]) == (0, [Item.SIMPLE])
    assert charge(Tariff(HOUR, 0, late_price=100), out, at("2026-11-20 18:01"), due, CHINA).amount == 100


def test_closed_days_are_not_charged() -> None:
    closed = replace(CHINA, holidays=frozenset({date(2026, 11, 21), date(2026, 11, 22)}))
    out, back, due = at("2026-11-20 17:00"), at("2026-11-23 08:00"), at("2026-11-20 18:00")
    by_day = charge(Tariff(DAY, 1000), out, back, FAR, closed)
    assert [(line.item, line.amount) for line in by_day.lines] == [(Item.DAYS, 2000), (Item.HOLIDAYS, 0)]
    by_hour = charge(Tariff(HOUR, 100), out, back, FAR, closed)
    assert by_hour.amount == (7 + 8) * 100
    late = charge(Tariff(DAY, 1000, late_price=500), out, back, due, closed)
    assert late.amount == 2000 + 500  # begun on the 20th; the other late days began while it was closed
    whole = charge(Tariff(HOUR, 100, minimum=50), at("2026-11-21 08:00"), at("2026-11-22 08:00"), FAR, closed)
    assert whole.amount == 0


def test_summer_time_changes_nothing() -> None:
    """29 March 2026 is 23 hours long in Berlin, 25 October 25: what counts is the time that passed."""
    for day, hours in (("2026-03-28", 23), ("2026-10-24", 25)):
        out = at(f"{day} 12:00", BERLIN)
        back = at(f"{date.fromisoformat(day) + timedelta(days=1)} 12:00", BERLIN)
        assert charge(Tariff(HOUR, 100), out, back, FAR, BERLIN).amount == hours * 100
        assert charge(Tariff(DAY, 100), out, back, FAR, BERLIN).amount == 200
        due = out + timedelta()
        late = charge(Tariff(HOUR, 0, late_price=1, late_grace_minutes=60), out, back, due, BERLIN)
        assert late.amount == hours - 1


@pytest.mark.parametrize(
    "terms",
    [
        {"price": -1},
        {"price": 1, "free_minutes": -1},
        {"price": 1, "minimum": 5, "daily_cap": 4},
        {"price": 0, "minimum": 1},
        {"price": 1, "late_cap": -1},
    ],
)
def test_contradictory_terms_are_refused(terms: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tariff(HOUR, **terms)


FEN = st.integers(0, 100_000)
MINUTES = st.integers(0, 3000)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    price = draw(FEN)
    cap = draw(st.none() | FEN)
    return Tariff(
        unit=draw(st.sampled_from(TariffUnit)),
        price=price,
        free_minutes=draw(MINUTES),
        minimum=draw(st.integers(0, 100_000 if cap is None else cap)) if price else 0,
        daily_cap=cap,
        late_price=draw(FEN),
        late_grace_minutes=draw(MINUTES),
        late_cap=draw(st.none() | FEN),
    )


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
LENGTHS = st.timedeltas(timedelta(), timedelta(days=60))
DATES = st.dates(date(2026, 1, 1), date(2027, 3, 1))
CALENDARS = st.builds(
    Calendar,
    st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")]),
    st.frozensets(DATES, max_size=20),
)


@given(tariffs(), INSTANTS, LENGTHS, LENGTHS, LENGTHS, CALENDARS)
def test_more_time_never_costs_less(
    tariff: Tariff, out: datetime, length: timedelta, more: timedelta, allowed: timedelta, calendar: Calendar
) -> None:
    due = out + allowed
    first = charge(tariff, out, out + length, due, calendar).amount
    assert 0 <= first <= charge(tariff, out, out + length + more, due, calendar).amount


@given(tariffs(), INSTANTS, LENGTHS, CALENDARS)
def test_never_above_the_cap(tariff: Tariff, out: datetime, length: timedelta, calendar: Calendar) -> None:
    back = out + length
    found = charge(replace(tariff, late_price=0), out, back, out + timedelta(days=100), calendar).amount
    if tariff.daily_cap is not None:
        days = (hall_day(back, calendar) - hall_day(out, calendar)).days + 1
        assert found <= days * tariff.daily_cap


@given(tariffs(), INSTANTS, LENGTHS, LENGTHS, CALENDARS)
def test_lateness_never_above_its_cap(
    tariff: Tariff, out: datetime, length: timedelta, allowed: timedelta, calendar: Calendar
) -> None:
    due, back = out + allowed, out + length
    on_time = charge(replace(tariff, late_price=0), out, back, due, calendar).amount
    late = charge(tariff, out, back, due, calendar).amount - on_time
    assert late >= 0
    if tariff.late_cap is not None:
        assert late <= tariff.late_cap
    if back <= due:
        assert late == 0


@given(tariffs(), INSTANTS, LENGTHS, LENGTHS, CALENDARS)
def test_every_amount_comes_with_its_derivation(
    tariff: Tariff, out: datetime, length: timedelta, allowed: timedelta, calendar: Calendar
) -> None:
    found = charge(tariff, out, out + length, out + allowed, calendar)
    assert found.lines
    assert all((type(line.amount) is int and line.quantity > 0) or line.amount == 0 for line in found.lines)
    assert sum(line.quantity * line.unit_price for line in found.lines) == found.amount


@given(st.integers(1, 10_000), INSTANTS, st.integers(0, 2000), CALENDARS)
def test_no_rounding_drift(price: int, out: datetime, hours: int, calendar: Calendar) -> None:
    """Whole hours cost exactly so many hours, whatever midnights, zones and clock changes lie between."""
    plain = replace(calendar, holidays=frozenset())
    found = charge(Tariff(HOUR, price), out, out + timedelta(hours=hours), FAR, plain)
    assert found.amount == hours * price


@given(
    tariffs(),
    INSTANTS,
    LENGTHS,
    LENGTHS,
    CALENDARS,
    st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]),
)
def test_the_zone_of_an_instant_does_not_matter(
    tariff: Tariff, out: datetime, length: timedelta, allowed: timedelta, calendar: Calendar, name: str
) -> None:
    back, due, there = out + length, out + allowed, ZoneInfo(name)
    elsewhere = charge(tariff, out.astimezone(there), back.astimezone(there), due.astimezone(there), calendar)
    assert elsewhere == charge(tariff, out, back, due, calendar)
