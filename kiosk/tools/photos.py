"""Photos at the counter: of damage, of what is disputed, of a model; kept beside the store, encrypted (T7).

A row holds their names. Pictures that lie on this machine or on a stick can stand in for a camera.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid_utils.compat import uuid7

from db.store import Store
from kiosk.errors import InputInvalid, NotFound
from kiosk.identity.document import Problem
from kiosk.identity.ocr import Image
from kiosk.identity.picture import load_picture
from kiosk.tools.files import sticks

MOST_BYTES = 8_000_000
NONCE_BYTES = 12
NAME = re.compile(r"[0-9a-f]{32}")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")  # JPEG, PNG
SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
LONG_SIDE = 1600  # a scratch still shows
QUALITY = 85
MOST_FOUND = 12


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

    @contextmanager
    def kept(self, pictures: Iterable[bytes]) -> Iterator[list[str]]:
        """Keep them for an act that names them; where it fails, none of them stays."""
        names: list[str] = []
        try:
            for picture in pictures:
                names.append(self.keep(picture))
            yield names
        except BaseException:
            for name in names:
                self._path(name).unlink(missing_ok=True)
            raise

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


def packed(frame: Image) -> bytes:
    """A camera's frame, or a picture, as the JPEG that is kept: long side at most LONG_SIDE, nothing but pixels."""
    zoom = LONG_SIDE / max(frame.shape[:2])
    if zoom < 1:
        frame = np.asarray(cv2.resize(frame, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), np.uint8)
    _, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes()


def packed_file(path: Path) -> bytes:
    """Raises InputInvalid(field=photo, reason=not_a_picture)."""
    picture = load_picture(path)
    if isinstance(picture, Problem):
        raise InputInvalid(field="photo", reason="not_a_picture")
    return packed(picture)


def found_pictures(folder: str = "") -> tuple[Path, ...]:
    """The newest pictures of `folder`; where none is set, of the user's pictures and of sticks that are plugged in."""
    folders = [Path(folder)] if folder else [Path(platformdirs.user_pictures_dir()), *sticks()]
    found = [path for one in folders for path in _pictures(one)]
    return tuple(path for _, path in sorted(found, reverse=True)[:MOST_FOUND])


def _pictures(folder: Path) -> Iterator[tuple[float, Path]]:
    """With their times; in the folder and in those directly beneath it, as cameras and telephones lay them."""
    for pattern in ("*", "*/*"):
        try:
            for path in folder.glob(pattern):
                if path.suffix.lower() in SUFFIXES and path.is_file():
                    yield path.stat().st_mtime, path
        except OSError:  # a stick that was pulled out
            return
