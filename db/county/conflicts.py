"""Who wins where two places wrote the same row (design §3.7): pure rules, and the list that people work off.

Never a wall clock: what counts is the version a change was based on, and which version last changed each field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from db.county.base import COUNTY_DEVICE, COUNTY_HALL
from db.models import PLACED, ConflictKind, ConflictState, ErasureState, ReferralState
from db.privacy import GONE, personal


class Rule(StrEnum):
    EVENTS = "events"  # only ever added
    OWNED = "owned"  # belongs to one device, only that one changes it
    STATES = "states"  # a state machine with expected version
    COUNTY = "county"  # a stale change loses against the county's version
    FIELDS = "fields"  # merged per field
    COUNTS = "counts"  # owned, and never less than it was
    ONCE = "once"  # ends once: whoever ends it first, the other's word is dropped


RULES = {
    "audit": Rule.EVENTS,
    "cash_postings": Rule.EVENTS,
    "deductions": Rule.EVENTS,
    "call_notes": Rule.EVENTS,
    "stock_count_lines": Rule.EVENTS,
    "tools": Rule.OWNED,
    "storage_places": Rule.OWNED,
    "lockers": Rule.OWNED,
    "locker_uses": Rule.OWNED,
    "drawers": Rule.OWNED,
    "daily_counts": Rule.COUNTS,
    "referrals": Rule.STATES,
    "postings": Rule.COUNTY,
    "notices": Rule.COUNTY,
    "settings": Rule.COUNTY,
    "occupations": Rule.COUNTY,
    "guidance_wages": Rule.COUNTY,
    "devices": Rule.COUNTY,
    "posting_counts": Rule.COUNTY,
    "conflicts": Rule.ONCE,
    "erasures": Rule.ONCE,
}

S = ReferralState
NEXT = {
    S.ISSUED: {S.MET, S.HIRED, S.DECLINED, S.LAPSED, S.NO_SHOW, S.CANCELLED},
    S.MET: {S.HIRED, S.DECLINED, S.NO_SHOW, S.CANCELLED},
    S.HIRED: {S.STARTED, S.DECLINED, S.NO_SHOW, S.CANCELLED},
    S.STARTED: {S.FINISHED, S.CANCELLED},
}  # spec S9; an end has no way out
TAKEN = {S.HIRED, S.STARTED}
NOT_TAKEN = {S.DECLINED, S.NO_SHOW, S.CANCELLED}
TOLD = TAKEN | {S.DECLINED, S.NO_SHOW}  # what an employer says on the county's page
MOMENT = "hired_at"  # of a referral: goes with its state
ENDED = (ConflictState.RESOLVED, ErasureState.DONE)  # an erasure that was refused may still be done
CONTACT = personal("postings")  # emptied by age: that wins over whatever else was changed
BOOKKEEPING = ("id", "version", "updated_at", "created_at", "hall_id")


@dataclass(slots=True)
class Change:
    """What one device did to one row within a batch, taken together."""

    op: str
    row_id: UUID
    base: int  # the version it started from; of an insert 0
    version: int
    changed: frozenset[str]
    values: dict[str, Any]


@dataclass(slots=True)
class Current:
    """The row as the county has it; `values` only where a decision needs them."""

    version: int
    hall_id: UUID
    device_id: UUID
    fields: Mapping[str, tuple[int, str]]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """`take`: columns to write (None: the whole row); `lost`: columns whose new value goes to the list."""

    take: frozenset[str] | None
    lost: frozenset[str] = frozenset()
    kind: ConflictKind | None = None


APPLY = Verdict(None)
SAME = Verdict(frozenset())


def rule_of(table: str) -> Rule:
    return RULES.get(table, Rule.FIELDS)


def barred(rule: Rule, change: Change, current: Current, device: UUID) -> ConflictKind | None:
    """Why this device may not change this row at all, whatever its version."""
    if current.hall_id == COUNTY_HALL:
        return ConflictKind.COUNTY_RULES
    if rule in (Rule.OWNED, Rule.COUNTS) and current.device_id != device:
        return ConflictKind.NOT_OWNER
    if rule is Rule.EVENTS and change.op != "I":
        return ConflictKind.COUNTY_RULES
    return None


def clean(change: Change, current: Current) -> bool:
    """Nobody else changed the row since this device last saw it."""
    return change.op != "I" and change.base >= current.version


def decide(rule: Rule, change: Change, current: Current, device: UUID) -> Verdict:
    """A change that is not clean, against the row as it stands with its values."""
    differing = _differing(change, current)
    kind = barred(rule, change, current, device)
    if kind is not None:
        gone = change.op == "D"
        return Verdict(frozenset(), differing, kind) if differing or gone else SAME
    if change.op == "D":
        return Verdict(frozenset(), frozenset(), ConflictKind.DELETED)
    if not differing:
        return SAME
    match rule:
        case Rule.EVENTS:
            return Verdict(frozenset(), differing, ConflictKind.FIELDS)
        case Rule.OWNED:
            return Verdict(differing)
        case Rule.COUNTS:
            stands = current.values.get("amount", 0)
            if change.values.get("amount", stands) >= stands:
                return Verdict(differing)
            return SAME if change.op == "I" else Verdict(frozenset(), differing, ConflictKind.FIELDS)
        case Rule.COUNTY:
            emptied = frozenset(name for name in differing if name in CONTACT and change.values[name] == GONE)
            lost = differing - emptied
            return Verdict(emptied, lost, ConflictKind.COUNTY_RULES if lost else None)
        case Rule.STATES:
            return _step(change, current, device, differing)
        case Rule.FIELDS:
            return _merge(change, current, device, differing)
        case Rule.ONCE:
            return SAME if current.values.get("state") in ENDED else Verdict(differing - {"details"})


def _differing(change: Change, current: Current) -> frozenset[str]:
    """Columns that the change means to set and that stand otherwise. An insert means all of them."""
    meant = change.changed if change.op == "U" else change.values.keys()
    return frozenset(
        name
        for name in meant
        if name in change.values
        and name in current.values
        and name not in BOOKKEEPING
        and change.values[name] != current.values[name]
    )


def _step(change: Change, current: Current, device: UUID, differing: frozenset[str]) -> Verdict:
    differing = _with_moment(change, current, differing)
    if "state" not in differing:
        return Verdict(differing)
    now, then = ReferralState(current.values["state"]), change.values["state"]
    last = current.fields.get("state")
    if change.op == "U" and last is not None and last[0] > change.base and last[1] != str(device):
        if then == S.LAPSED and last[1] == str(COUNTY_DEVICE) and now in TOLD:
            return SAME  # nobody had told the hall yet; a lapse says no more than that
        if then in NOT_TAKEN and now in TAKEN:
            return Verdict(frozenset(), differing, ConflictKind.STATE)  # not taken back: said without knowing
    if then in NEXT.get(now, ()):
        return Verdict(differing)
    if change.op == "I":  # a whole row sent anew that is merely behind
        return SAME
    return Verdict(frozenset(), differing, ConflictKind.STATE)


def _with_moment(change: Change, current: Current, differing: frozenset[str]) -> frozenset[str]:
    """The moment of a hire goes, or loses, with the state; of two moments of one hire the one that stands counts."""
    stands, meant = current.values.get(MOMENT), change.values.get(MOMENT)
    now = current.values.get("state")
    then = change.values["state"] if "state" in differing else now
    if stands is not None and now in PLACED and then in PLACED:
        return differing - {MOMENT}
    if then != now and MOMENT in change.values and meant != stands:
        return differing | {MOMENT}
    return differing


def _merge(change: Change, current: Current, device: UUID, differing: frozenset[str]) -> Verdict:
    """A field that somebody else changed after this device's base stays; what they meant goes to the list."""
    since = change.version if change.op == "I" else change.base
    lost = frozenset(
        name
        for name in differing
        if (last := current.fields.get(name)) and last[0] > since and last[1] != str(device)
    )
    if (
        change.op == "I"
    ):  # says what it has, not that it changed it: where the county is newer, nothing is lost
        return Verdict(differing - lost)
    return Verdict(differing - lost, lost, ConflictKind.FIELDS if lost else None)
