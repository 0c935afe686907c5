"""A member of staff before the counter in a plain process: without pytest, waiting as the demo's robot does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import ui.robot
from tests.counter_ui.clerk import Clerk
from ui.counter.session import Place
from ui.counter_app import CounterApp


class Hand(Clerk):
    def __init__(self, app: CounterApp) -> None:
        super().__init__(app, cast(Any, None))

    def until(self, stands: Callable[[], object], waited_for: str = "it") -> None:
        ui.robot.Robot.until(self, stands, waited_for)

    def go_on(self) -> str:
        """From home to where the screens say that something waits."""
        self.tapped("tile_borrower").stands(Place.BORROWER)
        if self.see("waiting"):
            self.tapped("waiting0")
            return str(self.counter.show_step())
        self.tapped("home", "tile_return").stands(Place.RETURN)
        if self.see("rentals"):
            self.tapped("out0")
            return str(self.counter.show_step())
        self.tapped("home").stands(Place.HOME)
        return str(Place.HOME)
