"""The emulated printer without its plug: bytes in, answers and papers out, and what can go wrong inside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printing.emulator_decode import Decoder, Request
from printing.emulator_paper import Dots
from printing.profile import Completion, Profile

BUFFER: Final = 4096
"""Bytes a stopped printer takes before it stops reading (TM-T20: 4 KB, in the Epson reference)."""

CLEAR: Final = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
"""DLE DC4 fn 8: clear the buffers."""

_REAL_TIME: Final = re.compile(rb"\x10\x04[\x01-\x04]|\x10\x05[\x00-\x02]|" + re.escape(CLEAR), re.DOTALL)

# The rest of a picture of 100 columns whose sender has died: swallows what comes next as dots.
_STALE: Final = b"\x1b*\x21\x64\x00" + bytes(120)


class FaultKind(StrEnum):
    """What can go wrong. Those from RESET on concern the line, the others the printer."""

    PAPER_OUT = "paper_out"
    NEAR_END = "near_end"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    MUTE = "mute"
    LATE = "late"
    STALE = "stale"
    UNREAD = "unread"
    RESET = "reset"
    EOF = "eof"
    HANG = "hang"
    REFUSED = "refused"
    BLACK_HOLE = "black_hole"
    BUSY = "busy"
    POWER_RESUME = "power_resume"
    POWER_DISCARD = "power_discard"
    POWER_REPRINT = "power_reprint"


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` from the `at`-th byte on that arrives after it was injected; `seconds` for `late`.

    paper_out, cover_open, cutter, near_end   as the words say, until `repair`
    mute            no answers            late            answers come `seconds` later
    stale           half a picture of a dead sender waits in the buffer (at once, whatever `at` is)
    unread          status bytes nobody asked for; printing starts when the host hangs up, and what was not
                    printed is thrown away if it hangs up with RST
    reset, eof      the printer cuts the line, with RST or FIN (once)
    hang            the printer takes no more bytes and says nothing
    refused         nobody listens on the port          black_hole      connecting gets no answer at all
    busy            every connection is dropped at once
    power_*         power off and on again: the line is reset; then the printer goes on with what it had
                    (resume), forgets it (discard) or prints its last line again and goes on (reprint) (once)
    """

    kind: FaultKind
    at: int = 0
    seconds: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Fault:
        """From `KIND[@BYTES][~SECONDS]`, as in `paper_out@300` or `late~1.5`; ValueError for anything else."""
        found = re.fullmatch(r"([a-z_]+)(?:@(\d+))?(?:~(\d+(?:\.\d+)?))?", text)
        if not found:
            raise ValueError(text)
        return cls(FaultKind(found[1]), int(found[2] or 0), float(found[3] or 0))


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from bytes received: `answers` to send and, if the line breaks, why."""

    answers: bytes = b""
    broken: FaultKind | None = None


_BREAKS_LINE: Final = frozenset(
    {
        FaultKind.RESET,
        FaultKind.EOF,
        FaultKind.POWER_RESUME,
        FaultKind.POWER_DISCARD,
        FaultKind.POWER_REPRINT,
    }
)


class PrinterDevice:
    """A printer of the given model. Not thread-safe; `PrinterEmulator` puts it on a socket."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._decoder = Decoder(profile)
        self._waiting = bytearray()
        self._tail = b""
        self._count = 0
        self._armed: list[tuple[int, Fault]] = []
        self._active: dict[FaultKind, Fault] = {}
        self._automatic_status = False
        self._hung_up = False

    # -- faults

    def inject(self, fault: Fault) -> None:
        """Let it happen `fault.at` bytes from now; a fault at 0 that is not the line's holds at once."""
        if fault.kind is FaultKind.STALE or (fault.at == 0 and fault.kind not in _BREAKS_LINE):
            self._strike(fault)
        else:
            self._armed.append((self._count + max(1, fault.at), fault))
            self._armed.sort(key=lambda armed: armed[0])

    def repair(self) -> bytes:
        """Paper in, cover closed, everything as it should be; goes on printing. What there is to answer."""
        self._armed.clear()
        self._active.clear()
        return self._run()

    def has(self, kind: FaultKind) -> bool:
        return kind in self._active

    @property
    def late(self) -> float:
        fault = self._active.get(FaultKind.LATE)
        return fault.seconds if fault else 0.0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Those that hold now and those to come."""
        return (*self._active.values(), *(fault for _, fault in self._armed))

    def _strike(self, fault: Fault) -> None:
        if fault.kind is FaultKind.STALE:
            self._decoder.feed(_STALE)
        elif fault.kind is FaultKind.POWER_DISCARD:
            self._waiting.clear()
            self._decoder.tear()  # the cutter runs at power-on
            self._decoder.clear()
        elif fault.kind is FaultKind.POWER_REPRINT:
            self._decoder.print_line_again()
        elif fault.kind not in _BREAKS_LINE:
            self._active[fault.kind] = fault

    # -- the line

    @property
    def room(self) -> int:
        """Bytes it takes at the moment."""
        return 0 if self.has(FaultKind.HANG) else max(0, BUFFER - len(self._waiting))

    def greeting(self) -> bytes:
        """What it says when a host connects."""
        return self._four_bytes() if self.has(FaultKind.UNREAD) else b""

    def receive(self, data: bytes) -> Reaction:
        """Take bytes from the line."""
        answers = bytearray()
        while data:
            until = self._armed[0][0] - self._count if self._armed else len(data)
            answers += self._take(data[:until])
            data = data[until:]
            while self._armed and self._armed[0][0] <= self._count:
                fault = self._armed.pop(0)[1]
                self._strike(fault)
                if fault.kind in _BREAKS_LINE:
                    return Reaction(bytes(answers), fault.kind)
                if fault.kind is FaultKind.HANG:
                    return Reaction(bytes(answers))
        return Reaction(bytes(answers))

    def hang_up(self, *, reset: bool) -> None:
        """The host has closed the line."""
        if reset and self.has(FaultKind.UNREAD):
            self._waiting.clear()
            self._decoder.clear()
        self._hung_up = True
        self._run()
        self._hung_up = False
        if not self.profile.cut and not self._stopped:
            self._decoder.tear()

    def take_papers(self) -> list[Dots]:
        """Papers cut off since the last call."""
        papers, self._decoder.papers = self._decoder.papers, []
        return papers

    @property
    def log(self) -> list[str]:
        """Commands nobody here knows, with their offset in all bytes printed so far."""
        return [f"{unknown.offset}: {unknown.data.hex(' ')}" for unknown in self._decoder.unknown]

    # -- inside

    def _take(self, data: bytes) -> bytes:
        """Look for real-time commands, which count on arrival, wherever they stand; queue and print the rest."""
        self._count += len(data)
        answers = bytearray()
        seen, begin = self._tail + data, len(self._tail)
        for found in _REAL_TIME.finditer(seen):
            self._waiting += seen[begin : found.end()]
            begin = found.end()
            answers += self._run()
            answers += self._at_once(found[0])
        self._waiting += seen[begin:]
        last = [found.end() for found in _REAL_TIME.finditer(seen)][-1:] or [0]
        self._tail = seen[last[0] :][-len(CLEAR) + 1 :]
        answers += self._run()
        if answers and self.has(FaultKind.UNREAD):
            answers += self._four_bytes()
        return b"" if self.has(FaultKind.MUTE) else bytes(answers)

    def _at_once(self, command: bytes) -> bytes:
        if command == CLEAR:
            if not self.profile.clears_buffer:
                return b""
            self._waiting.clear()
            self._decoder.clear()
            return b"\x37\x25\x00"
        if command[1] == 0x04 and self.profile.live_status:
            return bytes([self._status(command[2])])
        return b""

    def _run(self) -> bytes:
        """Print what waits, unless something stops it; what it asked, answered in turn."""
        held = self.has(FaultKind.UNREAD) and not self._hung_up and len(self._waiting) < BUFFER
        if self._stopped or held:
            return b""
        data = bytes(self._waiting)
        self._waiting.clear()
        self._decoder.feed(data)
        requests, self._decoder.requests = self._decoder.requests, []
        answers = b"".join(map(self._answer, requests))
        return b"" if self.has(FaultKind.MUTE) else answers

    @property
    def _stopped(self) -> bool:
        stops = (FaultKind.PAPER_OUT, FaultKind.COVER_OPEN, FaultKind.CUTTER, FaultKind.HANG)
        return any(map(self.has, stops))

    def _answer(self, request: Request) -> bytes:
        match request.kind:
            case "GS ( H" if self.profile.completion is Completion.PROCESS_ID:
                return b"\x37\x22" + request.data[:4] + b"\x00"
            case "GS r" if self.profile.completion is not Completion.NONE:
                return bytes([self._paper_bits() if request.data in (b"\x01", b"1") else 0])
            case "GS I":
                texts = {65: "0.1", 66: self.profile.maker, 67: self.profile.model, 68: "0"}
                if text := texts.get(request.data[0]):
                    return b"\x5f" + text.encode("ascii", "replace")[:80] + b"\x00"
                return b"\x20" if request.data[0] in (1, 49) else b"\x02"
            case "GS a":
                self._automatic_status = request.data != b"\x00"
                return self._four_bytes() if self._automatic_status else b""
        return b""

    def _status(self, number: int) -> int:
        """The answer to DLE EOT `number` (Epson reference)."""
        out, cover = self.has(FaultKind.PAPER_OUT), self.has(FaultKind.COVER_OPEN)
        cutter = self.has(FaultKind.CUTTER)
        if number == 1:
            return 0x12 | 0x08 * (out or cover or cutter)
        if number == 2:
            return 0x12 | 0x04 * cover | 0x20 * out | 0x40 * cutter
        if number == 3:
            return 0x12 | 0x08 * cutter
        return 0x12 | 0x0C * (self._near_end or out) | 0x60 * out

    @property
    def _near_end(self) -> bool:
        return self.profile.near_end and self.has(FaultKind.NEAR_END)

    def _paper_bits(self) -> int:
        out = self.has(FaultKind.PAPER_OUT)
        return 0x03 * (self._near_end or out) | 0x0C * out

    def _four_bytes(self) -> bytes:
        """The automatic status (GS a)."""
        stopped = self._stopped
        first = 0x10 | 0x08 * stopped | 0x20 * self.has(FaultKind.COVER_OPEN)
        return bytes([first, 0x08 * self.has(FaultKind.CUTTER), self._paper_bits(), 0x0F])
