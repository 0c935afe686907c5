"""A finger's strokes become a picture that fits the paper, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import InputInvalid
from kiosk.tools import signature
from kiosk.tools.signature import HEIGHT, LEAST_REACH, MOST_POINTS, WIDTH, draw

POINTS = st.tuples(st.integers(-5_000, 5_000), st.integers(-5_000, 5_000))
STROKES = st.lists(st.lists(POINTS, max_size=12), max_size=6)


@given(STROKES)
def test_any_strokes_fit_the_paper_or_are_refused(strokes: list[list[tuple[int, int]]]) -> None:
    points = [point for stroke in strokes for point in stroke]
    reach = max((max(axis) - min(axis) for axis in zip(*points, strict=True)), default=0)
    if reach < LEAST_REACH:
        with pytest.raises(InputInvalid):
            draw(strokes)
        return
    found = draw(strokes)
    assert (found.width, len(found.rows)) == (WIDTH, HEIGHT)
    assert any(any(row) for row in found.rows)
    assert signature.picture(found.width, b"".join(found.rows)) == found


def test_a_line_across_is_drawn_across() -> None:
    rows = draw([[(0, 0), (1000, 0)]]).rows
    inked = [row for row in rows if any(row)]
    assert 1 <= len(inked) <= 4
    assert sum(bin(byte).count("1") for byte in inked[0]) > WIDTH * 0.9


def test_a_scribble_without_end_is_refused() -> None:
    with pytest.raises(InputInvalid) as refused:
        draw([[(at, at) for at in range(MOST_POINTS + 1)]])
    assert refused.value.context["reason"] == "too_long"
