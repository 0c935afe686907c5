"""PINs: which ones stand, and what is stored of them.

What is stored is argon2id over a digest keyed with the hall's secret, so the hash alone is worth nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.errors import InputInvalid

SAME_DIGITS_MOST = 3  # 111… and 112211… are guessed first


class Pins:
    def __init__(self, key: bytes, digits: int, hasher: PasswordHasher | None = None) -> None:
        self._key = key
        self._digits = digits
        self._hasher = hasher or PasswordHasher()  # argon2id, RFC 9106 low-memory profile

    def check(self, pin: str) -> None:
        """Raises InputInvalid(field=pin, reason=digits|easy)."""
        if len(pin) != self._digits or not (pin.isascii() and pin.isdigit()):
            raise InputInvalid(field="pin", reason="digits")
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
        if len(steps) == 1 or max(map(pin.count, pin)) > max(SAME_DIGITS_MOST, self._digits // 2):
            raise InputInvalid(field="pin", reason="easy")

    def hash(self, pin: str) -> str:
        return self._hasher.hash(self._keyed(pin))

    def verify(self, pin_hash: str, pin: str) -> bool:
        try:
            return self._hasher.verify(pin_hash, self._keyed(pin))
        except (VerificationError, InvalidHashError):
            return False

    def _keyed(self, pin: str) -> bytes:
        return hmac.new(self._key, pin.encode(), hashlib.sha256).digest()
