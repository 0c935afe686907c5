"""The hall's time: now in UTC, and the day on the hall's wall. Handed in, so tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    zone: ZoneInfo
    now: Callable[[], datetime] = _utc_now

    def local(self, at: datetime | None = None) -> datetime:
        """`at` (default: now) on the hall's wall clock."""
        return (at or self.now()).astimezone(self.zone)

    def today(self) -> date:
        return self.local().date()
