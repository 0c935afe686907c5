"""The slip on its way to paper: printing, taken, or what is wrong with the printer in plain words."""

from __future__ import annotations

from PySide6.QtCore import Property, QTimer, Signal, Slot

from kiosk.jobs.cards import Handover
from kiosk.printing_desk import PrintJobState, PrintState
from ui.visit.screen import Screen
from ui.visit.session import Session

POLL_MS = 400

_REASONS = {
    "paper_out": "打印机没纸了",
    "cover_open": "打印机的盖子开着",
    "offline": "打印机没有连上",
    "no_printer": "这台机器没有接打印机",
}
_NOT_CONNECTED = {"mute", "refused", "unreachable", "timed_out", "busy", "no_device", "no_access"}
_PRINTER_TROUBLE = "打印机出了问题"


class Slip(Screen):
    page = "Slip"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: PrintState | None = None
        self._asked = False
        self._picture = 0
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._ask)
        session.handed.connect(self._handed)

    def enter(self) -> None:
        self._state = None
        if self._handover is not None:
            self._handed()
        else:
            self.refresh()  # still being written; `_handed` follows

    def leave(self) -> None:
        self._timer.stop()

    ready = Property(bool, lambda self: self._handover is not None, notify=changed)
    preview = Property(str, lambda self: self._preview(), notify=changed)
    number = Property(str, lambda self: self._number(), notify=changed)
    repeated = Property(bool, lambda self: bool(self._handover and self._handover.repeated), notify=changed)
    state = Property(str, lambda self: self._shown(), notify=changed)
    reason = Property(str, lambda self: self._reason(), notify=changed)

    @property
    def _handover(self) -> Handover | None:
        return self.session.handover

    @Slot()
    def done(self) -> None:
        self.session.visit.done()
        self.session.go()

    @Slot()
    def more(self) -> None:
        self.session.visit.jobs()
        self.session.go()

    @Slot()
    def _handed(self) -> None:
        self._picture += 1
        self.refresh()
        self._ask()
        self._timer.start()

    def _preview(self) -> str:
        return f"image://slip/{self._picture}" if self._handover is not None else ""

    def _number(self) -> str:
        return self._handover.slip_number if self._handover else ""

    def _shown(self) -> str:
        """asking, printing, printed, uncertain or stuck."""
        if self._handover is None:
            return "asking"
        if self.session.printerless:
            return "stuck"
        if self._state is None:
            return "printing"
        match self._state.state:
            case PrintJobState.PRINTED:
                return "printed"
            case PrintJobState.UNCERTAIN:
                return "uncertain"
            case PrintJobState.FAILED | PrintJobState.EXPIRED:
                return "stuck"
        return "stuck" if self._state.reason else "printing"

    def _reason(self) -> str:
        if self._handover is not None and self.session.printerless:
            return self.tr_(_REASONS["no_printer"])
        reason = self._state.reason if self._state else None
        if reason in _NOT_CONNECTED:
            reason = "offline"
        return self.tr_(_REASONS.get(reason, _PRINTER_TROUBLE)) if reason else ""

    @Slot()
    def _ask(self) -> None:
        if self._asked or self.session.handover is None:
            return
        self._asked = True
        job, desk = self.session.handover.print_job, self.session.desks.printing
        self.session.background.run(lambda: desk.state(job), self._take, self._unknown, lane="print")

    def _take(self, state: PrintState) -> None:
        self._asked = False
        if state != self._state:
            self._state = state
            self.changed.emit()
        if state.settled:
            self._timer.stop()

    def _unknown(self, error: Exception) -> None:
        self._asked = False
        self._timer.stop()
        self.session.fail(error)
