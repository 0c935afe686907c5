"""Fonts, icons and sounds: complete, small enough, and loadable by what uses them."""

import wave
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtGui import QFontDatabase, QGuiApplication

import assets

FONTS = sorted((assets.ROOT / "fonts").glob("*.otf"))
ICONS = sorted(path for path in (assets.ROOT / "icons").glob("*.svg") if path.name != "logo.svg")
SOUNDS = sorted((assets.ROOT / "sounds").glob("*.wav"))
FAMILY = "Noto Sans CJK SC"
SYMBOLS = "←↑→↓￥¥①⑩★☆□☑✓•·…—“”‘’、。，；：？！（）【】《》％＋－ǎǐǒǔǚ"


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_font_has_every_character_we_show(path: Path) -> None:
    table = (assets.ROOT / "catalogue" / "standard_characters.txt").read_text("utf-8")
    with TTFont(path, lazy=True) as font:
        points = font.getBestCmap()
        missing = {c for c in table + SYMBOLS if not c.isspace() and ord(c) not in points}
        family = font["name"].getDebugName(1)
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert not missing
    assert family == FAMILY
    assert "locl" not in features  # no language may swap the simplified forms for others
    assert path.stat().st_size <= 12_000_000


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_pillow_draws_each_rare_character_differently(path: Path) -> None:
    font = ImageFont.truetype(str(path), 24)

    def drawn(character: str) -> bytes:
        picture = Image.new("L", (32, 40))
        ImageDraw.Draw(picture).text((2, 2), character, font=font, fill=255)
        return picture.tobytes()

    pictures = {drawn(character) for character in "镕堃䶮𬭊☑□零"}
    assert len(pictures) == 7


def test_qt_loads_both_weights(qapp: QGuiApplication) -> None:
    for path in FONTS:
        identifier = QFontDatabase.addApplicationFont(str(path))
        assert QFontDatabase.applicationFontFamilies(identifier) == [FAMILY]
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles(FAMILY))


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_icon_can_be_coloured(path: Path) -> None:
    text = path.read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "2"
    assert text.count("currentColor") == 1  # the one place the image provider replaces
    assert len(root) >= 1


def test_logo_keeps_its_own_colours() -> None:
    text = (assets.ROOT / "icons" / "logo.svg").read_text("utf-8")
    ElementTree.fromstring(text)
    assert "currentColor" not in text


@pytest.mark.parametrize("path", SOUNDS, ids=lambda path: path.stem)
def test_sound_is_short_and_small(path: Path) -> None:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert 0.2 < sound.getnframes() / sound.getframerate() < 1.0
        assert any(sound.readframes(sound.getnframes()))
    assert path.stat().st_size <= 30_000


def test_licences_stand_beside() -> None:
    assert "SIL OPEN FONT LICENSE" in (assets.ROOT / "fonts" / "OFL.txt").read_text("utf-8")
    assert "MIT License" in (assets.ROOT / "icons" / "LICENSE-tabler.txt").read_text("utf-8")
    assert len(FONTS) == 2
    assert {path.stem for path in SOUNDS} == {"ok", "attention"}
