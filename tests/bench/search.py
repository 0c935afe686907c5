"""Finding jobs among 100,000: two characters typed, ours beside LIKE on the same postings, in one run.

    python -m tests.bench.search [--json] [--jobs 100000]

A real store is filled through its own sessions, so outbox and index are the product's. LIKE gets the best place it
could have: a flat table of the same five columns, unencrypted and in memory, walked newest first. Each query runs
three times on both sides in turn; its median counts. `wrong` counts queries whose fifty newest differ from LIKE's.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import Employer, Occupation, Posting, Referral, SearchEntry, Seeker, SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.document import Sex
from kiosk.jobs import search
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import JobQuery, Shift, Sort
from kiosk.sample_hall import fill
from kiosk.seekers.card import Hardship, SeekerCard
from kiosk.settings import Settings

T = TypeVar("T")
MORNING = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
MOST = 50
QUERIES = 600
ROUNDS = 3
FINDS = 300
A_TRANSACTION = 2_000
SEARCHABLE = re.compile(r"[0-9\u3400-\u9fff]+")
LIKE = text(
    "SELECT number FROM temp.flat WHERE title LIKE :x OR place LIKE :x OR trade LIKE :x OR grouping LIKE :x"
    f" OR employer LIKE :x ORDER BY number DESC LIMIT {MOST}"
)


def fill_up(store: Store, clock: Clock, jobs: int) -> None:
    """The sample hall, then copies of its postings with other places, pay, days and numbers of people."""
    fill(store, clock)
    chance = random.Random(20261120)
    with store.read() as session:
        samples = session.scalars(select(Posting)).all()
    columns = [
        column.key
        for column in inspect(Posting).columns
        if column.key not in {"id", "hall_id", "device_id", "created_at", "updated_at", "version"}
    ]
    first = date(2026, 11, 20)
    for start in range(len(samples), jobs, A_TRANSACTION):
        with store.write() as session:
            for _ in range(min(A_TRANSACTION, jobs - start)):
                values = {
                    key: getattr(chance.choice(samples), key) for key in ("place", "latitude", "longitude")
                }
                sample = chance.choice(samples)
                values = {key: getattr(sample, key) for key in columns} | values
                values["place"] += f"{chance.randint(1, 99)}号"
                values["pay"] = values["pay"] * chance.randint(80, 150) // 100
                values["openings"] = chance.randint(1, 12)
                values["starts_on"] = first + timedelta(days=chance.randint(-3, 14))
                values["ends_on"] = values["starts_on"] + timedelta(days=chance.randint(3, 60))
                session.add(Posting(**values))


def flatten(connection: Connection) -> None:
    connection.execute(
        text(
            'CREATE TEMP TABLE flat AS SELECT s.number, p.title, p.place, o.name AS trade, o."group" AS grouping,'
            " e.name AS employer FROM search_entries s JOIN postings p ON p.id = s.posting_id"
            " JOIN occupations o ON o.key = p.occupation_id JOIN employers e ON e.id = p.employer_id"
            " WHERE p.state = 'published' ORDER BY s.number"
        )
    )
    connection.execute(text("CREATE UNIQUE INDEX temp.flat_number ON flat(number)"))


def pairs(session: Session) -> list[str]:
    """Two characters that stand side by side in some title, place, trade, group or employer; up to QUERIES."""
    said: set[str] = set()
    for column in (Posting.title, Posting.place, Occupation.name, Occupation.group, Employer.name):
        said.update(session.scalars(select(column).distinct()))
    found = {
        word[at : at + 2]
        for words in said
        for word in SEARCHABLE.findall(words)
        for at in range(len(word) - 1)
    }
    return random.Random(7).sample(sorted(found), min(QUERIES, len(found)))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    begin = time.perf_counter()
    found = work()
    return (time.perf_counter() - begin) * 1000, found


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of this process alone: what the clock would say if nobody else used the machine."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def percentile(took: Sequence[float], of: float) -> float:
    return round(float(np.percentile(took, of)), 4)


def against_like(session: Session, queries: Sequence[str]) -> dict[str, Any]:
    flatten(session.connection())
    ours: list[float] = []
    theirs: list[float] = []
    wrong = 0
    for query in queries:
        mine, likes = [], []
        for _ in range(ROUNDS):
            took, found = timed(lambda query=query: search.matching(session, query, MOST))  # type: ignore[misc]
            mine.append(took)
            took, truth = timed(
                lambda query=query: list(session.execute(LIKE, {"x": f"%{query}%"}).scalars())  # type: ignore[misc]
            )
            likes.append(took)
        wrong += found != truth
        ours.append(statistics.median(mine))
        theirs.append(statistics.median(likes))
    p99, like_p99 = percentile(ours, 99), percentile(theirs, 99)
    return {
        "p99_vs_like": round(p99 / like_p99, 5),
        "p99_ms": p99,
        "p50_ms": percentile(ours, 50),
        "like_p99_ms": like_p99,
        "like_p50_ms": percentile(theirs, 50),
        "wrong": wrong,
        "queries": len(queries),
    }


def wishes(queries: Sequence[str]) -> Iterator[JobQuery]:
    """What visitors ask for: mostly two characters or initials, sometimes everything, with filters and sorts."""
    chance = random.Random(9)
    for at in range(FINDS):
        match at % 6:
            case 0:
                yield JobQuery()
            case 1:
                yield JobQuery(sort=chance.choice(list(Sort)), shifts=frozenset({chance.choice(list(Shift))}))
            case 2:
                yield JobQuery(text=chance.choice(("wg", "bj", "xg", "cd", "工", "保洁")))
            case _:
                yield JobQuery(text=chance.choice(queries), min_day_pay=chance.choice((0, 15_000)))


def a_seeker(store: Store) -> SeekerCard:
    with store.read() as session:
        trades = session.scalars(select(Occupation.key).order_by(Occupation.position).limit(3)).all()
    return SeekerCard(
        id=uuid7(),
        name="样本",
        masked_name="样*",
        masked_number="",
        sex=Sex.FEMALE,
        birth=date(1970, 1, 1),
        age=56,
        phone="13900000000",
        hardship=frozenset({Hardship.OLDER}),
        trades=dict.fromkeys(trades, SkillLevel.JUNIOR),
    )


def refer_once(store: Store, posting: UUID) -> None:
    """One referral row, as the desk writes it; enough to make the facts stale."""
    with store.write() as session:
        seeker = Seeker(
            id=uuid7(),
            number_sealed=b"",
            number_index=b"bench",
            name="样本",
            sex="female",
            birth=date(1970, 1, 1),
            assurance=1,
            consent_version="",
            consent_at=MORNING,
            last_seen_at=MORNING,
        )
        session.add(seeker)
        session.flush()
        session.add(
            Referral(
                seeker_id=seeker.id,
                posting_id=posting,
                slip_number="01-999999",
                slip_serial=999_999,
                issued_at=MORNING,
                valid_until=MORNING + timedelta(days=1),
            )
        )


def the_board(store: Store, clock: Clock, queries: Sequence[str]) -> dict[str, Any]:
    board = JobBoard(store, Settings(), clock)
    load, _ = timed(lambda: board.km(None, None))
    seeker = a_seeker(store)
    anything = board.find(JobQuery(), seeker).ids
    finds, pages = [], []
    for wish in wishes(queries):
        took, found = timed(lambda wish=wish: board.find(wish, seeker))  # type: ignore[misc]
        finds.append(took)
        took, _ = timed(lambda found=found: board.cards(found.ids[:10], found.reasons))  # type: ignore[misc]
        pages.append(took)
    finds_cpu = [cpu(lambda wish=wish: board.find(wish, seeker)) for wish in wishes(queries)]  # type: ignore[misc]
    load_cpu = cpu(lambda: JobBoard(store, Settings(), clock).km(None, None))
    refer_once(store, anything[0])
    reload, _ = timed(lambda: board.km(None, None))
    return {
        "board_find_p99_ms": percentile(finds, 99),
        "board_find_p50_ms": percentile(finds, 50),
        "board_page_p99_ms": percentile(pages, 99),
        "board_find_cpu_p99_ms": percentile(finds_cpu, 99),
        "facts_load_ms": round(load, 1),
        "facts_load_cpu_ms": round(load_cpu, 1),
        "facts_reload_ms": round(reload, 2),
    }


def measure(jobs: int) -> dict[str, Any]:
    """Every figure of the bench, one flat object."""
    clock = Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        try:
            built, _ = timed(lambda: fill_up(store, clock, jobs))
            with store.read() as session:
                there = session.scalar(select(func.count(SearchEntry.number)))
                queries = pairs(session)
                result = against_like(session, queries)
            result |= {"jobs": there} | the_board(store, clock, queries)
        finally:
            store.close()
    result["build_s"] = round(built / 1000, 1)
    result["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--jobs", type=int, default=100_000)
    wanted = parser.parse_args()
    result = measure(wanted.jobs)
    if wanted.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        print(f"{key:32} {value}")


if __name__ == "__main__":
    main()
