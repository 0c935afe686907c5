"""What is typed on the pads of a screen: words by pinyin, digits, amounts of money."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from ui.visit.pinyin import Composer

MOST_YUAN_DIGITS = 6


class Typist(QObject):
    """Chinese words letter by letter, digits as they are; with `latin` letters as they are too. `entered` after every
    change.
    """

    entered = Signal()

    def __init__(self, parent: QObject, *, name: bool = False, longest: int = 20) -> None:
        super().__init__(parent)
        self._composer = Composer(name=name)
        self._longest = longest
        self._latin = False

    words = Property(str, lambda self: self._composer.text, notify=entered)
    composing = Property(str, lambda self: self._composer.composing, notify=entered)
    candidates = Property(list, lambda self: self._composer.shown, notify=entered)
    more = Property(bool, lambda self: self._composer.more, notify=entered)
    latin = Property(bool, lambda self: self._latin, notify=entered)

    @property
    def text(self) -> str:
        return "" if self._composer.composing else self._composer.text

    def clear(self) -> None:
        self._composer.clear()
        self.entered.emit()

    def start(self, text: str = "", *, latin: bool = False, longest: int | None = None) -> None:
        """Go on from what stands already."""
        self._composer.clear()
        self._composer.text, self._latin = text, latin
        self._longest = longest or self._longest
        self.entered.emit()

    @Slot()
    def switchLatin(self) -> None:
        self.start(self._composer.text, latin=not self._latin)

    @Slot(str)
    def type(self, letter: str) -> None:
        if letter.isdigit() or self._latin:
            begins = not self._composer.text.strip()
            self.choose(letter.upper() if begins else letter)
            return
        self._composer.letter(letter)
        self.entered.emit()

    @Slot()
    def erase(self) -> None:
        self._composer.erase()
        self.entered.emit()

    @Slot(str)
    def choose(self, character: str) -> None:
        if len(self._composer.text) < self._longest:
            self._composer.choose(character)
            self.entered.emit()

    @Slot()
    def nextPage(self) -> None:
        self._composer.next_page()
        self.entered.emit()

    @Slot(int)
    def room(self, per_page: int) -> None:
        self._composer.show(per_page)
        self.entered.emit()


class Digits(QObject):
    """A number of at most `longest` digits."""

    entered = Signal()

    def __init__(self, parent: QObject, longest: int) -> None:
        super().__init__(parent)
        self.longest = longest
        self.typed = ""

    text = Property(str, lambda self: self.typed, notify=entered)

    def set(self, text: str) -> None:
        self.typed = text
        self.entered.emit()

    @Slot(str)
    def type(self, key: str) -> None:
        if len(self.typed) < self.longest:
            self.set(self.typed + key)

    @Slot()
    def erase(self) -> None:
        self.set(self.typed[:-1])

    @Slot()
    def clear(self) -> None:
        self.set("")


class Money(QObject):
    """Yuan with at most two places after the point; `fen` is what it comes to, None while nothing is typed."""

    entered = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.typed = ""

    text = Property(str, lambda self: self.typed, notify=entered)

    @property
    def fen(self) -> int | None:
        if not self.typed:
            return None
        whole, _, rest = self.typed.partition(".")
        return int(whole or "0") * 100 + int((rest + "00")[:2])

    def set(self, text: str) -> None:
        self.typed = text
        self.entered.emit()

    @Slot(str)
    def type(self, key: str) -> None:
        whole, point, rest = self.typed.partition(".")
        if key == ".":
            self.set(self.typed if point else (whole or "0") + ".")
        elif len(rest) < 2 if point else len(whole) < MOST_YUAN_DIGITS:
            self.set(self.typed + key)

    @Slot()
    def erase(self) -> None:
        self.set(self.typed[:-1])

    @Slot()
    def clear(self) -> None:
        self.set("")
