"""A seeker's way to a tool and to what is due, tapped through on a real window (spec T1, T9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from db.models import Occupation, Rental, RentalState, Seeker, SkillLevel, Tool, ToolState
from kiosk.clock import Clock
from kiosk.identity.document import Assurance
from kiosk.seekers.card import SeekerCard
from kiosk.seekers.registration import RegistrationDesk
from kiosk.tools.cards import RentalCard
from kiosk.tools.photos import PhotoShelf, packed
from kiosk.visit import Step
from tests.seekers.people import CONSENT, PHONE, document, number
from tests.tools.conftest import shop, staffed  # noqa: F401
from tests.tools.shop import ZONE, Shop
from tests.ui.conftest import MakeRobot
from tests.ui.robot import Robot

ADULT, MINOR = date(1985, 3, 4), date(2009, 3, 4)


@pytest.fixture
def clock(shop: Shop) -> Clock:  # noqa: F811
    """The kiosk's clock is the counter's."""
    return Clock(ZONE, shop.time)


@pytest.fixture
def robot(make_robot: MakeRobot, shop: Shop) -> Robot:  # noqa: F811
    return make_robot(store=shop.store)


def register(shop: Shop, born: date = ADULT, phone: str = PHONE) -> SeekerCard:  # noqa: F811
    """Somebody who was here for work before."""
    desk = RegistrationDesk(shop.store, shop.settings, shop.counter.clock, shop.counter.codes)
    paper = document(born, assurance=Assurance.CHIP)
    trade = some_trade(shop)
    return desk.register(paper, CONSENT, phone, frozenset(), {trade: SkillLevel.JUNIOR})


def some_trade(shop: Shop) -> str:  # noqa: F811
    with shop.store.read() as session:
        return session.scalars(select(Occupation.key).limit(1)).one()


def open_tool(robot: Robot, shop: Shop, key: str) -> Robot:  # noqa: F811
    """Down the list to this tool."""
    if robot.app.show_step() is Step.ATTRACT:
        robot.tap("more").at(Step.HOME)
    robot.tap("home_tools").at(Step.TOOLS)
    robot.until(lambda: robot.see("known"))
    names = [model.key for model in shop.stock.models(offered_only=True)]
    listed = robot.app.find("toolList")
    assert listed is not None
    at = names.index(key)
    row = at // max(1, int(listed.property("across")))
    listed.setProperty(
        "contentY", listed.property("originY") + max(0, row - 1) * listed.property("cellHeight")
    )
    robot.settle()
    robot.tap(f"tool{at}").at(Step.TOOL)
    robot.until(lambda: robot.see("loaded"))
    return robot


def say_who(robot: Robot, born: date = ADULT) -> Robot:
    """From the consent over typing to the confirmation. Not known before: also a phone."""
    robot.at(Step.CONSENT).tap("agree").at(Step.IDENTIFY).tap("typeNumber").at(Step.TYPE_NUMBER)
    robot.digits(number(born)).tap("next")
    robot.until(lambda: robot.app.show_step() in {Step.TYPE_NAME, Step.CONFIRM})
    if robot.app.show_step() is Step.TYPE_NAME:
        robot.letters("wang").tap("candidate0").letters("wei").tap("candidate0").tap("next")
    return robot.at(Step.CONFIRM).tap("yes")


def rentals(shop: Shop) -> list[RentalCard]:  # noqa: F811
    with shop.store.read() as session:
        found = session.scalars(select(Rental.id).order_by(Rental.requested_at)).all()
    return [shop.rental.rental(one) for one in found]


def test_new_person_asks_for_a_tool_and_staff_go_on(robot: Robot, shop: Shop) -> None:  # noqa: F811
    open_tool(robot, shop, "trowel")
    assert robot.see("facts")["price"] == "免租金，只收押金"
    assert robot.see("facts")["deposit"] == "押金 10 元"
    say_who(robot.tap("want")).at(Step.PHONE)
    robot.digits("13900000001").at(Step.TOOL)  # no trades, no hardship: the person came for a tool
    assert robot.see("seeker") == "王*"
    assert rentals(shop) == []  # nothing is asked in passing
    robot.tap("want").at(Step.TOOL_ASKED)
    (wish,) = rentals(shop)
    assert (wish.state, wish.asked_at_kiosk) == (RentalState.REQUESTED, True)
    assert robot.see("facts")["number"] == wish.number
    with shop.store.read() as session:
        seeker = session.get_one(Seeker, wish.seeker_id)
        assert (seeker.name[0], seeker.phone, seeker.trades) == ("王", "13900000001", [])

    shop.borrowers.confirm_identity(shop.clerk, wish.seeker_id)  # typed, so staff look at the card
    shop.rental.approve(shop.clerk, wish.id)
    assert shop.rental.scan(shop.clerk, wish.id, shop.tag("trowel")).lines[0].tag
    robot.tap("finish").at(Step.ATTRACT)
    assert robot.app.session.wish is None


def test_who_borrowed_first_and_looks_for_work_is_asked_the_rest(robot: Robot, shop: Shop) -> None:  # noqa: F811
    open_tool(robot, shop, "hammer")
    say_who(robot.tap("want")).at(Step.PHONE).digits("13900000001").at(Step.TOOL)
    robot.tap("want").at(Step.TOOL_ASKED).tap("more").at(Step.HOME)
    robot.tap("home_work").at(Step.HARDSHIP).tap("next").at(Step.TRADES)
    robot.app.wipe()
    robot.at(Step.ATTRACT).tap("start")
    say_who(robot).at(Step.HARDSHIP)


def test_known_person_needs_no_phone_and_sees_what_is_due(robot: Robot, shop: Shop) -> None:  # noqa: F811
    seeker = register(shop)
    shop.open_drawer()
    shop.lend(seeker.id, "ladder", "hammer")
    robot.tap("more").at(Step.HOME).tap("home_records")
    say_who(robot).at(Step.RECORDS)
    robot.until(lambda: robot.see("known"))
    (card,) = robot.see("rentals")
    assert card["tools"] == "人字梯、榔头"
    assert card["due"] == "11月20日 18:00 前还"
    assert card["money"][0] == "押金 120 元"
    assert not card["overdue"]
    assert robot.app.find("reminder") is None
    robot.tap("finish").at(Step.ATTRACT)


def test_overdue_is_told_on_the_jobs_screen_and_blocks_a_wish(robot: Robot, shop: Shop) -> None:  # noqa: F811
    seeker = register(shop)
    shop.open_drawer()
    lent = shop.lend(seeker.id, "ladder")
    shop.time.forward(days=1, hours=12)
    robot.tap("start")
    say_who(robot).at(Step.JOBS)
    robot.until(lambda: robot.see("reminder") == "人字梯 过了时间没还，请尽快还到服务窗口")
    assert robot.app.find("reminder") is not None
    robot.app.visit.home()
    robot.app.session.go()
    open_tool(robot, shop, "trowel").tap("want").at(Step.ERROR)
    assert robot.see("sentence") == "您有工具过了时间还没还"
    robot.tap("goOn").at(Step.TOOL)
    assert [one.id for one in rentals(shop)] == [lent.id]
    robot.tap("back").at(Step.TOOLS).tap("back").at(Step.HOME).tap("home_records").at(Step.RECORDS)
    robot.until(lambda: robot.see("overdue"))
    assert robot.see("rentals")[0]["due"] == "已经过了 11月20日 18:00，请尽快来还"


def test_under_18_may_not_rent_what_is_for_adults(robot: Robot, shop: Shop) -> None:  # noqa: F811
    open_tool(robot, shop, "rotary_hammer")
    assert robot.see("facts")["adults"]
    say_who(robot.tap("want"), MINOR).at(Step.PHONE).digits("13900000001").at(Step.TOOL)
    robot.tap("want").at(Step.ERROR)
    assert robot.see("sentence") == "这样工具满 18 周岁才能租"
    robot.tap("goOn").at(Step.TOOL).tap("back").at(Step.TOOLS).tap("back").at(Step.HOME)
    open_tool(robot, shop, "trowel").tap("want").at(Step.TOOL_ASKED)


def test_a_second_wish_is_for_the_window_and_the_first_can_be_taken_back(robot: Robot, shop: Shop) -> None:  # noqa: F811
    register(shop)
    open_tool(robot, shop, "hammer")
    say_who(robot.tap("want")).at(Step.TOOL).tap("want").at(Step.TOOL_ASKED).tap("more").at(Step.HOME)
    open_tool(robot, shop, "trowel").tap("want").at(Step.ERROR)
    assert robot.see("sentence") == "您已经申请过了"
    robot.tap("goOn").at(Step.TOOL).tap("back").at(Step.TOOLS).tap("back").at(Step.HOME)
    robot.tap("home_records").at(Step.RECORDS).tap("stop0")
    robot.until(lambda: robot.see("empty"))
    (first,) = rentals(shop)
    assert first.state is RentalState.CANCELLED
    robot.tap("back").at(Step.HOME)
    open_tool(robot, shop, "trowel").tap("want").at(Step.TOOL_ASKED)
    assert len(rentals(shop)) == 2


def test_a_tool_that_is_out_cannot_be_wished_for(robot: Robot, shop: Shop) -> None:  # noqa: F811
    set_aside(shop, "hammer")
    open_tool(robot, shop, "hammer")
    assert not robot.see("free")
    want = robot.app.find("want")
    assert want is not None
    assert not want.isEnabled()


def test_the_last_one_goes_while_somebody_looks(robot: Robot, shop: Shop) -> None:  # noqa: F811
    register(shop)
    open_tool(robot, shop, "hammer")
    say_who(robot.tap("want")).at(Step.TOOL)
    robot.settle()
    set_aside(shop, "hammer")
    robot.tap("want").at(Step.ERROR)
    assert robot.see("sentence") == "这样工具刚刚都借出去了"
    robot.tap("goOn").at(Step.TOOL)
    robot.until(lambda: not robot.see("free"))


def set_aside(shop: Shop, key: str) -> None:  # noqa: F811
    with shop.store.write() as session:
        for tool in session.scalars(select(Tool).where(Tool.model_id == shop.model(key))):
            tool.state = ToolState.SET_ASIDE


def test_records_of_somebody_nobody_knows_are_empty_and_write_nobody_down(robot: Robot, shop: Shop) -> None:  # noqa: F811
    robot.tap("more").at(Step.HOME).tap("home_records")
    say_who(robot).at(Step.RECORDS)
    robot.until(lambda: robot.app.find("noRecords"))
    with shop.store.read() as session:
        assert session.scalars(select(Seeker.id)).all() == []
    robot.tap("notMe").at(Step.IDENTIFY)
    assert robot.app.visit.document is None
    robot.tap("lookAround").at(Step.HOME)


def test_slips_for_jobs_stand_in_the_records(robot: Robot, shop: Shop) -> None:  # noqa: F811
    register(shop)
    robot.tap("start")
    say_who(robot).at(Step.JOBS).tap("job0").at(Step.JOB)
    title = robot_title(robot)
    robot.tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("ready"))
    number = robot.see("number")
    robot.app.visit.home()
    robot.app.session.go()
    robot.tap("home_records").at(Step.RECORDS)
    robot.until(lambda: robot.see("slips"))
    (slip,) = robot.see("slips")
    assert (slip["title"], slip["number"]) == (title, number)
    assert slip["state"].endswith("前有效")
    shop.time.forward(days=40)  # long past, and not yet swept up
    robot.model.enter()
    robot.until(lambda: robot.see("empty"))


def robot_title(robot: Robot) -> str:
    robot.until(lambda: robot.see("ready"))
    return str(robot.see("facts")["title"])


def test_the_list_is_where_it_was_left(robot: Robot, shop: Shop) -> None:  # noqa: F811
    open_tool(robot, shop, "rotary_hammer").tap("back").at(Step.TOOLS)
    robot.settle()
    listed = robot.app.find("toolList")
    assert listed is not None
    assert listed.property("contentY") - listed.property("originY") > listed.property("cellHeight")


def test_looking_around_from_the_question_leads_back_to_the_tools(robot: Robot, shop: Shop) -> None:  # noqa: F811
    open_tool(robot, shop, "hammer").tap("want").at(Step.CONSENT).tap("lookAround").at(Step.TOOLS)
    robot.tap("back").at(Step.HOME)


def test_a_wish_asked_twice_is_one(robot: Robot, shop: Shop) -> None:  # noqa: F811
    register(shop)
    open_tool(robot, shop, "hammer")
    say_who(robot.tap("want")).at(Step.TOOL)
    robot.until(lambda: robot.see("loaded"))
    model = robot.model
    model.want()  # type: ignore[attr-defined]
    model.want()  # type: ignore[attr-defined]
    robot.at(Step.TOOL_ASKED)
    robot.settle()
    assert len(rentals(shop)) == 1


def test_a_models_own_photo_stands_for_its_icon(robot: Robot, shop: Shop, tmp_path: Path) -> None:  # noqa: F811
    hammer, *_ = shop.stock.models(offered_only=True)
    drawn = np.full((600, 800, 3), (60, 140, 90), np.uint8)
    cv2.circle(drawn, (400, 300), 200, (30, 60, 200), -1)
    shop.stock.save_model(shop.clerk, replace(hammer, picture=PhotoShelf(shop.store).keep(packed(drawn))))
    robot.tap("more").at(Step.HOME).tap("home_tools").at(Step.TOOLS)
    robot.until(lambda: robot.see("models") and robot.see("models")[0]["photo"])
    assert [bool(model["photo"]) for model in robot.see("models")].count(True) == 1
    robot.settle()
    picture = robot.app.find("photo0")
    assert picture is not None
    assert (picture.property("paintedWidth"), picture.property("paintedHeight")) == (112, 84)
    robot.picture(tmp_path / "tools.png")
    robot.tap("tool0").at(Step.TOOL)
    robot.until(lambda: robot.see("loaded") and robot.see("facts")["photo"])
    robot.settle()
    robot.picture(tmp_path / "tool.png")
