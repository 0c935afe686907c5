"""Staff sign in over the kiosk's window, on a machine without a counter."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.store import Store
from kiosk.clock import Clock
from kiosk.settings import Settings
from kiosk.visit import Step
from tests.counter_ui.clerk import Clerk
from tests.tools.shop import QUICK, Shop
from tests.ui.conftest import Seconds
from tests.ui.robot import Robot
from ui.app import build
from ui.counter.session import Place
from ui.counter_app import CounterApp, build_counter
from ui.shell import LANDSCAPE, PORTRAIT
from ui.staff_door import StaffDoor


class Machine:
    """A kiosk with a staff door, and whoever stands before it."""

    def __init__(self, store: Store, clock: Clock, seconds: Seconds, size: QSize, qtbot: QtBot) -> None:
        self._qtbot = qtbot

        def counter() -> CounterApp:
            return build_counter(
                Settings(), store, clock=clock, size=size, seconds=seconds, hasher=QUICK, guest=True
            )

        app = build(
            Settings(), store, clock=clock, size=size, seconds=seconds, staff_door=lambda: self.door.open()
        )
        self.door = StaffDoor(counter, app.window)
        self.visitor = Robot(app, qtbot)
        app.window.show()

    def clerk(self) -> Clerk:
        """From the welcome screen to the sign-in."""
        self.visitor.at(Step.ATTRACT).tap("help").at(Step.HELP).tap("staff")
        assert self.door.counter is not None
        return Clerk(self.door.counter, self._qtbot).stands(Place.SIGN_IN)

    def close(self) -> None:
        self.door.shut()
        self.visitor.app.close()
        QGuiApplication.processEvents()


@pytest.fixture(params=[PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def machine(request: pytest.FixtureRequest, shop: Shop, seconds: Seconds, qtbot: QtBot) -> Iterator[Machine]:
    machine = Machine(shop.store, shop.counter.clock, seconds, request.param, qtbot)
    yield machine
    machine.close()


def test_a_pin_opens_the_papers_and_leaving_brings_the_visitors_back(
    machine: Machine, tmp_path: Path
) -> None:
    clerk = machine.clerk()
    assert machine.visitor.step is Step.ATTRACT  # no visit goes on behind them
    clerk.picture(tmp_path / "sign_in.png")
    clerk.sign_in(1).tapped("tile_prints").stands(Place.PRINTS)
    clerk.tapped("lock").stands(Place.SIGN_IN).tap("leaveCounter")
    clerk.until(lambda: machine.door.counter is None)
    machine.visitor.tap("start").at(Step.CONSENT)
    assert not gc.isenabled()  # the kiosk still collects on its own thread


def test_without_a_pin_there_is_nothing_but_the_way_back(machine: Machine) -> None:
    clerk = machine.clerk()
    assert not {"home", "back", "tile_prints", "setUp"} & set(clerk.counter.shell.visible_names())
    clerk.tapped("person1").type("000000")
    assert clerk.counter.show_step() is Place.SIGN_IN
    clerk.tap("leaveCounter")
    clerk.until(lambda: machine.door.counter is None)


def test_nobody_stays_signed_in_where_visitors_come(machine: Machine, seconds: Seconds) -> None:
    clerk = machine.clerk().sign_in(1)
    seconds.now += Settings().idle.warn_after + 1
    clerk.until(lambda: machine.door.counter is None)
    again = machine.clerk()
    assert again.counter.session.authority is None


def test_a_sign_in_nobody_goes_on_with_gives_the_machine_back(machine: Machine, seconds: Seconds) -> None:
    clerk = machine.clerk()
    seconds.now += Settings().idle.warn_after + 1
    clerk.until(lambda: machine.door.counter is None)


def test_a_hall_without_staff_is_not_set_up_by_a_visitor(
    hall: Store, clock: Clock, seconds: Seconds, qtbot: QtBot
) -> None:
    machine = Machine(hall, clock, seconds, PORTRAIT, qtbot)
    assert machine.clerk().named("person") == []
    machine.close()


def test_where_there_is_no_door_there_is_no_button(hall: Store, clock: Clock, qtbot: QtBot) -> None:
    robot = Robot(build(Settings(), hall, clock=clock), qtbot)
    robot.app.window.show()
    robot.tap("help").at(Step.HELP).settle()
    assert not robot.has("staff")
    robot.app.close()
