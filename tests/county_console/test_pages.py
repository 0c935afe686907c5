"""What county staff do on the pages, over TLS, PostgreSQL and real stores of halls."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.county import enrol, ingest
from db.county.console import audit
from db.county.console.overview import LATE, LOST
from db.models import (
    Conflict,
    ConflictState,
    Employer,
    Notice,
    Posting,
    Referral,
    ReferralState,
    ReviewState,
    Seeker,
    SeekerTrade,
)
from db.store import Store
from db.sync.enrol import enrol as enrol_device
from db.sync.errors import SyncError
from tests.county.world import World, add_posting, add_seeker, set_up
from tests.county_console.desk import NUMBER, Browser, add_slip, one_slip, rename, set_state


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def acts(world: World) -> list[str]:
    return [str(act) for (act,) in world.rows("SELECT act FROM console_audit ORDER BY number")]


def set_times(world: World, store: Store, ago: timedelta) -> None:
    with world.county.transaction() as tx:
        tx.execute(
            "UPDATE enrolled SET last_push_at = now() - %s, last_pull_at = now() - %s WHERE device_id = %s",
            (ago, ago, store.origin.device_id),
        )


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=1), "正常"),
        (LATE + timedelta(hours=1), "昨晚没有同步"),
        (LOST + timedelta(hours=1), "好几天没有消息"),
    ],
)
def test_the_overview_says_what_to_do(
    county_world: World, browser: Browser, ago: timedelta, words: str
) -> None:
    store = county_world.device("1 号自助机")
    set_up(store)
    county_world.sync(store)
    set_times(county_world, store, ago)
    page = text_of(browser.get("/console").body)
    assert words in page
    assert "样本零工市场" in page
    assert "1 · 1 号自助机" in page


def test_the_overview_knows_backlog_clock_and_clones(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")
    assert "注册后还没同步过" in browser.get("/console").body
    county_world.sync(store)
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE enrolled SET waiting = 4321, clock_offset_ms = -3600000, last_push_at = now()")
    page = text_of(browser.get("/console").body)
    assert "4321" in page
    assert "时钟差 60 分钟" in page
    ingest.stop(county_world.county, store.origin.device_id, "cloned")
    assert "两台机器在用同一把钥匙" in browser.get("/console").body
    path = f"/console/devices/{store.origin.device_id}"
    assert 'id="forgive"' in browser.get(path).body
    assert browser.send(path + "/forgive").status == 303
    county_world.sync(store)
    assert acts(county_world)[-1] == "forgive"


def test_a_revoked_device_is_refused(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")
    path = f"/console/devices/{store.origin.device_id}"
    answer = browser.send(path + "/revoke")
    assert answer.headers["location"] == path + "?said=revoked"
    with pytest.raises(SyncError):
        county_world.sync(store)
    page = text_of(browser.get(path).body)
    assert "已停用，不再同步" in page
    assert "停用设备" in page  # the history names who did it
    assert "李" in page


def test_a_code_made_here_lets_a_device_in(county_world: World, browser: Browser) -> None:
    first = county_world.device("a")
    set_up(first)
    county_world.sync(first)
    hall = str(first.origin.hall_id)
    answer = browser.send("/console/enrol", name="2 号自助机", hall=hall)
    [code] = re.findall(r'id="code">([0-9A-Z-]+)<', answer.body)
    assert code.endswith("-".join(re.findall("....", county_world.tls.fingerprint)))
    second = county_world.store("b")
    enrol_device(second, county_world.server.address, code)
    assert str(second.origin.hall_id) == hall
    assert code[:19] not in browser.get("/console/enrol").body
    assert code[:19] not in browser.get("/console/log").body
    assert "2 · 2 号自助机" in browser.get("/console").body
    assert browser.send("/console/enrol", name="", hall="").status == 400
    assert browser.send("/console/enrol", name="x", hall=str(uuid4())).status == 400


def refused_row(world: World) -> Store:
    """A hall whose referral the county could not take in: a check of a later day refuses it."""
    slip = one_slip(world)
    with world.county.transaction() as tx:
        tx.execute("ALTER TABLE referrals ADD CONSTRAINT odd CHECK (slip_serial <> 7)")
    add_slip(slip.store, slip.seeker, slip.posting, 7)
    world.sync(slip.store)
    return slip.store


def test_quarantine_is_tried_again_and_discarded(county_world: World, browser: Browser) -> None:
    refused_row(county_world)
    page = browser.get("/console/quarantine").body
    assert "推荐" in page
    assert "odd这一项不合规则" in page
    assert "有 1 条记录进不了库" in browser.get("/console").body
    [(event,)] = county_world.rows("SELECT event_id FROM quarantine")
    path = f"/console/quarantine/{event}"
    assert browser.send(path + "/release").headers["location"].endswith("said=still_refused")
    assert county_world.one("SELECT count(*) FROM referrals") == 1
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE referrals DROP CONSTRAINT odd")
    assert browser.send(path + "/release").headers["location"].endswith("said=released")
    assert county_world.one("SELECT count(*) FROM referrals") == 2
    assert browser.send(path + "/release").headers["location"].endswith("said=gone")
    assert "隔离区是空的" in browser.get("/console/quarantine").body
    assert acts(county_world)[-3:] == ["release"] * 3


def test_all_of_the_page_are_tried_again(county_world: World, browser: Browser) -> None:
    store = refused_row(county_world)
    with store.read() as session:
        slip = session.query(Referral).filter_by(slip_serial=7).one()
    other = add_seeker(store, "110105194912310038", "样本乙")
    add_slip(store, other, slip.posting_id, 8)
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE referrals ADD CONSTRAINT odder CHECK (slip_serial <> 8)")
    county_world.sync(store)
    assert 'id="release-all"' in browser.get("/console/quarantine").body
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE referrals DROP CONSTRAINT odd")
    assert browser.send("/console/quarantine/release").headers["location"].endswith("still_refused")
    assert county_world.one("SELECT count(*) FROM quarantine") == 1
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE referrals DROP CONSTRAINT odder")
    assert browser.send("/console/quarantine/release").headers["location"].endswith("released")
    assert county_world.one("SELECT count(*) FROM referrals") == 3


def test_a_discarded_row_is_kept_and_not_listed(county_world: World, browser: Browser) -> None:
    refused_row(county_world)
    [(event,)] = county_world.rows("SELECT event_id FROM quarantine")
    assert browser.send(f"/console/quarantine/{event}/discard").headers["location"].endswith("discarded")
    assert browser.send(f"/console/quarantine/{event}/discard").headers["location"].endswith("gone")
    assert "隔离区是空的" in browser.get("/console/quarantine").body
    assert county_world.rows("SELECT state FROM quarantine") == [("dropped",)]


def two_phones(world: World) -> tuple[Store, Store, UUID]:
    """Two devices of a hall that changed one person's phone."""
    first = world.device("a")
    set_up(first)
    seeker = add_seeker(first, NUMBER, "张小三")
    world.sync(first)
    second = world.device("b", hall=first.origin.hall_id)
    world.sync(second)
    rename(first, seeker, "13900000002")
    rename(second, seeker, "13900000003")
    world.sync(first)
    world.sync(second)
    return first, second, seeker


