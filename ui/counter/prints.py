"""Papers somebody should look after: came out or not, print again; and how the printers are (design §4).

An uncertain paper is never sent again by itself. Staff look: it is there (已出纸), or it is printed anew (补打),
and the new one says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Property, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.printing_desk import PaperCard, PrintCounts, PrinterState, PrintJobState
from kiosk.staff.accounts import Authority
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.words import PAPER_STATES, moment_text, paper_text, reason_text

LOOK_MS = 2000
ACTS = {
    PrintJobState.UNCERTAIN: ("confirm", "reprint"),
    PrintJobState.FAILED: ("retry",),
    PrintJobState.EXPIRED: ("retry",),
}


@dataclass(frozen=True)
class Seen:
    papers: tuple[PaperCard, ...]
    counts: PrintCounts
    printers: Sequence[PrinterState]


class Prints(CounterScreen):
    page = "Prints"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: Seen | None = None
        self._chosen: UUID | None = None
        self._picture = 0
        self._asked = self._acting = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def enter(self) -> None:
        self.refresh()
        self.look()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()
        self.session.paper.clear()

    papers = Property(list, lambda self: self._papers(), notify=changed)
    printers = Property(list, lambda self: self._printers(), notify=changed)
    counts = Property(str, lambda self: self._counts(), notify=changed)
    known = Property(bool, lambda self: self._seen is not None, notify=changed)
    chosen = Property(str, lambda self: str(self._chosen or ""), notify=changed)
    acts = Property(list, lambda self: self._acts(), notify=changed)
    preview = Property(
        str, lambda self: f"image://slip/{self._picture}" if self._chosen else "", notify=changed
    )

    @Slot(str)
    def choose(self, paper: str) -> None:
        self._chosen = UUID(paper)
        self.changed.emit()
        self._show()

    @Slot()
    def confirm(self) -> None:
        self._do(self.session.desks.printing.confirm, "记下了：已出纸")

    @Slot()
    def reprint(self) -> None:
        self._do(self.session.desks.printing.reprint, "正在补打，纸上会写明是补打的")

    @Slot()
    def retry(self) -> None:
        self._do(self.session.desks.printing.retry, "正在重打")

    @Slot()
    def look(self) -> None:
        if self._asked:
            return
        self._asked = True
        desk = self.session.desks.printing
        self.session.ask(
            lambda: Seen(desk.undecided(), desk.counts(), tuple(desk.printers())), self._take, self._unknown
        )

    def _do(self, act: Callable[[Authority, UUID], PaperCard], done: str) -> None:
        chosen = self._chosen
        if chosen is None or self._acting:
            return
        self._acting = True

        def take(card: PaperCard) -> None:
            self._acting = False
            self._chosen = None
            self.session.paper.clear()
            self.session.say(self.tr_(done))
            self.look()

        def refused(error: Exception) -> None:
            self._acting = False
            self.session.fail(error)
            self.look()

        self.session.act(lambda by: act(by, chosen), take, refused)

    def _show(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return

        def take(png: bytes) -> None:
            if self._chosen == chosen:
                self.session.paper.put(QImage.fromData(png))
                self._picture += 1
                self.changed.emit()

        self.session.ask(lambda: self.session.desks.printing.picture(chosen), take)

    def _take(self, seen: Seen) -> None:
        self._asked = False
        if seen == self._seen:
            return
        self._seen = seen
        here = {card.id for card in seen.papers}
        if self._chosen not in here:
            self._chosen = None
            self.session.paper.clear()
        self.changed.emit()

    def _unknown(self, error: Exception) -> None:
        self._asked = False
        self._timer.stop()
        self.session.fail(error)

    def _card(self) -> PaperCard | None:
        papers = self._seen.papers if self._seen else ()
        return next((card for card in papers if card.id == self._chosen), None)

    def _acts(self) -> list[str]:
        card = self._card()
        return list(ACTS.get(card.state, ())) if card else []

    def _papers(self) -> list[dict[str, object]]:
        language = self.session.language
        return [
            {
                "id": str(card.id),
                "text": paper_text(card, language),
                "state": self.tr_(PAPER_STATES[card.state]),
                "reason": reason_text(card.reason, language),
                "when": moment_text(card.asked_at, self.session.clock, language),
                "mine": card.state in ACTS,
            }
            for card in (self._seen.papers if self._seen else ())
        ]

    def _printers(self) -> list[dict[str, object]]:
        language = self.session.language
        found: list[dict[str, object]] = []
        for printer in self._seen.printers if self._seen else ():
            words = reason_text(printer.trouble, language)
            tone = "error" if words else "warn" if printer.near_end else "ok"
            if not words:
                words = self.tr_("打印纸快用完了，请备好新纸卷" if printer.near_end else "打印机正常")
            found.append({"name": printer.name, "text": words, "tone": tone})
        return found

    def _counts(self) -> str:
        if self._seen is None:
            return ""
        counts = self._seen.counts
        return self.tr_(
            "今天打了 {printed} 张，在等 {waiting} 张，要您看的 {undecided} 张",
            printed=counts.printed_today,
            waiting=counts.queued + counts.sending,
            undecided=counts.undecided,
        )
