"""Pictures of characters and codes in printer dots: the preview, the drawn characters and the emulator share them."""

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import qrcode
from PIL import Image, ImageDraw, ImageFont

import assets
from printing import charset

Dots = npt.NDArray[np.bool_]
"""Rows by columns; True is a black dot."""

CELL = 12  # dots across a Latin letter of a thermal printer; a Chinese one fills the square of two cells

_LATIN = 7 / 4  # its size in cells: digits are 0.555 em wide, 11.7 dots of 12
_BASELINE = 7 / 4  # cells above the baseline, where Noto puts it: 0.88 em
_FINE = 4  # Latin is drawn four times finer and then squeezed into its cell
_LATIN_BASELINE = 5 / 3  # a little higher, so that tails of g, j, p, q, y stay whole
_LATIN_INK = 0.42  # share of black in a dot from which it is printed
_CHINESE_INK, _SMALL_INK = (
    112,
    96,
)  # grey 0-255 from which a dot is printed; thin strokes fill less of a large dot

# Printers look for real-time commands in everything they receive, pictures too: DLE EOT, DLE ENQ, DLE DC4
# (Epson reference, notes of DLE DC4 fn 8: "Graphic data might accidentally include a data string matching").
_DLE = 0x10
_REAL_TIME = (0x04, 0x05, 0x14)
_HARMLESS = 0x18


@lru_cache(maxsize=16384)
def glyph(ch: str, bold: bool, cell: int = CELL) -> Dots:
    """One cleaned character, 2 * cell rows by cell or 2 * cell columns; read-only. An unknown one is an empty frame.

    The small letters of pin printers (cell 8) keep a free column: 15 x 16 and 7 x 16.
    """
    wide = charset.cells(ch) == 2
    if ch in (" ", "\u3000"):
        dots = np.zeros((2 * cell, cell * (1 + wide)), np.bool_)
    elif not known(ch):
        dots = _frame(cell, cell * (1 + wide))
    elif wide:
        dots = _chinese(ch, bold, cell)
    else:
        dots = _latin(ch, bold, cell)
    if cell < CELL:
        dots[:, -1] = False
    dots = image_safe(dots)
    dots.setflags(write=False)
    return dots


@lru_cache(maxsize=16384)
def known(ch: str) -> bool:
    """Whether the font has a picture of its own for the character."""
    font = _font(False, 2 * CELL)
    missing = font.getmask("\uffff", mode="1")
    mask = font.getmask(ch, mode="1")
    return mask.size != missing.size or bytes(mask) != bytes(missing)


def columns(dots: Dots) -> bytes:
    """The bytes of a picture as ESC * takes them: column by column, top dot in the high bit."""
    return np.packbits(dots, axis=0).T.tobytes()


def image_safe(dots: Dots) -> Dots:
    """The same picture, a dot added wherever its bytes would spell a real-time command."""
    data = np.frombuffer(columns(dots), np.uint8)
    at = np.flatnonzero((data[:-1] == _DLE) & np.isin(data[1:], _REAL_TIME))
    # The byte after a picture is never one of the three: text, ESC or LF follows.
    if not at.size:
        return dots.copy()
    data = data.copy()
    data[at] = _HARMLESS
    return np.unpackbits(data.reshape(dots.shape[1], -1).T, axis=0).astype(np.bool_)


def enlarge(dots: Dots, times: int) -> Dots:
    """Every dot `times` as wide and high, as GS ! does it."""
    return dots.repeat(times, axis=0).repeat(times, axis=1) if times > 1 else dots


@lru_cache(maxsize=64)
def qr_matrix(text: str) -> Dots:
    """The modules of a QR code (model 2, level M, smallest version, one mode), without a quiet zone; read-only.

    ValueError when the text is too long for any version.
    """
    code = _code(text)
    code.make(fit=True)
    dots = np.array(code.modules, np.bool_)
    dots.setflags(write=False)
    return dots


@lru_cache(maxsize=64)
def qr_size(text: str) -> int:
    """Modules on a side, without drawing the code. ValueError as `qr_matrix`."""
    try:
        return int(_code(text).best_fit(start=1)) * 4 + 17
    except ValueError as error:  # qrcode speaks of version 41
        raise ValueError("text too long for a QR code") from error


def _code(text: str) -> "qrcode.QRCode[qrcode.image.base.BaseImage]":
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text, optimize=0)
    return code


def _chinese(ch: str, bold: bool, cell: int) -> Dots:
    image = Image.new("L", (2 * cell, 2 * cell))
    baseline = int(_BASELINE * cell)
    ImageDraw.Draw(image).text((0, baseline), ch, fill=255, font=_font(bold, 2 * cell), anchor="ls")
    return np.asarray(image) >= (_CHINESE_INK if cell == CELL else _SMALL_INK)


def _latin(ch: str, bold: bool, cell: int) -> Dots:
    font = _font(bold, int(_LATIN * cell) * _FINE)
    left, _, right, _ = font.getbbox(ch, anchor="ls")
    room = (cell - 1) * _FINE  # a free column between letters
    canvas = Image.new("L", (max(int(right - left), room), 2 * cell * _FINE))
    middle = (canvas.width - (right - left)) / 2
    baseline = int(_LATIN_BASELINE * cell) * _FINE
    ImageDraw.Draw(canvas).text((middle - left, baseline), ch, fill=255, font=font, anchor="ls")
    small = canvas.resize((cell - 1, 2 * cell), Image.Resampling.BOX)
    dots = np.zeros((2 * cell, cell), np.bool_)
    dots[:, : cell - 1] = np.asarray(small) >= 255 * _LATIN_INK
    return dots


def _frame(cell: int, wide: int) -> Dots:
    dots = np.zeros((2 * cell, wide), np.bool_)
    dots[2:-2, 1:-1] = True
    dots[4:-4, 3:-3] = False
    return dots


@cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    path = assets.ROOT / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.otf"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
