"""The moment of a hire on its way: hall → county → hall, old programs on either side, what people decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select
from uuid_utils.compat import uuid7

from db.county.base import MIGRATIONS
from db.county.embedded import with_driver
from db.county.publish import own_row
from db.county.replay import replay
from db.county.rows import read
from db.county.work_off import Choice, work_off
from db.models import Conflict, OutboxRow, Referral, ReferralState
from db.outbox import plain
from db.store import Store
from db.sync.pull import place
from db.sync.wire import PageRow
from tests.county.test_conflicts import settle, two_halves
from tests.county.world import World, add_posting, add_referral, add_seeker
from tests.outbox_rows import rewrite, values_at

S = ReferralState
BEFORE = "0010"
SAID = datetime(2026, 11, 3, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def halves(county_world: World) -> tuple[Store, Store, UUID]:
    """Two devices of a hall that both know a referral."""
    first, second, seeker = two_halves(county_world)
    referral = add_referral(first, seeker, add_posting(first), 1)
    settle(county_world, first, second)
    return first, second, referral


def step(store: Store, referral: UUID, state: ReferralState) -> datetime | None:
    with store.write() as session:
        row = session.get_one(Referral, referral)
        row.state = state
        return row.hired_at


def at_hall(store: Store, referral: UUID) -> tuple[ReferralState, datetime | None]:
    with store.read() as session:
        row = session.get_one(Referral, referral)
        return row.state, row.hired_at


def at_county(world: World, referral: UUID) -> tuple[object, ...]:
    [line] = world.rows("SELECT state, hired_at FROM referrals WHERE id = %s", referral)
    return line


def test_from_the_hall_to_the_county_and_its_other_device(
    county_world: World, halves: tuple[Store, Store, UUID]
) -> None:
    first, second, referral = halves
    moment = step(first, referral, S.HIRED)
    assert moment is not None
    settle(county_world, first, second)
    assert at_county(county_world, referral) == ("hired", moment)
    assert at_hall(second, referral) == (S.HIRED, moment)
    step(second, referral, S.STARTED)
    settle(county_world, second, first)
    assert at_county(county_world, referral) == ("started", moment)
    assert at_hall(first, referral) == (S.STARTED, moment)


def test_taken_back_there_is_no_moment_anywhere(
    county_world: World, halves: tuple[Store, Store, UUID]
) -> None:
    first, second, referral = halves
    step(first, referral, S.HIRED)
    settle(county_world, first, second)
    step(second, referral, S.CANCELLED)
    settle(county_world, second, first)
    assert at_county(county_world, referral) == ("cancelled", None)
    assert at_hall(first, referral) == (S.CANCELLED, None)


def test_two_devices_hire_at_once_and_the_first_moment_stands(
    county_world: World, halves: tuple[Store, Store, UUID]
) -> None:
    first, second, referral = halves
    moments = [step(store, referral, S.HIRED) for store in (first, second)]
    assert len(set(moments)) == 2
    settle(county_world, first, second)
    assert at_county(county_world, referral) == ("hired", moments[0])
    for store in (first, second):
        assert at_hall(store, referral) == (S.HIRED, moments[0])
        with store.read() as session:
            assert session.scalars(select(Conflict)).all() == []


@pytest.mark.parametrize("lost", [S.HIRED, S.DECLINED])
def test_what_lost_is_taken_with_its_moment(
    county_world: World, halves: tuple[Store, Store, UUID], lost: ReferralState
) -> None:
    """Hired after all, with the moment that was said; or not hired after all, and no moment."""
    first, second, referral = halves
    stands = S.HIRED if lost is S.DECLINED else S.DECLINED
    kept, moment = step(first, referral, stands), step(second, referral, lost)
    settle(county_world, first, second)
    assert at_county(county_world, referral) == (stands.value, kept)
    conflict = county_world.one("SELECT id FROM conflicts")
    assert isinstance(conflict, UUID)
    work_off(county_world.county, conflict, Choice.TAKE, "李")
    settle(county_world, first, second)
    assert at_county(county_world, referral) == (lost.value, moment)
    for store in (first, second):
        assert at_hall(store, referral) == (lost, moment)


def older(store: Store, referral: UUID) -> None:
    """What waits of this referral, as a program wrote it that knew no moment of the hire."""
    with store._writer.begin() as connection:
        lines = connection.execute(
            select(OutboxRow.seq).where(OutboxRow.row_id == referral).order_by(OutboxRow.seq)
        )
        for seq in lines.scalars().all():
            values = values_at(connection, seq)
            values.pop("hired_at", None)
            rewrite(connection, seq, values)
            said = OutboxRow.__table__.c
            row = connection.execute(select(said.changed).where(said.seq == seq)).scalar_one()
            left = ",".join(name for name in row.split(",") if name != "hired_at")
            connection.execute(OutboxRow.__table__.update().where(said.seq == seq).values(changed=left))  # type: ignore[attr-defined]


def test_an_older_device_sends_no_moment(county_world: World, halves: tuple[Store, Store, UUID]) -> None:
    """A new slip, its hire, and steps of one that has a moment: taken in, nothing refused, nothing forgotten."""
    first, second, known = halves
    seeker = add_seeker(first, "110105194912310038", "样本乙")
    fresh = add_referral(first, seeker, add_posting(first), 2)
    step(first, fresh, S.HIRED)
    moment = step(second, known, S.HIRED)
    county_world.sync(second)
    older(first, fresh)
    county_world.sync(first)
    assert at_county(county_world, fresh) == ("hired", None)
    step(first, known, S.STARTED)
    older(first, known)
    county_world.sync(first)
    assert at_county(county_world, known) == ("started", moment)
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


def test_what_an_older_device_lost_is_taken_with_a_moment(
    county_world: World, halves: tuple[Store, Store, UUID]
) -> None:
    first, second, referral = halves
    step(first, referral, S.DECLINED)
    county_world.sync(first)
    step(second, referral, S.HIRED)
    older(second, referral)
    settle(county_world, second, first)
    conflict = county_world.one("SELECT id FROM conflicts")
    assert isinstance(conflict, UUID)
    work_off(county_world.county, conflict, Choice.TAKE, "李")
    state, moment = at_county(county_world, referral)
    assert state == "hired"
    assert moment is not None
    settle(county_world, first, second)
    assert at_hall(first, referral) == (S.HIRED, moment)


def test_an_older_county_takes_no_moment_away(county_world: World, halves: tuple[Store, Store, UUID]) -> None:
    first, second, referral = halves
    moment = step(first, referral, S.HIRED)
    settle(county_world, first, second)
    with county_world.county.transaction() as tx:
        values = read(tx, county_world.county.keys, "referrals", [referral])[referral]
    del values["hired_at"]
    assert (
        place(first, [PageRow("referrals", "P", referral, {**values, "version": 9, "state": "started"})]) == 1
    )
    assert at_hall(first, referral) == (S.STARTED, moment)


def migrate(world: World, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(with_driver(world.dsn))
    with engine.begin() as connection:
        config.attributes.update(connection=connection, keys=world.county.keys)
        (command.downgrade if to == BEFORE else command.upgrade)(config, to)
    engine.dispose()


def test_a_county_learns_of_moments(county_world: World, halves: tuple[Store, Store, UUID]) -> None:
    """Placements from before have their slip's; one that a newer hall has sent meanwhile has its own."""
    first, _, known = halves
    seeker = add_seeker(first, "110105194912310038", "样本乙")
    before = add_referral(first, seeker, add_posting(first), 2)
    open_still = add_referral(first, seeker, add_posting(first), 3)
    for referral in (known, before):
        step(first, referral, S.HIRED)
    county_world.sync(first)
    county = county_world.county
    event, origin = uuid7(), first.origin
    with county.transaction() as tx:
        values = {**read(tx, county.keys, "referrals", [known])[known], "hired_at": plain(SAID)}
        tx.execute(
            'INSERT INTO quarantine (event_id, device_id, hall_id, epoch, seq, "table", row_id, op, schema_version,'
            " changed, payload, state, reason, since) VALUES (%s, %s, %s, 1, 99, 'referrals', %s, 'U', '0011',"
            " 'state,hired_at', %s, 'deferred', 'unknown_column', now())",
            (event, origin.device_id, origin.hall_id, known, county.keys.seal(values, event.bytes)),
        )
    migrate(county_world, BEFORE)
    migrate(county_world, "head")
    with county.transaction() as tx:
        rows = read(tx, county.keys, "referrals", [known, before, open_still])
    assert rows[before]["hired_at"] == rows[before]["issued_at"]
    assert (rows[open_still]["hired_at"], rows[known]["hired_at"]) == (None, None)
    assert replay(county) == 1
    assert at_county(county_world, known) == ("hired", SAID)


def test_the_countys_own_word_is_the_rows(county_world: World, halves: tuple[Store, Store, UUID]) -> None:
    """Written by the county, stale at a device: the device's next step keeps the county's moment."""
    first, second, referral = halves
    county = county_world.county
    with county.transaction() as tx:
        own_row(tx, county, "referrals", {"state": "hired", "hired_at": plain(SAID)}, referral)
    later = step(first, referral, S.HIRED)
    assert later is not None
    assert later - SAID > timedelta(0)
    step(first, referral, S.STARTED)
    settle(county_world, first, second)
    assert at_county(county_world, referral) == ("started", SAID)
    for store in (first, second):
        assert at_hall(store, referral) == (S.STARTED, SAID)
