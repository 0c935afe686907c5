"""What can go wrong at the county.

CountyError
├── CountyKeyWrong     county.key is not the one behind this database
├── CountyNewer        a newer program wrote this database
├── CertificateInvalid the files given are no certificate and its key (`reason`)
├── DatabaseMissing    no PostgreSQL answers there, or none of its connections is free
├── Refusal            what a device is told; `status` is the HTTP status
│   ├── Unknown        no such device, or its signature does not stand
│   ├── Stopped        the device was revoked, or two machines use its key (`reason`)
│   ├── Gap            rows are missing between the mark and this batch; the mark says where to go on
│   ├── Fork           this history is not ours: a restored disk image opens a new epoch
│   ├── TooLarge       a body past its limit
│   │   └── TooSlow    … in time
│   ├── TooOften       a rate past its limit (`wait` in seconds)
│   ├── Malformed      bytes that are no request (`reason`)
│   └── CodeRefused    an enrolment code that is wrong, used or over (`reason`)
├── ConflictGone       a conflict that is not there or was worked off before
├── ChoiceUnfit        a conflict cannot be worked off so; nothing was changed
├── PersonGone         a record that is not there, or was purged before (`reason`)
└── PersonHeld         something is still open between the person and a hall
"""

from __future__ import annotations

from db.sync.wire import Mark


class CountyError(Exception):
    """Base of all; `context` never holds personal data."""

    code = "county"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code)
        self.context = context

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{key}={value}" for key, value in self.context.items())])


class CountyKeyWrong(CountyError):
    code = "county_key_wrong"


class CountyNewer(CountyError):
    code = "county_newer"


class CertificateInvalid(CountyError):
    code = "certificate_invalid"


class DatabaseMissing(CountyError):
    code = "database_missing"


class ConflictGone(CountyError):
    code = "conflict_gone"


class ChoiceUnfit(CountyError):
    code = "choice_unfit"


class PersonGone(CountyError):
    code = "person_gone"


class PersonHeld(CountyError):
    code = "person_held"


class Refusal(CountyError):
    """`said` is the code the device reads."""

    status = 400

    @property
    def said(self) -> str:
        return self.code

    mark: Mark | None = None
    wait = 0.0


class Unknown(Refusal):
    code = "unknown_device"
    status = 401


class Stopped(Refusal):
    code = "stopped"
    status = 403

    @property
    def said(self) -> str:
        return str(self.context["reason"])


class Gap(Refusal):
    code = "gap"
    status = 409

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark


class Fork(Gap):
    code = "fork"


class TooLarge(Refusal):
    code = "too_large"
    status = 413


class TooSlow(TooLarge):
    code = "too_slow"
    status = 408


class TooOften(Refusal):
    code = "too_often"
    status = 429

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.wait = wait


class Malformed(Refusal):
    code = "malformed"


class CodeRefused(Refusal):
    code = "code_refused"
    status = 403

    @property
    def said(self) -> str:
        return f"code_{self.context['reason']}"
