"""A person's data on request: found by number, handed over, erased in every hall; never half."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from uuid import UUID

import pytest
from psycopg.types.json import Json
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.county import purge
from db.county.console import words
from db.county.holds import Hold
from db.models import ReferralState, Seeker
from db.store import Store
from tests.county.world import Server, World, add_seeker, set_up
from tests.county_console.desk import NUMBER, Browser, Slip, clerk, one_slip, set_state

PAGE = "/console/people"
OTHER = "110105194912310038"


def at_rest(world: World) -> Slip:
    """A person with nothing open in the hall."""
    slip = one_slip(world)
    set_state(slip.store, slip.referral, ReferralState.DECLINED, "terms")
    world.sync(slip.store)
    return slip


def acts(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT actor, act, subject, details FROM console_audit"
        " WHERE actor <> 'shell' AND act <> 'signed_in' ORDER BY number"
    )


def names(store: Store) -> list[str]:
    with store.read() as session:
        return [seeker.name for seeker in session.scalars(select(Seeker).order_by(Seeker.id))]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "1",
        NUMBER[:-1],
        NUMBER[:-1] + "1",
        NUMBER + "1",
        "１１０" + NUMBER[3:-1] + "9",
        "张小三",
        "%' --",
    ],
)
def test_a_wrong_number_is_said_before_anything_is_looked_for(
    county_world: World, browser: Browser, typed: str
) -> None:
    answer = browser.send(PAGE, number=typed)
    assert answer.status == 400
    assert "证件号不对" in answer.body
    assert acts(county_world) == []


def test_an_unknown_person_is_said_and_the_search_is_noted(county_world: World, browser: Browser) -> None:
    at_rest(county_world)
    answer = browser.send(PAGE, number=OTHER)
    assert answer.status == 404
    assert "全县都没有这个证件号的资料" in answer.body
    assert OTHER not in answer.body
    assert acts(county_world) == [("李", "find_person", "", {})]


@pytest.mark.parametrize("typed", [NUMBER, " 110105 19491231-002x ", "１１０１０５１９４９１２３１００２Ｘ"])
def test_a_person_is_found_however_the_number_is_typed(
    county_world: World, browser: Browser, typed: str
) -> None:
    slip = at_rest(county_world)
    answer = browser.send(PAGE, number=typed)
    assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}/{slip.seeker}")
    page = browser.get(answer.headers["location"])
    assert page.status == 200
    assert not [whole for whole in (NUMBER, "张小三", "13900000001") if whole in page.body]
    said = text_of(page.body)
    for shown in ("张*三", "1101**********002X", "样本零工市场 2 刚刚 0", "登记份数 1", "条数 2"):
        assert shown in said
    assert acts(county_world) == [("李", "find_person", str(slip.seeker), {})]


def test_erased_here_is_erased_in_the_hall(county_world: World, browser: Browser) -> None:
    slip = at_rest(county_world)
    path = f"{PAGE}/{slip.seeker}"
    for reason in ("", "because", "age"):
        refused = browser.send(f"{path}/erase", reason=reason)
        assert refused.status == 400
        assert "什么都没有删除" in refused.body
    assert purge.export_person(county_world.county, NUMBER) != {}
    assert browser.send(f"{path}/erase", reason="kin").headers["location"] == f"{PAGE}?said=erased"
    county_world.sync(slip.store)
    assert names(slip.store) == [""]
    assert purge.export_person(county_world.county, NUMBER) == {}
    page = text_of(browser.get(f"{PAGE}?said=erased").body)
    assert "已删除，各大厅下次同步时一起清空。" in page
    assert "本人已去世，近亲属要求 1 1 求职者 1 李" in page
    [(proof,)] = county_world.rows("SELECT id FROM purges")
    assert acts(county_world)[-1] == ("李", "erase_person", str(proof), {"reason": "kin"})
    assert str(slip.seeker) not in str(acts(county_world))
    for again in (
        browser.get(path),
        browser.send(f"{path}/erase", reason="kin"),
        browser.send(f"{path}/export"),
    ):
        assert again.headers["location"] == f"{PAGE}?said=erased_before"
    assert "已经删除过了" in browser.get(f"{PAGE}?said=erased_before").body
    assert browser.send(PAGE, number=NUMBER).status == 404
    assert county_world.one("SELECT count(*) FROM purges") == 1


def test_what_is_open_holds_it_back_and_names_the_hall(county_world: World, browser: Browser) -> None:
    slip = one_slip(county_world)
    second = county_world.device("b")
    set_up(second)
    again = add_seeker(second, NUMBER)
    county_world.sync(second)
    path = f"{PAGE}/{again}"
    page = browser.get(path)
    assert "样本零工市场：有 1 张对接单没办完" in page.body
    assert 'id="erase"' not in page.body
    assert browser.send(f"{path}/erase", reason="request").headers["location"] == path
    assert purge.export_person(county_world.county, NUMBER)["seekers"][0]["name"] != ""
    assert county_world.one("SELECT count(*) FROM purges") == 0
    assert "erase_person" not in str(acts(county_world))
    set_state(slip.store, slip.referral, ReferralState.DECLINED, "terms")
    county_world.sync(slip.store)
    assert 'id="erase"' in browser.get(path).body
    assert browser.send(f"{path}/erase", reason="request").headers["location"].endswith("said=erased")
    for store in (slip.store, second):
        county_world.sync(store)
        assert names(store) == [""]


def test_every_hold_has_its_words() -> None:
    assert words.HOLDS.keys() == {hold.value for hold in Hold}


def test_two_of_the_staff_at_once(county_world: World, served: Server) -> None:
    slip = at_rest(county_world)
    staff = [clerk(county_world, served.port, name) for name in ("李", "王", "赵", "钱")]
    forms = [{"form_token": one.form_token(), "reason": "request"} for one in staff]
    with ThreadPoolExecutor(len(staff)) as pool:
        path = f"{PAGE}/{slip.seeker}/erase"
        answers = list(pool.map(lambda one, form: one.post(path, form), staff, forms))
    assert [answer.status for answer in answers] == [303] * 4
    said = sorted(answer.headers["location"] for answer in answers)
    assert said == [f"{PAGE}?said=erased", *[f"{PAGE}?said=erased_before"] * 3]
    assert county_world.one("SELECT count(*) FROM purges") == 1
    assert county_world.one("SELECT count(*) FROM console_audit WHERE act = 'erase_person'") == 1


def test_the_whole_of_it_in_one_file(county_world: World, browser: Browser) -> None:
    slip = one_slip(county_world)  # also where something is open
    answer = browser.send(f"{PAGE}/{slip.seeker}/export")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == f'attachment; filename="person-{slip.seeker}.json"'
    assert answer.headers["cache-control"] == "no-store"
    tables = json.loads(answer.body)
    assert tables == purge.export_person(county_world.county, NUMBER)
    assert (tables["seekers"][0]["name"], tables["seekers"][0]["number_sealed"]) == ("张小三", NUMBER)
    assert "number_index" not in answer.body
    assert acts(county_world) == [("李", "person_exported", str(slip.seeker), {"tables": "2"})]


def test_addresses_of_nobody(county_world: World, browser: Browser) -> None:
    for who in ("x", uuid7(), UUID(int=0), NUMBER):
        path = f"{PAGE}/{who}"
        answers = (
            browser.get(path),
            browser.send(f"{path}/erase", reason="request"),
            browser.send(f"{path}/export"),
        )
        assert [answer.status for answer in answers] == [404] * 3
    assert acts(county_world) == []
    assert (
        browser.get(f"{PAGE}?" + urlencode({"number": NUMBER})).status == 200
    )  # a number in an address is ignored
    assert acts(county_world) == []


def test_past_purges_of_every_kind_come_in_pages(county_world: World, browser: Browser) -> None:
    with county_world.county.transaction() as tx:
        for number, reason in enumerate([*["age"] * 120, "hall", "<b>new"]):
            tx.execute(
                "INSERT INTO purges (id, reason, rows, at) VALUES (%s, %s, %s, now() + %s * interval '1 second')",
                (uuid7(), reason, Json({"seekers": 7, "<i>": 2}), number),
            )
    page = browser.get(PAGE)
    assert "大厅里删除的" in page.body
    assert "&lt;b&gt;new" in page.body
    assert "<b>new" not in page.body
    assert "求职者 7 · 其他记录 2" in page.body
    counts = [browser.get(f"{PAGE}?page={at}").body.count("<tr><td class") for at in (1, 2, 3, 4)]
    assert counts == [50, 50, 22, 0]
