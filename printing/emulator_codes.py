"""QR codes and bar codes as the emulated printer draws them by itself."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import qrcode

from printing import glyphs
from printing.emulator_paper import Dots

# GS ( k fn 69
_LEVELS = {
    48: qrcode.constants.ERROR_CORRECT_L,
    49: qrcode.constants.ERROR_CORRECT_M,
    50: qrcode.constants.ERROR_CORRECT_Q,
    51: qrcode.constants.ERROR_CORRECT_H,
}

# GS k: the kinds by their number, old form and new form (Epson reference, GS k)
_KINDS = {
    0: "upca", 2: "ean13", 3: "ean8", 4: "code39", 5: "itf", 6: "nw-7",
    65: "upca", 67: "ean13", 68: "ean8", 69: "code39", 70: "itf", 71: "nw-7", 73: "code128",
}  # fmt: skip


@lru_cache(maxsize=64)
def qr_code(data: bytes, level: int) -> Dots | None:
    """The modules of a QR code without a quiet zone; None where the data fits no version."""
    try:
        if level == 49:
            return glyphs.qr_matrix(data.decode())
        code = qrcode.QRCode(error_correction=_LEVELS.get(level, _LEVELS[48]), border=0)
        code.add_data(data, optimize=0)
        code.make(fit=True)
    except ValueError:  # too long, or not text
        return None
    return np.array(code.modules, np.bool_)


def barcode(kind: int, data: bytes, width: int, height: int) -> Dots | None:
    """Bars `height` dots high with modules of `width` dots; None for bad data and rare kinds."""
    import barcode as bars  # takes 30 ms to load and hardly any slip has one
    from barcode.errors import BarcodeError

    name = _KINDS.get(kind)
    text = data.decode("ascii", "replace")
    if name == "code128" and text[:2] in ("{A", "{B", "{C"):
        text = "".join(f"{byte:02d}" for byte in data[2:]) if text[1] == "C" else text[2:]
    if name is None or not text:
        return None
    options = {"add_checksum": False} if name == "code39" else {}
    try:
        modules = bars.get(name, text, options=options).build()[0]
    except (BarcodeError, KeyError, ValueError, IndexError):
        return None
    row = np.array([module in "1G" for module in modules], np.bool_)  # G: a guard bar, drawn longer by some
    return np.tile(row.repeat(width), (height, 1))
