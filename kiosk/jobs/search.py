"""Full-text search of published postings: two Chinese characters or pinyin initials are enough (S7)."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.bigrams import query_expression

NEWEST = text(
    "SELECT rowid FROM posting_grams WHERE posting_grams MATCH :terms ORDER BY rowid DESC LIMIT :most"
)


def matching(session: Session, typed: str, most: int = -1) -> list[int] | None:
    """Numbers of the postings that match what was typed, newest first; None where nothing searchable was typed."""
    terms = query_expression(typed)
    if terms is None:
        return None
    return list(session.execute(NEWEST, {"terms": terms, "most": most}).scalars())
