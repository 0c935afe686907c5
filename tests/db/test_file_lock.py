"""One holder at a time, within a process and between several; let go however the holder ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from db.file_lock import FileLock

HOLDER = """
import sys
from pathlib import Path
from db.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_one_holder(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert not second.held()
    assert first.take()
    assert first.take()
    assert first.held()
    assert second.held()
    assert not second.take()
    first.give()
    assert second.take()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert lock.held()
    assert not lock.take()
    holder.kill()
    holder.communicate()
    assert not lock.held()
    assert lock.take()
