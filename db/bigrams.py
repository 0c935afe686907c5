"""Text → tokens for the full-text index, and a query → FTS5 expression.

Two-character search finds nothing with FTS5's trigram tokenizer, so we cut the text ourselves: single
characters and pairs for Chinese, pinyin initials of each word likewise (design §2). Index and query share
this file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

HAN = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"
# Latin letters stand alone, because they may be initials; figures belong to the Chinese beside them (5号楼).
WORDS = re.compile(rf"[a-z]+|[0-9{HAN}]+")
CHINESE = re.compile(rf"[{HAN}]+")
INITIALS = "π"  # a letter to the tokenizer, and none that anyone types
MAX_QUERY = 32  # characters; what a visitor types is shorter


def index_tokens(fields: Iterable[str]) -> str:
    """Space-separated tokens of all fields: characters, pairs, and pairs of pinyin initials (marked with INITIALS)."""
    return " ".join(dict.fromkeys(token for field in fields for token in _field_tokens(field)))


def query_expression(text: str) -> str | None:
    """FTS5 MATCH expression for what a visitor typed, or None where nothing searchable was typed.

    Latin letters mean pinyin initials or a Latin word; Chinese means itself. All words must match.
    """
    parts = []
    for word in WORDS.findall(_plain(text[:MAX_QUERY])):
        plain = " AND ".join(f'"{gram}"' for gram in _query_grams(word))
        if word.isascii() and word.isalpha():
            initials = " AND ".join(f'"{INITIALS}{gram}"' for gram in _query_grams(word))
            parts.append(f"(({plain}) OR ({initials}))")
        else:
            parts.append(f"({plain})")
    return " AND ".join(parts) or None


@lru_cache(maxsize=4096)  # places, trades and employers come again and again
def _field_tokens(field: str) -> tuple[str, ...]:
    text = _plain(field)
    tokens = [gram for word in WORDS.findall(text) for gram in _grams(word)]
    for word in CHINESE.findall(text):
        initials = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore"))
        tokens += [INITIALS + gram for gram in _grams(initials)]
    return tuple(tokens)


def _plain(text: str) -> str:
    """Full-width letters and figures made plain, capitals small."""
    return unicodedata.normalize("NFKC", text).lower()


def _grams(word: str) -> list[str]:
    return [*word, *(word[at : at + 2] for at in range(len(word) - 1))]


def _query_grams(word: str) -> list[str]:
    return [word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)]
