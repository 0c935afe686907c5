"""QR codes in pictures: on a photographed slip (a still), or before the kiosk's camera (a frame).

zxing-cpp reads best, so it comes first. Undoing blur helps: sharpened copies give a third more slips than the plain
picture (CLAHE gave none that they had not). Codes it found but could not open are read module by module (`code_grid`),
which gives half as many again. pyzbar as a second try read 1 of 410 photos that this had missed, for a quarter of a
second each (`python -m tests.bench.codes`), so it only stands in where zxing-cpp has no wheel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.identity.code_grid import Floats, Image, SlipGrid

Prepare = Callable[[Image], Image]

QUIET = 4  # modules of white around a code


@dataclass(frozen=True)
class Sight:
    """What a library saw: the texts of whole codes, and where codes are that it could not open.

    `shut` holds corners, (4, 2) float32 pixels from the top left one clockwise as the code is read.
    """

    texts: tuple[str, ...] = ()
    shut: tuple[Floats, ...] = ()


class Decoder(Protocol):
    """One library that finds and opens QR codes."""

    def look(self, grey: Image) -> Sight:
        """All codes of a (height, width) uint8 picture."""

    def opened(self, modules: NDArray[np.bool_]) -> str | None:
        """The text of a clean code, (n, n), True is dark; None where too much of it is wrong."""


class ZxingDecoder:
    """zxing-cpp. Raises ImportError where it is not installed."""

    def __init__(self) -> None:
        import zxingcpp

        self._read = zxingcpp.read_barcodes
        self._formats = zxingcpp.BarcodeFormat.QRCode

    def look(self, grey: Image) -> Sight:
        found = self._read(grey, formats=self._formats, try_invert=False, return_errors=True)
        texts = tuple(dict.fromkeys(one.text for one in found if one.valid and one.text))
        # it also takes the finders of a damaged code for micro codes ("M1" to "M4")
        shut = [
            one.position
            for one in found
            if not one.valid and str((one.extra or {}).get("Version", "")).isdigit()
        ]
        return Sight(texts, tuple(map(_corners, shut)))

    def opened(self, modules: NDArray[np.bool_]) -> str | None:
        found = self._read(_drawn(modules), formats=self._formats, is_pure=True, try_invert=False)
        return next((one.text for one in found if one.valid and one.text), None)


class PyzbarDecoder:
    """pyzbar; it is silent on codes it cannot open. Raises ImportError where it or the system's libzbar is missing."""

    def __init__(self) -> None:
        from pyzbar import pyzbar

        self._read = pyzbar.decode
        self._symbols = [pyzbar.ZBarSymbol.QRCODE]

    def look(self, grey: Image) -> Sight:
        found = self._read(grey, self._symbols)
        return Sight(tuple(dict.fromkeys(one.data.decode("utf-8", "replace") for one in found if one.data)))

    def opened(self, modules: NDArray[np.bool_]) -> str | None:
        picture = cv2.resize(_drawn(modules), None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
        return next(iter(self.look(np.asarray(picture, np.uint8)).texts), None)


def best_decoder() -> Decoder:
    """The best one that loads here. Raises ImportError where there is none."""
    try:
        return ZxingDecoder()
    except ImportError:
        return PyzbarDecoder()


@dataclass(frozen=True)
class Sharpen:
    """Noise smoothed, enlarged, and the blur of lens and hand undone by an unsharp mask. Radii in pixels, 1 sigma."""

    noise: float
    zoom: float
    radius: float
    strength: float

    def __call__(self, grey: Image) -> Image:
        picture = cv2.GaussianBlur(grey, (0, 0), self.noise)
        if self.zoom != 1:
            picture = cv2.resize(picture, None, fx=self.zoom, fy=self.zoom, interpolation=cv2.INTER_LINEAR)
        soft = cv2.GaussianBlur(picture, (0, 0), self.radius)
        return np.asarray(cv2.addWeighted(picture, 1 + self.strength, soft, -self.strength, 0), np.uint8)


# in the order of what each adds for its time
TRIES: Sequence[Sharpen | None] = (
    None,
    Sharpen(0.8, 1.0, 2.0, 2.5),
    Sharpen(0.8, 1.5, 3.0, 3.0),
    Sharpen(0.8, 2.0, 4.0, 2.5),
    Sharpen(2.0, 1.0, 4.0, 4.0),
)
FRAME_TRIES = 2  # a frame gets one of these, the next frame the next one
MOST_SHUT = 2  # places a try that are read module by module in a still; in a frame one


class CodeReader:
    """Reads the codes of one picture; not for two threads at once.

    The library is loaded with the first picture: ImportError then, where neither is installed.
    """

    def __init__(self, county_address: str = "", decoder: Decoder | None = None) -> None:
        self._grid = SlipGrid(county_address)
        self._given = decoder
        self._frames = 0

    def read_image(self, image: Image) -> tuple[str, ...]:
        """The texts of the codes in a still, (height, width[, 3]) uint8 BGR; every try until one finds some."""
        grey = _grey(image)
        for sharpen in TRIES:
            if texts := self._try(grey, sharpen, MOST_SHUT):
                return texts
        return ()

    def read_frame(self, frame: Image) -> tuple[str, ...]:
        """As `read_image`, one try a frame: the next frame comes anyhow, and the hand moves."""
        self._frames += 1
        return self._try(_grey(frame), TRIES[self._frames % FRAME_TRIES], 1)

    @property
    def _decoder(self) -> Decoder:
        if self._given is None:
            self._given = best_decoder()
        return self._given

    def _try(self, grey: Image, sharpen: Sharpen | None, most_shut: int) -> tuple[str, ...]:
        sight = self._decoder.look(sharpen(grey) if sharpen else grey)
        if sight.texts:
            return sight.texts
        for corners in sight.shut[:most_shut]:
            place = corners / np.float32(sharpen.zoom if sharpen else 1)
            if text := self._grid.read(grey, place, self._decoder.opened):
                return (text,)
        return ()


def _grey(image: Image) -> Image:
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _corners(position: object) -> Floats:
    names = ("top_left", "top_right", "bottom_right", "bottom_left")
    points = [getattr(position, name) for name in names]
    return np.array([(point.x, point.y) for point in points], np.float32)


def _drawn(modules: NDArray[np.bool_]) -> Image:
    """One pixel a module."""
    return np.pad(np.where(modules, 0, 255).astype(np.uint8), QUIET, constant_values=255)
