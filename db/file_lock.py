"""A file that one holder at a time has, between processes and within one; let go however that process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

TRIES = 20  # `held` by somebody else takes it for an instant


class FileLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """True where it is ours now, or was before."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        for _ in range(TRIES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def give(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def held(self) -> bool:
        """By anybody, us too."""
        if self._descriptor is not None:
            return True
        taken = self.take()
        self.give()
        return not taken
