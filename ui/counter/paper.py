"""A paper that an act has just queued: its picture, and whether it came out. For the last screen of a task."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.errors import NotFound
from kiosk.printing_desk import PrintJobState, PrintState
from kiosk.tools.papers import latest_job
from ui.counter.session import Session
from ui.counter.words import reason_text

LOOK_MS = 1000


@dataclass(frozen=True)
class _Seen:
    state: PrintState
    png: bytes


class Paper(QObject):
    """`document` as the print journal calls it. `tone` and `words` tell the state, `picture` is an image URL."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._document = ""
        self._state: PrintState | None = None
        self._picture = 0
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    tone = Property(str, lambda self: self._tone(), notify=changed)
    words = Property(str, lambda self: self._words(), notify=changed)
    picture = Property(
        str, lambda self: f"image://slip/{self._picture}" if self._picture else "", notify=changed
    )

    def follow(self, document: str) -> None:
        self._document, self._state, self._picture = document, None, 0
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()
        self._session.paper.clear()

    @Slot()
    def look(self) -> None:
        desks, document, known = self._session.desks, self._document, self._picture

        def see() -> _Seen:
            job: UUID | None = latest_job(desks.counter, document)
            if job is None:
                raise NotFound(what="print_job")
            return _Seen(desks.printing.state(job), b"" if known else desks.printing.picture(job))

        self._session.ask(see, self._take, self._unknown)

    def _take(self, seen: _Seen) -> None:
        self._state = seen.state
        if seen.png:
            self._session.paper.put(QImage.fromData(seen.png))
            self._picture += 1
        if seen.state.settled:
            self._timer.stop()
        self.changed.emit()

    def _unknown(self, error: Exception) -> None:
        self._timer.stop()
        self._session.fail(error)

    @property
    def _printerless(self) -> bool:
        return not any(printer.address for printer in self._session.settings.printers)

    def _tone(self) -> str:
        if self._state is None or (self._state.state is PrintJobState.QUEUED and not self._state.reason):
            return "info"
        return "ok" if self._state.state is PrintJobState.PRINTED else "warn"

    def _words(self) -> str:
        text = self._session.text
        if self._printerless:
            return text("这台机器没有接打印机，单子只在屏幕上")
        if self._state is None:
            return text("正在打印")
        match self._state.state:
            case PrintJobState.PRINTED:
                return text("打好了，请撕下来交给本人")
            case PrintJobState.UNCERTAIN:
                return text("不确定出没出纸，请到“打印”里看一下")
            case PrintJobState.FAILED | PrintJobState.EXPIRED:
                return text("没有打出来，请到“打印”里重打")
        return reason_text(self._state.reason, self._session.language) or text("正在打印")
