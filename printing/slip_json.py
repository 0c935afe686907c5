"""A slip as JSON bytes and back, for the print journal: a restart prints exactly what was asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from printing import slip as parts
from printing.slip import Part, Slip

KINDS: dict[str, type[Part]] = {
    kind.__name__: kind
    for kind in (
        parts.Line,
        parts.Pair,
        parts.Row,
        parts.Rule,
        parts.Code,
        parts.Picture,
        parts.Feed,
        parts.Cut,
    )
}


def encode(slip: Slip) -> bytes:
    return msgspec.json.encode([slip.kind, [[type(part).__name__, part] for part in slip.parts]])


def decode(saved: bytes) -> Slip:
    """Raises ValueError where the bytes are not a slip that `encode` made."""
    try:
        kind, saved_parts = msgspec.json.decode(saved, type=tuple[str, list[tuple[str, Any]]])
        return Slip(kind, tuple(msgspec.convert(part, KINDS[name]) for name, part in saved_parts))
    except (msgspec.MsgspecError, KeyError) as error:
        raise ValueError("not a saved slip") from error
