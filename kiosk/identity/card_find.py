"""Where the card lies in a picture: its outline, or, when that is hidden, the pose its printed words give.

A pose is a (3, 3) homography from card millimetres (85.6 by 54, origin at the top left corner) to picture pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.identity.ocr import STRIP_HEIGHT, Floats, Image

CARD_MM = (85.6, 54.0)  # ISO/IEC 7810 ID-1
CORNERS_MM = np.array([[0, 0], [85.6, 0], [85.6, 54.0], [0, 54.0]], np.float32)
SEARCH_WIDTH = 480

Pose = NDArray[np.float64]


def pose_of(quad: Floats) -> Pose:
    """The pose whose card corners, clockwise from the top left, fall on `quad`."""
    return np.asarray(cv2.getPerspectiveTransform(CORNERS_MM, quad.astype(np.float32)), np.float64)


def turned(pose: Pose) -> Pose:
    """The same card read upside down."""
    half = np.array([[-1, 0, CARD_MM[0]], [0, -1, CARD_MM[1]], [0, 0, 1]], np.float64)
    return pose @ half


def project(pose: Pose, points: Floats) -> Floats:
    """(n, 2) millimetres to pixels."""
    return np.asarray(
        cv2.perspectiveTransform(points.reshape(1, -1, 2).astype(np.float64), pose)[0], np.float32
    )


def flatten(image: Image, pose: Pose, scale: float, margin: float) -> Image:
    """The card seen from straight above, `scale` pixels a millimetre, `margin` millimetres around it.

    Sides are rounded up to a multiple of 32, as the detector wants them.
    """
    sides = [int(-(-(side + 2 * margin) * scale // 32)) * 32 for side in CARD_MM]
    view = np.array([[1 / scale, 0, -margin], [0, 1 / scale, -margin], [0, 0, 1]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(image, pose @ view, sides, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def strip(image: Image, pose: Pose, box: Floats, widest: int = 1200) -> Image:
    """One line of text, (48, width, 3), warped straight from the picture; `box` is (4, 2) in millimetres."""
    length = float(np.linalg.norm(box[1] - box[0]))
    height = max(0.5, float(np.linalg.norm(box[3] - box[0])))
    width = int(np.clip(round(STRIP_HEIGHT * length / height), 16, widest))
    target = np.array([[0, 0], [width, 0], [width, STRIP_HEIGHT], [0, STRIP_HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(project(pose, box), target)
    warped = cv2.warpPerspective(
        image, matrix, (width, STRIP_HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def find_quads(image: Image, limit: int = 3) -> list[Floats]:
    """Up to `limit` card-shaped outlines that do not overlap, the most convincing first.

    Each is (4, 2) float32 in pixels of `image`, clockwise, the first side a long one and nearest to horizontal
    (0° and 180° are not told apart here).
    """
    rows, columns = image.shape[:2]
    zoom = SEARCH_WIDTH / max(rows, columns)
    small = cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.GaussianBlur(small, (5, 5), 0), np.uint8)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    gray = np.asarray(lab[..., 0], np.uint8)
    area = gray.shape[0] * gray.shape[1]
    found: list[tuple[float, Floats]] = []
    edges = _edges(lab)
    for mask in _masks(lab, edges):
        # inner outlines too: a card whose rim touches a sheet of paper is still a hole in the edge picture
        contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        for hull in _hulls(contours, gray.shape, 0.05 * area):
            quad = _four_corners(hull)
            if quad is None or not _card_shaped(quad) or _is_frame(quad, gray.shape):
                continue
            fill = cv2.contourArea(hull) / max(1.0, float(cv2.contourArea(quad)))
            score = _support(edges, quad) * min(1.0, fill) ** 2 * cv2.contourArea(quad) ** 0.25
            found.append((score, quad))
    found.sort(key=lambda item: -item[0])
    chosen: list[Floats] = []
    for _, quad in found:
        if all(_apart(quad, other) for other in chosen):
            chosen.append(quad)
        if len(chosen) == limit:
            break
    return [_upright(_refined(gray, quad) / np.float32(zoom)) for quad in chosen]


def _hulls(contours: Sequence[Any], shape: tuple[int, ...], least: float) -> Iterator[NDArray[np.int32]]:
    """The convex hull of each large blob, as it is and with thin attachments (a thumb) cut off."""
    for contour in contours:
        if cv2.contourArea(contour) < least:
            continue
        hull = cv2.convexHull(contour)
        yield np.asarray(hull, np.int32)
        if cv2.contourArea(contour) < 0.97 * cv2.contourArea(hull):
            blob = np.zeros(shape[:2], np.uint8)
            cv2.drawContours(blob, [contour], -1, 255, -1)
            opened = cv2.morphologyEx(blob, cv2.MORPH_OPEN, np.ones((41, 41), np.uint8))
            for part in cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
                if cv2.contourArea(part) > least:
                    yield np.asarray(cv2.convexHull(part), np.int32)


def _is_frame(quad: Floats, shape: tuple[int, ...]) -> bool:
    """Whether the outline is only the picture's own rim."""
    height, width = shape[:2]
    near = (quad < 4).any(1) | (quad[:, 0] > width - 5) | (quad[:, 1] > height - 5)
    return int(near.sum()) >= 3


