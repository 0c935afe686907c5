"""An employer's word by the code on a slip: once, without signing in, and it reaches the hall (spec S9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from db.county import enrol
from db.county.contacts import purge_contacts_in
from db.county.purge import purge
from db.models import Conflict, ConflictKind, Referral, ReferralState, now
from db.outbox import plain
from db.slip_token import make_token
from tests.county.world import World, add_posting, add_seeker
from tests.county_console.desk import (
    Answer,
    Browser,
    Slip,
    add_slip,
    one_slip,
    set_state,
    state_of,
    token,
)

NOT_HIRED = {"outcome": "declined", "reason": "skill"}


@pytest.fixture
def slip(county_world: World) -> Slip:
    return one_slip(county_world)


def confirm(phone: Browser, slip: Slip, **form: str) -> Answer:
    return phone.post("/" + slip.token, form or {"outcome": "hired"})


def conflicts(slip: Slip) -> list[tuple[str, object]]:
    with slip.store.read() as session:
        return [(row.kind.value, row.details) for row in session.query(Conflict)]


def hired_at(slip: Slip) -> datetime | None:
    with slip.store.read() as session:
        return session.get_one(Referral, slip.referral).hired_at


def test_the_page_shows_what_the_slip_shows(slip: Slip, stranger: Browser) -> None:
    answer = stranger.get("/" + slip.token)
    assert answer.status == 200
    for part in (
        "张*三",
        "砌墙工",
        "样**板",
        "样本零工市场",
        "城关镇",
        "2026-11-20 07:30–18:00",
        "01-000001",
    ):
        assert part in answer.body
    assert 'id="hired"' in answer.body
    assert "no-store" in answer.headers["cache-control"]
    assert not answer.cookies


def test_hired_reaches_the_hall_with_the_next_pull(
    county_world: World, slip: Slip, stranger: Browser
) -> None:
    done = confirm(stranger, slip)
    assert (done.status, done.headers["location"]) == (303, "/" + slip.token)
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral) == ("hired", "")
    assert hired_at(slip) == county_world.one("SELECT at FROM confirmations")
    after = stranger.get("/" + slip.token)
    assert after.status == 200
    assert "在本页确认" in after.body
    assert 'id="hired"' not in after.body


@pytest.mark.parametrize(
    ("reason", "state"), [("skill", "declined"), ("filled", "declined"), ("no_show", "no_show")]
)
def test_not_hired_reaches_the_hall_with_its_reason(
    county_world: World, slip: Slip, stranger: Browser, reason: str, state: str
) -> None:
    assert confirm(stranger, slip, outcome="declined", reason=reason).status == 303
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral) == (state, f"employer:{reason}")
    assert hired_at(slip) is None


def test_a_scanner_that_names_no_origin_may_confirm(slip: Slip, stranger: Browser) -> None:
    assert stranger.post("/" + slip.token, {"outcome": "hired"}, origin=None).status == 303


def test_it_is_confirmed_once(county_world: World, slip: Slip, stranger: Browser) -> None:
    confirm(stranger, slip)
    again = confirm(stranger, slip, **NOT_HIRED)
    assert again.status == 200
    assert "在本页确认" in again.body
    assert county_world.rows("SELECT outcome FROM confirmations") == [("hired",)]
    assert county_world.one("SELECT state FROM referrals") == "hired"


def test_two_phones_at_once_confirm_once(county_world: World, slip: Slip, stranger: Browser) -> None:
    def press(number: int) -> int:
        phone = Browser(county_world, stranger.port)
        return confirm(phone, slip, **({"outcome": "hired"} if number % 2 else NOT_HIRED)).status

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(press, range(6)))
    assert sorted(said) == [200] * 5 + [303]
    assert county_world.one("SELECT count(*) FROM confirmations") == 1


def test_looking_changes_nothing(county_world: World, slip: Slip, stranger: Browser) -> None:
    before = county_world.rows("SELECT version, state FROM referrals")
    for _ in range(3):
        stranger.get("/" + slip.token)
    assert stranger.ask("HEAD", "/" + slip.token, b"", {}).status == 200
    stranger.get("/" + slip.token + "?outcome=hired")
    assert county_world.rows("SELECT version, state FROM referrals") == before
    assert county_world.one("SELECT count(*) FROM confirmations") == 0


def test_half_an_answer_is_none(county_world: World, slip: Slip, stranger: Browser) -> None:
    halves: list[dict[str, str]] = [
        {},
        {"outcome": "started"},
        {"outcome": "declined"},
        {"outcome": "declined", "reason": "x"},
        {"reason": "skill"},
    ]
    for form in halves:
        assert stranger.post("/" + slip.token, form).status == 400
    for origin in ("null", "https://elsewhere.example", ""):
        assert stranger.post("/" + slip.token, {"outcome": "hired"}, origin=origin).status == 403
    assert county_world.one("SELECT count(*) FROM confirmations") == 0


def test_what_cannot_be_confirmed_says_why(county_world: World, slip: Slip, stranger: Browser) -> None:
    store = slip.store
    posting = add_posting(store, openings=9)

    def issued(serial: int, hours: float = 24.0) -> None:
        add_slip(store, add_seeker(store, f"1101051949123100{serial}", "样本"), posting, serial, hours)

    issued(11, hours=-0.5)
    for serial, state in ((12, "lapsed"), (13, "cancelled"), (14, "started"), (15, "met")):
        issued(serial)
        with store.write() as session:
            row = session.query(Referral).filter_by(slip_serial=serial).one()
            row.state = ReferralState(state)
    county_world.sync(store)
    issued(16)  # not sent yet
    number = store.origin.device_number
    cut = token(county_world, store, 1)[:-1] + ("A" if slip.token[-1] != "A" else "I")
    expected = {
        token(county_world, store, 11): (410, "已过期"),
        token(county_world, store, 12): (410, "已过期"),
        token(county_world, store, 13): (410, "已撤回"),
        token(county_world, store, 14): (200, "已上岗"),
        token(county_world, store, 15): (200, 'id="hired"'),
        token(county_world, store, 16): (404, "还没把这张单传上来"),
        token(county_world, store, 1, kind=2): (404, "这不是对接单"),
        cut: (404, "这个码不对"),
        make_token(b"x" * 32, 1, number, 1): (404, "这个码不对"),
        make_token(b"x" * 32, 1, number, 999): (404, "没有这张对接单"),
        "A" * 21: (404, "没有这张对接单"),
        "hello": (404, "没有这张对接单"),
    }
    for text, (status, words) in expected.items():
        answer = stranger.get("/" + text)
        assert (answer.status, words in answer.body) == (status, True), (text, words, answer.body)
        if status != 200:
            assert stranger.post("/" + text, {"outcome": "hired"}).status == status
    assert county_world.one("SELECT count(*) FROM confirmations") == 0


def test_one_number_in_two_halls_is_told_apart_by_the_key(
    county_world: World, slip: Slip, stranger: Browser
) -> None:
    other = one_slip(county_world, "b", seeker="李小四", title="木工")
    assert other.store.origin.device_number == slip.store.origin.device_number
    assert "木工" in stranger.get("/" + other.token).body
    assert "砌墙工" in stranger.get("/" + slip.token).body
    confirm(stranger, other)
    county_world.sync(slip.store)
    county_world.sync(other.store)
    assert state_of(slip.store, slip.referral)[0] == "issued"
    assert state_of(other.store, other.referral)[0] == "hired"


def test_the_counter_said_the_same_meanwhile(county_world: World, slip: Slip, stranger: Browser) -> None:
    """One hire with one moment: the one that came first."""
    confirm(stranger, slip)
    set_state(slip.store, slip.referral, ReferralState.HIRED)
    county_world.sync(slip.store)
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral)[0] == "hired"
    assert hired_at(slip) == county_world.one("SELECT at FROM confirmations")
    assert county_world.one("SELECT hired_at FROM referrals") == hired_at(slip)
    assert conflicts(slip) == []


@pytest.mark.parametrize("state", [ReferralState.DECLINED, ReferralState.NO_SHOW, ReferralState.CANCELLED])
def test_the_counter_said_otherwise_meanwhile(
    county_world: World, slip: Slip, stranger: Browser, state: ReferralState
) -> None:
    """The employer came first and stands; what the counter said is on the list, in the hall too."""
    confirm(stranger, slip)
    set_state(slip.store, slip.referral, state, "counter")
    county_world.sync(slip.store)
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral)[0] == "hired"
    moment = plain(hired_at(slip))
    assert moment is not None
    [(kind, details)] = conflicts(slip)
    assert kind == ConflictKind.STATE
    assert details == {
        "hired_at": [moment, None],
        "reason": ["", "counter"],
        "state": ["hired", state.value],
    }


def test_declined_here_hired_at_the_counter(county_world: World, slip: Slip, stranger: Browser) -> None:
    confirm(stranger, slip, **NOT_HIRED)
    set_state(slip.store, slip.referral, ReferralState.HIRED)
    moment = plain(hired_at(slip))
    county_world.sync(slip.store)
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral) == ("declined", "employer:skill")
    assert hired_at(slip) is None
    assert conflicts(slip) == [("state", {"hired_at": [None, moment], "state": ["declined", "hired"]})]


def test_the_counter_came_first(county_world: World, slip: Slip, stranger: Browser) -> None:
    set_state(slip.store, slip.referral, ReferralState.DECLINED)
    county_world.sync(slip.store)
    answer = confirm(stranger, slip)
    assert answer.status == 200
    assert "大厅已于" in answer.body
    assert county_world.one("SELECT count(*) FROM confirmations") == 0


def test_a_hall_that_had_not_heard_lets_it_lapse(county_world: World, slip: Slip, stranger: Browser) -> None:
    """Confirmed in time: a lapse only says that nobody told the hall."""
    confirm(stranger, slip)
    set_state(slip.store, slip.referral, ReferralState.LAPSED, "not_confirmed")
    county_world.sync(slip.store)
    county_world.sync(slip.store)
    assert state_of(slip.store, slip.referral) == ("hired", "")
    assert conflicts(slip) == []


def test_the_work_goes_on_from_there(county_world: World, slip: Slip, stranger: Browser) -> None:
    confirm(stranger, slip)
    county_world.sync(slip.store)
    set_state(slip.store, slip.referral, ReferralState.STARTED)
    county_world.sync(slip.store)
    set_state(slip.store, slip.referral, ReferralState.FINISHED)
    county_world.sync(slip.store)
    assert county_world.one("SELECT state FROM referrals") == "finished"
    assert county_world.one("SELECT hired_at FROM referrals") == county_world.one(
        "SELECT at FROM confirmations"
    )
    assert conflicts(slip) == []
    assert "在本页确认" in stranger.get("/" + slip.token).body
    assert "大厅后来登记为" not in stranger.get("/" + slip.token).body


def test_what_the_hall_recorded_later_is_said(county_world: World, slip: Slip, stranger: Browser) -> None:
    confirm(stranger, slip)
    county_world.sync(slip.store)
    set_state(slip.store, slip.referral, ReferralState.NO_SHOW)
    county_world.sync(slip.store)
    assert conflicts(slip) == []  # said with the employer's word in view
    assert county_world.one("SELECT hired_at FROM referrals") is None
    body = stranger.get("/" + slip.token).body
    assert "录用" in body
    assert "大厅后来登记为：没到场" in body


def test_a_purged_person_has_no_name_there(county_world: World, slip: Slip, stranger: Browser) -> None:
    purge(county_world.county, [slip.seeker], "request")
    answer = stranger.get("/" + slip.token)
    assert answer.status == 200
    assert "张" not in answer.body.replace("这张", "")


def test_the_slip_ends_on_time(county_world: World, slip: Slip, stranger: Browser) -> None:
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE referrals SET valid_until = %s", (now() - timedelta(seconds=1),))
    assert stranger.get("/" + slip.token).status == 410
    assert confirm(stranger, slip).status == 410
    assert county_world.one("SELECT state FROM referrals") == "issued"


def test_what_nobody_knows_any_more_leaves_no_gap(county_world: World, slip: Slip, stranger: Browser) -> None:
    """The person erased, the employer's contacts emptied by age, a hall without a telephone: what is left is plain."""
    purge(county_world.county, [slip.seeker], "request")
    with county_world.county.transaction() as tx:
        [[employer]] = tx.execute("SELECT id FROM employers").fetchall()
        purge_contacts_in(
            tx, county_world.county, {"postings": {slip.posting}, "employers": {employer}}, "age"
        )
        tx.execute("UPDATE halls SET hotline = ''")
    page = stranger.get("/" + slip.token).body
    assert 'class="person"' not in page
    assert "用工主体" not in page
    assert "<dd></dd>" not in page
    assert "砌墙工" in page
    confirm(stranger, slip)
    assert "电话" not in stranger.get("/" + slip.token).body


def test_a_slip_of_a_lost_device_is_still_the_halls(
    county_world: World, slip: Slip, stranger: Browser
) -> None:
    """The paper was handed out before the device was lost; its key is the hall's."""
    assert enrol.revoke(county_world.county, slip.store.origin.device_id)
    assert 'id="hired"' in stranger.get("/" + slip.token).body
    assert confirm(stranger, slip).status == 303
    assert county_world.one("SELECT state FROM referrals") == "hired"
