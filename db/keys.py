"""The hall's secret and the keys derived from it.

One 32-byte secret, from (in this order) a systemd credential, the file `hall.key` in the data folder
(mode 0600), or made on first start. Everything else is derived with HKDF, so one secret is kept and one is
lost: without it the store cannot be opened.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.durable import settle
from db.errors import StoreKeyWrong

CREDENTIAL = "gighall-key"
KEY_FILE = "hall.key"
KEY_BYTES = 32
NONCE_BYTES = 12


@cache  # an AES-GCM call costs 2 µs, deriving its key 20
def derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, f"gighall {purpose}".encode()).derive(secret)


@dataclass(frozen=True)
class HallKeys:
    """Derived keys; `origin` (credential, file, made) is what `doctor` reports.

    An enrolled device finds people by the county's `index_key`, so that one person is one in every hall, and signs
    slips with its hall's `slip_key`, so that each of the hall's devices reads them.
    """

    secret: bytes
    origin: str
    index_key: bytes | None = None
    slip_key: bytes | None = None

    def __repr__(self) -> str:
        return f"HallKeys(origin={self.origin})"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, e.g. "store", "number", "index"."""
        return derived(self.secret, purpose)

    @property
    def own_slip_key(self) -> bytes:
        """Signs slips until the device joins a hall; brought along there, it is the hall's if it is the first."""
        return self.derive("slip-code")

    @property
    def slip_keys(self) -> tuple[bytes, ...]:
        """The key that makes codes, then those that only read what this device printed before it joined its hall."""
        hall = self.slip_key or self.own_slip_key
        return tuple(dict.fromkeys((hall, self.own_slip_key)))

    def seal(self, value: str, context: bytes) -> bytes:
        """AES-256-GCM, nonce first; `context` (the row's id) ties the value to its row."""
        return self.seal_bytes(value.encode(), context)

    def open(self, sealed: bytes, context: bytes) -> str:
        """Undo `seal`. Raises StoreKeyWrong where key, row or bytes do not match."""
        return self.open_bytes(sealed, context).decode()

    def seal_bytes(self, value: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._sealer.encrypt(nonce, value, context)

    def open_bytes(self, sealed: bytes, context: bytes) -> bytes:
        try:
            return self._sealer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as error:  # ValueError: shorter than a nonce and a tag
            raise StoreKeyWrong(field="sealed") from error

    @cached_property
    def _sealer(self) -> AESGCM:
        return AESGCM(self.derive("number"))

    def index(self, value: str) -> bytes:
        """Blind index: finds the same value again without storing it readable."""
        return hmac.new(self.index_key or self.derive("index"), value.encode(), hashlib.sha256).digest()


def load_keys(folder: Path) -> HallKeys:
    """Find the hall's secret, or make it in `folder` on first start."""
    return HallKeys(*load_secret(folder, CREDENTIAL, KEY_FILE))


def load_secret(folder: Path, credential: str, file: str) -> tuple[bytes, str]:
    """A 32-byte secret and where it came from: systemd credential, file in `folder`, or made there."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (Path(credentials) / credential).is_file():
        return _checked((Path(credentials) / credential).read_bytes()), "credential"
    path = folder / file
    if path.is_file():
        return _checked(path.read_bytes()), "file"
    secret = secrets.token_bytes(KEY_BYTES)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_private(path, secret)
    except FileExistsError:  # kiosk and counter start for the first time at once: the other was first
        return _checked(path.read_bytes()), "file"
    return secret, "made"


def write_private(path: Path, content: bytes) -> None:
    """A new file that only its owner reads, whole and on the disk, name and all, when this returns."""
    part = path.with_name(f"{path.name}.{os.getpid()}.new")
    part.unlink(missing_ok=True)  # of a start that a power cut ended
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # never over a file that is there
    finally:
        part.unlink()
    settle(path.parent)


def _checked(secret: bytes) -> bytes:
    if len(secret) != KEY_BYTES:
        raise StoreKeyWrong(reason="length", length=len(secret))
    return secret
