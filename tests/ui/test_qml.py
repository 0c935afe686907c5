"""The QML as files: lint, listing, tokens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import ui

UI = Path(ui.__file__).parent
QML = sorted([*(UI / "controls").glob("*.qml"), *(UI / "visit").glob("*.qml")])
LINT = Path(sys.executable).parent / "pyside6-qmllint"


def test_lint_is_clean() -> None:
    """The command of ./test: pyside6-qmllint -I . --max-warnings 0 ui/controls/*.qml ui/visit/*.qml."""
    done = subprocess.run(
        [LINT, "-I", UI.parent, "--max-warnings", "0", *QML],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_control_is_listed_once() -> None:
    listed = re.findall(
        r"(\w+\.qml)$", (UI / "controls" / "qmldir").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(path.name for path in (UI / "controls").glob("*.qml"))


def test_every_screen_lies_beside_its_view_model() -> None:
    from ui.visit.screens import SCREENS

    missing = [
        screen.page for screen in SCREENS.values() if not (UI / "visit" / f"{screen.page}.qml").is_file()
    ]
    assert missing == []


def test_colours_stand_in_the_theme_only() -> None:
    """Apart from veils, whose transparency no token has."""
    colour = re.compile(r'"#[0-9A-Fa-f]{6}"')
    strays = [
        path.name
        for path in QML
        if path.name != "Theme.qml" and colour.search(path.read_text(encoding="utf-8"))
    ]
    assert strays == []


def contrast(one: str, other: str) -> float:
    """WCAG 2: (lighter + 0.05) / (darker + 0.05)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_at_least_four_and_a_half_to_one() -> None:
    theme = dict(
        re.findall(
            r'property color (\w+): "(#\w{6})"', (UI / "controls" / "Theme.qml").read_text(encoding="utf-8")
        )
    )
    pairs = [(text, ground) for text in ("ink", "ink2") for ground in ("bg", "card", "sky")]
    pairs += [
        ("ink", "skyDeep"),
        ("ink2", "disabled"),
        ("paper", "brand"),
        ("paper", "brandDown"),
        ("brand", "sky"),
    ]
    pairs += [
        ("brand", "card"),
        ("pay", "card"),
        ("pay", "paySoft"),
        ("ok", "okSoft"),
        ("error", "errorSoft"),
    ]
    weak = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
