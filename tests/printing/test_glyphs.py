import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from printing import glyphs


@pytest.mark.parametrize(
    ("ch", "wide"), [("A", 12), ("ą", 12), ("工", 24), ("，", 24), ("é", 24), ("𫘜", 24)]
)
@pytest.mark.parametrize("bold", [False, True])
def test_size(ch: str, wide: int, bold: bool) -> None:
    dots = glyphs.glyph(ch, bold)
    assert dots.shape == (24, wide)
    assert dots.any()
    assert not dots.flags.writeable


def test_bold_is_blacker() -> None:
    assert all(glyphs.glyph(ch, True).sum() > glyphs.glyph(ch, False).sum() for ch in "工市场A8")


def test_all_ascii_differ() -> None:
    assert len({glyphs.glyph(chr(code), False).tobytes() for code in range(32, 127)}) == 95


def test_unknown_is_a_frame() -> None:
    assert not glyphs.known("\U0001f477")
    assert not glyphs.known("ܐ")
    assert np.array_equal(glyphs.glyph("ܐ", False), glyphs.glyph("ܒ", True))


def test_columns_go_down_with_the_top_dot_high() -> None:
    dots = np.zeros((24, 2), np.bool_)
    dots[0, 0] = dots[23, 1] = True
    assert glyphs.columns(dots) == b"\x80\0\0\0\0\x01"


@given(arrays(np.bool_, st.tuples(st.just(24), st.integers(1, 8))))
def test_safe_pictures_only_gain_dots(dots: glyphs.Dots) -> None:
    safe = glyphs.image_safe(dots)
    assert (safe | dots).sum() == safe.sum()
    data = glyphs.columns(safe)
    assert not any(bad in data for bad in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


def test_safe_picture_of_a_dangerous_one() -> None:
    dots = np.unpackbits(np.array([[0x10], [0x04], [0x10]], np.uint8), axis=0).astype(np.bool_)
    dots = np.hstack(
        [dots, np.unpackbits(np.array([[0x14], [0x10], [0x10]], np.uint8), axis=0).astype(np.bool_)]
    )
    assert glyphs.columns(dots) == b"\x10\x04\x10\x14\x10\x10"
    assert glyphs.columns(glyphs.image_safe(dots)) == b"\x18\x04\x18\x14\x10\x10"


@pytest.mark.parametrize("text", ["GIGHALL-TEST", "GH1-4XQ7K2M9ZT3VB8NR6WYC5", "工" * 30, "a" * 500])
def test_qr_is_readable_and_its_size_known_beforehand(text: str) -> None:
    matrix = glyphs.qr_matrix(text)
    assert matrix.shape == (glyphs.qr_size(text),) * 2
    picture = np.pad(glyphs.enlarge(matrix, 6), 24)
    (found,) = zxingcpp.read_barcodes(np.where(picture, 0, 255).astype(np.uint8))
    assert found.text == text


def test_slip_token_is_version_two() -> None:
    assert glyphs.qr_size("GH1-4XQ7K2M9ZT3VB8NR6WYC5") == 25


def test_too_long_for_a_code() -> None:
    with pytest.raises(ValueError, match="too long"):
        glyphs.qr_size("a" * 3000)
