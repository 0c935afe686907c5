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


class PrintingError(Exception):
    """Base of this package's errors. `code` is stable; `context` is safe to log."""

    code = "printing"

    def __init__(self, code: str | None = None, **context: object) -> None:
        if code is not None:
            self.code = code
        self.context = context
        super().__init__(self.code, context)

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.context.items())])


class AddressError(PrintingError):
    code = "address"


class TransportError(PrintingError):
    """`sent`: how many bytes of the refused write may have left this machine (0 = certainly none)."""

    code = "transport"

    def __init__(self, code: str | None = None, *, sent: int = 0, **context: object) -> None:
        super().__init__(code, **context)
        self.sent = sent


class OpenError(TransportError):
    code = "unreachable"


class StalledError(TransportError):
    code = "stalled"


class LostError(TransportError):
    code = "connection_lost"
