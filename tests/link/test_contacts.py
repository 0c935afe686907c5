"""Whom to call about a posting: emptied everywhere once it ended long ago, and kept while anything is open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from db.county.contacts import purge_contacts_older
from db.county.upkeep import upkeep
from db.models import (
    AuditEntry,
    Ban,
    BanReason,
    Conflict,
    ConflictKind,
    Employer,
    EmployerKind,
    Erasure,
    ErasureReason,
    PayUnit,
    Posting,
    PostingCount,
    PostingState,
    Referral,
    ReferralState,
    ReviewState,
    Settlement,
    WaitingRow,
    now,
)
from db.outbox import columns_of, row_payload, values_of
from db.privacy import GONE
from db.store import Store
from db.sync.state import state_of
from kiosk.county.contacts import purge_contacts_due
from kiosk.county.link import LinkDesk
from kiosk.county.rights import ErasureState, RightsDesk
from kiosk.jobs.board import JobBoard
from kiosk.jobs.referrals import ReferralDesk
from kiosk.leftovers import Upkeep
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Retention, Settings
from kiosk.staff import audit
from tests.county.test_conflicts import settle
from tests.county.world import World, set_up
from tests.link.test_gone import MARK, PHONE, at_county, on_device, shows
from tests.link.test_rights import registered
from tests.outbox_rows import rewrite, values_at
from tests.seekers.people import CONSENT, document
from tests.tools.shop import Shop

DAYS = 365
NAME, FIRM = f"王{MARK}", "样本建筑公司"
BEFORE = Settings(retention=Retention(seeker_days=DAYS))
OTHER_HALL = uuid4()


def posting_of(store: Store, employer: UUID, day: date, **values: Any) -> UUID:
    posting = uuid7()
    with store.write() as session:
        given: dict[str, Any] = {
            "starts_on": day,
            "ends_on": day,
            "contact_name": NAME,
            "contact_phone": PHONE,
            "state": PostingState.PUBLISHED,
        }
        session.add(
            Posting(
                id=posting,
                employer_id=employer,
                occupation_id="bricklayer",
                title="样本岗位",
                description="",
                openings=5,
                place="样本路",
                opens_minute=450,
                closes_minute=1080,
                pay=18000,
                pay_unit=PayUnit.DAY,
                settlement=Settlement.DAILY,
                **{**given, **values},
            )
        )
    return posting


def employer_in(store: Store, kind: EmployerKind = EmployerKind.PERSON, name: str = NAME) -> UUID:
    employer = uuid7()
    with store.write() as session:
        session.add(Employer(id=employer, kind=kind, name=name, state=ReviewState.APPROVED))
    return employer


def contact(store: Store, posting: UUID) -> tuple[str, str, str]:
    with store.read() as session:
        found = session.get_one(Posting, posting)
        return session.get_one(Employer, found.employer_id).name, found.contact_name, found.contact_phone


WHOLE = (NAME, NAME, PHONE)
ONLY_NAME = (NAME, GONE, GONE)
EMPTY = (GONE, GONE, GONE)


# -- by age, at one device


@dataclass
class Case:
    """An employer whose posting ended `ended` days ago; `more` happens to it."""

    left: tuple[str, str, str]
    more: Callable[[Shop, UUID, UUID], None] = lambda shop, employer, posting: None
    ended: int = DAYS + 2
    kind: EmployerKind = EmployerKind.PERSON


def referral(state: ReferralState) -> Callable[[Shop, UUID, UUID], None]:
    def more(shop: Shop, employer: UUID, posting: UUID) -> None:
        order = list(ReferralState).index(state)
        seeker = registered(shop, order)
        with shop.store.write() as session:
            session.add(
                Referral(
                    id=uuid7(),
                    seeker_id=seeker,
                    posting_id=posting,
                    slip_number=f"01-00009{order}",
                    slip_serial=90 + order,
                    state=state,
                    issued_at=shop.time(),
                    valid_until=shop.time(),
                )
            )

    return more


def another(**values: Any) -> Callable[[Shop, UUID, UUID], None]:
    def more(shop: Shop, employer: UUID, posting: UUID) -> None:
        posting_of(shop.store, employer, shop.counter.clock.today() + timedelta(days=3), **values)

    return more


def ban(until: int, ended: bool = False) -> Callable[[Shop, UUID, UUID], None]:
    def more(shop: Shop, employer: UUID, posting: UUID) -> None:
        with shop.store.write() as session:
            session.add(
                Ban(
                    id=uuid7(),
                    employer_id=employer,
                    reason=BanReason.WAGE_WITHHELD,
                    starts_on=shop.counter.clock.today() - timedelta(days=900),
                    until=shop.counter.clock.today() + timedelta(days=until),
                    decided_by="样本",
                    ended_at=shop.time() if ended else None,
                )
            )

    return more


def filled(hall: UUID | None) -> Callable[[Shop, UUID, UUID], None]:
    """What the county says the halls filled; None: this one."""

    def more(shop: Shop, employer: UUID, posting: UUID) -> None:
        by_hall = {str(hall or shop.store.origin.hall_id): 1}
        with shop.store.write() as session:
            session.add(PostingCount(id=posting, by_hall=by_hall))

    return more


def written_lately(what: type[Posting] | type[Employer]) -> Callable[[Shop, UUID, UUID], None]:
    def more(shop: Shop, employer: UUID, posting: UUID) -> None:
        with shop.store.write() as session:
            row = session.get_one(what, posting if what is Posting else employer)
            row.created_at = row.updated_at = shop.time() - timedelta(days=1)

    return more


def of_another_hall(shop: Shop, employer: UUID, posting: UUID) -> None:
    with shop.store.write() as session:
        session.get_one(Posting, posting).hall_id = session.get_one(Employer, employer).hall_id = OTHER_HALL


CASES = {
    "old": Case(EMPTY),
    "not_yet": Case(WHOLE, ended=DAYS),
    "firm": Case((FIRM, GONE, GONE), kind=EmployerKind.ORGANISATION),
    "agency": Case((FIRM, GONE, GONE), kind=EmployerKind.AGENCY),
    # who is still about keeps the name, what is over loses whom to call about it
    "open_posting": Case(ONLY_NAME, another()),
    "draft": Case(ONLY_NAME, another(state=PostingState.DRAFT)),
    "open_posting_without_contact": Case(ONLY_NAME, another(contact_name="", contact_phone="")),
    "issued": Case(WHOLE, referral(ReferralState.ISSUED)),
    "met": Case(WHOLE, referral(ReferralState.MET)),
    "hired": Case(WHOLE, referral(ReferralState.HIRED)),
    "started": Case(WHOLE, referral(ReferralState.STARTED)),
    "finished": Case(EMPTY, referral(ReferralState.FINISHED)),
    "lapsed": Case(EMPTY, referral(ReferralState.LAPSED)),
    "no_show": Case(EMPTY, referral(ReferralState.NO_SHOW)),
    "banned": Case(ONLY_NAME, ban(until=0)),
    "ban_over": Case(EMPTY, ban(until=-1)),
    "ban_ended": Case(EMPTY, ban(until=9, ended=True)),
    "filled_here": Case(EMPTY, filled(None)),
    "filled_elsewhere": Case(WHOLE, filled(OTHER_HALL)),
    "wrong_year": Case(WHOLE, written_lately(Posting)),
    "reviewed_lately": Case(ONLY_NAME, written_lately(Employer)),
    "of_another_hall": Case(WHOLE, of_another_hall),
}


def long_after(shop: Shop) -> Shop:
    """The same hall so much later that what is written now is old; nothing of the sample is in the way."""
    shop.time.at = now() + timedelta(days=DAYS * 2)
    return Shop(shop.store, BEFORE, shop.time)


def set_down(shop: Shop, case: Case) -> UUID:
    name = NAME if case.kind is EmployerKind.PERSON else FIRM
    employer = employer_in(shop.store, case.kind, name)
    posting = posting_of(shop.store, employer, shop.counter.clock.today() - timedelta(days=case.ended))
    case.more(shop, employer, posting)
    return posting


def test_by_age_and_what_holds_it_back(shop: Shop) -> None:
    later = long_after(shop)
    made = {name: set_down(later, case) for name, case in CASES.items()}
    assert purge_contacts_due(later.counter) > 0
    assert {name: contact(shop.store, posting) for name, posting in made.items()} == {
        name: case.left for name, case in CASES.items()
    }
    assert purge_contacts_due(later.counter) == 0
    with shop.store.read() as session:
        proofs = session.scalars(select(Erasure)).all()
        said = session.scalars(select(AuditEntry.details).where(AuditEntry.act == "contacts_purged_by_age"))
        assert not any(shows(line) for line in said)
    assert {(proof.seeker_id, proof.reason, proof.state) for proof in proofs} == {
        (None, ErasureReason.AGE, ErasureState.DONE)
    }
    emptied = sum(GONE in case.left[1:] for case in CASES.values())
    assert sum(proof.rows.get("postings", 0) for proof in proofs) >= emptied


def test_kept_for_ever_where_the_hall_says_so(shop: Shop) -> None:
    later = long_after(shop)
    posting = set_down(later, CASES["old"])
    for_ever = Shop(shop.store, Settings(retention=Retention(seeker_days=0)), later.time)
    Upkeep(for_ever.counter).nightly()
    assert contact(shop.store, posting) == WHOLE
    Upkeep(later.counter).nightly()
    assert contact(shop.store, posting) == EMPTY
    proofs = [card for card in RightsDesk(later.counter).erasures() if card.contacts]
    assert {(card.person, card.requested_by) for card in proofs} == {("", "")}
    assert all(card.rows > 0 for card in proofs)


# -- everywhere


def refer(shop: Shop, posting: UUID, order: int) -> UUID:
    """A slip with whom to call on it, from this machine's printer."""
    clock, codes = shop.counter.clock, shop.counter.codes
    people = RegistrationDesk(shop.store, shop.settings, clock, codes)
    seeker = people.register(document(order=order), CONSENT, "13900000001", frozenset(), {})
    board = JobBoard(shop.store, shop.settings, clock)
    handover = ReferralDesk(shop.store, shop.settings, clock, codes, board).refer(seeker, posting)
    assert handover.contact_phone == PHONE
    return handover.referral


