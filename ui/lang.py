"""The visitor's language for QML: wraps `kiosk.language.Language`, whose change every binding follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from kiosk.language import Language


class LangSource(QObject):
    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    @Slot(str, "QVariantMap", result=str)
    def text(self, msgid: str, values: dict[str, Any]) -> str:
        """Numbers come from JavaScript as floats; whole ones are written without a point."""
        whole = {
            key: int(value) if isinstance(value, float) and value.is_integer() else value
            for key, value in values.items()
        }
        return self._language.text(msgid, **whole)
