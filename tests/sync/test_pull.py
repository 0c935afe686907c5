"""Down: scope, own hall, other halls, tombstones, waiting rows, what follows in the store (design §3.6)."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import delete, func, select, text
from uuid_utils.compat import uuid7

from db.county import publish
from db.county.embedded import driver_dsn
from db.models import (
    Employer,
    Notice,
    Occupation,
    OutboxRow,
    Posting,
    PostingState,
    PulledChange,
    Referral,
    Seeker,
    Setting,
    SyncState,
    WaitingRow,
)
from db.store import Store
from db.sync.client import CountyClient
from db.sync.errors import CountyFailed
from db.sync.look_up import look_up
from db.sync.pull import Puller, place
from db.sync.round import carry_on
from db.sync.state import link, standing
from db.sync.wire import Page, PageRow
from kiosk.jobs.facts import Facts
from kiosk.jobs.work_law import work_law
from tests.county.world import World, add_posting, add_referral, add_seeker, set_up
from tests.sync.test_push import write

NUMBER = "11010519491231002X"
OTHER = "110105194912310038"


def pair(world: World) -> tuple[Store, Store]:
    """Two devices of one hall."""
    first = world.device("a")
    set_up(first)
    world.sync(first)
    second = world.device("b", hall=first.origin.hall_id)
    return first, second


def waiting(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(WaitingRow)) or 0


def outbox(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_the_halls_second_device_gets_the_halls_rows(county_world: World) -> None:
    first, second = pair(county_world)
    seeker = add_seeker(first, NUMBER)
    posting = add_posting(first)
    referral = add_referral(first, seeker, posting, 1)
    county_world.sync(first)
    before = outbox(second)
    county_world.sync(second)
    assert outbox(second) == before  # what came down does not go up again
    with second.read() as session:
        found = session.get_one(Seeker, seeker)
        assert found.name == "样本甲"
        assert found.number_index == second.keys.index(NUMBER) == first.keys.index(NUMBER)
        assert second.keys.open(found.number_sealed, seeker.bytes) == NUMBER
        assert session.get_one(Referral, referral).posting_id == posting
        grams = session.execute(text("SELECT count(*) FROM posting_grams WHERE posting_grams MATCH '砌墙'"))
        assert grams.scalar_one() == 1
        assert set(session.scalars(select(PulledChange.row_id))) >= {seeker, posting, referral}
    assert first.origin.hall_id == second.origin.hall_id
    assert {first.origin.device_number, second.origin.device_number} == {1, 2}
    assert waiting(second) == 0


def test_published_postings_reach_other_halls_and_people_do_not(county_world: World) -> None:
    here, there = county_world.device("a"), county_world.device("b")
    set_up(here)
    set_up(there)
    add_seeker(here, NUMBER)
    posting = add_posting(here, title="钢筋工")
    county_world.sync(here)
    county_world.sync(there)
    with there.read() as session:
        assert session.get_one(Posting, posting).title == "钢筋工"
        assert session.scalars(select(Seeker)).all() == []
        assert session.scalar(select(func.count()).select_from(Occupation)) == 1
    with here.write() as session:
        session.get_one(Posting, posting).state = PostingState.CLOSED
    county_world.sync(here)
    county_world.sync(there)
    with there.read() as session:
        assert session.get_one(Posting, posting).state is PostingState.CLOSED


def test_without_auto_publishing_staff_decide(county_world: World) -> None:
    here, there = county_world.device("a"), county_world.device("b")
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE county SET auto_publish = false")
    set_up(here)
    set_up(there)
    posting = add_posting(here)
    county_world.sync(here)
    county_world.sync(there)
    with there.read() as session:
        assert session.get(Posting, posting) is None
    publish.publish(county_world.county, posting)
    county_world.sync(there)
    with there.read() as session:
        assert session.get_one(Posting, posting).openings == 2


def test_the_countys_own_rows_reach_everybody_and_win(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    posting = add_posting(store)
    trade = {
        "key": "bricklayer",
        "name": "瓦工(县)",
        "name_en": "Bricklayer",
        "code": "6-29-01-01",
        "group": "建筑",
        "group_en": "Building",
        "group_icon": "wall",
        "icon": "wall",
    }
    publish.write_own(county_world.county, "occupations", trade)
    notice = {"kind": "notice", "title": "通知", "body": "正文"}
    note = publish.write_own(county_world.county, "notices", notice)
    county_world.sync(store)
    with store.read() as session:
        [found] = session.scalars(select(Occupation)).all()
        assert (found.name, found.hall_id) == ("瓦工(县)", UUID(int=0))
        assert session.get_one(Posting, posting).occupation_id == "bricklayer"
        assert session.get_one(Notice, note).title == "通知"
    publish.write_own(county_world.county, "notices", {"title": "改了"}, note)
    county_world.sync(store)
    with store.read() as session:
        assert session.get_one(Notice, note).title == "改了"
    with store.write() as session:
        session.get_one(Notice, note).title = "自己改"
    county_world.sync(store)
    with store.read() as session:
        assert session.get_one(Notice, note).title == "改了"
    with county_world.county.transaction() as tx:
        publish.bury(tx, "notices", [note], "withdrawn")
    county_world.sync(store)
    with store.read() as session:
        assert session.get(Notice, note) is None


def test_deletions_come_down(county_world: World) -> None:
    first, second = pair(county_world)
    with first.write() as session:
        session.add(Setting(key="gone", value=1))
    county_world.sync(first)
    county_world.sync(second)
    with first.write() as session:
        session.delete(session.scalars(select(Setting)).one())
    county_world.sync(first)
    county_world.sync(second)
    with second.read() as session:
        assert session.scalars(select(Setting)).all() == []


def test_a_child_waits_for_its_parent(county_world: World) -> None:
    first, second = pair(county_world)
    posting = add_posting(first)
    county_world.sync(first)
    county_world.sync(second)
    with second.read() as session:
        table = Posting.__table__
        row = session.execute(select(table).where(table.c.id == posting)).one()
    from db.outbox import plain

    values = {name: plain(value) for name, value in row._mapping.items()}
    third = county_world.device("c")
    set_up(third)
    assert place(third, [PageRow("postings", "P", posting, values)]) == 0
    assert waiting(third) == standing(third).unplaced == 1
    with first.read() as session:
        table = Employer.__table__
        boss = session.execute(select(table).where(table.c.id == UUID(values["employer_id"]))).one()
    parent = {name: plain(value) for name, value in boss._mapping.items()}
    assert place(third, [PageRow("employers", "P", UUID(parent["id"]), parent)]) == 2
    assert waiting(third) == 0


def test_a_person_known_elsewhere_is_looked_up_by_blind_index(county_world: World) -> None:
    here, there = county_world.device("a"), county_world.device("b")
    seeker = add_seeker(here, NUMBER, phone="13900000001")
    county_world.sync(here)
    county_world.sync(there)
    with county_world.client(there) as client:
        assert look_up(there, client, OTHER) is False
        assert look_up(there, client, NUMBER) is True
    with there.read() as session:
        assert session.get_one(Seeker, seeker).name == "样本甲"
    with there.write() as session:
        session.get_one(Seeker, seeker).phone = "13900000009"
    county_world.sync(there)
    county_world.sync(here)
    with here.read() as session:
        assert session.get_one(Seeker, seeker).phone == "13900000009"
    with here.write() as session:
        session.get_one(Seeker, seeker).address = "样本路 9 号"
    county_world.sync(here)
    county_world.sync(there)
    with there.read() as session:
        assert session.get_one(Seeker, seeker).address == "样本路 9 号"
    assert county_world.one("SELECT count(*) FROM lookups") == 2
    assert waiting(there) == 0


def test_an_open_transaction_loses_nothing(county_world: World) -> None:
    """Two transactions: the one with the lower number commits last. A serial cursor would step over it."""
    store = county_world.device("a")
    county_world.sync(store)
    insert = (
        "INSERT INTO notices (id, hall_id, device_id, created_at, updated_at, version, kind, title, body, position)"
        " VALUES (%s, %s, %s, now(), now(), 1, 'notice', %s, '', 0)"
    )
    nobody = UUID(int=0)
    with (
        psycopg.connect(driver_dsn(county_world.dsn)) as slow,
        psycopg.connect(driver_dsn(county_world.dsn)) as quick,
    ):
        for at, connection in enumerate((slow, quick), 1):
            connection.execute(insert, (UUID(int=at), nobody, nobody, f"第 {at} 条"))
            publish.feed(connection, [("notices", UUID(int=at), None, None)])
        quick.commit()
        county_world.sync(store)  # the slow one is still open
        slow.commit()
    county_world.sync(store)
    with store.read() as session:
        assert sorted(session.scalars(select(Notice.title))) == ["第 1 条", "第 2 条"]


@pytest.mark.parametrize("cursor", ["f|nonsense|1|1", "f|||", "f|{feed}|1|0"])
def test_a_cursor_that_cannot_be_used_starts_anew(county_world: World, cursor: str) -> None:
    first, second = pair(county_world)
    add_posting(first)
    county_world.sync(first)
    county_world.sync(second)
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE county SET feed_floor = 2")
    with second.write() as session:
        feed = county_world.one("SELECT feed_id FROM county")
        session.get_one(SyncState, 1).cursor = cursor.format(feed=feed)
        for table in (Posting, Employer):  # as after a restored image
            session.connection().execute(delete(table.__table__))  # type: ignore[arg-type]
    county_world.sync(second)
    with second.read() as session:
        assert session.scalar(select(func.count()).select_from(Posting)) == 1


def test_many_pages_arrive_whole(county_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pair(county_world)
    with first.write() as session:
        session.add_all(Setting(key=f"k{at}", value=at) for at in range(700))
    county_world.sync(first)
    county_world.sync(second)
    with second.read() as session:
        assert session.scalar(select(func.count()).select_from(Setting)) == 700
    with first.write() as session:
        for setting in session.scalars(select(Setting)):
            setting.value = -1
    county_world.sync(first)
    assert county_world.sync(second).pulled == 700
    assert county_world.sync(second).pulled == 0


def test_pages_too_large_for_one_answer_come_in_smaller_ones(county_world: World) -> None:
    first, second = pair(county_world)
    with first.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x" * 3_000_000) for at in range(7))
    county_world.sync(first)
    county_world.sync(second)
    with second.read() as session:
        found = session.execute(select(Notice.title, func.length(Notice.body)).order_by(Notice.title)).all()
    assert [tuple(row) for row in found] == [(str(at), 3_000_000) for at in range(7)]


def test_a_county_that_sends_the_same_page_for_ever_is_not_asked_for_ever(county_world: World) -> None:
    store = county_world.device("a")

    class Stuck(CountyClient):
        def pull(self, cursor: str, *, own: bool, most: int = 500) -> Page:
            return Page(cursor, True, (), "")

    known = link(store)
    with (
        Stuck(known.address, known.authority, known.identity) as client,
        pytest.raises(CountyFailed) as error,
    ):
        Puller(store, client, carry_on).run()
    assert error.value.context["status"] == "no_progress"


def test_ranking_learns_of_what_came_down(county_world: World) -> None:
    """Facts are kept in step by what is pulled as by what is written here, without a whole load."""
    here, there = county_world.device("a"), county_world.device("b")
    set_up(here)
    set_up(there)
    first = add_posting(here, openings=3)
    county_world.sync(here)
    county_world.sync(there)
    facts = Facts(work_law(), lambda: there.origin.hall_id)
    with there.read() as session:
        facts.refresh(session)
    assert facts.ids == [first]
    second = add_posting(here, openings=5)
    with here.write() as session:
        session.get_one(Posting, first).state = PostingState.CLOSED
    county_world.sync(here)
    county_world.sync(there)
    with there.read() as session:
        facts.refresh(session)
    alive = [posting for posting, row in zip(facts.ids, facts.rows, strict=True) if row["alive"]]
    assert alive == [second]
    own = add_posting(there, openings=7)
    with there.read() as session:
        facts.refresh(session)
    left = {
        posting: int(row["left"]) for posting, row in zip(facts.ids, facts.rows, strict=True) if row["alive"]
    }
    assert left == {second: 5, own: 7}


def test_what_a_newer_county_sends_is_kept_as_far_as_it_is_understood(county_world: World) -> None:
    store = county_world.device("a")
    ids = [uuid7() for _ in range(3)]
    at = "2026-11-20T00:00:00+00:00"
    base = {"hall_id": str(UUID(int=0)), "device_id": str(UUID(int=0)), "created_at": at, "updated_at": at}
    notice = {"kind": "notice", "title": "t", "body": "b", "position": 0, "version": 1, "colour": "red"}
    conflict = {
        "table": "x",
        "row_id": str(ids[0]),
        "details": {},
        "resolution": "",
        "resolved_by": "",
        "version": 1,
    }
    rows = [
        PageRow("notices", "P", ids[0], {"id": str(ids[0]), **base, **notice}),  # a column we do not know
        PageRow("inventions", "P", ids[1], {"id": str(ids[1]), **base}),  # a table we do not know
        PageRow(  # a state we do not know: waits for the newer store
            "conflicts",
            "P",
            ids[2],
            {"id": str(ids[2]), **base, **conflict, "kind": "fields", "state": "pondered"},
        ),
    ]
    assert place(store, rows) == 1
    with store.read() as session:
        assert session.get_one(Notice, ids[0]).title == "t"
        assert session.scalars(select(WaitingRow.reason)).all() == ["value"]
    with store.write() as session:  # this store learned a newer schema: it asks for everything again
        session.get_one(SyncState, 1).pulled_schema = "0001"
    publish.write_own(county_world.county, "notices", {"kind": "notice", "title": "u", "body": ""})
    county_world.sync(store)
    with store.read() as session:
        assert session.get_one(SyncState, 1).pulled_schema == store.schema_version
        assert sorted(session.scalars(select(Notice.title))) == ["t", "u"]


def test_values_of_another_kind_wait_and_keep_nothing_from_coming(county_world: World) -> None:
    store = county_world.device("a")
    at, nobody = "2026-11-20T00:00:00+00:00", str(UUID(int=0))
    sound = {"hall_id": nobody, "device_id": nobody, "created_at": at, "updated_at": at, "version": 1}
    sound |= {"kind": "notice", "title": "t", "body": "b", "position": 0}
    odd: list[dict[str, object]] = [
        {"version": None},
        {"version": 1 << 70},
        {"hall_id": 7},
        {"created_at": 7},
        {"created_at": "yesterday"},
        {"title": ["t"]},
        {"title": None},
    ]
    rows = [PageRow("notices", "P", uuid7(), {**sound, **twist}) for twist in odd]
    assert place(store, [*rows, PageRow("notices", "P", uuid7(), sound)]) == 1
    assert waiting(store) == len(odd)
    write(store, 1)
    county_world.sync(store)
    assert waiting(store) == len(odd)
