from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity import number as n
from kiosk.identity.document import Problem, Sex
from tests.samples.cards import make_number

TODAY = date(2026, 11, 20)
GOOD = make_number("410328", date(1968, 4, 17), 264)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (GOOD, ()),
        (" ".join((GOOD[:6], GOOD[6:14], GOOD[14:])), ()),
        ("".join(chr(ord(c) + 0xFEE0) for c in GOOD), ()),  # full width
        (make_number("810000", date(1990, 1, 1), 12), ()),  # residence permit, Hong Kong
        (make_number("830000", date(1990, 1, 1), 12), ()),
        (make_number("130201", date(1990, 1, 1), 12), ()),  # a code since withdrawn
        (make_number("419999", date(1990, 1, 1), 12), (Problem.UNKNOWN_REGION,)),
        (make_number("990101", date(1990, 1, 1), 12), (Problem.UNKNOWN_REGION,)),
        ("", (Problem.BAD_LENGTH,)),
        ("410328680417264", (Problem.BAD_LENGTH,)),  # the 15-digit form
        (GOOD + "1", (Problem.BAD_LENGTH,)),
        (GOOD[:17] + "A", (Problem.BAD_CHARACTER,)),
        (GOOD[:5] + "X" + GOOD[6:], (Problem.BAD_CHARACTER,)),
        ("四" + GOOD[1:], (Problem.BAD_CHARACTER,)),
        (
            "²" + GOOD[1:],
            (Problem.BAD_CHECK_DIGIT, Problem.UNKNOWN_REGION),
        ),  # NFKC: a digit 2, another number
        (GOOD[:17] + str((int(GOOD[17]) + 1) % 10), (Problem.BAD_CHECK_DIGIT,)),
        (make_number("410328", TODAY, 1), ()),
        (make_number("410328", date(2026, 11, 21), 1), (Problem.FUTURE_BIRTH,)),
        (make_number("410328", date(1905, 11, 21), 1), ()),  # 120 years and 364 days
        (make_number("410328", date(1905, 11, 20), 1), (Problem.TOO_OLD,)),
    ],
)
def test_complete_numbers(text: str, problems: tuple[Problem, ...]) -> None:
    assert n.check_number(text, TODAY) == problems


@pytest.mark.parametrize("day", ["19900230", "20010229", "19901301", "19900100", "00000101"])
def test_days_that_do_not_exist(day: str) -> None:
    assert Problem.BAD_DATE in n.check_number(f"410328{day}0011", TODAY)
    assert n.birth(f"410328{day}0011") is None


def test_a_small_x_is_an_x() -> None:
    number = next(
        m for order in range(1, 60) if (m := make_number("410328", date(1990, 1, 1), order)).endswith("X")
    )
    assert n.check_number(number.lower(), TODAY) == ()
    assert n.check_number(number[:17] + "ｘ", TODAY) == ()
    assert n.live_check(number.lower(), TODAY) is None


@pytest.mark.parametrize(
    ("typed", "problem", "at"),
    [
        ("410328199013", Problem.BAD_DATE, 12),
        ("41032819902", Problem.BAD_DATE, 11),
        ("41032819900230", Problem.BAD_DATE, 13),
        ("41032819900431", Problem.BAD_DATE, 14),
        ("4103281990063", None, 0),
        ("4103282027", Problem.FUTURE_BIRTH, 10),
        ("41032820261121", Problem.FUTURE_BIRTH, 14),
        ("4103283", Problem.FUTURE_BIRTH, 7),
        ("410328190", None, 0),
        ("4103281904", Problem.TOO_OLD, 10),
        ("41032818", Problem.TOO_OLD, 8),
        ("4103280", Problem.TOO_OLD, 7),
        ("41032X", Problem.BAD_CHARACTER, 6),
        ("4103a", Problem.BAD_CHARACTER, 5),
        ("", None, 0),
        ("99", None, 0),  # an unknown region is soft
        (GOOD, None, 0),
        (GOOD[:17] + str((int(GOOD[17]) + 1) % 10), Problem.BAD_CHECK_DIGIT, 18),
        (GOOD + "0", Problem.BAD_LENGTH, 19),
    ],
)
def test_typing_is_told_at_the_digit_that_made_it_impossible(
    typed: str, problem: Problem | None, at: int
) -> None:
    assert n.live_check(typed, TODAY) is problem
    if problem:
        assert n.live_check(typed[: at - 1], TODAY) is None
        assert n.live_check(typed[:at] + "0" * (len(typed) - at), TODAY) is problem


PEOPLE = st.tuples(
    st.sampled_from(["410328", "110101", "650102", "820000"]),
    st.dates(date(1907, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(PEOPLE)
def test_a_real_number_stands_whole_and_in_every_part(person: tuple[str, date, int]) -> None:
    number = make_number(*person)
    assert n.check_number(number, TODAY) == ()
    assert all(n.live_check(number[:i], TODAY) is None for i in range(19))
    assert n.birth(number) == person[1]
    assert n.sex(number) is (Sex.MALE if person[2] % 2 else Sex.FEMALE)


@given(PEOPLE, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(person: tuple[str, date, int], at: int, by: int) -> None:
    number = make_number(*person)
    if number[at] == "X":
        wrong = number[:at] + str(by)
    else:
        wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert set(n.check_number(wrong, TODAY)) - {Problem.UNKNOWN_REGION}


@given(PEOPLE, st.integers(0, 16))
def test_two_neighbours_swapped_never_pass(person: tuple[str, date, int], at: int) -> None:
    number = make_number(*person)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        assert set(n.check_number(swapped, TODAY)) - {Problem.UNKNOWN_REGION}


@given(st.text(max_size=24))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    n.live_check(text, TODAY)
    n.mask(text)
    n.mask_name(text)
    if not n.check_number(text, TODAY):
        assert n.live_check(text, TODAY) is None


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 11, 20), TODAY, 16),
        (date(2010, 11, 21), TODAY, 15),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (TODAY, TODAY, 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert n.age_on(born, day) == age


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张*丰"),
        ("欧阳娜", "欧阳*"),
        ("欧阳建国", "欧阳*国"),
        ("扎西顿珠", "扎**珠"),
        ("阿依古丽·买买提", "阿***·**提"),
        ("阿·提", "阿*·*提"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert n.mask_name(name) == masked


@given(PEOPLE)
def test_a_masked_number_shows_four_and_four(person: tuple[str, date, int]) -> None:
    number = make_number(*person)
    assert n.mask(number) == number[:4] + "*" * 10 + number[-4:]


def test_short_numbers_are_all_stars() -> None:
    assert n.mask("12345678") == "********"
