"""A form at the counter: its lines at the left, the pad for the line in hand beside them; one step after another.

A screen derives from `Form`, says which lines there are (`arrange`), and what becomes of them (`save`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.tools.words import money
from ui.counter.screen import CounterScreen
from ui.counter.session import Session
from ui.counter.typist import Digits, Money, Typist


class Kind(StrEnum):
    TEXT = "text"
    LATIN = "latin"  # a text that begins with plain letters
    MONEY = "money"  # fen
    NUMBER = "number"
    CHOICE = "choice"  # the key of an option
    DAY = "day"  # not after today
    PHOTO = "photo"  # an own panel; the value is what stands in the line


@dataclass(frozen=True)
class Option:
    key: str
    text: str  # a msgid, or a name as it is
    glyph: str = ""


@dataclass
class Line:
    """One line of a form. `value` None or "" is: nothing yet."""

    key: str
    label: str  # msgid
    kind: Kind
    value: Any = None
    options: Sequence[Option] = ()
    hint: str = ""  # msgid
    unit: str = "{n}"  # msgid with {n}, of a number
    longest: int = 20
    needed: bool = True
    own_words: bool = False  # none of the options fits: typed
    step: int = 0
    label_values: Mapping[str, object] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return self.value is None or self.value == ""


class Form(CounterScreen):
    """`steps`: msgids of the parts, one for most forms."""

    page = "Form"
    changed = Signal()
    heading = ""
    steps: tuple[str, ...] = ("",)
    done_words = "好了"
    lead = ""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._lines: dict[str, Line] = {}
        self._step = 0
        self._picked = ""
        self._typing = False  # one's own words for a choice
        self._writing, self._money, self._digits = Typist(self), Money(self), Digits(self, 6)
        for pad in (self._writing, self._money, self._digits):
            pad.entered.connect(self._entered)

    def enter(self) -> None:
        self.rearrange()

    # --- what a form says of itself -----------------------------------------------------------------

    def arrange(self) -> Sequence[Line]:
        """The lines as they stand; asked again after every change of a choice."""
        raise NotImplementedError

    def save(self) -> None:
        """Everything needed is there."""
        raise NotImplementedError

    def wrong(self) -> str:
        """What keeps the form from being saved though every line is filled: a msgid."""
        return ""

    def picture(self) -> str:
        """URL of what the line PHOTO shows."""
        return ""

    def take_photo(self) -> None:
        """The line PHOTO was picked."""

    # --- shared -------------------------------------------------------------------------------------

    title = Property(str, lambda self: self.tr_(self.heading), notify=changed)
    leadText = Property(str, lambda self: self.tr_(self.lead) if self.lead else "", notify=changed)
    parts = Property(list, lambda self: self._parts(), notify=changed)
    part = Property(int, lambda self: self._step, notify=changed)
    rows = Property(list, lambda self: self._rows(), notify=changed)
    at = Property(int, lambda self: self._at(), notify=changed)
    kind = Property(str, lambda self: self._editor(), notify=changed)
    label = Property(str, lambda self: self._label(self._line) if self._picked else "", notify=changed)
    entry = Property(str, lambda self: self._entry(), notify=changed)
    hint = Property(str, lambda self: self._hint(), notify=changed)
    options = Property(list, lambda self: self._choices(), notify=changed)
    mayType = Property(bool, lambda self: self._picked != "" and self._line.own_words, notify=changed)
    mayEmpty = Property(bool, lambda self: self._picked != "" and not self._line.needed, notify=changed)
    photo = Property(str, lambda self: self.picture(), notify=changed)
    pad = Property(QObject, lambda self: self._writing, constant=True)
    moneyPad = Property(QObject, lambda self: self._money, constant=True)
    digitPad = Property(QObject, lambda self: self._digits, constant=True)
    ready = Property(bool, lambda self: self._ready(), notify=changed)
    trouble = Property(str, lambda self: self._trouble(), notify=changed)
    last = Property(bool, lambda self: self._step == len(self.steps) - 1, notify=changed)
    doneText = Property(str, lambda self: self.tr_(self.done_words), notify=changed)

    @Slot(str)
    def pick(self, key: str) -> None:
        """This line is filled in now."""
        self._picked, self._typing = key, False
        self._load()
        self.changed.emit()

    @Slot(str)
    def choose(self, option: str) -> None:
        self._line.value = option
        self.chosen(self._picked)
        self.rearrange()

    @Slot()
    def typeOwn(self) -> None:
        self._typing = True
        self._writing.start("", longest=self._line.longest)

    @Slot(int)
    def shift(self, days: int) -> None:
        self._line.value = min(self._line.value + timedelta(days=days), self.session.clock.today())
        self.changed.emit()

    @Slot()
    def shoot(self) -> None:
        self.take_photo()

    @Slot()
    def empty(self) -> None:
        """Nothing here after all."""
        self._line.value = None
        self._load()
        self.changed.emit()

    @Slot(int)
    def toPart(self, step: int) -> None:
        self._step = step
        self._first()

    @Slot()
    def goOn(self) -> None:
        if not self._ready():
            return
        if self._step < len(self.steps) - 1:
            self._step += 1
            self._first()
        else:
            self.save()

    def scanned(self, text: str) -> None:
        """Nothing is scanned into a form."""

    def chosen(self, key: str) -> None:
        """A choice was made; other lines may follow from it."""

    def value(self, key: str) -> Any:
        return self._lines[key].value

    def rearrange(self) -> None:
        """Lines may have come or gone; those that stay keep what stands in them."""
        before = {key: line.value for key, line in self._lines.items()}
        self._lines = {line.key: line for line in self.arrange()}
        for key, value in before.items():
            if key in self._lines:
                self._lines[key].value = value
        if self._picked not in self._lines:
            self._first()
        else:
            self.refresh()

    @property
    def _line(self) -> Line:
        return self._lines[self._picked]

    def _here(self) -> list[Line]:
        return [line for line in self._lines.values() if line.step == self._step]

    def _at(self) -> int:
        """Which of the lines here is in hand."""
        return next((at for at, line in enumerate(self._here()) if line.key == self._picked), 0)

    def _first(self) -> None:
        """To the first line of this step that wants something, else its first."""
        here = self._here()
        wanting = next((line for line in here if line.empty and line.needed), None)
        line = wanting or next(iter(here), None)
        self._picked, self._typing = line.key if line else "", False
        self._load()
        self.refresh()

    def _load(self) -> None:
        """Put the line's value on its pad."""
        line = self._lines.get(self._picked)
        if line is None:
            return
        match line.kind:
            case Kind.TEXT | Kind.LATIN:
                latin = line.kind is Kind.LATIN
                self._writing.start(line.value or "", latin=latin, longest=line.longest)
            case Kind.MONEY:
                self._money.set(_yuan(line.value))
            case Kind.NUMBER:
                self._digits.set("" if line.value is None else str(line.value))

    @Slot()
    def _entered(self) -> None:
        """A pad was touched: the line follows."""
        line = self._lines.get(self._picked)
        if line is not None:
            before = line.empty
            match line.kind:
                case Kind.TEXT | Kind.LATIN:
                    line.value = self._writing.property("words")
                case Kind.CHOICE if self._typing:
                    line.value = self._writing.property("words")
                case Kind.MONEY:
                    line.value = self._money.fen
                case Kind.NUMBER:
                    line.value = int(self._digits.typed) if self._digits.typed else None
            if before != line.empty:
                self.filled(line.key)
        self.changed.emit()

    def filled(self, key: str) -> None:
        """A line got its first letter, or lost its last."""

    def _ready(self) -> bool:
        composing = bool(self._writing.property("composing"))
        return (
            not composing
            and not any(line.needed and line.empty for line in self._here())
            and not self._trouble()
        )

    def _trouble(self) -> str:
        words = self.wrong()
        return self.tr_(words) if words else ""

    def _editor(self) -> str:
        if not self._picked:
            return ""
        if self._typing or self._line.kind is Kind.LATIN:
            return Kind.TEXT.value
        return self._line.kind.value

    def _entry(self) -> str:
        if not self._picked:
            return ""
        if self._editor() == Kind.TEXT:
            return str(self._writing.property("words"))
        return self._shown(self._line)

    def _hint(self) -> str:
        return self.tr_(self._line.hint) if self._picked and self._line.hint else ""

    def _label(self, line: Line) -> str:
        return self.tr_(line.label, **line.label_values)

    def _shown(self, line: Line) -> str:
        if line.empty:
            return ""
        match line.kind:
            case Kind.MONEY:
                return money(line.value)
            case Kind.NUMBER:
                return self.tr_(line.unit, n=line.value)
            case Kind.DAY:
                return self._day(line.value)
            case Kind.PHOTO:
                return self.tr_("有照片")
            case Kind.CHOICE:
                known = next((one.text for one in line.options if one.key == line.value), None)
                return self.tr_(known) if known else str(line.value)
        return str(line.value)

    def _day(self, day: date) -> str:
        ago = (self.session.clock.today() - day).days
        words = self.tr_("{month}月{day}日", month=day.month, day=day.day)
        if ago == 0:
            return f"{words}　{self.tr_('今天')}"
        return f"{words}　{self.tr_('{n} 天前', n=ago)}"

    def _rows(self) -> list[dict[str, object]]:
        return [
            {
                "key": line.key,
                "label": self._label(line),
                "value": self._shown(line) or (self.tr_("要填") if line.needed else self.tr_("可不填")),
                "picked": line.key == self._picked,
                "empty": line.empty,
                "wanting": line.empty and line.needed,
            }
            for line in self._here()
        ]

    def _parts(self) -> list[str]:
        return [self.tr_(step) for step in self.steps] if len(self.steps) > 1 else []

    def _choices(self) -> list[dict[str, object]]:
        if self._editor() != Kind.CHOICE:
            return []
        return [
            {
                "key": one.key,
                "text": self.tr_(one.text),
                "glyph": one.glyph,
                "chosen": one.key == self._line.value,
            }
            for one in self._line.options
        ]


def _yuan(fen: int | None) -> str:
    if fen is None:
        return ""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
