"""Frames from a camera or from files standing in for one, and the watcher that turns them into one reading.

No Qt here: the screen runs `CardWatcher.events` on a background thread and shows what comes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

import cv2
import numpy as np

from kiosk.identity.card_photo import CardReader, Look
from kiosk.identity.document import Problem, Reading
from kiosk.identity.errors import CameraLost
from kiosk.identity.ocr import Image
from kiosk.identity.picture import load_picture

PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
ENOUGH = 3  # good frames that agree end the watch
MOST = 5  # good frames that do not agree end it too
PREVIEW_WIDTH = 640
RETRY_SECONDS = 1.0


class FrameSource(Protocol):
    """Where frames come from; all are (height, width, 3) uint8 BGR.

    `frames` may be called again after CameraLost and then opens the device afresh. Files end, a camera does not.
    """

    def frames(self) -> Iterator[Image]:
        """Raises CameraLost when there is no device or it stops answering."""
        ...

    def close(self) -> None:
        """Lets go of the device; safe to call twice and from another thread than `frames`."""
        ...


class PictureFile:
    """One picture as the only frame."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def frames(self) -> Iterator[Image]:
        picture = load_picture(self._path)
        if isinstance(picture, Problem):
            raise CameraLost("picture")
        yield picture

    def close(self) -> None:
        """Nothing is held open."""


class PictureFolder:
    """The pictures of a folder in the order of their names; broken ones are left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def frames(self) -> Iterator[Image]:
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in PICTURES)
        except OSError as error:
            raise CameraLost("folder") from error
        for path in paths:
            picture = load_picture(path)
            if not isinstance(picture, Problem):
                yield picture

    def close(self) -> None:
        """Nothing is held open."""


class _Capture:
    """What a video file and a live camera share: a cv2.VideoCapture that is opened late and let go once."""

    def __init__(self, source: str | int, name: str) -> None:
        self._source = source
        self._name = name
        self._stopped = Event()

    def frames(self) -> Iterator[Image]:
        self._stopped.clear()
        capture = self._opened()
        try:
            while not self._stopped.is_set():
                frame = self._read(capture)
                if frame is None:
                    return
                yield frame
        finally:
            capture.release()

    def _opened(self) -> cv2.VideoCapture:
        try:
            capture = cv2.VideoCapture(self._source)
        except cv2.error as error:
            raise CameraLost(self._name) from error
        if not capture.isOpened():
            capture.release()
            raise CameraLost(self._name)
        return capture

    def _read(self, capture: cv2.VideoCapture) -> Image | None:
        """The next frame; None at the end."""
        try:
            arrived, frame = capture.read()
        except cv2.error as error:
            raise CameraLost(self._name) from error
        return np.asarray(frame, np.uint8) if arrived and frame is not None else None

    def close(self) -> None:
        """The frame being read is the last; the device itself is released by the thread that reads it."""
        self._stopped.set()


class VideoFile(_Capture):
    """A recorded video."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), "video")


class LiveCamera(_Capture):
    """A camera by its index; asks for 1920 by 1080 and takes what it gets."""

    def __init__(self, index: int = 0, size: tuple[int, int] = (1920, 1080)) -> None:
        super().__init__(index, f"camera {index}")
        self._size = size

    def _opened(self) -> cv2.VideoCapture:
        capture = super()._opened()
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # reading takes longer than a frame: never look at an old one
        return capture

    def _read(self, capture: cv2.VideoCapture) -> Image:
        frame = super()._read(capture)
        if frame is None:  # a camera never ends by itself
            raise CameraLost(self._name)
        return frame


@dataclass(frozen=True)
class Preview:
    """What the camera sees, small enough for the screen."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Hint:
    """What the seeker should change; `problem` None means: a card is seen, hold still."""

    problem: Problem | None


@dataclass(frozen=True)
class Lost:
    """The camera is gone; the watch goes on and opens it again when it is back."""

    source: str


@dataclass(frozen=True)
class Done:
    """The last event: what the frames gave together."""

    reading: Reading


WatchEvent = Preview | Hint | Lost | Done


class CardWatcher:
    """Watches a source until one card was read over several frames, the source ended or it was told to stop."""

    def __init__(self, source: FrameSource, reader: CardReader, retry_seconds: float = RETRY_SECONDS) -> None:
        self._source = source
        self._reader = reader
        self._retry_seconds = retry_seconds

    def events(self, stop: Event) -> Generator[WatchEvent]:
        """Previews, hints and losses as they come, at last `Done` unless stopped; the networks load after the
        first preview. Closes the source in every case."""
        try:
            while not stop.is_set():
                try:
                    yield from self._watch(stop)
                except CameraLost as lost:
                    yield Lost(lost.source)
                    stop.wait(self._retry_seconds)
                else:
                    return
        finally:
            self._source.close()

    def _watch(self, stop: Event) -> Iterator[WatchEvent]:
        good: list[Look] = []
        bad: list[Look] = []
        hint: Hint | None = None
        for frame in self._source.frames():
            yield preview(frame)
            if stop.is_set():
                return
            look = self._reader.look(frame)
            told = Hint(look.problem)
            if told != hint:
                hint = told
                yield told
            if look.problem is not None:
                bad = [*bad[-MOST:], look]
                continue
            good = [*self._same_card(good, look), look]
            reading = self._reader.vote(good)
            if (len(good) >= ENOUGH and reading.usable and not reading.problems) or len(good) >= MOST:
                yield Done(reading)
                return
        if not stop.is_set():
            yield Done(self._reader.vote(good or bad))

    def _same_card(self, good: list[Look], look: Look) -> list[Look]:
        """The looks so far, without those at another card than the one now shown."""
        if not self._reader.certain(look.text):
            return good
        number = look.text["number"].text
        return [
            old for old in good if not self._reader.certain(old.text) or old.text["number"].text == number
        ]


def preview(frame: Image) -> Preview:
    """The frame as a small JPEG."""
    height, width = frame.shape[:2]
    if width > PREVIEW_WIDTH:
        height, width = round(height * PREVIEW_WIDTH / width), PREVIEW_WIDTH
        frame = np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    _, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return Preview(packed.tobytes(), width, height)


def open_source(name: str) -> FrameSource:
    """The source a setting names: a camera's number, a folder of pictures, a video or a picture."""
    if name.isdigit():
        return LiveCamera(int(name))
    path = Path(name)
    if path.is_dir():
        return PictureFolder(path)
    return PictureFile(path) if path.suffix.lower() in PICTURES else VideoFile(path)
