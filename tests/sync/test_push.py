"""Up: marks, gaps, forks, epochs, poison, schema versions, caps (design §3.2-5)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from db.county.backup import confirm
from db.county.replay import replay
from db.county.rows import columns
from db.models import Notice, OutboxRow, RefusedRow, Setting
from db.store import Store
from db.sync import outgoing
from db.sync.client import CountyClient, Diverged
from db.sync.errors import CountyFailed, CountyRefused, CountyUnreachable
from db.sync.push import Continue, Pusher, Reopen, Stand, align, clear, realign
from db.sync.round import carry_on
from db.sync.state import link, standing
from db.sync.wire import Mark
from tests.county.world import World, add_posting, add_seeker, set_up
from tests.outbox_rows import rewrite, values_at

NUMBER = "11010519491231002X"
E1, E2 = uuid4(), uuid4()


def write(store: Store, count: int, start: int = 0) -> None:
    for at in range(start, start + count):
        with store.write() as session:
            session.add(Setting(key=f"k{at}", value=at))


def push(store: Store, client: CountyClient, rows: int = 10) -> Pusher:
    pusher = Pusher(store, client, carry_on, most_rows=rows)
    pusher.run()
    return pusher


def settings(world: World) -> list[str]:
    return sorted(str(key) for (key,) in world.rows("SELECT key FROM settings"))


CASES = [
    # never pushed anything
    (Stand(1, 1, 0, None, 1, None), Mark(0, 0, None), Continue(0, None)),
    # both agree
    (Stand(1, 1, 5, E1, 1, E1), Mark(1, 5, E1), Continue(5, E1)),
    # both agree, sent rows cleared away
    (Stand(1, 1, 5, E1, 6, None), Mark(1, 5, E1), Continue(5, E1)),
    # the answer to a push was lost
    (Stand(1, 1, 5, E1, 1, E2), Mark(1, 8, E2), Continue(8, E2)),
    # the county was set back to rows we still keep
    (Stand(1, 1, 8, E2, 1, E1), Mark(1, 5, E1), Continue(5, E1)),
    # … to rows we no longer keep
    (Stand(1, 1, 8, E2, 7, None), Mark(1, 5, E1), Reopen(2, True)),
    # the county lost everything
    (Stand(1, 1, 8, E2, 7, None), Mark(0, 0, None), Reopen(2, True)),
    # a restored disk image: the county is ahead of us
    (Stand(1, 1, 3, E1, 1, None), Mark(1, 8, E2), Reopen(2, False)),
    # … and we wrote something else there since
    (Stand(1, 1, 3, E1, 1, E1), Mark(1, 8, E2), Reopen(2, False)),
    # an older image: another epoch was opened since
    (Stand(1, 1, 3, E1, 1, E1), Mark(3, 8, E2), Reopen(4, False)),
    # a new epoch that the county has not seen yet
    (Stand(4, 4, 0, None, 1, None), Mark(3, 8, E2), Continue(0, None)),
    # an epoch that the county had opened and lost again
    (Stand(4, 4, 9, E2, 1, None), Mark(3, 8, E2), Reopen(5, False)),
]


@pytest.mark.parametrize(("stand", "mark", "step"), CASES)
def test_where_to_go_on(stand: Stand, mark: Mark, step: Continue | Reopen) -> None:
    assert align(stand, mark) == step


def test_a_lost_answer_is_asked_again_and_nothing_doubles(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 25)
    with county_world.client(store) as client:
        batch = outgoing.next_batch(store, 0, None, None, most_rows=10)
        assert batch is not None
        client.push(batch.epoch, batch.lo, batch.hi, batch.body)  # and we never learn of it
        assert push(store, client).rows == 15
        again = client.push(batch.epoch, batch.lo, batch.hi, batch.body)  # late, once more
    assert again.seq == 25
    assert len(settings(county_world)) == 25
    assert county_world.one("SELECT count(*) FROM inbox") == 25


def test_a_gap_is_refused_with_the_mark(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 20)
    with county_world.client(store) as client:
        later = outgoing.next_batch(store, 10, E1, None)
        assert later is not None
        with pytest.raises(Diverged) as refusal:
            client.push(later.epoch, later.lo, later.hi, later.body)
        assert refusal.value.context["reason"] == "gap"
        assert refusal.value.mark.seq == 0
        push(store, client)
    assert len(settings(county_world)) == 20


class Crossing(CountyClient):
    """The second of the first two batches comes to the county before the first."""

    def __enter__(self) -> Crossing:
        self.sent: list[int] = []
        self.first: Callable[[], Mark] | None = None
        return self

    def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Callable[[], Mark]:
        self.sent.append(lo)
        if len(self.sent) == 1:

            def late() -> Mark:
                assert self.first is not None
                return self.first()

            self.first = lambda: super(Crossing, self).pushing(epoch, lo, hi, body)()
            return late
        answer = super().pushing(epoch, lo, hi, body)
        if len(self.sent) > 2:
            return answer
        return _outcome(answer)  # before the first is on its way


def _outcome(answer: Callable[[], Mark]) -> Callable[[], Mark]:
    """Hear an answer now and tell it later."""
    try:
        mark = answer()
    except Diverged as diverged:
        found = diverged

        def told() -> Mark:
            raise found

        return told
    return lambda: mark


def test_of_two_batches_under_way_the_second_may_come_first(county_world: World) -> None:
    """It is refused for the gap, waits for the answer to the first, and is sent once more; then all goes on."""
    store = county_world.device("a")
    write(store, 35)
    known = link(store)
    with Crossing(known.address, known.authority, known.identity) as client:
        pusher = push(store, client, rows=5)
    assert (pusher.rows, pusher.reopened) == (35, 0)
    # those that follow are under way two at a time as well: which comes first is their luck
    assert [*dict.fromkeys(client.sent)] == [1, 6, 11, 16, 21, 26, 31]
    assert (client.sent.count(1), client.sent.count(6)) == (1, 2)
    assert len(settings(county_world)) == 35
    assert county_world.one("SELECT count(*) FROM inbox") == 35


def test_where_the_first_of_two_fails_the_second_is_not_heard(county_world: World) -> None:
    """The county may have taken both: the next round finds out by the mark."""
    store = county_world.device("a")
    write(store, 30)
    known = link(store)

    class Deaf(CountyClient):
        def pushing(self, epoch: int, lo: int, hi: int, body: bytes) -> Callable[[], Mark]:
            answer = super().pushing(epoch, lo, hi, body)

            def lost() -> Mark:
                answer()
                raise CountyUnreachable(reason="lost")

            return lost if lo == 1 else answer

    with Deaf(known.address, known.authority, known.identity) as client:
        with pytest.raises(CountyUnreachable):
            push(store, client, rows=10)
        assert not any(line.busy for line in client._lines)
    with county_world.client(store) as client:
        push(store, client, rows=10)
    assert len(settings(county_world)) == 30
    assert county_world.one("SELECT count(*) FROM inbox") == 30
    assert standing(store).waiting == 0


def test_another_history_below_the_mark_is_no_double(county_world: World) -> None:
    """Same epoch, same numbers, other events: a batch the county has already would be dropped in silence."""
    store = county_world.device("a")
    store.close()
    shutil.copytree(store.path.parent, county_world.folder / "b")
    twins = [county_world.store("a"), county_world.store("b")]
    write(twins[0], 5)
    write(twins[1], 3, start=100)
    county_world.sync(twins[0])
    batch = outgoing.next_batch(twins[1], 0, None, None)
    assert batch is not None
    with county_world.client(twins[1]) as client, pytest.raises(Diverged) as refusal:
        client.push(batch.epoch, batch.lo, batch.hi, batch.body)
    assert refusal.value.context["reason"] == "fork"
    county_world.sync(twins[1])
    assert len(settings(county_world)) == 8


def test_a_restored_image_loses_neither_side(county_world: World) -> None:
    """Rows written after the image was taken come back down; rows written since go up; each once."""
    store = county_world.device("a")
    write(store, 10)
    county_world.sync(store)
    folder = store.path.parent
    store.close()
    shutil.copytree(folder, folder.with_name("image"))
    store = county_world.store("a")
    write(store, 10, start=10)
    county_world.sync(store)
    store.close()
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("image"), folder)
    store = county_world.store("a")
    write(store, 3, start=100)
    report = county_world.sync(store)
    assert report.reopened == 1
    wanted = sorted(f"k{at}" for at in [*range(20), 100, 101, 102])
    assert settings(county_world) == wanted
    with store.read() as session:
        assert sorted(session.scalars(select(Setting.key))) == wanted
    assert county_world.one("SELECT count(*) - count(DISTINCT event_id) FROM inbox") == 0
    assert county_world.sync(store).pushed == 0


def test_two_machines_with_one_key_are_found_and_lose_nothing(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 2)
    county_world.sync(store)
    store.close()
    shutil.copytree(store.path.parent, county_world.folder / "b")
    twins = [county_world.store("a"), county_world.store("b")]

    def take_turns() -> None:
        for at in range(20):
            write(twins[at % 2], 1, start=100 + at)
            county_world.sync(twins[at % 2])

    with pytest.raises(CountyRefused) as refusal:
        take_turns()
    assert refusal.value.context["reason"] == "cloned"
    assert county_world.one("SELECT state FROM enrolled") == "cloned"
    waiting = sum(standing(twin).waiting for twin in twins)
    assert waiting >= 1  # what was refused is still there
    assert {standing(twin).trouble for twin in twins} & {"cloned"}
    from db.county import enrol

    enrol.forgive(county_world.county, twins[0].origin.device_id)
    for twin in twins:
        county_world.sync(twin)
    written = {f"k{at}" for at in (0, 1)} | {f"k{100 + at}" for at in range(20)}
    assert set(settings(county_world)) <= written
    with twins[0].read() as one, twins[1].read() as two:
        here = set(one.scalars(select(Setting.key))) | set(two.scalars(select(Setting.key)))
    assert here == set(settings(county_world))


def test_poison_rows_are_found_and_block_nothing(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 40)
    spoil = {7: ("version", "many"), 20: ("hall_id", str(uuid4())), 33: ("created_at", "yesterday")}
    with store._writer.begin() as connection:
        for seq, (name, value) in spoil.items():
            rewrite(connection, seq, values_at(connection, seq) | {name: value})
    county_world.sync(store)
    assert len(settings(county_world)) == 37
    found = county_world.rows("SELECT seq, reason FROM quarantine ORDER BY seq")
    assert found == [(7, "malformed"), (20, "foreign_hall"), (33, "value:created_at")]
    with store.read() as session:
        assert sorted(session.scalars(select(RefusedRow.seq))) == [7, 20, 33]
    assert standing(store).refused == 3
    assert standing(store).waiting == 0


def test_a_row_too_large_goes_as_a_note(county_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store = county_world.device("a")
    monkeypatch.setattr(outgoing, "MOST_ROW_BYTES", 10_000)
    write(store, 1)
    with store.write() as session:
        session.add(Notice(kind="notice", title="长", body="长" * 10_000))
    write(store, 1, start=1)
    county_world.sync(store)
    assert settings(county_world) == ["k0", "k1"]
    assert county_world.rows("SELECT op, reason FROM quarantine") == [("X", "too_large")]


def test_batches_keep_to_their_bytes(county_world: World) -> None:
    store = county_world.device("a")
    with store.write() as session:
        session.add_all(Notice(kind="notice", title=str(at), body="x" * 1000) for at in range(50))
    sizes = []
    after, prev = 0, None
    while batch := outgoing.next_batch(store, after, prev, None, most_bytes=10_000):
        sizes.append(batch.rows)
        after, prev = batch.hi, batch.last
    assert sum(sizes) == 50
    assert max(sizes) < 10


def test_an_older_kiosk_lacks_a_column_and_a_newer_one_has_more(county_world: World) -> None:
    store = county_world.device("a")
    set_up(store)
    add_posting(store)
    with store._writer.begin() as connection:
        seq = connection.execute(text("SELECT seq FROM outbox WHERE \"table\" = 'postings'")).scalar_one()
        values = values_at(connection, seq)
        del values["benefits"], values["urgent"]  # an older schema
        values["shade"] = "green"  # a newer one
        rewrite(connection, seq, values)
        connection.execute(text("UPDATE outbox SET schema_version = '9999' WHERE seq = :s"), {"s": seq})
        connection.execute(
            text(
                'INSERT INTO outbox (epoch, event_id, "table", row_id, op, schema_version, payload, written_at,'
                " changed) SELECT epoch, :e, 'inventions', row_id, 'I', '9999', payload, written_at, ''"
                " FROM outbox WHERE seq = :s"
            ),
            {"e": uuid4().hex, "s": seq},
        )
    county_world.sync(store)
    assert county_world.rows("SELECT benefits, urgent FROM postings") == [("", False)]
    deferred = county_world.rows("SELECT state, reason FROM quarantine ORDER BY seq")
    assert deferred == [("deferred", "unknown_column"), ("deferred", "unknown_table")]
    assert standing(store).refused == 0
    assert replay(county_world.county) == 0  # still unknown
    with pytest.MonkeyPatch.context() as newer:  # a county that knows `shade`: it learns it from what it kept
        newer.setattr("db.county.replay.columns", lambda table: {**columns(table), "shade": "VARCHAR"})
        assert replay(county_world.county) == 1
    assert county_world.rows("SELECT benefits, urgent FROM postings") == [("", False)]


def test_sent_rows_stay_until_they_are_backed_up(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 10)
    county_world.sync(store)
    assert clear(store) == 0
    confirm(county_world.county)
    write(store, 5, start=10)
    county_world.sync(store)
    with store.read() as session:
        assert session.scalar(select(func.min(OutboxRow.seq))) == 11
    assert county_world.sync(store).pushed == 0


def test_a_county_that_lost_everything_gets_everything_again(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 10)
    county_world.sync(store)
    confirm(county_world.county)
    county_world.sync(store)
    with county_world.county.transaction() as tx:
        tx.execute("DELETE FROM settings")
        tx.execute("DELETE FROM inbox")
        tx.execute("DELETE FROM epochs")
        tx.execute("UPDATE enrolled SET epoch = 0, mark = 0, last_event_id = NULL, backed_up = 0")
    write(store, 1, start=10)
    county_world.sync(store)
    assert len(settings(county_world)) == 11


def test_a_signature_covers_everything(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 2)
    with county_world.client(store) as client:
        batch = outgoing.next_batch(store, 0, None, None)
        assert batch is not None
        assert client._identity is not None
        real = client._identity.key.sign
        for twist in (lambda message: real(message + b" "), lambda message: b"\0" * 64):
            object.__setattr__(client, "_identity", Forged(client._identity.device, twist))
            with pytest.raises(CountyRefused):
                client.push(batch.epoch, batch.lo, batch.hi, batch.body)
    assert settings(county_world) == []


class Forged:
    def __init__(self, device: UUID, sign: object) -> None:
        self.device = device
        self.key = self
        self.sign = sign


def test_realign_is_stable(county_world: World) -> None:
    store = county_world.device("a")
    write(store, 3)
    mark = Mark(0, 0, None)
    assert realign(store, mark) == realign(store, mark) == Continue(0, None)


def test_nonsense_is_answered_without_a_trace(county_world: World) -> None:
    store = county_world.device("a")
    with county_world.client(store) as client:
        for body in (b"", b"nonsense", b"\x28\xb5\x2f\xfd" + b"\xff" * 40):
            with pytest.raises(CountyFailed) as refusal:
                client.push(1, 1, 1, body)
            assert refusal.value.context["status"] == 400
    add_seeker(store, NUMBER)
    assert county_world.sync(store).pushed == 1
