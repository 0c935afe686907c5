"""`gighall demo`: the robot's three visits, as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

GIGHALL = Path(sys.executable).with_name("gighall")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [GIGHALL, "demo", "--out", out, "--json"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "leaked" not in done.stderr  # libraries in C++ look at the end what is left of theirs
    assert json.loads(done.stdout)["visits"]
    return out


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_every_visit_is_in_the_summary(shown: Path) -> None:
    summary = json.loads((shown / "summary.json").read_text())
    assert {timing["visit"] for timing in summary["visits"]} == {
        "adult_new",
        "adult_known",
        "minor_15",
        "minor_17",
    }
    assert summary["rows"]["under_16_refused"] == 1
    assert summary["rows"]["referrals"] == summary["rows"]["print_jobs"] > 2


def test_pictures_of_every_screen_in_both_orientations(shown: Path) -> None:
    names = {path.stem for path in (shown / "screens").iterdir()}
    screens = (
        "attract home consent confirm phone hardship trades jobs job slip done help notice search filters"
    )
    screens += " type_number type_name identify_back identify_blurred error idle"
    assert names >= {f"{way}_{screen}" for way in ("portrait", "landscape") for screen in screens.split()}
    assert size(shown / "screens" / "portrait_refused.png") == (1080, 1920)
    assert size(shown / "screens" / "landscape_jobs.png") == (1920, 1080)


def test_slips_came_out_of_the_printer(shown: Path) -> None:
    slips = [size(path) for path in (shown / "slips").iterdir()]
    assert len(slips) >= 3
    assert {width for width, _ in slips} == {576}
    assert all(height > 800 for _, height in slips)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    done = subprocess.run([GIGHALL, "demo", "--out", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (tmp_path / "mine.txt").read_text() == "keep"
