"""The counter's QML as files: lint, one beside each view model, words for every refusal."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ui
from db.errors import StoreError
from kiosk.errors import HallError
from ui.counter.screens import SCREENS
from ui.counter.troubles import BUG, sentence

COUNTER = Path(ui.__file__).parent / "counter"
QML = sorted(COUNTER.glob("*.qml"))


def test_lint_is_clean() -> None:
    lint = Path(sys.executable).parent / "pyside6-qmllint"
    done = subprocess.run(
        [lint, "-I", COUNTER.parent.parent, "--max-warnings", "0", *QML],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_screen_has_its_file() -> None:
    assert [
        screen.page for screen in SCREENS.values() if not (COUNTER / f"{screen.page}.qml").is_file()
    ] == []


def test_colours_stand_in_the_theme_only() -> None:
    colour = re.compile(r'"#[0-9A-Fa-f]{3,8}"')
    assert [path.name for path in QML if colour.search(path.read_text(encoding="utf-8"))] == []


def family(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


@pytest.mark.parametrize("kind", [*family(HallError), *family(StoreError)], ids=lambda kind: kind.__name__)
def test_staff_are_told_every_known_error(kind: type[Exception]) -> None:
    assert sentence(kind()) != BUG


def test_anything_else_is_our_bug() -> None:
    assert sentence(KeyError("x")) == BUG
