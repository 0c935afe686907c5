"""What looks at cards for the identify screen: a watch on one visitor's card, run on the camera's own lane.

The same frames go to the card reader and to the reader of slip codes. The screen hears previews, hints and one reading;
after `stop` it hears nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from kiosk.identity.camera import CardWatcher, Done, FrameSource, Hint, Lost, Preview, WatchEvent
from kiosk.identity.card_photo import CardReader
from kiosk.identity.code_reader import CodeReader
from kiosk.identity.ocr import Image
from ui.background import Background

LANE = "camera"
AGAIN_MS = 800  # after a reading that could not stand, the card is moved before the next look


class Eyes:
    """The camera and the readers behind it; loads the reading networks once."""

    def __init__(
        self,
        open_frames: Callable[[], FrameSource] | None,
        background: Background,
        cards: CardReader | None = None,
        codes: CodeReader | None = None,
    ) -> None:
        """`open_frames`: a fresh source for each watch; None: this machine has no camera."""
        self._open_frames = open_frames
        self._background = background
        self._cards = cards or CardReader()
        self._codes = codes or CodeReader()

    def load(self) -> None:
        """Load the networks off the GUI thread; asked for once the first frame stands."""
        if self._open_frames is not None:
            self._background.run(self._cards.load, or_else=lambda error: None, lane=LANE)

    def watch(self, parent: QObject) -> Watch:
        return Watch(self._open_frames, self._background, self._cards, self._codes, parent)


class Watch(QObject):
    """One look at one visitor's card, until `stop`."""

    framed = Signal(QImage)  # for the preview
    hinted = Signal(object)  # Problem, or None: a card is seen, hold still
    read = Signal(object)  # Reading
    code_read = Signal(str)  # a slip's code
    blind = Signal()  # no camera, or it went away; framed again when it is back
    _came = Signal(object)

    def __init__(
        self,
        open_frames: Callable[[], FrameSource] | None,
        background: Background,
        cards: CardReader,
        codes: CodeReader,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_frames = open_frames
        self._background = background
        self._cards = cards
        self._codes = codes
        self._stop = Event()
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.start)
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Also: look again, after a reading that could not stand."""
        if self._open_frames is None:
            QTimer.singleShot(0, self, self._see_nothing)
            return
        open_frames, stop = self._open_frames, self._stop
        self._background.run(lambda: self._look(open_frames, stop), self._ended, lane=LANE)

    def start_again(self) -> None:
        if not self._stop.is_set():
            self._again.start()

    def stop(self) -> None:
        self._stop.set()
        self._again.stop()

    def _look(self, open_frames: Callable[[], FrameSource], stop: Event) -> None:
        """On the camera's lane."""
        source = _WithCodes(open_frames(), self._codes, self._came.emit)
        for event in CardWatcher(source, self._cards).events(stop):
            if stop.is_set():
                return
            self._came.emit(_picture(event) if isinstance(event, Preview) else event)

    def _tell(self, event: WatchEvent | QImage | str) -> None:
        if self._stop.is_set():
            return  # left meanwhile
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

    def _ended(self, _: None) -> None:
        """The source has no more frames; whoever hears the reading decides about another look."""

    def _see_nothing(self) -> None:
        if not self._stop.is_set():
            self.blind.emit()


class _WithCodes:
    """A source whose frames are also searched for slip codes."""

    def __init__(self, source: FrameSource, codes: CodeReader, tell: Callable[[str], object]) -> None:
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


def _picture(preview: Preview) -> QImage:
    return QImage.fromData(preview.jpeg)
