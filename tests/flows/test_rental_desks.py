"""A whole day at the desks: five tools lent in one go, three come back damaged, the day is closed (issue 10)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from db.models import Account, AuditEntry, DeductionKind, PrintJob, RentalState, ToolState
from kiosk.tools.cards import DeductionCard
from kiosk.tools.inspection import Finding
from printing import bitmap, slip_json
from printing.profile import profile
from tests.tools.conftest import shop, staffed  # noqa: F401
from tests.tools.shop import STROKES, Shop, all_well, full

FIVE = ("rotary_hammer", "angle_grinder", "ladder", "hammer", "wheelbarrow")


def test_a_day(shop: Shop) -> None:  # noqa: F811
    # 07:00: the drawer is opened with 300.00 out of the safe
    shop.cash.fund(shop.finance, 50_000, "备用金")
    shop.cash.open_drawer(shop.clerk, 30_000)

    # a seeker asks for five tools at the kiosk; the clerk approves and scans them one after the other
    seeker = shop.seeker()
    asked = shop.rental.request(seeker, [shop.model(key) for key in FIVE])
    card = shop.rental.approve(shop.clerk, asked.id)
    for key in FIVE:
        card = shop.rental.scan(shop.clerk, asked.id, shop.tag(key))
    card = shop.rental.brief(shop.clerk, asked.id, {line.model.id for line in card.lines}, full(card))
    shop.rental.sign(asked.id, STROKES)
    shop.rental.take_deposit(shop.clerk, asked.id)
    out = shop.rental.hand_out(shop.clerk, asked.id)
    deposit = 20_000 + 15_000 + 10_000 + 2_000 + 10_000
    assert out.deposit_held == deposit
    drawer = shop.cash.drawer(shop.clerk.staff_id)
    assert drawer is not None
    assert drawer.expected == 30_000 + deposit

    # 19:00, an hour late: all come back, three of them damaged
    shop.time.forward(hours=12)
    assert len(shop.register.overdue(shop.clerk)) == 1
    back = shop.returns.take_back(shop.clerk, out.id, [line.id for line in out.lines])
    damaged = {"rotary_hammer": 3_000, "angle_grinder": 2_000, "ladder": 1_500}
    for line in back.lines:
        if line.model.key not in damaged:
            shop.inspect(line)
            continue
        findings = dict(all_well(line))
        if "侧手柄" in findings:
            findings["侧手柄"] = Finding.MISSING
        crack = DeductionCard(DeductionKind.DAMAGED, "磕裂", damaged[line.model.key])
        taken = (*shop.returns.suggest(line.id, findings), crack)
        shop.returns.inspect(shop.clerk, line.id, findings, False, taken, ["photo"], "一处裂纹")
    rent = 3_000 + 2_500 + 1_000 + 0 + 1_000  # two daily caps, a ladder day, nothing, a barrow day
    late = 800 + 600 + 1_000 + 0 + 1_000  # 30 minutes past the grace, or into the next day
    deducted = sum(damaged.values()) + 2_500
    quote = shop.money.quote(out.id)
    assert (quote.rent, quote.deducted) == (rent + late, deducted)
    settled = shop.money.settle(shop.clerk, out.id)
    assert settled.refunded == deposit - rent - late - deducted
    assert shop.rental.rental(out.id).state is RentalState.CLOSED
    states = {line.model.key: shop.state(line.tool_id) for line in out.lines}
    assert {key for key, state in states.items() if state is ToolState.SET_ASIDE} == set(damaged)

    # the damaged ones go to repair with a second name
    for line in out.lines:
        if line.model.key in damaged:
            assert line.tool_id is not None
            request = shop.requests.repair(shop.clerk, line.tool_id, 1_000, "裂纹")
            shop.requests.decide(shop.boss, request.id, approve=True)

    # the day is closed and finance sees it
    expected = 30_000 + rent + late + deducted
    closed = shop.cash.close_drawer(shop.clerk, expected)
    assert closed.difference == 0
    day = shop.cash.day(shop.finance, date(2026, 11, 20))
    assert -day.of(Account.RENT_INCOME).after == rent + late
    assert -day.of(Account.DEDUCTION_INCOME).after == deducted
    assert day.of(Account.SAFE).after == 20_000 + expected
    assert (day.deposits_held, day.open_rentals) == (0, 0)

    # every paper can be printed, and every act has a name
    with shop.store.read() as session:
        jobs = session.scalars(select(PrintJob)).all()
        actors = set(session.scalars(select(AuditEntry.actor)))
    assert len(jobs) == 7
    for job in jobs:
        assert len(bitmap.render(slip_json.decode(job.slip), profile("generic-80"))) == 1
    people = {str(one.staff_id) for one in (shop.clerk, shop.boss, shop.finance)}
    assert people <= actors
