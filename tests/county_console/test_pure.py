"""What needs no database: bars, masks, months."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.county.console import figures, masks
from db.county.console.chart import Bar, ceiling, columns, rows
from db.county.console.figures import Trade

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("most", "end"), [(0, 4), (1, 4), (4, 4), (5, 8), (7, 8), (87, 100), (100, 100), (101, 200), (0.3, 0.4)]
)
def test_an_axis_ends_at_a_round_number(most: float, end: float) -> None:
    assert ceiling(most) == pytest.approx(end)


@given(st.floats(0.01, 1e6))
def test_no_bar_is_taller_than_its_axis(most: float) -> None:
    assert most <= ceiling(most) * (1 + 1e-9) <= max(8 * most, 4.01)


@pytest.mark.parametrize("draw", [columns, rows])
def test_bars_are_as_long_as_their_figures_and_read_aloud(draw: object) -> None:
    bars = [Bar("一<月>", 5), Bar("二月", 10), Bar("三月", 0)]
    picture = ET.fromstring(draw("上岗 & 推荐", "说明", bars))  # type: ignore[operator]
    title, described = picture.find("title"), picture.find("desc")
    assert title is not None
    assert described is not None
    assert (title.text, described.text) == ("上岗 & 推荐", "说明")
    assert picture.get("role") == "img"
    found = [element for element in picture.iter("rect") if element.get("class") == "bar"]
    sizes = [float(bar.get("height" if draw is columns else "width") or 0) for bar in found]
    assert sizes[1] == pytest.approx(2 * sizes[0])
    assert sizes[2] == 0
    said = [bar.findtext("title") for bar in found]
    assert said == ["一<月>: 5", "二月: 10", "三月: 0"]
    assert not [element for element in picture.iter() if element.get("style")]  # the policy would drop it


def test_nothing_to_draw_is_still_a_picture() -> None:
    assert ET.fromstring(rows("a", "b", [])).find("title") is not None


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("name", "张小三", "张*三"),
        ("name", "李四", "李*"),
        ("name", "阿", "*"),
        ("phone", "13900000001", "139 **** 0001"),
        ("phone", "0000", "****"),
        ("number_sealed", "11010519491231002X", "1101**********002X"),
        ("address", "样本省样本县样本路 2 号", "样本省样本县***"),
        ("birth", "1970-05-06", "1970-**-**"),
        ("ethnicity", "汉", "***"),
        ("sex", "male", "male"),
        ("no_such_column", "x", "***"),
        ("name", None, ""),
    ],
)
def test_a_seekers_columns_are_masked(column: str, value: object, shown: str) -> None:
    assert masks.value("seekers", column, value) == shown


def test_an_unknown_table_shows_nothing() -> None:
    assert masks.value("later", "anything", "秘密") == "***"


def test_a_ratio_needs_seekers() -> None:
    assert Trade("瓦工", 10, 4).ratio == 2.5
    assert Trade("瓦工", 10, 0).ratio is None


@pytest.mark.parametrize(
    ("month", "back", "found"),
    [("2026-01", 1, "2025-12"), ("2026-11", 11, "2025-12"), ("2026-12", -1, "2027-01")],
)
def test_months_before(month: str, back: int, found: str) -> None:
    assert figures._before(month, back) == found
