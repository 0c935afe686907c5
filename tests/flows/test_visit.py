"""Whole visits, tapped through on a real window over a real store (spec §1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import func, select

import assets
from db.models import DailyCount, Posting, PrintJob, PrintJobState, Referral, Seeker
from db.store import Store
from kiosk.identity.camera import FrameSource, PictureFile
from kiosk.identity.card_photo import CardReader
from kiosk.identity.document import IdentityDocument, Problem
from kiosk.identity.errors import CameraLost
from kiosk.identity.ocr import Image
from kiosk.jobs.work_law import work_law
from kiosk.settings import Printer, Settings
from kiosk.visit import Step
from tests.seekers.people import document, number
from tests.ui.conftest import MakeRobot, Seconds
from tests.ui.robot import Robot
from ui.shell import LANDSCAPE, PORTRAIT
from ui.visit.problems import SENTENCES

CARDS = assets.ROOT / "samples" / "cards"
ADULT = date(1985, 3, 4)
PRINTER = Settings(printers=(Printer(address="tcp://127.0.0.1:9"),))


class HeldUp:
    """A card held before the camera: the same picture over and over, as a live camera gives it."""

    def __init__(self, *cards: str) -> None:
        self._cards = cards

    def frames(self) -> Iterator[Image]:
        for card in self._cards:
            for _ in range(6):
                yield from PictureFile(CARDS / f"{card}.jpg").frames()

    def close(self) -> None:
        """Nothing is held open."""


def held_up(*cards: str) -> Callable[[], FrameSource]:
    return lambda: HeldUp(*cards)


def count(store: Store, table: type) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_taps_of_new_and_known_seeker(
    make_robot: MakeRobot, hall: Store, card_reader: CardReader, size: object
) -> None:
    """S4: at most 8 taps for a new seeker, phone digits aside; at most 4 for a known one."""
    robot = make_robot(size=size, open_frames=held_up("adult_new"), cards=card_reader)

    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.at(Step.CONFIRM).tap("yes").at(Step.PHONE)
    robot.digits("13900001234").at(Step.HARDSHIP).tap("next").at(Step.TRADES)
    robot.until(lambda: robot.named("trade_"))
    robot.tap(robot.named("trade_")[0], "next").at(Step.JOBS)
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP)
    assert robot.app.visit.taps == 8
    robot.until(lambda: robot.see("ready"))
    assert count(hall, Referral) == 1

    robot.app.wipe()
    robot.at(Step.ATTRACT)
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.JOBS)
    robot.until(lambda: robot.see("seeker") == "周*兰")
    robot.tap("job1").at(Step.JOB).tap("apply").at(Step.SLIP)
    assert robot.app.visit.taps == 4
    robot.until(lambda: robot.see("ready"))
    assert count(hall, Referral) == 2
    assert count(hall, Seeker) == 1


def test_touch_counts_like_the_mouse(robot: Robot, qtbot: object) -> None:
    from PySide6.QtTest import QTest

    device = QTest.createTouchDevice()
    point = robot.point("start")
    QTest.touchEvent(robot.app.window, device).press(0, point, robot.app.window).commit()
    QTest.touchEvent(robot.app.window, device).release(0, point, robot.app.window).commit()
    robot.at(Step.CONSENT)
    assert robot.app.visit.taps == 1


def test_typed_person_from_welcome_to_goodbye(robot: Robot, hall: Store) -> None:
    robot.new_seeker(ADULT)
    robot.until(lambda: robot.see("seeker") == "王*")
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("number").startswith("01-"))
    assert not robot.app.shell.slip_picture.empty
    robot.tap("done").at(Step.DONE)
    assert robot.see("facts")["number"].startswith("01-")
    robot.tap("finish").at(Step.ATTRACT)
    assert robot.app.visit.seeker is None
    assert robot.app.shell.slip_picture.empty


def test_wrong_digit_is_told_at_once(robot: Robot) -> None:
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY).tap("typeNumber").at(Step.TYPE_NUMBER)
    robot.digits("1101011985").digits("13")
    assert robot.see("problem") == SENTENCES[Problem.BAD_DATE]
    assert not robot.see("ready")
    robot.tap("keyErase")
    assert robot.see("problem") == ""


def test_phone_can_be_mended(robot: Robot) -> None:
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.type_person(number(ADULT), "wang", "wei").at(Step.CONFIRM).tap("yes").at(Step.PHONE)
    robot.digits("12")
    assert robot.see("wrong")
    robot.tap("keyClear").digits("13900001235").at(Step.HARDSHIP)
    assert robot.see("phone") == "139 0000 1235"
    robot.tap("changePhone").at(Step.PHONE)
    robot.tap("keyErase").digits("6").at(Step.HARDSHIP)
    assert robot.app.visit.phone == "13900001236"


def test_under_16_is_refused_and_forgotten(robot: Robot, hall: Store) -> None:
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.type_person(number(date(2011, 3, 4)), "wang", "wei").at(Step.REFUSED)
    assert robot.see("say") == work_law().under_16.say
    assert robot.app.visit.document is None
    assert robot.app.session.typed_number == ""
    assert count(hall, Seeker) == 0
    assert count(hall, DailyCount) == 1
    robot.tap("finish").at(Step.ATTRACT)


def test_under_16_card_before_the_camera(make_robot: MakeRobot, card_reader: CardReader) -> None:
    robot = make_robot(open_frames=held_up("minor_15"), cards=card_reader)
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.REFUSED)
    assert robot.app.shell.camera_picture.empty


def test_back_of_the_card_is_told_and_the_visit_goes_on(
    make_robot: MakeRobot, card_reader: CardReader
) -> None:
    robot = make_robot(open_frames=held_up("back", "adult_new"), cards=card_reader)
    robot.tap("start").at(Step.CONSENT)
    told: list[str] = []
    screen = robot.app.screen(Step.IDENTIFY)

    def heard() -> None:
        told.append(screen.property("hint"))

    screen.changed.connect(heard)
    robot.tap("agree").at(Step.CONFIRM)
    screen.changed.disconnect(heard)  # else the whole kiosk, and who stood before it, stays in memory
    assert SENTENCES[Problem.BACK_SIDE] in told


def test_unreadable_card_keeps_looking(make_robot: MakeRobot, card_reader: CardReader) -> None:
    cards = iter([held_up("blurred")(), held_up("adult_new")()])
    robot = make_robot(open_frames=lambda: next(cards), cards=card_reader)
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.CONFIRM)


class Unplugged:
    def frames(self) -> Iterator[Image]:
        raise CameraLost("camera 0")

    def close(self) -> None:
        """Nothing is held open."""


def test_camera_unplugged_offers_typing(make_robot: MakeRobot, card_reader: CardReader) -> None:
    robot = make_robot(open_frames=Unplugged, cards=card_reader)
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.until(lambda: robot.see("state") == "blind")
    robot.tap("typeNumber").at(Step.TYPE_NUMBER)


def test_no_camera_offers_typing(robot: Robot) -> None:
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.until(lambda: robot.see("state") == "blind")


def test_looking_around_then_applying(robot: Robot, hall: Store) -> None:
    robot.tap("start").at(Step.CONSENT).tap("lookAround").at(Step.JOBS)
    assert robot.see("seeker") == ""
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.type_person(number(ADULT), "wang", "wei").at(Step.CONFIRM).tap("yes").at(Step.PHONE)
    robot.digits("13900000001").at(Step.HARDSHIP).tap("hardship_low_income", "next").at(Step.TRADES)
    robot.until(lambda: robot.named("trade_"))
    robot.tap(robot.named("trade_")[0], "next").at(Step.JOB)
    robot.tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("ready"))
    assert count(hall, Referral) == 1


def test_not_me_forgets_the_person_and_what_was_asked(robot: Robot) -> None:
    robot.new_seeker(ADULT)
    robot.tap("filters").at(Step.FILTERS).tap("filter_pay1", "apply").at(Step.JOBS)
    assert robot.see("filtered")
    robot.tap("notMe").at(Step.IDENTIFY)
    assert robot.app.visit.seeker is None
    assert robot.app.session.query.min_day_pay == 0
    robot.tap("lookAround").at(Step.JOBS)
    assert robot.see("seeker") == ""


def test_posting_filled_meanwhile(robot: Robot, hall: Store) -> None:
    robot.new_seeker(ADULT)
    robot.tap("job0").at(Step.JOB)
    robot.until(lambda: robot.see("loaded"))
    posting = robot.app.visit.job
    other = robot.app._desks.registration.register(  # somebody at the other kiosk was faster
        somebody_else(), robot.app._clock.now(), "13900000002", frozenset(), {}
    )
    with hall.write() as session:
        session.get_one(Posting, posting).openings = 1
    robot.app._desks.referrals.refer(other, posting)  # type: ignore[arg-type]
    robot.tap("apply").at(Step.ERROR)
    assert robot.see("sentence") == "这个活刚刚招满了"
    robot.tap("back").at(Step.JOB)  # and not to a slip that does not exist
    robot.until(lambda: robot.see("full"))
    robot.tap("back").at(Step.JOBS)


def somebody_else() -> IdentityDocument:
    return document(ADULT, order=7)


def test_bug_is_logged_without_personal_data_and_starts_over(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    robot.new_seeker(ADULT)

    def broken(*_: object) -> object:
        raise KeyError("王伟 110101198503040011")

    monkeypatch.setattr(robot.app._desks.board, "detail", broken)
    with caplog.at_level(logging.ERROR, logger="gighall.ui"):
        robot.tap("job0").at(Step.ERROR)
    assert "KeyError" in caplog.text
    assert "110101" not in caplog.text
    assert "王伟" not in caplog.text
    robot.tap("goOn").at(Step.ATTRACT)
    assert robot.app.visit.seeker is None


@pytest.mark.parametrize(
    ("state", "reason", "shown", "words"),
    [
        (PrintJobState.PRINTED, None, "printed", ""),
        (PrintJobState.UNCERTAIN, "connection_lost", "uncertain", "打印机出了问题"),
        (PrintJobState.QUEUED, "paper_out", "stuck", "打印机没纸了"),
        (PrintJobState.QUEUED, "unreachable", "stuck", "打印机没有连上"),
        (PrintJobState.FAILED, "cover_open", "stuck", "打印机的盖子开着"),
        (PrintJobState.EXPIRED, None, "stuck", ""),
    ],
)
def test_what_the_slip_screen_says(
    make_robot: MakeRobot, hall: Store, state: PrintJobState, reason: str | None, shown: str, words: str
) -> None:
    robot = make_robot(settings=PRINTER)
    robot.new_seeker(ADULT)
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("state") == "printing")
    with hall.write() as session:
        job = session.scalars(select(PrintJob)).one()
        job.state, job.reason = state, reason
    robot.until(lambda: robot.see("state") == shown)
    assert robot.see("reason") == words


def test_slip_again_is_the_same_slip(robot: Robot, hall: Store) -> None:
    robot.new_seeker(ADULT)
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("ready"))
    first = robot.see("number")
    robot.tap("moreJobs").at(Step.JOBS).tap("job0").at(Step.JOB)
    robot.until(lambda: robot.see("taken"))
    robot.tap("apply").at(Step.SLIP)
    robot.until(lambda: robot.see("number") == first)
    assert count(hall, Referral) == 1


def test_idle_warns_then_wipes_everything(robot: Robot, seconds: Seconds) -> None:
    robot.tap("language")
    robot.new_seeker(ADULT)
    robot.tap("job0").at(Step.JOB)
    seconds.now += 61
    robot.app.idle.check()
    assert robot.app.find("idleStay") is not None
    robot.tap("idleStay")
    robot.app.idle.check()
    assert robot.app.find("idleStay") is None
    assert robot.app.show_step() is Step.JOB

    old = robot.app.session
    seconds.now += 61
    robot.app.idle.check()
    seconds.now += 30
    robot.app.idle.check()
    robot.at(Step.ATTRACT)
    assert robot.app.session is not old
    assert robot.app.visit.seeker is None
    assert robot.app.visit.consent_at is None
    assert robot.app.session.language.code == "zh"
    assert robot.app.find("idleStay") is None


def test_last_screen_goes_by_itself(robot: Robot, seconds: Seconds) -> None:
    robot.new_seeker(ADULT)
    robot.tap("job0").at(Step.JOB).tap("apply").at(Step.SLIP).tap("done").at(Step.DONE)
    seconds.now += 20
    robot.app.idle.check()
    robot.at(Step.ATTRACT)


def test_answer_for_a_visitor_who_left_reaches_nobody(robot: Robot) -> None:
    robot.tap("start").at(Step.CONSENT).tap("lookAround").at(Step.JOBS)
    robot.app.screen(Step.JOBS).enter()
    robot.app.wipe()
    robot.settle()
    assert robot.app.show_step() is Step.ATTRACT
    assert Step.JOBS not in robot.app._screens


def test_search_by_initials_and_by_characters(robot: Robot) -> None:
    robot.tap("start").at(Step.CONSENT).tap("lookAround").at(Step.JOBS).tap("search").at(Step.SEARCH)
    robot.settle()
    everything = robot.see("count")
    robot.letters("bj")
    robot.settle()
    assert 0 < robot.see("count") < everything
    robot.tap("letterErase", "letterErase")
    robot.settle()
    robot.tap("suggestion0")
    robot.settle()
    found = robot.see("count")
    assert 0 < found < everything
    robot.tap("showAll").at(Step.JOBS)
    robot.settle()
    assert robot.see("count") == found
    robot.tap("showAll")
    robot.settle()
    assert robot.see("count") == everything


def test_way_back_leads_home_without_traps(robot: Robot) -> None:
    robot.tap("more").at(Step.HOME).tap("home_training").at(Step.NOTICE).tap("ok").at(Step.HOME)
    robot.tap("help").at(Step.HELP)
    robot.settle()
    robot.tap("notice0").at(Step.NOTICE).tap("back").at(Step.HELP).tap("back").at(Step.HOME)
    robot.tap("home_work").at(Step.CONSENT).tap("back").at(Step.HOME)


def test_wish_on_the_welcome_screen_before_the_desks_stand(
    hall: Store, clock: object, qtbot: object, tmp_path: Path
) -> None:
    from PySide6.QtGui import QGuiApplication

    from ui.app import build
    from ui.shell import Shell
    from ui.visit.attract import Attract

    shell = Shell()
    first = Attract(None)
    shell.stage.show(first.page, first)
    first.start()
    app = build(Settings(), hall, clock=clock, shell=shell)  # type: ignore[arg-type]
    assert app.show_step() is Step.CONSENT
    app.close()
    QGuiApplication.processEvents()


def test_reader_that_cannot_load_still_offers_typing(make_robot: MakeRobot) -> None:
    class Broken(CardReader):
        def load(self) -> NoReturn:
            raise ImportError("no networks here")

        def look(self, image: Image) -> NoReturn:
            self.load()

    robot = make_robot(open_frames=held_up("adult_new"), cards=Broken())
    robot.tap("start").at(Step.CONSENT).tap("agree").at(Step.IDENTIFY)
    robot.until(lambda: robot.see("state") == "blind")
    robot.tap("typeNumber").at(Step.TYPE_NUMBER)
