"""What keeps the pages ours: sessions, forms, headers, limits, and text that stays text."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from markupsafe import escape

from db.county.console import sessions, staff
from db.county.console.app import routes
from db.county.console.web import MOST_FORM, SESSION
from db.county.limits import Rate
from db.models import Employer, EmployerKind, Seeker
from tests.county.world import Server, World, add_posting, add_seeker, set_up
from tests.county_console.desk import NUMBER, PASSWORD, Browser, clerk, one_slip, pages, token

EVIL = """<script>alert(1)</script>"'&{{7*7}}'; DROP TABLE seekers;--"""
CLOSED = (
    "/console",
    "/console/enrol",
    "/console/quarantine",
    "/console/conflicts",
    "/console/postings",
    "/console/notices",
    "/console/people",
    "/console/figures",
    "/console/log",
    "/console/password",
)

# what no page answers: nothing of that name, not this way, a slash too many; and what devices and operators ask
NO_PAGES = (
    ("GET", "/nothing/of/that/name", 404),
    ("GET", "/console/nothing", 404),
    ("POST", "/console/log", 405),
    ("DELETE", "/console", 405),
    ("PUT", "/", 405),
    ("GET", "/console/", 307),
    ("GET", "/console/sign-in/", 307),
    ("GET", "/health", 200),
    ("GET", "/metrics", 200),
    ("GET", "/v1/nothing", 404),
    ("GET", "/v1/push", 405),
    ("GET", "/v1/mark", 401),
    ("POST", "/v1/enrol", 400),
)


def closed_routes(world: World) -> list[tuple[str, str]]:
    """Every route but the open ones, as (method, path) with something in the places."""
    found = []
    for route in routes(world.county, world.tls):
        path: str = route.path  # type: ignore[attr-defined]
        methods: set[str] = route.methods  # type: ignore[attr-defined]
        if path.startswith("/console") and path not in ("/console/sign-in", "/console/style.css"):
            found += [(method, path.replace("{id}", str(uuid4()))) for method in methods - {"HEAD"}]
    return found


def test_without_a_session_every_page_sends_to_the_sign_in(county_world: World, stranger: Browser) -> None:
    asked = closed_routes(county_world)
    assert len(asked) > 20
    for method, path in asked:
        answer = stranger.get(path) if method == "GET" else stranger.post(path, {"a": "b"})
        assert (answer.status, answer.headers["location"]) == (303, "/console/sign-in"), path
    assert county_world.one("SELECT count(*) FROM console_audit") == 0


def test_every_answer_is_armoured(browser: Browser, stranger: Browser) -> None:
    answers = [browser.get(path) for path in CLOSED]
    answers += [
        stranger.get(path) for path in ("/", "/console/sign-in", "/console/style.css", "/A", "/console")
    ]
    answers.append(stranger.post("/console/sign-in", {"name": "a"}, origin="https://elsewhere.example"))
    answers += [stranger.ask(method, path, b"", {}) for method, path, _ in NO_PAGES]
    assert [answer.status for answer in answers[-len(NO_PAGES) :]] == [status for *_, status in NO_PAGES]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers
    for answer in answers[: len(CLOSED)]:
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.body
        assert " style=" not in answer.body
        assert " onclick" not in answer.body


def test_the_cookie_is_for_this_host_only(county_world: World, stranger: Browser) -> None:
    first = staff.add(county_world.county, "李")
    answer = stranger.sign_in("李", first)
    line = answer.cookies[SESSION].lower()
    assert SESSION.startswith("__Host-")
    for part in ("secure", "httponly", "samesite=strict", "path=/"):
        assert part in line
    assert "domain" not in line
    assert len(stranger.cookies[SESSION]) >= 43  # 256 bits
    before = stranger.cookies[SESSION]
    stranger.sign_in("李", first)
    assert stranger.cookies[SESSION] != before  # a session known before is none after
    with_old = Browser(county_world, stranger.port, {SESSION: before})
    assert with_old.get("/console").status == 303


