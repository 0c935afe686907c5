import pytest
from hypothesis import given, settings

from printing import layout
from printing.charset import width
from printing.layout import Band, Item, PageEnd, Space, Symbol, TextLine, lay_out
from printing.profile import Profile, profile
from printing.slip import Align, Cell, Code, Cut, Feed, Line, Pair, Part, Picture, Row, Rule, Slip
from tests.printing.samples import slips

WIDE, NARROW, PINS = "generic-80", "generic-58", "sprt-pos76"


def laid(*parts: Part, name: str = WIDE) -> list[Item]:
    return lay_out(Slip("test", parts), profile(name))


def texts(items: list[Item]) -> list[str]:
    return ["".join(run.text for run in item.runs) for item in items if isinstance(item, TextLine)]


def test_line_states_its_height() -> None:
    assert laid(Line("工", bold=True), Line("工", Align.CENTER, size=2)) == [
        TextLine((layout.Run("工", True),), Align.LEFT, 1, 32),
        TextLine((layout.Run("工", False),), Align.CENTER, 2, 58),
    ]


def test_large_lines_have_half_the_columns() -> None:
    assert texts(laid(Line("工" * 13, size=2))) == ["工" * 12, "工"]
    assert texts(laid(Line("工" * 13, size=2), name=NARROW)) == ["工" * 8, "工" * 5]


def test_newlines_and_empty_text() -> None:
    assert texts(laid(Line("甲\n\n乙"), Line(""))) == ["甲", "", "乙", ""]


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        ("押金", "￥100.00", ["押金" + " " * 20 + "￥100.00"]),
        (
            "电锤" * 9,
            "￥1.00",
            ["电锤" * 6, "电锤" * 3 + " " * 14 + "￥1.00"],
        ),  # below: the amount ends the last line
        ("编号 DJ261120-0042", "2026-11-20 09:12", ["编号 DJ261120-0042", "2026-11-20 09:12"]),
        ("说明", "长" * 20, ["说明", "长" * 16, "长" * 4]),
        ("", "￥1.00", [" " * 26 + "￥1.00"]),
    ],
)
def test_pair(left: str, right: str, lines: list[str]) -> None:
    assert texts(laid(Pair(left, right), name=NARROW)) == lines


def test_row_wraps_within_its_columns() -> None:
    row = Row((Cell("地点", 8), Cell("样本花园二期工地"), Cell("3", 4, Align.RIGHT)))
    assert texts(laid(row, name=NARROW)) == ["地点    样本花园二期工地       3"]
    row = Row((Cell("工作地点", 6), Cell("样本花园二期工地三号门东侧一百米")))
    assert texts(laid(row, name=NARROW)) == ["工作  样本花园二期工地三号门东侧", "地点  一百米"]


def test_row_that_has_no_room_is_stacked() -> None:
    assert texts(laid(Row((Cell("甲", 30), Cell("乙", 30))), name=NARROW)) == ["甲", "乙"]
    assert laid(Row(())) == []


def test_rules_span_the_paper() -> None:
    for name in (WIDE, NARROW):
        strong, light = texts(laid(Rule(), Rule(light=True), name=name))
        assert width(strong) == profile(name).columns
        assert width(light) == profile(name).columns - 1


def test_code_keeps_its_quiet_zone() -> None:
    assert laid(Code("GIGHALL-TEST")) == [Space(24), Symbol("GIGHALL-TEST", 21, 6), Space(24)]


def test_code_is_drawn_where_the_printer_has_none() -> None:
    first, *bands, last = laid(Code("GIGHALL-TEST"), name=NARROW)
    assert (first, last) == (Space(24), Space(24))
    assert all(isinstance(band, Band) and band.dots.shape == (24, 126) for band in bands)
    assert len(bands) == 6  # 21 modules of 6 dots, in strips of 24


def test_long_codes_shrink_and_then_give_way() -> None:
    shrunk = laid(Code("A" * 900))[1]
    assert isinstance(shrunk, Symbol)
    assert shrunk.module == 5
    assert shrunk.module * (shrunk.modules + 8) <= 576
    assert texts(laid(Code("A" * 900), name=NARROW)) == [layout.NO_CODE]
    assert texts(laid(Code("A" * 100_000))) == [layout.NO_CODE]
    assert texts(laid(Code(""))) == [layout.NO_CODE]


def test_picture_in_strips() -> None:
    black = Picture(16, (b"\xff\xff",) * 30)
    first, second = laid(black)
    assert isinstance(first, Band)
    assert isinstance(second, Band)
    assert first.dots.all()
    assert second.dots[:6].all()
    assert not second.dots[6:].any()
    assert laid(Picture(16, (b"\0\0",) * 24)) == [Space(24)]
    assert laid(Picture(16, ())) == []


def test_wide_picture_shrinks_without_losing_a_stroke() -> None:
    thin = Picture(800, ((b"\x00" * 50 + b"\x01" + b"\x00" * 49),) * 48)
    (band,) = laid(thin)
    assert isinstance(band, Band)
    assert band.dots.shape == (24, 400)
    assert band.dots[:, 203].all()


def test_rows_of_a_picture_must_fit_its_width() -> None:
    with pytest.raises(ValueError, match="rows"):
        Picture(9, (b"\xff",))


def test_cuts() -> None:
    assert laid(Line("甲"), Cut(), Cut())[1:] == [PageEnd()]  # an empty page is not cut off
    assert laid(Cut()) == []
    assert laid(Line("甲"), Cut(), name=NARROW)[1:] == [Space(layout.TEAR_OFF)]


def test_feeds_are_bounded() -> None:
    assert laid(Feed(), Feed(0), Feed(-5), Feed(10**9)) == [Space(32), Space(20 * 32)]


@pytest.mark.parametrize(
    "part",
    [
        Line("长" * 10**6),
        Line("\n" * 10**6),
        Line("行"),
        Feed(20),
        Code("A" * 900),
        Pair("左" * 500, "￥1.00"),
    ],
    ids=["long", "tall", "many", "white", "codes", "pairs"],
)
@pytest.mark.parametrize("name", [WIDE, NARROW])
def test_ten_thousand_lines_end_with_a_note(part: Part, name: str) -> None:
    items = laid(*[part] * 10_000, name=name)
    assert layout.MAX_DOTS - 700 < sum(map(layout.height, items)) < layout.MAX_DOTS + 200
    assert texts(items)[-1] == layout.TOO_LONG
    assert items[-1] == (PageEnd() if name == WIDE else Space(layout.TEAR_OFF))


def test_a_document_of_just_the_limit_is_whole() -> None:
    lines = [Line("行")] * (layout.MAX_DOTS // 32)
    assert layout.TOO_LONG not in texts(laid(*lines))
    assert layout.TOO_LONG in texts(laid(*lines, Line("行")))


@settings(max_examples=100, deadline=None)
@given(slips())
def test_nothing_goes_over_the_edge(slip: Slip) -> None:
    for name in (WIDE, NARROW, PINS):
        model: Profile = profile(name)
        for item in lay_out(slip, model):
            if isinstance(item, TextLine):
                assert item.columns <= model.columns
            elif isinstance(item, Band):
                assert item.dots.shape[0] == model.line
                assert item.dots.shape[1] <= model.dots
            elif isinstance(item, Symbol):
                assert item.module * (item.modules + 2 * layout.QUIET) <= model.dots
