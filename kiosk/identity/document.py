"""What every identity source hands over, whatever it is: chip, camera, slip code or typing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Assurance(IntEnum):
    """How sure the hall is of who stands there; a higher one replaces a lower one (spec S1)."""

    TYPED = 1
    SLIP = 2
    CAMERA = 3
    STAFF = 4  # a member of staff looked at the card
    CHIP = 5


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Problem(StrEnum):
    """Why a reading is refused or questioned. A number is never repaired, only accepted or questioned."""

    # the picture
    NOT_A_PICTURE = "not_a_picture"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    NO_CARD = "no_card"
    SEVERAL_CARDS = "several_cards"
    BACK_SIDE = "back_side"
    BLURRED = "blurred"
    # the fields
    NUMBER_UNREAD = "number_unread"
    NAME_UNREAD = "name_unread"
    BAD_LENGTH = "bad_length"
    BAD_CHARACTER = "bad_character"
    BAD_DATE = "bad_date"
    BAD_CHECK_DIGIT = "bad_check_digit"
    FUTURE_BIRTH = "future_birth"
    TOO_OLD = "too_old"
    UNKNOWN_REGION = "unknown_region"  # soft: asked about, never refused
    FIELDS_DISAGREE = "fields_disagree"  # the printed sex or birth contradicts the number
    UNSURE = "unsure"  # read, but below the confidence that may stand without a second look


FIELDS = ("name", "sex", "ethnicity", "birth", "address", "number")


@dataclass(frozen=True)
class IdentityDocument:
    """One reading of one person's card. A field that was not read is None.

    `confidence` maps a field name of FIELDS to 0…1; a typed or chip field counts 1.
    """

    assurance: Assurance
    name: str | None = None
    sex: Sex | None = None
    ethnicity: str | None = None
    birth: date | None = None
    address: str | None = None
    number: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:  # never a name or number in a log
        read = ",".join(name for name in FIELDS if getattr(self, name) is not None)
        return f"IdentityDocument({self.assurance.name}, read={read})"


@dataclass(frozen=True)
class Reading:
    """What one picture (or a burst of frames of the same card) gave: a document, problems, or both."""

    document: IdentityDocument | None
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """A name and a number stand and nothing hard speaks against them."""
        soft = {Problem.UNKNOWN_REGION, Problem.UNSURE}
        return (
            self.document is not None
            and self.document.name is not None
            and self.document.number is not None
            and not (set(self.problems) - soft)
        )