def becomes(store: Store, referral_id: UUID, state: ReferralState) -> None:
    with store.write() as session:
        session.get_one(Referral, referral_id).state = state


def put_aside(store: Store, posting: UUID, shade: str = MARK) -> Callable[[], None]:
    """A change of the posting that the county cannot read whole. Call what comes back once it was sent."""
    with store.write() as session:
        session.get_one(Posting, posting).urgent = True
    with store._writer.begin() as connection:
        seq, payload, shape = connection.execute(
            text(
                'SELECT seq, payload, shape FROM outbox WHERE "table" = :t AND row_id = :r'
                " ORDER BY seq DESC LIMIT 1"
            ),
            {"t": "postings", "r": posting.hex},
        ).one()
        rewrite(connection, seq, values_at(connection, seq) | {"shade": shade})

    def known_again() -> None:
        with store._writer.begin() as connection:
            said = {"p": payload, "h": shape, "s": seq}
            connection.execute(text("UPDATE outbox SET payload = :p, shape = :h WHERE seq = :s"), said)

    return known_again


def listed(store: Store, posting: UUID) -> None:
    """A line of the list of conflicts, and a row that still waits, both with whom to call."""
    with store.write() as session:
        found = session.get_one(Posting, posting)
        details = {"contact_phone": ["", PHONE], "contact_name": ["", NAME]}
        session.add(
            Conflict(
                id=uuid7(), kind=ConflictKind.COUNTY_RULES, table="postings", row_id=posting, details=details
            )
        )
        values = values_of(row_payload(found), columns_of(Posting)) | {"id": str(posting), "level": "?"}
        waits = WaitingRow(table="postings", row_id=posting, op="P", reason="value", since=now())
        waits.payload = msgspec.json.encode(values)
        session.add(waits)