def test_a_first_password_opens_one_page_only(county_world: World, stranger: Browser) -> None:
    first = staff.add(county_world.county, "李")
    assert stranger.sign_in("李", first).headers["location"] == "/console"
    for path in CLOSED[:-1]:
        assert stranger.get(path).headers["location"] == "/console/password"
    refused = stranger.send("/console/password", old=first, new=PASSWORD, again="another-long-one")
    assert refused.status == 403
    assert "两次输入的新密码不一样" in refused.body
    assert stranger.send("/console/password", old="wrong", new=PASSWORD, again=PASSWORD).status == 403
    done = stranger.send("/console/password", old=first, new=PASSWORD, again=PASSWORD)
    assert done.headers["location"].startswith("/console/sign-in")
    assert stranger.sign_in("李", PASSWORD).status == 303
    assert stranger.get("/console").status == 200


def test_signing_in_says_nothing_of_who_there_is(county_world: World, stranger: Browser) -> None:
    staff.add(county_world.county, "李")
    known, unknown = stranger.sign_in("李", "wrong"), stranger.sign_in("王", "wrong")
    assert (known.status, unknown.status) == (403, 403)
    assert known.body.replace("李", "王") == unknown.body
    for _ in range(6):
        last = stranger.sign_in("王", "wrong")
    assert last.status == 429
    assert "请等" in last.body


def test_forms_of_others_are_refused(county_world: World, served: Server, browser: Browser) -> None:
    other = clerk(county_world, served.port, "王")
    mine, path = browser.form_token(), "/console/postings/auto"
    wrong = ("", "x", "0" * 64, other.form_token(), mine.upper() if mine.upper() != mine else "y")
    for given in wrong:
        assert browser.post(path, {"form_token": given, "on": "0"}).status == 403
    assert browser.post(path, {"on": "0"}).status == 403
    good = {"form_token": mine, "on": "0"}
    for origin in (None, "null", "https://elsewhere.example", f"http://127.0.0.1:{served.port}", ""):
        assert browser.post(path, good, origin=origin).status == 403, origin
    assert county_world.one("SELECT auto_publish FROM county") is True
    assert browser.post(path, good).status == 303
    assert county_world.one("SELECT auto_publish FROM county") is False


def test_nothing_is_done_by_opening_an_address(county_world: World, browser: Browser) -> None:
    before = county_world.one("SELECT count(*) FROM console_audit")
    for method, path in closed_routes(county_world):
        if method == "POST" and path not in CLOSED and not path.startswith("/console/conflicts/"):
            assert browser.get(path).status in (404, 405), path
    assert county_world.one("SELECT count(*) FROM console_audit") == before


def test_a_session_left_alone_ends(county_world: World, browser: Browser) -> None:
    assert browser.get("/console").status == 200
    with county_world.county.transaction() as tx:
        tx.execute(
            "UPDATE console_sessions SET used_at = now() - %s", (sessions.IDLE + timedelta(seconds=1),)
        )
    assert browser.get("/console").headers["location"] == "/console/sign-in"


def test_signing_out_ends_the_session_at_the_server(county_world: World, browser: Browser) -> None:
    kept = dict(browser.cookies)
    assert browser.send("/console/sign-out").status == 303
    assert browser.cookies[SESSION] == ""
    assert Browser(county_world, browser.port, kept).get("/console").status == 303


def test_forms_have_limits(browser: Browser) -> None:
    form = {"form_token": browser.form_token(), "title": "a", "kind": "notice"}
    assert browser.post("/console/notices", {**form, "body": "x" * MOST_FORM}).status == 413
    assert browser.post("/console/notices", {**form, **{f"f{n}": "1" for n in range(50)}}).status == 400
    assert browser.post("/console/notices", {**form, "body": "x" * 3001}).status == 400
    assert browser.ask(
        "POST",
        "/console/notices",
        b"\xff\xfe=%ff",
        {"Origin": f"https://127.0.0.1:{browser.port}"},
    ).status in (400, 403)
    nul = browser.post("/console/notices", {**form, "body": "a\0b"})
    assert nul.status == 303


def test_what_people_wrote_stays_text(county_world: World, served: Server) -> None:
    """A seeker's and an employer's name, a posting's title, a notice, a member of staff: all are shown as they are."""
    texts = (EVIL, "<img src=x onerror=alert(1)>", "{% raw %}", "%00%0d%0aSet-Cookie: a=b")
    for number, text in enumerate(texts):
        browser = clerk(county_world, served.port, text[:40])
        slip = one_slip(county_world, f"hall{number}", f"11010519491231{number}", title=text, seeker=text)
        with slip.store.write() as session:
            for employer in session.query(Employer):
                employer.kind, employer.name = EmployerKind.ORGANISATION, text
        county_world.sync(slip.store)
        assert browser.send("/console/notices", kind="notice", title=text[:60], body=text).status == 303
        seen = [browser.get(path) for path in (*CLOSED, "/" + slip.token)]
        assert [answer.status for answer in seen] == [200] * len(seen)
        for answer in seen:
            assert "<script" not in answer.body
            assert "<img" not in answer.body
            assert not answer.cookies
        shown = browser.get("/console/postings").body + browser.get("/" + slip.token).body
        assert str(escape(text)) in shown
        assert (text in shown) == (escape(text) == text)
    assert county_world.one("SELECT count(*) FROM seekers") == len(texts)


