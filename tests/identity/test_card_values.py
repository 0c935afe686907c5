import numpy as np
import pytest

from kiosk.identity import words
from kiosk.identity.card_values import LOST, Line, _clean, _placed, _with_gaps_told
from kiosk.identity.ocr import Text


def text(value: str, places: list[float] | None = None) -> Text:
    return Text(
        value,
        (0.95,) * len(value),
        tuple(places or [(i + 0.5) / max(1, len(value)) for i in range(len(value))]),
    )


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("云南省楚雄舞族自治州禄丰县白马镇1号", "云南省楚雄彝族自治州禄丰县白马镇1号"),
        ("湖北省黄冈市薪春县梅林镇", "湖北省黄冈市蕲春县梅林镇"),
        ("河北省沧州市黄骅市东关镇", "河北省沧州市黄骅市东关镇"),
        ("江西省赣州市上犹县", "江西省赣州市上犹县"),
        ("河南省洛宁县柳河村", "河南省洛宁县柳河村"),  # a village is not a county
        ("人民路8号", "人民路8号"),
        ("", ""),
    ],
)
def test_places_are_read_by_their_list(read: str, meant: str) -> None:
    placed = _placed(text(read))
    assert placed.text == meant
    changed = [i for i in range(len(meant)) if read[i] != meant[i]]
    assert [i for i, value in enumerate(placed.confidence) if value < 0.9] == changed


def test_every_county_with_its_province_stays_as_it_is() -> None:
    names = sorted(words.places())[::40]
    assert len(names) > 200
    assert [name for name in names if _placed(text(name)).text != name] == []


@pytest.mark.parametrize(
    ("read", "kind", "cleaned"),
    [
        ("姓名张三", "name", "张三"),
        ("名 张三。", "name", "张三"),
        ("阿依古丽•买买提", "name", "阿依古丽·买买提"),
        ("☑沈来", "name", "沈来"),
        ("住址河南省8号-2", "address", "河南省8号-2"),
        ("址河南省|", "address", "河南省"),
        ("", "name", ""),
    ],
)
def test_values_are_cleaned(read: str, kind: str, cleaned: str) -> None:
    kept = _clean(text(read), kind)
    assert kept.text == cleaned
    assert len(kept.confidence) == len(kept.at) == len(cleaned)


def line(value: str, places: list[float], left: float = 14.0) -> Line:
    box = np.array([[left, 0], [left + 40, 0], [left + 40, 4], [left, 4]], np.float32)
    return Line("address", box, text(value, places), np.zeros((1, 1), np.float32))


def even(count: int, start: float = 0.05) -> list[float]:
    return [start + i * 0.08 for i in range(count)]


def doubted(lines: list[Line]) -> list[list[int]]:
    return [
        [i for i, value in enumerate(one.text.confidence) if value < 0.95 * LOST * 1.01]
        for one in _with_gaps_told(lines)
    ]


FULL = "河南省洛阳市洛宁县青山"


def test_whole_lines_are_not_doubted() -> None:
    assert doubted([line(FULL, even(11)), line("镇石桥村", even(4))]) == [[], []]


def test_a_hole_an_early_end_and_a_late_start_are_doubted() -> None:
    hole = [*even(5), *even(5, 0.61)]
    assert doubted([line(FULL[:10], hole), line("镇石桥村", even(4))])[0][0] == 4
    assert doubted([line(FULL[:7], even(7)), line("镇石桥村", even(4))]) == [[6], []]
    assert doubted([line(FULL, even(11)), line("石桥村", even(3, 0.21))]) == [[], [0]]
