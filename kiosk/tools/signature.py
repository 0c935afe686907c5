"""A finger's strokes → the small picture on the receipt (004 annex 4 art. 4 使用签字)."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from db.models import Rental
from kiosk.errors import InputInvalid
from printing.slip import Picture

WIDTH, HEIGHT = 240, 80  # dots: 30 by 10 mm on paper
PEN = 3
MARGIN = 3
MOST_POINTS = 20_000
LEAST_REACH = 40  # of the longer side of the drawing in screen pixels: a tap is no signature
Stroke = Sequence[tuple[int, int]]


def draw(strokes: Sequence[Stroke]) -> Picture:
    """Scaled to fit, proportions kept. Raises InputInvalid(field=signature, reason=empty|too_long)."""
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS:
        raise InputInvalid(field="signature", reason="too_long")
    if not points:
        raise InputInvalid(field="signature", reason="empty")
    left, top = (min(axis) for axis in zip(*points, strict=True))
    right, bottom = (max(axis) for axis in zip(*points, strict=True))
    if max(right - left, bottom - top) < LEAST_REACH:
        raise InputInvalid(field="signature", reason="empty")
    room = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    scale = min(room[0] / max(right - left, 1), room[1] / max(bottom - top, 1))
    image = Image.new("1", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        path = [(MARGIN + (x - left) * scale, MARGIN + (y - top) * scale) for x, y in stroke]
        if len(path) == 1:
            path *= 2
        if path:
            pen.line(path, fill=1, width=PEN, joint="curve")
    return picture(WIDTH, image.tobytes())


def picture(width: int, bits: bytes) -> Picture:
    """Stored bits → the slip's picture."""
    step = (width + 7) // 8
    return Picture(width, tuple(bits[at : at + step] for at in range(0, len(bits), step)))


def of_rental(rental: Rental) -> Picture | None:
    if rental.signature_bits is None or rental.signature_width is None:
        return None
    return picture(rental.signature_width, rental.signature_bits)
