"""How a citizen's ID number is written wherever it is looked up, and its check character (GB 11643-1999)."""

from __future__ import annotations

import unicodedata

from stdnum.iso7064 import mod_11_2  # GB 11643 §4.2 is ISO 7064 MOD 11-2

LENGTH = 18


def normalise(text: str) -> str:
    """Full-width forms made plain, spaces and hyphens dropped, x capital; nothing else changes."""
    plain = unicodedata.normalize("NFKC", text)  # the Roman numeral Ⅹ becomes X too
    return "".join(char for char in plain if not char.isspace() and char not in "-‐–—").upper()


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def has_valid_check(number: str) -> bool:
    """Whether the last of 18 characters is the one the first 17 ask for."""
    return (
        len(number) == LENGTH
        and is_digits(number[:-1])
        and mod_11_2.calc_check_digit(number[:-1]) == number[-1].upper()
    )
