"""Characters: cleaned, measured in cells, and turned into the bytes a printer's Chinese font understands."""

import re
import unicodedata
from functools import lru_cache

from printing.profile import Charset

REPLACEMENT = "□"  # in every font, and plainly not a letter
TAB = "    "

# Look-alikes that printers lack or draw at the wrong width, to the one sign GB2312 has for them.
_SAME = str.maketrans(
    {
        "¥": "￥",
        "•": "·",
        "‧": "·",
        "・": "·",
        "⋅": "·",
        "∙": "·",
        "〜": "～",
        "–": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "−": "-",
        "―": "—",
        "⁄": "/",
        "∕": "/",
        "㎡": "平方米",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": TAB,
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
    }
)


_PLAIN = re.compile(r"[ -~一-龥、。，：；！？（）《》【】“”￥·…—～]*")


def clean(text: str) -> str:
    """Text with nothing in it but what can stand on paper, and newlines.

    Control characters, direction marks and joiners go; lone surrogates and characters without a meaning become □.
    """
    if _PLAIN.fullmatch(text):  # nearly all of it: the slow way costs 20 times as much
        return text
    text = text.replace("\r\n", "\n").translate(_SAME)
    text = "".join(_clean(ch) for ch in text)  # before composing: NFC must not see a surrogate as a base
    return "".join(
        ch for ch in unicodedata.normalize("NFC", text) if not unicodedata.category(ch).startswith("M")
    )


@lru_cache(maxsize=8192)
def _clean(ch: str) -> str:
    if ch == "\n":
        return ch
    category = unicodedata.category(ch)
    if category in ("Cc", "Cf"):
        return ""
    if category in ("Cs", "Co", "Cn") or "\U0001f000" <= ch <= "\U0001faff":  # the last: emoji
        return REPLACEMENT
    if category == "Zs" and ch != "\u3000":
        return " "
    return ch


@lru_cache(maxsize=32768)
def cells(ch: str) -> int:
    """Width of a cleaned character: 1 cell of 12 dots, or 2.

    Whatever has two bytes in GB18030 is as wide as a Chinese character inside every printer, pinyin letters and
    Greek too; so the width hangs on the character alone, not on the printer.
    """
    if " " <= ch <= "~":
        return 1
    if _two_bytes(ch) or unicodedata.east_asian_width(ch) in ("W", "F"):
        return 2
    return 1


def width(text: str) -> int:
    """Cells of a cleaned text."""
    return sum(map(cells, text))


@lru_cache(maxsize=65536)
def encode(ch: str, charset: Charset) -> bytes | None:
    """The bytes of one cleaned character, or None when that font has no picture of it."""
    if " " <= ch <= "~":
        return ch.encode("ascii")
    found = _two_bytes(ch)
    # The four-byte part is not sent even to GB18030 printers: firmware that claims the standard often holds only
    # its two-byte part, and drawing the character is never wrong.
    if found is None or charset is Charset.GB18030:
        return found
    try:
        found.decode(charset.value)  # GBK and GB2312 are parts of the same table, with holes
    except UnicodeDecodeError:
        return None
    return found


def decode(data: bytes) -> str:
    """What `encode` made, for any charset (the larger table holds the smaller ones)."""
    return data.decode("gb18030")


def _two_bytes(ch: str) -> bytes | None:
    try:
        found = ch.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return found if len(found) == 2 else None
