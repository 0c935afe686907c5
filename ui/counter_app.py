"""The composition root of the counter: puts desks, session and screens together on one window (spec §3, R1)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from argon2 import PasswordHasher
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtQuick import QQuickItem, QQuickWindow

from db.store import Store
from db.sync.schedule import SyncLoop
from kiosk.clock import Clock
from kiosk.county.bans import BanDesk
from kiosk.county.conflicts import ConflictDesk
from kiosk.county.link import LinkDesk
from kiosk.county.rights import RightsDesk
from kiosk.hall import HallCard, HallDesk
from kiosk.identity.camera import FrameSource
from kiosk.identity.slip_code import HallCodes, SlipCodes
from kiosk.jobs.slip_check import SlipDesk
from kiosk.printing_desk import PrintDesk, PrinterState
from kiosk.seekers.registration import RegistrationDesk
from kiosk.settings import Settings
from kiosk.staff.accounts import AccountsDesk
from kiosk.tools import files
from kiosk.tools.borrowers import BorrowerDesk
from kiosk.tools.cash import CashDesk
from kiosk.tools.counter import Counter
from kiosk.tools.disputes import DisputeDesk
from kiosk.tools.files import FileFinder, usual_folders
from kiosk.tools.found import FoundDesk
from kiosk.tools.inspection import ReturnDesk
from kiosk.tools.intake import IntakeDesk
from kiosk.tools.lockers import LockerDesk
from kiosk.tools.photos import PhotoShelf
from kiosk.tools.places import PlaceDesk
from kiosk.tools.register import RegisterDesk
from kiosk.tools.rental import RentalDesk
from kiosk.tools.requests import RequestDesk
from kiosk.tools.settlement import SettlementDesk
from kiosk.tools.stock import StockDesk
from kiosk.tools.stock_count import CountDesk
from ui.background import Background
from ui.counter.lens import Lens
from ui.counter.scanner import Scanner
from ui.counter.screen import CounterScreen
from ui.counter.screens import SCREENS
from ui.counter.session import Desks, Place, Session
from ui.idle import IdleWatch
from ui.lang import LangSource
from ui.rubbish import Rubbish
from ui.shell import LANDSCAPE, Shell

UNSTACKED = (Place.SET_UP, Place.SIGN_IN)  # they stand above the way and are no part of it


class Spool(Protocol):
    """What the counter wants of the spooler."""

    def wake(self) -> object: ...

    def printers(self) -> Sequence[PrinterState]: ...


class LockRule:
    """An idle counter locks itself, unwarned: nothing is lost, the same person goes on where they were."""

    def __init__(self, after: float) -> None:
        self.done_after = after

    def warning_left(self, idle: float) -> int | None:
        return 0 if idle >= self.done_after else None


class CounterApp(QObject):
    """The running counter. `stepped` with the place that is now shown."""

    stepped = Signal(str)
    left = Signal()  # a guest's time is over

    def __init__(
        self,
        desks: Desks,
        settings: Settings,
        clock: Clock,
        shell: Shell,
        seconds: Callable[[], float] = time.monotonic,
        open_frames: Callable[[], FrameSource] | None = None,
        *,
        guest: bool = False,
    ) -> None:
        """`guest`: on a kiosk; it is `left` when nobody touches it, signed in or not, and is not set up there."""
        super().__init__()
        self.shell = shell
        self._guest = guest
        self._rubbish = Rubbish(self)
        self.background = Background(self._bug)
        self.lens = Lens(open_frames, self.background, shell.camera_picture, shell.photos)
        self.session = Session(
            desks, settings, clock, self.background, shell.slip_picture, self.lens, seconds
        )
        self.session.moved.connect(self._follow)
        self.session.spoken.connect(self._speak)
        self._models: list[tuple[Place, CounterScreen]] = []
        self._shown: CounterScreen | None = None
        self._step: Place | None = None
        self.scanner = Scanner(shell.window, seconds, self)
        self.scanner.scanned.connect(self._scanned)
        alone = (
            min(settings.staff.lock_after, settings.idle.warn_after) if guest else settings.staff.lock_after
        )
        self.idle = IdleWatch(LockRule(alone), seconds, self)
        self.idle.expired.connect(self.left if guest else self.session.lock)
        self.session.guest = guest
        self.session.left.connect(self.left)
        shell.touched.connect(lambda _: self.idle.touched())
        self._speak()
        self.background.run(lambda: (desks.accounts.needs_setup(), desks.hall.hall()), self._begin)

    @property
    def window(self) -> QQuickWindow:
        return self.shell.window

    def show_step(self) -> Place | None:
        """The place on the screen; None until the store has answered."""
        return self._step

    def screen(self, place: Place | None) -> CounterScreen:
        """The view model on the screen."""
        assert self._shown is not None
        assert place is self._step
        return self._shown

    def find(self, name: str) -> QQuickItem | None:
        """The visible control of that objectName."""
        return self.shell.find(name)

    def grab(self, path: Path) -> None:
        """The window as a PNG."""
        if not self.shell.grab().save(str(path)):
            raise OSError(f"cannot write {path.name}")

    def close(self) -> None:
        if self._shown is not None:
            self._shown.leave()
        self.lens.stop()
        self.background.close()
        self.idle.watch(False)
        self.shell.close()
        self._rubbish.close()

    def _begin(self, found: tuple[bool, HallCard]) -> None:
        self.session.needs_set_up, self.session.hall_name = found[0] and not self._guest, found[1].name
        self._follow()

    def _follow(self) -> None:
        """Show the screen of the place on top; those that left the way are forgotten."""
        session = self.session
        place = session.place
        before = self._shown
        if before is not None:
            before.leave()
        gone = self._trim()
        model = self._model(place)
        if before is not None and before is not model and self._step in UNSTACKED:
            gone.append(before)
        self._shown, self._step = model, place
        self.idle.watch(self._guest or place not in UNSTACKED)
        model.enter()
        if self._shown is model:  # entering may have led further
            self.shell.stage.show(f"../counter/{model.page}", model)
            self.stepped.emit(place.value)
        for old in gone:
            old.deleteLater()
        self._rubbish.all_soon()

    def _trim(self) -> list[CounterScreen]:
        """Keep the models of the way, in its order."""
        kept: list[tuple[Place, CounterScreen]] = []
        gone: list[CounterScreen] = []
        on_way = list(self.session.way)
        for place, model in self._models:
            if len(kept) < len(on_way) and on_way[len(kept)] is place:
                kept.append((place, model))
            else:
                gone.append(model)
        self._models = kept
        return gone

    def _model(self, place: Place) -> CounterScreen:
        if place in UNSTACKED:
            if self._shown is not None and self._step is place:
                return self._shown
            return SCREENS[place](self.session)
        way = self.session.way
        if len(self._models) == len(way):
            return self._models[-1][1]
        for missing in way[len(self._models) :]:
            self._models.append((missing, SCREENS[missing](self.session)))
        return self._models[-1][1]

    def _scanned(self, text: str) -> None:
        self.idle.touched()
        if self._shown is not None:
            self._shown.scanned(text)

    def _speak(self) -> None:
        language = self.session.language
        self._lang = LangSource(language)
        self.shell.speak(self._lang, language.code)
        for _, model in self._models:
            model.refresh()
        if self._shown is not None:
            self._shown.refresh()

    def catch_bugs(self) -> None:
        """From now on an error nobody caught is told neutrally and logged, instead of being printed."""
        sys.excepthook = lambda kind, error, trace: self._bug(
            error if isinstance(error, Exception) else RuntimeError(kind.__name__)
        )

    def _bug(self, error: Exception) -> None:
        self.session.fail(error)


def build_counter(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    codes: SlipCodes | None = None,
    spooler: Spool | None = None,
    shell: Shell | None = None,
    size: QSize = LANDSCAPE,
    seconds: Callable[[], float] = time.monotonic,
    hasher: PasswordHasher | None = None,
    open_frames: Callable[[], FrameSource] | None = None,
    loop: SyncLoop | None = None,
    guest: bool = False,
    mounted: Callable[[], Iterable[Path]] = files.sticks,
) -> CounterApp:
    """Put the counter together on an open store.

    `open_frames`: as for the kiosk; None: no camera. `spooler`, `loop`: as for the kiosk, started and stopped by their
    maker. `guest`: see `CounterApp`. `mounted`: where sticks are.
    """
    codes = codes or HallCodes(store, settings)
    counter = Counter(store, settings, clock, codes)
    wake, printers = (spooler.wake, spooler.printers) if spooler else (lambda: None, lambda: ())
    desks = Desks(
        accounts=AccountsDesk(store, settings, clock, codes, hasher),
        printing=PrintDesk(store, wake, printers, settings, clock),
        slips=SlipDesk(store, clock, codes),
        codes=codes,
        hall=HallDesk(store),
        counter=counter,
        seekers=RegistrationDesk(store, settings, clock, codes),
        borrowers=BorrowerDesk(counter),
        rental=RentalDesk(counter),
        returns=ReturnDesk(counter),
        money=SettlementDesk(counter),
        cash=CashDesk(counter),
        register=RegisterDesk(counter),
        stock=StockDesk(counter),
        requests=RequestDesk(counter),
        intake=IntakeDesk(counter, FileFinder(lambda: usual_folders(store.path.parent))),
        places=PlaceDesk(counter),
        counts=CountDesk(counter),
        lockers=LockerDesk(counter),
        photos=PhotoShelf(store),
        disputes=DisputeDesk(counter),
        losses=FoundDesk(counter),
        link=LinkDesk(counter, loop, mounted),
        conflicts=ConflictDesk(counter),
        rights=RightsDesk(counter),
        bans=BanDesk(counter),
    )
    return CounterApp(desks, settings, clock, shell or Shell(size), seconds, open_frames, guest=guest)
