"""What is kept of a person: shown, taken along, erased by two, and gone everywhere; and by age at night."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text

from db.county.purge import export_person, purge
from db.county.upkeep import upkeep
from db.models import Erasure, ErasureReason, ErasureState, PrintJob, Seeker, SyncState, now
from db.privacy import PURGED
from db.store import Store
from db.sync.errors import StickInvalid
from kiosk.county.holds import Hold
from kiosk.county.link import LinkDesk
from kiosk.county.rights import PersonCard, RightsDesk
from kiosk.errors import NotAllowed, Refused, StepInvalid
from kiosk.identity.document import Sex
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Retention, Settings
from tests.county.test_conflicts import settle
from tests.county.world import World
from tests.link.world import Told, loop_for
from tests.seekers.people import CONSENT, PHONE, document
from tests.tools.shop import Shop

BORN = date(1985, 3, 4)
NUMBER = str(document(BORN).number)


def registered(shop: Shop, order: int = 0) -> UUID:
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    return desk.register(document(BORN, Sex.MALE, order), CONSENT, PHONE, frozenset(), {}).id


def referred(shop: Shop, seeker_id: UUID) -> None:
    clock, codes = shop.counter.clock, shop.counter.codes
    board = JobBoard(shop.store, shop.settings, clock)
    people = RegistrationDesk(shop.store, shop.settings, clock, codes)
    seeker = people.update(seeker_id)
    ReferralDesk(shop.store, shop.settings, clock, codes, board).refer(seeker, board.find(JobQuery()).ids[0])


def only(shop: Shop) -> PersonCard:
    [card] = RightsDesk(shop.counter).find(shop.boss, NUMBER)
    return card


def traces(store: Store) -> list[str]:
    """Tables in which the person's name, number, phone or address still stands readable."""
    wanted = ("样本甲", NUMBER, PHONE, "样本市样本路")
    found = []
    with store.read() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for name in names:
            if name.startswith(("posting_grams", "sqlite_", "outbox")):  # the outbox is on its way up
                continue
            for row in session.execute(text(f'SELECT * FROM "{name}"')):
                said = " ".join(v.decode("utf-8", "ignore") if isinstance(v, bytes) else str(v) for v in row)
                if any(word in said for word in wanted):
                    found.append(name)
    return sorted(set(found))


def test_everything_kept_is_taken_along(shop: Shop, tmp_path: Path) -> None:
    seeker = registered(shop)
    referred(shop, seeker)
    shop.open_drawer(80_000)
    shop.lend(seeker, "hammer")
    desk, card = RightsDesk(shop.counter), only(shop)
    assert NUMBER not in repr(card)
    kept = dict(card.kept)
    assert kept["seekers"] == kept["rentals"] == kept["referrals"] == 1
    assert kept["rental_lines"] == 1
    with pytest.raises(NotAllowed):
        desk.export(shop.clerk, seeker, tmp_path / "out")
    path = desk.export(shop.boss, seeker, tmp_path / "out")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["seekers"][0]["number_sealed"] == NUMBER
    assert told["seekers"][0]["name"] == "样本甲"
    assert "number_index" not in told["seekers"][0]
    assert told.keys() == kept.keys()
    book = load_workbook(path.with_suffix(".xlsx"))
    assert book.sheetnames == list(kept)
    assert [cell.value for cell in book["seekers"][1]] == list(told["seekers"][0])
    (tmp_path / "file").touch()
    with pytest.raises(StickInvalid):
        desk.export(shop.boss, seeker, tmp_path / "file")


def test_nothing_is_erased_while_something_is_open(shop: Shop) -> None:
    desk, seeker = RightsDesk(shop.counter), registered(shop)
    shop.open_drawer(80_000)
    rental = shop.lend(seeker, "hammer")
    assert rental is not None
    assert only(shop).holds == (Hold.RENTAL,)
    with pytest.raises(Refused) as refused:
        desk.ask_erase(shop.boss, seeker)
    assert refused.value.context["reason"] == "open_rental"
    other = registered(shop, order=1)
    referred(shop, other)
    with pytest.raises(Refused) as refused:
        desk.ask_erase(shop.boss, other)
    assert refused.value.context["reason"] == "open_referral"


