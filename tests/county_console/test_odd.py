"""What nobody expects: rows that no program of ours writes, long lists, forged headers, another zone's wall clock."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from db.county import enrol
from db.county.console.app import routes
from db.county.limits import Rate
from db.county.service import Service
from db.models import Conflict, ConflictKind, ConflictState
from tests.county.world import Server, World, add_posting, add_referral, add_seeker, no_limits, set_up
from tests.county_console.desk import NUMBER, Browser, clerk, rename


def served_with(world: World, **given: object) -> Server:
    service = Service(world.county, world.tls.authority, no_limits())
    wide = Rate(10_000, 100_000)
    tls = dataclasses.replace(world.tls, given=bool(given.pop("known", False)))
    more = routes(world.county, tls, wide, wide, metrics=service.metrics, **given)  # type: ignore[arg-type]
    return Server(service, tls, more=more)


def test_pages_are_counted_by_route_and_never_by_what_is_in_the_address(county_world: World) -> None:
    served = served_with(county_world)
    try:
        browser = clerk(county_world, served.port)
        browser.get("/console")
        browser.get(f"/console/devices/{uuid7()}")
        browser.get("/ABCDEFGHIJKLMNOPQRSTU")
        text = browser.get("/metrics").body
    finally:
        served.close()
    assert 'gighall_requests_total{path="/console",status="200"} 1' in text
    assert 'gighall_requests_total{path="/console/devices/{id}",status="404"} 1' in text
    assert 'gighall_requests_total{path="/{token}",status="404"} 1' in text
    assert "ABCDEFGHIJ" not in text
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}", text)


@pytest.mark.parametrize("known", [False, True])
def test_a_certificate_that_browsers_know_is_asked_for_from_then_on(county_world: World, known: bool) -> None:
    """With the local authority a lost folder would lock the office out for a year."""
    served = served_with(county_world, known=known)
    try:
        answer = Browser(county_world, served.port).get("/console/sign-in")
    finally:
        served.close()
    assert ("strict-transport-security" in answer.headers) is known


def test_times_are_of_the_zone_that_the_operator_named(county_world: World) -> None:
    store = county_world.device("a")
    county_world.sync(store)
    at = datetime(2026, 10, 31, 20, 30, tzinfo=UTC)  # in Shanghai it is November
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE enrolled SET enrolled_at = %s", (at,))
    set_up(store)
    add_referral(store, add_seeker(store, NUMBER), add_posting(store), 1)
    county_world.sync(store)
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE referrals SET issued_at = %s", (at,))
    pages = {}
    for zone in ("Asia/Shanghai", "Asia/Urumqi", "Europe/London"):
        served = served_with(county_world, zone=ZoneInfo(zone))
        try:
            browser = clerk(county_world, served.port, zone)
            device = browser.get(f"/console/devices/{store.origin.device_id}").body
            figures = browser.get("/console/figures?month=2026-11").body
        finally:
            served.close()
        months = dict(
            re.findall(r"<tr><td>(2026-1\d)</td>(?:<td[^>]*>\d+</td>){3}<td[^>]*>(\d+)</td>", figures)
        )
        pages[zone] = (
            re.findall(r"2026-1[01]-\d\d \d\d:\d\d", device)[0],
            months["2026-10"],
            months["2026-11"],
        )
    assert pages == {
        "Asia/Shanghai": ("2026-11-01 04:30", "0", "1"),
        "Asia/Urumqi": ("2026-11-01 02:30", "0", "1"),
        "Europe/London": ("2026-10-31 20:30", "1", "0"),
    }


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (ConflictKind.SAME_PERSON, {"other": "nobody"}),
        (ConflictKind.SAME_PERSON, {}),
        (ConflictKind.SAME_PERSON, ["a", "list"]),
        (
            ConflictKind.FIELDS,
            {"state": [["a"], {"b": 1}], "resolved_at": ["never", 5], "<i>": ["<b>", "{x}"]},
        ),
        (ConflictKind.OVERFILLED, {"openings": "<script>", "referred": None}),
    ],
)
def test_a_conflict_that_we_would_not_write_takes_no_page_away(
    county_world: World, browser: Browser, kind: ConflictKind, details: object
) -> None:
    """A device may send lines of this list like any other row."""
    store = county_world.device("a")
    set_up(store)
    referral = add_referral(store, add_seeker(store, NUMBER), add_posting(store), 1)
    odd = uuid7()
    with store.write() as session:
        session.add(
            Conflict(
                id=odd,
                kind=kind,
                table="referrals" if kind is ConflictKind.FIELDS else "seekers",
                row_id=referral,
                details=details,
                state=ConflictState.OPEN,
            )
        )
    county_world.sync(store)
    assert browser.get("/console/conflicts").status == 200
    page = browser.get(f"/console/conflicts/{odd}")
    assert page.status == 200
    assert "<script>" not in page.body
    assert "<b>" not in page.body.replace("<p class", "")
    assert browser.send(f"/console/conflicts/{odd}", choice="noted").status == 303


def test_long_lists_come_in_pages(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")
    with county_world.county.transaction() as tx:
        tx.execute(
            'INSERT INTO quarantine (event_id, device_id, hall_id, epoch, seq, "table", row_id, op, schema_version,'
            " changed, payload, state, reason, since) SELECT gen_random_uuid(), %s, %s, 0, n, 'settings',"
            " gen_random_uuid(), 'I', '', '', '', 'refused', 'value', now() FROM generate_series(1, 10000) n",
            (store.origin.device_id, store.origin.hall_id),
        )
    first = browser.get("/console/quarantine")
    assert first.body.count("/discard") == 200
    assert 'href="?page=2"' in first.body
    last = browser.get("/console/quarantine?page=50")
    assert last.body.count("/discard") == 200
    assert 'href="?page=51"' not in last.body
    assert 'href="?page=49"' in last.body
    for odd in ("0", "-1", "x", "9" * 30, "2;DROP"):
        assert browser.get(f"/console/quarantine?page={odd}").body.count("/discard") == 200


def test_a_forged_host_is_no_other_page(county_world: World, stranger: Browser, browser: Browser) -> None:
    """What a page decides by is the path that was asked for, not what a header makes of it."""
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE console_staff SET must_change = true")
    forged = {"Host": "county.example/console/password?"}
    answer = browser.ask("GET", "/console/log", b"", forged)
    assert (answer.status, answer.headers["location"]) == (303, "/console/password")


def test_revoking_twice_and_codes_for_the_revoked_say_what_stands(
    county_world: World, browser: Browser
) -> None:
    store = county_world.device("a")
    county_world.sync(store)
    path = f"/console/devices/{store.origin.device_id}"
    assert enrol.revoke(county_world.county, store.origin.device_id)
    assert browser.send(f"{path}/revoke").status == 303
    assert browser.send(f"{path}/forgive").status == 303
    assert county_world.one("SELECT state FROM enrolled") == "revoked"


def test_what_stands_is_shown_as_it_stands_now(county_world: World, browser: Browser) -> None:
    """Changed again after it was listed: whoever takes what lost must see what that would replace."""
    store = county_world.device("a")
    set_up(store)
    seeker = add_seeker(store, NUMBER)
    conflict = uuid7()
    with store.write() as session:
        session.add(
            Conflict(
                id=conflict,
                kind=ConflictKind.FIELDS,
                table="seekers",
                row_id=seeker,
                details={"phone": ["13900000001", "13900000003"], "ethnicity": ["汉", "回"]},
                state=ConflictState.OPEN,
            )
        )
    county_world.sync(store)
    rename(store, seeker, "13900000004")
    county_world.sync(store)
    page = browser.get(f"/console/conflicts/{conflict}").body
    assert "139 **** 0004" in page
    assert "139 **** 0001" not in page
    assert "139 **** 0003" in page


def test_a_choice_that_cannot_be_carried_out_is_said_and_leaves_the_list_alone(
    county_world: World, browser: Browser
) -> None:
    store = county_world.device("a")
    set_up(store)
    referral = add_referral(store, add_seeker(store, NUMBER), add_posting(store), 1)
    conflict = uuid7()
    with store.write() as session:
        session.add(
            Conflict(
                id=conflict,
                kind=ConflictKind.FIELDS,
                table="referrals",
                row_id=referral,
                details={"posting_id": ["", "no such posting"]},
                state=ConflictState.OPEN,
            )
        )
    county_world.sync(store)
    path = f"/console/conflicts/{conflict}"
    for choice in ("taken", "merged"):
        answer = browser.send(path, choice=choice)
        assert answer.headers["location"] == f"{path}?said=unfit"
    assert "什么都没有改" in browser.get(f"{path}?said=unfit").body
    assert county_world.one("SELECT state FROM conflicts") == "open"


def test_digits_of_another_script_are_no_month(browser: Browser) -> None:
    answer = browser.get("/console/figures?" + urlencode({"month": "20٢٦-01"}))
    assert answer.status == 200
    assert "٢" not in answer.body


def test_why_rows_of_a_device_are_refused_is_said_in_words(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE seekers ADD CONSTRAINT assurance_known CHECK (assurance <> 1)")
    add_seeker(store, NUMBER)
    county_world.sync(store)
    page = browser.get(f"/console/devices/{store.origin.device_id}").body
    assert "这一项不合规则" in page
    assert "check:" not in page


def test_two_clerks_make_one_person_of_two_each_the_other_way(county_world: World, served: Server) -> None:
    """Each hall has its line of the list; whoever comes second finds it done, and nothing of the person is lost."""
    first, second = (county_world.device(name) for name in ("a", "b"))
    set_up(first)
    set_up(second)
    one = add_seeker(first, NUMBER)
    add_referral(first, one, add_posting(first), 1)
    county_world.sync(first)
    two = add_seeker(second, NUMBER)
    add_referral(second, two, add_posting(second), 1)
    county_world.sync(second)
    lines = [line for (line,) in county_world.rows("SELECT id FROM conflicts ORDER BY id")]
    assert len(lines) == 2
    staff = [clerk(county_world, served.port, name) for name in ("李", "王")]
    tokens = [who.form_token() for who in staff]

    def merge(at: int) -> str:
        form = {"form_token": tokens[at], "choice": "merged", "keep": str((one, two)[at])}
        answer = staff[at].post(f"/console/conflicts/{lines[at]}", form)
        assert "location" in answer.headers, (answer.status, answer.body)
        return answer.headers["location"]

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(merge, range(2)))
    assert said == ["/console/conflicts?said=gone", "/console/conflicts?said=resolved"]
    [[left]] = county_world.rows("SELECT id FROM seekers")
    assert left in (one, two)
    assert county_world.rows("SELECT DISTINCT seeker_id, count(*) FROM referrals GROUP BY 1") == [(left, 2)]
    assert county_world.one("SELECT count(*) FROM conflicts WHERE state = 'open'") == 0
