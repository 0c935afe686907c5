"""The county service over HTTPS: Starlette in front of PostgreSQL (design §3). It keeps no state of its own, so
several processes may serve one database. Every device request is signed; answers and refusals are messages of
`db.sync.wire`. Nobody outside ever sees a stack trace.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import ipaddress
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import msgspec
from anyio import CapacityLimiter, fail_after, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from db.county import enrol, ingest, pull, twice
from db.county.base import POOL, County
from db.county.errors import DatabaseMissing, Malformed, Refusal, TooLarge, TooSlow, Unknown
from db.county.limits import Rate
from db.county.metrics import Metrics
from db.sync import wire
from db.sync.errors import BatchInvalid
from db.sync.wire import HEADERS, SIGNATURE, Envelope, Trouble

log = logging.getLogger(__name__)

# of a batch on the line: photos do not shrink; 20,000 rows are about 1 MB
MOST_BODY = wire.MOST_BYTES + (2 << 20)
SMALL_BODY = 64 << 10
BODY_SECONDS = 900.0  # the largest one at 11 kB/s
PUSHES = POOL - 2  # at once in one process
BUSY_SECONDS = 15.0
OFFSET_LIMIT_MS = 10**12
CUT = 499
BINARY = "application/zstd"


@dataclass
class Limits:
    """(ours) For one process; generous for a hall, narrow for somebody who guesses."""

    device: Rate = field(default_factory=lambda: Rate(50, 500))
    enrol: Rate = field(default_factory=lambda: Rate(0.2, 10))
    look_up: Rate = field(default_factory=lambda: Rate(0.5, 60))
    address: Rate = field(default_factory=lambda: Rate(200, 2000))


@dataclass(frozen=True)
class Asked:
    """A request whose signature stands."""

    envelope: Envelope
    hall: UUID
    body: bytes


Handler = Callable[[Request], Awaitable[Response]]


class Service:
    def __init__(
        self, county: County, authority: str, limits: Limits | None = None, public_address: str = ""
    ) -> None:
        """`public_address`: what devices put before the token on their slips, so that any phone opens its page."""
        self._county = county
        self._public_address = public_address
        self._authority = authority
        self._limits = limits or Limits()
        self.metrics = Metrics()
        # in the order they came; a connection is left for everything else, and no more batches lie unpacked in memory
        self._pushes = CapacityLimiter(PUSHES)

    def app(self, more: tuple[BaseRoute, ...] = ()) -> Starlette:
        """The ASGI app; `more` routes (the console) come behind ours."""

        @contextlib.asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            yield

        def route(path: str, handler: Handler, method: str) -> Route:
            return Route(path, partial(self._answer, path, handler), methods=[method])

        return Starlette(
            lifespan=lifespan,
            routes=[
                route("/v1/authority", self._pin, "GET"),
                route("/v1/enrol", self._enrol, "POST"),
                route("/v1/mark", self._mark, "GET"),
                route("/v1/numbers", self._numbers, "GET"),
                route("/v1/push", self._push, "POST"),
                route("/v1/pull", self._pull, "POST"),
                route("/v1/seekers", self._look_up, "POST"),
                route("/v1/keys", self._rotate, "POST"),
                route("/health", self._health, "GET"),
                route("/metrics", self._metrics, "GET"),
                *more,
            ],
        )

    async def _answer(self, path: str, handler: Handler, request: Request) -> Response:
        """Every refusal is a message, every bug a plain 500, every request a count."""
        started = time.perf_counter()
        try:
            self._limits.address.take(request.client.host if request.client else "")
            response = await handler(request)
        except Refusal as refusal:
            trouble = Trouble(refusal.said, refusal.mark, refusal.wait)
            response = _trouble(trouble, refusal.status)
        except BatchInvalid as error:
            response = _trouble(Trouble(error.code), 400)
        except DatabaseMissing:
            response = _trouble(Trouble("database", wait=BUSY_SECONDS), 503)
        except ClientDisconnect:
            response = Response(status_code=CUT)  # nobody hears it; the metrics count it
        except HTTPException:
            raise
        except Exception as error:
            log.error("bug in %s: %s", path, type(error).__name__, exc_info=without_values(error))
            response = _trouble(Trouble("internal"), 500)
        self.metrics.request(path, response.status_code, time.perf_counter() - started)
        return response

    async def _pin(self, request: Request) -> Response:
        return PlainTextResponse(self._authority)

    async def _enrol(self, request: Request) -> Response:
        self._limits.enrol.take(request.client.host if request.client else "")
        asked = wire.decode(await read_body(request, SMALL_BODY), wire.EnrolRequest)
        return _message(await run_in_threadpool(enrol.enrol, self._county, asked, self._public_address))

    async def _mark(self, request: Request) -> Response:
        asked = await self._asked(request, SMALL_BODY)
        return _message(await run_in_threadpool(ingest.mark_of, self._county, asked.envelope.device))

    async def _numbers(self, request: Request) -> Response:
        asked = await self._asked(request, SMALL_BODY)
        return _message(await run_in_threadpool(twice.highest, self._county, asked.envelope.device))

    async def _push(self, request: Request) -> Response:
        asked = await self._asked(request, MOST_BODY)
        take = partial(ingest.push, self._county, asked.envelope, asked.body, _offset(asked.envelope))
        mark = await to_thread.run_sync(take, limiter=self._pushes)
        self.metrics.add("gighall_rows_pushed_total", asked.envelope.hi - asked.envelope.lo + 1)
        self.metrics.add("gighall_bytes_pushed_total", len(asked.body))
        return _message(mark)

    async def _pull(self, request: Request) -> Response:
        asked = await self._asked(request, SMALL_BODY)
        wanted = wire.decode(asked.body, wire.PullRequest)
        page = await run_in_threadpool(
            partial(
                pull.pull,
                self._county,
                asked.envelope.device,
                asked.hall,
                wanted.cursor,
                own=wanted.own,
                most=max(1, min(wanted.most, pull.ROWS)),
            )
        )
        if not page.more:
            await run_in_threadpool(pull.noted, self._county, asked.envelope.device)
        self.metrics.add("gighall_rows_pulled_total", len(page.rows))
        return _message(page)

    async def _look_up(self, request: Request) -> Response:
        asked = await self._asked(request, SMALL_BODY)
        self._limits.look_up.take(asked.envelope.device)
        index = wire.decode(asked.body, bytes)
        found = await run_in_threadpool(pull.look_up, self._county, asked.envelope.device, asked.hall, index)
        return _message(found)

    async def _rotate(self, request: Request) -> Response:
        asked = await self._asked(request, SMALL_BODY)
        keys = wire.decode(asked.body, wire.NextKeys)
        await run_in_threadpool(
            enrol.rotate, self._county, asked.envelope.device, keys.public_key, keys.box_key
        )
        return _message(True)

    async def _health(self, request: Request) -> Response:
        def ping() -> None:
            with self._county.transaction() as tx:
                tx.execute("SELECT 1")

        await run_in_threadpool(ping)
        return PlainTextResponse("ok\n")

    async def _metrics(self, request: Request) -> Response:
        """For whoever watches from this machine or the office's network: the county's slips are open to all phones."""
        if not _nearby(request.client.host if request.client else ""):
            raise HTTPException(404)
        return PlainTextResponse(await run_in_threadpool(self.metrics.text, self._county))

    async def _asked(self, request: Request, most: int) -> Asked:
        """Read the body within its limit, check who signed it. Raises Unknown, Stopped, TooLarge, TooOften."""
        try:
            device, epoch, lo, hi, sent = (request.headers[name] for name in HEADERS)
            envelope = Envelope(
                request.method, request.url.path, UUID(device), int(epoch), int(lo), int(hi), sent
            )
            signature = base64.b64decode(request.headers[SIGNATURE], validate=True)
        except (KeyError, ValueError, binascii.Error) as error:
            raise Unknown(reason="headers") from error
        if not (0 <= envelope.epoch < 2**31 and 0 <= envelope.lo < 2**62 and 0 <= envelope.hi < 2**62):
            raise Malformed(reason="headers")
        self._limits.device.take(envelope.device)
        body = await read_body(request, most)
        hall = await run_in_threadpool(enrol.authenticate, self._county, envelope, signature, body)
        return Asked(envelope, hall, body)


async def read_body(request: Request, most: int) -> bytes:
    """At most `most` bytes; more are not even read, and none is waited for without end. Raises TooLarge, TooSlow."""
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLarge()
    parts: list[bytes] = []
    size = 0
    try:
        with fail_after(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise TooLarge()
                parts.append(part)
    except TimeoutError as error:
        raise TooSlow() from error
    return b"".join(parts)


def _nearby(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _message(message: object) -> Response:
    return Response(wire.pack(message), media_type=BINARY)


def _trouble(trouble: Trouble, status: int) -> Response:
    return Response(msgspec.json.encode(trouble), status, media_type="application/json")


def _offset(envelope: Envelope) -> int | None:
    """How far the device's clock is from ours, in ms; recorded, never a reason to refuse (design §3.8)."""
    try:
        sent = datetime.fromisoformat(envelope.sent)
    except ValueError:
        return None
    if sent.tzinfo is None:
        return None
    offset = int((datetime.now(UTC) - sent).total_seconds() * 1000)
    return offset if abs(offset) < OFFSET_LIMIT_MS else None


def without_values(error: BaseException) -> BaseException:
    """PostgreSQL's messages quote rows: keep where it happened, drop what it said."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
