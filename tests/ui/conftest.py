"""The real app on a real store, on a window nobody sees."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.camera import FrameSource
from kiosk.identity.card_photo import CardReader
from kiosk.settings import Settings
from tests.ui.robot import Robot
from ui.app import build
from ui.shell import PORTRAIT


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@dataclass
class Seconds:
    """A clock that goes when told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="session")
def card_reader() -> CardReader:
    """The reading networks, loaded once."""
    reader = CardReader()
    reader.load()
    return reader


MakeRobot = Callable[..., Robot]


@pytest.fixture
def make_robot(qtbot: QtBot, hall: Store, clock: Clock, seconds: Seconds) -> Iterator[MakeRobot]:
    """make_robot(settings=…, size=…, open_frames=…, cards=…, store=…) → a robot before a fresh kiosk."""
    made: list[Robot] = []

    def make(
        settings: Settings | None = None,
        size: QSize = PORTRAIT,
        open_frames: Callable[[], FrameSource] | None = None,
        store: Store | None = None,
        **more: Any,
    ) -> Robot:
        app = build(
            settings or Settings(),
            store or hall,
            clock=more.pop("clock", clock),
            open_frames=open_frames,
            size=size,
            seconds=seconds,
            **{"staff_door": lambda: None, **more},
        )
        robot = Robot(app, qtbot)
        made.append(robot)
        app.window.show()
        robot.settle()
        return robot

    yield make
    for robot in made:
        robot.app.close()
    QGuiApplication.processEvents()


@pytest.fixture
def robot(make_robot: MakeRobot) -> Robot:
    return make_robot()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path
