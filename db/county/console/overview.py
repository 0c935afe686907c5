"""The first page: halls and their devices, how long ago each was heard of, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from db.county.base import County, Tx
from db.county.console import postings
from db.county.console.language import Language
from db.county.console.web import Page, Visit
from db.models import now

# (ours) A night without a sync happens; three mean that somebody must look.
LATE, LOST = timedelta(hours=30), timedelta(days=3)
CLOCK_OFF_MS = 5 * 60_000
DEVICES = (
    "SELECT e.device_id, e.hall_id, coalesce(h.name, ''), e.number, e.name, e.state, e.enrolled_at, e.stopped_at,"
    " e.last_push_at, e.last_pull_at, e.waiting, coalesce(q.refused, 0), e.clock_offset_ms, e.schema_version"
    " FROM enrolled e LEFT JOIN halls h ON h.id = e.hall_id LEFT JOIN (SELECT device_id, count(*) AS refused"
    " FROM quarantine WHERE state = 'refused' GROUP BY 1) q ON q.device_id = e.device_id"
    " WHERE (%s::uuid IS NULL OR e.device_id = %s) ORDER BY 3, 2, 4"
)
COUNTS = (
    "SELECT (SELECT count(*) FROM conflicts WHERE state = 'open'),"
    " (SELECT count(*) FROM quarantine WHERE state IN ('refused', 'deferred'))"
)


@dataclass(frozen=True)
class Advice:
    """`tone`: ok, warn, bad, off."""

    tone: str
    text: str


@dataclass(frozen=True)
class DeviceLine:
    id: UUID
    hall_id: UUID
    hall: str
    number: int
    name: str
    state: str
    enrolled_at: datetime
    stopped_at: datetime | None
    last_push: datetime | None
    last_pull: datetime | None
    waiting: int
    refused: int
    clock_offset_ms: int | None
    schema: str

    @property
    def heard(self) -> datetime | None:
        return max(filter(None, (self.last_push, self.last_pull)), default=None)

    @property
    def clock_minutes(self) -> int:
        return round((self.clock_offset_ms or 0) / 60_000)


@dataclass
class HallLines:
    id: UUID
    name: str
    devices: list[DeviceLine] = field(default_factory=list)


def devices(tx: Tx, device: UUID | None = None) -> list[DeviceLine]:
    return [DeviceLine(*line) for line in tx.execute(DEVICES, (device, device))]


def halls(tx: Tx) -> list[tuple[UUID, str]]:
    """Halls by name; one that has not sent its name yet has none."""
    return tx.execute(
        "SELECT DISTINCT e.hall_id, coalesce(h.name, '') AS name FROM enrolled e"
        " LEFT JOIN halls h ON h.id = e.hall_id ORDER BY name, e.hall_id"
    ).fetchall()


def overview(visit: Visit) -> Page:
    with visit.county.transaction() as tx:
        found = devices(tx)
        [[conflicts, quarantined]] = tx.execute(COUNTS).fetchall()
        to_publish = postings.count_to_publish(tx, visit.today)
    lines: dict[UUID, HallLines] = {}
    for device in found:
        lines.setdefault(device.hall_id, HallLines(device.hall_id, device.hall)).devices.append(device)
    values: dict[str, Any] = {
        "halls": list(lines.values()),
        "advice": {device.id: advice(device, visit.language) for device in found},
        "conflicts": conflicts,
        "quarantined": quarantined,
        "to_publish": to_publish,
        "waiting": sum(device.waiting for device in found if device.state == "active"),
        "late": sum(_late(device) for device in found),
        "active": sum(device.state == "active" for device in found),
        "tone": tone,
        "ago": lambda at: ago(at, visit.language),
        "schema": visit.county.schema,
    }
    return Page("overview.html", values)


def advice(device: DeviceLine, language: Language) -> Advice:
    """The worst thing about a device, and what to do about it."""
    say = language.text
    if device.state == "revoked":
        return Advice("off", say("已停用，不再同步。"))
    if device.state == "cloned":
        return Advice("bad", say("两台机器在用同一把钥匙。查清后在设备页放行或停用。"))
    if device.heard is None:
        return Advice("warn", say("注册后还没同步过：请大厅看网络。"))
    age = now() - device.heard
    if age > LOST:
        return Advice("bad", say("好几天没有消息：请给大厅打电话；没有网络就用 U 盘。"))
    if device.refused:
        return Advice("bad", say("有 {count} 条记录进不了库：请到隔离区处理。", count=device.refused))
    if age > LATE:
        return Advice("warn", say("昨晚没有同步：请大厅看网络。"))
    if abs(device.clock_offset_ms or 0) > CLOCK_OFF_MS:
        return Advice("warn", say("时钟差 {minutes} 分钟：请大厅校时。", minutes=abs(device.clock_minutes)))
    return Advice("ok", say("正常"))


def tone(at: datetime | None) -> str:
    """By age alone: ok, warn, bad."""
    age = LOST if at is None else now() - at
    return "bad" if age >= LOST else "warn" if age > LATE else "ok"


def ago(at: datetime | None, language: Language) -> str:
    if at is None:
        return language.text("从未")
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 2:
        return language.text("刚刚")
    if minutes < 120:
        return language.text("{count} 分钟前", count=minutes)
    if minutes < 48 * 60:
        return language.text("{count} 小时前", count=minutes // 60)
    return language.text("{count} 天前", count=minutes // 1440)


def _late(device: DeviceLine) -> bool:
    return device.state == "active" and (device.heard is None or now() - device.heard > LATE)


def hall_names(county: County, wanted: Iterable[UUID]) -> dict[UUID, str]:
    with county.transaction() as tx:
        return dict(tx.execute("SELECT id, name FROM halls WHERE id = ANY(%s)", (list(wanted),)).fetchall())
