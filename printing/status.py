"""What a printer says about itself: questions, answers, and the stream they arrive in.

Source of commands and bits: Epson, ESC/POS Command Reference (DLE EOT, GS r, GS a, GS ( H fn 48, DLE DC4 fn 8).
Cheap printers answer with half of it and lines bring garbage, so every answer is checked by its fixed bits and
one that does not fit counts as not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from printing.errors import Reason
from printing.profile import Completion, Profile
from printing.transport import Transport
from printing.transports.deadline import Deadline

CLEAR_BUFFER = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
"""DLE DC4 fn 8: forget everything received and not yet printed."""


class PaperLevel(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """`mute`: no answer that makes sense, and then the rest says nothing. `error`: cutter jam and the like."""

    online: bool = False
    paper: PaperLevel = PaperLevel.UNKNOWN
    cover_open: bool = False
    error: bool = False
    mute: bool = False

    @property
    def trouble(self) -> Reason | None:
        """Why it cannot print now; None if it can."""
        if self.mute:
            return Reason.MUTE
        if self.cover_open:
            return Reason.COVER_OPEN
        if self.paper is PaperLevel.OUT:
            return Reason.PAPER_OUT
        if self.error:
            return Reason.PRINTER_ERROR
        return None if self.online else Reason.OFFLINE


MUTE = Status(mute=True)


class ReplyKind(StrEnum):
    STATUS = "DLE EOT"  # one byte, value in `data`
    PAPER = "GS r"  # one byte
    AUTOMATIC = "GS a"  # four bytes nobody asked for just now
    DONE = "GS ( H"  # the four bytes of our process id
    CLEARED = "DLE DC4"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    kind: ReplyKind
    data: bytes


def split(data: bytes) -> tuple[list[Reply], bytes]:
    """Answers that are complete, and the bytes that may be the beginning of one more."""
    replies: list[Reply] = []
    at = 0
    while at < len(data):
        reply, length = _first(data[at:])
        if not length:
            break
        at += length
        replies.append(reply)
    return replies, data[at:]


def _first(data: bytes) -> tuple[Reply, int]:
    """The answer at the start and its length; 0 while it is not complete."""
    first = data[0]
    if first == 0x37:  # header of a report: 37 22 id×4 00, or 37 25 00
        if len(data) < 2:
            return _INCOMPLETE
        if data[1] == 0x22:
            # Whatever the four bytes are: a request cut off half way takes our next question for its number.
            if len(data) < 7:
                return _INCOMPLETE
            if data[6] == 0:
                return Reply(ReplyKind.DONE, data[2:6]), 7
            return Reply(ReplyKind.OTHER, data[:1]), 1
        if data[1] == 0x25:
            if len(data) < 3:
                return _INCOMPLETE
            return Reply(ReplyKind.CLEARED, b""), 3
        return Reply(ReplyKind.OTHER, data[:1]), 1
    if first & 0x93 == 0x12:
        return Reply(ReplyKind.STATUS, data[:1]), 1
    if first & 0x93 == 0x10:
        if any(byte & 0x90 for byte in data[1:4]):
            return Reply(ReplyKind.OTHER, data[:1]), 1
        return (Reply(ReplyKind.AUTOMATIC, data[:4]), 4) if len(data) >= 4 else _INCOMPLETE
    if first & 0x90 == 0:
        return Reply(ReplyKind.PAPER, data[:1]), 1
    return Reply(ReplyKind.OTHER, data[:1]), 1  # XON, XOFF, noise


_INCOMPLETE = (Reply(ReplyKind.OTHER, b""), 0)


class Answers:
    """The answers that come over one line, in their order."""

    def __init__(self, line: Transport) -> None:
        self._line = line
        self._rest = b""
        self._ready: list[Reply] = []

    def next(self, timeout: float) -> Reply | None:
        """The next answer; None when none is complete in time. `LostError` when the printer hangs up."""
        deadline = Deadline(timeout)
        while not self._ready:
            data = self._line.read(256, deadline.left())
            if not data and deadline.passed():
                return None
            self._ready, self._rest = split(self._rest + data)
        return self._ready.pop(0)

    def until(self, timeout: float, *kinds: ReplyKind) -> Reply | None:
        """The next answer of one of these kinds; others are passed over."""
        deadline = Deadline(timeout)
        while reply := self.next(deadline.left()):
            if reply.kind in kinds:
                return reply
        return None

    def forget(self) -> None:
        """Pass over what has arrived without having been asked for."""
        while self.next(0):
            pass
        self._rest = b""


def ask(line: Transport, answers: Answers, timeout: float) -> Status:
    """DLE EOT 1 … 4, one at a time, as their answers look alike. `timeout` is for each.

    `TransportError` when the line breaks; a printer that keeps quiet is `mute`, not an error.
    """
    if not line.two_way:
        return MUTE
    answers.forget()
    values = []
    for number in range(1, 5):
        line.write(bytes([0x10, 0x04, number]), timeout)
        reply = answers.until(timeout, ReplyKind.STATUS)
        if reply is None:
            return MUTE
        values.append(reply.data[0])
    return status_of(*values)


def status_of(printer: int, offline: int, error: int, paper: int) -> Status:
    """The four answer bytes to DLE EOT 1 … 4; any without its fixed bits makes the whole unknown (mute)."""
    if any(value & 0x93 != 0x12 for value in (printer, offline, error, paper)):
        return MUTE
    level = PaperLevel.NEAR_END if paper & 0x0C else PaperLevel.OK
    if paper & 0x60 or offline & 0x20:
        level = PaperLevel.OUT
    return Status(
        online=not printer & 0x08,
        paper=level,
        cover_open=bool(offline & 0x04),
        error=bool(offline & 0x40) or bool(error & 0x6C),
    )


def trouble_in_offline_byte(offline: int) -> Reason | None:
    """What the answer to DLE EOT 2 alone says: cover open, paper out, an error, or nothing."""
    if offline & 0x04:
        return Reason.COVER_OPEN
    if offline & 0x20:
        return Reason.PAPER_OUT
    return Reason.PRINTER_ERROR if offline & 0x40 else None


def completion_request(profile: Profile, token: bytes) -> bytes:
    """What to send after the slip so that the printer reports; empty where it cannot. `token`: four of 20…7E."""
    match profile.completion:
        case Completion.PROCESS_ID:
            return b"\x1d(H\x06\x000\x30" + token
        case Completion.STATUS:
            return b"\x1dr\x01"
        case Completion.NONE:
            return b""


def reports(profile: Profile, token: bytes, reply: Reply) -> bool:
    """Whether `reply` is the report asked for with `token`."""
    if profile.completion is Completion.PROCESS_ID:
        return reply == Reply(ReplyKind.DONE, token)
    return profile.completion is Completion.STATUS and reply.kind is ReplyKind.PAPER
