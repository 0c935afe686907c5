"""USB sticks that are plugged in: whatever is mounted where desktops mount them (spec C5)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "gighall"  # on the stick, so that nothing of its owner's is touched


@dataclass(frozen=True)
class Stick:
    folder: Path  # where our files go
    name: str
    free: int  # bytes


def sticks(
    roots: Iterable[str], is_mount: Callable[[Path], bool] = lambda path: os.path.ismount(path)
) -> tuple[Stick, ...]:
    """Below each root, at most two folders deep (/media/NAME, /run/media/USER/NAME), what can be written to."""
    found = []
    for root in roots:
        for path in _below(Path(root), 2):
            if is_mount(path) and os.access(path, os.W_OK):
                found.append(Stick(path / FOLDER, path.name, shutil.disk_usage(path).free))
    return tuple(found)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return
    for path in inside:
        yield path
        if depth > 1:
            yield from _below(path, depth - 1)
