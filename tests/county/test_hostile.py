"""What a device with a good key and bad intentions may send: refused in words, and nobody else is held up by it."""

from __future__ import annotations

import base64
import http.client
import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import zstandard
from alembic import command
from alembic.config import Config
from msgspec.structs import replace
from sqlalchemy import JSON, Enum, select
from typer.testing import CliRunner

from db.county import enrol
from db.county.base import COUNTY_DEVICE, COUNTY_HALL, County
from db.county.embedded import driver_dsn
from db.county.errors import CountyNewer, Malformed
from db.county.keys import CountyKeys
from db.county.outcome import Outcome, Sender
from db.county.replay import replay
from db.models import Base, Posting, Seeker, SeekerTrade
from db.models.base import BLIND_INDEX
from db.store import Store
from db.sync import wire
from db.sync.batch import decode
from db.sync.device_key import DeviceKey
from db.sync.line import trusting
from db.sync.look_up import look_up
from db.sync.outgoing import next_batch
from db.sync.state import link
from db.sync.wire import SIGNATURE, EnrolRequest, Envelope
from tests.county.test_races import WAITING
from tests.county.world import World, add_posting, add_seeker, named, set_up
from tests.sync.test_push import write
from ui.cli import app

WAIT_SECONDS = 60
NUMBER = "11010519491231002X"
AT = '"2026-11-20T00:00:00+00:00"'
Answer = tuple[int, bytes]


def frame(text: str) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(text.encode())


class Hostile:
    """Speaks for a device with its own key, as it likes."""

    def __init__(self, world: World, store: Store) -> None:
        self._world, self._identity = world, link(store).identity
        self.device, self.hall = self._identity.device, store.origin.hall_id
        self.seq = 0
        self._last: str | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        span: tuple[int, int, int] = (0, 0, 0),
        **headers: str,
    ) -> Answer:
        envelope = Envelope(method, path, self.device, *span)
        signature = self._identity.key.sign(envelope.message(body))
        said = {**envelope.headers(), SIGNATURE: base64.b64encode(signature).decode(), **headers}
        line = http.client.HTTPSConnection(
            "127.0.0.1",
            self._world.server.port,
            timeout=WAIT_SECONDS,
            context=trusting(self._world.tls.authority),
        )
        try:
            line.request(method, path, body, said)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def row(self, table: str, **odd: str) -> dict[str, str]:
        """A plain row's columns as JSON arrays, but for the odd ones."""
        found = {}
        for column in Base.metadata.tables[table].columns:
            name, kind = str(column.key), str(column.type)
            if name == "id" or column.info == BLIND_INDEX:
                continue
            known = {"hall_id": f'"{self.hall}"', "device_id": f'"{self.device}"', "version": "1"}
            if name in known:
                value = known[name]
            elif isinstance(column.type, Enum):
                value = json.dumps(column.type.enums[0])
            elif column.nullable:
                value = "null"
            elif isinstance(column.type, JSON):
                value = "{}"
            elif kind in ("INTEGER", "FLOAT", "BOOLEAN"):
                value = "true" if kind == "BOOLEAN" else "1"
            elif kind == "CHAR(32)":
                value = f'"{uuid4()}"'
            else:
                value = (
                    '"2026-11-20"' if kind == "DATE" else AT if column.type.python_type is not str else '"x"'
                )
            found[name] = f"[{value}]"
        return found | odd

    def push(
        self,
        table: str,
        op: str = "I",
        row_id: str = "",
        changed: str = "",
        events: Sequence[str] = (),
        waiting: str = "1",
        **odd: str,
    ) -> list[str] | Answer:
        """One row (as many as there are `events`); the reasons of what was refused, or an answer that is none."""
        events = events or [uuid4().hex]
        ids = [row_id or uuid4().hex, *(uuid4().hex for _ in events[1:])]
        cells = self.row(table, **odd)
        group = [table, "0001", op, [*range(len(events))], ids, [changed] if changed else [], [*cells]]
        text = json.dumps(group)[:-1] + ",[" + ",".join(cells.values()) + "]]"
        head = (
            f'"protocol":2,"prev":{json.dumps(self._last)},"events":{json.dumps(events)},"waiting":{waiting}'
        )
        span = 1, self.seq + 1, self.seq + len(events)
        status, answer = self.ask("POST", "/v1/push", frame(f'{{{head},"groups":[{text}]}}'), span)
        if status != http.HTTPStatus.OK:
            return status, answer
        self.seq, self._last = span[2], str(UUID(events[-1]))
        return [refused.reason for refused in wire.decode(answer, wire.Mark).refused]

    def pulled(self) -> int:
        """How many rows come where everything starts anew."""
        cursor, count = "+", 0
        while True:
            status, answer = self.ask("POST", "/v1/pull", wire.pack(wire.PullRequest(cursor, own=True)))
            assert status == http.HTTPStatus.OK
            page = wire.decode(answer, wire.Page)
            cursor, count = page.cursor, count + len(page.rows)
            if not page.more:
                return count


