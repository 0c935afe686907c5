"""What is on the disk for sure, whatever the power or a hand at the stick does next."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def settle(path: Path) -> None:
    """A file's content, or the names in a folder: on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system without such a thing (some sticks' folders)
            raise
    finally:
        os.close(descriptor)
