"""Openings are never overfilled: many threads over two stores, and two processes, on one file."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier as ProcessBarrier
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from db.models import HOLDS_OPENING, OutboxRow, PrintJob, Referral, Seeker
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import PostingFull
from kiosk.jobs.cards import JobQuery
from kiosk.seekers.card import SeekerCard
from kiosk.staff import audit
from tests.jobs.changes import new_posting
from tests.seekers.desks import Desks, desks
from tests.seekers.people import CONSENT, PHONE, document

OPENINGS, PEOPLE = 5, 12


def morning() -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"), lambda: datetime(2026, 11, 19, 22, 0, tzinfo=UTC))


def refer(made: Desks, seeker: SeekerCard, posting: UUID) -> str | None:
    try:
        return made.referrals.refer(seeker, posting).slip_number
    except PostingFull:
        return None


def check(store: Store, posting: UUID, slips: list[str | None]) -> None:
    """Exactly the openings went out, each slip once, everything beside it written."""
    given = [slip for slip in slips if slip]
    assert len(given) == OPENINGS
    assert len(set(given)) == OPENINGS
    with store.read() as session:
        held = select(func.count()).where(Referral.posting_id == posting, Referral.state.in_(HOLDS_OPENING))
        assert session.scalar(held) == OPENINGS
        assert session.scalar(select(func.count(PrintJob.id))) == OPENINGS
        sent = select(func.count(OutboxRow.seq)).where(OutboxRow.table == "referrals")
        assert session.scalar(sent) == OPENINGS
        assert audit.first_broken(session) is None


def test_threads_over_two_stores(hall: Store) -> None:
    other = Store.open(hall.path.parent)
    try:
        both = [desks(hall, morning()), desks(other, morning())]
        people = [both[0].seeker(order=order) for order in range(PEOPLE)]
        posting = new_posting(hall, openings=OPENINGS)
        barrier = threading.Barrier(PEOPLE)

        def run(at: int) -> str | None:
            barrier.wait()
            return refer(both[at % 2], people[at], posting)

        with ThreadPoolExecutor(PEOPLE) as pool:
            slips = list(pool.map(run, range(PEOPLE)))
        check(hall, posting, slips)
        for made in both:
            assert posting not in made.board.find(JobQuery()).ids
            assert made.board.detail(posting).card.openings_left == 0
    finally:
        other.close()


def run_process(
    folder: Path, orders: range, posting: UUID, barrier: ProcessBarrier, told: SimpleQueue[list[str | None]]
) -> None:
    store = Store.open(folder)
    try:
        made = desks(store, morning())
        people = [made.seeker(order=order) for order in orders]
        barrier.wait(30)
        told.put([refer(made, seeker, posting) for seeker in people])
    finally:
        store.close()


def test_two_processes(hall: Store) -> None:
    posting = new_posting(hall, openings=OPENINGS)
    folder = hall.path.parent
    context = multiprocessing.get_context("spawn")
    barrier, told = context.Barrier(2), context.SimpleQueue()
    halves = (range(0, PEOPLE // 2), range(PEOPLE // 2, PEOPLE))
    processes = [
        context.Process(target=run_process, args=(folder, half, posting, barrier, told)) for half in halves
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    check(hall, posting, [slip for _ in halves for slip in told.get()])


def test_one_person_asking_many_times_at_once_gets_one_slip(hall: Store) -> None:
    other = Store.open(hall.path.parent)
    try:
        both = [desks(hall, morning()), desks(other, morning())]
        seeker = both[0].seeker()
        posting = new_posting(hall, openings=OPENINGS)
        barrier = threading.Barrier(8)

        def run(at: int) -> tuple[str, bool]:
            barrier.wait()
            handover = both[at % 2].referrals.refer(seeker, posting)
            return handover.slip_number, handover.repeated

        with ThreadPoolExecutor(8) as pool:
            slips = list(pool.map(run, range(8)))
        assert len({slip for slip, _ in slips}) == 1
        assert sorted(repeated for _, repeated in slips) == [False] + [True] * 7
    finally:
        other.close()


def test_one_person_registering_twice_at_once_is_one_seeker(hall: Store) -> None:
    other = Store.open(hall.path.parent)
    try:
        both = [desks(hall, morning()), desks(other, morning())]
        barrier = threading.Barrier(6)

        def run(at: int) -> UUID:
            barrier.wait()
            return both[at % 2].registration.register(document(), CONSENT, PHONE, frozenset(), {}).id

        with ThreadPoolExecutor(6) as pool:
            assert len(set(pool.map(run, range(6)))) == 1
        with hall.read() as session:
            assert session.scalar(select(func.count(Seeker.id))) == 1
    finally:
        other.close()


def test_many_readers_never_wait_for_one_another(hall: Store) -> None:
    """More threads than the store has readers; one that held lock and another a reader would stand still."""
    made = desks(hall, morning())
    posting = new_posting(hall)
    barrier = threading.Barrier(10)
    asks = (JobQuery(), JobQuery(text="瓦工"), JobQuery(text="bj"))

    def run(at: int) -> int:
        barrier.wait()
        total = 0
        for turn in range(6):
            total += made.board.find(asks[(at + turn) % 3]).total
            made.board.detail(posting)
            made.board.summary()
        return total

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(run, range(10)))
