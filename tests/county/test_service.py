"""What the service shows to whom: limits, health, metrics, refusals without a trace of the inside."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect

from db.county.base import County
from db.county.errors import CountyKeyWrong, TooOften
from db.county.keys import CountyKeys
from db.county.limits import Rate
from db.county.service import MOST_BODY, Service
from db.county.tables import METADATA
from db.sync import wire
from db.sync.client import CountyClient
from db.sync.errors import BatchInvalid, CountyBusy
from db.sync.line import trusting
from db.sync.round import client_for, sync_once
from db.sync.state import link
from tests.county.world import Server, World, no_limits
from tests.sync.test_push import write


def ask(
    world: World, path: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    context: ssl.SSLContext = trusting(world.tls.authority)
    connection = http.client.HTTPSConnection("127.0.0.1", world.server.port, timeout=20, context=context)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_health_and_metrics(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 3)
    county_world.sync(store)
    assert ask(county_world, "/health") == (200, b"ok\n")
    status, text = ask(county_world, "/metrics")
    assert status == 200
    lines = dict(line.rsplit(" ", 1) for line in text.decode().splitlines())
    assert lines["gighall_rows_pushed_total"] == "3"
    assert lines['gighall_devices{state="active"}'] == "1"
    assert lines["gighall_conflicts_open"] == "0"


def test_requests_without_a_standing_signature_learn_nothing(county_world: World) -> None:
    for path in ("/v1/mark", "/v1/push", "/v1/pull", "/v1/seekers", "/v1/keys"):
        method = "GET" if path == "/v1/mark" else "POST"
        status, body = ask(county_world, path, method)
        assert (status, json.loads(body)["code"]) == (401, "unknown_device")
    assert ask(county_world, "/nothing")[0] == 404


def test_a_bug_is_a_plain_500(county_world: World, caplog: pytest.LogCaptureFixture) -> None:
    with county_world.county.transaction() as tx:
        tx.execute("ALTER TABLE enrol_codes RENAME TO secret_codes")
    request = wire.EnrolRequest("x", *(county_world.county_id(),) * 2, 1, b"", b"", "")
    status, body = ask(county_world, "/v1/enrol", "POST", wire.pack(request))
    assert (status, json.loads(body)) == (500, {"code": "internal", "mark": None, "wait": 0.0})
    assert "secret_codes" not in body.decode()
    assert "bug in /v1/enrol" in caplog.text


def test_large_bodies_are_not_read(county_world: World) -> None:
    headers = dict.fromkeys(wire.HEADERS, "1") | {"x-gighall-device": str(county_world.county_id())}
    headers[wire.SIGNATURE] = "AAAA"
    headers["content-length"] = str(MOST_BODY + 1)
    status, body = ask(county_world, "/v1/push", "POST", b"", headers)
    assert (status, json.loads(body)["code"]) == (413, "too_large")


def test_a_bomb_is_not_inflated() -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(b"\0" * (1 << 28))
    assert len(bomb) < 100_000
    with pytest.raises(BatchInvalid) as refusal:
        wire.unpack(bomb)
    assert refusal.value.context["reason"] == "too_large"
    unknown = zstandard.ZstdCompressor(write_content_size=False).compress(b"\0" * 100)
    with pytest.raises(BatchInvalid):
        wire.unpack(unknown)


def test_a_rate_refills() -> None:
    at = [0.0]
    rate = Rate(2.0, 3.0, lambda: at[0])
    for _ in range(3):
        rate.take("a")
    rate.take("b")
    with pytest.raises(TooOften) as refusal:
        rate.take("a")
    assert refusal.value.wait == pytest.approx(0.5)
    at[0] = 0.5
    rate.take("a")


def test_too_many_requests_are_told_to_wait(county_world: World) -> None:
    store = county_world.device("a")
    limits = no_limits()
    limits.device = Rate(0.001, 2)
    strict = Server(Service(county_world.county, county_world.tls.authority, limits), county_world.tls)
    try:
        county_world.server, kept = strict, county_world.server
        known = county_world.client(store)
        for line in known._lines:
            line.port = strict.port
        with known as client:
            client.mark()
            client.mark()
            with pytest.raises(CountyBusy) as refusal:
                client.mark()
        assert float(str(refusal.value.context["wait"])) > 1
    finally:
        strict.close()
        county_world.server = kept


def test_who_is_told_to_come_back_in_a_moment_does(county_world: World) -> None:
    """A round waits as told, if it is not long, instead of failing; what it asked is asked again."""
    store = county_world.device("a")
    write(store, 30)
    limits = no_limits()
    limits.device = Rate(50, 1)
    strict = Server(Service(county_world.county, county_world.tls.authority, limits), county_world.tls)
    try:
        address = f"https://127.0.0.1:{strict.port}"
        with (
            client_for(replace(link(store), address=address), patience=0) as client,
            pytest.raises(CountyBusy),
        ):
            [client.mark() for _ in range(30)]
        with client_for(replace(link(store), address=address)) as client:
            assert sync_once(store, client, most_rows=10).pushed == 30
    finally:
        strict.close()
    assert county_world.one("SELECT count(*) FROM inbox") == 30


def test_the_migrated_database_equals_the_tables(county_world: World) -> None:
    engine = create_engine(county_world.dsn)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        inspector = inspect(connection)
        for table in METADATA.sorted_tables:
            wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted, (
                table.name
            )
    engine.dispose()


def test_a_key_that_is_not_the_databases_is_refused_before_it_seals_anything(county_world: World) -> None:
    County.open(county_world.dsn, CountyKeys(b"x" * 32, "nobody enrolled yet")).close()
    county_world.device("a")
    with pytest.raises(CountyKeyWrong):
        County.open(county_world.dsn, CountyKeys(b"x" * 32, "another folder"))


def test_a_service_without_a_free_connection_says_come_back_later(county_world: World) -> None:
    identity = link(county_world.device("a")).identity
    narrow = County.open(county_world.dsn, county_world.county.keys, pool=1, patience=0.01)
    served = Server(Service(narrow, county_world.tls.authority, no_limits()), county_world.tls)
    try:
        with CountyClient(served.address, county_world.tls.authority, identity) as client:
            with narrow.transaction(), pytest.raises(CountyBusy):
                client.mark()
            assert client.mark().epoch == 0
    finally:
        served.close()
        narrow.close()


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("10.1.2.3", 200), ("9.9.9.9", 404), ("2400::1", 404), ("", 404)],
)
def test_the_operators_figures_are_not_for_every_phone(
    county_world: World, address: str, status: int
) -> None:
    app = county_world.service().app()
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asked = {"type": "http", "method": "GET", "path": "/metrics", "headers": [], "query_string": b""}
    asyncio.run(app({**asked, "client": (address, 1)}, receive, send))
    assert sent[0]["status"] == status
