"""Full-text search of published postings: two Chinese characters or pinyin initials are enough (S7)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.bigrams import query_expression

NEWEST = text(
    "SELECT rowid FROM posting_grams WHERE posting_grams MATCH :terms ORDER BY rowid DESC LIMIT :most"
)


ALL = text("SELECT group_concat(rowid) FROM posting_grams WHERE posting_grams MATCH :terms")


def every_match(session: Session, typed: str) -> npt.NDArray[np.int64] | None:
    """As `matching`, all of them in no order; as one text from SQLite, since 60,000 single rows take 100 ms."""
    terms = query_expression(typed)
    if terms is None:
        return None
    return np.fromstring(session.scalar(ALL, {"terms": terms}) or "", np.int64, sep=",")


def matching(session: Session, typed: str, most: int) -> list[int] | None:
    """Numbers of the postings that match what was typed, newest first; None where nothing searchable was typed."""
    terms = query_expression(typed)
    if terms is None:
        return None
    return [row[0] for row in session.execute(NEWEST, {"terms": terms, "most": most}).all()]
