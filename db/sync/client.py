"""The line to the county: one kept HTTPS connection, every request signed, interruptible at any byte.

TLS trusts the one authority pinned at enrolment and does not look at dates: a kiosk's clock may be a year off, and
that must not stop it (design §3.8). Nothing of the HTTP library's leaves this module.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from db.sync import wire
from db.sync.device_key import DeviceKey
from db.sync.errors import (
    CountyBusy,
    CountyFailed,
    CountyNotTrusted,
    CountyRefused,
    CountyUnreachable,
    EnrolRefused,
    Interrupted,
    SyncError,
)
from db.sync.wire import SIGNATURE, EnrolReply, EnrolRequest, Envelope, Mark, Trouble

T = TypeVar("T")
TIMEOUT_SECONDS = 30.0
MOST_ANSWER = 64 << 20
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python does not name
PIN_PATH = "/v1/authority"
FINGERPRINT_BYTES = 10


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
    ) -> None:
        self._host, self._port = host_and_port(address)
        self._context = trusting(authority)
        self._identity = identity
        self._timeout = timeout
        self._now = now
        self._connection: http.client.HTTPSConnection | None = None
        self._stopped = threading.Event()

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
        return self._call("POST", "/v1/push", body, Mark, epoch, lo, hi)

    def pull(self, cursor: str, *, own: bool) -> wire.Page:
        return self._call("POST", "/v1/pull", wire.pack(wire.PullRequest(cursor, own)), wire.Page)

    def look_up(self, index: bytes) -> wire.FoundSeeker:
        return self._call("POST", "/v1/seekers", wire.pack(index), wire.FoundSeeker)

    def rotate(self, keys: wire.NextKeys) -> None:
        self._call("POST", "/v1/keys", wire.pack(keys), bool)

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._call("POST", "/v1/enrol", wire.pack(request), EnrolReply)

    def interrupt(self) -> None:
        """Cut the line under whatever is going on; that call raises Interrupted."""
        self._stopped.set()
        connection = self._connection
        held = connection.sock if connection is not None else None
        if held is not None:
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(held.fileno())) as line:
                line.shutdown(
                    socket.SHUT_RDWR
                )  # the TLS object stays untouched: it belongs to the other thread

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _call(
        self, method: str, path: str, body: bytes, kind: type[T], epoch: int = 0, lo: int = 0, hi: int = 0
    ) -> T:
        headers = {"content-type": "application/zstd"}
        if self._identity is not None:
            sent = self._now().isoformat()
            envelope = Envelope(method, path, self._identity.device, epoch, lo, hi, sent)
            signature = self._identity.key.sign(envelope.message(body))
            headers |= {**envelope.headers(), SIGNATURE: base64.b64encode(signature).decode()}
        status, answer = self._exchange(method, path, body, headers)
        if status == http.HTTPStatus.OK:
            return wire.decode(answer, kind)
        raise _refusal(status, answer)

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """One request, one answer; a line that was idle too long is opened once more."""
        fresh = self._connection is None
        try:
            return self._try(method, path, body, headers)
        except (
            http.client.RemoteDisconnected,
            BrokenPipeError,
            ConnectionResetError,
            ssl.SSLEOFError,
        ) as error:
            self.close()
            if self._stopped.is_set():
                raise Interrupted() from error
            if fresh:
                raise CountyUnreachable(reason=type(error).__name__) from error
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise CountyNotTrusted(reason=error.verify_message) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if self._stopped.is_set():
                raise Interrupted() from error
            raise CountyUnreachable(reason=type(error).__name__) from error
        return self._exchange(method, path, body, headers)

    def _line(self) -> http.client.HTTPSConnection:
        """Not yet connected."""
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=self._timeout, context=self._context
        )

    def _try(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._stopped.is_set():
            raise Interrupted()
        if self._connection is None:
            self._connection = self._line()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read(MOST_ANSWER + 1)
        if answer.length:  # `read` with a size gives a cut answer without a word
            raise http.client.IncompleteRead(content, answer.length)
        if len(content) > MOST_ANSWER:
            self.close()
            raise CountyFailed(status="too_large")
        return answer.status, content


def trusting(authority: str) -> ssl.SSLContext:
    """TLS that trusts this authority alone, whatever the date."""
    try:
        context = ssl.create_default_context(cadata=authority)
    except ssl.SSLError as error:
        raise CountyNotTrusted(reason="authority") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME | ssl.VERIFY_X509_PARTIAL_CHAIN)
    return context


def fingerprint(pem: str) -> str:
    """16 letters that stand for a certificate, short enough to type. Raises CountyNotTrusted where it is none."""
    try:
        der = ssl.PEM_cert_to_DER_cert(pem.strip() + "\n")
    except ValueError as error:
        raise CountyNotTrusted(reason="authority") from error
    return base64.b32encode(hashlib.sha256(der).digest()[:FINGERPRINT_BYTES]).decode()


def fetch_authority(address: str, timeout: float = TIMEOUT_SECONDS) -> str:
    """The authority's PEM from a county not trusted yet: compare its fingerprint with the code before using it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    host, port = host_and_port(address)
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    try:
        connection.request("GET", PIN_PATH)
        answer = connection.getresponse()
        return answer.read(1 << 16).decode("ascii") if answer.status == http.HTTPStatus.OK else ""
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise CountyUnreachable(reason=type(error).__name__) from error
    finally:
        connection.close()


def host_and_port(address: str) -> tuple[str, int]:
    """https://host[:port] → host and port. Raises CountyUnreachable where it is no such address."""
    parts = urlsplit(address)
    try:
        port = parts.port or 443
    except ValueError as error:
        raise CountyUnreachable(reason="address") from error
    if parts.scheme != "https" or not parts.hostname:
        raise CountyUnreachable(reason="address")
    return parts.hostname, port


def _refusal(status: int, answer: bytes) -> SyncError:
    try:
        trouble = msgspec.json.decode(answer, type=Trouble)
    except msgspec.MsgspecError:
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
