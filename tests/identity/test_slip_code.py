"""The signed code: round trips, and everything that must not pass."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.slip_token import BODY, MAC_BYTES
from kiosk.errors import CodeInvalid
from kiosk.identity.slip_code import CodeKind, Earlier, SlipCode, SlipCodes

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


BEFORE = Earlier(bytes(32), number=1, now=2)
JOINED = SlipCodes(KEY, earlier=BEFORE)


@given(st.sampled_from(CodeKind), st.integers(0, 2**32 - 1))
def test_what_a_device_printed_before_it_joined_is_its_own(kind: CodeKind, serial: int) -> None:
    """It signed as device 1 then; in the hall it is device 2, and another one is device 1."""
    early = SlipCodes(BEFORE.key).make(SlipCode(kind, 1, serial))
    assert JOINED.read(early) == SlipCode(kind, 2, serial)
    halls = CODES.make(SlipCode(kind, 1, serial))
    assert JOINED.read(halls) == SlipCode(kind, 1, serial)
    assert JOINED.make(SlipCode(kind, 2, serial)) == CODES.make(SlipCode(kind, 2, serial))


def test_the_earlier_key_speaks_for_no_other_device() -> None:
    """A device that left one hall for another still has the first one's key: that hall's slips are not ours."""
    for number in (0, 2, 3):
        assert refused(SlipCodes(BEFORE.key).make(SlipCode(CodeKind.TOOL, number, 7)), JOINED) == "tampered"


def test_every_token_of_a_code_is_read_as_that_code() -> None:
    ours = SlipCode(CodeKind.MATCH_SLIP, 2, 9)
    assert [JOINED.read(token) for token in JOINED.tokens(ours)] == [ours, ours]
    others = SlipCode(CodeKind.MATCH_SLIP, 3, 9)
    assert [JOINED.read(token) for token in JOINED.tokens(others)] == [others]
    assert CODES.tokens(ours) == (CODES.make(ours),)
