"""The signed code on a slip: who may have made it and what it names. Its bytes are `db.slip_token`'s.

Codes are made with the key of the hall. A device that printed before it joined its hall signed with a key of its own
and under another device number: its own papers, tags and badges stay readable on it, nobody else's.
When the hall knows the county's public address, a code is an upper-case URL that ends in the token (design §4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from db import slip_token
from db.errors import TokenInvalid
from db.slip_token import make_token, open_token
from db.store import Store
from kiosk.errors import CodeInvalid
from kiosk.settings import Settings


class CodeKind(IntEnum):
    MATCH_SLIP = 1
    RENTAL = 2
    SEEKER = 3
    TOOL = 4
    LOCKER = 5
    STAFF = 6


@dataclass(frozen=True)
class SlipCode:
    kind: CodeKind
    device_number: int
    serial: int

    @property
    def slip_number(self) -> str:
        """As printed for people: device, then serial."""
        return slip_number(self.device_number, self.serial)


def slip_number(device_number: int, serial: int) -> str:
    return f"{device_number:02d}-{serial:06d}"


def claimed(text: str) -> SlipCode | None:
    """What the token says, believed by nobody; None where it is no token."""
    try:
        kind, number, serial = slip_token.claimed(text)
    except TokenInvalid:
        return None
    known = {known.value: known for known in CodeKind}
    return SlipCode(known.get(kind, CodeKind.MATCH_SLIP), number, serial)


@dataclass(frozen=True)
class Earlier:
    """What this device printed before it joined its hall."""

    key: bytes
    number: int  # this device's, then
    now: int  # its number in the hall, under which its rows stand


class SlipCodes:
    """Makes and reads codes with a hall's key (32 bytes)."""

    def __init__(self, key: bytes, county_address: str = "", earlier: Earlier | None = None) -> None:
        self._key = key
        self._address = county_address
        self._earlier = earlier

    @property
    def key(self) -> bytes:
        return self._key

    @property
    def county_address(self) -> str:
        return self._address

    @property
    def earlier(self) -> Earlier | None:
        return self._earlier

    def make(self, code: SlipCode) -> str:
        """The text that goes into the QR."""
        token = make_token(self.key, code.kind, code.device_number, code.serial)
        address = self.county_address.upper().rstrip("/")
        return f"{address}/{token}" if address else token

    def tokens(self, code: SlipCode) -> tuple[str, ...]:
        """Every token that stands for `code` on a paper of this hall: the one made today, and an earlier one."""
        today = make_token(self.key, code.kind, code.device_number, code.serial)
        earlier = self.earlier
        if earlier is None or code.device_number not in (earlier.number, earlier.now):
            return (today,)
        return (today, make_token(earlier.key, code.kind, earlier.number, code.serial))

    def read(self, text: str) -> SlipCode:
        """Check and open what a scanner read. Raises CodeInvalid(reason=not_ours|tampered|version|kind)."""
        try:
            kind, number, serial = self._open(text)
        except TokenInvalid as error:
            raise CodeInvalid(reason=error.reason) from error
        try:
            return SlipCode(CodeKind(kind), number, serial)
        except ValueError as error:
            raise CodeInvalid(reason="kind") from error

    def _open(self, text: str) -> slip_token.SlipToken:
        try:
            return open_token(self.key, text)
        except TokenInvalid as error:
            earlier = self.earlier
            if earlier is None or error.reason != "tampered":
                raise
            token = open_token(earlier.key, text)
            if token.device_number != earlier.number:  # another device has had that key
                raise
            return token._replace(device_number=earlier.now)


class HallCodes(SlipCodes):
    """The codes of this store's hall, by the keys as they stand now: a device may join while the app runs."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._override = settings.slips.county_address

    @property
    def key(self) -> bytes:
        return self._store.keys.slip_keys[0]

    @property
    def county_address(self) -> str:
        return self._override or self._store.public_address

    @property
    def earlier(self) -> Earlier | None:
        own = self._store.keys.slip_keys[1:]
        if not own:
            return None
        return Earlier(own[0], self._store.first_number, self._store.origin.device_number)
