"""A USB printer spoken to directly, where the kernel has no `usblp` or must not keep the device."""

from __future__ import annotations

import contextlib
from typing import Any

import usb.core
import usb.util

from printing.errors import LostError, OpenError, Reason, StalledError
from printing.transports.deadline import Deadline

PRINTER_CLASS = 7
CHUNK = 4096

_ACCESS, _BUSY = 13, 16  # EACCES, EBUSY as libusb reports them


class UsbTransport:
    """The first printer interface of the device `vendor:product` (and `serial`, where two are alike)."""

    two_way = True

    def __init__(self, vendor: int, product: int, serial: str | None = None, backend: Any = None) -> None:
        where = f"{vendor:04x}:{product:04x}"
        try:
            wanted = {"serial_number": serial} if serial else {}
            self._device = usb.core.find(idVendor=vendor, idProduct=product, backend=backend, **wanted)
            if self._device is None:
                raise OpenError(Reason.NO_DEVICE, address=where)
            self._claim(where)
        except usb.core.NoBackendError as error:
            raise OpenError(Reason.NO_ACCESS, address=where, missing="libusb") from error
        except usb.core.USBError as error:
            code = {_ACCESS: Reason.NO_ACCESS, _BUSY: Reason.BUSY}.get(error.errno or 0, Reason.UNREACHABLE)
            raise OpenError(code, address=where) from error

    def _claim(self, where: str) -> None:
        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError:  # fresh from power-on and no kernel driver has set it
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        interface = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
        if interface is None:
            raise OpenError(Reason.NO_DEVICE, address=where, missing="printer interface")
        self._number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):  # Windows has no kernel driver to detach
            if self._device.is_kernel_driver_active(self._number):
                self._device.detach_kernel_driver(self._number)
        usb.util.claim_interface(self._device, self._number)

        def endpoint(direction: int) -> Any:
            return usb.util.find_descriptor(
                interface,
                custom_match=lambda found: (
                    usb.util.endpoint_direction(found.bEndpointAddress) == direction
                    and usb.util.endpoint_type(found.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
                ),
            )

        self._out, self._in = endpoint(usb.util.ENDPOINT_OUT), endpoint(usb.util.ENDPOINT_IN)
        if self._out is None:
            raise OpenError(Reason.NO_DEVICE, address=where, missing="bulk-out endpoint")
        self.two_way = self._in is not None

    def write(self, data: bytes, timeout: float) -> None:
        deadline, sent = Deadline(timeout), 0
        while sent < len(data):
            chunk = data[sent : sent + CHUNK]
            try:
                sent += self._out.write(chunk, max(1, int(deadline.left() * 1000)))
            except usb.core.USBTimeoutError as error:
                # libusb does not pass on how much of a timed-out transfer went out
                raise StalledError(sent=sent + len(chunk)) from error
            except usb.core.USBError as error:
                raise LostError(sent=sent + len(chunk), errno=error.errno) from error

    def read(self, most: int, timeout: float) -> bytes:
        if self._in is None:
            return b""
        try:
            # A bulk read shorter than the packet size overflows, so always ask for whole packets.
            size = max(most, self._in.wMaxPacketSize)
            return bytes(self._in.read(size, max(1, int(timeout * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise LostError(errno=error.errno) from error

    def drain(self, timeout: float) -> None:
        """Nothing to wait for: a bulk write returns when the printer has taken the bytes."""

    def close(self, timeout: float = 1.0) -> None:
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._number)
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)
