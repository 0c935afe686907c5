"""English is complete on the county's pages and nothing in their catalogue is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from db.county import console
from db.county.console.language import CATALOGUE, english

HERE = Path(console.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
IN_TEMPLATE = re.compile(r"""\bt\('((?:[^'\\]|\\.)*)'""")


def constants(path: Path) -> Iterator[str]:
    """Every Chinese text of a file apart from its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def msgids() -> dict[str, str]:
    """msgid → the file that says it."""
    found: dict[str, str] = {}
    for path in sorted((HERE / "templates").glob("*.html")):
        found |= dict.fromkeys(IN_TEMPLATE.findall(path.read_text(encoding="utf-8")), path.name)
    for path in sorted(HERE.glob("*.py")):
        found |= dict.fromkeys(filter(CHINESE.search, constants(path)), path.name)
    return found


def test_every_text_has_english_and_none_is_left_over() -> None:
    missing = {text: file for text, file in msgids().items() if text not in english()}
    assert missing == {}
    assert set(english()) - set(msgids()) == set()


def test_nothing_on_a_page_is_said_without_looking_it_up() -> None:
    for path in sorted((HERE / "templates").glob("*.html")):
        rest = IN_TEMPLATE.sub("", path.read_text(encoding="utf-8")).replace("'中文'", "")
        assert not CHINESE.findall(rest), path.name


def test_english_fills_the_same_places_and_is_said_once() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    wrong = {text: words for text, words in english().items() if places(text) != places(words)}
    assert wrong == {}
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", abort_invalid=True)
    ids = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(catalogue)
    assert not [text for text, words in english().items() if CHINESE.search(words)]
