"""Photos that were kept, large: of a damage, of what is disputed (T7)."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.errors import NotFound
from kiosk.tools.photos import PhotoShelf
from ui.counter.screen import CounterScreen
from ui.counter.session import Session


class PhotoWall(CounterScreen):
    page = "PhotoWall"
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._names = session.work.photos
        self._shown: list[str] = []  # URLs; empty for one that is not here
        self._known = False
        self._at = 0

    def enter(self) -> None:
        self.refresh()
        shelf, names = self.session.desks.photos, self._names
        self.session.ask(lambda: _load(shelf, names), self._take)

    def leave(self) -> None:
        self._forget()

    photos = Property(list, lambda self: list(self._shown), notify=changed)
    known = Property(bool, lambda self: self._known, notify=changed)
    at = Property(int, lambda self: self._at, notify=changed)
    large = Property(str, lambda self: self._shown[self._at] if self._shown else "", notify=changed)

    @Slot(int)
    def choose(self, at: int) -> None:
        self._at = at
        self.changed.emit()

    def _take(self, found: list[QImage]) -> None:
        self._forget()
        album = self.session.lens.album
        self._shown = ["" if image.isNull() else album.put(image) for image in found]
        self._known = True
        self.refresh()

    def _forget(self) -> None:
        for url in self._shown:
            self.session.lens.album.drop(url)
        self._shown = []


def _load(shelf: PhotoShelf, names: tuple[str, ...]) -> list[QImage]:
    """A photo taken at another counter lies there, not here."""
    found = []
    for name in names:
        try:
            found.append(QImage.fromData(shelf.get(name)))
        except NotFound:
            found.append(QImage())
    return found
