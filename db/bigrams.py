"""Text → tokens for the full-text index, and a query → FTS5 expression.

Two-character search finds nothing with FTS5's trigram tokenizer, so we cut the text ourselves: single
characters and pairs for Chinese, pinyin initials of each word likewise (design §2). Index and query share
this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

WORDS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")
INITIALS = "π"  # a letter to the tokenizer, and none that anyone types
MAX_QUERY = 32  # characters; what a visitor types is shorter


def index_tokens(fields: Iterable[str]) -> str:
    """Space-separated tokens of all fields: characters, pairs, and pairs of pinyin initials (marked with INITIALS)."""
    tokens: dict[str, None] = {}
    for field in fields:
        for word in WORDS.findall(field.lower()):
            for gram in _grams(word):
                tokens[gram] = None
            if not word.isascii():
                initials = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore"))
                for gram in _grams(initials):
                    tokens[INITIALS + gram] = None
    return " ".join(tokens)


def query_expression(text: str) -> str | None:
    """FTS5 MATCH expression for what a visitor typed, or None where nothing searchable was typed.

    Latin letters mean pinyin initials or a Latin word; Chinese means itself. All words must match.
    """
    parts = []
    for word in WORDS.findall(text.lower()[:MAX_QUERY]):
        plain = " AND ".join(f'"{gram}"' for gram in _query_grams(word))
        if word.isascii() and word.isalpha():
            initials = " AND ".join(f'"{INITIALS}{gram}"' for gram in _query_grams(word))
            parts.append(f"(({plain}) OR ({initials}))")
        else:
            parts.append(f"({plain})")
    return " AND ".join(parts) or None


def _grams(word: str) -> list[str]:
    return [*word, *(word[at : at + 2] for at in range(len(word) - 1))]


def _query_grams(word: str) -> list[str]:
    return [word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)]
