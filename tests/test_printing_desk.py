"""The slip of a machine without a printer: kept as a picture, privately, for a day."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from zoneinfo import ZoneInfo

from db.store import Store
from kiosk.clock import Clock
from kiosk.printing_desk import SHOWN_FOR, PrintDesk
from tests.conftest import MORNING


def test_the_picture_lies_beside_the_store(hall: Store, clock: Clock) -> None:
    path = PrintDesk(hall, clock=clock).keep("01-000001", b"\x89PNG one")
    assert path.parent == hall.path.parent / "slips"
    assert path.read_bytes() == b"\x89PNG one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_goes_after_a_day(hall: Store, clock: Clock) -> None:
    old = PrintDesk(hall, clock=clock).keep("01-000001", b"\x89PNG one")
    os.utime(old, (MORNING.timestamp(), MORNING.timestamp()))
    later = Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING + SHOWN_FOR + timedelta(minutes=1))
    new = PrintDesk(hall, clock=later).keep("01-000002", b"\x89PNG two")
    assert not old.exists()
    assert new.exists()
