"""The composition root of the touch app: the one place that builds everything and hands it down."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QSize, Signal, Slot
from PySide6.QtQuick import QQuickItem, QQuickWindow

from db.store import Store
from db.sync.schedule import SyncLoop
from kiosk.clock import Clock
from kiosk.county.elsewhere import Elsewhere
from kiosk.county.link import LinkDesk
from kiosk.hall import HallDesk
from kiosk.identity.camera import FrameSource
from kiosk.identity.card_photo import CardReader
from kiosk.identity.code_reader import CodeReader
from kiosk.identity.slip_code import HallCodes, SlipCodes
from kiosk.jobs.board import JobBoard
from kiosk.jobs.referrals import ReferralDesk
from kiosk.jobs.taken import TakenSlips
from kiosk.printing_desk import PrintDesk
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from kiosk.tools.borrowers import BorrowerDesk
from kiosk.tools.counter import Counter
from kiosk.tools.photos import PhotoShelf
from kiosk.tools.rental import RentalDesk
from kiosk.tools.stock import StockDesk
from kiosk.visit import IdleRule, Step, Visit
from printing.spooler import Spooler
from ui.background import Background
from ui.idle import IdleWatch
from ui.lang import LangSource
from ui.pictures import KeptPhotos
from ui.rubbish import Rubbish
from ui.shell import PORTRAIT, Shell
from ui.visit.attract import Attract
from ui.visit.eyes import Eyes
from ui.visit.screen import Screen
from ui.visit.screens import SCREENS
from ui.visit.session import Desks, Pictures, Session

PAD = "phonePad"  # digits of a phone number are not taps (spec S4)


class KioskApp(QObject):
    """The running kiosk: a window, one session at a time, wiped when the visitor leaves or idles."""

    stepped = Signal(str)  # the step now shown
    wiped = Signal()
    synced = Signal()  # a round with the county ended; emit from any thread

    def __init__(
        self,
        desks: Callable[[Background], Desks],
        settings: Settings,
        clock: Clock,
        shell: Shell,
        seconds: Callable[[], float] = time.monotonic,
        serving: Callable[[bool], object] = lambda on: None,
        staff_door: Callable[[], object] | None = None,
    ) -> None:
        """`seconds`: a clock that only goes forward, for idling; `serving`: hears when a visit begins and ends;
        `staff_door`: lets staff in from the help screen."""
        super().__init__()
        self._staff_door = staff_door
        self._settings = settings
        self._clock = clock
        self._serving = serving
        self.shell = shell
        self._rubbish = Rubbish(self)
        self.background = Background(self._bug)
        self._desks = desks(self.background)
        idle = settings.idle
        self.idle = IdleWatch(IdleRule(idle.warn_after, idle.wipe_after, idle.done_after), seconds, self)
        self.idle.warned.connect(shell.stage.warn)
        self.idle.calmed.connect(lambda: shell.stage.warn(-1))
        self.idle.expired.connect(self.wipe)
        shell.stage.stayed.connect(self.idle.touched)
        shell.stage.left.connect(self.wipe)
        shell.touched.connect(self._touched)
        self._photos: KeptPhotos | None = None
        self._screens: dict[Step, Screen] = {}
        self._shown: Step | None = None
        self.synced.connect(self._look_again)
        if shell.stands:
            self._desks.eyes.load()
        else:
            shell.painted.connect(self._desks.eyes.load)
        wish = self._wish()
        self.session = self._new_session()
        self._follow()
        if wish:
            getattr(self._screens[Step.ATTRACT], wish)()

    @property
    def window(self) -> QQuickWindow:
        return self.shell.window

    @property
    def visit(self) -> Visit:
        return self.session.visit

    def screen(self, step: Step) -> Screen:
        """The view model of a step in this session; made when first asked for."""
        if step not in self._screens:
            self._screens[step] = SCREENS[step](self.session)
        return self._screens[step]

    def show_step(self) -> Step:
        """The step on the screen."""
        return self._shown or Step.ATTRACT

    def find(self, name: str) -> QQuickItem | None:
        """The visible control of that objectName."""
        return self.shell.find(name)

    def grab(self, path: Path) -> None:
        """The window as a PNG."""
        if not self.shell.grab().save(str(path)):
            raise OSError(f"cannot write {path.name}")

    @Slot()
    def wipe(self) -> None:
        """Forget the visitor: visit, view models, pictures, language, answers still under way (design §6)."""
        self.background.forget()
        old, gone = self.session, list(self._screens.values())
        if self._shown is not None:
            self._screens[self._shown].leave()
        for picture in (self.shell.camera_picture, self.shell.slip_picture):
            picture.clear()
        self._screens, self._shown = {}, None
        self.session = self._new_session()
        # the hall's own, nobody's secret
        self.session.hall, self.session.summary, self.session.link_sign = (
            old.hall,
            old.summary,
            old.link_sign,
        )
        self.shell.stage.warn(-1)
        self._follow()
        for model in gone:
            model.deleteLater()
        old.deleteLater()
        self._rubbish.all_soon()
        self.wiped.emit()

    def close(self) -> None:
        if self._shown is not None:
            self._screens[self._shown].leave()
        self.background.close()
        self.idle.watch(False)
        self.shell.close()
        self._rubbish.close()

    def _fresh_photos(self) -> KeptPhotos:
        """Of this visit; staff may have shown others meanwhile."""
        if self._photos is not None:
            self._photos.forget()
            self._photos.deleteLater()
        self._photos = KeptPhotos(self._desks.photos, self.shell.photos, self.background, self)
        return self._photos

    def _new_session(self) -> Session:
        session = Session(
            self._desks,
            self._settings,
            self._clock,
            self.background,
            Pictures(self.shell.camera_picture, self.shell.slip_picture, self._fresh_photos()),
            self.idle.done_left,
        )
        session.moved.connect(self._follow)
        session.ended.connect(self.wipe)
        session.spoken.connect(self._speak)
        session.forgotten.connect(self._forget_person)
        session.has_staff_door = self._staff_door is not None
        session.staff_called.connect(self._let_staff_in)
        self._lang = LangSource(session.language)
        self.shell.speak(self._lang, session.language.code)
        return session

    @Slot()
    def _follow(self) -> None:
        """Show the screen of the step the visit stands at."""
        step = self.visit.step
        if step is self._shown:
            return
        before, model = self._shown, self.screen(step)
        self._shown = step
        if before is not None:
            self._screens[before].leave()
        self.idle.watch(step is not Step.ATTRACT, last_screen=step is Step.DONE)
        self._serving(step is not Step.ATTRACT)
        model.enter()
        if self._shown is step:  # entering may have led further
            self.shell.stage.show(model.page, model)
            self.stepped.emit(step.value)

    @Slot()
    def _let_staff_in(self) -> None:
        """No visit goes on behind them."""
        self.wipe()
        if self._staff_door is not None:
            self._staff_door()

    @Slot()
    def _look_again(self) -> None:
        """Jobs came from the county, or staff should be told of the link: while nobody is served."""
        if self._shown is Step.ATTRACT:
            self.session.refresh_hall()

    @Slot()
    def _forget_person(self) -> None:
        """View models keep what a person typed: all but the one shown are made anew."""
        self.background.forget()
        for step in [step for step in self._screens if step is not self._shown]:
            self._screens.pop(step).deleteLater()
        self.session.refresh_hall()

    @Slot()
    def _speak(self) -> None:
        self.shell.speak(self._lang, self.session.language.code)
        for model in self._screens.values():
            model.refresh()

    @Slot(QPointF)
    def _touched(self, point: QPointF) -> None:
        if not self.idle.warning:  # there, the finger's release decides between staying and leaving
            self.idle.touched()
        if self._shown is not Step.PHONE or not self.shell.covers(PAD, point):
            self.visit.taps += 1

    def _wish(self) -> str:
        """What was tapped on the welcome screen before the desks stood."""
        first = self.shell.stage.property("model")
        self._welcome = first  # its page is still shown; it may not go before that
        return first.wish if isinstance(first, Attract) else ""

    def catch_bugs(self) -> None:
        """From now on an error nobody caught is told neutrally and logged, instead of being printed."""
        sys.excepthook = lambda kind, error, trace: self._bug(
            error if isinstance(error, Exception) else RuntimeError(kind.__name__)
        )

    def _bug(self, error: Exception) -> None:
        self.session.fail(error)


def build(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    codes: SlipCodes | None = None,
    cards: CardReader | None = None,
    spooler: Spooler | None = None,
    open_frames: Callable[[], FrameSource] | None = None,
    shell: Shell | None = None,
    size: QSize = PORTRAIT,
    seconds: Callable[[], float] = time.monotonic,
    loop: SyncLoop | None = None,
    serving: Callable[[bool], object] = lambda on: None,
    staff_door: Callable[[], object] | None = None,
) -> KioskApp:
    """Put the touch app together on an open store.

    `open_frames` gives a fresh camera (or what stands in for one) for each look at a card; None: no camera.
    `spooler`: prints what the desks queue, started and stopped by whoever made it; None: slips stay on the screen.
    `shell`: a window that stands already, with its welcome screen; `seconds`: a clock for idling.
    `loop`: syncs with the county, started and stopped by whoever made it; `serving` hears when a visit begins and ends.
    `staff_door`: lets staff in from the help screen; None: no way in there.
    """
    codes = codes or HallCodes(store, settings)
    board = JobBoard(store, settings, clock)
    printing = PrintDesk(store, spooler.wake) if spooler else PrintDesk(store)

    counter = Counter(store, settings, clock, codes)

    def desks(background: Background) -> Desks:
        return Desks(
            registration=RegistrationDesk(store, settings, clock, codes, Elsewhere(store, settings).find),
            board=board,
            referrals=ReferralDesk(store, settings, clock, codes, board, printing),
            printing=printing,
            hall=HallDesk(store),
            stock=StockDesk(counter),
            rental=RentalDesk(counter),
            borrowers=BorrowerDesk(counter),
            photos=PhotoShelf(store),
            taken=TakenSlips(store, clock),
            link=LinkDesk(counter, loop),
            eyes=Eyes(
                open_frames,
                background,
                cards or CardReader(clock.today),
                CodeReader(codes.county_address),
            ),
        )

    return KioskApp(desks, settings, clock, shell or Shell(size), seconds, serving, staff_door)
