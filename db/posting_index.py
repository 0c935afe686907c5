"""Keeps the full-text table of published postings in step, in the transaction that writes what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, event, insert, inspect, or_, select, text
from sqlalchemy.orm import InstanceState, Session, UOWTransaction

from db.bigrams import index_tokens
from db.models.base import Record
from db.models.job import Employer, Occupation, Posting, PostingState
from db.models.outbox import SearchEntry

AT_ONCE = 500  # postings a round; SQLite takes 32,766 values in one statement
INSERT = text("INSERT INTO posting_grams(rowid, grams) VALUES (:number, :grams)")
DELETE = text("DELETE FROM posting_grams WHERE rowid = :number")


@dataclass(frozen=True)
class _Words:
    """What of a posting is searched, and where its names come from."""

    id: UUID
    state: PostingState
    title: str
    place: str
    occupation_id: str
    employer_id: UUID


COLUMNS = tuple(getattr(Posting, name) for name in _Words.__dataclass_fields__)


def track(session_class: type[Session]) -> None:
    event.listen(session_class, "after_flush", _reindex_written)


def _reindex_written(session: Session, context: UOWTransaction) -> None:
    connection = session.connection()
    written = {
        row.id: _Words(*(getattr(row, name) for name in _Words.__dataclass_fields__))
        for row in (*session.new, *session.dirty)
        if isinstance(row, Posting)
    }
    for row in _of_renamed(connection, session):
        written.setdefault(row.id, row)
    postings = list(written.values())
    for at in range(0, len(postings), AT_ONCE):
        _index(connection, postings[at : at + AT_ONCE])
    gone = [row.id for row in session.deleted if isinstance(row, Posting)]
    for number in _numbers(connection, gone).values():
        connection.execute(DELETE, {"number": number})


def _of_renamed(connection: Connection, session: Session) -> Iterator[_Words]:
    """Published postings whose trade or employer has another name now."""
    found: list[ColumnElement[bool]] = []
    for row in session.dirty:
        if isinstance(row, Employer) and _changed(row, "name"):
            found.append(Posting.employer_id == row.id)
        elif isinstance(row, Occupation) and _changed(row, "name", "group"):
            found.append(Posting.occupation_id == row.key)
    if found:
        rows = connection.execute(
            select(*COLUMNS).where(Posting.state == PostingState.PUBLISHED, or_(*found))
        ).all()
        yield from (_Words(*row) for row in rows)


def _changed(row: Record, *names: str) -> bool:
    state: InstanceState[Record] = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def _index(connection: Connection, postings: Sequence[_Words]) -> None:
    """Bring the entries of these postings up to date; only published ones are found."""
    numbers = _numbers(connection, [posting.id for posting in postings])
    if numbers:
        connection.execute(DELETE, [{"number": number} for number in numbers.values()])
    fresh = [{"posting_id": posting.id} for posting in postings if posting.id not in numbers]
    if fresh:
        given = insert(SearchEntry).returning(
            SearchEntry.posting_id, SearchEntry.number, sort_by_parameter_order=True
        )
        numbers.update(connection.execute(given, fresh).all())
    trades = {
        key: names
        for key, *names in connection.execute(
            select(Occupation.key, Occupation.name, Occupation.group).where(
                Occupation.key.in_({posting.occupation_id for posting in postings})
            )
        )
    }
    employers = dict(
        connection.execute(
            select(Employer.id, Employer.name).where(
                Employer.id.in_({posting.employer_id for posting in postings})
            )
        ).all()
    )
    entries = [
        {
            "number": numbers[posting.id],
            "grams": index_tokens(
                (
                    posting.title,
                    posting.place,
                    *trades.get(posting.occupation_id, ()),
                    employers.get(posting.employer_id, ""),
                )
            ),
        }
        for posting in postings
        if posting.state is PostingState.PUBLISHED
    ]
    if entries:
        connection.execute(INSERT, entries)


def _numbers(connection: Connection, postings: Sequence[UUID]) -> dict[UUID, int]:
    if not postings:
        return {}
    return dict(
        connection.execute(
            select(SearchEntry.posting_id, SearchEntry.number).where(SearchEntry.posting_id.in_(postings))
        ).all()
    )


def reindex(
    connection: Connection, postings: Iterable[UUID], employers: Iterable[UUID], occupations: Iterable[UUID]
) -> None:
    """Rows that came past the flush (from the county): bring what they touch up to date."""
    trades = select(Occupation.key).where(Occupation.id.in_(list(occupations)))
    touched = or_(
        Posting.id.in_(list(postings)),
        and_(
            Posting.state == PostingState.PUBLISHED,
            or_(Posting.employer_id.in_(list(employers)), Posting.occupation_id.in_(trades)),
        ),
    )
    found = [_Words(*row) for row in connection.execute(select(*COLUMNS).where(touched)).all()]
    for at in range(0, len(found), AT_ONCE):
        _index(connection, found[at : at + AT_ONCE])


def forget(connection: Connection, postings: Sequence[UUID]) -> None:
    for number in _numbers(connection, postings).values():
        connection.execute(DELETE, {"number": number})
