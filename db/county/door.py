"""The connections of the service: how many, how long one may say nothing, and what is said to those that are no HTTP.

uvicorn answers such requests before any app sees them; its answers get the headers of all others here (`armour`).
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import h11
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from db.county.armour import SAFE
from db.sync.wire import Trouble

MOST_CONNECTIONS = 500
HEAD_SECONDS = 30.0  # for a request to begin and to name itself, on a new connection and on a kept one
FULL_SECONDS = 15.0


async def full(scope: Scope, receive: Receive, send: Send) -> None:
    """A device comes back in a moment."""
    said = msgspec.json.encode(Trouble("full", wait=FULL_SECONDS))
    headers = {**SAFE, "connection": "close"}
    answer = Response(said, HTTPStatus.SERVICE_UNAVAILABLE, headers, media_type="application/json")
    await answer(scope, receive, send)


class Door(H11Protocol):
    """One connection. Those that are in go on where no more are let in."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self.app = full
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._heard()

    def on_response_complete(self) -> None:
        self._await_head()
        super().on_response_complete()
        self._heard()

    def send_400_response(self, msg: str) -> None:
        """No HTTP, or no more of it: said where nothing else was said yet."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            said = msg.encode()
            about = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(said))}
            headers = [*{**SAFE, **about, "connection": "close"}.items()]
            status = HTTPStatus.BAD_REQUEST
            start = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
            for event in (start, h11.Data(data=said), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever answers it talks to nobody
            self.cycle.message_event.set()
        self.transport.close()

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _heard(self) -> None:
        """A request is there. The rest of one that was answered before its end is none."""
        if self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:
            self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
