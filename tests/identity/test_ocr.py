import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.ocr import NOTHING, SMALL, TINY, Recogniser, Text, blend


class Alphabet:
    """Stands in for a network file: decoding needs its characters only."""

    def get_inputs(self) -> list["Alphabet"]:
        return [self]

    name = "x"


LETTERS = "男女汉苗土家0123456789X"
READER = Recogniser(Alphabet(), list(LETTERS))
SIZE = len(LETTERS) + 2


def steps(*shares: dict[str, float]) -> np.ndarray:
    """Scores from the shares named; blank takes the rest of each step."""
    scores = np.zeros((len(shares), SIZE), np.float32)
    for row, share in zip(scores, shares, strict=True):
        for char, value in share.items():
            row[LETTERS.index(char) + 1] = value
        row[0] = 1 - sum(share.values())
    return scores


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ([{"1": 0.9}, {"1": 0.8}, {"2": 0.9}], "12"),
        ([{"1": 0.9}, {}, {"1": 0.8}], "11"),
        ([{}, {}], ""),
        ([], ""),
        ([{"男": 0.6, "1": 0.4}], "男"),
    ],
)
def test_greedy_decoding(shares: list[dict[str, float]], text: str) -> None:
    assert READER.decode(steps(*shares)).text == text


def test_confidence_and_place() -> None:
    read = READER.decode(steps({"1": 0.9}, {"1": 0.95}, {}, {"2": 0.7}))
    assert read.confidence == pytest.approx((0.95, 0.7))
    assert read.at == pytest.approx((0.125, 0.875))
    assert (read.mean, read.least) == pytest.approx((0.825, 0.7))
    assert read[1:].text == "2"
    assert (NOTHING.mean, NOTHING.least) == (0.0, 0.0)


def test_only_digits_may_compete_at_their_unchanged_share() -> None:
    scores = steps({"男": 0.55, "8": 0.35, "3": 0.1})
    read = READER.decode(scores, READER.indices("0123456789X"))
    assert read.text == "8"
    assert read.confidence == pytest.approx((0.35,))
    assert READER.indices("9龘") == [LETTERS.index("9") + 1]


def test_unusual_characters_are_held_down() -> None:
    scores = steps({"苗": 0.6, "汉": 0.3})
    held = READER.preferring(scores, frozenset("汉"))
    assert READER.decode(held).text == "汉"
    assert held.sum() == pytest.approx(1)
    alone = READER.preferring(steps({"苗": 0.999}), frozenset("汉"))
    assert READER.decode(alone).text == "苗"  # nothing else is there: it stands


def test_the_likeliest_word_is_chosen() -> None:
    blurred = steps({"土": 0.3, "汉": 0.4}, {}, {"家": 0.7})
    assert READER.choose(blurred, ["汉", "苗", "土家"]).text == "土家"
    chosen = READER.choose(steps({"苗": 0.5, "汉": 0.4}), ["汉", "苗", "龘"])
    assert chosen.text == "苗"
    assert chosen.least == pytest.approx(5 / 9, abs=0.01)


def line(text: str, *confidence: float) -> Text:
    return Text(text, confidence, tuple((i + 0.5) / len(text) for i in range(len(text))))


def test_readings_are_blended_by_character() -> None:
    blended = blend([line("张山", 0.9, 0.4), line("章三", 0.3, 0.9), line("张三丰", 0.5, 0.5, 0.2)])
    assert blended.text == "张三"
    assert blended.confidence == (0.9, 0.9)
    assert blend([]).text == ""


@given(st.lists(st.text(LETTERS, max_size=4), min_size=1, max_size=5))
def test_blending_keeps_to_a_length_that_was_read(texts: list[str]) -> None:
    blended = blend([line(text, *[0.8] * len(text)) for text in texts])
    assert len(blended.text) in {len(text) for text in texts}
    assert len(blended.confidence) == len(blended.text)


@pytest.mark.parametrize(("size", "letters"), [(TINY, 6906), (SMALL, 18710)])
def test_the_networks_know_their_characters(size: str, letters: int) -> None:
    reader = Recogniser.load(size)
    narrow, wide = np.full((48, 40, 3), 255, np.uint8), np.full((48, 300, 3), 255, np.uint8)
    scores = reader.scores([wide, narrow, wide])
    assert [one.shape[1] for one in scores] == [letters] * 3
    assert len(scores[1]) < len(scores[0]) == len(scores[2])
    assert np.allclose(scores[0].sum(1), 1, atol=1e-3)
    assert reader.read([wide])[0].text == ""
    assert reader.read([]) == []
    assert len(reader.indices("0123456789X男女汉")) == 14
