"""Personal data and suspensions at the counter: every size and language, and what two people do there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Ban, BanReason, Employer, Erasure, ErasureReason, ErasureState, Seeker
from db.privacy import PURGED
from kiosk.county.bans import BanDesk
from kiosk.county.rights import RightsDesk
from kiosk.identity.document import Sex
from kiosk.seekers.registration import RegistrationDesk
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.test_link import right
from tests.counter_ui.test_screens import SIZES
from tests.seekers.people import CONSENT, PHONE, document
from tests.tools.shop import Shop
from ui.counter.session import Place

BOSS, CLERK, SECOND, FINANCE = range(4)
BORN = date(1985, 3, 4)
NUMBER = str(document(BORN).number)


def registered(shop: Shop, order: int = 0) -> Seeker:
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    card = desk.register(document(BORN, Sex.MALE, order), CONSENT, PHONE, frozenset(), {})
    with shop.store.read() as session:
        return session.get_one(Seeker, card.id)


def employer(shop: Shop) -> str:
    with shop.store.read() as session:
        return session.scalars(select(Employer.name).order_by(Employer.name)).first() or ""


@pytest.mark.parametrize(
    ("size", "language"), [*((size, "zh") for size in SIZES), ("landscape", "en"), ("portrait", "en")]
)
def test_screens(make_clerk: MakeClerk, shop: Shop, tmp_path: Path, size: str, language: str) -> None:
    registered(shop)
    lent = registered(shop, order=1)
    shop.open_drawer(80_000)
    shop.lend(lent.id, "hammer")
    rights, bans = RightsDesk(shop.counter), BanDesk(shop.counter)
    clerk = make_clerk(shop.store, shop.counter.clock, size=SIZES[size]).stands(Place.SIGN_IN)
    if language == "en":
        clerk.tapped("language")
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wrong[name] = right(clerk)
        clerk.picture(tmp_path / f"{name}_{size}_{language}.png")

    clerk.sign_in(BOSS).tapped("tile_rights").stands(Place.RIGHTS)
    look("rights_empty")
    clerk.type(PHONE[-4:])
    clerk.until(lambda: clerk.see("people"))
    look("rights_found")
    names = [row["detail"] for row in clerk.see("people")]
    at = names.index(next(detail for detail in names if detail.endswith(NUMBER[-4:])))
    clerk.tapped(f"found{at}")
    look("rights_person")
    clerk.tapped("erase")
    look("rights_sure")
    clerk.tapped("putAway").type(PHONE[-4:])
    clerk.until(lambda: clerk.see("people"))
    clerk.tapped(f"found{1 - at}")
    look("rights_held")
    [person] = rights.find(shop.boss, NUMBER)
    rights.decide(shop.finance, rights.ask_erase(shop.boss, registered(shop, order=2).id).id, approve=True)
    rights.ask_erase(shop.boss, person.id)
    at_night = {"state": ErasureState.DONE, "requested_at": shop.time(), "decided_at": shop.time()}
    with shop.store.write() as session:  # contacts of old postings
        session.add(Erasure(reason=ErasureReason.AGE, rows={"postings": 2}, **at_night))
    clerk.tapped("home", "lock").sign_in(FINANCE)
    look("home")
    clerk.tapped("tile_rights").stands(Place.RIGHTS)
    clerk.until(lambda: clerk.see("erasures"))
    look("rights_finance")
    clerk.tapped("home", "lock").sign_in(BOSS).tapped("tile_rights", "bans").stands(Place.BANS)
    look("bans_empty")
    clerk.tapped("addBan")
    look("bans_form")
    clerk.tapped("byDigits").type(NUMBER)
    clerk.until(lambda: clerk.see("found"))
    look("bans_found")
    clerk.tapped("side0")
    look("bans_person")
    clerk.tapped("why0", "long0", "writeBan")
    [side] = bans.find(shop.boss, employer(shop))
    bans.ban(shop.boss, side, BanReason.WAGE_WITHHELD, 30)
    clerk.tapped("back", "bans").stands(Place.BANS)
    clerk.until(lambda: len(clerk.see("bans")) == 2)
    look("bans")
    assert {name: found for name, found in wrong.items() if found} == {}


def find(clerk: Clerk, number: str) -> Clerk:
    clerk.type(number)
    clerk.until(lambda: clerk.see("person"))
    return clerk


def test_copied_to_a_stick_and_erased_by_two(make_clerk: MakeClerk, shop: Shop, tmp_path: Path) -> None:
    seeker = registered(shop)
    sticks: list[Path] = []
    clerk = make_clerk(shop.store, shop.counter.clock, mounted=lambda: sticks).sign_in(BOSS)
    find(clerk.tapped("tile_rights"), NUMBER).tapped("export")
    assert clerk.message == "请插上 U 盘，再点一次"
    (tmp_path / "STICK").mkdir()
    sticks.append(tmp_path / "STICK")
    clerk.tapped("export")
    assert "样本甲" in (tmp_path / "STICK" / "gighall" / f"person-{seeker.id}.json").read_text(
        encoding="utf-8"
    )
    clerk.tapped("erase", "erase")
    assert clerk.see("erasures")[0]["waits"]
    assert not clerk.see("erasures")[0]["mayDecide"]
    clerk.tapped("home", "lock").sign_in(FINANCE)
    badges = {tile["place"]: tile["badge"] for tile in clerk.see("tiles")}
    assert badges["rights"] == "1"
    clerk.tapped("tile_rights", "approve0", "approve0")
    with shop.store.read() as session:
        assert session.get_one(Seeker, seeker.id).consent_version == PURGED
        assert session.scalars(select(Erasure.state)).all() == [ErasureState.DONE]
    assert clerk.see("erasures")[0]["text"] == "本人要求删除"


def test_suspended_and_let_back_in(make_clerk: MakeClerk, shop: Shop) -> None:
    registered(shop)
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(BOSS)
    clerk.tapped("tile_rights", "bans", "addBan", "byDigits").type(NUMBER)
    clerk.until(lambda: clerk.see("found"))
    clerk.tapped("side0", "why0", "long0", "writeBan")
    [line] = clerk.see("bans")
    assert (line["text"][:3], line["side"]) == ("样*甲", "暂停中")
    with shop.store.read() as session:
        ban = session.scalars(select(Ban)).one()
        assert (ban.reason, (ban.until - ban.starts_on).days) == (BanReason.NO_SHOW, 6)
    clerk.tapped("endBan", "endBan")
    assert [line["side"] for line in clerk.see("bans")] == ["结束了"]
    assert not clerk.see("mayEnd")
