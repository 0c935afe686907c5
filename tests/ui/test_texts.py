"""English is complete and nothing in the catalogue is left over: every Chinese text of ours is looked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

import kiosk
import ui
from kiosk.language import CATALOGUE, english

UI, KIOSK = Path(ui.__file__).parent, Path(kiosk.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
IN_QML = re.compile(r'Lang\.tr\("((?:[^"\\]|\\.)*)"')
# functions that look a text up; their first word is a msgid
SAYS = {"text", "say", "tr_"}


def _documentation(tree: ast.AST) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }


def _constants(path: Path) -> Iterator[str]:
    """Every Chinese text of a file apart from its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip = _documentation(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
            yield node.value


def _said(path: Path) -> Iterator[str]:
    """Texts handed to a function that looks them up."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SAYS and isinstance(node.args[0].value, str):
                yield node.args[0].value


def msgids() -> dict[str, str]:
    """msgid → the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(UI.rglob("*.qml")):
        found |= dict.fromkeys(IN_QML.findall(path.read_text(encoding="utf-8")), path.name)
    screens = (path for part in ("visit", "counter") for path in sorted((UI / part).rglob("*.py")))
    for path in (UI / "errors_text.py", *screens):
        found |= dict.fromkeys(filter(CHINESE.search, _constants(path)), path.name)
    for path in sorted(KIOSK.rglob("*.py")):
        found |= dict.fromkeys(filter(CHINESE.search, _said(path)), path.name)
    found |= dict.fromkeys(filter(CHINESE.search, _constants(KIOSK / "words.py")), "words.py")
    return found


def test_every_text_has_english() -> None:
    missing = {text: file for text, file in msgids().items() if text not in english()}
    assert missing == {}


def test_no_english_is_left_over() -> None:
    said = set(msgids())
    for path in KIOSK.rglob("*.py"):
        said |= set(_constants(path))  # some are kept in tables and looked up later
    assert set(english()) - said == set()


def test_nothing_on_a_screen_is_said_without_looking_it_up() -> None:
    bare = re.compile(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"')
    strays = [
        (path.name, text)
        for path in sorted(UI.rglob("*.qml"))
        for text in bare.findall(IN_QML.sub("", path.read_text(encoding="utf-8")))
        if text not in {"中文", "、", "　"}
    ]
    assert strays == []


def test_english_fills_the_same_places() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    wrong = {text: words for text, words in english().items() if places(text) != places(words)}
    assert wrong == {}


def test_catalogue_is_well_formed_and_says_nothing_twice() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", abort_invalid=True)
    ids = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert len(catalogue) == len(ids)
    assert not [text for text, words in english().items() if CHINESE.search(words)]
