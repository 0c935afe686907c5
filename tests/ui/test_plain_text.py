"""What people wrote stays text: a title or a place from another hall is never read as markup, nor fetches a picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ui

HERE = Path(ui.__file__).parent
TEXT = re.compile(r"^( *)(?:\w+: )?(?:Text|TextEdit) \{$(.*?)^\1\}$", re.MULTILINE | re.DOTALL)
FILES = sorted(path for path in HERE.rglob("*.qml") if TEXT.search(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_text_is_plain(file: Path) -> None:
    for found in TEXT.finditer(file.read_text(encoding="utf-8")):
        assert "textFormat: Text.PlainText" in found.group(2), found.group(0)


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 10
