"""Numbers of the ESC/POS reference that the emulated printer looks up."""

from __future__ import annotations

from typing import Final

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10

# ESC t: single-byte tables by number (Epson reference, "Character code tables")
CODE_TABLES: Final = {
    0: "cp437", 1: "shift_jis", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737",
    15: "iso8859_7", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855",
    36: "cp862", 37: "cp864", 39: "iso8859_2", 40: "iso8859_15", 45: "cp1250", 46: "cp1251", 47: "cp1253",
    48: "cp1254", 49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258",
}  # fmt: skip

# ESC R: what stands in place of twelve ASCII signs (Epson reference, "International character sets")
ASCII_SET: Final = "#$@[\\]^`{|}~"
INTERNATIONAL: Final = (
    "#$@[\\]^`{|}~", "#$à°ç§^`éùè¨", "#$§ÄÖÜ^`äöüß", "£$@[\\]^`{|}~", "#$@ÆØÅ^`æøå~", "#¤ÉÄÖÅÜéäöåü",
    "#$@°\\é^ùàòèì", "₧$@¡Ñ¿^`¨ñ}~", "#$@[¥]^`{|}~", "#¤ÉÆØÅÜéæøåü", "#$ÉÆØÅÜéæøåü", "#$á¡Ñ¿é`íñóú",
    "#$á¡Ñ¿éüíñóú", "#$@[₩]^`{|}~", "#$ŽŠĐĆČžšđćč", "#¥@[\\]^`{|}~",
)  # fmt: skip

# Commands that printers with eight or nine pins do not have (SPRT, POS76II User's Manual, list of commands)
NOT_FOR_PINS: Final = (
    *((ESC, ord(key)) for key in "aEGR$\\"),
    *((GS, ord(key)) for key in "!BLWv8khwHa"),
)

# Commands of a fixed length whose effect the paper does not show (or that we do not draw): bytes that follow.
SKIPPED: Final = {
    ESC: {
        ord("="): 1, ord("%"): 1, ord("K"): 1, ord("L"): 0, ord("M"): 1, ord("S"): 0, ord("T"): 1,
        ord("U"): 1, ord("V"): 1, ord("W"): 8, ord("e"): 1, ord("f"): 2, ord("p"): 3, ord("r"): 1,
        ord("u"): 1, ord("v"): 0, ord("{"): 1, ord("B"): 2, ord("C"): 1, ord("9"): 1, ord("<"): 0,
        ord("?"): 1, 0x0C: 0,
    },
    FS: {ord("C"): 1, ord("p"): 2, ord("?"): 2, ord("2"): 74, ord("g"): 0},
    GS: {
        ord("#"): 1, ord("$"): 2, ord("/"): 1, ord("P"): 2, ord("T"): 1, ord("\\"): 2, ord("^"): 3,
        ord("b"): 1, ord("f"): 1, ord("z"): 3, ord("|"): 1, ord("E"): 1, ord("c"): 0, ord(":"): 0,
    },
}  # fmt: skip