def test_what_opens_after_it_was_asked_for_holds_too(shop: Shop) -> None:
    desk, seeker = RightsDesk(shop.counter), registered(shop)
    erasure = desk.ask_erase(shop.boss, seeker)
    referred(shop, seeker)
    with pytest.raises(Refused):
        desk.decide(shop.finance, erasure.id, approve=True)
    assert desk.decide(shop.finance, erasure.id, approve=False).rows == 0
    assert only(shop).name == "样*甲"


def test_it_takes_two_and_leaves_a_proof_without_anybody(shop: Shop) -> None:
    desk, seeker = RightsDesk(shop.counter), registered(shop)
    with pytest.raises(NotAllowed):
        desk.ask_erase(shop.clerk, seeker)
    erasure = desk.ask_erase(shop.boss, seeker)
    with pytest.raises(StepInvalid):
        desk.ask_erase(shop.boss, seeker)
    for nobody, reason in ((shop.boss, "same_person"), (shop.clerk, "role")):
        with pytest.raises(NotAllowed) as refused:
            desk.decide(nobody, erasure.id, approve=True)
        assert refused.value.context["reason"] == reason
    assert "seekers" in traces(shop.store)
    done = desk.decide(shop.finance, erasure.id, approve=True)
    assert done.person == ""
    assert (done.requested_by, done.decided_by, done.rows) == ("钱*主任", "finance", 1)
    assert traces(shop.store) == []
    assert desk.find(shop.boss, NUMBER) == ()
    with pytest.raises(StepInvalid):
        desk.decide(shop.finance, erasure.id, approve=True)


def test_papers_about_a_person_go_too(shop: Shop) -> None:
    desk, seeker, other = RightsDesk(shop.counter), registered(shop), registered(shop, order=1)
    for one in (seeker, other):
        referred(shop, one)
    shop.time.forward(days=2)
    codes, clock = shop.counter.codes, shop.counter.clock
    board = JobBoard(shop.store, shop.settings, clock)
    assert ReferralDesk(shop.store, shop.settings, clock, codes, board).lapse_due() == 2
    erasure = desk.ask_erase(shop.boss, seeker)
    assert desk.decide(shop.finance, erasure.id, approve=True).rows == 2
    with shop.store.read() as session:
        [left] = session.scalars(select(PrintJob))
    assert left is not None
    assert desk.card(shop.boss, other).name == "样*甲"


def test_papers_of_cash_that_moved_later_go_too(shop: Shop) -> None:
    desk, seeker = RightsDesk(shop.counter), registered(shop)
    shop.open_drawer(100_000)
    called_off = shop.signed(seeker, "hammer")
    shop.rental.take_deposit(shop.clerk, called_off.id)
    shop.rental.cancel(shop.clerk, called_off.id, "不租了")
    lost = shop.lend(seeker, "rotary_hammer")
    line = shop.returns.report_lost(shop.clerk, lost.lines[0].id, "丢了").lines[0]
    settled = shop.settle_owing(lost.id)
    shop.money.pay_due(shop.clerk, settled.id, settled.owed)
    [dispute] = shop.disputes.note(shop.clerk, line.id, "没有丢").lines[0].disputes
    shop.disputes.answer(shop.clerk, shop.boss, dispute.id, "退一半", 10_000)
    with shop.store.read() as session:
        kinds = {job.document.partition(":")[0] for job in session.scalars(select(PrintJob))}
    assert kinds == {"deposit", "cancel", "rental", "return", "due", "refund"}
    erasure = desk.ask_erase(shop.boss, seeker)
    desk.decide(shop.finance, erasure.id, approve=True)
    with shop.store.read() as session:
        assert session.scalars(select(PrintJob)).all() == []


