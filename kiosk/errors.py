"""What a desk can refuse. `code` is stable; `ui` turns it into a sentence and a button (design §7).

HallError
├── Refused               the rules say no; `rule` names the source
│   ├── UnderAge          under 16 (004 annex 2 art. 7(一))
│   ├── ForbiddenWork     work the law forbids this person (004 annex 2 art. 7(二))
│   ├── RentalBlocked     this person may not borrow now (`reason`: overdue, owing, minor, unidentified)
│   ├── Banned            this person may not be sent to work (`reason`: ban_…, `until`: ISO day; 004 annex 2 art. 10)
│   ├── NotAllowed        this member of staff may not (`reason`: role, stale, gone, same_person)
│   └── CashRefused       money may not move like that (`reason`: no_drawer, drawer_open, not_enough, …)
├── SignInFailed          PIN or badge does not stand (`reason`: wrong, locked, gone; `wait` in seconds)
├── SetupNeeded           nobody works here yet: the first supervisor chooses a PIN
├── StepInvalid           not in the state this step starts from (`what`, `state`)
├── Unavailable           what was asked for is gone
│   ├── PostingFull       no opening left
│   ├── PostingClosed     closed, paused or over
│   ├── ToolUnavailable   this tool cannot be lent (`reason`: its state, or other_device)
│   └── NotFound
├── CodeInvalid           a slip's code is torn, tampered, foreign or expired (`reason`)
├── InputInvalid          the visitor can mend it (`field`, `reason`)
└── SettingsInvalid       kiosk.toml cannot be used (`where`, `reason`)
"""

from __future__ import annotations


class HallError(Exception):
    """Base of all; `context` never holds personal data."""

    code = "hall"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code)
        self.context = context

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.context.items())])


class Refused(HallError):
    code = "refused"


class UnderAge(Refused):
    code = "under_age"


class ForbiddenWork(Refused):
    code = "forbidden_work"


class RentalBlocked(Refused):
    code = "rental_blocked"


class Banned(Refused):
    code = "banned"


class NotAllowed(Refused):
    code = "not_allowed"


class CashRefused(Refused):
    code = "cash_refused"


class SignInFailed(HallError):
    code = "sign_in_failed"


class SetupNeeded(HallError):
    code = "setup_needed"


class StepInvalid(HallError):
    code = "step_invalid"


class Unavailable(HallError):
    code = "unavailable"


class PostingFull(Unavailable):
    code = "posting_full"


class PostingClosed(Unavailable):
    code = "posting_closed"


class ToolUnavailable(Unavailable):
    code = "tool_unavailable"


class NotFound(Unavailable):
    code = "not_found"


class CodeInvalid(HallError):
    code = "code_invalid"


class InputInvalid(HallError):
    code = "input_invalid"


class SettingsInvalid(HallError):
    code = "settings_invalid"
