"""A point in time by which a step on the line must be done."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """Counts down on the monotonic clock, which a corrected wall clock cannot move."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain, never below 0."""
        return max(0.0, self._end - time.monotonic())

    def passed(self) -> bool:
        return self.left() == 0.0


def wait_until_empty(waiting: Callable[[], int], deadline: Deadline) -> int:
    """Wait until `waiting()` bytes is 0; how many are still there at the deadline.

    Kernels count the bytes that wait in a socket or a tty but tell nobody when they are gone, so this
    looks again after 1, 2, 4 … 50 ms.
    """
    pause = 0.001
    while (left := waiting()) and not deadline.passed():
        time.sleep(min(pause, deadline.left()))
        pause = min(pause * 2, 0.05)
    return left