def nothing_broke(log: pytest.LogCaptureFixture) -> bool:
    return not [line for line in log.records if line.levelno >= logging.ERROR]


def test_bodies_that_are_none(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    device = Hostile(county_world, county_world.device("a"))
    tower = '{"x":' * 100_000
    bodies = {
        "nothing": b"",
        "no frame": b"x" * 100,
        "skippable": b"\x50\x2a\x4d\x18\x04\0\0\0abcd",
        "tower": frame(tower),
        "tower of lists": frame("[" * 100_000),
        "NaN": frame('{"protocol":NaN}'),
        "infinity": frame('{"protocol":Infinity}'),
        "huge": frame('{"protocol":1' + "0" * 400 + "}"),
        "no rows": frame('{"protocol":2,"prev":null,"events":[],"groups":[]}'),
    }
    for path in ("/v1/push", "/v1/pull", "/v1/seekers", "/v1/keys"):
        answers = {name: device.ask("POST", path, body, (1, 1, 1))[0] for name, body in bodies.items()}
        assert answers == dict.fromkeys(bodies, 400), path
    assert device.ask("POST", "/v1/push", bodies["no rows"], (1, 5, 1))[0] == 400
    assert device.ask("POST", "/v1/push", bodies["no rows"], (1, -1, -1))[0] == 400
    assert device.ask("POST", "/v1/push", bodies["no rows"], (0, 1, 1))[0] == 400
    assert device.ask("POST", "/v1/push", b"", (1, 1, 1), **{"x-gighall-lo": "9" * 5_000})[0] == 401
    assert device.ask("POST", "/v1/push", b"", (1, 1, 1), **{SIGNATURE: "AAAA"})[0] == 401
    assert nothing_broke(caplog)


def test_cursors_that_are_none_start_anew(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    store = county_world.device("a")
    write(store, 3)
    county_world.sync(store)
    device, feed = Hostile(county_world, store), county_world.one("SELECT feed_id FROM county")
    for cursor in (
        "r|x",
        f"r|{feed}|5|1|0|nobody",
        f"r|{feed}|5|1|99999|{feed}",
        f"r|{feed}|{'9' * 19}|1|0|{feed}",
        f"f|{feed}|{'9' * 19}|1",
        "\0",
        "x" * 60_000,
    ):
        asked = wire.pack(wire.PullRequest(cursor, own=True))
        status, answer = device.ask("POST", "/v1/pull", asked)
        assert (status, len(wire.decode(answer, wire.Page).rows)) == (200, 3), cursor
    assert nothing_broke(caplog)


def test_rows_that_are_none_are_put_aside(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Each is told apart from its neighbours, and what stands can be read by everybody."""
    store = county_world.device("a")
    device = Hostile(county_world, store)
    other = Hostile(county_world, county_world.device("b", device.hall))
    tower, digits = "[" * 900 + "]" * 900, "[1" + "0" * 5_000 + "]"
    count, referral, posting = uuid4().hex, uuid4().hex, uuid4()
    assert device.push("daily_counts", row_id=count) == []
    assert device.push("referrals", row_id=referral) == []
    assert device.push("postings", row_id=posting.hex, openings="[2147483647]") == []
    cases: list[tuple[list[str], dict[str, Any]]] = [
        ([], {"table": "settings"}),
        ([], {"table": "settings", "waiting": "1" + "0" * 300}),
        ([], {"table": "settings", 'a"b': "[1]"}),
        (["value:key"], {"table": "settings", "key": "[[1]]"}),
        (["value"], {"table": "settings", "key": '["\\u0000"]'}),
        (["foreign_hall"], {"table": "settings", "hall_id": f'["{uuid4()}"]'}),
        (["value:hall_id"], {"table": "settings", "hall_id": "[[1]]"}),
        (["value:version"], {"table": "settings", "version": "[-5]"}),
        (["value:version"], {"table": "settings", "version": "[2147483647]"}),
        (["malformed"], {"table": "settings", "version": '["1"]'}),
        (["value:value"], {"table": "settings", "value": tower}),
        (["too_large"], {"table": "settings", "value": digits}),
        (["too_large"], {"table": "settings", "value": "[1e400]"}),
        (["too_large"], {"table": "settings", "op": "INSERT"}),
        (["value:created_at"], {"table": "settings", "created_at": '["2026-01-01T00:00:00 BC"]'}),
        (["value:created_at"], {"table": "settings", "created_at": '["2026-01-01T00:00:00 \\u0042C"]'}),
        (["value:name"], {"table": "seekers", "name": '[{"a":1}]'}),
        (["too_large"], {"table": "seekers", "name": digits}),
        (["too_large"], {"table": "seekers", "name": '["a","b","c"]'}),
        (["value:birth"], {"table": "seekers", "birth": "[5]"}),
        (["value:contact_name"], {"table": "postings", "contact_name": "[[1]]"}),
        (["value:amount"], {"table": "daily_counts", "op": "U", "row_id": count, "amount": '["x"]'}),
        (["value:state"], {"table": "referrals", "op": "U", "row_id": referral, "state": "[[1]]"}),
        (["value"], {"table": "referrals", "slip_number": f'["{"".join(uuid4().hex for _ in range(900))}"]'}),
        ([], {"table": "referrals", "posting_id": f'["{posting}"]'}),
    ]
    for reasons, odd in cases:
        if odd.get("op") == "U":
            odd["changed"] = [*odd][-1]
        assert device.push(**odd) == reasons, odd
    assert device.push("settings", key='["after"]') == []
    assert device.pulled() == other.pulled() == 8
    assert nothing_broke(caplog)


def test_an_event_counts_once(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Twice in a batch, or another device's: refused as a whole, told so, and the device may go on."""
    device = Hostile(county_world, county_world.device("a"))
    other = Hostile(county_world, county_world.device("b"))
    event = uuid4().hex
    assert device.push("settings", events=[event, event])[0] == 400
    assert device.push("settings", events=[event]) == []
    assert other.push("settings", events=[event])[0] == 400
    assert other.push("settings") == []
    assert county_world.one("SELECT count(*) FROM settings") == 2
    assert nothing_broke(caplog)


def test_two_requests_at_once_begin_with_new_keys(county_world: World) -> None:
    """A device speaks over two lines: both bring the first signature of its next key."""
    store = county_world.device("a")
    identity, following = link(store).identity, DeviceKey.make()
    enrol.rotate(county_world.county, identity.device, following.public, following.box_public)
    message = Envelope("GET", "/v1/mark", identity.device).message(b"")
    asked = county_world.county, identity.device, following.sign(message), message
    with ThreadPoolExecutor(2) as pool:
        with county_world.county.transaction() as tx:
            tx.execute("SELECT 1 FROM enrolled FOR UPDATE")
            both = [pool.submit(enrol.authenticate_message, *asked) for _ in range(2)]
            while county_world.one(WAITING) != 2:
                assert not any(one.done() for one in both)
        assert {one.result(WAIT_SECONDS) for one in both} == {store.origin.hall_id}
    assert county_world.one("SELECT public_key FROM enrolled") == following.public
    for keys in ((b"", following.box_public), (following.public, bytes(32)), (following.public, b"")):
        with pytest.raises(Malformed):
            enrol.rotate(county_world.county, identity.device, *keys)


def asking(code: str) -> EnrolRequest:
    key = DeviceKey.make()
    return EnrolRequest(code, uuid4(), uuid4(), 1, key.public, key.box_public, "0001")


def test_nobody_enrols_as_the_county_or_with_keys_that_are_none(county_world: World) -> None:
    request = asking(enrol.make_code(county_world.county, "x"))
    for odd in (
        replace(request, hall_id=COUNTY_HALL),
        replace(request, device_id=COUNTY_DEVICE),
        replace(request, public_key=b""),
        replace(request, box_key=bytes(32)),
        replace(request, device_number=10**30),
        replace(request, device_number=-1),
        replace(request, schema="\0"),
    ):
        with pytest.raises(Malformed):
            enrol.enrol(county_world.county, odd)
    assert enrol.enrol(county_world.county, request).hall_id == request.hall_id


def test_two_new_halls_at_once_are_not_one(county_world: World) -> None:
    """Only who names a hall's devices lets a second one in."""
    county = county_world.county
    first, second = (asking(enrol.make_code(county, "x")) for _ in range(2))
    second = replace(second, hall_id=first.hall_id)
    with ThreadPoolExecutor(2) as pool:
        with county.transaction() as tx:
            tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))", (first.hall_id,))
            both = [pool.submit(enrol.enrol, county, one) for one in (first, second)]
            while county_world.one(WAITING) != 2:
                assert not any(one.done() for one in both)
        refusals = [one.exception(WAIT_SECONDS) for one in both]
    assert sorted(type(one).__name__ for one in refusals) == ["CodeRefused", "NoneType"]
    assert county_world.one("SELECT count(*) FROM enrolled") == 1


def test_what_another_hall_deletes_is_gone_where_it_was_written(county_world: World) -> None:
    """A person looked up elsewhere says there that they do no more of a trade."""
    here, there = county_world.device("a"), county_world.device("b")
    for store in (here, there):
        set_up(store)
    seeker = add_seeker(here, NUMBER)
    with here.write() as session:
        session.add(SeekerTrade(seeker_id=seeker, occupation_id="bricklayer"))
    county_world.sync(here)
    county_world.sync(there)
    with county_world.client(there) as client:
        assert look_up(there, client, NUMBER)
    with there.write() as session:
        session.delete(session.scalars(select(SeekerTrade)).one())
    county_world.sync(there)
    county_world.sync(here)
    with here.read() as session:
        assert list(session.scalars(select(SeekerTrade))) == []
        assert session.get(Seeker, seeker) is not None


def test_services_that_start_at_once_take_what_waited_in_its_order(county_world: World) -> None:
    """The later write of a row waits for the earlier one, whoever has it in hand."""
    store, county = county_world.device("a"), county_world.county
    set_up(store)
    posting = add_posting(store)
    with store.write() as session:
        found = session.get(Posting, posting)
        assert found is not None
        found.title = "抹灰工"
    put_aside(county, store)
    with ThreadPoolExecutor(1) as pool:
        with county.transaction() as tx:
            tx.execute(
                "SELECT 1 FROM quarantine WHERE row_id = %s ORDER BY seq LIMIT 1 FOR UPDATE", (posting,)
            )
            started = pool.submit(replay, county)
            while not county_world.one(WAITING):
                assert not started.done()
        assert started.result(WAIT_SECONDS) == 5
    assert county_world.rows("SELECT title, version FROM postings") == [("抹灰工", 2)]


def put_aside(county: County, store: Store) -> None:
    """All that a store wrote, as a county keeps what it does not know yet."""
    made, device = next_batch(store, 0, None, None, 100, protocol=2), link(store).identity.device
    assert made is not None
    batch, _ = decode(made.body, made.lo, made.hi)
    with county.transaction() as tx:
        outcome = Outcome(tx, county.keys, Sender(device, store.origin.hall_id, 1))
        for row in batch.rows(made.lo):
            outcome.quarantine(row, "deferred", "unknown_column")


def test_a_migration_takes_as_long_as_it_takes(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large county's index is not built in the two minutes that a statement has."""
    said: list[object] = []
    upgrade = command.upgrade

    def listening(config: Config, to: str) -> None:
        said.append(config.attributes["connection"].exec_driver_sql("SHOW statement_timeout").scalar())
        upgrade(config, to)

    monkeypatch.setattr(command, "upgrade", listening)
    name = f"t{uuid4().hex}"
    with psycopg.connect(driver_dsn(postgres), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            county = County.open(named(postgres, name), CountyKeys(b"k" * 32, "test"))
            with county.transaction() as tx:
                said += tx.execute("SHOW statement_timeout").fetchone() or ()
            county.close()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    assert said == ["0", "2min"]


def test_a_database_of_a_newer_county_is_left_alone(county_world: World) -> None:
    with county_world.county.transaction() as tx:
        tx.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CountyNewer):
        County.open(county_world.dsn, county_world.county.keys)
    where = ["--data", str(county_world.folder), "--dsn", county_world.dsn]
    answer = CliRunner().invoke(app, ["county", "status", *where])
    assert answer.exit_code == 1
    assert "a newer gighall wrote this database" in answer.output
    assert len(answer.output.splitlines()) == 1
