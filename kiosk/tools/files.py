"""Files somebody brought: on sticks, among the downloads, beside the store. Looked for in two levels, no deeper."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import platformdirs

from kiosk.errors import InputInvalid

SHEETS = (".xlsx", ".xlsm", ".csv")
MOST_FILES = 100
MOST_LOOKED_AT = 5000  # entries of one folder tree; a stick full of films is not waited for
MOUNTS = Path("/proc/mounts")
MOUNTED_UNDER = ("/media/", "/run/media/", "/mnt/")


class Where(StrEnum):
    STICK = "stick"
    DOWNLOADS = "downloads"
    DATA = "data"


@dataclass(frozen=True)
class Folder:
    where: Where
    path: Path


@dataclass(frozen=True)
class FoundFile:
    """`folder`: the stick's name or the folder it lies in."""

    path: Path
    name: str
    where: Where
    folder: str
    size: int
    changed_at: datetime


def usual_folders(data: Path) -> tuple[Folder, ...]:
    """Every mounted stick, the downloads, the data folder; those that are there."""
    folders = [
        *(Folder(Where.STICK, path) for path in sticks()),
        Folder(Where.DOWNLOADS, Path(platformdirs.user_downloads_dir())),
        Folder(Where.DATA, data),
    ]
    return tuple(folder for folder in folders if folder.path.is_dir())


def sticks(mounts: Path = MOUNTS) -> tuple[Path, ...]:
    """Where removable media are mounted (proc_mounts(5): spaces are written \\040)."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    points = [line.split(" ")[1] for line in lines if line.count(" ") >= 2]
    return tuple(
        Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal.group(1), 8)), point))
        for point in points
        if point.startswith(MOUNTED_UNDER)
    )


class FileFinder:
    """`folders` is asked anew every time: sticks come and go."""

    def __init__(self, folders: Callable[[], Sequence[Folder]]) -> None:
        self._folders = folders

    def find(self, endings: Iterable[str]) -> tuple[FoundFile, ...]:
        """Files with these endings, the newest first; what cannot be read is left out."""
        wanted = tuple(endings)
        found = [file for folder in self._folders() for file in _files(folder, wanted)]
        return tuple(sorted(found, key=lambda file: file.changed_at, reverse=True)[:MOST_FILES])

    def write(self, name: str, content: bytes) -> FoundFile:
        """Put a file where the person finds it: on the stick, else among the downloads; nothing is overwritten.

        Raises InputInvalid(field=file, reason=nowhere) where no folder takes it.
        """
        stem, ending = os.path.splitext(name)  # noqa: PTH122 - a name, no path
        for folder in self._folders():
            for number in range(1, 100):
                path = folder.path / (f"{stem} {number}{ending}" if number > 1 else name)
                try:
                    with path.open("xb") as file:
                        file.write(content)
                        file.flush()
                        os.fsync(file.fileno())
                except FileExistsError:
                    continue
                except OSError:  # write-protected, full, pulled out
                    with contextlib.suppress(OSError):
                        path.unlink(missing_ok=True)
                    break
                return FoundFile(
                    path, path.name, folder.where, folder.path.name, len(content), datetime.now(UTC)
                )
        raise InputInvalid(field="file", reason="nowhere")


def _files(folder: Folder, endings: tuple[str, ...]) -> Iterable[FoundFile]:
    looked = 0
    for top, below, names in os.walk(folder.path):
        depth = len(Path(top).relative_to(folder.path).parts)
        # beside the store itself lie only the files of the top folder
        below[:] = [] if depth or folder.where is Where.DATA else [one for one in below if one[0] not in ".$"]
        looked += len(names) + len(below)
        for name in names:
            if not name.lower().endswith(endings) or name.startswith((".", "~$")):
                continue
            path = Path(top) / name
            try:
                stat = path.stat()
            except OSError:
                continue
            yield FoundFile(
                path,
                name,
                folder.where,
                Path(top).name,
                stat.st_size,
                datetime.fromtimestamp(stat.st_mtime, UTC),
            )
        if looked > MOST_LOOKED_AT:
            return
