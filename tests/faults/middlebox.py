"""What may stand between a hall and its county: it takes the TLS line itself and answers what it likes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable

from db.county.authority import Tls
from db.sync.line import trusting

Answer = bytes | Iterable[bytes]
# of a request's first line and the county's answer (got when called): what goes back. None: the line is shut;
# pieces: it is shut behind them
Say = Callable[[str, Callable[[], bytes]], Answer | None]


def http(status: str, body: bytes, kind: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Middlebox:
    """Listens on 127.0.0.1 with the county's own certificate; `say` decides on every answer."""

    def __init__(self, tls: Tls, county_port: int, say: Say) -> None:
        self.say = say
        self.asked: list[str] = []
        self._tls = tls
        self._county_port = county_port
        self._ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ours.load_cert_chain(tls.certificate, tls.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Middlebox:
        return self

    def __exit__(self, *about: object) -> None:
        for line in (self._listener, *self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self._lines.append(line)
                thread = threading.Thread(target=self._serve, args=(line,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError), self._ours.wrap_socket(line, server_side=True) as near:
            self._lines.append(near)
            with near.makefile("rb") as asked:
                while request := _message(asked):
                    first = request.split(b"\r\n", 1)[0].decode()
                    self.asked.append(first)
                    said = self.say(first, lambda whole=request: self._county(whole))  # type: ignore[misc]
                    for piece in (said,) if isinstance(said, bytes) else said or ():
                        near.sendall(piece)
                    if not isinstance(said, bytes):
                        return

    def _county(self, request: bytes) -> bytes:
        with (
            socket.create_connection(("127.0.0.1", self._county_port)) as line,
            trusting(self._tls.authority).wrap_socket(line, server_hostname="127.0.0.1") as far,
            far.makefile("rb") as answer,
        ):
            far.sendall(request)
            return _message(answer)


def _message(stream: object) -> bytes:
    """One HTTP message with a length, whole; empty at the end of the line."""
    head, length = b"", 0
    while line := stream.readline():  # type: ignore[attr-defined]
        head += line
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        if line == b"\r\n":
            return bytes(head + stream.read(length))  # type: ignore[attr-defined]
    return b""
