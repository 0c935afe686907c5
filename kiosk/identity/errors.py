"""What can go wrong while identifying that is nobody's card: the devices.

IdentityError
└── CameraLost    the camera (or the file standing in for it) cannot be opened or stopped giving frames
"""

from __future__ import annotations


class IdentityError(Exception):
    """The base of this package's errors; `code` is stable and maps to a sentence in `ui`."""

    code = "identity_error"


class CameraLost(IdentityError):
    """`source` is a device index or a kind of file, never a path with a person's name in it."""

    code = "camera_lost"

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source
