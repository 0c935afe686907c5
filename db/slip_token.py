"""The token on a slip, a tag or a badge: 13 signed bytes, no personal data (design §4). Format only, no policy.

Layout: version and kind (4 + 4 bits) · device number (2 bytes) · serial (4 bytes) · HMAC-SHA-256 of those seven,
cut to 6 bytes. As text: 21 characters of base 32 (A–Z, 2–7), which are in the QR's alphanumeric alphabet (version 2,
EC M). Hall and county both read it: the hall with `kiosk.identity.slip_code`, the county for its public page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from typing import NamedTuple

from db.errors import AddressInvalid, TokenInvalid

VERSION = 1
BODY = struct.Struct(">BHI")
MAC_BYTES = 6
TOKEN_CHARACTERS = 21
# Of these the last nine come from the signature alone.
SIGNATURE_CHARACTERS = 9
ADDRESS_CHARACTERS = 68  # with a slash and the token 90: what a QR code of version 4, EC M, takes
ADDRESS = re.compile(r"HTTPS?://[0-9A-Z](?:[0-9A-Z.-]*[0-9A-Z])?(?::[0-9]{1,5})?(?:/[0-9A-Z$%*+./:-]*)?")
TOKEN = re.compile(rf"(?:^|[/=])([A-Z2-7]{{{TOKEN_CHARACTERS}}})$")


class SlipToken(NamedTuple):
    """`kind` as `kiosk.identity.slip_code.CodeKind` numbers it: 0…15."""

    kind: int
    device_number: int
    serial: int


def public_address(text: str) -> str:
    """The county's address as it stands before "/" and a token: upper case, QR's alphanumeric alphabet.

    The host does not care for case; whoever serves the path must not either. "" stays "".
    Raises AddressInvalid(reason=not_http|characters|too_long).
    """
    address = text.strip().upper().rstrip("/")
    if not address:
        return ""
    if not address.startswith(("HTTP://", "HTTPS://")):
        raise AddressInvalid("not_http")
    if ADDRESS.fullmatch(address) is None:
        raise AddressInvalid("characters")
    if len(address) > ADDRESS_CHARACTERS:
        raise AddressInvalid("too_long")
    return address


def make_token(key: bytes, kind: int, device_number: int, serial: int) -> str:
    """21 characters, signed with the hall's slip key (32 bytes)."""
    body = BODY.pack(VERSION << 4 | kind, device_number, serial)
    return _text(body + _mac(key, body))


def open_token(key: bytes, text: str) -> SlipToken:
    """Check and open a bare token, or one at the end of an address.

    Raises TokenInvalid(reason=not_ours|tampered|version); a version is only believed where the signature stands.
    """
    characters = found(text)
    raw = _raw(characters)
    if _text(raw) != characters:  # 21 characters hold one bit more than 13 bytes
        raise TokenInvalid(reason="tampered")
    body, mac = raw[: BODY.size], raw[BODY.size :]
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise TokenInvalid(reason="tampered")
    if body[0] >> 4 != VERSION:
        raise TokenInvalid(reason="version")
    return claimed(text)


def claimed(text: str) -> SlipToken:
    """What a token says, signature unread and believed by nobody. Raises TokenInvalid(reason=not_ours)."""
    head, device_number, serial = BODY.unpack(_raw(found(text))[: BODY.size])
    return SlipToken(head & 0x0F, device_number, serial)


def found(text: str) -> str:
    """The 21 characters in what a scanner read. Raises TokenInvalid(reason=not_ours)."""
    match = TOKEN.search(text.strip().upper())
    if match is None:
        raise TokenInvalid(reason="not_ours")
    return match.group(1)


def _raw(characters: str) -> bytes:
    try:
        return base64.b32decode(characters + "===")
    except binascii.Error as error:
        raise TokenInvalid(reason="not_ours") from error


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:MAC_BYTES]