def test_quotes_are_no_way_in(county_world: World, stranger: Browser) -> None:
    staff.add(county_world.county, "李")
    for text in ("' OR '1'='1", "x'; DELETE FROM console_staff; --", "%' --", "\\"):
        assert stranger.sign_in(text, text).status == 403
        assert stranger.get("/console/figures?" + urlencode({"hall": text, "month": text})).status == 303
        assert stranger.get("/" + urlencode({"a": text})).status == 404
    assert county_world.one("SELECT count(*) FROM console_staff") == 1


def test_strange_addresses_are_not_found(browser: Browser) -> None:
    for path in (
        "/console/devices/x",
        f"/console/devices/{uuid4()}",
        f"/console/conflicts/{uuid4()}",
        f"/console/notices/{uuid4()}",
        "/console/figures?hall=x",
        "/nothing",
    ):
        answer = browser.get(path)
        assert answer.status == 404, path
        assert "Traceback" not in answer.body
    assert browser.get("/console/log?before=x").status == 200
    assert browser.get("/console/log?before=99999999999999999999").status == 200
    assert browser.get("/console/figures?month=2026-13").status == 200
    assert browser.get("/console?said=<script>").status == 200


def test_an_address_in_a_hurry_waits(county_world: World) -> None:
    with pages(county_world, console=Rate(0.01, 3), slips=Rate(0.01, 2)) as server:
        hasty = Browser(county_world, server.port)
        assert [hasty.get("/console/sign-in").status for _ in range(4)] == [200, 200, 200, 429]
        assert [hasty.get("/" + "A" * 21).status for _ in range(3)] == [404, 404, 429]
        answer = hasty.get("/" + "A" * 21)
        assert int(answer.headers["retry-after"]) > 1
        assert "操作太快" in answer.body


def test_a_bug_shows_nothing_of_the_inside(
    county_world: World, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE quarantine RENAME TO secret_rows")
    answer = browser.get("/console/quarantine")
    assert answer.status == 500
    assert "出了点问题" in answer.body
    assert "secret_rows" not in answer.body
    assert "quarantine" not in answer.body
    assert "bug in page quarantine" in caplog.text


def test_english_by_a_switch(browser: Browser) -> None:
    assert "Halls and devices" not in browser.get("/console").body
    assert "Halls and devices" in browser.get("/console?lang=en").body
    assert "Quarantine" in browser.get("/console/quarantine").body  # remembered
    assert 'lang="en"' in browser.get("/console").body
    assert "隔离区" in browser.get("/console/quarantine?lang=zh").body
    assert "隔离区" in browser.get("/console/quarantine?lang=<x>").body


def test_personal_data_is_masked_everywhere(county_world: World, browser: Browser) -> None:
    slip = one_slip(county_world)
    second = county_world.device("b")
    set_up(second)
    add_seeker(second, NUMBER, "张大三", phone="13900000009")
    county_world.sync(second)
    add_posting(slip.store)
    county_world.sync(slip.store)
    [[conflict, *_]] = county_world.rows("SELECT id FROM conflicts LIMIT 1")
    paths = [*CLOSED, f"/console/conflicts/{conflict}", f"/console/devices/{slip.store.origin.device_id}"]
    paths.append("/" + token(county_world, slip.store, 1))
    whole = (NUMBER, "张小三", "张大三", "13900000001", "13900000002", "13900000009", "样本老板")
    seen = [browser.get(path) for path in paths]
    for answer in seen:
        assert answer.status == 200
        assert not [value for value in whole if value in answer.body]
    masked = next(answer.body for answer, path in zip(seen, paths, strict=True) if str(conflict) in path)
    for value in ("张*三", "1101**********002X", "139 **** 0009"):
        assert value in masked
    with slip.store.read() as session:
        assert session.query(Seeker).count() == 1
