"""One person, everywhere a hall and its county keep something: marked, erased, and looked for byte by byte."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from db.county.embedded import driver_dsn
from db.county.errors import CountyKeyWrong
from db.county.purge import export_person, purge, purge_older
from db.county.upkeep import upkeep
from db.errors import StoreKeyWrong
from db.models import (
    Ban,
    BanReason,
    Base,
    CallNote,
    CashPosting,
    Conflict,
    ConflictKind,
    Erasure,
    Referral,
    Rental,
    Seeker,
    SkillLevel,
    Staff,
    WaitingRow,
    now,
)
from db.models.base import PERSONAL
from db.outbox import Shape, columns_of, row_payload, shapes, values_of
from db.privacy import PURGED
from db.store import Store
from db.sync.pull import place
from db.sync.state import state_of
from kiosk.county.holds import Hold
from kiosk.county.link import LinkDesk
from kiosk.county.rights import RightsDesk, _rows_of
from kiosk.errors import Refused
from kiosk.leftovers import sweep
from kiosk.printing_desk import PrintDesk
from kiosk.seekers.card import Hardship
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Retention, Settings
from kiosk.staff import audit
from kiosk.tools.photos import PhotoShelf
from tests.county.test_conflicts import settle
from tests.county.world import World, set_up
from tests.link.test_rights import referred
from tests.outbox_rows import rewrite, values_at
from tests.seekers.people import CONSENT, document
from tests.tools.shop import Shop
from tests.tools.test_photos import PHOTO

MARK = "XQZMARK"  # in everything somebody may have typed
PHONE = "13900009876"
BORN = date(1981, 2, 3)
NUMBER = str(document(BORN).number)
MARKS = (MARK, PHONE, NUMBER, BORN.isoformat())
# tables of a device that show a mark before; the rest holds only sums, states and references
SHOWN = {
    "seekers",
    "rentals",
    "rental_lines",
    "deductions",
    "disputes",
    "call_notes",
    "locker_uses",
    "cash_postings",
    "conflicts",
    "print_jobs",
    "outbox",
}
Find = dict[str, set[str]]


# -- one person, in everything


def somebody(shop: Shop) -> UUID:
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    paper = replace(document(BORN, name=f"张{MARK}"), address=f"样本市{MARK}路")
    skills = {"bricklayer": SkillLevel.JUNIOR}
    return desk.register(paper, CONSENT, PHONE, frozenset({Hardship.DISABLED}), skills).id


def busy_life(shop: Shop, seeker: UUID) -> None:
    """A slip, a lost tool that is paid for and disputed, a locker, a call: each by its desk, all of it settled."""
    referred(shop, seeker)
    shop.open_drawer(200_000)
    called_off = shop.signed(seeker, "hammer")
    shop.rental.take_deposit(shop.clerk, called_off.id)
    shop.rental.cancel(shop.clerk, called_off.id, MARK)
    lost = shop.lend(seeker, "rotary_hammer")
    shop.register.note_call(shop.clerk, lost.id, MARK)
    line = shop.returns.report_lost(shop.clerk, lost.lines[0].id, MARK).lines[0]
    settled = shop.settle_owing(lost.id)
    shop.money.pay_due(shop.clerk, settled.id, settled.owed)
    shop.lockers.store(shop.clerk, shop.lockers.lockers()[0].id, seeker, MARK)
    shop.disputes.note(shop.clerk, line.id, MARK)


def ended(shop: Shop, seeker: UUID) -> None:
    [dispute] = shop.disputes.open(seeker)
    shop.disputes.answer(shop.clerk, shop.boss, dispute.dispute.id, MARK, 10_000)
    use = shop.lockers.lockers()[0].use_id
    assert use is not None
    shop.lockers.collect(shop.clerk, use, MARK)
    shop.time.forward(days=2)
    with shop.store.write() as session:
        for referral in session.scalars(select(Referral).where(Referral.seeker_id == seeker)):
            referral.state = referral.state.LAPSED


def filled(shop: Shop, seeker: UUID) -> list[Path]:
    """A mark in every personal column of every row that leads to the person, and in every copy; files of theirs."""
    shelf, prints = PhotoShelf(shop.store), PrintDesk(shop.store)
    photo = shelf.keep(PHOTO)
    with shop.store.write() as session:
        for row in rows_about(session, seeker):
            for column in type(row).__table__.columns:
                if column.info == PERSONAL and type(row) is not Seeker:
                    value: Any = getattr(row, column.key)
                    if isinstance(value, str):
                        setattr(row, column.key, MARK)
                    elif column.key == "photos":
                        setattr(row, column.key, [photo])
        rental = session.scalars(select(Rental.id).where(Rental.seeker_id == seeker)).first()
        number = session.scalars(select(Referral.slip_number).where(Referral.seeker_id == seeker)).one()
        for table, about in (("seekers", seeker), ("rentals", rental)):
            session.add(
                Conflict(
                    id=uuid7(),
                    kind=ConflictKind.FIELDS,
                    table=table,
                    row_id=about,
                    details={"name": ["", MARK]},
                )
            )
        person = session.get_one(Seeker, seeker)
        over = now().date() - timedelta(days=9)
        session.add(
            Ban(
                id=uuid7(),
                person=person.number_index,
                reason=BanReason.NO_SHOW,
                starts_on=over,
                until=over,
                decided_by="样本",
            )
        )
    slip = prints.keep(number, b"\x89PNG" + MARK.encode())
    return [shop.store.path.with_name("photos") / photo, slip]


def rows_about(session: Any, seeker: UUID) -> Iterator[Base]:
    for rows in _rows_of(session, seeker).values():
        yield from rows


def put_aside(store: Store, seeker: UUID) -> Callable[[], None]:
    """Rows the county cannot read whole: of a newer schema, and of a table it does not know.

    Call what comes back when they were sent: no device holds rows that it does not know itself.
    """
    with store._writer.begin() as connection:
        found = connection.execute(
            text("SELECT seq, payload, shape FROM outbox WHERE \"table\" = 'call_notes' ORDER BY seq LIMIT 1")
        ).one()
        rewrite(connection, found.seq, values_at(connection, found.seq) | {"shade": MARK})
        unknown = msgspec.json.encode({"id": str(uuid4()), "seeker_id": str(seeker), "said": MARK})
        connection.execute(
            text(
                'INSERT INTO outbox (epoch, event_id, "table", row_id, op, schema_version, payload, written_at,'
                " changed) VALUES (1, :e, 'inventions', :r, 'I', '9999', :p, '2026-11-20 00:00:00', '')"
            ),
            {"e": uuid4().hex, "r": uuid4().hex, "p": unknown},
        )

    def known_again() -> None:
        with store._writer.begin() as connection:
            connection.execute(text("DELETE FROM outbox WHERE \"table\" = 'inventions'"))
            connection.execute(
                text("UPDATE outbox SET payload = :p, shape = :h WHERE seq = :s"),
                {"p": found.payload, "h": found.shape, "s": found.seq},
            )

    return known_again


def not_placed(store: Store, seeker: UUID) -> None:
    """A row of theirs that still waits on another machine."""
    with store.write() as session:
        rental = session.scalars(select(Rental).where(Rental.seeker_id == seeker)).first()
        assert rental is not None
        values = values_of(row_payload(rental), columns_of(Rental)) | {
            "id": str(uuid4()),
            "reason": MARK,
            "serial": "?",
        }
        session.add(
            WaitingRow(
                table="rentals",
                row_id=UUID(values["id"]),
                op="P",
                payload=msgspec.json.encode(values),
                reason="value",
                since=now(),
            )
        )


# -- looking for the marks


def shows(*said: Any) -> bool:
    whole = " ".join(
        one.decode("utf-8", "ignore")
        if isinstance(one, bytes)
        else json.dumps(one, ensure_ascii=False, default=str)
        for one in said
    )
    return any(mark in whole or mark.encode().hex() in whole for mark in MARKS)


def on_device(store: Store) -> set[str]:
    """Tables with a row that shows a mark, what is sealed opened; and files."""
    found = set()
    with store.read() as session:
        known = shapes(session.connection())
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for name in names:
            for row in session.execute(text(f'SELECT * FROM "{name}"')).mappings():
                if shows(*row.values()) or shows(*opened_here(store, dict(row), known)):
                    found.add(str(name))
    for path in store.path.parent.rglob("*"):
        if path.is_file() and shows(path.read_bytes()):
            found.add(path.name)
    return found


def opened_here(store: Store, row: dict[str, Any], known: dict[int, Shape]) -> Iterator[Any]:
    if "number_sealed" in row:
        yield store.keys.open(row["number_sealed"], UUID(row["id"]).bytes)
    if row.get("table") == "seekers" and "payload" in row:
        shape = row.get("shape")
        values = values_of(row["payload"], known[shape].columns if shape is not None else ())
        sealed = values.get("number_sealed")
        if sealed:
            try:
                yield store.keys.open(base64.b64decode(sealed), UUID(values["id"]).bytes)
            except StoreKeyWrong:
                yield sealed  # a waiting row carries it as it is


def at_county(world: World) -> set[str]:
    """The same of every table of the database, as a dump would show it, and with the county's keys."""
    found = set()
    keys = world.county.keys
    with psycopg.connect(driver_dsn(world.dsn)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            cursor = connection.execute(f'SELECT t::text, t.* FROM "{name}" t'.encode())
            columns = [column.name for column in cursor.description or ()]
            for line in cursor:
                row = dict(zip(columns, line, strict=True))
                context = row.get("event_id" if name == "quarantine" else "id")
                said: list[Any] = [row["t"]]
                for value in line[1:]:
                    if isinstance(value, bytes) and isinstance(context, UUID):
                        try:
                            said.append(keys.open(value, context.bytes))
                        except CountyKeyWrong:
                            said.append(value)
                if shows(*said):
                    found.add(str(name))
    return found


def money(world: World, *stores: Store) -> list[Any]:
    """The cash book, as every side has it."""
    found: list[Any] = [world.rows("SELECT id, amount, debit, credit FROM cash_postings ORDER BY id")]
    for store in stores:
        with store.read() as session:
            kinds = (CashPosting.id, CashPosting.amount, CashPosting.debit, CashPosting.credit)
            found.append(
                [(i, a, d.value, c.value) for i, a, d, c in session.execute(select(*kinds).order_by("id"))]
            )
    return found


# -- the ways somebody goes


def on_request(shop: Shop, world: World, seeker: UUID) -> None:
    desk = RightsDesk(shop.counter)
    desk.decide(shop.finance, desk.ask_erase(shop.boss, seeker).id, approve=True)


def by_age_at_the_hall(shop: Shop, world: World, seeker: UUID) -> None:
    with shop.store.write() as session:
        session.get_one(Seeker, seeker).last_seen_at = shop.time() - timedelta(days=400)
    with world.client(shop.store):
        world.sync(shop.store)
    old = Shop(shop.store, Settings(retention=Retention(seeker_days=365)), shop.time)
    with shop.store.write() as session:
        state_of(session).last_success_at = shop.time()
    assert RightsDesk(old.counter).purge_due() == 1


def by_age_at_the_county(shop: Shop, world: World, seeker: UUID) -> None:
    with shop.store.write() as session:
        session.get_one(Seeker, seeker).last_seen_at = now() - timedelta(days=400)
    world.sync(shop.store)
    assert purge_older(world.county, now() - timedelta(days=365)) == 1


def asked_at_the_county(shop: Shop, world: World, seeker: UUID) -> None:
    assert purge(world.county, [seeker], "request") == 1


@pytest.mark.parametrize(
    "goes",
    [on_request, by_age_at_the_hall, by_age_at_the_county, asked_at_the_county],
    ids=lambda goes: goes.__name__,
)
def test_nothing_of_a_person_is_left_anywhere(
    goes: Any, shop: Shop, county_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    seeker = somebody(shop)
    busy_life(shop, seeker)
    ended(shop, seeker)
    files = filled(shop, seeker)
    known_again = put_aside(shop.store, seeker)
    assert on_device(shop.store) >= SHOWN
    second = county_world.device("b", hall=shop.store.origin.hall_id)
    stranger = county_world.device("c")
    set_up(stranger)
    settle(county_world, shop.store, second, stranger)
    known_again()
    with county_world.client(stranger) as client:
        place(stranger, client.look_up(stranger.keys.index(NUMBER)).rows)
    not_placed(second, seeker)
    assert on_device(second) >= SHOWN - {"print_jobs", "outbox"} | {"waiting_rows"}
    assert on_device(stranger) == {"seekers"}
    kept = at_county(county_world)
    assert kept >= SHOWN - {"print_jobs", "outbox"} | {"quarantine"}
    assert len(county_world.rows("SELECT 1 FROM quarantine")) == 2
    before = money(county_world, shop.store, second)
    with second.write() as session:  # without a line: it has not heard when it writes this
        late = session.scalars(select(Rental).where(Rental.seeker_id == seeker)).first()
        assert late is not None
        staff = session.scalars(select(Staff.id)).first()
        session.add(CallNote(id=uuid7(), rental_id=late.id, staff_id=staff, called_at=now(), note=MARK))

    goes(shop, county_world, seeker)
    settle(county_world, shop.store, second, stranger)
    upkeep(county_world.county, None)
    settle(county_world, shop.store, second, stranger)
    for path in files:  # whoever erased it elsewhere leaves the photo to this machine's night
        if path.exists():
            yesterday = (now() - timedelta(days=2)).timestamp()
            os.utime(path, (yesterday, yesterday))
    sweep(shop.store, now())

    assert on_device(shop.store) == on_device(second) == on_device(stranger) == set()
    assert at_county(county_world) == set()
    assert [path for path in files if path.exists()] == []
    assert export_person(county_world.county, NUMBER) == {}
    assert not shows(caplog.text)
    for store in (shop.store, second, stranger):
        with store.read() as session:
            assert session.get_one(Seeker, seeker).consent_version == PURGED
            assert session.scalars(select(WaitingRow.row_id).where(WaitingRow.table == "seekers")).all() == []
    # what has to stay stays: every fen, every line of who did what
    assert money(county_world, shop.store, second) == before
    assert len(before[0]) > 5
    with shop.store.read() as session:
        assert audit.first_broken(session) is None
        proofs = session.scalars(select(Erasure.rows)).all()
    assert not any(str(seeker) in str(rows) for rows in proofs)
    assert county_world.one("SELECT count(*) FROM bans") == 0  # it had ended


def test_what_was_never_sent_goes_up_without_the_person(shop: Shop, county_world: World) -> None:
    """Erased before the hall joins a county: the outbox holds everything from the first day."""
    seeker = somebody(shop)
    busy_life(shop, seeker)
    ended(shop, seeker)
    filled(shop, seeker)
    on_request(shop, county_world, seeker)
    assert on_device(shop.store) == set()
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    settle(county_world, shop.store)
    assert at_county(county_world) == set()
    assert county_world.one("SELECT count(*) FROM quarantine") == 0
    assert county_world.one("SELECT count(*) FROM rentals WHERE seeker_id = %s", seeker) == 2


def test_what_is_open_holds_it_back_and_says_why(shop: Shop, county_world: World) -> None:
    LinkDesk(shop.counter).enrol(shop.boss, county_world.server.address, county_world.code())
    seeker = somebody(shop)
    desk = RightsDesk(shop.counter)
    busy_life(shop, seeker)
    [card] = desk.find(shop.boss, NUMBER)
    assert card.holds == (Hold.DISPUTE, Hold.LOCKER, Hold.REFERRAL)
    with pytest.raises(Refused) as refused:
        desk.ask_erase(shop.boss, seeker)
    assert refused.value.context["reason"] == "open_dispute"
    shop.time.forward(days=2)
    with shop.store.write() as session:
        for referral in session.scalars(select(Referral)):
            referral.state = referral.state.LAPSED
        session.get_one(Seeker, seeker).last_seen_at = now() - timedelta(days=4000)
    county_world.sync(shop.store)
    assert purge_older(county_world.county, now()) == 0
    assert desk.purge_due() == 0
    use = shop.lockers.lockers()[0].use_id
    assert use is not None
    shop.lockers.collect(shop.clerk, use)
    county_world.sync(shop.store)
    assert purge_older(county_world.county, now()) == 0  # the dispute alone
    [dispute] = shop.disputes.open(seeker)
    shop.disputes.answer(shop.clerk, shop.boss, dispute.dispute.id, "退", 0)
    county_world.sync(shop.store)
    assert purge_older(county_world.county, now()) == 1
