"""What is typed is cut as the index is cut, and nothing typed can break the query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlcipher3.dbapi2 as sqlite
from hypothesis import given, settings
from hypothesis import strategies as st

from db.bigrams import index_tokens, query_expression

TABLE = (
    "CREATE VIRTUAL TABLE entries USING fts5(grams, detail=none, tokenize='unicode61 remove_diacritics 0')"
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite.Connection]:
    connection = sqlite.connect(":memory:")
    connection.execute(TABLE)
    yield connection
    connection.close()


def found(index: sqlite.Connection, fields: tuple[str, ...], typed: str) -> bool:
    """Whether a posting with these fields is found by what was typed."""
    terms = query_expression(typed)
    if terms is None:
        return False
    index.execute("DELETE FROM entries")
    index.execute("INSERT INTO entries(rowid, grams) VALUES (1, ?)", (index_tokens(fields),))
    hits = index.execute("SELECT rowid FROM entries WHERE entries MATCH ?", (terms,)).fetchall()
    return bool(hits == [(1,)])


FIELDS = ("砌墙瓦工", "和院小区5号楼", "ABC 保洁", "青溪县安筑建筑工程有限公司")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("瓦", True),
        ("瓦工", True),
        ("工瓦", False),
        ("砌墙瓦工", True),
        ("墙工", False),  # both there, not side by side
        ("工和", False),  # the end of one field and the start of the next
        ("瓦工 小区", True),
        ("瓦工,小区!", True),
        ("瓦工 大区", False),
        ("5号", True),
        ("区5", True),
        ("号5", False),
        ("6号", False),
        ("wg", True),  # 瓦工
        ("WG", True),
        ("ｗｇ", True),  # full width
        ("qqwg", True),
        ("gw", False),
        ("瓦g", True),  # mixed
        ("w工", True),
        ("bj", True),
        ("abc", True),
        ("ab", True),
        ("ac", False),
        ("w", True),
        ("x小区", True),
        ("hl", True),  # 号楼
    ],
)
def test_what_finds_a_posting(index: sqlite.Connection, typed: str, expected: bool) -> None:
    assert found(index, FIELDS, typed) is expected


@pytest.mark.parametrize("typed", ["", " ", "，。！", "'\"", "🙂", "-", "π", "*", "%_"])
def test_nothing_searchable(typed: str) -> None:
    assert query_expression(typed) is None


HOSTILE = [
    '"',
    '瓦工"',
    "' OR 1=1 --",
    "NEAR(瓦 工)",
    "瓦工*",
    "grams:瓦工",
    "NOT 瓦工",
    "^瓦",
    "(",
    "瓦) OR (工",
    "{瓦工}",
    "瓦+工",
    "AND",
    "or",
    "瓦\x00工",
    "🙂瓦工🙂",
    "İstanbul",
    "䷀䷁",
    "㐀𠀀",
    "\u3007",
    "瓦" * 10_000,
    "a " * 5_000,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_breaks_the_query(index: sqlite.Connection, typed: str) -> None:
    found(index, FIELDS, typed)
    terms = query_expression(typed)
    assert terms is None or len(terms) < 2_000


@settings(deadline=None)  # the first word read loads pypinyin's tables
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_index_or_query(index: sqlite.Connection, field: str, typed: str) -> None:
    found(index, (field,), typed)


WORDS = st.text(st.sampled_from("砌墙瓦工小区保洁搬运5和院"), min_size=1, max_size=12)


@given(WORDS, st.data())
def test_every_piece_of_a_field_finds_it(index: sqlite.Connection, field: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(field) - 1))
    end = data.draw(st.integers(start + 1, len(field)))
    assert found(index, (field,), field[start:end])


@given(WORDS, WORDS.filter(lambda typed: len(typed) <= 2))
def test_one_or_two_characters_find_exactly_what_contains_them(
    index: sqlite.Connection, field: str, typed: str
) -> None:
    assert found(index, (field,), typed) is (typed in field)


def test_tokens_are_said_once() -> None:
    tokens = index_tokens(("瓦工瓦工", "瓦工")).split()
    assert len(tokens) == len(set(tokens))
