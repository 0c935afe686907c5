"""Who may not do what, by age and sex alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.document import Sex
from kiosk.jobs.work_law import Who, work_law

LAW = work_law()


@pytest.mark.parametrize(
    ("age", "sex", "who"),
    [
        (15, Sex.MALE, {Who.UNDER_16}),
        (15, Sex.FEMALE, {Who.UNDER_16, Who.WOMAN}),
        (16, Sex.MALE, {Who.MINOR}),
        (17, Sex.FEMALE, {Who.MINOR, Who.WOMAN}),
        (18, Sex.MALE, set()),
        (18, Sex.FEMALE, {Who.WOMAN}),
        (80, Sex.FEMALE, {Who.WOMAN}),
    ],
)
def test_whom_rules_concern(age: int, sex: Sex, who: set[Who]) -> None:
    assert {rule.who for rule in LAW.rules_for(age, sex)} == who


@given(st.integers(0, 120), st.sampled_from(Sex))
def test_what_hangs_on_a_persons_own_statement_is_never_applied(age: int, sex: Sex) -> None:
    assert all(rule.applies_when == "always" for rule in LAW.rules_for(age, sex))


def test_under_16_closes_everything() -> None:
    assert LAW.under_16.everything
    assert LAW.under_16.hits("any", ())


def test_every_rule_that_applies_names_its_law_and_can_hit() -> None:
    conditions = {condition.key for condition in LAW.conditions}
    for rule in LAW.rules:
        assert rule.law
        assert rule.article
        assert rule.say
        assert rule.say_en
        assert set(rule.conditions) <= conditions
        if rule.applies_when == "always":
            assert rule.everything or rule.occupations or rule.conditions


def test_conditions_fit_the_facts_bits() -> None:
    assert len(LAW.conditions) <= 64


@pytest.mark.parametrize(
    ("age", "sex", "condition", "closed"),
    [
        (17, Sex.MALE, "toxic", True),
        (18, Sex.MALE, "toxic", False),
        (30, Sex.FEMALE, "underground_mine", True),
        (30, Sex.MALE, "underground_mine", False),
        (30, Sex.FEMALE, "toxic", False),
        (17, Sex.MALE, "high_place_5m", True),
        (17, Sex.MALE, "night", False),
        (17, Sex.MALE, "no such condition", False),
    ],
)
def test_conditions(age: int, sex: Sex, condition: str, closed: bool) -> None:
    hit = [rule.key for rule in LAW.rules_for(age, sex) if rule.hits("none", (condition,))]
    assert bool(hit) is closed
