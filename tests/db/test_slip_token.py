"""The bytes on a slip, and the address before them."""

from __future__ import annotations

import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st
from qrcode.util import MODE_ALPHA_NUM, QRData

from db.errors import AddressInvalid, TokenInvalid
from db.slip_token import (
    ADDRESS_CHARACTERS,
    TOKEN_CHARACTERS,
    SlipToken,
    claimed,
    make_token,
    open_token,
    public_address,
)

KEY = bytes(range(32))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

tokens = st.builds(SlipToken, st.integers(0, 15), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1))


def reason(text: str, key: bytes = KEY) -> str:
    with pytest.raises(TokenInvalid) as error:
        open_token(key, text)
    return error.value.reason


def test_a_token_from_the_first_day_is_still_read() -> None:
    """Papers are out there: the format may not drift."""
    assert make_token(KEY, 1, 3, 42) == "CEAAGAAAAAVGQ3OLFJUK4"
    assert open_token(KEY, "CEAAGAAAAAVGQ3OLFJUK4") == (1, 3, 42)


@given(
    tokens, st.sampled_from(["{}", "  {}\n", "HTTPS://COUNTY.EXAMPLE/{}", "https://county.example/s?c={}"])
)
def test_what_is_made_is_opened(token: SlipToken, wrapped: str) -> None:
    text = make_token(KEY, *token)
    assert len(text) == TOKEN_CHARACTERS
    assert open_token(KEY, wrapped.format(text)) == token
    assert open_token(KEY, wrapped.format(text.lower())) == token


@given(tokens, st.integers(0, TOKEN_CHARACTERS - 1), st.sampled_from(ALPHABET))
def test_a_changed_one_is_tampered_and_claims_all_the_same(token: SlipToken, at: int, other: str) -> None:
    text = make_token(KEY, *token)
    changed = text[:at] + other + text[at + 1 :]
    assert isinstance(claimed(changed), SlipToken)
    assert changed == text or reason(changed) == "tampered"


@given(tokens, st.binary(min_size=32, max_size=32))
def test_another_halls_is_not_opened(token: SlipToken, key: bytes) -> None:
    assert key == KEY or reason(make_token(key, *token)) == "tampered"


@given(st.text(max_size=80))
def test_anything_else_is_no_token(text: str) -> None:
    assert reason(text) in {"not_ours", "tampered"}


@pytest.mark.parametrize(
    ("given_address", "stands"),
    [
        ("", ""),
        ("  ", ""),
        ("https://county.example", "HTTPS://COUNTY.EXAMPLE"),
        ("https://county.example/", "HTTPS://COUNTY.EXAMPLE"),
        ("http://127.0.0.1:8443/s/", "HTTP://127.0.0.1:8443/S"),
        ("HTTPS://A", "HTTPS://A"),
    ],
)
def test_an_address_is_put_the_way_the_code_carries_it(given_address: str, stands: str) -> None:
    assert public_address(given_address) == stands


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("county.example", "not_http"),
        ("ftp://county.example", "not_http"),
        ("https://", "not_http"),
        ("https://县.example", "characters"),
        ("https://county.example/a_b", "characters"),
        ("https://county.example/s?c=", "characters"),
        ("https://user@county.example", "characters"),
        ("https://county example", "characters"),
        ("https://county.example:123456", "characters"),
        ("https://-county.example", "characters"),
        ("https://[::1]/", "characters"),
        ("https://county.example/" + "a" * ADDRESS_CHARACTERS, "too_long"),
    ],
)
def test_an_address_that_no_code_can_carry_is_refused(address: str, why: str) -> None:
    with pytest.raises(AddressInvalid) as error:
        public_address(address)
    assert error.value.reason == why


def version(text: str) -> int:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text, MODE_ALPHA_NUM), optimize=0)
    code.make(fit=True)
    return int(code.version)


def test_the_bare_token_is_version_2_and_the_longest_address_version_4() -> None:
    token = make_token(KEY, 1, 1, 1)
    assert version(token) == 2
    longest = public_address("https://" + "a" * (ADDRESS_CHARACTERS - len("https://")))
    assert version(f"{public_address('https://county.example')}/{token}") == 3
    assert version(f"{longest}/{token}") == 4
    assert version(f"{longest}A/{token}") == 5
