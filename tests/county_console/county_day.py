"""A county with a full morning behind it: what the pages are tested and pictured with. Everybody in it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from db.county import ingest
from db.models import PLACED, Hall, Posting, Referral, ReferralState, Seeker, SeekerTrade, now
from db.store import Store
from kiosk.clock import Clock
from kiosk.sample_hall import fill
from tests.county.world import World, add_posting, add_seeker, set_up
from tests.county_console.desk import NUMBER, Slip, add_slip, rename, token

TRADES = ("bricklayer", "carpenter", "cleaner", "cook", "electrician", "loader")
MONTHS = 12
SECTIONS = (
    "",
    "/enrol",
    "/quarantine",
    "/conflicts",
    "/postings",
    "/notices",
    "/people",
    "/figures",
    "/log",
    "/password",
)
AT_REST = "110105194912310038"  # two halls know this person, and nothing is open


def county_day(world: World, people: int = 60) -> Slip:
    """Two halls, four devices; conflicts, quarantine, months of slips. Returns a slip that is still open."""
    first = world.device("1 号自助机")
    fill(first, Clock(ZoneInfo("Asia/Shanghai"), now))
    slip = _months(first, world, people)
    add_seeker(first, AT_REST, "李小四")
    world.sync(first)
    second = world.device("服务台", hall=first.origin.hall_id)
    other = world.device("北站 1 号机")
    set_up(other)
    with other.write() as session:
        session.get_one(Hall, other.origin.hall_id).name = "北站零工驿站"
    add_seeker(other, AT_REST, "李大四")
    add_posting(other, openings=6, title="搬运工（当天结）")
    world.sync(second)
    _conflicts(world, first, second, slip)
    _refused(world, other)
    lost = world.device("东门 1 号机", hall=other.origin.hall_id)
    ingest.stop(world.county, lost.origin.device_id, "cloned")
    with world.county.transaction() as tx:
        tx.execute(
            "UPDATE enrolled SET last_push_at = now() - interval '40 hours', last_pull_at = last_push_at,"
            " waiting = 1250, clock_offset_ms = 5400000 WHERE device_id = %s",
            (second.origin.device_id,),
        )
        tx.execute(
            "UPDATE enrolled SET last_pull_at = now() - interval '40 hours' WHERE device_id = %s",
            (second.origin.device_id,),
        )
    return slip


def _months(store: Store, world: World, people: int) -> Slip:
    """People who came over the last year, more each month, most of them placed."""
    with store.write() as session:
        known = session.query(Posting).order_by(Posting.id).all()
        trades = sorted({posting.occupation_id for posting in known})
        for number in range(people):
            seeker_id = uuid7()
            month = int((number / people) ** 0.6 * MONTHS)
            came = now() - timedelta(days=30 * (MONTHS - 1 - month), hours=2)
            session.add(
                Seeker(
                    id=seeker_id,
                    number_sealed=store.keys.seal(f"sample {number}", seeker_id.bytes),
                    number_index=store.keys.index(f"sample {number}"),
                    name=f"样本{number}",
                    sex="male",
                    birth=datetime(1980, 1, 1, tzinfo=UTC).date(),
                    phone="13900000000",
                    assurance=1,
                    consent_version="1",
                    consent_at=came,
                    last_seen_at=now(),
                    created_at=came,
                )
            )
            session.flush()
            session.add(SeekerTrade(seeker_id=seeker_id, occupation_id=trades[number**2 % len(trades)]))
            state = PLACED[number % 3] if number % 4 else ReferralState.LAPSED
            session.add(
                Referral(
                    seeker_id=seeker_id,
                    posting_id=known[number % len(known)].id,
                    slip_number=f"{store.origin.device_number:02}-{number + 100:06}",
                    slip_serial=number + 100,
                    state=state,
                    issued_at=came,
                    valid_until=came + timedelta(hours=24),
                    hired_at=came + timedelta(hours=1) if state in PLACED else None,
                )
            )
        posting = known[0].id
    seeker = add_seeker(store, NUMBER, "张小三")
    referral = add_slip(store, seeker, posting, 7)
    return Slip(store, seeker, posting, referral, token(world, store, 7))


def _conflicts(world: World, first: Store, second: Store, slip: Slip) -> None:
    for store, phone in ((first, "13900000002"), (second, "13900000003")):
        rename(store, slip.seeker, phone)
        world.sync(store)


def _refused(world: World, store: Store) -> None:
    with world.county.transaction() as tx:
        tx.execute("ALTER TABLE seekers ADD CONSTRAINT assurance_known CHECK (assurance < 9)")
    seeker = add_seeker(store, "11010519491231007X", "样本丙")
    with store.write() as session:
        session.get_one(Seeker, seeker).assurance = 9
    world.sync(store)
