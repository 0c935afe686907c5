"""What the pinyin pad offers."""

from __future__ import annotations

import pytest

from kiosk.identity.document import Problem
from ui.visit.phone import _may_stand, grouped
from ui.visit.pinyin import Composer, candidates, surnames
from ui.visit.problems import SENTENCES


@pytest.mark.parametrize(
    ("letters", "first"),
    [("wang", "王"), ("li", "李"), ("zhang", "张"), ("w", "王"), ("zh", "张"), ("ouy", "")],
)
def test_surnames_come_first(letters: str, first: str) -> None:
    found = candidates(letters, surname=True)
    assert (found[0] if found else "") == first


def test_exact_syllable_before_longer_ones() -> None:
    found = candidates("xi")
    assert found[0] in "西希喜席习"
    assert "小" in found
    assert found.index("西") < found.index("小")


def test_every_frequent_surname_is_offered_by_its_syllable() -> None:
    from pypinyin import Style, pinyin

    frequent = [name for name, rank in surnames().items() if rank < 100]
    lost = [
        name
        for name in frequent
        if not any(
            name in candidates(reading, surname=True)
            for reading in pinyin(name, style=Style.NORMAL, heteronym=True)[0]
        )
    ]
    assert lost == []


def test_composing_choosing_erasing_paging() -> None:
    composer = Composer(name=True, per_page=5)
    for letter in "yi":
        composer.letter(letter)
    first = composer.shown
    assert len(first) == 5
    composer.next_page()
    assert set(first).isdisjoint(composer.shown)
    composer.choose(first[0])
    assert (composer.text, composer.composing, composer.shown) == (first[0], "", [])
    composer.letter("q")
    composer.erase()
    assert (composer.text, composer.composing) == (first[0], "")
    composer.erase()
    assert composer.text == ""
    composer.next_page()
    assert composer.shown == []


def test_paging_comes_round() -> None:
    composer = Composer(per_page=3)
    for letter in "ang":
        composer.letter(letter)
    first = composer.shown
    composer.next_page()
    assert composer.shown != first
    composer.next_page()
    assert composer.shown == first


@pytest.mark.parametrize(
    ("digits", "stands"),
    [
        ("", True),
        ("1", True),
        ("2", False),
        ("13", True),
        ("12", False),
        ("1390000", True),
        ("139000000011", True),
    ],
)
def test_phone_digits_that_can_no_longer_become_a_number(digits: str, stands: bool) -> None:
    assert _may_stand(digits[:11]) is stands


def test_phone_is_grouped_as_people_say_it() -> None:
    assert grouped("13900001234") == "139 0000 1234"
    assert grouped("1390") == "139 0"
    assert grouped("") == ""


def test_every_problem_has_its_own_sentence() -> None:
    assert set(SENTENCES) == set(Problem)
    assert len(set(SENTENCES.values())) == len(Problem)
