"""What looks at cards for the identify screen: a watch on one visitor's card, run on the camera's own lane.

The same frames go to the card reader and to the reader of slip codes. The screen hears previews, hints and one reading;
after `stop` it hears nothing more. The worker knows only the `Eyes`, which live as long as the app: a watch may end
while a frame is being read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.identity.camera import CardWatcher, Done, FrameSource, Hint, Lost, Preview
from kiosk.identity.card_photo import CardReader
from kiosk.identity.code_reader import CodeReader
from kiosk.identity.ocr import Image
from ui.background import Background
from ui.errors_text import describe

log = logging.getLogger("gighall.ui")
LANE = "camera"
AGAIN_MS = 800  # after a reading that could not stand, the card is moved before the next look


class Eyes(QObject):
    """The camera and the readers behind it; loads the reading networks once."""

    _came = Signal(object)  # (watch number, event), from the worker

    def __init__(
        self,
        open_frames: Callable[[], FrameSource] | None,
        background: Background,
        cards: CardReader,
        codes: CodeReader,
    ) -> None:
        """`open_frames`: a fresh source for each watch; None: this machine has no camera."""
        super().__init__()
        self._open_frames = open_frames
        self._background = background
        self._cards = cards
        self._codes = codes
        self._number = 0
        self._watch: Watch | None = None
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Load the networks off the GUI thread; asked for once the first frame stands."""
        if self._open_frames is not None:
            self._background.run(self._cards.load, or_else=_log, lane=LANE)

    def watch(self, parent: QObject) -> Watch:
        """A new watch; the one before it hears nothing more."""
        if self._watch is not None:
            self._watch.stop()
        self._number += 1
        self._watch = Watch(self, parent)
        return self._watch

    def look(self, stop: Event) -> bool:
        """Begin to look for the watch of now; False: there is nothing to look through."""
        if self._open_frames is None:
            return False
        tell = partial(_tell, self._came.emit, self._number)
        self._background.run(
            partial(_look, self._open_frames, self._cards, self._codes, stop, tell),
            or_else=self._fail,
            lane=LANE,
        )
        return True

    def forget(self, watch: Watch) -> None:
        if self._watch is watch:
            self._watch = None

    @Slot(object)
    def _tell(self, came: tuple[int, object]) -> None:
        number, event = came
        if self._watch is not None and number == self._number:
            self._watch.hear(event)

    def _fail(self, error: Exception) -> None:
        """Nothing can be read here: typing is always left."""
        _log(error)
        if self._watch is not None:
            self._watch.blind.emit()


class Watch(QObject):
    """One look at one visitor's card, until `stop`."""

    framed = Signal(QImage)  # for the preview
    hinted = Signal(object)  # Problem, or None: a card is seen, hold still
    read = Signal(object)  # Reading
    code_read = Signal(str)  # a slip's code
    blind = Signal()  # no camera, or it went away; framed again when it is back

    def __init__(self, eyes: Eyes, parent: QObject) -> None:
        super().__init__(parent)
        self._eyes = eyes
        self._stop = Event()
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.start)

    @Slot()
    def start(self) -> None:
        if not self._stop.is_set() and not self._eyes.look(self._stop):
            QTimer.singleShot(0, self, self.see_nothing)

    def start_again(self) -> None:
        """Look again, after a reading that could not stand."""
        if not self._stop.is_set():
            self._again.start()

    def stop(self) -> None:
        self._stop.set()
        self._again.stop()
        self._eyes.forget(self)

    def hear(self, event: object) -> None:
        match event:
            case QImage():
                self.framed.emit(event)
            case str():
                self.code_read.emit(event)
            case Hint():
                self.hinted.emit(event.problem)
            case Lost():
                self.blind.emit()
            case Done():
                self.read.emit(event.reading)

    @Slot()
    def see_nothing(self) -> None:
        if not self._stop.is_set():
            self.blind.emit()


class _WithCodes:
    """A source whose frames are also searched for slip codes."""

    def __init__(self, source: FrameSource, codes: CodeReader, tell: Callable[[object], object]) -> None:
        self._source = source
        self._codes = codes
        self._tell = tell

    def frames(self) -> Iterator[Image]:
        for frame in self._source.frames():
            for text in self._codes.read_frame(frame):
                self._tell(text)
            yield frame

    def close(self) -> None:
        self._source.close()


def _look(
    open_frames: Callable[[], FrameSource],
    cards: CardReader,
    codes: CodeReader,
    stop: Event,
    tell: Callable[[object], object],
) -> None:
    """On the camera's lane."""
    for event in CardWatcher(_WithCodes(open_frames(), codes, tell), cards).events(stop):
        if stop.is_set():
            return
        tell(QImage.fromData(event.jpeg) if isinstance(event, Preview) else event)


def _tell(emit: Callable[[object], object], number: int, event: object) -> None:
    emit((number, event))


def _log(error: Exception) -> None:
    log.error("cards cannot be read: %s", describe(error))