def _edges(lab: Image) -> Floats:
    """Gradient magnitude over lightness and colour, 0…255."""
    strongest: Floats | None = None
    for plane in cv2.split(lab):
        across, down = cv2.Sobel(plane, cv2.CV_32F, 1, 0), cv2.Sobel(plane, cv2.CV_32F, 0, 1)
        strength = np.asarray(cv2.magnitude(across, down), np.float32)
        strongest = strength if strongest is None else np.asarray(cv2.max(strongest, strength), np.float32)
    assert strongest is not None
    typical = max(1.0, float(np.percentile(strongest[::3, ::3], 98)))
    return np.asarray(np.minimum(strongest * np.float32(180 / typical), 255), np.float32)


def _masks(lab: Image, edges: Floats) -> Iterator[Image]:
    """Black and white pictures in which the card may be one white blob."""
    kernel = np.ones((5, 5), np.uint8)
    for channel in (0, 2, 1):
        plane = np.ascontiguousarray(lab[..., channel])
        _, mask = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)
        if channel == 2:  # a card darker or bluer than a warm table
            opened = cv2.morphologyEx(cv2.bitwise_not(mask), cv2.MORPH_CLOSE, kernel)
            yield np.asarray(cv2.morphologyEx(opened, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)
    for threshold in (40, 80):
        lines = (edges > threshold).astype(np.uint8) * 255
        yield np.asarray(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, kernel), np.uint8)


