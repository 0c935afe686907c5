"""What can go wrong with the county link, as a device sees it.

SyncError
├── NotEnrolled          this device has no key yet: staff enrol it with a code
├── CountyUnreachable    no line, a cut line, or no answer in time (`reason`)
├── CountyNotTrusted     the other end is not the authority this device was enrolled with
├── CountyRefused        the county says no and stays with it (`reason`: revoked, cloned, unknown_device, signature)
├── CountyBusy           the county says later (`wait` in seconds)
├── CountyFailed         the county answered with something we do not understand (`status`)
├── EnrolRefused         the code is wrong, used or over (`reason`)
├── BatchInvalid         bytes that are no batch (`reason`)
├── StickInvalid         a file on the stick is not for us, torn or forged (`file`, `reason`)
├── LinkInUse            another process, or another task of this one, talks to the county for this store
└── Interrupted          told to stop; the next round goes on where this one was
"""

from __future__ import annotations


class SyncError(Exception):
    """Base of all; `code` is stable, `context` never holds personal data."""

    code = "sync"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code)
        self.context = context

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.context.items())])


class NotEnrolled(SyncError):
    code = "sync_not_enrolled"


class CountyUnreachable(SyncError):
    code = "county_unreachable"


class CountyNotTrusted(SyncError):
    code = "county_not_trusted"


class CountyRefused(SyncError):
    code = "county_refused"


class CountyBusy(SyncError):
    code = "county_busy"


class CountyFailed(SyncError):
    code = "county_failed"


class EnrolRefused(SyncError):
    code = "enrol_refused"


class BatchInvalid(SyncError):
    code = "batch_invalid"


class StickInvalid(SyncError):
    code = "stick_invalid"


class LinkInUse(SyncError):
    code = "link_in_use"


class Interrupted(SyncError):
    code = "sync_interrupted"
