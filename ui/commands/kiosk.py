"""`gighall kiosk`: window first, then store, desks, printers and camera behind it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk import settings as settings_file
from kiosk.errors import SettingsInvalid
from kiosk.settings import Settings
from ui import logs

if TYPE_CHECKING:
    from db.file_lock import FileLock
    from db.store import Store
    from db.sync.schedule import SyncLoop
    from kiosk.identity.camera import FrameSource
    from printing.spooler import Spooler
    from ui.app import KioskApp
    from ui.counter_app import CounterApp
    from ui.shell import Shell

log = logging.getLogger("gighall.ui")

NO_DISPLAY = (
    "There is no display here. Start it on the machine's screen (DISPLAY or WAYLAND_DISPLAY set), "
    "or let the robot show it: gighall demo"
)
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def kiosk(data: Path | None, *, windowed: bool, sample: bool, counter: bool = False) -> int:
    """The visitor's screens, or with `counter` those of staff, until the window is closed.

    Exit code 1 where it cannot start; the reason is one line.
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in DISPLAYS):
        print(NO_DISPLAY, file=sys.stderr)
        return 1
    folder = data or settings_file.data_folder()
    try:
        settings = settings_file.load(folder)
    except SettingsInvalid as error:
        print(f"{error.context['where']}: {error.context['reason']}", file=sys.stderr)
        return 1
    logs.start(folder)

    from ui.shell import LANDSCAPE, PORTRAIT, Shell, application
    from ui.visit.attract import Attract

    qt = application()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it: Qt would not hear of it otherwise
    shell = Shell(LANDSCAPE if counter else PORTRAIT)
    if not counter:
        shell.stage.show("Attract", Attract(None))
    if windowed:
        shell.window.show()
    else:
        shell.window.showFullScreen()
    running: list[Callable[[], Any]] = []

    def start_desks() -> None:
        from db.errors import StoreError

        try:
            app, stop = assemble(folder, settings, shell, sample=sample, counter=counter)
        except StoreError as error:
            log.error("store does not open: %s", error.code)
            print(f"The store in {folder} does not open: {error.code}. See: gighall doctor", file=sys.stderr)
            qt.exit(1)
            return
        app.catch_bugs()
        running.append(stop)
        running.append(app.close)

    shell.painted.connect(start_desks)
    code = qt.exec()
    for stop in reversed(running):
        stop()
    return code


def assemble(
    folder: Path, settings: Settings, shell: Shell, *, sample: bool, counter: bool = False
) -> tuple[KioskApp | CounterApp, Callable[[], None]]:
    """Everything behind the window: the app, and what stops printers and store again. Raises StoreError."""
    from zoneinfo import ZoneInfo

    from db.file_lock import FileLock
    from db.store import Store
    from db.sync.schedule import SyncLoop
    from kiosk.clock import Clock
    from kiosk.identity.slip_code import HallCodes
    from kiosk.leftovers import Upkeep
    from kiosk.sample_hall import fill
    from kiosk.tools.counter import Counter
    from ui.commands.sync import plan
    from ui.counter_app import CounterApp, build_counter
    from ui.staff_door import StaffDoor

    clock = Clock(ZoneInfo(settings.timezone))
    store = Store.open(folder)
    if sample:
        fill(store, clock)
    spooler = spooler_for(store, settings)
    # kiosk and counter may share one machine and store: whoever starts first prints for both
    if spooler is not None and not FileLock(folder / "printing.lock").take():
        log.info("another process on this store prints")
        spooler = None
    if spooler is not None:
        spooler.start()
    upkeep = Upkeep(Counter(store, settings, clock, HallCodes(store, settings)))
    visit = FileLock(folder / "visit.lock")  # held while somebody is served, whoever syncs
    loop = SyncLoop(
        store,
        plan(settings),
        busy=visit.held,
        told=lambda _: None if isinstance(app, CounterApp) else app.synced.emit(),
        chores=upkeep.nightly,
        timeout=settings.county.timeout,
    )
    app: KioskApp | CounterApp
    door: StaffDoor | None = None
    if counter:
        app = build_counter(
            settings,
            store,
            clock=clock,
            spooler=spooler,
            shell=shell,
            open_frames=frames_for(settings.camera.source),
            loop=loop,
        )
    else:
        from ui.app import build

        door = StaffDoor(
            lambda: build_counter(
                settings,
                store,
                clock=clock,
                spooler=spooler,
                size=shell.window.size(),
                open_frames=frames_for(settings.camera.source),
                loop=loop,
                guest=True,
            ),
            shell.window,
        )
        app = build(
            settings,
            store,
            clock=clock,
            open_frames=frames_for(settings.camera.source),
            spooler=spooler,
            shell=shell,
            loop=loop,
            serving=lambda on: _serving(on, visit, loop),
            staff_door=door.open,
        )
    loop.start()

    def stop() -> None:
        if door is not None:
            door.shut()
        loop.stop()
        visit.give()
        if spooler is not None:
            spooler.stop()
        store.close()

    return app, stop


def _serving(on: bool, visit: FileLock, loop: SyncLoop) -> None:
    """A visit begins or ends."""
    if on:
        visit.take()
    else:
        visit.give()
        loop.visitor_left()


def spooler_for(store: Store, settings: Settings) -> Spooler | None:
    """The spooler of the hall's printers; None where there is none."""
    from db.print_journal import PrintJournal
    from printing.profile import profile
    from printing.spooler import Printer, Spooler

    printers = [
        Printer(
            f"{printer.profile}-{at + 1}",
            printer.address,
            profile(printer.profile),
            lifetime=timedelta(minutes=printer.expire_minutes),
        )
        for at, printer in enumerate(settings.printers)
        if printer.address
    ]
    if not printers:
        return None
    return Spooler(PrintJournal(store), printers)


def frames_for(source: str) -> Callable[[], FrameSource] | None:
    """A fresh frame source for each look, from a camera's number, a picture, a folder or a video; None: no camera."""
    from kiosk.identity.camera import open_source

    return (lambda: open_source(source)) if source else None
