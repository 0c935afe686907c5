"""A slip out of the journal is the slip that went in; other bytes are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing import slip_json
from printing.slip import Slip
from printing.slips.match_slip import match_slip
from tests.printing.samples import _PARTS, MATCH, RARE


@given(st.builds(Slip, st.text(max_size=20), st.lists(_PARTS, max_size=12).map(tuple)))
def test_every_slip_comes_back_the_same(slip: Slip) -> None:
    assert slip_json.decode(slip_json.encode(slip)) == slip


@pytest.mark.parametrize("values", [MATCH, RARE])
def test_a_match_slip_comes_back_the_same(values: object) -> None:
    slip = match_slip(values)  # type: ignore[arg-type]
    assert slip_json.decode(slip_json.encode(slip)) == slip


@pytest.mark.parametrize(
    "saved",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'["match_slip"]',
        b'["match_slip", [["Unknown", {}]]]',
        b'["match_slip", [["Line", {}]]]',
        b'["match_slip", [["Line", {"text": 1}]]]',
        b'["match_slip", [["Line", {"text": "x", "size": 3}]]]',
        b'["match_slip", [["Line", {"text": "x", "align": "up"}]]]',
        b'["match_slip", [["Picture", {"width": 9, "rows": ["AA=="]}]]]',
        b'["match_slip", [[1, {}]]]',
        b"[1, []]",
    ],
)
def test_other_bytes_are_refused(saved: bytes) -> None:
    with pytest.raises(ValueError, match="not a saved slip"):
        slip_json.decode(saved)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_slip_or_refused(saved: bytes) -> None:
    try:
        slip = slip_json.decode(saved)
    except ValueError:
        return  # and nothing else
    assert slip_json.decode(slip_json.encode(slip)) == slip


def test_a_cut_short_journal_entry_is_refused() -> None:
    saved = slip_json.encode(match_slip(MATCH))
    for end in range(0, len(saved), 97):
        with pytest.raises(ValueError, match="not a saved slip"):
            slip_json.decode(saved[:end])
