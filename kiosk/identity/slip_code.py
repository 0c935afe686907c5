"""The signed code on a slip: 13 bytes, no personal data (design §4).

Layout: version and kind (4 + 4 bits) · device number (2 bytes) · serial (4 bytes) · HMAC-SHA-256 of those seven,
cut to 6 bytes. As text: 21 letters and digits of base 32, which is in the QR's alphanumeric alphabet (version 2,
EC M). When the hall knows the county's public address the text is an upper-case URL ending in the same token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from enum import IntEnum

from kiosk.errors import CodeInvalid

VERSION = 1
BODY = struct.Struct(">BHI")
MAC_BYTES = 6
TOKEN_CHARACTERS = 21
TOKEN = re.compile(rf"(?:^|[/=])([A-Z2-7]{{{TOKEN_CHARACTERS}}})$")


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


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def slip_number(device_number: int, serial: int) -> str:
    return f"{device_number:02d}-{serial:06d}"


class SlipCodes:
    """Makes and reads codes with the hall's key (32 bytes)."""

    def __init__(self, key: bytes, county_address: str = "") -> None:
        self._key = key
        self._prefix = county_address.upper().rstrip("/") + "/" if county_address else ""

    def make(self, code: SlipCode) -> str:
        """The text that goes into the QR."""
        body = BODY.pack(VERSION << 4 | code.kind, code.device_number, code.serial)
        return self._prefix + _text(body + self._mac(body))

    def read(self, text: str) -> SlipCode:
        """Check and open what a scanner read. Raises CodeInvalid(reason=not_ours|tampered|version|kind)."""
        found = TOKEN.search(text.strip().upper())
        if found is None:
            raise CodeInvalid(reason="not_ours")
        try:
            raw = base64.b32decode(found.group(1) + "===")
        except binascii.Error as error:
            raise CodeInvalid(reason="not_ours") from error
        if _text(raw) != found.group(1):  # 21 characters hold one bit more than 13 bytes
            raise CodeInvalid(reason="tampered")
        body, mac = raw[: BODY.size], raw[BODY.size :]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise CodeInvalid(reason="tampered")
        head, device_number, serial = BODY.unpack(body)
        if head >> 4 != VERSION:
            raise CodeInvalid(reason="version")
        try:
            kind = CodeKind(head & 0x0F)
        except ValueError as error:
            raise CodeInvalid(reason="kind") from error
        return SlipCode(kind, device_number, serial)

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).digest()[:MAC_BYTES]
