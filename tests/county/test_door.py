"""Connections: what is no HTTP, who says nothing, who never ends, and one too many."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress

import pytest

from db.county import door, service
from db.county.armour import SAFE
from db.sync import wire
from db.sync.line import trusting
from tests.county.world import World

PATIENCE_SECONDS = 60.0


@pytest.fixture
def line(county_world: World) -> Iterator[ssl.SSLSocket]:
    with opened(county_world) as line:
        yield line


def opened(world: World) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", world.server.port), PATIENCE_SECONDS)
    return trusting(world.tls.authority).wrap_socket(plain, server_hostname="127.0.0.1")


def heard(line: ssl.SSLSocket) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer


def armoured(answer: http.client.HTTPResponse) -> bool:
    return all(answer.headers.get_all(name) == [value] for name, value in SAFE.items())


def chunked(world: World, path: str) -> bytes:
    names = {
        **dict.fromkeys(wire.HEADERS, "1"),
        wire.HEADERS[0]: str(world.county_id()),
        wire.SIGNATURE: "AAAA",
    }
    lines = [f"POST {path} HTTP/1.1", "host: x", "transfer-encoding: chunked"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in names.items()), "", ""]).encode()


@pytest.mark.parametrize(
    "said",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\n"
        + b"x: y\r\n" * 2_800,  # just past the limit: all of it is read before the answer
    ],
)
def test_what_is_no_http_is_told_so_in_armour(line: ssl.SSLSocket, said: bytes) -> None:
    line.sendall(said)
    answer = heard(line)
    assert (answer.status, answer.read()) == (400, b"Invalid HTTP request received.")
    assert armoured(answer)
    assert answer.headers["connection"] == "close"


def test_nonsense_behind_a_request_ends_the_line(
    county_world: World, line: ssl.SSLSocket, caplog: pytest.LogCaptureFixture
) -> None:
    line.sendall(chunked(county_world, "/v1/push") + b"zz\r\n")
    answer = heard(line)
    assert (answer.status, answer.read()) == (400, b"Invalid HTTP request received.")
    with suppress(OSError):  # the line may be cut while this is said
        line.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n" * 2)
        assert line.recv(1) == b""
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("said", [b"", b"GET /health HT", b"GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /hea"])
def test_nobody_holds_a_line_by_saying_nothing(
    county_world: World, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(door, "HEAD_SECONDS", 0.1)
    with opened(county_world) as line:
        line.sendall(said)
        while line.recv(1_000):
            pass


def test_a_body_that_never_ends_is_answered(
    county_world: World, line: ssl.SSLSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BODY_SECONDS", 0.1)
    line.sendall(chunked(county_world, "/v1/push") + b"1\r\nx\r\n")
    answer = heard(line)
    assert (answer.status, json.loads(answer.read())["code"]) == (408, "too_slow")


def test_one_line_too_many_is_told_to_come_back(county_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were there before go on."""
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 1)
    asked = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"
    with opened(county_world) as first:
        first.sendall(asked)
        assert heard(first).read() == b"ok\n"
        with opened(county_world) as second:
            second.sendall(asked)
            answer = heard(second)
            assert (answer.status, json.loads(answer.read())["wait"]) == (503, door.FULL_SECONDS)
            assert armoured(answer)
        first.sendall(asked)
        assert heard(first).read() == b"ok\n"
