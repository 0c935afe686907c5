"""The full-text table says at every commit what the postings say."""

from __future__ import annotations

from sqlalchemy import select, text

from db.models import Employer, Occupation, Posting, PostingState, SearchEntry
from db.store import Store
from kiosk.jobs import search


def found(store: Store, typed: str) -> list[str]:
    """Titles of what is found, newest first."""
    with store.read() as session:
        numbers = search.matching(session, typed, 1000) or []
        titles = dict(
            session.execute(
                select(SearchEntry.number, Posting.title).join(Posting, Posting.id == SearchEntry.posting_id)
            ).all()
        )
        return [titles[number] for number in numbers]


def change(store: Store, title: str, /, **values: object) -> None:
    with store.write() as session:
        posting = session.scalars(select(Posting).where(Posting.title == title)).one()
        for name, value in values.items():
            setattr(posting, name, value)


def copy(store: Store, title: str, /, count: int = 1, **values: object) -> None:
    """New postings like the one with this title, in one flush."""
    own = {"id", "hall_id", "device_id", "created_at", "updated_at", "version"}
    with store.write() as session:
        model = session.scalars(select(Posting).where(Posting.title == title)).one()
        said = {column.key: getattr(model, column.key) for column in Posting.__table__.columns}
        for at in range(count):
            session.add(
                Posting(
                    **{key: value for key, value in said.items() if key not in own}
                    | values
                    | {"description": str(at)}
                )
            )


def test_the_sample_hall_is_found(hall: Store) -> None:
    assert found(hall, "砌墙") == ["砌墙瓦工"]
    assert "砌墙瓦工" in found(hall, "学府")  # its place
    assert "砌墙瓦工" in found(hall, "安筑")  # its employer
    assert "砌墙瓦工" in found(hall, "qqwg")


def test_newest_first(hall: Store) -> None:
    copy(hall, "砌墙瓦工", title="砌墙二号")
    copy(hall, "砌墙瓦工", title="砌墙三号")
    assert found(hall, "砌墙") == ["砌墙三号", "砌墙二号", "砌墙瓦工"]


def test_many_in_one_flush_keep_their_order(hall: Store) -> None:
    copy(hall, "砌墙瓦工", count=1203, title="龙门吊装")
    with hall.read() as session:
        numbers = search.matching(session, "龙门", 5000)
        assert numbers is not None
        assert len(numbers) == 1203
        written = session.scalars(
            select(SearchEntry.number)
            .join(Posting, Posting.id == SearchEntry.posting_id)
            .where(Posting.title == "龙门吊装")
            .order_by(Posting.id.desc())
        ).all()
    assert numbers == list(written)


def test_only_published_ones_are_found(hall: Store) -> None:
    for state in PostingState:
        change(hall, "砌墙瓦工", state=state)
        assert found(hall, "砌墙") == (["砌墙瓦工"] if state is PostingState.PUBLISHED else [])
    change(hall, "砌墙瓦工", state=PostingState.PUBLISHED)
    assert found(hall, "砌墙") == ["砌墙瓦工"]


def test_a_changed_title_or_place(hall: Store) -> None:
    change(hall, "砌墙瓦工", title="抹灰师傅", place="龙门路")
    assert found(hall, "砌墙") == []
    assert found(hall, "抹灰师") == ["抹灰师傅"]
    assert found(hall, "龙门") == ["抹灰师傅"]


def test_a_renamed_employer(hall: Store) -> None:
    before = found(hall, "安筑")
    assert before
    with hall.write() as session:
        session.scalars(select(Employer).where(Employer.name.contains("安筑"))).one().name = "龙门公司"
    assert found(hall, "安筑") == []
    assert found(hall, "龙门") == before


def test_a_renamed_trade(hall: Store) -> None:
    with hall.write() as session:
        session.scalars(select(Occupation).where(Occupation.key == "bricklayer")).one().name = "龙门匠"
    assert "砌墙瓦工" in found(hall, "龙门")


def test_an_employer_changed_otherwise_leaves_the_index_alone(hall: Store) -> None:
    with hall.write() as session:
        session.scalars(select(Employer).where(Employer.name.contains("安筑"))).one().credit_code = None
    assert "砌墙瓦工" in found(hall, "安筑")


def test_a_deleted_posting(hall: Store) -> None:
    with hall.write() as session:
        session.delete(session.scalars(select(Posting).where(Posting.title == "砌墙瓦工")).one())
    with hall.read() as session:
        assert search.matching(session, "砌墙", 10) == []


def test_what_is_rolled_back_is_not_found(hall: Store) -> None:
    try:
        with hall.write() as session:
            session.scalars(select(Posting).where(Posting.title == "砌墙瓦工")).one().title = "龙门吊装"
            session.flush()
            raise RuntimeError
    except RuntimeError:
        pass
    assert found(hall, "龙门") == []
    assert found(hall, "砌墙") == ["砌墙瓦工"]


def test_one_entry_a_posting(hall: Store) -> None:
    for title in ("甲一", "甲二"):
        change(hall, "砌墙瓦工" if title == "甲一" else "甲一", title=title)
    with hall.read() as session:
        entries = session.scalar(text("SELECT count(*) FROM search_entries"))
        assert entries == session.scalar(text("SELECT count(*) FROM postings"))
    assert found(hall, "甲二") == ["甲二"]
