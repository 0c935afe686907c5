"""Ledger, overdue list, reminders, borrowers, lockers (T9)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from db.models import PrintJob
from kiosk.errors import CodeInvalid, InputInvalid, NotAllowed, NotFound, StepInvalid
from kiosk.identity.document import Assurance
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.settings import RentalRules
from kiosk.tools.borrowers import Block, Standing, blocks
from tests.tools.shop import Shop

TODAY = date(2026, 11, 20)
WELL = Standing(assurance=Assurance.CHIP, age=40, overdue=0, owed=0, in_hand=0)


def test_the_ledger_has_every_rental_of_the_day(shop: Shop) -> None:
    shop.open_drawer(0)
    first = shop.lend(shop.seeker(), "hammer")
    second = shop.rental.request(shop.seeker("李样本"), [shop.model("trowel")])
    rows = shop.register.ledger(shop.finance, TODAY, TODAY)
    assert [row.id for row in rows] == [first.id, second.id]
    assert shop.register.ledger(shop.finance, date(2026, 11, 21), date(2026, 11, 30)) == ()
    assert [row.id for row in shop.register.out()] == [first.id]


def test_overdue_with_phone_and_what_calls_brought(shop: Shop) -> None:
    shop.open_drawer(0)
    late = shop.lend(shop.seeker(), "hammer")
    assert shop.register.overdue(shop.clerk) == ()
    shop.time.forward(hours=11, minutes=1)
    (entry,) = shop.register.overdue(shop.clerk)
    assert (entry.rental.id, entry.rental.seeker_phone) == (late.id, "13900000011")
    assert entry.rental.overdue
    assert entry.late.total_seconds() == 60
    with pytest.raises(InputInvalid):
        shop.register.note_call(shop.clerk, late.id, " ")
    shop.register.note_call(shop.clerk, late.id, "明早送来")
    (entry,) = shop.register.overdue(shop.boss)
    assert [(call.staff_name, call.note) for call in entry.calls] == [("clerk", "明早送来")]
    shop.returns.take_back(shop.clerk, late.id, [late.lines[0].id])
    assert shop.register.overdue(shop.clerk) == ()  # it is back, if not yet inspected
    assert "张样本" not in repr(entry)


def test_who_reads_phones(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        shop.borrowers.find(shop.boss, "13900000011")


def test_the_kiosk_reminds_of_what_is_in_hand(shop: Shop) -> None:
    shop.open_drawer(0)
    seeker = shop.seeker()
    assert shop.borrowers.reminders(seeker).rentals == ()
    out = shop.lend(seeker, "rotary_hammer")
    shop.time.forward(hours=3)
    found = shop.borrowers.reminders(seeker)
    assert [rental.id for rental in found.rentals] == [out.id]
    assert found.rentals[0].lines[0].charge.amount == 1_500  # as it stands now
    assert not found.overdue
    shop.time.forward(hours=9)
    assert shop.borrowers.reminders(seeker).overdue


def test_a_borrower_is_found_by_what_people_say(shop: Shop) -> None:
    seeker = shop.seeker("王样本")
    for text in ("王样本", "13900000011", "0011"):
        assert [card.id for card in shop.borrowers.find(shop.clerk, text)] == [seeker]
    for text in ("", "王", "011", "99"):
        assert shop.borrowers.find(shop.clerk, text) == ()
    assert "王" not in repr(shop.borrowers.card(seeker))


@pytest.mark.parametrize(
    ("standing", "rules", "adults_only", "expected"),
    [
        (WELL, RentalRules(), True, ()),
        (Standing(Assurance.CAMERA, 18, 0, 0, 20), RentalRules(), True, ()),
        (Standing(Assurance.SLIP, 17, 1, 5, 21), RentalRules(), True, tuple(Block)),
        (Standing(Assurance.CHIP, 17, 0, 0, 0), RentalRules(), False, ()),
        (Standing(Assurance.CHIP, 40, 1, 5, 0), RentalRules(overdue_blocks=False), False, (Block.OWING,)),
        (Standing(Assurance.CHIP, 40, 1, 5, 0), RentalRules(owing_blocks=False), False, (Block.OVERDUE,)),
    ],
)
def test_blocks(
    standing: Standing, rules: RentalRules, adults_only: bool, expected: tuple[Block, ...]
) -> None:
    assert blocks(standing, rules, adults_only) == expected


class TestLockers:
    def test_things_in_and_out_once(self, shop: Shop) -> None:
        locker = shop.lockers.lockers()[0]
        stored = shop.lockers.store(shop.clerk, locker.id, shop.seeker(), "背包一个")
        assert stored.owner == "张*本"
        assert stored.use_id is not None
        with shop.store.read() as session:
            jobs = {job.document: job.slip.decode() for job in session.scalars(select(PrintJob))}
        theirs, tied = jobs[f"locker:{stored.use_id}"], jobs[f"locker:{stored.use_id}:desk"]
        assert "背包一个" in theirs
        assert '"Code"' in theirs
        assert '"Code"' not in tied  # whoever finds the things cannot fetch them with their own tag
        assert shop.lockers.find(stored.number).use_id == stored.use_id
        with pytest.raises(StepInvalid):
            shop.lockers.store(shop.clerk, locker.id, shop.seeker("李样本"))
        assert shop.lockers.collect(shop.clerk, stored.use_id).use_id is None
        with pytest.raises(StepInvalid):
            shop.lockers.collect(shop.clerk, stored.use_id)
        with pytest.raises(NotFound):
            shop.lockers.find(stored.number)

    def test_found_by_the_code_on_the_tag_and_overdue(self, shop: Shop) -> None:
        locker = shop.lockers.add(shop.clerk, "大柜")
        stored = shop.lockers.store(shop.clerk, locker.id, shop.seeker())
        serial = int(stored.number.split("-")[1])
        assert (
            shop.lockers.find(shop.counter.codes.make(SlipCode(CodeKind.LOCKER, 1, serial))).id == locker.id
        )
        with pytest.raises(CodeInvalid):
            shop.lockers.find(shop.counter.codes.make(SlipCode(CodeKind.TOOL, 1, serial)))
        assert not stored.overdue
        shop.time.forward(hours=25)
        assert shop.lockers.find(stored.number).overdue

    def test_names_are_one_each_and_broken_ones_stay_empty(self, shop: Shop) -> None:
        locker = shop.lockers.add(shop.clerk, "大柜")
        with pytest.raises(InputInvalid):
            shop.lockers.add(shop.clerk, " 大柜 ")
        shop.lockers.set_usable(shop.clerk, locker.id, usable=False)
        with pytest.raises(StepInvalid):
            shop.lockers.store(shop.clerk, locker.id, shop.seeker())
