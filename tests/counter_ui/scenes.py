"""Pictures of a damaged tool, drawn; what a counter's camera would see."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def damaged_tool(path: Path, seed: int = 0, size: tuple[int, int] = (1280, 720)) -> Path:
    """A drill on a bench with a cracked casing, as a JPEG."""
    width, height = size
    chance = np.random.default_rng(seed)
    bench = np.full((height, width, 3), (150, 170, 185), np.uint8)
    for y in range(0, height, 90):
        cv2.line(bench, (0, y), (width, y + 20), (130, 150, 168), 3)
    cv2.rectangle(bench, (380, 220), (860, 380), (40, 110, 200), -1)  # casing
    cv2.rectangle(bench, (860, 270), (1060, 320), (60, 60, 60), -1)  # chuck
    cv2.rectangle(bench, (1060, 286), (1200, 304), (170, 170, 170), -1)  # bit
    cv2.rectangle(bench, (430, 380), (560, 620), (40, 40, 40), -1)  # handle
    points = [(480 + 34 * n, 232 + 14 * n + int(chance.integers(-14, 14))) for n in range(10)]
    cv2.polylines(bench, [np.array(points, np.int32)], False, (15, 15, 15), 7)  # the crack
    noisy = bench.astype(np.int16) + chance.normal(0, 6, bench.shape).astype(np.int16)
    cv2.imwrite(str(path), np.clip(noisy, 0, 255).astype(np.uint8))
    return path
