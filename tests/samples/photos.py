"""Photographs of a drawn card as a cheap camera on a kiosk would take them: tilt, blur, glare, noise, shadow.

Everything follows from the seed. `shot()` draws the conditions, `photograph()` takes the picture, so that a
burst is the same scene (same table, same lamp) with the hand moving a little between frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np


@dataclass(frozen=True)
class Shot:
    """The conditions of one photograph; lengths are in pixels of the 1080-line picture, angles in degrees."""

    size: tuple[int, int]  # width, height of the frame
    scale: float  # card width as a share of the frame's width
    centre: tuple[float, float]
    yaw: float
    pitch: float
    roll: float
    blur: float
    motion: float
    motion_angle: float
    glare: tuple[float, float, float, float]  # x and y on the card 0…1, radius (share of width), strength
    light: float  # 1 is well lit
    noise: float
    cast: tuple[float, float, float]
    shadow: float
    shadow_angle: float
    quality: int
    background: int
    thumb: float  # 0 none, else where on the lower or right edge


def shot(rng: np.random.Generator, upside_down: float = 0.06) -> Shot:
    """Conditions as they come over a counter: mostly usable, some hard, every kind of trouble at times."""

    def sometimes(chance: float, low: float, high: float) -> float:
        value = float(rng.uniform(low, high))
        return value if rng.random() < chance else 0.0

    full = rng.random() < 0.5
    return Shot(
        size=(1920, 1080) if full else (1280, 720),
        scale=float(rng.uniform(0.48, 0.74)),
        centre=(float(rng.uniform(0.44, 0.56)), float(rng.uniform(0.44, 0.56))),
        yaw=float(rng.normal(0, 11)),
        pitch=float(rng.normal(0, 11)),
        roll=float(rng.normal(0, 6)) + (180 if rng.random() < upside_down else 0),
        blur=float(rng.uniform(0.3, 2.0)),
        motion=sometimes(0.35, 2, 9),
        motion_angle=float(rng.uniform(0, 180)),
        glare=(
            float(rng.uniform(0.05, 0.95)),
            float(rng.uniform(0.05, 0.95)),
            float(rng.uniform(0.05, 0.16)),
            sometimes(0.45, 0.4, 1.0),
        ),
        light=float(rng.uniform(0.4, 1.05)),
        noise=float(rng.uniform(1, 15)),
        cast=(float(rng.uniform(0.86, 1.04)), 1.0, float(rng.uniform(0.9, 1.08))),
        shadow=sometimes(0.4, 0.15, 0.5),
        shadow_angle=float(rng.uniform(0, 360)),
        quality=int(rng.integers(55, 93)),
        background=int(rng.integers(1 << 30)),
        thumb=sometimes(0.25, 0.1, 0.9),
    )


def moved(base: Shot, rng: np.random.Generator) -> Shot:
    """The same scene some hundred milliseconds later: the hand moved, so tilt, glare and motion differ."""
    x, y, radius, strength = base.glare
    return replace(
        base,
        centre=(base.centre[0] + float(rng.normal(0, 0.012)), base.centre[1] + float(rng.normal(0, 0.012))),
        yaw=base.yaw + float(rng.normal(0, 3)),
        pitch=base.pitch + float(rng.normal(0, 3)),
        roll=base.roll + float(rng.normal(0, 1.5)),
        blur=float(np.clip(base.blur + rng.normal(0, 0.25), 0.2, 2.4)),
        motion=float(rng.uniform(0, base.motion * 1.2)) if base.motion else 0.0,
        motion_angle=base.motion_angle + float(rng.normal(0, 20)),
        glare=(x + float(rng.normal(0, 0.07)), y + float(rng.normal(0, 0.07)), radius, strength),
    )


def burst(card: np.ndarray, base: Shot, rng: np.random.Generator, frames: int = 5) -> Iterator[np.ndarray]:
    for _ in range(frames):
        yield photograph(card, moved(base, rng), rng)


def background(size: tuple[int, int], seed: int) -> np.ndarray:
    """A table top: wood, cloth, stone or papers lying about; (height, width, 3) float32 BGR."""
    rng = np.random.default_rng(seed)
    width, height = size
    base = rng.uniform(35, 190) * rng.uniform(0.8, 1.1, 3)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    kind = rng.integers(4)
    if kind == 0:  # wood
        grain = np.sin((y + 20 * np.sin(x / 300 + rng.uniform(0, 6))) / rng.uniform(3, 12)) * rng.uniform(
            4, 14
        )
    elif kind == 1:  # cloth
        grain = (np.sin(x / rng.uniform(2, 6)) + np.sin(y / rng.uniform(2, 6))) * rng.uniform(3, 9)
    else:  # stone or plastic
        coarse = rng.normal(0, 1, (height // 24 + 2, width // 24 + 2)).astype(np.float32)
        grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * rng.uniform(3, 16)
    picture = base.astype(np.float32) + grain[..., None]
    if kind == 3:  # sheets of paper with lines of writing
        for _ in range(int(rng.integers(1, 4))):
            centre = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
            box = cv2.boxPoints((centre, (width * 0.4, height * 0.6), float(rng.uniform(0, 90))))
            cv2.fillPoly(picture, [box.astype(np.int32)], [float(v) for v in rng.uniform(200, 245, 3)])
            for t in np.linspace(0.1, 0.9, 12):
                a, b = box[0] * (1 - t) + box[1] * t, box[3] * (1 - t) + box[2] * t
                start, end = (a * 0.9 + b * 0.1).astype(int), (a * 0.2 + b * 0.8).astype(int)
                cv2.line(picture, [int(v) for v in start], [int(v) for v in end], (90, 90, 90), 2)
    return np.asarray(picture, np.float32)


def corners(conditions: Shot) -> np.ndarray:
    """Where the card's corners (from top left, clockwise) fall in the frame; (4, 2) float32."""
    width, height = conditions.size
    half = np.array([[-1, -0.6308], [1, -0.6308], [1, 0.6308], [-1, 0.6308]], np.float64) / 2
    yaw, pitch, roll = np.radians([conditions.yaw, conditions.pitch, conditions.roll])
    points = np.c_[half, np.zeros(4)] * conditions.scale * width
    for angle, (i, j) in ((roll, (0, 1)), (yaw, (0, 2)), (pitch, (1, 2))):
        turn = np.eye(3)
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        points = points @ turn.T
    distance = 1.6 * width
    flat = points[:, :2] * (distance / (distance + points[:, 2:]))
    return np.asarray(flat + np.array(conditions.centre) * (width, height), np.float32)


