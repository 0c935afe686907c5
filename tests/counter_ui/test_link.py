"""The county link on the counter's screens: how it stands, enrolling, the stick, conflicts; every size and language."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.models import Conflict, ConflictKind, ConflictState, Posting, RefusedRow, Seeker, SyncState
from kiosk.county.link import LinkTrouble
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.counter_ui.test_screens import SIZES
from tests.county.world import World
from tests.link.world import Told, loop_for
from tests.tools.shop import Shop
from tests.ui.test_screens import Look, faults
from ui.counter.session import Place
from ui.visit.link_words import TROUBLES

BOSS, CLERK = 0, 1


def linked(shop: Shop, trouble: str = "", ago: timedelta | None = timedelta(minutes=7)) -> None:
    """A store that is enrolled somewhere, as its rows say it."""
    at = shop.time()
    with shop.store.write() as session:
        session.merge(
            SyncState(
                id=1,
                county_address="https://county.example:8443",
                authority="",
                county_sign_key=b"",
                county_box_key=b"",
                device_key_sealed=b"",
                index_key_sealed=shop.store.keys.seal_bytes(
                    shop.store.keys.derive("index"), shop.store.origin.device_id.bytes
                ),
                enrolled_at=at - timedelta(days=30),
                acked_epoch=1,
                acked_seq=100,
                last_success_at=None if ago is None else at - ago,
                last_tried_at=at,
                trouble=trouble,
                failures=int(bool(trouble)),
                clock_offset_ms=-1300,
            )
        )


def refused(shop: Shop) -> None:
    with shop.store.write() as session:
        for seq, (table, reason) in enumerate((("seekers", "value"), ("postings", "foreign_hall"))):
            session.add(
                RefusedRow(
                    event_id=uuid7(),
                    seq=seq,
                    table=table,
                    row_id=uuid7(),
                    reason=reason,
                    refused_at=shop.time(),
                )
            )


def conflict(shop: Shop, kind: ConflictKind, table: str, row_id: UUID, **details: object) -> UUID:
    row = Conflict(id=uuid7(), kind=kind, table=table, row_id=row_id, details=dict(details))
    row.state = ConflictState.OPEN
    with shop.store.write() as session:
        session.add(row)
    return row.id


def every_kind(shop: Shop) -> UUID:
    """One of each kind; the seeker they are about."""
    seeker = shop.seeker("欧阳样本")
    with shop.store.read() as session:
        posting = session.scalars(select(Posting.id).limit(1)).one()
    hall = str(shop.store.origin.hall_id)
    conflict(shop, ConflictKind.FIELDS, "seekers", seeker, phone=["13900000011", "13900000002"])
    conflict(shop, ConflictKind.SAME_PERSON, "seekers", seeker, other=str(uuid7()), halls=[hall, "x"])
    conflict(shop, ConflictKind.OVERFILLED, "postings", posting, openings=2, referred=4)
    conflict(
        shop,
        ConflictKind.COUNTY_RULES,
        "postings",
        posting,
        title=["抹灰工", "抹灰工（急招，当天结钱，包午饭）"],
        pay=[18000, 20000],
        place=["样本镇", "样本镇东头"],
    )
    hired_at = [None, "2026-11-18T23:30:00.123456+00:00"]
    conflict(shop, ConflictKind.STATE, "referrals", uuid7(), state=["lapsed", "hired"], hired_at=hired_at)
    conflict(shop, ConflictKind.NOT_OWNER, "tools", uuid7(), state=["in_stock", "out"])
    conflict(shop, ConflictKind.DELETED, "seekers", uuid7())
    return seeker


def says(clerk: Clerk, words: str) -> bool:
    return bool(clerk.see("standing") == words)


def right(clerk: Clerk) -> list[str]:
    clerk.settle()
    return [fault for fault in faults(Look(clerk)) if "above everybody's reach" not in fault]


@pytest.mark.parametrize(
    ("size", "language"), [*((size, "zh") for size in SIZES), ("landscape", "en"), ("portrait", "en")]
)
def test_screens_of_the_link(
    make_clerk: MakeClerk, shop: Shop, tmp_path: Path, size: str, language: str
) -> None:
    sticks: list[Path] = []
    clerk = make_clerk(shop.store, shop.counter.clock, size=SIZES[size], mounted=lambda: sticks)
    clerk.stands(Place.SIGN_IN)
    if language == "en":
        clerk.tapped("language")
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wrong[name] = right(clerk)
        clerk.picture(tmp_path / f"{name}_{size}_{language}.png")

    clerk.sign_in(BOSS).tapped("tile_link").stands(Place.LINK)
    look("link_alone")
    clerk.tapped("enrol").stands(Place.ENROL)
    look("enrol")
    clerk.tapped(*(f"key_{letter}" for letter in "county.example"), "toCode")
    clerk.scan("ABCD-EFGH" * 4)
    look("enrol_typed")
    clerk.tapped("back", "conflicts").stands(Place.CONFLICTS)
    look("conflicts_none")
    linked(shop)
    clerk.tapped("back").stands(Place.LINK)
    clerk.until(lambda: clerk.see("enrolled"))
    look("link_well")
    clerk.tapped("stick").stands(Place.STICK)
    look("stick_none")
    (tmp_path / "STICK").mkdir()
    sticks.append(tmp_path / "STICK")
    clerk.until(lambda: clerk.see("sticks"))
    look("stick")
    for trouble in ("revoked", "cloned", "unknown_device", "county_not_trusted", "county_unreachable"):
        linked(shop, trouble)
        refused(shop)
        clerk.tapped("home", "tile_link").stands(Place.LINK)
        words = clerk.counter.session.text(TROUBLES[LinkTrouble(trouble)][0])
        clerk.until(partial(says, clerk, words))
        assert clerk.see("verdict") == ("warn" if trouble == "county_unreachable" else "error")
        look(f"link_{trouble}")
    linked(shop, ago=timedelta(days=5))
    every_kind(shop)
    clerk.tapped("home").stands(Place.HOME)
    clerk.until(lambda: clerk.see("link"))
    look("home_stale")
    clerk.tapped("tile_link").stands(Place.LINK)
    look("link_stale")
    clerk.tapped("conflicts").stands(Place.CONFLICTS)
    clerk.until(lambda: clerk.see("conflicts"))
    for at in range(7):
        clerk.tapped(f"conflict{at}")
        look(f"conflict{at}")
    assert {name: found for name, found in wrong.items() if found} == {}


def test_home_tells_and_a_clerk_cannot_enrol(make_clerk: MakeClerk, shop: Shop) -> None:
    linked(shop, "revoked")
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK)
    clerk.until(lambda: clerk.see("link"))
    assert clerk.see("link") == "县里：县里已停用这台机器"
    badge = clerk.app.find("badge_link")
    assert badge is not None
    clerk.tapped("tile_link").stands(Place.LINK)
    clerk.until(lambda: clerk.see("standing"))
    assert "登记码" in clerk.see("advice")
    assert clerk.app.find("enrol") is None
    assert clerk.app.find("stick") is None


def test_conflict_is_decided_with_a_name(make_clerk: MakeClerk, shop: Shop) -> None:
    seeker = every_kind(shop)
    clerk = make_clerk(shop.store, shop.counter.clock).sign_in(CLERK)
    clerk.until(lambda: clerk.see("tiles") and any(t["badge"] == "7" for t in clerk.see("tiles")))
    clerk.tapped("tile_link", "conflicts").stands(Place.CONFLICTS)
    clerk.until(lambda: clerk.see("conflicts"))
    sides = clerk.see("sides")
    assert [(side["stands"], side["other"]) for side in sides] == [("139 **** 0011", "139 **** 0002")]
    assert clerk.see("conflicts")[0]["detail"].startswith("欧阳*本")
    clerk.tapped("choice_taken")
    assert len(clerk.see("conflicts")) == 6
    with shop.store.read() as session:
        assert session.get_one(Seeker, seeker).phone == "13900000002"
        decided = session.scalars(select(Conflict).where(Conflict.state == ConflictState.RESOLVED)).one()
        assert (decided.resolution, decided.resolved_by) == ("taken", "clerk")
    # one person twice: only a supervisor makes them one
    clerk.tapped("conflict0")
    assert [choice["choice"] for choice in clerk.see("choices")] == ["noted"]
    # a moment is said as on the wall
    clerk.tapped("conflict3")
    both = {side["fact"]: (side["stands"], side["other"]) for side in clerk.see("sides")}
    assert both["谈成时间"] == ("—", "11月19日 07:30")


def test_from_the_code_to_the_first_sync(
    make_clerk: MakeClerk, shop: Shop, county_world: World, tmp_path: Path
) -> None:
    """Typed on the screen, over a real county; then the stick that is plugged in."""
    told = Told()
    loop = loop_for(shop.store, told)
    loop.start()
    (tmp_path / "STICK").mkdir()
    clerk = make_clerk(
        shop.store, shop.counter.clock, loop=loop, mounted=lambda: [tmp_path / "STICK"]
    ).sign_in(BOSS)
    clerk.tapped("tile_link", "enrol").stands(Place.ENROL)
    address = county_world.server.address.removeprefix("https://")
    clerk.tapped("toAddress") if clerk.see("atCode") else None
    clerk.tapped(*(f"key_{letter}" for letter in address))
    clerk.scan(county_world.code())
    clerk.tapped("enrolNow")
    clerk.stands(Place.LINK)
    told.wait(lambda stands: stands.last_success_at is not None)
    clerk.until(lambda: clerk.see("verdict") == "ok")
    assert clerk.see("standing") == "和县里是通的"
    assert loop.stop()
    assert county_world.one("SELECT count(*) FROM enrolled") == 1
    clerk.tapped("stick").stands(Place.STICK)
    clerk.until(lambda: clerk.see("sticks"))
    clerk.tapped("write")
    clerk.until(lambda: clerk.see("told"))
    assert list((tmp_path / "STICK" / "gighall").glob("*.ask"))
    clerk.tapped("read")
    assert clerk.message == "这个 U 盘上没有县里给这台机器的回信"
