"""The shapes of the data files, as assets/README.md tells them; unknown and missing fields fail."""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

import assets

Level = Literal["none", "junior", "intermediate", "senior", "technician", "senior_technician"]
PayUnit = Literal["hour", "day", "month", "piece"]
Settlement = Literal["daily", "weekly", "monthly", "on_completion"]
Who = Literal["under_16", "minor", "woman"]
Moment = Literal["always", "menstruation", "pregnancy", "nursing", "illness"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A table of a data file."""


class Group(Strict):
    key: str
    name: str
    name_en: str
    icon: str


class Certificate(Strict):
    key: str
    name: str
    name_en: str
    source: str
    confirmed: bool


class Occupation(Strict):
    key: str
    name: str
    name_en: str
    code: str
    official: str
    group: str
    icon: str
    pinyin: str
    initials: str
    certificate: str | None = None


class Occupations(Strict):
    groups: list[Group]
    certificates: list[Certificate]
    occupations: list[Occupation]


class Condition(Strict):
    key: str
    name: str
    name_en: str
    source: str


class Rule(Strict):
    key: str
    who: Who
    applies_when: Moment
    say: str
    say_en: str
    law: str
    article: str
    confirmed: bool
    everything: bool = False
    occupations: list[str] = []
    conditions: list[str] = []
    note: str = ""


class WorkLaw(Strict):
    conditions: list[Condition]
    rules: list[Rule]


class Benefit(Strict):
    name: str
    name_en: str
    icon: str


class Benefits(Strict):
    benefits: list[Benefit]


class Hall(Strict):
    name: str
    nature: Literal["public", "commercial", "spontaneous"]
    region: str
    region_code: str
    address: str
    hours: str
    hotline: str
    complaint_line: str
    legal_aid_line: str
    latitude: float
    longitude: float
    minimum_hourly_wage: int


class Employer(Strict):
    key: str
    kind: Literal["organisation", "person", "agency"]
    name: str
    address: str
    contact_name: str
    contact_phone: str
    credit_code: str | None = None


class Employers(Strict):
    employers: list[Employer]


class Posting(Strict):
    key: str
    employer: str
    occupation: str
    title: str
    description: str
    openings: int
    level: Level
    place: str
    latitude: float
    longitude: float
    day: int
    days: int
    starts: str
    ends: str
    pay: int
    pay_unit: PayUnit
    settlement: Settlement
    contact_name: str
    contact_phone: str
    conditions: list[str] = []
    benefits: list[str] = []
    urgent: bool = False
    public_welfare: bool = False


class Postings(Strict):
    postings: list[Posting]


class Wage(Strict):
    occupation: str
    unit: Literal["hour", "day"]
    low: int
    middle: int
    high: int


class Wages(Strict):
    wages: list[Wage]


class Notice(Strict):
    key: str
    kind: Literal["policy", "rules", "flow", "notice"]
    title: str
    body: str


class Notices(Strict):
    notices: list[Notice]


T = TypeVar("T", bound=Strict)


def read(path: str, shape: type[T]) -> T:
    """The TOML file at `path` below assets.ROOT."""
    return msgspec.toml.decode((assets.ROOT / path).read_bytes(), type=shape)