def photograph(card: np.ndarray, conditions: Shot, rng: np.random.Generator) -> np.ndarray:
    """One frame, JPEG artefacts included; (height, width, 3) uint8 BGR."""
    width, height = conditions.size
    zoom = height / 1080
    rows, columns = card.shape[:2]
    own = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    target = corners(conditions)
    shrink = np.linalg.norm(target[1] - target[0]) / columns
    soft = cv2.GaussianBlur(card, (0, 0), max(0.3, 0.45 / shrink))  # the lens averages over a pixel
    matrix = cv2.getPerspectiveTransform(own, target)
    mask = np.zeros((rows, columns), np.uint8)
    radius = round(columns * 3.18 / 85.6)
    cv2.rectangle(mask, (radius, 0), (columns - radius, rows), 255, -1)
    cv2.rectangle(mask, (0, radius), (columns, rows - radius), 255, -1)
    for x in (radius, columns - radius):
        for y in (radius, rows - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    cover = cv2.warpPerspective(mask, matrix, (width, height), flags=cv2.INTER_AREA)[..., None] / np.float32(
        255
    )
    picture = background(conditions.size, conditions.background)
    fall = cv2.GaussianBlur(cover, (0, 0), 9 * zoom)[..., None]  # the card's own soft shadow
    picture *= 1 - 0.3 * np.roll(fall, (round(6 * zoom), round(5 * zoom)), (0, 1))
    picture = picture * (1 - cover) + cv2.warpPerspective(soft, matrix, (width, height)) * cover
    _thumb(picture, target, conditions.thumb)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if conditions.shadow:
        angle = np.radians(conditions.shadow_angle)
        across = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
        picture *= 1 - conditions.shadow / (1 + np.exp(-across * 18))[..., None]
    picture *= conditions.light * np.array(conditions.cast, np.float32)
    gx, gy, size, strength = conditions.glare
    if strength:
        spot = cv2.perspectiveTransform(np.array([[[gx * columns, gy * rows]]], np.float32), matrix)[0, 0]
        far = ((x - spot[0]) ** 2 + ((y - spot[1]) * 1.6) ** 2) / (size * conditions.scale * width) ** 2
        picture += (np.exp(-far) * strength * 190)[..., None]
    picture = cv2.GaussianBlur(picture, (0, 0), conditions.blur * zoom)
    length = conditions.motion * zoom
    if length > 1:
        kernel = np.zeros((15, 15), np.float32)
        step = np.array(
            [np.cos(np.radians(conditions.motion_angle)), np.sin(np.radians(conditions.motion_angle))]
        )
        ends = [7 - step * length / 2, 7 + step * length / 2]
        first, last = [tuple(round(float(v) * 16) for v in end) for end in ends]
        cv2.line(kernel, first, last, 1.0, 1, cv2.LINE_AA, 4)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    picture += rng.normal(0, conditions.noise, picture.shape).astype(np.float32)
    frame = np.clip(picture, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, conditions.quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _thumb(picture: np.ndarray, card: np.ndarray, where: float) -> None:
    """A fingertip over the right edge, where the portrait is, or the left lower rim: never over the fields."""
    if not where:
        return
    along = card[1] * (1 - where) + card[2] * where
    inward = (card[0] - card[1]) / np.linalg.norm(card[0] - card[1])
    width = float(np.linalg.norm(card[1] - card[0]))
    centre = along - inward * width * 0.03
    angle = float(np.degrees(np.arctan2(inward[1], inward[0])))
    axes = (round(width * 0.11), round(width * 0.055))
    cv2.ellipse(
        picture, [int(v) for v in centre], axes, angle, 0, 360, (150.0, 175.0, 215.0), -1, cv2.LINE_AA
    )
