"""A network printer: raw bytes on TCP, by custom port 9100."""

from __future__ import annotations

import contextlib
import socket
import struct

from printing.errors import LostError, OpenError, Reason, StalledError
from printing.transports.deadline import Deadline, wait_until_empty

LINGER_S = 2


class TcpTransport:
    """An open connection. The socket is ours, so that every step has its own deadline."""

    two_way = True

    def __init__(self, host: str, port: int, connect_timeout: float) -> None:
        where = f"{host}:{port}"
        try:
            self._socket = socket.create_connection((host, port), connect_timeout)
        except TimeoutError as error:
            raise OpenError(Reason.TIMED_OUT, address=where) from error
        except ConnectionRefusedError as error:
            raise OpenError(Reason.REFUSED, address=where) from error
        except ConnectionResetError as error:  # taken and dropped at once: many say so that they are busy
            raise OpenError(Reason.CONNECTION_LOST, address=where) from error
        except OSError as error:
            raise OpenError(Reason.UNREACHABLE, address=where, errno=error.errno) from error
        with contextlib.suppress(OSError):  # where the line broke meanwhile, the first write will tell
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Without this, closing right after the last write may cut the end of the slip off.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, LINGER_S))

    def write(self, data: bytes, timeout: float) -> None:
        deadline, rest, sent = Deadline(timeout), memoryview(data), 0
        while rest:
            # settimeout(0) would mean "do not block", which reports a full buffer, not a missed deadline
            self._socket.settimeout(deadline.left() or 0.001)
            try:
                count = self._socket.send(rest)
            except TimeoutError as error:
                raise StalledError(sent=sent) from error
            except OSError as error:
                raise LostError(sent=sent, errno=error.errno) from error
            sent += count
            rest = rest[count:]

    def read(self, most: int, timeout: float) -> bytes:
        self._socket.settimeout(timeout)
        try:
            data = self._socket.recv(most)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise LostError(errno=error.errno) from error
        if not data:
            raise LostError(eof=True)
        return data

    def drain(self, timeout: float) -> None:
        try:
            left = wait_until_empty(self._unacknowledged, Deadline(timeout))
        except OSError as error:
            raise LostError(errno=error.errno) from error
        if left:
            raise StalledError(left=left)

    def _unacknowledged(self) -> int:
        """Bytes the printer's network card has not acknowledged; 0 where the system cannot say."""
        try:
            import fcntl
            import termios
        except ImportError:
            return 0
        # TIOCOUTQ on a socket is SIOCOUTQ (tcp(7))
        count: int = struct.unpack("i", fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4)))[0]
        return count

    def close(self, timeout: float = 1.0) -> None:
        """Say that nothing more comes, read what the printer still tells us, then close.

        Closing over unread status bytes makes the kernel send RST instead of FIN, and many printers
        then throw away what they have not printed yet.
        """
        deadline = Deadline(timeout)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            while not deadline.passed():
                self._socket.settimeout(deadline.left() or 0.001)
                if not self._socket.recv(4096):
                    break
        self._socket.close()
