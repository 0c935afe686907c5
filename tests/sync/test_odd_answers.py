"""Whatever answers in the county's place: an error that staff understand, nothing lost, nothing doubled."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest
import zstandard

from db.models import now
from db.store import Store
from db.sync.client import CountyClient
from db.sync.enrol import enrol
from db.sync.errors import (
    CountyBusy,
    CountyFailed,
    CountyNotTrusted,
    CountyUnreachable,
    Interrupted,
    SyncError,
)
from db.sync.line import fetch_authority
from db.sync.round import sync_once
from db.sync.schedule import LONGEST_WAIT, SyncLoop
from db.sync.state import link, standing, state_of
from tests.county.world import World
from tests.faults.middlebox import Answer, Middlebox, Say, http
from tests.sync.test_push import settings, write
from tests.sync.test_schedule import PLAN

PORTAL = b"<html><h1>\xb5\xc7\xc2\xbc</h1></html>"  # in a portal's own character set


def zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


ANSWERS: dict[str, tuple[Answer | None, type[SyncError]]] = {
    "a portal's page": (http("200 OK", PORTAL), CountyFailed),
    "a redirect": (http("302 Found", b"\r\nlocation: https://x/"), CountyFailed),
    "500": (http("500 Oops", PORTAL), CountyFailed),
    "502": (http("502 Bad Gateway", PORTAL), CountyFailed),
    "503 of a proxy": (http("503 Unavailable", PORTAL), CountyFailed),
    "503 of the county": (http("503 Unavailable", b'{"code":"database","wait":15}'), CountyBusy),
    "503 with a letter that is none": (http("503 Unavailable", b'{"code":"\xff"}'), CountyFailed),
    "503 of a tower": (http("503 Unavailable", b'{"code":"x","y":' + b"[" * 100_000), CountyFailed),
    "nothing": (http("200 OK", b""), CountyFailed),
    "plain JSON": (http("200 OK", b'{"epoch":1,"seq":1,"last":null}'), CountyFailed),
    "something else": (http("200 OK", zstd(b"[1]")), CountyFailed),
    "a letter that is none": (http("200 OK", zstd(b'{"epoch":1,"seq":1,"last":null,"time":"\xff"}')), CountyFailed),
    "a tower of lists": (http("200 OK", zstd(b'{"epoch":1,"x":' + b"[" * 100_000)), CountyFailed),
    "a bomb": (http("200 OK", zstd(bytes(1 << 27))), CountyFailed),
    "a huge body": ((http("200 OK", b"").replace(b": 0", b": 99999999999"), *[bytes(1 << 20)] * 18), CountyFailed),
    "a body without an end": ((b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(1 << 20)] * 18), CountyFailed),
    "half a body": ([http("200 OK", b"x" * 100)[:-50]], CountyUnreachable),
    "broken pieces": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", CountyUnreachable),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", CountyUnreachable),
    "a head without an end": ((b"HTTP/1.1 200 OK\r\n", *[b"x-more: 1\r\n"] * 200), CountyUnreachable),
    "no answer": (None, CountyUnreachable),
}  # fmt: skip


TRICKLE = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9999999\r\n\r\n"


def through(store: Store, box: Middlebox) -> CountyClient:
    known = link(store)
    return CountyClient(box.address, known.authority, known.identity, 60.0)


def test_every_odd_answer_is_an_error_with_a_name(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 1)
    found = {}
    for name, (answer, _) in ANSWERS.items():

        def say(first: str, county: Callable[[], bytes], answer: Answer | None = answer) -> Answer | None:
            return answer

        with Middlebox(county_world.tls, county_world.server.port, say) as box, through(store, box) as client:
            with pytest.raises(SyncError) as error:
                sync_once(store, client)
            found[name] = type(error.value)
            assert standing(store).trouble == error.value.code
    assert found == {name: kind for name, (_, kind) in ANSWERS.items()}
    assert standing(store).failures == len(ANSWERS)
    county_world.sync(store)
    assert settings(county_world) == ["k0"]
    assert standing(store).trouble == ""


@pytest.mark.parametrize("what", ["/v1/mark", "/v1/push", "/v1/pull"])
def test_an_answer_that_a_proxy_changed_after_the_county_did_its_part(county_world: World, what: str) -> None:
    """Whichever answer of a round it is: the next round goes on, every row is there once."""
    store = county_world.device("a")
    odd = [answer for answer, _ in ANSWERS.values() if isinstance(answer, bytes) or answer is None]

    def say(first: str, county: Callable[[], bytes]) -> Answer | None:
        answer = county()
        if what in first and odd:
            return odd.pop()
        return answer

    wanted: list[str] = []
    with Middlebox(county_world.tls, county_world.server.port, say) as box:
        while odd:
            write(store, 3, start=len(wanted))
            wanted += [f"k{at}" for at in range(len(wanted), len(wanted) + 3)]
            with through(store, box) as client, pytest.raises(SyncError):
                sync_once(store, client)
        with through(store, box) as client:
            sync_once(store, client)
    assert settings(county_world) == sorted(wanted)
    assert county_world.one("SELECT count(*) FROM inbox") == len(wanted)
    assert county_world.one("SELECT max(epoch) FROM epochs") == store.origin.epoch
    assert standing(store).waiting == 0


def test_an_answer_that_never_ends_is_given_up(county_world: World) -> None:
    """A byte now and then keeps every timeout from coming."""
    store = county_world.device("a")

    def say(first: str, county: Callable[[], bytes]) -> Answer:
        return itertools.chain([TRICKLE], itertools.repeat(b"x"))

    with Middlebox(county_world.tls, county_world.server.port, say) as box, through(store, box) as client:
        for line in client._lines:
            line.longest = 0.2
        with pytest.raises(CountyUnreachable):
            client.mark()
        assert len(box.asked) <= 1  # nor asked for once more


def test_an_answer_without_a_kept_line_is_interrupted_at_once(county_world: World) -> None:
    store = county_world.device("a")
    begun = threading.Event()

    def trickle() -> Iterator[bytes]:
        yield TRICKLE
        while True:
            yield b"x"
            begun.set()

    def say(first: str, county: Callable[[], bytes]) -> Answer:
        return trickle()

    ended: list[SyncError] = []

    def run() -> None:
        try:
            client.mark()
        except SyncError as error:
            ended.append(error)

    with Middlebox(county_world.tls, county_world.server.port, say) as box, through(store, box) as client:
        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(20)
        client.interrupt()
        thread.join(20)
        assert not thread.is_alive()
    assert [type(error) for error in ended] == [Interrupted]


def test_a_county_that_says_come_back_in_a_thousand_years_is_asked_sooner(county_world: World) -> None:
    store = county_world.device("a")
    body = b'{"code":"too_often","wait":1e300}'

    def say(first: str, county: Callable[[], bytes]) -> Answer:
        return http("429 Too Many", body)

    with Middlebox(county_world.tls, county_world.server.port, say) as box:
        with store.write() as session:
            state_of(session).county_address = box.address
        loop = SyncLoop(store, PLAN, timeout=60.0)
        loop._round()
        assert standing(store).trouble == "county_busy"
        assert loop._due() <= now() + LONGEST_WAIT


ENROL: list[tuple[str, Answer, type[SyncError]]] = [
    ("/v1/authority", http("200 OK", PORTAL), CountyNotTrusted),
    ("/v1/authority", http("200 OK", b"<html>"), CountyNotTrusted),
    ("/v1/authority", http("302 Found", PORTAL), CountyNotTrusted),
    ("/v1/authority", http("404 Not Found", PORTAL), CountyNotTrusted),
    ("/v1/authority", http("503 Unavailable", PORTAL), CountyFailed),
    ("/v1/authority", (TRICKLE,), CountyUnreachable),
    ("/v1/enrol", http("502 Bad Gateway", PORTAL), CountyFailed),
    ("/v1/enrol", http("200 OK", PORTAL), CountyFailed),
]


def test_odd_answers_while_a_device_joins(county_world: World) -> None:
    """The code counts until the device has its answer, however often that was lost."""
    store, code = county_world.store("a"), county_world.code()
    expected: list[Say] = []

    def say(first: str, county: Callable[[], bytes]) -> Answer | None:
        return expected[0](first, county)

    with Middlebox(county_world.tls, county_world.server.port, say) as box:
        for path, answer, kind in ENROL:

            def odd(
                first: str, county: Callable[[], bytes], path: str = path, answer: Answer = answer
            ) -> Answer | None:
                whole = county()
                return answer if path in first else whole

            expected[:] = [odd]
            with pytest.raises(SyncError) as error:
                enrol(store, box.address, code)
            assert type(error.value) is kind, (path, answer)
            assert not standing(store).enrolled
    enrol(store, county_world.server.address, code)
    write(store, 1)
    county_world.sync(store)
    assert settings(county_world) == ["k0"]


@pytest.mark.parametrize(
    "address",
    ["https://[abc", "https://..", f"https://{'a' * 70}.x", "https://a b", "https://\x01", "https://x\udcff"],
)
def test_an_address_that_is_none_cannot_be_reached(address: str) -> None:
    with pytest.raises(CountyUnreachable):
        fetch_authority(address)
