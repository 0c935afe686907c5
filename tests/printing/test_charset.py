import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
from printing import charset, glyphs
from printing.charset import cells, clean, encode
from printing.profile import Charset


def standard_characters() -> str:
    """The 8,105 characters of 通用规范汉字表 (2013)."""
    lines = (assets.ROOT / "catalogue" / "standard_characters.txt").read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


def test_all_standard_characters_are_there() -> None:
    characters = standard_characters()
    assert len(characters) == len(set(characters)) == 8105


@pytest.mark.parametrize(
    ("font", "lacking"), [(Charset.GB2312, 1467), (Charset.GBK, 276), (Charset.GB18030, 252)]
)
def test_standard_characters_outside_a_font(font: Charset, lacking: int) -> None:
    assert sum(encode(ch, font) is None for ch in standard_characters()) == lacking


def test_no_standard_character_is_without_a_picture() -> None:
    assert [ch for ch in standard_characters() if not glyphs.known(ch)] == []


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("¥180", "￥180"),
        ("买买提•艾力", "买买提·艾力"),
        ("3–5‑7−9", "3-5-7-9"),
        ("一〜二", "一～二"),
        ("a\tb\r\nc\rd\u2028e", "a    b\nc\nd\ne"),
        ("张\x1b@\x10\x04\x01三\x00", "张@三"),
        ("右\u202e左\u200b\ufeff", "右左"),
        ("\ud800\udfff\ue000", "□□□"),
        ("👷🏽‍♂️", "□□♂"),
        ("e\u0301 a\u0328\u0301", "é ą"),
        ("\u00a0\u2003", "  "),
    ],
)
def test_clean(written: str, printed: str) -> None:
    assert clean(written) == printed


@given(st.text())
def test_clean_leaves_nothing_that_could_be_a_command(text: str) -> None:
    cleaned = clean(text)
    assert all(ch == "\n" or ch >= " " for ch in cleaned)
    assert clean(cleaned) == cleaned
    for ch in cleaned.replace("\n", ""):
        for font in Charset:
            data = encode(ch, font)
            assert (
                data is None
                or (len(data) == 1 and b" " <= data <= b"~")
                or (len(data) == 2 and data[0] > 0x80)
            )
            assert data is None or charset.decode(data) == ch
            assert data is None or cells(ch) == len(data)


@pytest.mark.parametrize(
    ("ch", "wide"), [("a", 1), ("é", 2), ("ą", 1), ("中", 2), ("㛃", 2), ("，", 2), ("א", 1)]
)
def test_width(ch: str, wide: int) -> None:
    assert cells(ch) == wide


def test_fonts_by_table() -> None:
    assert [encode("镕", font) for font in Charset] == [None, b"\xe9F", b"\xe9F"]
    assert [encode("䶮", font) for font in Charset] == [None, None, b"\xfe\x9f"]
    assert [encode("㛃", font) for font in Charset] == [None, None, None]
    assert [encode("·", font) for font in Charset] == [b"\xa1\xa4"] * 3
    assert [encode("—", font) for font in Charset] == [b"\xa1\xaa"] * 3
