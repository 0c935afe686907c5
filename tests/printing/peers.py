"""The other end of each kind of line, held by the test: a socket, a pseudo terminal, a pipe, a USB device."""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import threading
import tty
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import usb.backend
import usb.core

from printing.transport import Transport, open_printer
from printing.transports.usb import UsbTransport


class Peer(Protocol):
    two_way: bool

    def open(self) -> Transport: ...
    def take(self) -> bytes: ...
    def receive(self, count: int) -> bytes: ...
    def send(self, data: bytes) -> None: ...
    def hang_up(self) -> None: ...
    def close(self) -> None: ...


class TcpPeer:
    two_way = True

    def __init__(self, folder: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._line: socket.socket | None = None

    def open(self) -> Transport:
        line = open_printer(f"tcp://127.0.0.1:{self._listener.getsockname()[1]}")
        self._line = self._listener.accept()[0]
        self._line.settimeout(10)
        return line

    def take(self) -> bytes:
        """What has come, at least one byte; empty when the host has hung up."""
        assert self._line
        return self._line.recv(4096)

    def receive(self, count: int) -> bytes:
        data = b""
        assert self._line
        while len(data) < count:
            more = self._line.recv(count - len(data))
            if not more:
                self._line.close()  # as printers do when the host has hung up
                break
            data += more
        return data

    def send(self, data: bytes) -> None:
        assert self._line
        self._line.sendall(data)

    def hang_up(self) -> None:
        assert self._line
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._line.close()

    def close(self) -> None:
        self._listener.close()
        if self._line:
            self._line.close()


class _FilePeer:
    """One that is a file descriptor."""

    two_way = True
    _fd: int

    def take(self) -> bytes:
        try:
            return os.read(self._fd, 4096)
        except OSError:  # EIO: how a pseudo terminal says that the other end closed
            return b""

    def receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count and select.select([self._fd], [], [], 10)[0] and (more := self.take()):
            data += more
        return data

    def send(self, data: bytes) -> None:
        os.write(self._fd, data)

    def hang_up(self) -> None:
        os.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)


class PtyPeer(_FilePeer):
    def __init__(self, folder: Path, address: str = "serial://{}?baud=115200") -> None:
        self._fd, slave = os.openpty()
        tty.setraw(slave)
        self._address = address.format(os.ttyname(slave))
        self._slave = slave

    def open(self) -> Transport:
        line = open_printer(self._address)
        os.close(self._slave)  # else a closed line would never show on our side
        self._slave = -1
        return line

    def close(self) -> None:
        super().close()
        if self._slave >= 0:
            os.close(self._slave)


class DevicePeer(PtyPeer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "file://{}")


class PipePeer(_FilePeer):
    two_way = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lp"
        os.mkfifo(self._path)
        self._fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._fd, True)

    def open(self) -> Transport:
        return open_printer(f"file://{self._path}")


class UsbPeer(TcpPeer):
    """A USB printer as libusb would show it. The real pyusb talks to it; only the kernel below is ours.

    It takes bytes into a buffer of 64 kB, as a printer that is not printing would.
    """

    SIZE = 65536

    def __init__(self, folder: Path) -> None:
        self.backend = _Backend(self)
        self.inbox = bytearray()
        self.outbox = bytearray()
        self.gone = False
        self.closed = False
        self.changed = threading.Condition()

    def open(self) -> Transport:
        return UsbTransport(0x04B8, 0x0E15, backend=self.backend)

    def take(self) -> bytes:
        with self.changed:
            self.changed.wait_for(lambda: bool(self.inbox) or self.closed, 10)
            data = bytes(self.inbox)
            self.inbox.clear()
            self.changed.notify_all()
            return data

    def receive(self, count: int) -> bytes:
        with self.changed:
            self.changed.wait_for(lambda: len(self.inbox) >= count or self.closed, 10)
            data = bytes(self.inbox[:count])
            del self.inbox[:count]
            self.changed.notify_all()
            return data

    def send(self, data: bytes) -> None:
        with self.changed:
            self.outbox += data
            self.changed.notify_all()

    def hang_up(self) -> None:
        with self.changed:
            self.gone = True
            self.changed.notify_all()

    def close(self) -> None:
        self.hang_up()


class _Backend(usb.backend.IBackend):  # type: ignore[misc]
    """What libusb answers, for one printer with a vendor interface before the printer interface."""

    def __init__(self, printer: UsbPeer) -> None:
        self._printer = printer
        self._configuration = 0
        self.claimed: set[int] = set()
        self.kernel_driver = True

    def enumerate_devices(self) -> Any:
        return [] if self._printer.gone else [object()]

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0E15, bcdDevice=1, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=55, bNumInterfaces=2, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf > 1 or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0, bNumEndpoints=2 * intf,
            bInterfaceClass=(0xFF, 7)[intf], bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x82, 0x01)[ep], bmAttributes=2,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        return object()

    def close_device(self, dev_handle: Any) -> None:
        with self._printer.changed:
            self._printer.closed = True
            self._printer.changed.notify_all()

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        self._configuration = config_value

    def get_configuration(self, dev_handle: Any) -> int:
        if not self._configuration:
            raise usb.core.USBError("Configuration not set")
        return self._configuration

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        if self.kernel_driver or intf in self.claimed:
            raise usb.core.USBError("Resource busy", errno=errno.EBUSY)
        self.claimed.add(intf)

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self.claimed.discard(intf)

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_driver = False

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        printer, payload = self._printer, bytes(data)
        assert (ep, intf) == (0x01, 1)
        with printer.changed:

            def has_room() -> bool:
                return printer.gone or len(printer.inbox) + len(payload) <= printer.SIZE

            if not printer.changed.wait_for(has_room, timeout / 1000):
                raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
            self._check()
            printer.inbox += payload
            printer.changed.notify_all()
        return len(payload)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        printer = self._printer
        assert (ep, intf) == (0x82, 1)
        with printer.changed:
            if not printer.changed.wait_for(lambda: printer.gone or printer.outbox, timeout / 1000):
                raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
            self._check()
            packet = printer.outbox[: min(64, len(buff))]
            buff[: len(packet)] = type(buff)("B", bytes(packet))
            del printer.outbox[: len(packet)]
        return len(packet)

    def _check(self) -> None:
        if self._printer.gone:
            raise usb.core.USBError("No such device", errno=errno.ENODEV)


KINDS: dict[str, type[Any]] = {
    "tcp": TcpPeer,
    "serial": PtyPeer,
    "device": DevicePeer,
    "pipe": PipePeer,
    "usb": UsbPeer,
}

__all__ = ["KINDS", "Peer", "TcpPeer", "UsbPeer"]
