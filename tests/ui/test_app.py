"""The app as a whole: language, wiping, what is kept of whom."""

from __future__ import annotations

import gc
import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from kiosk.identity.document import IdentityDocument
from kiosk.seekers.card import SeekerCard
from kiosk.visit import Step
from tests.ui.conftest import Seconds
from tests.ui.robot import Robot

ADULT = date(1985, 3, 4)


def people() -> list[object]:
    return [thing for thing in gc.get_objects() if type(thing) in (IdentityDocument, SeekerCard)]


def test_texts_follow_the_language_and_go_back_to_chinese(robot: Robot) -> None:
    def shown() -> str:
        item = robot.app.find("start")
        assert item is not None
        return str(item.property("text"))

    assert shown() == "找活干"
    robot.tap("language")
    assert shown() == "Find work"
    robot.app.wipe()
    robot.settle()
    assert shown() == "找活干"


def test_nothing_of_the_visit_is_left_in_memory_after_wiping(robot: Robot) -> None:
    """What was typed is nowhere to be found among Python's objects (spec §6)."""
    of_others = people()
    robot.new_seeker(ADULT)
    number = robot.app.visit.document.number if robot.app.visit.document else None
    assert number
    robot.app.wipe()
    robot.settle()
    gc.collect()
    assert [one for one in people() if not any(one is other for other in of_others)] == []


def test_a_touch_anywhere_on_the_warning_stays(robot: Robot, seconds: Seconds) -> None:
    robot.tap("start").at(Step.CONSENT)
    seconds.now += 70
    robot.app.idle.check()
    robot.tap("idleGround")
    assert robot.app.find("idleStay") is None
    assert robot.app.show_step() is Step.CONSENT


def test_leaving_on_the_warning_wipes_at_once(robot: Robot, seconds: Seconds) -> None:
    robot.tap("start").at(Step.CONSENT)
    seconds.now += 70
    robot.app.idle.check()
    robot.tap("idleLeave").at(Step.ATTRACT)


def test_quitting_wipes(robot: Robot) -> None:
    robot.new_seeker(ADULT)
    robot.tap("leave").at(Step.ATTRACT)
    assert robot.app.visit.seeker is None


def test_grab_writes_the_window(robot: Robot, tmp_path: Path) -> None:
    picture = QImage(str(robot.picture(tmp_path / "screen.png")))
    assert (picture.width(), picture.height()) == (1080, 1920)
    with pytest.raises(OSError, match="missing"):
        robot.app.grab(tmp_path / "no folder" / "missing.png")


def test_hall_and_figures_stay_while_the_person_goes(robot: Robot) -> None:
    robot.until(lambda: robot.app.session.hall)
    name = robot.see("hallName")
    robot.app.wipe()
    assert robot.see("hallName") == name


def test_an_error_nobody_caught_is_told_neutrally(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back afterwards
    robot.new_seeker(ADULT)
    robot.app.catch_bugs()
    error = ZeroDivisionError()
    sys.excepthook(type(error), error, None)
    robot.at(Step.ERROR)
    robot.tap("goOn").at(Step.ATTRACT)
    assert robot.app.visit.seeker is None
