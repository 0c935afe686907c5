"""Personal data as the console shows it: 张*三, 4 + 4 digits; whole it is never shown here.

Stricter than the hall's own rule (`kiosk.identity.number`), which knows surnames of two characters.
"""

from __future__ import annotations

from typing import Any

from db.county.tables import SYNCED
from db.models.base import PERSONAL, SEALED
from db.privacy import GONE

STAR = "*"
ADDRESS_KEPT = 6


def name(text: str) -> str:
    text = text.strip()
    if text == GONE:  # nobody's any more
        return text
    if len(text) <= 2:
        return text[:1] + STAR * (len(text) - 1) if len(text) == 2 else STAR * len(text)
    return text[0] + STAR * (len(text) - 2) + text[-1]


def number(text: str) -> str:
    """An ID number, or whatever stands in its place."""
    return text[:4] + STAR * (len(text) - 8) + text[-4:] if len(text) > 8 else STAR * len(text)


def phone(text: str) -> str:
    return f"{text[:3]} {STAR * 4} {text[-4:]}" if len(text) == 11 else STAR * len(text)


def is_personal(table: str, column: str) -> bool:
    if table not in SYNCED or column not in SYNCED[table].columns:
        return True
    return SYNCED[table].columns[column].info in (PERSONAL, SEALED)


def value(table: str, column: str, what: Any) -> str:
    """Any column's value as a person at the console may see it. What is not known to be harmless is all stars."""
    if what is None or what == "":
        return ""
    text = str(what)
    if not is_personal(table, column):
        return text
    if column in ("name", "contact_name"):
        return name(text)
    if column in ("phone", "contact_phone"):
        return phone(text)
    if column == "number_sealed":
        return number(text)
    if column == "address":
        return text[:ADDRESS_KEPT] + STAR * 3
    if column == "birth":
        return text[:4] + "-" + STAR * 2 + "-" + STAR * 2
    return STAR * 3