@dataclass
class Halls:
    """Two devices of one hall and one of another, all with slips and lists that say whom to call."""

    world: World
    shop: Shop
    second: Store
    stranger: Store
    posting: UUID
    elsewhere: UUID  # the other hall's referral

    def settle(self) -> None:
        settle(self.world, self.shop.store, self.second, self.stranger)

    @property
    def stores(self) -> tuple[Store, ...]:
        return self.shop.store, self.second, self.stranger


@pytest.fixture
def halls(shop: Shop, county_world: World) -> Halls:
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    posting = posting_of(shop.store, employer_in(shop.store), date(2026, 12, 20))
    second = county_world.device("b", hall=shop.store.origin.hall_id)
    stranger = county_world.device("c")
    set_up(stranger)
    made = Halls(county_world, shop, second, stranger, posting, posting)
    made.settle()
    becomes(shop.store, refer(shop, posting, 0), ReferralState.LAPSED)
    made.elsewhere = refer(Shop(stranger, shop.settings, shop.time), posting, 1)
    listed(shop.store, posting)
    made.settle()
    return made


def by_age_at_the_hall(halls: Halls) -> None:
    becomes(halls.stranger, halls.elsewhere, ReferralState.CANCELLED)
    halls.settle()
    later = long_after(halls.shop)
    with halls.shop.store.write() as session:
        state_of(session).last_success_at = later.time()
    assert purge_contacts_due(later.counter) > 0