def test_a_conflict_side_by_side(county_world: World, browser: Browser) -> None:
    first, second, seeker = two_phones(county_world)
    listed = browser.get("/console/conflicts").body
    assert "两处改了同一项" in listed
    [link] = re.findall(r'href="(/console/conflicts/[^"]+)"', listed)
    page = text_of(browser.get(link).body)
    assert "139 **** 0002" in page
    assert "139 **** 0003" in page
    assert browser.send(link, choice="nonsense").status == 400
    assert browser.send(link, choice="taken").headers["location"] == "/console/conflicts?said=resolved"
    for store in (first, second):
        county_world.sync(store)
        with store.read() as session:
            assert session.get_one(Seeker, seeker).phone == "13900000003"
            [row] = session.scalars(select(Conflict))
            assert (row.state, row.resolved_by) == (ConflictState.RESOLVED, "李")
    assert browser.send(link, choice="kept").headers["location"].endswith("said=gone")
    assert "已经有人处理过了" in browser.get(link).body


def test_one_person_with_two_records_is_made_one(county_world: World, browser: Browser) -> None:
    here, there = county_world.device("a"), county_world.device("b")
    ids = []
    for store, name in ((here, "张小三"), (there, "张大三")):
        set_up(store)
        ids.append(add_seeker(store, NUMBER, name))
        county_world.sync(store)
    links = re.findall(r'href="(/console/conflicts/[^"]+)"', browser.get("/console/conflicts").body)
    page = browser.get(links[0]).body
    assert "同一个证件号" in page
    assert "隐去的部分不同" in page
    [keep, _] = re.findall(r'name="keep" value="([^"]+)"', page)
    assert UUID(keep) in ids
    assert browser.send(links[0], choice="merged", keep=keep).status == 303
    assert county_world.rows("SELECT id FROM seekers") == [(UUID(keep),)]
    assert "没有待处理的冲突" in browser.get("/console/conflicts").body


