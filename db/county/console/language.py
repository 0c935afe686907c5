"""The pages' language: Chinese is the source, English stands beside it in `county.po`, as `kiosk.language` has it."""

from __future__ import annotations

from functools import cache

from babel.messages.pofile import read_po

import assets

CHINESE, ENGLISH = "zh", "en"
CODES = (CHINESE, ENGLISH)
CATALOGUE = assets.ROOT / "locale" / "en" / "LC_MESSAGES" / "county.po"


@cache
def english() -> dict[str, str]:
    """msgid → English; empty ones are left out, so Chinese shows instead of nothing."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}


class Language:
    """The language of one page."""

    def __init__(self, code: str = CHINESE) -> None:
        self.code = code if code in CODES else CHINESE

    def text(self, source: str, /, **values: object) -> str:
        """The text in this language, `{name}` places filled."""
        words = english().get(source, source) if self.code == ENGLISH else source
        return words.format(**values) if values else words

    def pick(self, chinese: str, english_words: str) -> str:
        """For data that carries both languages itself."""
        return english_words if self.code == ENGLISH and english_words else chinese
