"""What can go wrong between a slip and its paper.

    PrintingError
    ├── AddressError            the printer's address cannot be understood        address
    └── TransportError          the line to the printer
        ├── OpenError           no byte went out          refused, unreachable, timed_out,
        │                                                 busy, connection_lost, no_device, no_access
        ├── StalledError        the printer took no more bytes in time            stalled
        └── LostError           the line broke or the printer hung up             connection_lost

`code` is stable and is what a journal row keeps and `ui` translates. Context holds addresses and
counts, never the content of a slip.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a paper is not there, or not known to be: every code that errors, outcomes and the journal carry."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_ERROR = "printer_error"
    OFFLINE = "offline"
    MUTE = "mute"  # asked how it is, it says nothing that makes sense
    ADDRESS = "address"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"  # connecting took too long
    BUSY = "busy"
    NO_DEVICE = "no_device"
    NO_ACCESS = "no_access"
    STALLED = "stalled"
    CONNECTION_LOST = "connection_lost"
    NO_REPORT = "no_report"  # all was sent, but the printer did not report it printed
    SLIP = "slip"  # the slip itself cannot be printed
    STORE = "store"  # the journal cannot be written
    WITHDRAWN = "withdrawn"  # somebody else has begun it; never kept


class PrintingError(Exception):
    """Base of this package's errors. `code` is stable; `context` is safe to log."""

    code: Reason

    def __init__(self, code: Reason | None = None, **context: object) -> None:
        if code is not None:
            self.code = code
        self.context = context
        super().__init__(self.code, context)

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.context.items())])


class AddressError(PrintingError):
    code = Reason.ADDRESS


class TransportError(PrintingError):
    """`sent`: how many bytes of the refused write may have left this machine (0 = certainly none)."""

    def __init__(self, code: Reason | None = None, *, sent: int = 0, **context: object) -> None:
        super().__init__(code, **context)
        self.sent = sent


class OpenError(TransportError):
    code = Reason.UNREACHABLE


class StalledError(TransportError):
    code = Reason.STALLED


class LostError(TransportError):
    code = Reason.CONNECTION_LOST
