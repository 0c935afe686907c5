"""Work the law forbids a person, from the cited catalogue `assets/catalogue/work_law.toml`.

004 annex 2 art. 7: no referral under 16; none of women and minors to work the law forbids them. Rules that hang on a
person's own statement (pregnancy …) are in the catalogue and never applied by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import msgspec
from msgspec import Struct

import assets
from kiosk.identity.document import Sex
from kiosk.seekers.card import ADULT_AGE, WORKING_AGE, SeekerCard

CATALOGUE = assets.ROOT / "catalogue" / "work_law.toml"


class Who(StrEnum):
    UNDER_16 = "under_16"
    MINOR = "minor"
    WOMAN = "woman"


class Condition(Struct, frozen=True):
    """What a posting may declare about its work."""

    key: str
    name: str
    name_en: str
    source: str


class Rule(Struct, frozen=True):
    """One article, as told to the seeker and cited."""

    key: str
    who: Who
    say: str
    say_en: str
    law: str
    article: str
    confirmed: bool
    applies_when: str = "always"
    everything: bool = False
    occupations: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    note: str = ""

    def hits(self, occupation: str, conditions: Iterable[str]) -> bool:
        return (
            self.everything or occupation in self.occupations or bool(set(self.conditions) & set(conditions))
        )


class WorkLaw(Struct, frozen=True):
    conditions: tuple[Condition, ...]
    rules: tuple[Rule, ...]

    def rules_for(self, age: int, sex: Sex) -> tuple[Rule, ...]:
        """What holds for this person without asking: by age and sex alone."""
        return tuple(
            rule for rule in self.rules if rule.applies_when == "always" and _concerns(rule.who, age, sex)
        )

    def forbids(self, seeker: SeekerCard, occupation: str, conditions: Iterable[str]) -> Rule | None:
        """The first rule that keeps this person from this work, or None."""
        conditions = tuple(conditions)
        for rule in self.rules_for(seeker.age, seeker.sex):
            if rule.hits(occupation, conditions):
                return rule
        return None

    def condition_names(self, keys: Iterable[str]) -> tuple[Condition, ...]:
        wanted = set(keys)
        return tuple(condition for condition in self.conditions if condition.key in wanted)

    @property
    def under_16(self) -> Rule:
        """The rule a refused child is told (004 annex 2 art. 7(一))."""
        return next(rule for rule in self.rules if rule.who is Who.UNDER_16)


def _concerns(who: Who, age: int, sex: Sex) -> bool:
    match who:
        case Who.UNDER_16:
            return age < WORKING_AGE
        case Who.MINOR:
            return WORKING_AGE <= age < ADULT_AGE
        case Who.WOMAN:
            return sex is Sex.FEMALE


@cache
def work_law() -> WorkLaw:
    """The catalogue, read once."""
    return msgspec.toml.decode(CATALOGUE.read_bytes(), type=WorkLaw)