def _four_corners(hull: NDArray[np.int32]) -> Floats | None:
    """The quadrilateral around a hull with rounded corners: its four longest smooth sides, crossed."""
    length = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.045, 0.06, 0.08):
        rough = cv2.approxPolyDP(hull, share * length, True)
        if len(rough) == 4:
            return np.asarray(rough.reshape(4, 2), np.float32)
        if len(rough) < 4:
            break
    # corners cut or hidden: the four longest sides of the finest outline decide
    sides = cv2.approxPolyDP(hull, 0.012 * length, True).reshape(-1, 2).astype(np.float32)
    if len(sides) < 4:
        return None
    nexts = np.roll(sides, -1, 0)
    longest = sorted(np.argsort(-np.linalg.norm(nexts - sides, axis=1))[:4])
    lines = [(sides[i], nexts[i]) for i in longest]
    corners = [_cross(lines[i - 1], lines[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return None
    return np.array(corners, np.float32)


def _cross(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats | None:
    """Where two lines meet; None if they are nearly parallel."""
    (a, b), (c, d) = first, second
    u, v = b - a, d - c
    wedge = float(u[0] * v[1] - u[1] * v[0])
    if abs(wedge) < 0.2 * float(np.linalg.norm(u) * np.linalg.norm(v)):
        return None
    t = float((c - a)[0] * v[1] - (c - a)[1] * v[0]) / wedge
    return np.asarray(a + t * u, np.float32)


def _card_shaped(quad: Floats) -> bool:
    if not cv2.isContourConvex(quad.reshape(-1, 1, 2)):
        return False
    sides = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1)
    one, other = float(sides[0] + sides[2]), float(sides[1] + sides[3])
    skew = max(
        max(sides[0], sides[2]) / (min(sides[0], sides[2]) + 1),
        max(sides[1], sides[3]) / (min(sides[1], sides[3]) + 1),
    )
    return 1.2 < max(one, other) / (min(one, other) + 1e-6) < 2.1 and skew < 1.8


def _support(edges: Floats, quad: Floats) -> float:
    """How much of the outline runs along an edge, 0…1."""
    share = np.linspace(0.08, 0.92, 24, dtype=np.float32)[:, None]
    hits: list[float] = []
    thick = cv2.dilate(edges, np.ones((5, 5), np.uint8))
    height, width = edges.shape
    for i in range(4):
        points = quad[i] * (1 - share) + quad[(i + 1) % 4] * share
        x = np.clip(points[:, 0].round().astype(int), 0, width - 1)
        y = np.clip(points[:, 1].round().astype(int), 0, height - 1)
        hits.append(float((thick[y, x] > 40).mean()))
    return sum(hits) / 4 * (0.4 + 0.6 * min(hits))


def _apart(one: Floats, other: Floats) -> bool:
    overlap, _ = cv2.intersectConvexConvex(one, other)
    return overlap < 0.2 * min(cv2.contourArea(one), cv2.contourArea(other))


def _refined(gray: Image, quad: Floats) -> Floats:
    """Each side moved onto the strongest step within a few pixels and fitted through it again."""
    plane = gray.astype(np.float32)
    share = np.linspace(0.1, 0.9, 40, dtype=np.float32)[:, None]
    reach = np.arange(-6, 6.01, 0.5, dtype=np.float32)
    lines: list[tuple[Floats, Floats]] = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
        normal = np.array([-along[1], along[0]], np.float32)
        base = start * (1 - share) + end * share
        samples = base[:, None] + reach[None, :, None] * normal
        values = cv2.remap(
            plane, samples[..., 0], samples[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        steps = np.abs(values[:, 4:] - values[:, :-4])
        best = steps.argmax(1)
        strong = steps[np.arange(len(best)), best] > max(6.0, 0.35 * float(np.median(steps.max(1))))
        if strong.sum() < 10:
            lines.append((start, end))
            continue
        points = (base + reach[best + 2][:, None] * normal)[strong]
        vx, vy, x, y = cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
        anchor = np.array([x, y], np.float32)
        lines.append((anchor, anchor + np.array([vx, vy], np.float32) * 100))
    corners = [_cross(lines[i - 1], lines[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return quad
    better = np.array(corners, np.float32)
    moved = float(np.linalg.norm(better - quad, axis=1).max())
    return better if moved < 25 and _card_shaped(better) else quad


def _upright(quad: Floats) -> Floats:
    """Clockwise, starting with the long side that is nearest to horizontal and on top."""
    centre = quad.mean(0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    quad = quad[np.argsort(angles)]
    sides = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1)
    first = 0 if sides[0] + sides[2] > sides[1] + sides[3] else 1
    one, other = np.roll(quad, -first, 0), np.roll(quad, -first - 2, 0)
    vertical = abs(one[1, 0] - one[0, 0]) < abs(one[1, 1] - one[0, 1])
    if vertical:
        return one if one[0, 0] < other[0, 0] else other
    return one if one[0, 0] < one[1, 0] else other
