"""`gighall kiosk` as a program: it starts, says why it cannot, and logs nothing personal."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from ui import logs

GIGHALL = Path(sys.executable).with_name("gighall")


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    bare.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [GIGHALL, "kiosk", "--data", folder],
        capture_output=True,
        text=True,
        env={**bare, **environment},
        check=False,
    )


def test_without_a_display_it_says_how_to_go_on(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 1
    assert "gighall demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_cannot_be_used_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text("colour = 'blue'\n")
    done = start(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1
    assert "kiosk.toml:1" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_store_that_does_not_open_is_one_line_and_left(tmp_path: Path) -> None:
    (tmp_path / "hall.key").write_bytes(b"k" * 32)
    (tmp_path / "hall.db").write_bytes(b"torn" * 4096)
    done = start(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1
    assert "gighall doctor" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "hall.db").read_bytes() == b"torn" * 4096


def test_log_lines_are_json(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)
    path = logs.start(tmp_path)
    logging.getLogger("gighall.ui").info("started %s", "well")
    for handler in [handler for handler in logging.getLogger().handlers if handler not in before]:
        logging.getLogger().removeHandler(handler)
        handler.close()
    line = json.loads(path.read_text().splitlines()[-1])
    assert (line["level"], line["from"], line["said"]) == ("info", "gighall.ui", "started well")
