"""Pictures for QML: icons drawn in any colour, the camera's latest frame, the slip's preview, photos."""

from __future__ import annotations

import re

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

import assets

ICONS = assets.ROOT / "icons"
MOST_DRAWN = 600  # a screen shows some thirty
_NAME = re.compile(r"^[a-z0-9-]+$")


class IconProvider(QQuickImageProvider):
    """`image://icon/NAME/RRGGBB`: an outline of assets/icons with its strokes in that colour.

    An unknown name gives an empty picture of the size asked for, so a posting's odd icon never breaks a screen.
    """

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._outlines: dict[str, str] = {}
        self._drawn: dict[tuple[str, int], QImage] = {}

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N803 - Qt
        side = max(requestedSize.width(), requestedSize.height(), 1)
        if (id, side) not in self._drawn:
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            self._drawn[id, side] = self._draw(id, side)
        size.setWidth(side)
        size.setHeight(side)
        return self._drawn[id, side]

    def _draw(self, id: str, side: int) -> QImage:
        name, _, colour = id.partition("/")
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        if outline := self._outline(name):
            drawn = outline.replace("currentColor", f"#{colour}") if colour else outline
            painter = QPainter(image)
            QSvgRenderer(QByteArray(drawn.encode())).render(painter)
            painter.end()
        return image

    def _outline(self, name: str) -> str:
        if name not in self._outlines:
            path = ICONS / f"{name}.svg"
            known = bool(_NAME.match(name)) and path.is_file()
            self._outlines[name] = path.read_text(encoding="utf-8") if known else ""
        return self._outlines[name]


class LastPicture(QQuickImageProvider):
    """`image://NAME/COUNT`: the picture last put in; COUNT only makes QML ask again. `clear` wipes it."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._image = QImage()

    def put(self, image: QImage) -> None:
        self._image = image

    def clear(self) -> None:
        self._image = QImage()

    @property
    def empty(self) -> bool:
        return self._image.isNull()

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N803 - Qt
        image = self._image
        if image.isNull():
            image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image


class Album(QQuickImageProvider):
    """`image://photo/KEY`: pictures by name, each under a new one. `clear` wipes them."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._pictures: dict[str, QImage] = {}
        self._last = 0

    def put(self, picture: QImage) -> str:
        """Its URL."""
        self._last += 1
        self._pictures[str(self._last)] = picture
        return f"image://photo/{self._last}"

    def drop(self, url: str) -> None:
        self._pictures.pop(url.rpartition("/")[2], None)

    def clear(self) -> None:
        self._pictures.clear()

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N803 - Qt
        image = self._pictures.get(id, QImage())
        if image.isNull():
            image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
        elif requestedSize.width() > 0 and requestedSize.height() > 0:
            image = image.scaled(
                requestedSize,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image
