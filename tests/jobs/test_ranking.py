"""Fit and order: what counts, what never counts against a job, and how filters leave postings out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.models import PayUnit, SkillLevel
from kiosk.jobs import ranking
from kiosk.jobs.cards import JobQuery, Reason, Shift, Sort
from kiosk.jobs.facts import FACT, Table, day_pay
from kiosk.seekers.card import Hardship
from kiosk.settings import RankingWeights

NOW = datetime(2026, 11, 20, 6, 0)
TODAY = NOW.date().toordinal()
WEIGHTS = RankingWeights()
NOBODY: frozenset[Hardship] = frozenset()
HELPED = frozenset({Hardship.LOW_INCOME})
PLAIN: dict[str, Any] = {
    "number": 1,
    "occupation": 0,
    "level": 0,
    "day_pay": 20_000.0,
    "guidance": 20_000.0,
    "km": 5.0,
    "starts_on": TODAY + 3,
    "ends_on": TODAY + 9,
    "opens": 480,
    "closes": 1080,
    "left": 10,
    "alive": True,
}


def rows(*values: dict[str, Any]) -> Table:
    table = np.zeros(len(values), FACT)
    for at, said in enumerate(values):
        for name, value in (PLAIN | {"number": at + 1} | said).items():
            table[name][at] = value
    return table


def points(
    values: dict[str, Any],
    hardship: frozenset[Hardship] = NOBODY,
    weights: RankingWeights = WEIGHTS,
    **trades: Any,
) -> float:
    return float(ranking.fit(rows(values), trades.get("trades", {}), hardship, weights, NOW).points[0])


def reasons(values: dict[str, Any], hardship: frozenset[Hardship] = NOBODY, **trades: Any) -> set[Reason]:
    fit = ranking.fit(rows(values), trades.get("trades", {}), hardship, WEIGHTS, NOW)
    return set(ranking.reasons_of(int(fit.reasons[0])))


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"km": 0.5}, Reason.NEAR),
        ({"starts_on": TODAY}, Reason.TODAY),
        ({"starts_on": TODAY - 5}, Reason.TODAY),
        ({"urgent": True}, Reason.URGENT),
        ({"daily": True}, Reason.DAILY_PAY),
        ({"day_pay": 22_001.0}, Reason.GOOD_PAY),
        ({"opens": 540, "closes": 1020}, Reason.HOURS),
        ({"opens": 1320, "closes": 360}, Reason.HOURS),
    ],
)
def test_each_reason_lifts_and_is_named(better: dict[str, Any], reason: Reason) -> None:
    assert points(better) > points({})
    assert reason in reasons(better)
    assert reason not in reasons({})


def test_ones_own_trade_and_level() -> None:
    asked = {"level": SkillLevel.INTERMEDIATE.rank}
    by_level = [points(asked, trades={0: level}) for level in SkillLevel]
    assert by_level == sorted(by_level)
    assert by_level[1] < by_level[2] == by_level[5]
    assert reasons(asked, trades={0: SkillLevel.JUNIOR}) == {Reason.TRADE}
    assert reasons(asked, trades={0: SkillLevel.INTERMEDIATE}) == {Reason.TRADE, Reason.LEVEL}
    assert points({}, trades={0: SkillLevel.NONE}) == points({}) + WEIGHTS.trade
    assert points(asked, trades={7: SkillLevel.SENIOR}) == points(asked) < points({})


pay_strategy = st.floats(1, 1_000_000, width=32)
job = st.fixed_dictionaries(
    {
        "guidance": st.sampled_from([0.0, 12_000.0, 20_000.0]),
        "km": st.sampled_from([float("nan"), 0.0, 3.0, 10.0, 80.0]),
        "level": st.integers(0, 5),
        "left": st.integers(1, 12),
        "urgent": st.booleans(),
        "daily": st.booleans(),
        "welfare": st.booleans(),
        "starts_on": st.integers(TODAY - 3, TODAY + 3),
    }
)
person = st.tuples(
    st.dictionaries(st.integers(0, 2), st.sampled_from(SkillLevel)), st.sampled_from([NOBODY, HELPED])
)
weights = st.builds(
    RankingWeights,
    **{name: st.floats(0, 100) for name in ("trade", "pay", "near", "today", "urgent", "helped")},
)


@settings(max_examples=300, deadline=None)
@given(job, person, weights, st.lists(pay_strategy, min_size=2, max_size=6))
def test_more_pay_never_counts_less(
    said: dict[str, Any],
    who: tuple[dict[int, SkillLevel], frozenset[Hardship]],
    given_weights: RankingWeights,
    pays: list[float],
) -> None:
    table = rows(*[said | {"day_pay": pay} for pay in sorted(pays)])
    fit = ranking.fit(table, who[0], who[1], given_weights, NOW)
    assert (np.diff(fit.points) >= 0).all()


@given(job, person, st.lists(st.floats(0, 200, width=32), min_size=2, max_size=6))
def test_nearer_never_counts_less(
    said: dict[str, Any], who: tuple[dict[int, SkillLevel], frozenset[Hardship]], kms: list[float]
) -> None:
    table = rows(*[said | {"km": km} for km in sorted(kms, reverse=True)])
    assert (np.diff(ranking.fit(table, who[0], who[1], WEIGHTS, NOW).points) >= 0).all()


@given(job, st.dictionaries(st.integers(0, 2), st.sampled_from(SkillLevel)))
def test_help_never_takes_points_from_the_helped(said: dict[str, Any], trades: dict[int, SkillLevel]) -> None:
    helped = ranking.fit(rows(said), trades, HELPED, WEIGHTS, NOW)
    other = ranking.fit(rows(said), trades, NOBODY, WEIGHTS, NOW)
    assert helped.points[0] >= other.points[0]
    assert np.isfinite(helped.points).all()


def test_scarce_simple_work_and_public_welfare_come_first_for_the_helped() -> None:
    scarce, welfare, plenty = {"left": 2}, {"welfare": True}, {"left": 12}
    for said in (scarce, welfare):
        assert points(said, HELPED) == points(plenty, HELPED) + WEIGHTS.helped
        assert points(said) == points(plenty) - WEIGHTS.helped / 2
        assert Reason.HELPED in reasons(said, HELPED)
        assert Reason.HELPED not in reasons(said)
    assert points(plenty, HELPED) == points(plenty)  # nobody loses where there is room for all
    skilled = {"left": 2, "level": 3}
    assert Reason.HELPED not in reasons(skilled, HELPED)
    assert points(scarce, HELPED, RankingWeights(helped=0)) == points(
        scarce, NOBODY, RankingWeights(helped=0)
    )
    assert Reason.PUBLIC_WELFARE in reasons(welfare)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, -6.0, 3.5, 40.0, 1e6]), st.booleans()), min_size=1, max_size=30),
    st.sampled_from(Sort),
)
def test_order_is_best_first_and_newest_among_equals(said: list[tuple[float, bool]], sort: Sort) -> None:
    table = rows(*[{} for _ in said])
    given_points = np.array([of for of, _ in said], np.float32)
    chosen = np.array([taken for _, taken in said])
    order = ranking.order(table, given_points, sort, chosen, NOW).tolist()
    expected = sorted(
        (at for at in range(len(said)) if chosen[at]),
        key=lambda at: (-given_points[at], -table["number"][at]),
    )
    assert order == expected  # the other keys are equal here


@pytest.mark.parametrize(
    ("sort", "values", "order"),
    [
        (Sort.PAY, [{"day_pay": 0.0}, {"day_pay": 300.0}, {"day_pay": 500.0}], [2, 1, 0]),
        (Sort.NEAR, [{"km": float("nan")}, {"km": 9.0}, {"km": 0.1}], [2, 1, 0]),
        (
            Sort.SOON,
            [
                {"starts_on": TODAY + 1},
                {"starts_on": TODAY, "opens": 600},
                {"starts_on": TODAY - 30, "opens": 480},
            ],
            [2, 1, 0],
        ),
        (
            Sort.SOON,  # what runs for a month already starts no sooner than today
            [{"starts_on": TODAY - 30, "opens": 600}, {"starts_on": TODAY, "opens": 480}],
            [1, 0],
        ),
    ],
)
def test_sorts(sort: Sort, values: list[dict[str, Any]], order: list[int]) -> None:
    table = rows(*values)
    everything = np.ones(len(table), np.bool_)
    flat = np.zeros(len(table), np.float32)
    assert ranking.order(table, flat, sort, everything, NOW).tolist() == order


@pytest.mark.parametrize(
    ("said", "hour", "taken"),
    [
        ({"ends_on": TODAY}, (17, 59), True),
        ({"ends_on": TODAY}, (18, 0), False),
        ({"ends_on": TODAY - 1}, (0, 0), False),
        ({"ends_on": TODAY + 1}, (23, 59), True),
        ({"ends_on": TODAY, "opens": 1200, "closes": 360}, (23, 59), True),
        ({"ends_on": TODAY, "opens": 960, "closes": 1440}, (23, 59), True),
        ({"left": 0}, (6, 0), False),
        ({"left": -2}, (6, 0), False),
        ({"alive": False}, (6, 0), False),
    ],
)
def test_open_now(said: dict[str, Any], hour: tuple[int, int], taken: bool) -> None:
    now = datetime(2026, 11, 20, *hour)
    assert ranking.open_now(rows(said), now).tolist() == [taken]


@pytest.mark.parametrize(
    ("query", "said", "stays"),
    [
        (JobQuery(), {}, True),
        (JobQuery(occupations=frozenset({"a"})), {"occupation": 0}, True),
        (JobQuery(occupations=frozenset({"a"})), {"occupation": 1}, False),
        (JobQuery(occupations=frozenset({"unknown"})), {}, False),
        (JobQuery(min_day_pay=20_000), {}, True),
        (JobQuery(min_day_pay=20_001), {}, False),
        (JobQuery(min_day_pay=20_001), {"day_pay": 0.0}, True),  # piece work cannot be compared
        (JobQuery(max_km=5.0), {}, True),
        (JobQuery(max_km=4.9), {}, False),
        (JobQuery(max_km=4.9), {"km": float("nan")}, True),
        (JobQuery(max_km=0.0), {"km": 0.0}, True),
        (JobQuery(today_only=True), {"starts_on": TODAY}, True),
        (JobQuery(today_only=True), {"starts_on": TODAY + 1}, False),
        (JobQuery(daily_settlement=True), {}, False),
        (JobQuery(daily_settlement=True), {"daily": True}, True),
        (JobQuery(shifts=frozenset({Shift.DAY})), {}, True),
        (JobQuery(shifts=frozenset({Shift.DAY})), {"opens": 480, "closes": 480}, True),  # round the clock
        (JobQuery(shifts=frozenset({Shift.HALF_DAY})), {"opens": 480, "closes": 780}, True),
        (JobQuery(shifts=frozenset({Shift.HALF_DAY})), {"opens": 480, "closes": 781}, False),
        (JobQuery(shifts=frozenset({Shift.NIGHT})), {"opens": 1200, "closes": 360}, True),
        (JobQuery(shifts=frozenset({Shift.NIGHT})), {"opens": 1199, "closes": 360}, False),
        (JobQuery(shifts=frozenset({Shift.NIGHT})), {"opens": 299, "closes": 600}, True),
        (JobQuery(shifts=frozenset({Shift.NIGHT})), {"opens": 300, "closes": 600}, False),
        (JobQuery(shifts=frozenset({Shift.DAY, Shift.HALF_DAY})), {"opens": 1200, "closes": 360}, False),
    ],
)
def test_filters(query: JobQuery, said: dict[str, Any], stays: bool) -> None:
    assert ranking.asked_for(rows(said), query, {"a": 0, "b": 1}, NOW).tolist() == [stays]


@pytest.mark.parametrize(
    ("pay", "unit", "opens", "closes", "expected"),
    [
        (2_000, PayUnit.HOUR, 480, 720, 8_000),
        (2_000, PayUnit.HOUR, 480, 1080, 16_000),  # ten hours count as eight
        (2_000, PayUnit.HOUR, 1320, 60, 6_000),  # over midnight
        (2_000, PayUnit.HOUR, 480, 480, 16_000),
        (18_000, PayUnit.DAY, 480, 600, 18_000),
        (435_000, PayUnit.MONTH, 480, 1080, 20_000),
        (50, PayUnit.PIECE, 480, 1080, 0),
    ],
)
def test_day_pay(pay: int, unit: PayUnit, opens: int, closes: int, expected: float) -> None:
    assert day_pay([pay], [unit.value], [opens], [closes]).tolist() == pytest.approx([expected])
