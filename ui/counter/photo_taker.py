"""Taking photos at the counter: a panel over a screen with the running picture, taken, taken again, several of them.

Without a camera one picks from the pictures that lie on this machine or on a stick. What was taken is held here, and
only kept by the act that names it (`PhotoShelf.kept`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.errors import HallError
from kiosk.tools.photos import found_pictures, packed_file
from ui.counter.lens import PHOTO_LANE
from ui.counter.session import Session

MOST = 4


class PhotoTaker(QObject):
    """`pictures`: the JPEGs, in the order they were taken. The screen calls `leave` when it is left."""

    changed = Signal()
    framed = Signal()
    taken = Signal()  # one more picture, or one less

    def __init__(self, session: Session, parent: QObject, most: int = MOST) -> None:
        super().__init__(parent)
        self._session = session
        self._most = most
        self._state = ""  # closed; starting, live, still, blind, files
        self._frame = 0
        self._taken: list[tuple[bytes, str]] = []  # with its URL
        self._found: list[tuple[Path, bytes, str]] = []
        self._looked = False  # for files

    open = Property(bool, lambda self: bool(self._state), notify=changed)
    state = Property(str, lambda self: self._state, notify=changed)
    photos = Property(list, lambda self: [url for _, url in self._taken], notify=changed)
    files = Property(list, lambda self: self._files(), notify=changed)
    looked = Property(bool, lambda self: self._looked, notify=changed)
    full = Property(bool, lambda self: len(self._taken) >= self._most, notify=changed)
    frame = Property(int, lambda self: self._frame, notify=framed)

    @property
    def pictures(self) -> list[bytes]:
        return [picture for picture, _ in self._taken]

    @Slot()
    def start(self) -> None:
        """Open the panel, or go on looking."""
        self._state, self._frame = "starting", 0
        self.changed.emit()
        self._session.lens.look(self)

    @Slot()
    def shoot(self) -> None:
        if self._state == "live" and len(self._taken) < self._most:
            self._session.lens.take(self._keep, self._missed)

    @Slot()
    def again(self) -> None:
        """The last one was no good."""
        if self._taken:
            self.drop(len(self._taken) - 1)
        self.start()

    @Slot(int)
    def drop(self, at: int) -> None:
        self._session.lens.album.drop(self._taken[at][1])
        del self._taken[at]
        if self._state == "still":
            self.start()
        self.taken.emit()
        self.changed.emit()

    @Slot()
    def lookForFiles(self) -> None:
        """Pictures that lie here, newest first."""
        self._session.lens.stop()
        self._state, self._looked = "files", False
        self._forget_files()
        self.changed.emit()
        look = partial(_thumbnails, self._session.settings.camera.pictures)
        self._session.background.run(look, self._take_files, self._session.fail, PHOTO_LANE)

    @Slot(int)
    def choose(self, at: int) -> None:
        """This file's picture; once more: not after all."""
        picture = self._found[at][1]
        held = self.pictures
        if picture in held:
            self.drop(held.index(picture))
        elif len(held) < self._most:
            self._add(picture)

    @Slot()
    def close(self) -> None:
        """Back to the screen; what was taken stays."""
        self._session.lens.stop()
        self._state = ""
        self._forget_files()
        self.changed.emit()

    def clear(self) -> None:
        """Nothing was taken."""
        for _, url in self._taken:
            self._session.lens.album.drop(url)
        self._taken.clear()
        self.close()

    def see(self, frame: QImage) -> None:
        self._frame += 1
        self.framed.emit()
        if self._state in ("starting", "blind"):
            self._state = "live"
            self.changed.emit()

    def see_nothing(self) -> None:
        if self._state in ("starting", "live"):
            self._state = "blind"
            self.changed.emit()

    def _keep(self, picture: bytes) -> None:
        if self._state == "live":
            self._session.lens.stop()
            self._state = "still"
            self._add(picture)

    def _missed(self, error: Exception) -> None:
        if not isinstance(error, HallError):
            self._session.fail(error)
        self.see_nothing()

    def _add(self, picture: bytes) -> None:
        self._taken.append((picture, self._session.lens.album.put(QImage.fromData(picture))))
        self.taken.emit()
        self.changed.emit()

    def _take_files(self, found: list[tuple[Path, bytes, QImage]]) -> None:
        if self._state != "files":
            return
        album = self._session.lens.album
        self._found = [(path, picture, album.put(image)) for path, picture, image in found]
        self._looked = True
        self.changed.emit()

    def _forget_files(self) -> None:
        for _, _, url in self._found:
            self._session.lens.album.drop(url)
        self._found = []

    def _files(self) -> list[dict[str, object]]:
        held = self.pictures
        return [
            {"text": path.name, "source": url, "chosen": picture in held}
            for path, picture, url in self._found
        ]


def _thumbnails(folder: str) -> list[tuple[Path, bytes, QImage]]:
    """On the photo lane: every picture that can be read, as it would be kept."""
    found = []
    for path in found_pictures(folder):
        try:
            picture = packed_file(path)
        except HallError:
            continue
        found.append((path, picture, QImage.fromData(picture)))
    return found
