"""Sign in, sign out, change the password; and the list of who did what."""

from __future__ import annotations

from db.county.console import audit, sessions, staff
from db.county.console.staff import LEAST, Member, StaffRefused
from db.county.console.web import Go, Page, Visit

LOG_AT_ONCE = 100


def sign_in_form(visit: Visit) -> Page:
    return Page("sign_in.html", {"wrong": "", "name": ""})


def sign_in(visit: Visit) -> Page | Go:
    name = visit.form.get("name", "")
    try:
        member = staff.check(visit.county, name, visit.form.get("password", ""), visit.address)
    except StaffRefused as refused:
        values = {"wrong": _words(visit, refused), "name": name[: staff.NAME_MOST]}
        return Page("sign_in.html", values, 429 if refused.context["reason"] == "wait" else 403)
    if visit.session:
        sessions.end(visit.county, visit.session)
    return Go("/console", session=sessions.begin(visit.county, member))


def sign_out(visit: Visit) -> Go:
    sessions.end(visit.county, visit.session)
    audit.note(visit.county, visit.actor, "signed_out")
    return Go("/console/sign-in", "signed_out", session="")


def password_form(visit: Visit) -> Page:
    return Page("password.html", {"wrong": "", "least": LEAST})


def change_password(visit: Visit) -> Page | Go:
    old, new = visit.form.get("old", ""), visit.form.get("new", "")
    try:
        if new != visit.form.get("again", ""):
            raise StaffRefused(reason="again")
        staff.change_password(visit.county, _member(visit), old, new, visit.address)
    except StaffRefused as refused:
        return Page("password.html", {"wrong": _words(visit, refused), "least": LEAST}, 403)
    return Go("/console/sign-in", "password", session="")


def log(visit: Visit) -> Page:
    before = visit.query.get("before", "")
    with visit.county.transaction() as tx:
        start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
        lines = audit.lines(tx, before=start, most=LOG_AT_ONCE)
    return Page("log.html", {"lines": lines, "more": len(lines) == LOG_AT_ONCE})


def _member(visit: Visit) -> Member:
    assert visit.member is not None  # the page is closed
    return visit.member


def _words(visit: Visit, refused: StaffRefused) -> str:
    say = visit.language.text
    match refused.context["reason"]:
        case "wait":
            return say("试得太多了，请等 {seconds} 秒再试。", seconds=refused.context["seconds"])
        case "short":
            return say("新密码至少 {least} 位。", least=LEAST)
        case "long":
            return say("新密码太长了。")
        case "same":
            return say("新密码不能与旧密码或姓名相同。")
        case "again":
            return say("两次输入的新密码不一样。")
    return say("姓名或密码不对。")
