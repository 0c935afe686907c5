"""Numbers that a device gives out, each once: on slips, receipts, tags. One counter a device, in its `origin` row.

A store restored from an older disk image would begin again where the image was taken. As soon as the county shows that
it knows more than this store (design §3.3), the counter goes past every number the county has of this device.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from db.models import Base, Origin

# table → the printed number, and the serial behind it where it has a column of its own
NUMBERED = {
    "referrals": ("slip_number", "slip_serial"),
    "rentals": ("number", "serial"),
    "tool_returns": ("number", "serial"),
    "locker_uses": ("number", "serial"),
    "tools": ("tag", "tag_serial"),
    "drawers": ("number", None),
}
SPARE = 100  # given out after the last sync, and lost with the disk


def serial_of(table: str, values: Mapping[str, Any]) -> int:
    """The serial of a row; 0: it has none."""
    printed, serial = NUMBERED.get(table, ("", None))
    if serial is not None:
        found = values.get(serial)
        return found if isinstance(found, int) else 0
    behind = re.search(r"-(\d{1,9})", str(values.get(printed, "")))
    return int(behind.group(1)) if behind else 0


def go_past(connection: Connection, serial: int) -> bool:
    """Never give out `serial` or less; whether the counter was behind."""
    origin = Base.metadata.tables[Origin.__tablename__]
    behind = update(origin).where(origin.c.slip_serial < serial).values(slip_serial=serial + SPARE)
    return connection.execute(behind).rowcount > 0
