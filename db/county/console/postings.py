"""What the county says to every hall: postings to publish or close everywhere, and notices (spec C2, E6)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from db.county.base import COUNTY_HALL, Tx
from db.county.console import audit, masks, words
from db.county.console.web import Go, Page, Visit, as_id, missing
from db.county.publish import bury, own_row, publish_in
from db.county.rows import read
from db.models import EmployerKind

AT_ONCE = 200
TITLE_MOST, BODY_MOST = 60, 3000
# published by their hall, of approved employers, not over; shared with every hall, or not
LIVE = (
    " FROM postings p JOIN employers e ON e.id = p.employer_id LEFT JOIN halls h ON h.id = p.hall_id"
    " WHERE p.state = 'published' AND e.state = 'approved' AND p.ends_on >= %s"
    " AND EXISTS (SELECT 1 FROM shares s WHERE s.row_id = p.id AND s.hall_id IS NULL) = %s"
)
LIST = (
    "SELECT p.id, p.title, coalesce(h.name, ''), e.id, e.kind, p.openings, p.pay, p.pay_unit, p.place,"  # noqa: S608
    " p.starts_on, p.ends_on, p.updated_at, (SELECT count(*) FROM referrals r WHERE r.posting_id = p.id)"
    f"{LIVE} AND strpos(lower(p.title), lower(%s)) > 0 ORDER BY p.updated_at DESC LIMIT %s"
)
FIELDS = (
    "id",
    "title",
    "hall",
    "employer",
    "kind",
    "openings",
    "pay",
    "unit",
    "place",
    "starts",
    "ends",
    "at",
    "referred",
)


def postings(visit: Visit) -> Page:
    """`?q=`: titles with these words only."""
    words_of = visit.query.get("q", "").strip()
    with visit.county.transaction() as tx:
        [[automatic]] = tx.execute("SELECT auto_publish FROM county").fetchall()
        lists = {
            "to_publish": _list(tx, visit, False, words_of),
            "published": _list(tx, visit, True, words_of),
        }
    return Page("postings.html", {"automatic": automatic, "q": words_of, "most": AT_ONCE, **lists})


def count_to_publish(tx: Tx, today: date) -> int:
    [[count]] = tx.execute("SELECT count(*)" + LIVE, (today, False)).fetchall()
    return int(count)


def publish(visit: Visit) -> Go:
    posting = visit.part_id()
    with visit.county.transaction() as tx:
        if tx.execute("SELECT 1 FROM postings WHERE id = %s FOR UPDATE", (posting,)).fetchone() is None:
            raise missing()
        if tx.execute(f"SELECT 1{LIVE} AND p.id = %s", (visit.today, False, posting)).fetchone() is None:
            return Go("/console/postings", "gone")
        publish_in(tx, posting)
        audit.record(tx, visit.actor, "publish", posting)
    return Go("/console/postings", "published")


def close(visit: Visit) -> Go:
    """Closed here, closed in every hall: the county's word stands over the hall's (design §3.7)."""
    posting = visit.part_id()
    with visit.county.transaction() as tx:
        found = tx.execute("SELECT state FROM postings WHERE id = %s FOR UPDATE", (posting,)).fetchone()
        if found is None:
            raise missing()
        if found[0] != "closed":
            own_row(tx, visit.county, "postings", {"state": "closed"}, posting)
            audit.record(tx, visit.actor, "close", posting)
    return Go("/console/postings", "closed")


def auto_publish(visit: Visit) -> Go:
    on = visit.form.get("on") == "1"
    with visit.county.transaction() as tx:
        tx.execute("UPDATE county SET auto_publish = %s", (on,))
        audit.record(tx, visit.actor, "auto_publish", on=on)
    return Go("/console/postings", "auto_on" if on else "auto_off")


def notices(visit: Visit) -> Page:
    return _notices(visit, {"id": "", "kind": "notice", "title": "", "body": ""})


def notice(visit: Visit) -> Page:
    with visit.county.transaction() as tx:
        found = _own_notice(tx, visit.part_id())
    if found is None:
        raise missing()
    return _notices(visit, dict(zip(("id", "kind", "title", "body"), found, strict=True)))


def save_notice(visit: Visit) -> Page | Go:
    entry = {name: visit.form.get(name, "").strip() for name in ("id", "kind", "title", "body")}
    entry["body"] = entry["body"].replace("\r\n", "\n")
    whole = 0 < len(entry["title"]) <= TITLE_MOST and 0 < len(entry["body"]) <= BODY_MOST
    if not whole or entry["kind"] not in words.NOTICE_KINDS:
        return _notices(
            visit, entry, visit.language.text("请填写标题（60 字以内）和正文（3000 字以内）。"), 400
        )
    values = {"kind": entry["kind"], "title": entry["title"], "body": entry["body"]}
    with visit.county.transaction() as tx:
        row = as_id(entry["id"]) if entry["id"] else None
        there = row is None or _own_notice(tx, row) is not None
        if there:
            row = own_row(tx, visit.county, "notices", values, row)
            audit.record(tx, visit.actor, "notice_saved", row)
    if not there:
        wrong = visit.language.text("这条公告刚才有人已经撤下。再保存，就是一条新的。")
        return _notices(visit, {**entry, "id": ""}, wrong, 409)
    return Go("/console/notices", "notice_saved")


def withdraw_notice(visit: Visit) -> Go:
    row = visit.part_id()
    with visit.county.transaction() as tx:
        if _own_notice(tx, row) is None:
            return Go("/console/notices", "gone")
        bury(tx, "notices", [row], "withdrawn")
        audit.record(tx, visit.actor, "notice_withdrawn", row)
    return Go("/console/notices", "notice_withdrawn")


def _list(tx: Tx, visit: Visit, shared: bool, title: str) -> list[dict[str, Any]]:
    lines = tx.execute(LIST, (visit.today, shared, title, AT_ONCE)).fetchall()
    found = [dict(zip(FIELDS, line, strict=True)) for line in lines]
    employers = {entry["employer"] for entry in found}
    names = read(tx, visit.county.keys, "employers", employers, only=("id", "name"))
    for entry in found:
        name = names[entry["employer"]]["name"]
        entry["employer"] = masks.name(name) if entry["kind"] == EmployerKind.PERSON else name
        whole, rest = divmod(entry["pay"], 100)
        entry["pay"] = f"{whole}.{rest:02d}" if rest else str(whole)
    return found


def _notices(visit: Visit, entry: dict[str, Any], wrong: str = "", status: int = 200) -> Page:
    with visit.county.transaction() as tx:
        found = tx.execute(
            "SELECT id, kind, title, body, updated_at FROM notices WHERE hall_id = %s ORDER BY updated_at DESC",
            (COUNTY_HALL,),
        ).fetchall()
    return Page("notices.html", {"notices": found, "entry": entry, "wrong": wrong}, status)


def _own_notice(tx: Tx, row: UUID) -> tuple[Any, ...] | None:
    """The county's own, none where it was withdrawn; a hall's notices are the hall's."""
    found = tx.execute(
        "SELECT id, kind, title, body, hall_id FROM notices WHERE id = %s FOR UPDATE", (row,)
    ).fetchone()
    if found is not None and found[4] != COUNTY_HALL:
        raise missing()
    return found[:4] if found is not None else None
