import json
from pathlib import Path

import pytest

import assets
from kiosk.identity.document import FIELDS
from ui.commands.scan_id import scan_id

CARDS = assets.ROOT / "samples" / "cards"


def test_one_object_a_picture_in_the_order_given(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [CARDS / "minor_17.jpg", Path("missing.jpg"), CARDS / "back.jpg", CARDS / "adult_known.jpg"]
    assert scan_id(paths, as_json=True) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["file"] for entry in entries] == [str(path) for path in paths]
    assert all(set(entry) == {"file", "fields", "confidence", "problems"} for entry in entries)
    assert [entry["problems"] for entry in entries] == [[], ["not_a_picture"], ["back_side"], []]
    truth = json.loads((CARDS / "people.json").read_text("utf-8"))
    for i, name, sex in ((0, "minor_17", "女"), (3, "adult_known", "男")):
        assert entries[i]["fields"] == truth[name] | {"sex": sex}
        assert set(entries[i]["confidence"]) == set(FIELDS)
        assert all(0 < value <= 1 for value in entries[i]["confidence"].values())
    assert entries[1]["fields"] == dict.fromkeys(FIELDS)


def test_the_table_shows_all_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert scan_id([CARDS / "adult_new.jpg", CARDS / "blurred.jpg"], as_json=False) == 0
    shown = capsys.readouterr()
    truth = json.loads((CARDS / "people.json").read_text("utf-8"))["adult_new"]
    assert truth["number"] in shown.out
    assert truth["address"] in shown.out
    assert "blurred" in shown.out
    assert "Unmasked" in shown.err


def test_no_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    assert scan_id([], as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == []
