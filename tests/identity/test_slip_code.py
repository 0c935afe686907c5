"""The signed code: round trips, and everything that must not pass."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import CodeInvalid
from kiosk.identity.slip_code import BODY, MAC_BYTES, CodeKind, SlipCode, SlipCodes

KEY = bytes(range(32))
CODES = SlipCodes(KEY)
CODE = SlipCode(CodeKind.MATCH_SLIP, 3, 42)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

codes = st.builds(SlipCode, st.sampled_from(CodeKind), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1))


def signed(body: bytes) -> str:
    token = body + hmac.new(KEY, body, hashlib.sha256).digest()[:MAC_BYTES]
    return base64.b32encode(token).decode().rstrip("=")


def refused(text: str, by: SlipCodes = CODES) -> object:
    with pytest.raises(CodeInvalid) as error:
        by.read(text)
    return error.value.context["reason"]


@given(codes, st.sampled_from(["", "https://county.example/s", "HTTPS://county.example/s/"]))
def test_what_is_made_is_read(code: SlipCode, address: str) -> None:
    ours = SlipCodes(KEY, address)
    text = ours.make(code)
    assert ours.read(text) == CODES.read(text) == code
    assert ours.read(f"  {text.lower()}\n") == code


def test_the_text_fits_a_small_qr() -> None:
    assert len(CODES.make(CODE)) == 21
    alphanumeric = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set(SlipCodes(KEY, "https://county.example/s").make(CODE)) <= alphanumeric


def test_no_personal_data_fits_in() -> None:
    assert BODY.size + MAC_BYTES == 13


@given(codes, st.integers(0, 20), st.sampled_from(ALPHABET))
def test_no_character_can_be_changed(code: SlipCode, at: int, other: str) -> None:
    text = CODES.make(code)
    changed = text[:at] + other + text[at + 1 :]
    if changed == text:
        assert CODES.read(changed) == code
    else:
        assert refused(changed) == "tampered"


def test_another_halls_code_is_foreign() -> None:
    assert refused(SlipCodes(bytes(32)).make(CODE)) == "tampered"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "https://example.com",
        "1" * 21,
        CODES.make(CODE)[:-1],
        "A" + CODES.make(CODE),
        "样本",
        "🙂" * 21,
    ],
)
def test_what_is_not_a_code(text: str) -> None:
    assert refused(text) == "not_ours"


@pytest.mark.parametrize("version", [0, 2, 15])
def test_another_version_is_told_apart(version: int) -> None:
    assert refused(signed(BODY.pack(version << 4 | 1, 1, 1))) == "version"


@pytest.mark.parametrize("kind", sorted(set(range(16)) - set(CodeKind)))
def test_an_unknown_kind_is_told_apart(kind: int) -> None:
    assert refused(signed(BODY.pack(1 << 4 | kind, 1, 1))) == "kind"


@given(st.text(max_size=80))
def test_anything_else_is_refused_in_words_of_ours(text: str) -> None:
    assert refused(text) in {"not_ours", "tampered"}


def test_the_number_for_people() -> None:
    assert CODE.slip_number == "03-000042"