def by_age_at_the_county(halls: Halls) -> None:
    """The other hall filled an opening: only the county knows that it is over."""
    old = now() + timedelta(days=DAYS)
    assert purge_contacts_older(halls.world.county, old, most=10_000) > 0  # of the sample hall
    assert purge_contacts_older(halls.world.county, old, most=10_000) >= 0
    assert contact(halls.shop.store, halls.posting) == WHOLE
    becomes(halls.stranger, halls.elsewhere, ReferralState.STARTED)
    becomes(halls.stranger, halls.elsewhere, ReferralState.FINISHED)
    halls.settle()
    assert contact(halls.shop.store, halls.posting) == WHOLE
    later = long_after(halls.shop)
    with halls.shop.store.write() as session:
        state_of(session).last_success_at = later.time()
    purge_contacts_due(later.counter)
    assert contact(halls.shop.store, halls.posting) == WHOLE
    done = upkeep(halls.world.county, timedelta(days=DAYS), now() + timedelta(days=2 * DAYS))
    assert done.contacts >= 2


SHOWN = {"postings", "employers", "print_jobs", "conflicts", "outbox", "waiting_rows"}


@pytest.mark.parametrize("goes", [by_age_at_the_hall, by_age_at_the_county], ids=lambda goes: goes.__name__)
def test_nothing_of_a_contact_is_left_anywhere(
    goes: Callable[[Halls], None], halls: Halls, caplog: pytest.LogCaptureFixture
) -> None:
    shop, world = halls.shop, halls.world
    known_again = put_aside(shop.store, halls.posting)
    world.sync(shop.store)
    known_again()
    listed(halls.second, halls.posting)
    assert on_device(shop.store) >= SHOWN - {"waiting_rows"}
    assert on_device(halls.second) >= SHOWN - {"print_jobs"}
    assert on_device(halls.stranger) >= {"postings", "employers", "print_jobs"}
    assert at_county(world) >= {"postings", "employers", "conflicts", "quarantine"}

    goes(halls)
    with halls.second.write() as session:  # without a line: it has not heard when it writes this
        session.get_one(Posting, halls.posting).contact_name = f"李{MARK}"
    put_aside(halls.second, halls.posting, "red")
    settle(world, shop.store, halls.second, halls.stranger)
    assert at_county(world) == {"quarantine"}
    upkeep(world.county, None)
    settle(world, shop.store, halls.second, halls.stranger)

    assert [on_device(store) for store in halls.stores] == [set()] * 3
    assert at_county(world) == set()
    assert not shows(caplog.text)
    assert [contact(store, halls.posting) for store in halls.stores] == [EMPTY] * 3
    assert world.rows("SELECT 1 FROM purges WHERE reason IN ('hall', 'age')")
    assert not shows([str(line) for line in world.rows("SELECT rows FROM purges")])
    with shop.store.read() as session:  # counts stay right, and every line of who did what
        assert session.scalar(select(Referral.posting_id).where(Referral.posting_id == halls.posting))
        assert audit.first_broken(session) is None


def test_an_open_referral_in_another_hall_keeps_it_everywhere(halls: Halls) -> None:
    later = long_after(halls.shop)
    with halls.shop.store.write() as session:
        state_of(session).last_success_at = later.time()
    assert purge_contacts_due(later.counter) > 0  # of the sample hall
    upkeep(halls.world.county, timedelta(days=DAYS), now() + timedelta(days=2 * DAYS))
    halls.settle()
    assert [contact(store, halls.posting) for store in halls.stores] == [WHOLE] * 3
    becomes(halls.stranger, halls.elsewhere, ReferralState.NO_SHOW)
    halls.settle()
    upkeep(halls.world.county, timedelta(days=DAYS), now() + timedelta(days=2 * DAYS))
    halls.settle()
    assert [contact(store, halls.posting) for store in halls.stores] == [EMPTY] * 3


