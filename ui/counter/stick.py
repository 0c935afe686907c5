"""To the county and back on a USB stick, where there is no line (spec C5)."""

from __future__ import annotations

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk.county.link import StickDone
from kiosk.county.sticks import Stick
from ui.counter.screen import CounterScreen
from ui.counter.session import Session

LOOK_MS = 2000
LANE = "county"
GIB = 1 << 30


class StickScreen(CounterScreen):
    page = "Stick"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._sticks: tuple[Stick, ...] | None = None
        self._chosen = 0
        self._working = False
        self._told = ""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def enter(self) -> None:
        self.refresh()
        self.look()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()

    known = Property(bool, lambda self: self._sticks is not None, notify=changed)
    sticks = Property(list, lambda self: self._list(), notify=changed)
    chosen = Property(int, lambda self: self._chosen, notify=changed)
    working = Property(bool, lambda self: self._working, notify=changed)
    told = Property(str, lambda self: self._told, notify=changed)

    @Slot()
    def look(self) -> None:
        """Which sticks are in now."""
        self.session.ask(self.session.desks.link.sticks, self._take)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._chosen = at
        self.changed.emit()

    @Slot()
    def write(self) -> None:
        self._carry(to_stick=True)

    @Slot()
    def read(self) -> None:
        self._carry(to_stick=False)

    def _carry(self, *, to_stick: bool) -> None:
        found, desk = self._sticks or (), self.session.desks.link
        if self._chosen >= len(found) or self._working:
            return
        folder = found[self._chosen].folder
        act = desk.to_stick if to_stick else desk.from_stick
        words = "写好了：{rows} 条。可以拔下 U 盘，送到县里" if to_stick else "读好了：{rows} 条"
        self._works(True)

        def done(report: StickDone) -> None:
            self._told = self.tr_(words, rows=report.rows)
            self._works(False)

        self.once(lambda by: act(by, folder), done, self._failed, lane=LANE)

    def _failed(self, error: Exception) -> None:
        self._works(False)
        self.session.fail(error)

    def _works(self, on: bool) -> None:
        self._working = on
        self.changed.emit()

    def _take(self, found: tuple[Stick, ...]) -> None:
        if found != self._sticks:
            self._sticks = found
            self._chosen = min(self._chosen, max(0, len(found) - 1))
            self.changed.emit()

    def _list(self) -> list[dict[str, str]]:
        return [
            {"text": stick.name, "detail": self.tr_("还空 {size} GB", size=f"{stick.free / GIB:.1f}")}
            for stick in self._sticks or ()
        ]
