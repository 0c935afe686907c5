"""Slips that people bring, scanned and typed at the counter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.identity.document import Assurance, IdentityDocument, Sex
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.cards import JobQuery
from kiosk.jobs.referrals import ReferralDesk
from kiosk.seekers.registration import RegistrationDesk
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import PORTRAIT

CLERK = 1
PERSON = IdentityDocument(
    Assurance.CHIP, "周样本", Sex.MALE, "汉", date(1988, 1, 1), "样本路 1 号", "130534198801010011"
)


@pytest.fixture
def slip(shop: Shop) -> str:
    """The number of a slip that was just handed out."""
    board = JobBoard(shop.store, shop.settings, shop.counter.clock)
    desk = ReferralDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes, board)
    people = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    seeker = people.register(PERSON, shop.time(), "13900000011", frozenset(), {})
    return desk.refer(seeker, board.find(JobQuery(), seeker).ids[0]).slip_number


def code_of(shop: Shop, number: str) -> str:
    device, serial = map(int, number.split("-"))
    return shop.counter.codes.make(SlipCode(CodeKind.MATCH_SLIP, device, serial))


def test_scanned_slip_is_valid(counter: Clerk, shop: Shop, slip: str, tmp_path: Path) -> None:
    counter.sign_in(CLERK).tapped("tile_check").stands(Place.CHECK)
    counter.picture(tmp_path / "check_empty.png")
    counter.scan(code_of(shop, slip))
    assert (counter.see("verdict"), counter.see("standing")) == ("ok", "有效")
    assert counter.see("facts")[0]["text"] == slip
    assert counter.see("facts")[1]["text"] == "周*本"
    counter.picture(tmp_path / "check_valid.png")


def test_typed_number_is_looked_up(make_clerk: MakeClerk, shop: Shop, slip: str, tmp_path: Path) -> None:
    clerk = make_clerk(shop.store, shop.counter.clock, size=PORTRAIT).sign_in(CLERK).tapped("tile_check")
    clerk.digits(slip.replace("-", "")).settle()
    assert clerk.see("standing") == "有效"
    clerk.picture(tmp_path / "check_portrait.png")
    clerk.digits("01999999").settle()
    assert clerk.see("standing") == "这台机器上没有"


def test_a_scan_from_home_opens_the_right_screen(counter: Clerk, shop: Shop, slip: str) -> None:
    counter.sign_in(CLERK).scan(code_of(shop, slip)).stands(Place.CHECK)
    assert counter.see("standing") == "有效"


def test_tampered_and_foreign_are_told_apart(counter: Clerk, shop: Shop, slip: str, tmp_path: Path) -> None:
    counter.sign_in(CLERK).tapped("tile_check")
    good = code_of(shop, slip)
    counter.scan(good[:6] + ("A" if good[6] != "A" else "B") + good[7:])
    assert (counter.see("verdict"), counter.see("standing")) == ("error", "被改动过")
    counter.picture(tmp_path / "check_tampered.png")
    counter.scan(SlipCodes(b"x" * 32).make(SlipCode(CodeKind.MATCH_SLIP, 1, 12)))
    assert counter.see("standing") == "不是本市场的"
    counter.scan(shop.tag("hammer"))
    assert counter.see("standing") == "不是对接单"
