"""Icons in any colour; pictures that can be wiped."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from ui.images import ICONS, IconProvider, LastPicture

SIDE = QSize(48, 48)


def colours(image: QImage) -> set[str]:
    """The colours of its opaque dots."""
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {dot.name() for dot in dots if dot.alpha() == 255}


@pytest.mark.parametrize("colour", ["0B6EA8", "FFFFFF"])
def test_strokes_take_the_colour_asked_for(qapp: QGuiApplication, colour: str) -> None:
    image = IconProvider().requestImage(f"hammer/{colour}", QSize(), SIDE)
    assert image.size() == SIDE
    assert colours(image) == {QColor(f"#{colour}").name()}


@pytest.mark.parametrize("name", ["no-such-icon", "../../pyproject", "", "Hammer"])
def test_unknown_names_give_an_empty_picture(qapp: QGuiApplication, name: str) -> None:
    image = IconProvider().requestImage(f"{name}/000000", QSize(), SIDE)
    assert image.size() == SIDE
    assert colours(image) == set()


def test_every_icon_draws_something(qapp: QGuiApplication) -> None:
    provider = IconProvider()
    empty = [
        path.stem
        for path in sorted(ICONS.glob("*.svg"))
        if not colours(provider.requestImage(f"{path.stem}/000000", QSize(), SIDE))
    ]
    assert empty == []


def test_last_picture_is_wiped(qapp: QGuiApplication) -> None:
    pictures = LastPicture()
    assert pictures.requestImage("1", QSize(), QSize()).size() == QSize(1, 1)
    pictures.put(QImage(30, 20, QImage.Format.Format_RGB32))
    assert pictures.requestImage("2", QSize(), QSize()).size() == QSize(30, 20)
    pictures.clear()
    assert pictures.empty
    assert pictures.requestImage("2", QSize(), QSize()).size() == QSize(1, 1)
