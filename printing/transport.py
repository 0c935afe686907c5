"""The line to a printer: one Protocol, and `open_printer` which makes the right kind from an address.

tcp://192.0.2.7:9100            network printer (port 9100 if none is given)
serial:///dev/ttyUSB0?baud=19200&parity=N&flow=rtscts
usb://04b8:0e15                 vendor:product, hexadecimal; usb://04b8:0e15/SERIAL where two are alike
file:///dev/usb/lp0             character device or named pipe
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from printing.errors import AddressError

DEFAULT_PORT = 9100


class Transport(Protocol):
    """An open line to one printer. Times are seconds; errors are `TransportError`s.

    One thread uses it. After an error other than a timed-out `read` only `close` makes sense.
    """

    @property
    def two_way(self) -> bool:
        """Whether the printer can answer on this line at all."""

    def write(self, data: bytes, timeout: float) -> None:
        """Hand over all bytes; else `StalledError` or `LostError`, whose `sent` says how many may be out."""

    def read(self, most: int, timeout: float) -> bytes:
        """What has arrived, at least one byte; empty if nothing came in time; `LostError` on hang-up.

        `most` is a wish: a USB line may give a whole packet.
        """

    def drain(self, timeout: float) -> None:
        """Wait until nothing written is left on this machine; else `StalledError`."""

    def close(self, timeout: float = 1.0) -> None:
        """Close without losing what was written; never raises. Calling it once is enough."""


def open_printer(address: str, connect_timeout: float = 3.0) -> Transport:
    """Open the line. `AddressError` for an address nobody can read, `OpenError` if it does not open."""
    kind, _, _ = address.partition("://")
    try:
        if kind == "tcp":
            return _tcp(address, connect_timeout)
        if kind == "serial":
            return _serial(address)
        if kind == "usb":
            return _usb(address)
        if kind == "file":
            from printing.transports.device_file import DeviceFileTransport

            return DeviceFileTransport(_path(address))
    except (ValueError, TypeError) as error:
        raise AddressError(address=address) from error
    raise AddressError(address=address)


def _tcp(address: str, connect_timeout: float) -> Transport:
    from printing.transports.tcp import TcpTransport

    parts = urlsplit(address)
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise AddressError(address=address)
    return TcpTransport(parts.hostname, parts.port or DEFAULT_PORT, connect_timeout)


def _serial(address: str) -> Transport:
    from printing.transports.serial_line import SerialTransport

    options = dict(parse_qsl(urlsplit(address).query, strict_parsing=True)) if "?" in address else {}
    baud = int(options.pop("baud", "9600"))
    parity, flow = options.pop("parity", "N"), options.pop("flow", "none")
    known = parity in ("N", "E", "O") and flow in ("none", "rtscts", "dsrdtr", "xonxoff")
    if options or not known or baud <= 0:
        raise AddressError(address=address)
    return SerialTransport(_path(address), baud, parity, flow)


def _usb(address: str) -> Transport:
    from printing.transports.usb import UsbTransport

    parts = urlsplit(address)
    vendor, _, product = parts.netloc.partition(":")
    return UsbTransport(int(vendor, 16), int(product, 16), unquote(parts.path.strip("/")) or None)


def _path(address: str) -> str:
    parts = urlsplit(address)
    path = unquote(parts.path)
    # on Windows: serial:///COM3
    if path[1:].upper().startswith("COM"):
        path = path[1:]
    if parts.netloc or not path.strip("/"):
        raise AddressError(address=address)
    return path
