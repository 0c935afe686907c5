"""The counter's camera: frames on their own lane, shown small, taken whole. Lives as long as the app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.errors import NotFound
from kiosk.identity.camera import FrameSource, preview
from kiosk.identity.errors import CameraLost
from kiosk.identity.ocr import Image
from kiosk.tools.photos import packed
from ui.background import Background
from ui.errors_text import describe
from ui.images import Album, LastPicture

log = logging.getLogger("gighall.ui")
LANE, PHOTO_LANE = "camera", "photo"
RETRY_SECONDS = 1.0


class Eye(Protocol):
    """Who looks through the lens now."""

    def see(self, frame: QImage) -> None: ...

    def see_nothing(self) -> None: ...


class _Look:
    """One look: what its worker and the screen share. `frame` is the newest, whole."""

    def __init__(self) -> None:
        self.stop = Event()
        self.shown = Event()  # the screen has taken the last preview: the next one may come
        self.shown.set()
        self.frame: Image | None = None


class Lens(QObject):
    """`live`: where the running picture is shown; `album`: where photos are."""

    _came = Signal(object)  # (look, preview or None), from the worker

    def __init__(
        self,
        open_frames: Callable[[], FrameSource] | None,
        background: Background,
        live: LastPicture,
        album: Album,
    ) -> None:
        """`open_frames`: a fresh source for each look; None: this machine has no camera."""
        super().__init__()
        self._open_frames = open_frames
        self._background = background
        self.live = live
        self.album = album
        self._look: _Look | None = None
        self._eye: Eye | None = None
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def look(self, eye: Eye) -> None:
        """Begin to look; whoever looked before sees nothing more."""
        self.stop()
        if self._open_frames is None:
            eye.see_nothing()
            return
        self._eye, self._look = eye, _Look()
        self._background.run(
            partial(_stream, self._open_frames, self._look, self._came.emit),
            or_else=self._fail,
            lane=LANE,
        )

    def stop(self) -> None:
        if self._look is not None:
            self._look.stop.set()
        self._look = self._eye = None
        self.live.clear()

    def take(self, then: Callable[[bytes], object], or_else: Callable[[Exception], object]) -> None:
        """What it sees now, whole, as a JPEG."""
        frame = self._look.frame if self._look else None
        if frame is None:
            or_else(NotFound(what="camera"))
            return
        self._background.run(partial(packed, frame), then, or_else, lane=PHOTO_LANE)

    @Slot(object)
    def _tell(self, came: tuple[_Look, QImage | None]) -> None:
        look, picture = came
        if look is not self._look or self._eye is None:
            return
        if picture is None:
            self._eye.see_nothing()
            return
        look.shown.set()
        self.live.put(picture)
        self._eye.see(picture)

    def _fail(self, error: Exception) -> None:
        log.error("no picture from the camera: %s", describe(error))
        if self._eye is not None:
            self._eye.see_nothing()


def _stream(
    open_frames: Callable[[], FrameSource],
    look: _Look,
    tell: Callable[[object], object],
) -> None:
    """On the camera's lane, until told to stop; a file that stands in for a camera stays at its last frame."""
    source = open_frames()
    try:
        while not look.stop.is_set():
            try:
                for frame in source.frames():
                    look.frame = frame
                    if look.shown.is_set():
                        look.shown.clear()
                        tell((look, _picture(frame)))
                    if look.stop.is_set():
                        return
                if look.frame is not None:
                    tell((look, _picture(look.frame)))
                    return
                raise CameraLost("file")
            except CameraLost:
                look.frame = None
                tell((look, None))
                look.stop.wait(RETRY_SECONDS)
    finally:
        source.close()


def _picture(frame: Image) -> QImage:
    return QImage.fromData(preview(frame).jpeg)
