"""The county's secret and what is derived from it: sealing at rest, the blind index, signing, the USB box."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.county.errors import CountyKeyWrong
from db.keys import NONCE_BYTES, derived, load_secret
from db.sync.device_key import DeviceKey

CREDENTIAL = "gighall-county-key"
KEY_FILE = "county.key"


@dataclass(frozen=True)
class CountyKeys:
    """One 32-byte secret, the same on every machine that runs the service behind one database."""

    secret: bytes
    origin: str

    @classmethod
    def load(cls, folder: Path) -> CountyKeys:
        return cls(*load_secret(folder, CREDENTIAL, KEY_FILE))

    def __repr__(self) -> str:
        return f"CountyKeys(origin={self.origin})"

    @cached_property
    def index_key(self) -> bytes:
        """Handed to every device at enrolment, so that one person is one person in every hall."""
        return derived(self.secret, "county index")

    @property
    def own(self) -> DeviceKey:
        """The county's pair for signing answers on a stick and opening what devices put there."""
        return DeviceKey(derived(self.secret, "county own"))

    def seal(self, value: Any, context: bytes) -> bytes:
        """A plain JSON value, sealed to its row: nonce, AES-256-GCM."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._sealer.encrypt(nonce, msgspec.json.encode(value), context)

    def seal_all(self, values: Sequence[msgspec.Raw], contexts: Sequence[bytes]) -> list[bytes | None]:
        """JSON values as they are written, each sealed to its row; `null` stays None."""
        plain, nonces = list(map(bytes, values)), secrets.token_bytes(NONCE_BYTES * len(values))
        each = [nonces[at : at + NONCE_BYTES] for at in range(0, len(nonces), NONCE_BYTES)]
        sealed = map(add, each, map(self._sealer.encrypt, each, plain, contexts))
        return [None if value == b"null" else done for value, done in zip(plain, sealed, strict=True)]

    def open(self, sealed: bytes, context: bytes) -> Any:
        try:
            return msgspec.json.decode(
                self._sealer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
            )
        except (InvalidTag, ValueError) as error:
            raise CountyKeyWrong() from error

    def index(self, value: str) -> bytes:
        return hmac.digest(self.index_key, value.encode(), "sha256")

    def digest(self, code: str) -> bytes:
        """What of an enrolment code is kept."""
        return hmac.new(derived(self.secret, "county code"), code.encode(), hashlib.sha256).digest()

    @cached_property
    def _sealer(self) -> AESGCM:
        return AESGCM(derived(self.secret, "county seal"))
