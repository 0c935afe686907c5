"""What the robot does in `gighall demo`: visits, a tour of the other screens, pictures of all of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject
from stdnum.iso7064 import mod_11_2

import assets
from db.models import SkillLevel
from db.store import Store
from kiosk.clock import Clock
from kiosk.identity.camera import FrameSource, PictureFile
from kiosk.identity.document import Assurance, IdentityDocument, Sex
from kiosk.identity.slip_code import HallCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.referrals import ReferralDesk
from kiosk.seekers.card import SeekerCard
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from kiosk.visit import Step
from ui.app import build
from ui.commands.kiosk import spooler_for
from ui.robot import Robot
from ui.robot import RobotStuck as RobotStuck  # what `play` may raise
from ui.shell import LANDSCAPE, PORTRAIT

CARDS = assets.ROOT / "samples" / "cards"
PHONES = {"adult_new": "13900000101", "adult_known": "13900000102", "minor_17": "13900000103"}
SIZES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


@dataclass(frozen=True)
class Timing:
    """How long one step took, from the tap to the next screen or sight, in milliseconds."""

    visit: str
    step: str
    ms: int


class Show:
    """The machine with a robot before it."""

    def __init__(self, pictures: Path, store: Store, settings: Settings, clock: Clock) -> None:
        self.pictures = pictures
        self.store = store
        self.settings = settings
        self.clock = clock
        self.timings: list[Timing] = []
        self._card = CARDS / "adult_new.jpg"
        self._seconds = 0.0

    def play(self) -> None:
        """Three visits on a standing machine, what they did not show, and the same lying down."""
        self._register_known()
        with self._machine("portrait"):
            self._new_visit("adult_new")
            self._known_visit()
            self._under_age_visit()
            self._tour()
        with self._machine("landscape"):
            self._new_visit("minor_17")
            self._tour()

    def _desks(self) -> tuple[RegistrationDesk, JobBoard, ReferralDesk]:
        codes = HallCodes(self.store, self.settings)
        board = JobBoard(self.store, self.settings, self.clock)
        return (
            RegistrationDesk(self.store, self.settings, self.clock, codes),
            board,
            ReferralDesk(self.store, self.settings, self.clock, codes, board),
        )

    @contextmanager
    def _machine(self, orientation: str) -> Iterator[None]:
        spooler = spooler_for(self.store, self.settings)
        assert spooler is not None  # the demo's settings have a printer
        spooler.start()
        self.app = build(
            self.settings,
            self.store,
            clock=self.clock,
            open_frames=self._frames,
            spooler=spooler,
            size=SIZES[orientation],
            seconds=lambda: self._seconds,
        )
        self.app.window.show()
        self.robot = Robot(self.app)
        self._orientation = orientation
        try:
            yield
        finally:
            self.app.close()
            spooler.stop()

    def _new_visit(self, who: str) -> None:
        """A seeker nobody knows: eight taps and a phone number (spec S4)."""
        self._card = CARDS / f"{who}.jpg"
        tap = self.robot.tap
        self._see(who, "attract", Step.ATTRACT, lambda: None, then="start")
        self._see(who, "consent", Step.CONSENT, lambda: tap("start"))
        self._see(who, "read the card", Step.CONFIRM, lambda: tap("agree"))
        self._see(who, "phone", Step.PHONE, lambda: tap("yes"), picture="")
        phone = PHONES[who]
        self.robot.digits(phone[:-4])
        self._grab("phone")
        self._see(who, "hardship", Step.HARDSHIP, lambda: self.robot.digits(phone[-4:]))
        self._see(who, "trades", Step.TRADES, lambda: tap("next"), picture="")
        tap(self._first_trade())
        self._grab("trades")
        self._see(who, "jobs", Step.JOBS, lambda: tap("next"), then="job0")
        self._see(who, "job", Step.JOB, lambda: tap("job0"), then="apply")
        self._slip(who)

    def _known_visit(self) -> None:
        """Somebody who was here before: four taps (spec S4)."""
        who = "adult_known"
        self._card = CARDS / f"{who}.jpg"
        tap = self.robot.tap
        self._see(who, "attract", Step.ATTRACT, lambda: None, then="start")
        self._see(who, "consent", Step.CONSENT, lambda: tap("start"))
        self._see(who, "recognised: jobs", Step.JOBS, lambda: tap("agree"), then="job0", picture="jobs_known")
        self._see(who, "job", Step.JOB, lambda: tap("job0"), then="apply")
        self._slip(who)

    def _under_age_visit(self) -> None:
        """Under 16: a kind refusal, and nothing kept but a count (004 annex 2 art. 7)."""
        who = "minor_15"
        self._card = CARDS / f"{who}.jpg"
        self._see(who, "attract", Step.ATTRACT, lambda: None, then="start")
        self._see(who, "consent", Step.CONSENT, lambda: self.robot.tap("start"))
        self._see(who, "refused", Step.REFUSED, lambda: self.robot.tap("agree"))
        self.robot.tap("finish")
        self.robot.at(Step.ATTRACT)

    def _tour(self) -> None:
        """The screens no visit has shown, each as it really comes about."""
        tap, at = self.robot.tap, self.robot.at
        tap("more")
        at(Step.HOME)
        self._grab("home")
        tap("help")
        at(Step.HELP)
        self._grab("help")
        tap("notice0")
        at(Step.NOTICE)
        self._grab("notice")
        self._leave()

        self._photo("back.jpg", "identify_back")
        tap("typeNumber")
        at(Step.TYPE_NUMBER)
        number = people()["adult_new"]["number"]
        self.robot.digits(number[:14])
        self._grab("type_number")
        self.robot.digits(number[14:])
        tap("next")
        at(Step.TYPE_NAME)
        for letter in "zhou":
            tap(f"letter_{letter}")
        self._grab("type_name")
        self._leave()

        self._photo("blurred.jpg", "identify_blurred")
        tap("lookAround")
        self._jobs_listed()
        tap("filters")
        at(Step.FILTERS)
        self._grab("filters")
        tap("back")
        tap("search")
        at(Step.SEARCH)
        for letter in "bj":
            tap(f"letter_{letter}")
        self.robot.until(lambda: self.robot.has("job0"), "found jobs")
        self._grab("search")
        self._leave()

        self._last_opening_gone()
        self._idle()

    def _photo(self, name: str, picture: str) -> None:
        """Show a photo that cannot be read; the hint names what is wrong."""
        self._card = CARDS / name
        self.robot.tap("start")
        self.robot.tap("agree")
        self.robot.at(Step.IDENTIFY)
        model = self.app.screen(Step.IDENTIFY)
        self.robot.until(lambda: model.property("problem"), "a hint")
        self._grab(picture)

    def _last_opening_gone(self) -> None:
        """Somebody else takes the last opening while this visitor still reads: the error screen."""
        registration, board, referrals = self._desks()
        self._card = CARDS / "adult_known.jpg"
        self.robot.tap("start")
        self.robot.tap("agree")
        self._jobs_listed()
        self.robot.tap("job2")
        self.robot.at(Step.JOB)
        posting = self.app.visit.job
        assert posting is not None
        for number in range(board.detail(posting).card.openings_left):
            referrals.refer(somebody(registration, self.clock, number), posting)
        self.robot.tap("apply")
        self.robot.at(Step.ERROR)
        self._grab("error")
        self._leave()

    def _idle(self) -> None:
        self.robot.tap("more")
        self.robot.at(Step.HOME)
        self._seconds += self.settings.idle.warn_after + 6
        self.robot.until(lambda: self.robot.has("idleStay"), "the idle warning")
        self._grab("idle")
        self._seconds += self.settings.idle.wipe_after
        self.robot.at(Step.ATTRACT)

    def _slip(self, who: str) -> None:
        """我要应聘, and wait for the paper."""
        model = self._see(who, "slip", Step.SLIP, lambda: self.robot.tap("apply"), picture="")
        self._timed(
            who,
            "printed",
            lambda: self.robot.until(lambda: model.property("state") == "printed", "the paper"),
        )
        self._grab("slip")
        self._see(who, "done", Step.DONE, lambda: self.robot.tap("done"))
        self._leave()

    def _see(
        self,
        who: str,
        name: str,
        step: Step,
        act: Callable[[], object],
        *,
        then: str = "",
        picture: str | None = None,
    ) -> QObject:
        """Do something, wait for the step (and the control `then`), note the time, take the picture."""

        def go() -> None:
            act()
            self.robot.at(step)
            if then:
                self.robot.until(lambda: self.robot.has(then), then)

        self._timed(who, name, go)
        if picture != "":
            self._grab(picture or step)
        return self.app.screen(step)

    def _timed(self, who: str, step: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        self.timings.append(Timing(who, step, round((time.perf_counter() - began) * 1000)))

    def _first_trade(self) -> str:
        """A tile on the screen whose trade has jobs."""
        _, board, _ = self._desks()
        wanted = [f"trade_{tile.key}" for group in board.trades() for tile in group.trades if tile.jobs]
        self.robot.until(lambda: any(map(self.robot.has, wanted)), "trades")
        return next(name for name in wanted if self.robot.has(name))

    def _jobs_listed(self) -> None:
        self.robot.at(Step.JOBS)
        self.robot.until(lambda: self.robot.has("job0"), "jobs")

    def _grab(self, name: str) -> None:
        path = self.pictures / f"{self._orientation}_{name}.png"
        if not path.exists():
            if self.robot.step is not Step.IDENTIFY:  # there the camera is always under way
                self.robot.until(lambda: not self.app.background.busy, "an answer of the desks")
            self.robot.picture(path)

    def _leave(self) -> None:
        self.app.wipe()
        self.robot.at(Step.ATTRACT)

    def _frames(self) -> FrameSource:
        return PictureFile(self._card)

    def _register_known(self) -> None:
        """The known seeker's first visit, some other day."""
        registration, _, _ = self._desks()
        registration.register(
            document("adult_known"),
            self.clock.now(),
            PHONES["adult_known"],
            frozenset(),
            {"carpenter": SkillLevel.SENIOR, "loader": SkillLevel.NONE},
        )


def people() -> dict[str, dict[str, str]]:
    """Who stands on the sample cards."""
    found: dict[str, dict[str, str]] = json.loads((CARDS / "people.json").read_text(encoding="utf-8"))
    return found


def document(who: str) -> IdentityDocument:
    person = people()[who]
    return IdentityDocument(
        Assurance.CAMERA,
        name=person["name"],
        sex=Sex(person["sex"]),
        ethnicity=person["ethnicity"],
        birth=date.fromisoformat(person["birth"]),
        address=person["address"],
        number=person["number"],
        confidence={"number": 1.0, "name": 1.0},
    )


def somebody(registration: RegistrationDesk, clock: Clock, at: int) -> SeekerCard:
    """An invented seeker who happens to be quicker."""
    body = f"41032819800101{at * 2 + 101:03d}"
    sample = IdentityDocument(
        Assurance.TYPED, name=f"样本{at}", number=body + mod_11_2.calc_check_digit(body)
    )
    return registration.register(
        sample, clock.now(), f"1390000{at:04d}", frozenset(), {"loader": SkillLevel.NONE}
    )
