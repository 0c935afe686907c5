"""What a person composes on the pinyin pad: letters, the characters they may mean, page by page."""

from __future__ import annotations

from functools import cache

import assets

FOLDER = assets.ROOT / "catalogue"
LONGEST_SYLLABLE = 6  # zhuang


@cache
def syllables() -> dict[str, str]:
    """Toneless syllable (ü as v) → its characters, most likely in a name first."""
    lines = (FOLDER / "pinyin.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {syllable: characters for syllable, characters in rows}  # noqa: C416 - a list of two is no pair to mypy


@cache
def surnames() -> dict[str, int]:
    """Surname of one character → its rank, most frequent first."""
    names = (FOLDER / "surnames.txt").read_text(encoding="utf-8").split()
    return {name: rank for rank, name in enumerate(names) if len(name) == 1}


def candidates(letters: str, *, surname: bool = False) -> list[str]:
    """Characters whose syllable is `letters`, then those whose syllable only begins so.

    `surname`: surnames come first, the most frequent one first.
    """
    if not letters:
        return []
    table = syllables()
    found = list(table.get(letters, ""))
    longer = [
        table[syllable] for syllable in sorted(table) if syllable.startswith(letters) and syllable != letters
    ]
    # a few of each longer syllable in turn, so that the likely ones of all stand on the first pages
    for depth in range(max((len(characters) for characters in longer), default=0)):
        found += [characters[depth] for characters in longer if depth < len(characters)]
    found = list(dict.fromkeys(found))
    if surname:
        ranks = surnames()
        exact = set(table.get(letters, ""))
        found.sort(
            key=lambda c: (c not in ranks, c not in exact if letters in table else False, ranks.get(c, 0))
        )
    return found


class Composer:
    """Committed text, the syllable being composed, and the page of candidates shown."""

    def __init__(self, *, name: bool = False, per_page: int = 8) -> None:
        self.text = ""
        self.composing = ""
        self._name = name
        self._per_page = per_page
        self._page = 0
        self._all: list[str] = []

    @property
    def shown(self) -> list[str]:
        start = self._page * self._per_page
        return self._all[start : start + self._per_page]

    @property
    def more(self) -> bool:
        return len(self._all) > self._per_page

    def show(self, per_page: int) -> None:
        """How many candidates the pad has room for."""
        if per_page != self._per_page:
            self._per_page, self._page = per_page, 0

    def letter(self, letter: str) -> None:
        if len(self.composing) < LONGEST_SYLLABLE:
            self.composing += letter
            self._look_up()

    def erase(self) -> None:
        if self.composing:
            self.composing = self.composing[:-1]
        else:
            self.text = self.text[:-1]
        self._look_up()

    def choose(self, character: str) -> None:
        self.text += character
        self.composing = ""
        self._look_up()

    def next_page(self) -> None:
        pages = -(-len(self._all) // self._per_page)
        self._page = (self._page + 1) % pages if pages else 0

    def clear(self) -> None:
        self.text = self.composing = ""
        self._look_up()

    def _look_up(self) -> None:
        self._page = 0
        self._all = candidates(self.composing, surname=self._name and not self.text)