def test_a_proof_goes_up_and_round(halls: Halls) -> None:
    by_age_at_the_hall(halls)
    halls.settle()
    assert halls.world.one("SELECT count(*) FROM quarantine") == 0
    count = halls.world.one("SELECT count(*) FROM erasures WHERE seeker_id IS NULL AND state = 'done'")
    with halls.second.read() as session:
        proofs = session.scalars(select(Erasure)).all()
    assert len(proofs) == count != 0
    assert not any(shows(proof.rows) for proof in proofs)
    assert halls.world.one("SELECT count(*) FROM purges WHERE reason = 'hall'") != 0


def test_both_devices_of_a_hall_empty_it_the_same_night(halls: Halls) -> None:
    before = halls.world.one("SELECT count(*) FROM conflicts")
    becomes(halls.stranger, halls.elsewhere, ReferralState.CANCELLED)
    halls.settle()
    later = long_after(halls.shop)
    for store in (halls.shop.store, halls.second):
        with store.write() as session:
            state_of(session).last_success_at = later.time()
        assert purge_contacts_due(Shop(store, BEFORE, later.time).counter) > 0
    halls.settle()
    assert [contact(store, halls.posting) for store in halls.stores] == [EMPTY] * 3
    assert halls.world.one("SELECT count(*) FROM conflicts") == before  # nobody has to decide anything


def test_it_goes_although_somebody_else_wrote_the_posting_meanwhile(halls: Halls) -> None:
    before = halls.world.one("SELECT count(*) FROM conflicts")
    becomes(halls.stranger, halls.elsewhere, ReferralState.CANCELLED)
    halls.settle()
    with halls.second.write() as session:
        session.get_one(Posting, halls.posting).title = "样本岗位二"
    halls.world.sync(halls.second)
    later = long_after(halls.shop)
    with halls.shop.store.write() as session:
        state_of(session).last_success_at = later.time()
    purge_contacts_due(later.counter)
    halls.settle()
    for store in halls.stores:
        assert contact(store, halls.posting) == EMPTY
        with store.read() as session:
            assert session.get_one(Posting, halls.posting).title == "样本岗位二"
    assert halls.world.one("SELECT count(*) FROM conflicts") == before
    assert at_county(halls.world) == set()


def test_what_was_never_sent_goes_up_without_the_contact(shop: Shop, county_world: World) -> None:
    """Emptied before the hall joins a county: the outbox holds everything from the first day."""
    posting = posting_of(shop.store, employer_in(shop.store), date(2026, 12, 20))
    becomes(shop.store, refer(shop, posting, 0), ReferralState.LAPSED)
    listed(shop.store, posting)
    assert on_device(shop.store) == SHOWN
    purge_contacts_due(long_after(shop).counter)
    assert on_device(shop.store) == set()
    shop.time.at = now()
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    settle(county_world, shop.store)
    assert at_county(county_world) == set()
    assert county_world.one("SELECT count(*) FROM quarantine") == 0


def test_a_restored_image_brings_nothing_back(halls: Halls) -> None:
    """Everything is sent again, with whom to call: what is emptied stays so."""
    image = halls.world.folder / "image"
    shutil.copytree(halls.second.path.parent, image)
    halls.second.close()
    by_age_at_the_county(halls)
    settle(halls.world, halls.shop.store, halls.stranger)
    restored = halls.world.store("image")
    with restored.write() as session:
        session.get_one(Posting, halls.posting).contact_name = f"李{MARK}"
        session.get_one(Employer, session.get_one(Posting, halls.posting).employer_id).name = f"李{MARK}"
    settle(halls.world, restored, halls.shop.store, halls.stranger)
    upkeep(halls.world.county, None)
    settle(halls.world, restored, halls.shop.store, halls.stranger)
    assert at_county(halls.world) == set()
    assert [on_device(store) for store in (restored, halls.shop.store, halls.stranger)] == [set()] * 3
