"""What a device asks the county, every request signed: the protocol's calls over one kept line, or two for pushes."""

from __future__ import annotations

import base64
import http
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from db.sync import wire
from db.sync.device_key import DeviceKey
from db.sync.errors import (
    BatchInvalid,
    CountyBusy,
    CountyFailed,
    CountyRefused,
    EnrolRefused,
    Interrupted,
    SyncError,
)
from db.sync.line import TIMEOUT_SECONDS, Line, host_and_port, trusting
from db.sync.wire import SIGNATURE, EnrolReply, EnrolRequest, Envelope, Mark, Trouble

T = TypeVar("T")
Answer = Callable[[], tuple[int, bytes]]
MOST_WAITS = 50
LINES = 2  # batches under way at once: the county reads one while it writes the other


class Diverged(SyncError):
    """The county's mark is not where we thought: go on from `mark`."""

    code = "diverged"

    def __init__(self, reason: str, mark: Mark) -> None:
        super().__init__(reason=reason)
        self.mark = mark


@dataclass(frozen=True)
class Identity:
    """Who speaks: the device and its key."""

    device: UUID
    key: DeviceKey


class CountyClient:
    """Not for several threads at once, but `interrupt` may come from any."""

    def __init__(
        self,
        address: str,
        authority: str,
        identity: Identity | None = None,
        timeout: float = TIMEOUT_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: float = 0.0,
    ) -> None:
        """`patience`: where the county says to come back in so many seconds or fewer, wait and ask again."""
        self._identity = identity
        self._now = now
        self._patience = patience
        self._stopped = threading.Event()
        where, context = host_and_port(address), trusting(authority)
        self._lines = [Line(*where, context, timeout, self._stopped) for _ in range(LINES)]

    def __enter__(self) -> CountyClient:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def mark(self) -> Mark:
        return self._call("GET", "/v1/mark", b"", Mark)

    def highest_number(self) -> int:
        """The highest serial the county has of this device."""
        return self._call("GET", "/v1/numbers", b"", int)

    def push(self, epoch: int, lo: int, hi: int, body: bytes) -> Mark:
        """Raises Diverged where the county stands elsewhere."""
        return self.pushing(epoch, lo, hi, body)()

    def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Callable[[], Mark]:
        """Send a batch, and hear the answer when what this returns is called: up to LINES may be under way."""
        sent = [self._asked("POST", "/v1/push", body, epoch, lo, hi)]

        def hear() -> Mark:
            answer = sent.pop() if sent else self._asked("POST", "/v1/push", body, epoch, lo, hi)
            return _understood(answer(), Mark)

        return lambda: self._patiently(hear)

    def pull(self, cursor: str, *, own: bool, most: int = wire.PAGE_ROWS) -> wire.Page:
        """Raises CountyFailed(status="too_large") where so many rows are more than one answer may hold."""
        return self._call("POST", "/v1/pull", wire.pack(wire.PullRequest(cursor, own, most)), wire.Page)

    def look_up(self, index: bytes) -> wire.FoundSeeker:
        return self._call("POST", "/v1/seekers", wire.pack(index), wire.FoundSeeker)

    def rotate(self, keys: wire.NextKeys) -> None:
        self._call("POST", "/v1/keys", wire.pack(keys), bool)

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._call("POST", "/v1/enrol", wire.pack(request), EnrolReply)

    def interrupt(self) -> None:
        """Cut the lines under whatever is going on; that call raises Interrupted."""
        self._stopped.set()
        for line in self._lines:
            line.cut()

    def close(self) -> None:
        """What is under way is not heard any more."""
        for line in self._lines:
            line.close()

    def _call(self, method: str, path: str, body: bytes, kind: type[T]) -> T:
        return self._patiently(lambda: _understood(self._asked(method, path, body)(), kind))

    def _patiently(self, ask: Callable[[], T]) -> T:
        for _ in range(MOST_WAITS):
            try:
                return ask()
            except CountyBusy as busy:
                wait = float(str(busy.context["wait"]))
                if not 0 < wait <= self._patience:
                    raise
                if self._stopped.wait(wait):
                    raise Interrupted() from busy
        return ask()

    def _asked(self, method: str, path: str, body: bytes, epoch: int = 0, lo: int = 0, hi: int = 0) -> Answer:
        headers = {"content-type": "application/zstd"}
        if self._identity is not None:
            sent = self._now().isoformat()
            envelope = Envelope(method, path, self._identity.device, epoch, lo, hi, sent)
            signature = self._identity.key.sign(envelope.message(body))
            headers |= {**envelope.headers(), SIGNATURE: base64.b64encode(signature).decode()}
        return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = next(line for line in self._lines if not line.busy)
        line.send(method, path, body, headers)
        return line.answer


def _understood(answer: tuple[int, bytes], kind: type[T]) -> T:
    status, content = answer
    if status != http.HTTPStatus.OK:
        raise _refusal(status, content)
    try:
        return wire.decode(content, kind)
    except BatchInvalid as error:  # a portal's page, say
        raise CountyFailed(status=error.context["reason"]) from error


def _refusal(status: int, answer: bytes) -> SyncError:
    try:
        trouble = msgspec.json.decode(answer, type=Trouble)
    except wire.NOT_UNDERSTOOD:
        return CountyFailed(status=status)
    if status == http.HTTPStatus.CONFLICT and trouble.mark is not None:
        return Diverged(trouble.code, trouble.mark)
    if trouble.code.startswith("code_"):
        return EnrolRefused(reason=trouble.code.removeprefix("code_"))
    if status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
        return CountyRefused(reason=trouble.code)
    if status in (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE):
        return CountyBusy(wait=trouble.wait)
    return CountyFailed(status=status, reason=trouble.code)
