"""What can go wrong with the store, and with what was printed from it.

StoreError
├── StoreKeyWrong        the file is there but this key does not open it
├── StoreDamaged         opened, but quick_check found damage
├── StoreBusy            another process held the write lock past the deadline
├── StoreFull            the disk has no room left
├── JobNotReady          a print job is unknown or not in the state the step starts from
└── UntrackedWrite       a bulk statement would write a synced table past its outbox (our bug)

TokenInvalid             no token of a slip, or not signed with these keys (`reason`)
AddressInvalid           no address that a slip's code can carry (`reason`)
"""

from __future__ import annotations


class StoreError(Exception):
    """Base of all; `code` is stable, `context` never holds personal data."""

    code = "store"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code)
        self.context = context


class StoreKeyWrong(StoreError):
    code = "store_key_wrong"


class StoreDamaged(StoreError):
    code = "store_damaged"


class StoreBusy(StoreError):
    code = "store_busy"


class StoreFull(StoreError):
    code = "store_full"


class UntrackedWrite(StoreError):
    code = "untracked_write"


class JobNotReady(StoreError):
    code = "job_not_ready"


class TokenInvalid(Exception):
    """`reason`: not_ours, tampered or version."""

    code = "token_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(self.code)
        self.reason = reason


class AddressInvalid(Exception):
    """`reason`: not_http, characters or too_long."""

    code = "address_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(self.code)
        self.reason = reason
