"""Photos of damage, kept beside the store, encrypted; a rental line holds their names (T7)."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid_utils.compat import uuid7

from db.store import Store
from kiosk.errors import InputInvalid, NotFound

MOST_BYTES = 8_000_000
NONCE_BYTES = 12
NAME = re.compile(r"[0-9a-f]{32}")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")  # JPEG, PNG


class PhotoShelf:
    """One file a photo, never overwritten. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._folder = store.path.parent / "photos"
        self._cipher = AESGCM(store.keys.derive("photo"))

    def keep(self, picture: bytes) -> str:
        """Write a JPEG or PNG durably; its name. Raises InputInvalid(field=photo, reason=too_large|not_a_picture)."""
        if len(picture) > MOST_BYTES:
            raise InputInvalid(field="photo", reason="too_large")
        if not picture.startswith(PICTURES):
            raise InputInvalid(field="photo", reason="not_a_picture")
        name, nonce = uuid7().hex, secrets.token_bytes(NONCE_BYTES)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        part = self._folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(nonce + self._cipher.encrypt(nonce, picture, name.encode()))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path(name))
        return name

    def get(self, name: str) -> bytes:
        """Raises NotFound where it is not there, or not the one that was kept under this name."""
        path = self._path(name)
        if not path.is_file():
            raise NotFound(what="photo")
        sealed = path.read_bytes()
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise NotFound(what="photo") from error

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotFound(what="photo")
        return self._folder / name