def test_erased_here_it_is_gone_at_the_county_and_everywhere(shop: Shop, county_world: World) -> None:
    seeker = registered(shop)
    desk, link = RightsDesk(shop.counter), LinkDesk(shop.counter)
    link.enrol(shop.boss, county_world.server.address, county_world.code())
    county_world.sync(shop.store)
    second = county_world.device("b", hall=shop.store.origin.hall_id)
    settle(county_world, second)
    assert "seekers" in traces(second)
    assert export_person(county_world.county, NUMBER)
    desk.decide(shop.finance, desk.ask_erase(shop.boss, seeker).id, approve=True)
    settle(county_world, shop.store, second)
    assert export_person(county_world.county, NUMBER) == {}
    assert traces(shop.store) == traces(second) == []
    with second.read() as session:
        proof = session.scalars(select(Erasure)).one()
        assert (proof.reason, proof.rows) == (ErasureReason.REQUEST, {"seekers": 1})
    assert county_world.one("SELECT count(*) FROM erasures WHERE state = 'done'") == 1
    assert county_world.one("SELECT count(*) FROM purges") == 1


def test_at_night_those_go_who_were_not_seen_for_long(shop: Shop) -> None:
    old, working, recent = (registered(shop, order) for order in range(3))
    for one in (old, working):
        with shop.store.write() as session:
            session.get_one(Seeker, one).last_seen_at = shop.time() - timedelta(days=400)
    shop.open_drawer(80_000)
    shop.lend(working, "hammer")
    kept_for_ever = RightsDesk(
        Shop(shop.store, Settings(retention=Retention(seeker_days=0)), shop.time).counter
    )
    assert kept_for_ever.purge_due() == 0
    desk = RightsDesk(Shop(shop.store, Settings(retention=Retention(seeker_days=365)), shop.time).counter)
    assert desk.purge_due() == 1
    assert desk.purge_due() == 0
    with shop.store.read() as session:
        gone = session.scalars(select(Seeker.id).where(Seeker.consent_version == PURGED)).all()
        proof = session.scalars(select(Erasure)).one()
    assert gone == [old]
    assert recent not in gone
    assert (proof.seeker_id, proof.reason, proof.requested_by) == (old, ErasureReason.AGE, None)


def test_a_device_that_is_out_of_touch_purges_nobody(shop: Shop) -> None:
    """Somebody may have been seen in another hall meanwhile."""
    old = registered(shop)
    with shop.store.write() as session:
        session.get_one(Seeker, old).last_seen_at = shop.time() - timedelta(days=4000)
        session.add(
            SyncState(
                id=1,
                county_address="https://county.example",
                authority="",
                county_sign_key=b"",
                county_box_key=b"",
                device_key_sealed=b"",
                index_key_sealed=shop.store.keys.seal_bytes(b"i" * 32, shop.store.origin.device_id.bytes),
                enrolled_at=shop.time(),
                last_success_at=shop.time() - timedelta(days=3),
            )
        )
    desk = RightsDesk(shop.counter)
    assert desk.purge_due() == 0
    with shop.store.write() as session:
        session.get_one(SyncState, 1).last_success_at = shop.time()
    assert desk.purge_due() == 1


def test_the_loop_does_it_once_a_night(shop: Shop) -> None:
    old = registered(shop)
    with shop.store.write() as session:
        session.get_one(Seeker, old).last_seen_at = now() - timedelta(days=4000)
    told = Told()
    loop = loop_for(shop.store, told, chores=RightsDesk(shop.counter).purge_due)
    loop.sync_soon()
    loop.start()
    told.wait(lambda _: True)
    assert loop.stop()
    with shop.store.read() as session:
        assert session.get_one(Seeker, old).consent_version == PURGED


def waiting_request(shop: Shop, world: World) -> tuple[UUID, UUID]:
    """An enrolled hall in which a person asked to be erased; the second of the staff has not decided."""
    LinkDesk(shop.counter).enrol(shop.boss, world.server.address, world.code())
    seeker = registered(shop)
    asked = RightsDesk(shop.counter).ask_erase(shop.boss, seeker)
    settle(world, shop.store)
    return seeker, asked.id


