"""How pay, time and place read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from db.models import PayUnit, Settlement, SkillLevel
from kiosk import words
from kiosk.jobs.cards import JobCard, Reason
from kiosk.language import Language

ZH = Language()
TODAY = date(2026, 11, 20)
CARD = JobCard(
    id=UUID(int=1),
    title="砌墙瓦工",
    occupation="瓦工",
    icon="wall",
    pay=32000,
    pay_unit=PayUnit.DAY,
    settlement=Settlement.DAILY,
    place="样本路",
    km=2.4,
    starts_on=TODAY,
    ends_on=TODAY,
    opens_minute=450,
    closes_minute=1080,
    openings_left=3,
    urgent=False,
    benefits=(),
    reasons=(),
)


@pytest.mark.parametrize(
    ("fen", "yuan"),
    [(0, "0"), (1, "0.01"), (10, "0.10"), (99, "0.99"), (100, "1"), (1850, "18.50"), (18000, "180")],
)
def test_amount(fen: int, yuan: str) -> None:
    assert words.amount(fen) == yuan


@pytest.mark.parametrize(
    ("unit", "reads"),
    [
        (PayUnit.HOUR, "18.50 元/小时"),
        (PayUnit.DAY, "18.50 元/天"),
        (PayUnit.MONTH, "18.50 元/月"),
        (PayUnit.PIECE, "18.50 元/件"),
    ],
)
def test_pay(unit: PayUnit, reads: str) -> None:
    assert words.pay_text(1850, unit, ZH) == reads


@pytest.mark.parametrize(
    ("km", "reads"),
    [
        (None, ""),
        (0.0, "100 米"),
        (0.04, "100 米"),
        (0.26, "300 米"),
        (0.949, "900 米"),
        (0.97, "1.0 公里"),
        (1.0, "1.0 公里"),
        (12.345, "12.3 公里"),
    ],
)
def test_distance(km: float | None, reads: str) -> None:
    assert words.km_text(km, ZH) == reads


@pytest.mark.parametrize(
    ("opens", "closes", "reads"),
    [
        (450, 1080, "07:30–18:00"),
        (1200, 360, "20:00–次日 06:00"),
        (480, 480, "08:00–次日 08:00"),
        (960, 1440, "16:00–24:00"),
        (960, 0, "16:00–次日 00:00"),
        (0, 1439, "00:00–23:59"),
    ],
)
def test_hours(opens: int, closes: int, reads: str) -> None:
    assert words.hours_text(opens, closes, ZH) == reads


@pytest.mark.parametrize(
    ("ahead", "reads"), [(-3, "今天"), (0, "今天"), (1, "明天"), (2, "11月22日"), (42, "1月1日")]
)
def test_day(ahead: int, reads: str) -> None:
    assert words.day_text(TODAY + timedelta(days=ahead), TODAY, ZH) == reads


@pytest.mark.parametrize(
    ("first", "last", "reads"),
    [
        (0, 0, "今天 07:30–18:00"),
        (1, 1, "明天 07:30–18:00"),
        (0, 1, "今天起 2 天 07:30–18:00"),
        (-4, 1, "今天起 2 天 07:30–18:00"),  # what is left of it
        (-4, 0, "今天 07:30–18:00"),
        (3, 9, "11月23日起 7 天 07:30–18:00"),
        (0, 88, "今天起 89 天 07:30–18:00"),
        (0, 89, "今天起 07:30–18:00 长期"),
        (-180, 1, "今天起 2 天 07:30–18:00"),  # long once, nearly over now
        (-9, -3, "今天 07:30–18:00"),
    ],
)
def test_when(first: int, last: int, reads: str) -> None:
    job = replace(CARD, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last))
    assert words.when_text(job, TODAY, ZH) == reads


def test_when_over_midnight() -> None:
    job = replace(CARD, opens_minute=1320, closes_minute=330)
    assert words.when_text(job, TODAY, ZH) == "今天 22:00–次日 05:30"


def test_moment() -> None:
    assert words.moment_text(datetime(2026, 11, 21, 7, 5), ZH) == "11月21日 07:05"


def test_everything_a_posting_may_say_has_words() -> None:
    for kind, table in (
        (PayUnit, words.PAY_UNITS),
        (Settlement, words.SETTLEMENTS),
        (SkillLevel, words.LEVELS),
        (Reason, words.REASONS),
    ):
        assert set(table) == set(kind)
