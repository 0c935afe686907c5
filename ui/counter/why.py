"""A reason: one of the usual ones at a tap, or in one's own words (其他)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot

from ui.counter.typist import Typist

LONGEST = 40
SHORTEST = 2


class Why(QObject):
    """`given` with the reason, in the language of the texts' source or as typed. The screen says when it is asked."""

    changed = Signal()
    turned = Signal()  # to words of one's own, or back; apart, so that a layout may hang on it
    given = Signal(str)

    def __init__(self, parent: QObject, reasons: Sequence[str], tr: Callable[[str], str]) -> None:
        super().__init__(parent)
        self._reasons = tuple(reasons)
        self._tr = tr
        self._typing = False
        self._writing = Typist(self, longest=LONGEST)
        self._writing.entered.connect(self.changed)

    reasons = Property(list, lambda self: [self._tr(one) for one in self._reasons], notify=changed)
    typing = Property(bool, lambda self: self._typing, notify=turned)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    ready = Property(bool, lambda self: len(self._writing.text.strip()) >= SHORTEST, notify=changed)

    def ask(self, reasons: Sequence[str] | None = None) -> None:
        """Begin anew."""
        if reasons is not None:
            self._reasons = tuple(reasons)
        self.type(False)

    @Slot(int)
    def choose(self, at: int) -> None:
        self.given.emit(self._reasons[at])

    @Slot(bool)
    def type(self, typing: bool) -> None:
        self._typing = typing
        self._writing.clear()
        self.turned.emit()

    @Slot()
    def done(self) -> None:
        if len(self._writing.text.strip()) >= SHORTEST:
            self.given.emit(self._writing.text.strip())
