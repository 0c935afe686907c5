"""A printer behind a character device (`/dev/usb/lp0`) or a named pipe."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import stat
import struct

from printing.errors import LostError, OpenError, Reason, StalledError
from printing.transports.deadline import Deadline, wait_until_empty

_CODES = {
    errno.ENOENT: Reason.NO_DEVICE,
    errno.ENXIO: Reason.NO_DEVICE,
    errno.ENODEV: Reason.NO_DEVICE,
    errno.EACCES: Reason.NO_ACCESS,
    errno.EPERM: Reason.NO_ACCESS,
    errno.EBUSY: Reason.BUSY,
}


class DeviceFileTransport:
    """An open device. A pipe has one direction only, so `two_way` is then False."""

    def __init__(self, path: str) -> None:
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - the error number is wanted, not a bool
            if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
                # A plain file here is a mistyped path that would swallow slips without a word.
                raise OpenError(Reason.NO_DEVICE, path=path)
            self.two_way = stat.S_ISCHR(mode)
            flags = os.O_RDWR if self.two_way else os.O_WRONLY
            self._fd = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise OpenError(_CODES.get(error.errno or 0, Reason.UNREACHABLE), path=path) from error

    def write(self, data: bytes, timeout: float) -> None:
        deadline, rest, sent = Deadline(timeout), memoryview(data), 0
        while rest:
            if not self._ready(select.POLLOUT, deadline):
                raise StalledError(sent=sent)
            try:
                count = os.write(self._fd, rest)
            except BlockingIOError:
                continue
            except OSError as error:
                raise LostError(sent=sent, errno=error.errno) from error
            sent += count
            rest = rest[count:]

    def read(self, most: int, timeout: float) -> bytes:
        if not self.two_way or not self._ready(select.POLLIN, Deadline(timeout)):
            return b""
        try:
            data = os.read(self._fd, most)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LostError(errno=error.errno) from error
        if not data:
            raise LostError(eof=True)
        return data

    def drain(self, timeout: float) -> None:
        deadline = Deadline(timeout)
        # usblp reports POLLOUT once the write before is on the wire (drivers/usb/class/usblp.c)
        if not self._ready(select.POLLOUT, deadline):
            raise StalledError
        if left := wait_until_empty(self._waiting, deadline):
            raise StalledError(left=left)

    def _waiting(self) -> int:
        if not os.isatty(self._fd):
            return 0
        import fcntl
        import termios

        count: int = struct.unpack("i", fcntl.ioctl(self._fd, termios.TIOCOUTQ, bytes(4)))[0]
        return count

    def _ready(self, event: int, deadline: Deadline) -> bool:
        poll = select.poll()
        poll.register(self._fd, event)
        return bool(poll.poll(deadline.left() * 1000))

    def close(self, timeout: float = 1.0) -> None:
        with contextlib.suppress(OSError, StalledError):
            self.drain(timeout)
        with contextlib.suppress(OSError):
            os.close(self._fd)