def two_halls(world: World) -> tuple[Store, Store, UUID]:
    here, there = world.device("a"), world.device("b")
    for store in (here, there):
        set_up(store)
    posting = add_posting(here)
    world.sync(here)
    world.sync(there)
    return here, there, posting


def posting_of(store: Store, posting: UUID) -> str | None:
    with store.read() as session:
        row = session.get(Posting, posting)
        return row.state.value if row else None


def test_a_posting_is_published_and_closed_everywhere(county_world: World, browser: Browser) -> None:
    assert browser.send("/console/postings/auto", on="0").status == 303
    here, there, posting = two_halls(county_world)
    assert posting_of(there, posting) is None
    page = browser.get("/console/postings").body
    assert f"/console/postings/{posting}/publish" in page
    assert "个岗位等待发布" in browser.get("/console").body
    assert str(posting) in browser.get("/console/postings?q=%E7%A0%8C").body
    assert str(posting) not in browser.get("/console/postings?q=%25").body
    assert "样**板" in page  # a person, not a firm
    assert browser.send(f"/console/postings/{posting}/publish").status == 303
    county_world.sync(there)
    assert posting_of(there, posting) == "published"
    assert f"/console/postings/{posting}/publish" not in browser.get("/console/postings").body
    assert browser.send(f"/console/postings/{posting}/close").status == 303
    for store in (here, there):
        county_world.sync(store)
        assert posting_of(store, posting) == "closed"
    assert browser.send(f"/console/postings/{posting}/close").status == 303  # closed is closed
    assert browser.send(f"/console/postings/{uuid4()}/close").status == 404
    assert acts(county_world)[-3:] == ["auto_publish", "publish", "close"]


def test_a_posting_of_an_employer_under_review_is_not_offered(county_world: World, browser: Browser) -> None:
    browser.send("/console/postings/auto", on="0")
    here, _, posting = two_halls(county_world)
    with here.write() as session:
        session.scalars(select(Employer)).one().state = ReviewState.PENDING
    county_world.sync(here)
    assert str(posting) not in browser.get("/console/postings").body


