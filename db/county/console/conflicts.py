"""The list of conflicts, side by side, worked off here (design §3.7, spec C3). Personal values are masked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.county.console import audit, masks, words
from db.county.console.language import Language
from db.county.console.overview import hall_names
from db.county.console.web import Go, Page, Refused, Visit, as_id, missing
from db.county.errors import ChoiceUnfit, ConflictGone
from db.county.rows import read
from db.county.tables import SYNCED
from db.county.work_off import TAKEABLE, Choice, details_of, open_conflicts, work_off
from db.models import ConflictKind

SIDE_BY_SIDE = (
    "name",
    "number_sealed",
    "phone",
    "sex",
    "birth",
    "ethnicity",
    "address",
    "hardship",
    "created_at",
)
AT_ONCE = 100
# what tells people which row it is
TITLES = {
    "postings": "title",
    "employers": "name",
    "seekers": "name",
    "referrals": "slip_number",
    "tools": "tag",
}


@dataclass(frozen=True)
class Side:
    """Two values of one column; `hidden`: they differ under the stars."""

    label: str
    kept: str
    lost: str
    hidden: bool


@dataclass(frozen=True)
class Card:
    id: UUID
    kind: str
    table: str
    hall: str
    since: datetime
    title: str
    sides: tuple[Side, ...]
    facts: tuple[tuple[str, str], ...]
    people: tuple[tuple[UUID, str], ...]  # of SAME_PERSON: which record may stay, and the hall it is of
    choices: tuple[str, ...]


def conflicts(visit: Visit) -> Page:
    found = open_conflicts(visit.county, AT_ONCE + 1, visit.skip(AT_ONCE))
    more = len(found) > AT_ONCE
    del found[AT_ONCE:]
    names = hall_names(visit.county, {UUID(line["hall_id"]) for line in found})
    cards = [_card(visit, line, {}, names) for line in found]
    return Page("conflicts.html", {"cards": cards, "more": more})


def conflict(visit: Visit) -> Page:
    with visit.county.transaction() as tx:
        conflict_id = visit.part_id()
        values = read(tx, visit.county.keys, "conflicts", [conflict_id]).get(conflict_id)
        if values is None:
            raise missing()
        if values["state"] != "open":
            return Page("conflict_done.html", {"values": values})
        table, row_id = values["table"], UUID(values["row_id"])
        other = _other(values)
        ids = [row_id, *([other] if other else [])]
        rows = read(tx, visit.county.keys, table, ids) if table in SYNCED else {}
    halls = {UUID(row["hall_id"]) for row in rows.values()} | {UUID(values["hall_id"])}
    return Page("conflict.html", {"card": _card(visit, values, rows, hall_names(visit.county, halls))})


def resolve(visit: Visit) -> Go:
    conflict_id = visit.part_id()
    try:
        choice = Choice(visit.form.get("choice", ""))
    except ValueError:
        raise Refused(400, "请选一种处理办法") from None
    keep = as_id(visit.form["keep"]) if choice is Choice.MERGE and visit.form.get("keep") else None
    audit.note(visit.county, visit.actor, "work_off", conflict_id, choice=choice.value)
    try:
        work_off(visit.county, conflict_id, choice, visit.actor, keep)
    except ConflictGone:
        return Go("/console/conflicts", "gone")
    except ChoiceUnfit:
        return Go(f"/console/conflicts/{conflict_id}", "unfit")
    return Go("/console/conflicts", "resolved")


def _card(
    visit: Visit, values: dict[str, Any], rows: dict[UUID, dict[str, Any]], halls: dict[UUID, str]
) -> Card:
    table, details, kind = values["table"], details_of(values), values["kind"]
    row = rows.get(UUID(values["row_id"]), {})
    people: tuple[tuple[UUID, str], ...] = ()
    sides: list[Side] = []
    if kind == ConflictKind.SAME_PERSON and len(rows) == 2:
        first, second = (rows[key] for key in sorted(rows))
        people = tuple((UUID(one["id"]), halls.get(UUID(one["hall_id"]), "")) for one in (first, second))
        sides = [_side(visit, table, name, first[name], second[name]) for name in SIDE_BY_SIDE]
    else:
        pairs = {name: pair for name, pair in details.items() if isinstance(pair, list) and len(pair) == 2}
        if kind != ConflictKind.SAME_PERSON:
            # what stands may have changed again since it was listed
            sides = [
                _side(visit, table, name, row.get(name, pair[0]), pair[1]) for name, pair in pairs.items()
            ]
    facts = tuple(
        (label(name, visit.language), str(value))
        for name, value in details.items()
        if kind == ConflictKind.OVERFILLED and name in ("openings", "referred")
    )
    title = masks.value(table, TITLES[table], row.get(TITLES[table])) if table in TITLES and row else ""
    return Card(
        UUID(values["id"]),
        kind,
        table,
        halls.get(UUID(values["hall_id"]), ""),
        datetime.fromisoformat(values["created_at"]),
        title,
        tuple(sides),
        facts,
        people,
        _choices(kind, bool(sides), bool(people)),
    )


def _choices(kind: str, sides: bool, people: bool) -> tuple[str, ...]:
    if people:
        return (Choice.MERGE.value, Choice.NOTE.value)
    if sides and kind in TAKEABLE:
        return (Choice.KEEP.value, Choice.TAKE.value, Choice.NOTE.value)
    return (Choice.KEEP.value, Choice.NOTE.value)


def _side(visit: Visit, table: str, column: str, kept: Any, lost: Any) -> Side:
    shown = [_value(visit, table, column, value) for value in (kept, lost)]
    return Side(
        label(column, visit.language),
        shown[0],
        shown[1],
        masks.is_personal(table, column) and shown[0] == shown[1] and kept != lost,
    )


def _other(values: dict[str, Any]) -> UUID | None:
    """The second record of one person."""
    if values["kind"] != ConflictKind.SAME_PERSON:
        return None
    with suppress(ValueError):
        return UUID(str(details_of(values).get("other")))
    return None


def _value(visit: Visit, table: str, column: str, value: Any) -> str:
    language = visit.language
    states = {"referrals": words.REFERRAL_STATES, "postings": words.POSTING_STATES}.get(table, {})
    if column == "state" and str(value) in states:
        return language.text(states[str(value)])
    if column == "sex" and str(value) in words.SEXES:
        return language.text(words.SEXES[str(value)])
    if column.endswith("_at") and isinstance(value, str) and not masks.is_personal(table, column):
        with suppress(ValueError):
            return visit.moment(datetime.fromisoformat(value))
    return masks.value(table, column, value)


def label(column: str, language: Language) -> str:
    return language.text(words.COLUMNS[column]) if column in words.COLUMNS else column
