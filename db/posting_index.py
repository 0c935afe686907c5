"""Keeps the full-text table of published postings in step, in the transaction that writes a posting."""

from __future__ import annotations

from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.orm import Session, UOWTransaction

from db.bigrams import index_tokens
from db.models.job import Employer, Occupation, Posting, PostingState
from db.models.outbox import SearchEntry


def track(session_class: type[Session]) -> None:
    event.listen(session_class, "after_flush", _reindex_written)


def _reindex_written(session: Session, context: UOWTransaction) -> None:
    connection = session.connection()
    for row in (*session.new, *session.dirty):
        if isinstance(row, Posting):
            index_posting(connection, row)
    for row in session.deleted:
        if isinstance(row, Posting):
            _forget(connection, _number(connection, row))


def index_posting(connection: Connection, posting: Posting) -> None:
    """Bring one posting's index entry up to date; only published ones are found."""
    number = _number(connection, posting)
    _forget(connection, number)
    if posting.state is not PostingState.PUBLISHED:
        return
    occupation = connection.execute(
        select(Occupation.name, Occupation.group).where(Occupation.key == posting.occupation_id)
    ).one_or_none()
    employer = connection.execute(
        select(Employer.name).where(Employer.id == posting.employer_id)
    ).scalar_one_or_none()
    tokens = index_tokens((posting.title, posting.place, *(occupation or ()), employer or ""))
    connection.execute(
        text("INSERT INTO posting_grams(rowid, grams) VALUES (:number, :grams)"),
        {"number": number, "grams": tokens},
    )


def _number(connection: Connection, posting: Posting) -> int:
    found = connection.execute(
        select(SearchEntry.number).where(SearchEntry.posting_id == posting.id)
    ).scalar_one_or_none()
    if found is not None:
        return found
    entry = connection.execute(insert(SearchEntry).values(posting_id=posting.id))
    key = entry.inserted_primary_key
    assert key is not None
    return int(key[0])


def _forget(connection: Connection, number: int) -> None:
    connection.execute(text("DELETE FROM posting_grams WHERE rowid = :number"), {"number": number})
