import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from printing.breaking import NEVER_FIRST, NEVER_LAST, wrap
from printing.charset import clean, width


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("零工市场", 8, ["零工市场"]),
        ("零工市场对接", 8, ["零工市场", "对接"]),
        ("零工市场，对接", 8, ["零工市", "场，对接"]),  # the comma takes its character along
        ("零工市（场）", 8, ["零工市", "（场）"]),
        ("工价180元/天包吃", 8, ["工价", "180元/天", "包吃"]),
        ("工价 180 元/小时", 12, ["工价", "180 元/小时"]),
        ("押金￥1,234.50整", 12, ["押金", "￥1,234.50整"]),
        ("电话139 0000 0000转", 15, ["电话", "139 0000 0000转"]),
        ("电话 139 0000 0000", 14, ["电话", "139 0000 0000"]),
        ("号码1305********0017", 18, ["号码", "1305********0017"]),
        ("求职者张*三", 8, ["求职者", "张*三"]),
        ("到 11月21日 07:30 止", 10, ["到 11月", "21日 07:30", "止"]),
        ("send it to the hall", 8, ["send it", "to the", "hall"]),
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),  # longer than the line: split after all
        ("中 abcdefghijkl", 5, ["中", "abcde", "fghij", "kl"]),
        ("你好 ，再见", 6, ["你", "好 ，", "再见"]),
        ("（139 0000 0000）", 16, ["（", "139 0000 0000）"]),  # the number counts more than the bracket
        ("  甲", 4, ["  甲"]),
        ("甲   乙", 4, ["甲", "乙"]),
    ],
)
def test_wrap(text: str, columns: int, lines: list[str]) -> None:
    assert list(wrap(text, columns)) == lines


CHINESE = "零工市场对接单瓦河北样本建筑劳务有限公司元日月天"
WHOLE = st.one_of(
    st.from_regex(r"[0-9]{1,11}", fullmatch=True),
    st.from_regex(r"￥[1-9][0-9]{0,2}(,[0-9]{3})?\.[0-9]{2}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{1,3} ?元/(天|小时|平方米)", fullmatch=True),
    st.from_regex(r"13[0-9] 0000 [0-9]{4}", fullmatch=True),
    st.from_regex(r"[0-9]{4}\*{8}[0-9]{4}", fullmatch=True),
    st.from_regex(r"[0-9]{3}\*{4}[0-9]{4}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{1,14}", fullmatch=True),
)
WORDS = st.text(CHINESE, min_size=1, max_size=9)
MARKS = st.sampled_from(["，", "。", "、", "；", "：", "！", "？", "）", "》", "”", "（", "《", "“"])


@given(st.lists(st.one_of(WHOLE, WORDS, MARKS, st.just(" ")), max_size=25), st.sampled_from([22, 32, 48]))
@example(["样" * 15, "139 0000 0000"], 32)
def test_what_belongs_together_stays_together(pieces: list[str], columns: int) -> None:
    text = ""
    for piece in pieces:  # a space between two numbers or words, or they would be one
        text += (" # " if text and (text[-1] + piece[0]).isascii() else "") + piece
    assume(not re.search(r"[，。、；：！？）》”（《“ ]{4}", text))  # such a heap may be wider than any line
    lines = list(wrap(text, columns))
    assert all(width(line) <= columns for line in lines)
    assert all(line[0] not in NEVER_FIRST for line in lines[1:])
    assert all(line[-1] not in NEVER_LAST for line in lines[:-1] if line)
    shown = "\n".join(lines)
    for piece in pieces:
        if piece.isascii() or "元/" in piece or "￥" in piece:
            assert piece.strip() in shown


@given(st.text(max_size=300), st.integers(2, 48))
def test_any_text_fits_and_nothing_is_lost(text: str, columns: int) -> None:
    text = clean(text).replace("\n", "")
    lines = list(wrap(text, columns))
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
