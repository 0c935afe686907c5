"""The window and its first picture, with nothing but Qt: what must be there before the hall's desks are.

SQLAlchemy and the desks take longer to import than a window takes to paint, so the welcome screen comes first and
`ui.app` is put together behind it (`screens: first_frame_vs_empty`, design §9).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from PySide6.QtCore import Property, QEvent, QObject, QPointF, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage, QMouseEvent
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow, QSGRendererInterface

import assets
from ui.images import Album, IconProvider, LastPicture

FAMILY = "Noto Sans CJK SC"
PORTRAIT, LANDSCAPE = QSize(1080, 1920), QSize(1920, 1080)
UI = Path(__file__).parent


def application() -> QGuiApplication:
    """The one QGuiApplication, with the house fonts; software rendering unless GIGHALL_RHI is set."""
    app = cast(QGuiApplication, QGuiApplication.instance() or QGuiApplication([]))
    if app.property("gighall"):
        return app
    app.setProperty("gighall", True)
    if not os.environ.get("GIGHALL_RHI"):
        QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    for style in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(assets.ROOT / "fonts" / f"NotoSansSC-{style}.otf"))
    font = QFont(FAMILY)
    font.setPixelSize(36)
    QGuiApplication.setFont(font)
    return app


class Stage(QObject):
    """What Main.qml shows: a page with its view model, and the idle warning above it."""

    turned = Signal()
    warned = Signal()
    stayed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._page = ""
        self._model: QObject | None = None
        self._warning = -1

    def show(self, page: str, model: QObject | None) -> None:
        """An empty page clears the stage."""
        self._page, self._model = page, model
        self.turned.emit()

    @Slot(int)
    def warn(self, seconds: int) -> None:
        """Seconds left until everything is wiped; -1 takes the warning away."""
        if seconds != self._warning:
            self._warning = seconds
            self.warned.emit()

    page = Property(str, lambda self: self._page, notify=turned)
    model = Property(QObject, lambda self: self._model, notify=turned)
    warning = Property(int, lambda self: self._warning, notify=warned)

    @Slot()
    def stay(self) -> None:
        self.stayed.emit()

    @Slot()
    def leave(self) -> None:
        self.left.emit()


class Shell(QObject):
    """The kiosk's window. `touched` on every press; `painted` once, when the first frame stands."""

    touched = Signal(QPointF)
    painted = Signal()

    def __init__(self, size: QSize = PORTRAIT) -> None:
        super().__init__()
        application()
        self.stage = Stage()
        self.camera_picture = LastPicture()
        self.slip_picture = LastPicture()
        self.photos = Album()
        self._icons = IconProvider()  # the engine does not keep Python's half of it alive
        self.engine = QQmlEngine()
        self.engine.addImportPath(str(UI.parent))
        self.engine.addImageProvider("icon", self._icons)
        self.engine.addImageProvider("camera", self.camera_picture)
        self.engine.addImageProvider("slip", self.slip_picture)
        self.engine.addImageProvider("photo", self.photos)
        self._main = QQmlComponent(self.engine, QUrl.fromLocalFile(str(UI / "visit" / "Main.qml")))
        window = self._main.createWithInitialProperties(
            {"stage": self.stage, "width": size.width(), "height": size.height()}
        )
        if window is None:
            raise RuntimeError(self._main.errorString())  # our own QML is broken: nothing can be shown
        self.window = cast(QQuickWindow, window)
        self.stands = False  # the first frame was painted
        self._first = self.window.frameSwapped.connect(self._first_frame)
        self.window.installEventFilter(self)

    def speak(self, lang: QObject | None, code: str) -> None:
        """Put the texts of a language on every screen."""
        singleton = cast(QObject, self.engine.singletonInstance("ui.controls", "Lang"))
        singleton.setProperty("source", lang)
        singleton.setProperty("code", code)

    def find(self, name: str) -> QQuickItem | None:
        """The visible control of that objectName, or None."""
        items = self._items(self.window.contentItem())
        return next((item for item in items if item.objectName() == name and item.isVisible()), None)

    def visible_names(self) -> list[str]:
        """The objectNames of everything on the screen, from back to front."""
        items = self._items(self.window.contentItem())
        return [item.objectName() for item in items if item.objectName() and item.isVisible()]

    def covers(self, name: str, point: QPointF) -> bool:
        """Whether a visible control of that objectName lies under a point of the window."""
        item = self.find(name)
        return item is not None and item.contains(item.mapFromScene(point))

    def grab(self) -> QImage:
        return self.window.grabWindow()

    def close(self) -> None:
        self.stage.show("", None)  # pages go before their view models do
        self.window.removeEventFilter(self)
        self.window.close()
        self.window.deleteLater()
        self.engine.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.TouchBegin:
            points = event.points()  # type: ignore[attr-defined]
            self.touched.emit(points[0].position() if points else QPointF())
        elif event.type() == QEvent.Type.MouseButtonPress:
            mouse = cast(QMouseEvent, event)
            if mouse.source() == Qt.MouseEventSource.MouseEventNotSynthesized:
                self.touched.emit(mouse.position())
        return False

    @Slot()
    def _first_frame(self) -> None:
        self.window.frameSwapped.disconnect(self._first)
        self.stands = True
        self.painted.emit()
        QTimer.singleShot(0, self, self._compile_pages)

    def _compile_pages(self) -> None:
        """Compile every page off the GUI thread and keep it, so that the first visitor waits no longer than others."""
        pages = sorted((UI / "visit").glob("*.qml"))
        self._pages = [
            QQmlComponent(
                self.engine,
                QUrl.fromLocalFile(str(page)),
                QQmlComponent.CompilationMode.Asynchronous,
                self.engine,
            )
            for page in pages
        ]

    def _items(self, item: QQuickItem) -> Iterator[QQuickItem]:
        """It and all within it, parents first."""
        waiting = [item]
        while waiting:
            item = waiting.pop()
            yield item
            waiting += reversed(item.childItems())
