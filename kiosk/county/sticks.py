"""USB sticks that are plugged in, and our folder on each (spec C5)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.tools import files

FOLDER = "gighall"  # on the stick, so that nothing of its owner's is touched


@dataclass(frozen=True)
class Stick:
    folder: Path  # where our files go
    name: str
    free: int  # bytes


def sticks(mounted: Callable[[], Iterable[Path]] = files.sticks) -> tuple[Stick, ...]:
    """Those that can be written to."""
    return tuple(
        Stick(path / FOLDER, path.name, shutil.disk_usage(path).free)
        for path in mounted()
        if path.is_dir() and os.access(path, os.W_OK)
    )
