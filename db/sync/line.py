"""One kept HTTPS connection to the county, interruptible at any byte. Nothing of the HTTP library's leaves this module.

TLS trusts the one authority pinned at enrolment and does not look at dates: a kiosk's clock may be a year off, and
that must not stop it (design §3.8).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import math
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from db.sync.errors import CountyFailed, CountyNotTrusted, CountyUnreachable, Interrupted
from db.sync.wire import MOST_BYTES

TIMEOUT_SECONDS = 30.0  # without a byte
LONGEST_SECONDS = 1800.0  # for all of a request, or of its answer: 8 MiB at 5 kB/s
MOST_ANSWER = 2 * MOST_BYTES  # compressed is no larger than what is read of it
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python does not name
PIN_PATH = "/v1/authority"
FINGERPRINT_BYTES = 10
LOST = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError)


class InTime(ssl.SSLSocket):
    """A timeout counts from byte to byte, and one byte now and then keeps it from coming; `until` is for them all."""

    until = math.inf

    def recv_into(self, *into: Any, **how: Any) -> int:
        self._in_time()
        return super().recv_into(*into, **how)

    def send(self, *what: Any, **how: Any) -> int:
        self._in_time()
        return super().send(*what, **how)

    def _in_time(self) -> None:
        if monotonic() > self.until:
            raise TimeoutError()


class Line:
    """Send a request, hear its answer, then the next; opened when there is something to send.

    `host`, `port` and `source` (address and port that the line comes from) count when it is opened.
    """

    source: tuple[str, int] | None = None
    longest = LONGEST_SECONDS

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext, timeout: float, stopped: threading.Event
    ) -> None:
        self.host, self.port = host, port
        self._context = context
        self.timeout = timeout
        self._stopped = stopped
        self._connection: http.client.HTTPSConnection | None = None
        self._socket: InTime | None = None  # what a connection lets go while its last answer is still coming
        self._kept = False
        self._asked: tuple[str, str, bytes, dict[str, str]] | None = None

    @property
    def busy(self) -> bool:
        """An answer is still to come."""
        return self._asked is not None

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Returns when all of it is on its way. Raises CountyUnreachable, CountyNotTrusted, Interrupted."""
        self._asked = method, path, body, headers
        self._kept = self._connection is not None
        with self._translated():
            try:
                self._put()
            except LOST as error:
                self._once_more(error)

    def answer(self) -> tuple[int, bytes]:
        """Status and body. Raises as `send`."""
        with self._translated():
            try:
                found = self._heard()
            except LOST as error:
                self._once_more(error)
                found = self._heard()
        self._asked = None
        return found

    def cut(self) -> None:
        """From any thread: whatever is going on ends at once."""
        held = self._socket
        if held is not None:
            # the TLS object stays untouched: it belongs to the other thread
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(held.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """What was asked is not heard any more; the next request opens the line anew."""
        self._asked = None
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._socket = None

    def _put(self) -> None:
        self._unless_stopped()
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=self.timeout, context=self._context, source_address=self.source
            )
        if self._connection.sock is None:
            self._connection.connect()
            self._socket = self._connection.sock
            self._unless_stopped()  # there was nothing to cut until now
        assert self._asked is not None
        self._not_for_ever()
        self._connection.request(*self._asked)

    def _heard(self) -> tuple[int, bytes]:
        assert self._connection is not None
        self._not_for_ever()
        with self._connection.getresponse() as answer:
            content = answer.read(MOST_ANSWER + 1)
        if len(content) > MOST_ANSWER:
            self.close()
            raise CountyFailed(status="too_large")
        if answer.length:  # `read` with a size gives a cut answer without a word
            raise http.client.IncompleteRead(content, answer.length)
        return answer.status, content

    def _unless_stopped(self) -> None:
        if self._stopped.is_set():
            self.close()
            raise Interrupted()

    def _not_for_ever(self) -> None:
        if self._socket is not None:
            self._socket.until = monotonic() + self.longest

    def _once_more(self, error: Exception) -> None:
        """A line that was idle too long is opened once more."""
        self._hang_up()
        if not self._kept or self._stopped.is_set():
            raise error
        self._kept = False
        self._put()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise CountyNotTrusted(reason=error.verify_message) from error
        except (OSError, http.client.HTTPException, UnicodeError) as error:  # UnicodeError: no name of a host
            self.close()
            if self._stopped.is_set():
                raise Interrupted() from error
            raise CountyUnreachable(reason=type(error).__name__) from error


def trusting(authority: str) -> ssl.SSLContext:
    """TLS that trusts this authority alone, whatever the date."""
    try:
        context = ssl.create_default_context(cadata=authority)
    except ssl.SSLError as error:
        raise CountyNotTrusted(reason="authority") from error
    context.sslsocket_class = InTime
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
    context.sslsocket_class = InTime
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    line = Line(*host_and_port(address), context, timeout, threading.Event())
    try:
        line.send("GET", PIN_PATH, b"", {})
        status, content = line.answer()
    finally:
        line.close()
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or status == http.HTTPStatus.TOO_MANY_REQUESTS:
        raise CountyFailed(status=status)
    try:
        return content.decode("ascii") if status == http.HTTPStatus.OK else ""
    except UnicodeDecodeError as error:
        raise CountyNotTrusted(reason="authority") from error


def host_and_port(address: str) -> tuple[str, int]:
    """https://host[:port] → host and port. Raises CountyUnreachable where it is no such address."""
    try:
        parts = urlsplit(address)
        port = parts.port or 443
    except ValueError as error:
        raise CountyUnreachable(reason="address") from error
    if parts.scheme != "https" or not parts.hostname:
        raise CountyUnreachable(reason="address")
    return parts.hostname, port
