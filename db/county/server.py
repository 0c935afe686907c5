"""Runs the service: database, keys, TLS and uvicorn put together (`gighall county serve`)."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute

from db.county import authority
from db.county.armour import Armoured
from db.county.authority import Tls
from db.county.base import County
from db.county.door import MOST_CONNECTIONS, Door
from db.county.embedded import EmbeddedPostgres
from db.county.keys import CountyKeys
from db.county.replay import replay
from db.county.service import Service

IDLE_SECONDS = 30
GARBAGE = 50_000  # things made before rubbish is looked for; Python's 700 are few for a batch
NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Place:
    """Where a county's things lie. Without a DSN the embedded PostgreSQL runs in `folder`."""

    folder: Path
    dsn: str = ""
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = NAMES

    def tls(self) -> Tls:
        if self.certificate and self.key:
            return authority.given(self.certificate, self.key)
        return authority.local(self.folder / "tls", self.names)


class OpenCounty:
    """A county with its database running; `with OpenCounty(place) as county:`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._embedded: EmbeddedPostgres | None = None

    def __enter__(self) -> County:
        keys = CountyKeys.load(self._place.folder)
        dsn = self._place.dsn
        if not dsn:
            self._embedded = EmbeddedPostgres(self._place.folder)
            dsn = self._embedded.dsn
        try:
            self.county = County.open(dsn, keys)
            replay(self.county)
        except BaseException:
            self._stop()
            raise
        return self.county

    def __exit__(self, *about: object) -> None:
        self.county.close()
        self._stop()

    def _stop(self) -> None:
        if self._embedded is not None:
            self._embedded.close()


def server(service: Service, tls: Tls, more: tuple[BaseRoute, ...] = ()) -> uvicorn.Server:
    """Not yet running: `server.run(sockets=[…])` serves until `should_exit` or a signal. `more`: the console."""
    config = uvicorn.Config(
        Armoured(service.app(more), strict=tls.given),
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=tls.certificate,
        ssl_keyfile=tls.key,
        http=Door,
        ws="none",
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=10,
        lifespan="on",
    )
    return uvicorn.Server(config)


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Rubbish in cycles is looked for seldom: a batch leaves none and pays for each look, a fifth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the socket names its protocol: else every answer waits 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(MOST_CONNECTIONS)  # whoever is told the address may call at once, and waits a moment
    return listener