def test_a_notice_goes_to_every_hall_and_back(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")

    def seen() -> list[tuple[str, str, str]]:
        county_world.sync(store)
        with store.read() as session:
            return [(row.kind, row.title, row.body) for row in session.scalars(select(Notice))]

    form = {"kind": "notice", "title": "停电通知", "body": "周六上午停电。\r\n请早来。"}
    assert browser.send("/console/notices", **form).status == 303
    assert seen() == [("notice", "停电通知", "周六上午停电。\n请早来。")]
    [link] = re.findall(r'href="(/console/notices/[^"]+)"', browser.get("/console/notices").body)
    assert "周六上午停电" in browser.get(link).body
    own = link.rpartition("/")[2]
    changed = {"id": own, "kind": "policy", "title": "停电", "body": "改到周日。"}
    assert browser.send("/console/notices", **changed).status == 303
    assert seen() == [("policy", "停电", "改到周日。")]
    assert browser.send("/console/notices", kind="x", title="a", body="b").status == 400
    assert browser.send(link + "/withdraw").status == 303
    assert seen() == []


def test_a_halls_own_notice_is_not_the_countys_to_change(county_world: World, browser: Browser) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add(Notice(kind="notice", title="大厅的", body="x"))
    county_world.sync(store)
    [(own,)] = county_world.rows("SELECT id FROM notices")
    assert browser.get(f"/console/notices/{own}").status == 404
    assert browser.send(f"/console/notices/{own}/withdraw").status == 404
    changed = browser.send("/console/notices", id=str(own), kind="notice", title="a", body="b")
    assert changed.status == 404
    assert county_world.one("SELECT title FROM notices") == "大厅的"


def table(html: str, name: str) -> list[list[str]]:
    [found] = re.findall(rf'<table id="{name}">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    return [[text_of(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def at(world: World, name: str, column: str, when: datetime, row: UUID) -> None:
    with world.county.transaction() as tx:
        tx.execute(f"UPDATE {name} SET {column} = %s WHERE id = %s".encode(), (when, row))


def test_the_months_figures(county_world: World, browser: Browser) -> None:
    """October's last evening in UTC is November on the wall; a lapsed slip is a referral and no placement."""
    slip = one_slip(county_world)
    store = slip.store
    other = add_seeker(store, "110105194912310038", "样本乙")
    lapsed = add_slip(store, other, slip.posting, 2)
    for seeker in (slip.seeker, other):
        with store.write() as session:
            session.add(SeekerTrade(seeker_id=seeker, occupation_id="bricklayer"))
    extra = add_posting(store, openings=3)
    set_state(store, slip.referral, ReferralState.FINISHED)
    set_state(store, lapsed, ReferralState.LAPSED)
    county_world.sync(store)
    october, november = datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 1, tzinfo=UTC)
    at(county_world, "referrals", "issued_at", november, slip.referral)
    at(county_world, "referrals", "hired_at", november, slip.referral)
    at(county_world, "referrals", "issued_at", november, lapsed)
    at(county_world, "seekers", "created_at", november, slip.seeker)
    at(county_world, "seekers", "created_at", october, other)
    at(county_world, "seekers", "last_seen_at", november, slip.seeker)
    at(county_world, "seekers", "last_seen_at", november, other)
    at(county_world, "postings", "created_at", november, slip.posting)
    at(county_world, "postings", "created_at", october, extra)
    page = browser.get("/console/figures?month=2026-11").body
    months = table(page, "months")
    assert len(months) == 12
    assert months[-2] == ["2026-10", "1", "1", "3", "0", "0"]
    assert months[-1] == ["2026-11", "1", "1", "2", "2", "1"]
    assert table(page, "halls") == [["样本零工市场", "1", "1", "2", "2", "1"]]
    assert table(page, "trades") == [["瓦工", "2", "2", "1.00"]]
    assert page.count('role="img"') == 5
    assert "<title>每月成功上岗</title>" in page
    hall = browser.get(f"/console/figures?month=2026-10&hall={store.origin.hall_id}").body
    assert table(hall, "months")[-1] == ["2026-10", "1", "1", "3", "0", "0"]
    elsewhere = browser.get(f"/console/figures?month=2026-11&hall={uuid4()}").body
    assert table(elsewhere, "months")[-1][1:] == ["0"] * 5
    assert "Bricklayer" in browser.get("/console/figures?month=2026-11&lang=en").body


@dataclass(frozen=True)
class Hire:
    """One slip, and in which months of the hall's wall it is a referral and a placement (none: not counted)."""

    issued_at: str
    hired_at: str | None
    state: str
    referred: str
    placed: str | None


HIRES = [
    Hire("2026-10-31T15:59:59.999999Z", "2026-10-31T15:59:59.999999Z", "hired", "2026-10", "2026-10"),
    Hire("2026-10-31T15:59:59Z", "2026-10-31T16:00:00Z", "hired", "2026-10", "2026-11"),
    Hire("2026-10-30T01:00:00Z", "2026-10-31T23:30:00Z", "hired", "2026-10", "2026-11"),  # 07:30 on the 1st
    Hire("2026-11-30T15:00:00Z", "2026-11-30T23:30:00Z", "started", "2026-11", "2026-12"),
    Hire("2026-12-31T15:00:00Z", "2026-12-31T16:30:00Z", "finished", "2026-12", "2027-01"),
    Hire("2026-02-28T10:00:00Z", "2026-02-28T15:59:00Z", "finished", "2026-02", "2026-02"),
    Hire("2026-10-31T23:30:00Z", None, "hired", "2026-11", "2026-11"),  # of an older device: its slip's
    Hire("2026-10-30T01:00:00Z", "2026-11-02T01:00:00Z", "declined", "2026-10", None),  # taken back by one
    Hire("2026-10-30T01:00:00Z", None, "issued", "2026-10", None),
]


def test_a_placement_counts_in_the_month_of_the_hire(county_world: World, browser: Browser) -> None:
    """Each by itself: a month ends at midnight on the hall's wall, eight hours before it does in UTC."""
    slip = one_slip(county_world)
    for hire in HIRES:
        with county_world.county.transaction() as tx:
            tx.execute(
                "UPDATE referrals SET issued_at = %s, hired_at = %s, state = %s WHERE id = %s",
                (hire.issued_at, hire.hired_at, hire.state, slip.referral),
            )
        year = table(browser.get("/console/figures?month=2027-01").body, "months")
        assert [line[0] for line in year if line[4] == "1"] == [hire.referred], hire
        assert [line[0] for line in year if line[5] == "1"] == [hire.placed] * (hire.placed is not None), hire
        month = hire.placed or hire.referred
        [hall] = table(browser.get(f"/console/figures?month={month}").body, "halls")
        both = [str(int(hire.referred == month)), str(int(hire.placed == month))]
        assert hall[4:] == both, hire


def test_the_log_names_who_did_what(county_world: World, browser: Browser) -> None:
    browser.send("/console/postings/auto", on="0")
    page = text_of(browser.get("/console/log").body)
    for words in ("李", "修改发布方式", "登录", "增加人员", "自动发布: 关"):
        assert words in page


def test_a_code_of_the_command_line_is_the_same(county_world: World) -> None:
    code = enrol.make_code(county_world.county, "x")
    assert (
        county_world.tls.full_code(code).replace("-", "")
        == code.replace("-", "") + county_world.tls.fingerprint
    )


def test_the_log_speaks_in_words(county_world: World, browser: Browser) -> None:
    browser.send("/console/postings/auto", on="0")
    with county_world.county.transaction() as tx:
        audit.record(tx, audit.SHELL, "work_off", "x", choice="noted", new="<i>")
    page = browser.get("/console/log").body
    for words in ("自动发布: 关", "处理办法: 已另行处理", "new: &lt;i&gt;", "服务器上的命令"):
        assert words in page
    assert "choice" not in page


def test_what_was_taken_back_meanwhile_is_not_published(county_world: World, browser: Browser) -> None:
    """The list was opened a while ago: by now the posting is a draft again, its employer was refused, or it is out."""
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE county SET auto_publish = false")
    slip = one_slip(county_world)
    path = f"/console/postings/{slip.posting}/publish"
    for changed in (
        "UPDATE postings SET state = 'draft'",
        "UPDATE postings SET state = 'published'; UPDATE employers SET state = 'refused'",
        "UPDATE employers SET state = 'approved'; UPDATE postings SET ends_on = current_date - 2",
    ):
        with county_world.county.transaction() as tx:
            tx.execute(changed.encode())
        assert browser.send(path).headers["location"] == "/console/postings?said=gone"
    assert county_world.one("SELECT count(*) FROM shares WHERE hall_id IS NULL") == 0
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE postings SET ends_on = current_date + 2")
    assert browser.send(path).headers["location"] == "/console/postings?said=published"
    assert browser.send(path).headers["location"] == "/console/postings?said=gone"
    assert browser.send(f"/console/postings/{uuid4()}/publish").status == 404
    assert county_world.one("SELECT count(*) FROM console_audit WHERE act = 'publish'") == 1


def test_a_notice_that_somebody_withdrew_meanwhile_loses_no_words(
    county_world: World, browser: Browser
) -> None:
    browser.send("/console/notices", kind="notice", title="停电", body="周六停电。")
    notice = county_world.one("SELECT id FROM notices")
    assert browser.send(f"/console/notices/{notice}/withdraw").status == 303
    answer = browser.send(
        "/console/notices", id=str(notice), kind="notice", title="停电", body="写了很久的正文。"
    )
    assert answer.status == 409
    assert "已经撤下" in answer.body
    assert "写了很久的正文。" in answer.body
    assert str(notice) not in answer.body
    assert county_world.one("SELECT count(*) FROM notices") == 0
    assert browser.send(f"/console/notices/{notice}/withdraw").headers["location"].endswith("said=gone")
    assert browser.send("/console/notices", id=str(uuid4()), kind="notice", title="a", body="b").status == 409
