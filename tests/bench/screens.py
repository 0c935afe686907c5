"""Touch screens: first frame beside an empty window, tap → next screen, taps of a visit, scrolling 100,000 jobs.

    python -m tests.bench.screens [--json] [--visits 20] [--jobs 100000]

First frames are whole processes, ours and the peer's in turn: from the start of the process to the first frame swapped.
A tap is timed from the press to the frame that shows the next screen, over whole visits on the sample hall; `filled`
is the same tap until what the desks were asked for stands on the screen too. Software renderer, no display.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MORNING = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
PATIENCE = 30.0
PHONE = "13900001234"
EMPTY = """
import sys
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface
QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
app = QGuiApplication(sys.argv)
engine = QQmlApplicationEngine()
engine.loadData(b"import QtQuick\\nWindow { visible: true; width: 1080; height: 1920 }")
engine.rootObjects()[0].frameSwapped.connect(lambda: (print("frame", flush=True), app.quit()))
app.exec()
"""
OURS = """
from PySide6.QtGui import QGuiApplication
from ui.shell import Shell, application
from ui.visit.attract import Attract
app = application()
shell = Shell()
shell.stage.show("Attract", Attract(None))
shell.painted.connect(lambda: (print("frame", flush=True), app.quit()))
shell.window.show()
app.exec()
shell.close()
"""


def first_frame(program: str) -> float:
    """Milliseconds from starting the process to its word that a frame was swapped."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "frame\n"
        return (time.perf_counter() - begin) * 1000


class Hand:
    """Taps a running kiosk and times what follows."""

    def __init__(self, app: Any) -> None:
        from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
        from PySide6.QtGui import QGuiApplication
        from PySide6.QtTest import QTest

        self._qt = (QEventLoop, QPointF, Qt, QTest, QGuiApplication, QEvent, QTimer)
        self.app = app
        self.next_screen: list[float] = []
        self.own_work: list[float] = []  # CPU of the GUI thread alone: what a busy machine does not change
        self.filled: list[float] = []

    def until(self, stands: Callable[[], object]) -> None:
        gui = self._qt[4]
        end = time.perf_counter() + PATIENCE
        while not stands():
            gui.processEvents(self._qt[0].ProcessEventsFlag.WaitForMoreEvents, 20)
            if time.perf_counter() > end:
                raise TimeoutError(self.app.show_step())

    def settle(self) -> None:
        self.until(lambda: not self.app.background.busy)
        self.frame()

    def frame(self) -> None:
        """Until the next frame is swapped."""
        swapped: list[bool] = []
        link = self.app.window.frameSwapped.connect(lambda: swapped.append(True))
        self.app.window.update()
        self.until(lambda: swapped)
        self.app.window.frameSwapped.disconnect(link)

    def middle(self, name: str) -> Any:
        """Where to press; waits for the control."""
        self.until(lambda: (item := self.app.find(name)) is not None and item.isEnabled())
        item = self.app.find(name)
        return item.mapToScene(self._qt[1](item.width() / 2, item.height() / 2)).toPoint()

    def press(self, name: str) -> None:
        self.press_at(self.middle(name))

    def press_at(self, where: Any) -> None:
        _, _, qt, test, *_ = self._qt
        test.mouseClick(self.app.window, qt.MouseButton.LeftButton, qt.KeyboardModifier.NoModifier, where)

    def tap(self, name: str) -> None:
        """A tap that leads to another screen, timed."""
        self.middle(name)
        self.settle()
        where = self.middle(name)
        before = self.app.show_step()
        begin, own = time.perf_counter(), time.thread_time()
        self.press_at(where)
        self.until(lambda: self.app.show_step() is not before)
        self.frame()
        self.next_screen.append((time.perf_counter() - begin) * 1000)
        self.own_work.append((time.thread_time() - own) * 1000)
        self.settle()
        self.filled.append((time.perf_counter() - begin) * 1000)


def kiosk(store: Any, *, open_frames: Any = None) -> Any:
    from kiosk.clock import Clock
    from kiosk.settings import Settings
    from ui.app import build

    clock = Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING)
    app = build(Settings(), store, clock=clock, open_frames=open_frames)
    app.window.show()
    return app


def opened(folder: Path) -> Any:
    from db.store import Store
    from kiosk.clock import Clock
    from kiosk.sample_hall import fill

    store = Store.open(folder)
    fill(store, Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING))
    return store


class HeldUp:
    """A card held before the camera."""

    def __init__(self, card: Path) -> None:
        self._card = card

    def frames(self) -> Any:
        from kiosk.identity.camera import PictureFile

        for _ in range(6):
            yield from PictureFile(self._card).frames()

    def close(self) -> None:
        """Nothing is held open."""


def trade(hand: Hand) -> str:
    """The first trade tile on the screen."""
    names: list[str] = []

    def found() -> bool:
        if hand.app.find("tradeGrid") is not None:
            names[:] = [name for name in hand.app.shell.visible_names() if name.startswith("trade_")]
        return bool(names)

    hand.until(found)
    return names[0]


