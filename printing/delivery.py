"""One slip to one printer, and an honest answer to "is it on paper?".

"Sent" is not "printed": python-escpos said ok to 8 of 8 injected faults (design.md §4). So the printer is asked
before, asked after, and where neither the answer nor its absence proves anything the outcome is `uncertain`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from printing.errors import PrintingError, Reason, TransportError
from printing.profile import Completion, Profile
from printing.status import (
    CLEAR_BUFFER,
    MUTE,
    Answers,
    ReplyKind,
    Status,
    ask,
    completion_request,
    reports,
    trouble_in_offline_byte,
)
from printing.transport import Transport, open_printer
from printing.transports.deadline import Deadline

# Bytes a process id may hold (20 to 7E: Epson reference, GS ( H fn 48), without those that look like a status
_TOKEN = b"ABCDEFGHIJKLMNOabcdefghijklmno"


class Result(StrEnum):
    PRINTED = "printed"
    FAILED = "failed"  # not one byte of the slip has left: safe to try again or elsewhere
    UNCERTAIN = "uncertain"


class Proof(StrEnum):
    """What `printed` rests on."""

    REPORT = "report"  # the printer has reported this very slip
    STATUS = "status"  # all bytes were taken and the printer had no trouble afterwards
    NONE = "none"  # all bytes were taken; this printer says nothing


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason`: why it is not printed, or not known to be."""

    result: Result
    reason: Reason | None = None
    proof: Proof = Proof.NONE
    status: Status = MUTE


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds each step may take. `look`: how often to ask what is wrong while the report does not come."""

    connect: float = 3.0
    answer: float = 1.0
    write: float = 10.0
    report: float = 20.0
    look: float = 1.0
    drain: float = 5.0
    close: float = 1.0


def deliver(
    address: str,
    profile: Profile,
    data: bytes,
    *,
    before_first_byte: Callable[[], bool] = lambda: True,
    after_mishap: bool = False,
    deadlines: Deadlines | None = None,
) -> Outcome:
    """Print `data`; blocks no longer than the deadlines together.

    `before_first_byte` runs once the printer says it can print; what it returns decides whether to go on, and
    what it raises comes out of here with nothing sent. `after_mishap`: this printer may still hold part of
    an earlier slip of ours; that is thrown away and cut off first.
    """
    times = deadlines or Deadlines()
    try:
        line = open_printer(address, times.connect)
    except PrintingError as error:
        return Outcome(Result.FAILED, error.code)
    try:
        return _Delivery(line, profile, times).run(data, before_first_byte, after_mishap)
    finally:
        line.close(times.close)


class _Delivery:
    def __init__(self, line: Transport, profile: Profile, times: Deadlines) -> None:
        self._line = line
        self._profile = profile
        self._times = times
        self._answers = Answers(line)
        self._speaks = profile.live_status and line.two_way
        self._clears = profile.clears_buffer and line.two_way
        self._status = MUTE

    def run(self, data: bytes, before_first_byte: Callable[[], bool], after_mishap: bool) -> Outcome:
        try:
            if after_mishap and not self._clears:
                # A command of ours may have been cut off before its length, and would take the questions for it:
                # 10 04 makes 1,040 dots or characters that swallow the next slip. Found by tests.bench.slip_faults.
                self._line.write(bytes(8), self._times.answer)
            if self._speaks:
                self._status = ask(self._line, self._answers, self._times.answer)
                if self._status.trouble:
                    return self._outcome(Result.FAILED, self._status.trouble)
            if not before_first_byte():
                return self._outcome(Result.FAILED, Reason.WITHDRAWN)
            self._clean(after_mishap)
        except TransportError as error:
            return self._outcome(Result.FAILED, error.code)
        try:
            token = bytes(secrets.choice(_TOKEN) for _ in range(4))
            reported = self._profile.completion is not Completion.NONE and self._line.two_way
            request = completion_request(self._profile, token) if reported else b""
            self._line.write(data + request, self._times.write)
        except TransportError as error:
            return self._outcome(Result.UNCERTAIN if error.sent else Result.FAILED, error.code)
        try:
            return self._report(token) if reported else self._afterwards()
        except TransportError as error:
            return self._outcome(Result.UNCERTAIN, error.code)

    def _clean(self, after_mishap: bool) -> None:
        """Throw away what the printer still holds of an earlier slip, ours or another host's."""
        if self._clears:
            self._line.write(CLEAR_BUFFER, self._times.answer)
            self._answers.until(self._times.answer, ReplyKind.CLEARED)
        elif after_mishap:
            # Such a printer may stand in the middle of a picture of ours and would take the next bytes for its
            # dots. Zeros end it white (the longest one is a full row of 24 dots) and mean nothing otherwise.
            self._line.write(bytes(self._profile.dots * 3), self._times.write)
        if after_mishap:  # what hangs out of it belongs to somebody else
            self._line.write(self._profile.init + self._profile.cut, self._times.answer)

    def _report(self, token: bytes) -> Outcome:
        """Wait for the printer's report; look after it now and then, so that paper out is known at once."""
        deadline = Deadline(self._times.report)
        while not deadline.passed():
            reply = self._answers.next(min(self._times.look, deadline.left()))
            if reply is None:
                if self._speaks:
                    self._line.write(b"\x10\x04\x02", self._times.answer)
            elif reports(self._profile, token, reply):
                return self._outcome(Result.PRINTED, proof=Proof.REPORT)
            elif reply.kind is ReplyKind.STATUS and (trouble := trouble_in_offline_byte(reply.data[0])):
                return self._outcome(Result.UNCERTAIN, trouble)
        return self._outcome(Result.UNCERTAIN, Reason.NO_REPORT)

    def _afterwards(self) -> Outcome:
        """For printers without a report: all bytes taken, and no trouble when asked."""
        self._line.drain(self._times.drain)
        if not self._speaks:
            return self._outcome(Result.PRINTED, proof=Proof.NONE)
        self._status = ask(self._line, self._answers, self._times.answer)
        if self._status.trouble:
            return self._outcome(Result.UNCERTAIN, self._status.trouble)
        return self._outcome(Result.PRINTED, proof=Proof.STATUS)

    def _outcome(self, result: Result, reason: Reason | None = None, proof: Proof = Proof.NONE) -> Outcome:
        return Outcome(result, reason, proof, self._status)