def requests(store: Store) -> list[tuple[ErasureReason, ErasureState, bool]]:
    """Reason, state, and whether it says what went."""
    with store.read() as session:
        found = session.scalars(select(Erasure).order_by(Erasure.id))
        return [(one.reason, one.state, bool(one.rows) and one.decided_at is not None) for one in found]


ENDED = [(ErasureReason.REQUEST, ErasureState.DONE, True)]


def test_erased_at_the_county_what_was_asked_for_here_is_done(shop: Shop, county_world: World) -> None:
    seeker, asked = waiting_request(shop, county_world)
    purge(county_world.county, [seeker], "request")
    settle(county_world, shop.store)
    desk = RightsDesk(shop.counter)
    assert desk.waiting() == 0
    assert requests(shop.store) == ENDED
    [card] = desk.erasures()
    assert (card.id, card.state, card.person, card.decided_by) == (asked, ErasureState.DONE, "", "")
    assert card.rows == 1
    with pytest.raises(StepInvalid):
        desk.decide(shop.finance, asked, approve=False)
    assert str(seeker) not in str(county_world.rows("SELECT rows FROM erasures"))


@pytest.mark.parametrize("approve", [True, False])
def test_decided_here_before_the_county_was_heard_it_ends_once(
    shop: Shop, county_world: World, approve: bool
) -> None:
    """The person is gone everywhere, whatever the hall still thought; nobody has anything to decide."""
    seeker, asked = waiting_request(shop, county_world)
    purge(county_world.county, [seeker], "request")
    RightsDesk(shop.counter).decide(shop.finance, asked, approve)
    settle(county_world, shop.store)
    assert requests(shop.store) == ENDED
    assert county_world.rows("SELECT state FROM erasures") == [("done",)]
    assert county_world.one("SELECT count(*) FROM conflicts") == 0


def test_asked_for_before_the_county_was_heard_it_is_done_at_night(shop: Shop, county_world: World) -> None:
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    seeker = registered(shop)
    settle(county_world, shop.store)
    purge(county_world.county, [seeker], "request")
    RightsDesk(shop.counter).ask_erase(shop.boss, seeker)
    settle(county_world, shop.store)
    upkeep(county_world.county, None)
    settle(county_world, shop.store)
    assert requests(shop.store) == [
        (ErasureReason.REQUEST, ErasureState.DONE, False)
    ]  # nothing was left to go


def test_what_was_refused_stays_refused(shop: Shop, county_world: World) -> None:
    seeker, asked = waiting_request(shop, county_world)
    RightsDesk(shop.counter).decide(shop.finance, asked, approve=False)
    settle(county_world, shop.store)
    purge(county_world.county, [seeker], "request")
    settle(county_world, shop.store)
    assert requests(shop.store) == [(ErasureReason.REQUEST, ErasureState.REFUSED, False)]


def test_by_age_what_was_asked_for_is_done_and_proved_once(shop: Shop) -> None:
    """Nobody decided for as long as data is kept."""
    seeker = registered(shop)
    desk = RightsDesk(shop.counter)
    desk.ask_erase(shop.boss, seeker)
    with shop.store.write() as session:
        session.get_one(Seeker, seeker).last_seen_at = now() - timedelta(days=4000)
    assert desk.purge_due() == 1
    assert requests(shop.store) == ENDED
    assert desk.waiting() == 0


def test_what_a_scanner_left_in_a_text_keeps_nobody_from_their_copy(shop: Shop, tmp_path: Path) -> None:
    """Spreadsheets know no control characters, and a text that begins like a formula is none."""
    seeker = registered(shop)
    with shop.store.write() as session:
        session.get_one(Seeker, seeker).address = "=样本路\x1d1 号\x0b"
    path = RightsDesk(shop.counter).export(shop.boss, seeker, tmp_path)
    assert json.loads(path.read_text(encoding="utf-8"))["seekers"][0]["address"] == "=样本路\x1d1 号\x0b"
    rows = load_workbook(path.with_suffix(".xlsx"))["seekers"].iter_rows(values_only=True)
    assert "'=样本路1 号" in list(rows)[1]
