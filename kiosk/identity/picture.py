"""Picture files into pixels, safely: the header is judged before anything is unpacked."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from kiosk.identity.document import Problem
from kiosk.identity.ocr import Image

MOST_PIXELS = 120_000_000  # unpacked, a picture of this size takes 360 MB
MOST_BYTES = 100_000_000
LONG_SIDE = 2600  # more is not needed: the card is then 1,000 pixels wide at least
SHORT_SIDE = 240  # below it a card's characters cannot be told apart
FORMATS = ("JPEG", "PNG", "BMP", "WEBP")


def load_picture(path: Path) -> Image | Problem:
    """The upright picture, (height, width, 3) uint8 BGR, its long side at most about LONG_SIDE; or why not."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return Problem.TOO_LARGE
        data = path.read_bytes()
    except OSError:
        return Problem.NOT_A_PICTURE
    return decode_picture(data)


def decode_picture(data: bytes) -> Image | Problem:
    """As `load_picture`, from bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # our own limit follows
            picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
    except Pillow.DecompressionBombError:
        return Problem.TOO_LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return Problem.NOT_A_PICTURE
    width, height = picture.size
    if width * height > MOST_PIXELS:
        return Problem.TOO_LARGE
    if min(width, height) < SHORT_SIDE:
        return Problem.TOO_SMALL
    try:
        picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # JPEG unpacks to 1/2, 1/4 or 1/8 at once
        pixels = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError):
        return Problem.TRUNCATED
    return limited(np.asarray(cv2.cvtColor(np.asarray(pixels), cv2.COLOR_RGB2BGR), np.uint8))


def limited(image: Image) -> Image:
    """Shrunk until the long side is at most LONG_SIDE."""
    longest = max(image.shape[:2])
    if longest <= LONG_SIDE:
        return image
    zoom = LONG_SIDE / longest
    return np.asarray(cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), np.uint8)
