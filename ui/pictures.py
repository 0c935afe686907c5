"""Kept photos on a screen: fetched off the GUI thread, shown through the album."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from kiosk.errors import NotFound
from kiosk.tools.photos import PhotoShelf
from ui.background import Background
from ui.images import Album

SIDE = 640  # px; larger than any place for them


class KeptPhotos(QObject):
    """`came` when more can be shown. A photo that is not on this machine has no URL."""

    came = Signal()

    def __init__(self, shelf: PhotoShelf, album: Album, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._album = album
        self._background = background
        self._urls: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Empty until it came."""
        return self._urls.get(name, "")

    def fetch(self, names: Iterable[str]) -> None:
        wanted = [name for name in dict.fromkeys(names) if name and name not in self._urls]
        if wanted:
            self._background.run(partial(_read, self._shelf, wanted), self._take)

    def forget(self) -> None:
        for url in self._urls.values():
            self._album.drop(url)
        self._urls.clear()

    def _take(self, found: dict[str, QImage]) -> None:
        self._urls |= {name: self._album.put(image) for name, image in found.items()}
        self.came.emit()


def _read(shelf: PhotoShelf, names: list[str]) -> dict[str, QImage]:
    found = {}
    for name in names:
        try:
            image = QImage.fromData(shelf.get(name))
        except NotFound:
            continue
        if max(image.width(), image.height()) > SIDE:
            image = image.scaled(
                SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        if not image.isNull():
            found[name] = image
    return found
