"""Two characters or initials find what LIKE finds, newest first."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.models import Posting, SearchEntry
from db.store import Store
from kiosk.jobs import search
from tests.bench.search import MOST, against_like, pairs
from tests.jobs.changes import new_posting


def test_every_two_characters_of_the_sample_hall_against_like(hall: Store) -> None:
    for at in range(MOST + 10):  # more of one kind than a page
        new_posting(hall, place=f"龙门路{at}号")
    with hall.read() as session:
        queries = pairs(session)
        assert len(queries) >= 400
        result = against_like(session, [*queries, "龙门", "门龙"])
    assert result["wrong"] == 0


@pytest.mark.parametrize("typed", ["", "  ", "，", "🙂"])
def test_nothing_searchable_is_none(hall: Store, typed: str) -> None:
    with hall.read() as session:
        assert search.matching(session, typed, 5) is None
        assert search.every_match(session, typed) is None


@pytest.mark.parametrize("typed", ["保洁", "工", "bj", "城东 工", "没有这样"])
def test_both_ways_find_the_same(hall: Store, typed: str) -> None:
    with hall.read() as session:
        few = search.matching(session, typed, 10_000)
        every = search.every_match(session, typed)
    assert few is not None
    assert every is not None
    assert few == sorted(few, reverse=True) == sorted(every.tolist(), reverse=True)


def test_most(hall: Store) -> None:
    with hall.read() as session:
        everything = search.matching(session, "工", 10_000)
        assert everything is not None
        assert search.matching(session, "工", 3) == everything[:3]


def test_initials_find_the_title(hall: Store) -> None:
    with hall.read() as session:
        for title, typed in (("砌墙瓦工", "qqwg"), ("家庭保洁", "jtbj"), ("洗碗", "xw")):
            number = session.scalar(
                select(SearchEntry.number)
                .join(Posting, Posting.id == SearchEntry.posting_id)
                .where(Posting.title == title)
            )
            assert number in (search.matching(session, typed, 100) or [])
