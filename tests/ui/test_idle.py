"""Silence warns, then wipes; the clock is handed in and nobody sleeps."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kiosk.visit import IdleRule
from tests.ui.conftest import Seconds
from ui.idle import IdleWatch


class Heard:
    def __init__(self, watch: IdleWatch) -> None:
        self.warned: list[int] = []
        self.calmed = self.expired = 0
        watch.warned.connect(self.warned.append)
        watch.calmed.connect(self._calm)
        watch.expired.connect(self._expire)

    def _calm(self) -> None:
        self.calmed += 1

    def _expire(self) -> None:
        self.expired += 1


@pytest.fixture
def watch(qtbot: QtBot, seconds: Seconds) -> IdleWatch:
    watch = IdleWatch(IdleRule(), seconds)
    watch._timer.stop()
    watch.watch(True)
    return watch


def pass_time(watch: IdleWatch, seconds: Seconds, amount: float) -> None:
    seconds.now += amount
    watch.check()


def test_counts_down_from_thirty_and_expires_once(watch: IdleWatch, seconds: Seconds) -> None:
    heard = Heard(watch)
    pass_time(watch, seconds, 59.9)
    assert heard.warned == []
    pass_time(watch, seconds, 0.2)
    pass_time(watch, seconds, 1)
    assert heard.warned == [30, 29]
    pass_time(watch, seconds, 30)
    pass_time(watch, seconds, 100)
    assert heard.expired == 1


def test_a_touch_calms(watch: IdleWatch, seconds: Seconds) -> None:
    heard = Heard(watch)
    pass_time(watch, seconds, 70)
    watch.touched()
    assert heard.calmed == 1
    pass_time(watch, seconds, 59)
    assert heard.expired == 0
    assert not watch.warning


def test_welcome_screen_is_never_wiped(watch: IdleWatch, seconds: Seconds) -> None:
    heard = Heard(watch)
    watch.watch(False)
    pass_time(watch, seconds, 10_000)
    assert heard.warned == []
    assert heard.expired == 0


def test_last_screen_goes_unwarned(watch: IdleWatch, seconds: Seconds) -> None:
    heard = Heard(watch)
    watch.watch(True, last_screen=True)
    assert watch.done_left() == 20
    pass_time(watch, seconds, 19.5)
    assert watch.done_left() == 1
    pass_time(watch, seconds, 0.5)
    assert heard.warned == []
    assert heard.expired == 1
