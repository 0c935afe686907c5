"""A printer on a serial line (RS-232 or a USB adapter)."""

from __future__ import annotations

import contextlib
import errno

import serial

from printing.errors import LostError, OpenError, Reason, StalledError
from printing.transports.deadline import Deadline, wait_until_empty

CHUNK = 64
"""Bytes handed to the driver at a time: pyserial does not say how much of a timed-out write went out."""

_CODES = {errno.ENOENT: Reason.NO_DEVICE, errno.EACCES: Reason.NO_ACCESS, errno.EBUSY: Reason.BUSY}


class SerialTransport:
    """An open serial line, 8 data bits, 1 stop bit.

    `parity` is N, E or O; `flow` is none, rtscts, dsrdtr or xonxoff, as set on the printer's switches.
    """

    two_way = True

    def __init__(self, device: str, baud: int = 9600, parity: str = "N", flow: str = "none") -> None:
        try:
            self._line = serial.Serial(
                device,
                baud,
                parity=parity,
                rtscts=flow == "rtscts",
                dsrdtr=flow == "dsrdtr",
                xonxoff=flow == "xonxoff",
                timeout=0,
                exclusive=True,
            )
        except (serial.SerialException, OSError, ValueError) as error:
            code = _CODES.get(getattr(error, "errno", None) or 0, Reason.NO_DEVICE)
            if "exclusively lock" in str(error):
                code = Reason.BUSY
            raise OpenError(code, device=device) from error

    def write(self, data: bytes, timeout: float) -> None:
        deadline = Deadline(timeout)
        for start in range(0, len(data), CHUNK):
            chunk = data[start : start + CHUNK]
            try:
                # sets the line up again, so it fails here already when the adapter was pulled out
                self._line.write_timeout = deadline.left() or 0.001
                self._line.write(chunk)
            except serial.SerialTimeoutException as error:
                raise StalledError(sent=start + len(chunk)) from error
            except (serial.SerialException, OSError) as error:
                raise LostError(sent=start + len(chunk)) from error

    def read(self, most: int, timeout: float) -> bytes:
        try:
            self._line.timeout = timeout
            data: bytes = self._line.read(1)
            if data and most > 1:
                self._line.timeout = 0
                data += self._line.read(most - 1)
        except (serial.SerialException, OSError, TypeError) as error:
            # TypeError: pyserial reading from a line that was unplugged meanwhile
            raise LostError from error
        return data

    def drain(self, timeout: float) -> None:
        try:
            left = wait_until_empty(lambda: int(self._line.out_waiting), Deadline(timeout))
        except (serial.SerialException, OSError) as error:
            raise LostError from error
        if left:
            raise StalledError(left=left)

    def close(self, timeout: float = 1.0) -> None:
        with contextlib.suppress(LostError):
            try:
                self.drain(timeout)
            except StalledError:
                # else the kernel would hold close() for up to 30 s waiting for a printer that is off
                with contextlib.suppress(serial.SerialException, OSError):
                    self._line.reset_output_buffer()
        with contextlib.suppress(serial.SerialException, OSError):
            self._line.close()
