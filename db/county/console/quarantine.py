"""Rows that could not be taken in: why, and take in again or discard. What they hold is not shown."""

from __future__ import annotations

from typing import Any

from db.county import replay
from db.county.console import audit, words
from db.county.console.language import Language
from db.county.console.web import Go, Page, Visit

AT_ONCE = 200
LIST = (
    "SELECT q.event_id, coalesce(h.name, ''), e.number, e.name, q.\"table\", q.op, q.state, q.reason, q.seq,"
    " q.schema_version, q.since, q.row_id, q.device_id FROM quarantine q LEFT JOIN halls h ON h.id = q.hall_id"
    " LEFT JOIN enrolled e ON e.device_id = q.device_id WHERE q.state = ANY(%s)"
    " ORDER BY q.since, q.seq, q.event_id LIMIT %s OFFSET %s"
)
FIELDS = (
    "event",
    "hall",
    "number",
    "device",
    "table",
    "op",
    "state",
    "reason",
    "seq",
    "schema",
    "since",
    "row",
    "device_id",
)


def quarantine(visit: Visit) -> Page:
    lines = _lines(visit, AT_ONCE + 1)
    more = len(lines) > AT_ONCE
    del lines[AT_ONCE:]
    values = {"lines": lines, "more": more, "why": lambda reason: why(reason, visit.language)}
    return Page("quarantine.html", values)


def release(visit: Visit) -> Go:
    event = visit.part_id()
    audit.note(visit.county, visit.actor, "release", event)
    done = replay.release(visit.county, event)
    if done is None:
        return Go("/console/quarantine", "gone")
    return Go("/console/quarantine", "released" if done else "still_refused")


def release_all(visit: Visit) -> Go:
    """Those on the page, when what was in their way is mended."""
    events = [line["event"] for line in _lines(visit, AT_ONCE)]
    audit.note(visit.county, visit.actor, "release", rows=len(events))
    done = [replay.release(visit.county, event) for event in events]
    return Go("/console/quarantine", "still_refused" if False in done else "released")


def discard(visit: Visit) -> Go:
    event = visit.part_id()
    audit.note(visit.county, visit.actor, "discard", event)
    done = replay.discard(visit.county, event)
    return Go("/console/quarantine", "discarded" if done else "gone")


def _lines(visit: Visit, most: int) -> list[dict[str, Any]]:
    """Of the page that was asked for."""
    with visit.county.transaction() as tx:
        found = tx.execute(LIST, (["refused", "deferred"], most, visit.skip(AT_ONCE))).fetchall()
    return [dict(zip(FIELDS, line, strict=True)) for line in found]


def why(reason: str, language: Language) -> str:
    """`check:pay_not_negative` → a sentence; what is new to us stays as it is."""
    kind, _, what = reason.partition(":")
    if kind not in words.REFUSALS:
        return reason
    return language.text(words.REFUSALS[kind]).replace("{what}", what or language.text("某一项"))
