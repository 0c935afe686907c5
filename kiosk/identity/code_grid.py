"""A slip's QR code read module by module, where a library found the code but could not open it.

A general reader lays a flat grid over the code and knows nothing of what it says. We know more: the paper is bent, so
the grid may bend too; and of our own codes three fifths of the modules are always the same, because the token has one
length (finders, timing, format, mode, count and the padding behind the 21 characters). So the grid is fitted where
the known modules agree and the others are clearly dark or light; then the known ones are set right, the blur between
neighbours is undone, and the library opens the clean code. A wrong guess cannot pass: it fails the code's own check
(8 of 44 code words may be mended) and after that the token's signature.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Template = NDArray[np.int8]  # (n, n) modules: 1 always dark, -1 always light, 0 free
Open = Callable[[NDArray[np.bool_]], str | None]  # a clean code, True is dark → its text

CELL = 8  # pixels a module of the flattened code
MARGIN = 2  # modules around it
SAMPLES = 16  # codes compared to find what is always the same: a free module is taken for fixed once in 2**15
MASKS = 8
# control points a side, rounds of the fit: first the corners, then ever finer bends
STAGES = ((2, 25), (3, 25), (5, 25), (7, 15))
STEP = 6.0
KNOWN_WEIGHT = 2.0
LIKELY = 2  # masks tried, most likely first
# what of its left and right, upper and lower neighbours a blurred module is freed of
UNBLUR = ((0.0, 0.0), (0.15, 0.15), (0.3, 0.3), (0.4, 0.1), (0.1, 0.4), (0.5, 0.5))


class SlipGrid:
    """Reads codes as `SlipCodes` makes them, with the same county address."""

    def __init__(self, county_address: str = "") -> None:
        self._county_address = county_address

    def read(self, grey: Image, corners: Floats, opened: Open) -> str | None:
        """The text of the code at these corners ((4, 2) pixels, as in `Sight.shut`); None if it stays shut."""
        for known in templates(self._county_address):
            always = _agreement(known)
            contrast = flattened(grey, corners, len(always))
            first = fitted(contrast, always)
            if text := _opened(first, known, opened):
                return text
            # once more with all that the likeliest mask says
            again = fitted(contrast, max(known, key=_agrees_with(first)))
            if text := _opened(again, known, opened):
                return text
        return None


@cache
def templates(county_address: str) -> tuple[tuple[Template, ...], ...]:
    """The modules that never change in our codes, for every mask and way to write the text; grouped by size."""
    found: dict[int, list[Template]] = {}
    # slips from before the hall knew its address are still about
    for address in dict.fromkeys(("", county_address)):
        # alphanumeric is what we print; a printer that draws the code itself may write bytes
        for mode in (MODE_ALPHA_NUM, MODE_8BIT_BYTE):
            for template in _templates(address, mode):
                found.setdefault(len(template), []).append(template)
    return tuple(map(tuple, found.values()))


def _templates(county_address: str, mode: int) -> Iterator[Template]:
    rng = random.Random(SAMPLES)  # noqa: S311 (any tokens will do, but always the same)
    texts = [
        SlipCodes(rng.randbytes(32), county_address).make(
            SlipCode(rng.choice(list(CodeKind)), rng.getrandbits(16), rng.getrandbits(32))
        )
        for _ in range(SAMPLES)
    ]
    unlike = _agreement([_code(text, mode, 0) for text in texts])
    plain = _code(texts[0], mode, 0)
    for mask in range(MASKS):  # a mask turns the same modules over in every code
        yield unlike * plain * _code(texts[0], mode, mask)


def _code(text: str, mode: int, mask: int) -> Template:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(QRData(text, mode), optimize=0)
    code.make()
    return np.where(np.array(code.modules, np.bool_), 1, -1).astype(np.int8)


def _agreement(patterns: Sequence[Template]) -> Template:
    """What they all say."""
    total = np.sum(patterns, axis=0, dtype=np.int32)
    return np.where(np.abs(total) == len(patterns), np.sign(total), 0).astype(np.int8)


def flattened(grey: Image, corners: Floats, modules: int) -> Floats:
    """The code seen from above, CELL pixels a module: contrast against its surroundings, dark is positive, -2…2."""
    side = (modules + 2 * MARGIN) * CELL
    near, far = MARGIN * CELL, (MARGIN + modules) * CELL
    square = np.array([[near, near], [far, near], [far, far], [near, far]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    flat: Floats = cv2.warpPerspective(
        grey, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    flat = cv2.GaussianBlur(flat, (0, 0), 0.2 * CELL)
    darker = cv2.GaussianBlur(flat, (0, 0), 2.0 * CELL) - flat
    usual = np.sqrt(cv2.GaussianBlur(darker * darker, (0, 0), 2.5 * CELL)) + 2
    return np.asarray(np.clip(darker / usual, -2, 2), np.float32)


def fitted(contrast: Floats, known: Template) -> Floats:
    """The contrast of each module, (n, n), under a grid bent to where the known modules are right, the others clear."""
    modules = len(known)
    slope_x, slope_y = (cv2.Scharr(contrast, cv2.CV_32F, *axis) / 32 for axis in ((1, 0), (0, 1)))
    centres = ((np.arange(modules) + MARGIN + 0.5) * CELL - 0.5).astype(np.float32)
    x, y = np.meshgrid(centres, centres)
    for points, rounds in STAGES:
        weights = _tents(modules, points)
        share = np.outer(weights.sum(0), weights.sum(0))
        for _ in range(rounds):
            wish = np.where(known != 0, KNOWN_WEIGHT * known, np.clip(1.5 * _at(contrast, x, y), -1, 1))
            for move, slope in ((x, slope_x), (y, slope_y)):
                pull = weights.T @ (wish * _at(slope, x, y)).astype(np.float32) @ weights / share
                move += weights @ np.clip(STEP * pull, -1, 1) @ weights.T
    return _at(contrast, x, y)


def _at(picture: Floats, x: Floats, y: Floats) -> Floats:
    values: Floats = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return values


@cache
def _tents(modules: int, points: int) -> Floats:
    """(modules, points): how much each control point counts at each module, linear in between."""
    where = np.linspace(0, points - 1, modules)[:, None]
    return np.asarray(np.maximum(0, 1 - np.abs(where - np.arange(points))), np.float32)


def _opened(values: Floats, known: Sequence[Template], opened: Open) -> str | None:
    likely = sorted(known, key=_agrees_with(values), reverse=True)[:LIKELY]
    around = np.pad(values, 1, mode="edge")
    beside, above = around[1:-1, :-2] + around[1:-1, 2:], around[:-2, 1:-1] + around[2:, 1:-1]
    for template in likely:
        for across, down in UNBLUR:
            clear = values * (1 + 2 * across + 2 * down) - across * beside - down * above
            if text := opened(np.where(template != 0, template > 0, clear > 0)):
                return text
    return None


def _agrees_with(values: Floats) -> Callable[[Template], float]:
    limited = np.clip(values, -1, 1)
    return lambda template: float((template * limited).sum())
