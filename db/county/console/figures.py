"""The month in figures, for the county and for one hall: what came in, who was placed, openings to seekers (spec R5).

Counted when asked for, from the halls' rows; a month is a month on the wall. A referral counts in the month of its
slip, a placement in the month in which the person was hired: often, but not always, the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.county.base import Tx
from db.county.console import chart
from db.county.console.overview import halls
from db.county.console.web import Page, Visit, as_id
from db.models import PLACED

MONTHS = 12
TRADES_SHOWN = 15
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
IN_MONTH = "to_char({} AT TIME ZONE %s, 'YYYY-MM')"
ASKED = "FILTER (WHERE state <> 'draft')"  # a draft asks for nobody
HIRED_AT = "coalesce(hired_at, issued_at)"  # a hall whose program is older sends no moment of the hire
# table, what says when, what is counted, the fields that it fills, values it needs
COUNTS: tuple[tuple[str, str, str, tuple[str, ...], tuple[Any, ...]], ...] = (
    ("seekers", "created_at", "count(*)", ("seekers",), ()),
    (
        "postings",
        "created_at",
        f"count(*) {ASKED}, coalesce(sum(openings) {ASKED}, 0)",
        ("postings", "openings"),
        (),
    ),
    ("referrals", "issued_at", "count(*)", ("referrals",), ()),
    (
        "referrals",
        HIRED_AT,
        "count(*) FILTER (WHERE state = ANY(%s))",
        ("placements",),
        ([state.value for state in PLACED],),
    ),
)


@dataclass(frozen=True)
class Month:
    """What one month brought, of all halls or one."""

    month: str
    seekers: int = 0
    postings: int = 0
    openings: int = 0
    referrals: int = 0
    placements: int = 0


@dataclass(frozen=True)
class Trade:
    """求人倍率 of one occupation: openings of the month's postings ÷ people who looked for it (002 五)."""

    name: str
    openings: int
    seekers: int

    @property
    def ratio(self) -> float | None:
        return round(self.openings / self.seekers, 2) if self.seekers else None


def figures(visit: Visit) -> Page:
    """`?month=2026-11&hall=…`; else this month, every hall."""
    say = visit.language.text
    asked = visit.query.get("month", "")
    month = asked if MONTH.fullmatch(asked) else f"{visit.today:%Y-%m}"
    hall = as_id(visit.query["hall"]) if visit.query.get("hall") else None
    with visit.county.transaction() as tx:
        known = halls(tx)
        months = _months(tx, visit.zone, month, hall)
        by_hall = _by_hall(tx, visit.zone, month, [line for line in known if hall in (None, line[0])])
        trades = _trades(tx, visit, month, hall)
    titles = {
        "placements": say("每月成功上岗"),
        "referrals": say("每月推荐"),
        "seekers": say("每月新登记求职者"),
        "openings": say("每月招聘名额"),
    }
    shown = [trade for trade in trades if trade.ratio is not None][:TRADES_SHOWN]
    ratio = chart.rows(
        say("各工种求人倍率"),
        say("每个求职者对应几个名额；1 表示刚好，下面的表里是同样的数。"),
        [chart.Bar(trade.name, trade.ratio or 0.0) for trade in shown],
        mark=1,
    )
    values = {
        "month": month,
        "months": months,
        "hall": hall,
        "halls": known,
        "by_hall": by_hall,
        "charts": [(title, _chart(say, title, months, of)) for of, title in titles.items()],
        "ratio": ratio if shown else "",
        "trades": trades,
    }
    return Page("figures.html", values)


def _chart(say: Any, title: str, months: Sequence[Month], of: str) -> Any:
    bars = [chart.Bar(month.month[5:], getattr(month, of)) for month in months]
    described = say("{first} 到 {last}，下面的表里是同样的数。", first=months[0].month, last=months[-1].month)
    return chart.columns(title, described, bars)


def _months(tx: Tx, zone: ZoneInfo, last: str, hall: UUID | None) -> list[Month]:
    """Oldest first; a month without anything stands there with zeros."""
    names = [_before(last, back) for back in range(MONTHS - 1, -1, -1)]
    found = _counted(tx, zone, IN_MONTH, names[0], last, hall)
    return [Month(name, **found.get(name, {})) for name in names]


def _by_hall(
    tx: Tx, zone: ZoneInfo, month: str, known: Sequence[tuple[UUID, str]]
) -> list[tuple[str, Month]]:
    found = _counted(tx, zone, "hall_id", month, month, None)
    return [(name, Month(month, **found.get(hall, {}))) for hall, name in known]


def _counted(
    tx: Tx, zone: ZoneInfo, by: str, first: str, last: str, hall: UUID | None
) -> dict[Any, dict[str, int]]:
    """The figures of these months, by month or by hall. `by` and what is counted are ours, never a visitor's."""
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    for table, column, what, fields, more in COUNTS:
        statement = (
            f"SELECT {by.format(column)}, {what} FROM {table} WHERE {column} >= %s AND {column} < %s"  # noqa: S608
            " AND (%s::uuid IS NULL OR hall_id = %s) GROUP BY 1"
        )
        where = (zone.key,) if by == IN_MONTH else ()
        asked = (*where, *more, _first(zone, first), _first(zone, _before(last, -1)), hall, hall)
        for key, *numbers in tx.execute(statement.encode(), asked):
            found[key].update(zip(fields, numbers, strict=True))
    return found


def _trades(tx: Tx, visit: Visit, month: str, hall: UUID | None) -> list[Trade]:
    """Occupations of the month, the scarcest seekers first. A seeker counts for each trade they named."""
    since, until = _first(visit.zone, month), _first(visit.zone, _before(month, -1))
    found = tx.execute(
        "WITH wanted AS (SELECT occupation_id, sum(openings) AS openings FROM postings WHERE state <> 'draft'"
        " AND created_at >= %s AND created_at < %s AND (%s::uuid IS NULL OR hall_id = %s) GROUP BY 1),"
        " there AS (SELECT t.occupation_id, count(DISTINCT t.seeker_id) AS seekers FROM seeker_trades t JOIN seekers s"
        " ON s.id = t.seeker_id WHERE s.last_seen_at >= %s AND s.created_at < %s"
        " AND (%s::uuid IS NULL OR s.hall_id = %s) GROUP BY 1)"
        " SELECT occupation_id, coalesce(wanted.openings, 0), coalesce(there.seekers, 0) FROM wanted"
        " FULL JOIN there USING (occupation_id)",
        (since, until, hall, hall, since, until, hall, hall),
    ).fetchall()
    names = {
        key: (name, name_en)
        for key, name, name_en in tx.execute("SELECT key, name, name_en FROM occupations")
    }
    trades = [
        Trade(visit.language.pick(*names.get(key, (key, key))), int(openings), int(seekers))
        for key, openings, seekers in found
    ]
    return sorted(trades, key=lambda trade: (-(trade.ratio if trade.ratio is not None else -1), trade.name))


def _before(month: str, back: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - back, 12)
    return f"{year:04d}-{number + 1:02d}"


def _first(zone: ZoneInfo, month: str) -> datetime:
    first = date.fromisoformat(f"{month}-01")
    return datetime(first.year, first.month, 1, tzinfo=zone)
