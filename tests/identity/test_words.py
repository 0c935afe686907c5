from kiosk.identity import words


def test_the_lists() -> None:
    assert len(words.ethnic_groups()) == 56
    assert {"汉", "维吾尔", "土家", "土"} <= set(words.ethnic_groups())
    assert {"欧阳", "司马"} <= words.compound_surnames()
    assert {"王", "欧阳", "昝"} <= words.surnames()
    assert len(words.standard_characters()) == 8105
    assert "靜" not in words.standard_characters()


def test_places() -> None:
    assert "楚雄彝族自治州" in words.places()
    assert "黄冈市蕲春县" in words.places()
    assert "赵县" not in words.places()
    assert words.places_by_gap()["黄冈市?春县"] == ("黄冈市蕲春县",)
