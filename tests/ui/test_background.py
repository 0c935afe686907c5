"""Work off the GUI thread: where it runs, where it answers, and who hears nothing any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.background import Background


class Errors(list[Exception]):
    pass


@pytest.fixture
def errors() -> Errors:
    return Errors()


@pytest.fixture
def background(qtbot: QtBot, errors: Errors) -> Iterator[Background]:
    background = Background(errors.append)
    yield background
    background.close()


def test_works_elsewhere_and_answers_here(background: Background, qtbot: QtBot) -> None:
    seen: list[tuple[str, str]] = []
    background.run(
        lambda: threading.current_thread().name,
        lambda worked: seen.append((worked, threading.current_thread().name)),
        lane="store",
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0].startswith("gighall-store")
    assert seen[0][1] == threading.main_thread().name


def test_one_lane_keeps_its_order_and_another_does_not_wait(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    answers: list[str] = []
    background.run(gate.wait, lambda _: answers.append("slow"))
    background.run(lambda: None, lambda _: answers.append("after"))
    background.run(lambda: None, lambda _: answers.append("beside"), lane="camera")
    qtbot.waitUntil(lambda: answers == ["beside"])
    gate.set()
    qtbot.waitUntil(lambda: answers == ["beside", "slow", "after"])


def test_errors_go_to_their_own_handler_or_the_common_one(
    background: Background, qtbot: QtBot, errors: Errors
) -> None:
    own: list[Exception] = []

    def broken() -> None:
        raise ValueError("x")

    background.run(broken, or_else=own.append)
    background.run(broken)
    qtbot.waitUntil(lambda: len(own) == 1 and len(errors) == 1)


def test_forgotten_answers_and_errors_reach_nobody(
    background: Background, qtbot: QtBot, errors: Errors
) -> None:
    gate = threading.Event()
    answers: list[object] = []

    def broken() -> None:
        raise ValueError("x")

    background.run(gate.wait, answers.append)
    background.run(broken)
    background.forget()
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert answers == []
    assert errors == []


def test_nothing_runs_after_closing(qtbot: QtBot) -> None:
    background = Background(lambda error: None)
    ran: list[int] = []
    background.close()
    background.run(lambda: ran.append(1))
    assert not background.busy
    assert ran == []
