"""Every text that the kiosk says has its English, with the same places to fill."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import kiosk
from kiosk import words
from kiosk.language import CATALOGUE, CHINESE, ENGLISH, Language, english

SOURCES = sorted(Path(kiosk.__file__).parent.rglob("*.py"))
TABLES = (words.PAY_UNITS, words.SETTLEMENTS, words.LEVELS, words.REASONS)


def said() -> set[str]:
    """Constant texts handed to `.text(…)`, `say(…)` or `_(…)` in kiosk, and those of the tables in `words`."""
    found = {text for table in TABLES for text in table.values()}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                words_of = node.args[0].value
                if name in {"text", "say", "_"} and isinstance(words_of, str) and not words_of.isascii():
                    found.add(words_of)
    return found


def places(words_of: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words_of) if name}


def test_the_texts_are_found() -> None:
    assert {"今天", "{km} 公里", "元/小时", "零工市场求职、对接全程免费，不收费。"} <= said()


def test_every_text_of_the_kiosk_has_english() -> None:
    assert sorted(said() - english().keys()) == []


def test_english_fills_the_same_places() -> None:
    wrong = {
        source: target
        for source, target in english().items()
        if "{" in source and not places(target) <= places(source)
    }
    assert wrong == {}


def test_the_catalogue_is_beside_the_other_data() -> None:
    assert CATALOGUE.is_file()


def test_chinese_is_its_own_text() -> None:
    language = Language()
    assert language.text("今天") == "今天"
    assert language.text("{km} 公里", km="1.5") == "1.5 公里"
    assert language.text("花括号 {这样}") == "花括号 {这样}"
    assert language.pick("瓦工", "Bricklayer") == "瓦工"


def test_english_falls_back_to_chinese() -> None:
    language = Language(ENGLISH)
    assert language.text("没有译文的话") == "没有译文的话"
    assert language.pick("瓦工", "Bricklayer") == "Bricklayer"
    assert language.pick("瓦工", "") == "瓦工"


def test_only_known_languages() -> None:
    language = Language()
    with pytest.raises(ValueError, match="fr"):
        language.set("fr")
    language.set(ENGLISH)
    language.set(CHINESE)
    assert language.code == CHINESE