def taps() -> dict[str, int]:
    """A new seeker by the camera, then the same one again, each from welcome to slip."""
    import assets
    from kiosk.visit import Step

    card = assets.ROOT / "samples" / "cards" / "adult_new.jpg"
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder))
        app = kiosk(store, open_frames=lambda: HeldUp(card))
        hand = Hand(app)
        hand.tap("start")
        hand.press("agree")
        hand.until(lambda: app.show_step() is Step.CONFIRM)
        hand.tap("yes")
        for digit in PHONE:
            hand.press(f"key{digit}")
        hand.until(lambda: app.show_step() is Step.HARDSHIP)
        hand.tap("next")
        hand.press(trade(hand))
        for name in ("next", "job0", "apply"):
            hand.tap(name)
        assert app.show_step() is Step.SLIP
        new = app.visit.taps
        app.wipe()
        hand.tap("start")
        hand.press("agree")
        hand.until(lambda: app.show_step() is Step.JOBS)
        hand.tap("job1")
        hand.tap("apply")
        assert app.show_step() is Step.SLIP
        known = app.visit.taps
        app.close()
        store.close()
    return {"taps_new": new, "taps_known": known}


def visits(times: int) -> Hand:
    """Whole visits of new people who type their number; every tap that leads to another screen, ms."""
    from stdnum.iso7064 import mod_11_2

    from kiosk.visit import Step

    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder))
        app = kiosk(store)
        hand = Hand(app)
        for visit in range(times):
            digits = f"110101{date(1985, 3, 1 + visit % 28):%Y%m%d}{2 * visit % 1000 + 1:03d}"
            for name in ("start", "agree", "typeNumber"):
                hand.tap(name)
            for digit in digits + str(mod_11_2.calc_check_digit(digits)):
                hand.press(f"key{digit}")
            hand.tap("next")
            for syllable in ("wang", "wei"):
                for letter in syllable:
                    hand.press(f"letter_{letter}")
                hand.press("candidate0")
            for name in ("next", "yes"):
                hand.tap(name)
            for digit in PHONE[:-1]:
                hand.press(f"key{digit}")
            hand.tap(f"key{PHONE[-1]}")
            hand.tap("next")
            hand.press(trade(hand))
            for name in ("next", "filters", "back", "search", "back", f"job{visit % 3}", "apply", "done"):
                hand.tap(name)
            assert app.show_step() is Step.DONE
            hand.tap("finish")
        app.close()
        store.close()
    return hand


def scroll(jobs: int) -> dict[str, float]:
    """Jumps through a list of that many postings: each until its cards are fetched and painted, ms."""
    import random

    from PySide6.QtQuick import QQuickItem

    from db.store import Store
    from kiosk.clock import Clock
    from kiosk.visit import Step
    from tests.bench.search import fill_up

    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        fill_up(store, Clock(ZoneInfo("Asia/Shanghai"), lambda: MORNING), jobs)
        app = kiosk(store)
        hand = Hand(app)
        hand.tap("start")
        begin = time.perf_counter()
        hand.tap("lookAround")
        hand.until(lambda: app.screen(Step.JOBS).property("count") > 0)
        hand.settle()
        opened_ms = (time.perf_counter() - begin) * 1000
        view = app.find("jobList")
        assert isinstance(view, QQuickItem)
        chance = random.Random(1)
        count = int(app.screen(Step.JOBS).property("count"))
        whole = float(view.property("contentHeight"))
        frames, filled = [], []
        places = [0.5, 0.999, *(chance.random() * 0.99 for _ in range(60))]
        for place in places:
            begin = time.perf_counter()
            view.setProperty("contentY", whole * place)
            hand.frame()
            frames.append((time.perf_counter() - begin) * 1000)
            hand.settle()
            filled.append((time.perf_counter() - begin) * 1000)
        app.close()
        store.close()
    return {
        "scroll_jobs": count,
        "scroll_open_ms": round(opened_ms, 1),
        "scroll_p95_ms": percentile(frames, 95),
        "scroll_filled_p95_ms": percentile(filled, 95),
    }


def percentile(took: Sequence[float], of: int) -> float:
    return round(statistics.quantiles(took, n=100, method="inclusive")[of - 1], 1)


def measure(visit_count: int, jobs: int, starts: int) -> dict[str, Any]:
    pairs = [(first_frame(OURS), first_frame(EMPTY)) for _ in range(starts + 1)][1:]  # the first fills caches
    hand = visits(visit_count)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "first_frame_ms": round(statistics.median(ours for ours, _ in pairs), 1),
        "first_frame_empty_ms": round(statistics.median(empty for _, empty in pairs), 1),
        "first_frame_vs_empty": round(statistics.median(ours / empty for ours, empty in pairs), 2),
        "tap_p50_ms": percentile(hand.next_screen, 50),
        "tap_p95_ms": percentile(hand.next_screen, 95),
        "tap_cpu_p95_ms": percentile(hand.own_work, 95),
        "tap_filled_p95_ms": percentile(hand.filled, 95),
        "taps_timed": len(hand.next_screen),
        **taps(),
        "rss_mb": round(rss, 1),
        **(scroll(jobs) if jobs else {}),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--visits", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=100_000, help="0: no scrolling")
    parser.add_argument("--starts", type=int, default=9)
    wanted = parser.parse_args()
    figures = measure(wanted.visits, wanted.jobs, wanted.starts)
    if wanted.json:
        print(json.dumps(figures))
    else:
        for key, value in figures.items():
            print(f"{key:24} {value}")


if __name__ == "__main__":
    main()
