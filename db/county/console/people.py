"""A person's rights at the county: see where records of theirs stand, hand them over, erase them everywhere (spec §6).

The number travels in forms only, never in an address. Name and number are shown masked; what was typed or found is in
no log.
"""

from __future__ import annotations

import json
from typing import Any

from db.county.console import audit, masks, words
from db.county.console.overview import ago, tone
from db.county.console.web import File, Go, Page, Refused, Visit, missing
from db.county.errors import PersonGone, PersonHeld
from db.county.person import Person, by_number, erase, person
from db.county.purge import everything
from db.id_number import has_valid_check, normalise

HERE = "/console/people"
NUMBER_MOST = 40
AT_ONCE = 50
ERASE = "erase_person"
PURGES = (
    "SELECT p.at, p.reason, p.rows, coalesce(a.actor, '') FROM purges p LEFT JOIN console_audit a"
    " ON a.act = %s AND a.subject = p.id::text ORDER BY p.at DESC, p.id DESC LIMIT %s OFFSET %s"
)


def people(visit: Visit) -> Page:
    return _list(visit)


def find(visit: Visit) -> Page | Go:
    number = normalise(visit.form.get("number", "")[:NUMBER_MOST])
    if not has_valid_check(number):
        wrong = visit.language.text("证件号不对：要 18 位，最后一位与前面的要对得上。请再核对。")
        return _list(visit, wrong, number, 400)
    with visit.county.transaction() as tx:
        found = by_number(tx, visit.county, number)
        audit.record(tx, visit.actor, "find_person", found or "")
    if found is None:
        return _list(visit, visit.language.text("全县都没有这个证件号的资料；也可能已经删除过了。"), "", 404)
    return Go(f"{HERE}/{found}")


def show(visit: Visit) -> Page | Go:
    try:
        with visit.county.transaction() as tx:
            found = person(tx, visit.county, visit.part_id())
    except PersonGone as gone:
        return _gone(gone)
    values = {
        "id": found.ids[0],
        "name": masks.name(found.name),
        "number": masks.number(found.number),
        "found": found,
        "open": _open(visit, found),
        "ago": lambda at: ago(at, visit.language),
        "tone": tone,
    }
    return Page("person.html", values)


def remove(visit: Visit) -> Go:
    """One transaction: everything of this person, the proof, and who did it; or nothing."""
    record, reason = visit.part_id(), visit.form.get("reason", "")
    if reason not in words.ERASE_REASONS:
        raise Refused(400, "请选删除的原因", "什么都没有删除。请回到页面上重新操作。")
    try:
        with visit.county.transaction() as tx:
            audit.record(tx, visit.actor, ERASE, erase(tx, visit.county, record, reason), reason=reason)
    except PersonHeld:
        return Go(f"{HERE}/{record}")
    except PersonGone as gone:
        return _gone(gone)
    return Go(HERE, "erased")


def export(visit: Visit) -> File | Go:
    """As a hall hands it over: JSON, table by table, what is sealed opened, without the blind index."""
    try:
        with visit.county.transaction() as tx:
            found = person(tx, visit.county, visit.part_id())
            tables = everything(tx, visit.county, list(found.ids))
            audit.record(tx, visit.actor, "person_exported", found.ids[0], tables=len(tables))
    except PersonGone as gone:
        return _gone(gone)
    return File(f"person-{found.ids[0]}.json", json.dumps(tables, ensure_ascii=False, indent=1).encode())


def _gone(gone: PersonGone) -> Go:
    if gone.context["reason"] == "purged":
        return Go(HERE, "erased_before")
    raise missing()


def _open(visit: Visit, found: Person) -> list[str]:
    """What each hall has to end first, in words."""
    say = visit.language.text
    return [
        say(words.HOLDS[hold.value], hall=hall.name or say("新大厅（还没传来名称）"), count=count)
        for hall in found.halls
        for hold, count in hall.open
    ]


def _list(visit: Visit, wrong: str = "", number: str = "", status: int = 200) -> Page:
    """The form, and what was purged before."""
    with visit.county.transaction() as tx:
        found = tx.execute(PURGES, (ERASE, AT_ONCE + 1, visit.skip(AT_ONCE))).fetchall()
    lines = [_line(visit, *line) for line in found[:AT_ONCE]]
    values = {"lines": lines, "more": len(found) > AT_ONCE, "wrong": wrong, "number": number}
    return Page("people.html", values, status)


def _line(visit: Visit, at: Any, reason: str, rows: dict[str, int], actor: str) -> dict[str, Any]:
    say = visit.language.text
    return {
        "at": at,
        "reason": say(words.PURGE_REASONS[reason]) if reason in words.PURGE_REASONS else reason,
        "records": rows.get("seekers", 0) + rows.get("employers", 0),
        "rows": sum(rows.values()),
        "kinds": [
            (say(words.TABLES.get(table, "其他记录")), count)
            for table, count in sorted(rows.items(), key=lambda kind: (kind[0] != "seekers", kind))
        ],
        "actor": actor,
    }
