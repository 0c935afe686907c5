"""Draws assets/samples/cards: four invented persons' cards as photographs, a back, a blurred one, and people.json.

`python -m tests.samples.make_demo_cards`
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np

import assets
from kiosk.identity.document import Sex
from tests.samples.cards import Person, draw_back, draw_front, make_number
from tests.samples.photos import Shot, photograph

OUT = assets.ROOT / "samples" / "cards"
MOST_BYTES = 200_000

TABLE = Shot(
    size=(1280, 720),
    scale=0.62,
    centre=(0.5, 0.5),
    yaw=6,
    pitch=-5,
    roll=2,
    blur=0.6,
    motion=0,
    motion_angle=0,
    glare=(0.8, 0.15, 0.08, 0.0),
    light=0.95,
    noise=4,
    cast=(0.98, 1.0, 1.02),
    shadow=0.15,
    shadow_angle=60,
    quality=88,
    background=2,
    thumb=0,
)


def person(name: str, sex: Sex, birth: date, region: str, address: str, order: int) -> Person:
    return Person(name, sex, "汉", birth, address, make_number(region, birth, order))


PEOPLE = {
    "adult_new": person(
        "周桂兰", Sex.FEMALE, date(1968, 4, 17), "410328", "河南省洛宁县青山镇石桥村三组12号", 264
    ),
    "adult_known": person(
        "李建国", Sex.MALE, date(1974, 9, 3), "410328", "河南省洛宁县城关镇建设西路86号2栋1单元301室", 517
    ),
    "minor_15": person(
        "王子轩", Sex.MALE, date(2011, 6, 9), "410323", "河南省新安县白马镇柳河村五组7号", 115
    ),
    "minor_17": person(
        "陈雨佳", Sex.FEMALE, date(2009, 3, 22), "410322", "河南省孟津县双龙镇清水村一组45号", 306
    ),
}


def shots() -> dict[str, tuple[np.ndarray, Shot]]:
    fronts = {name: draw_front(one) for name, one in PEOPLE.items()}
    known = replace(TABLE, background=9, yaw=-9, roll=-4, glare=(0.85, 0.2, 0.08, 0.6))
    return {
        "adult_new": (fronts["adult_new"], TABLE),
        "adult_known": (fronts["adult_known"], known),
        "minor_15": (fronts["minor_15"], replace(TABLE, background=4, pitch=8, roll=5)),
        "minor_17": (fronts["minor_17"], replace(TABLE, background=7, yaw=-4, light=0.75)),
        "back": (draw_back(PEOPLE["adult_new"]), replace(TABLE, roll=-3)),
        "blurred": (fronts["adult_new"], replace(TABLE, blur=14, motion=0)),
    }


def make(out: Path = OUT) -> None:
    """Writes the pictures and the truth; the same bytes for the same OpenCV."""
    out.mkdir(parents=True, exist_ok=True)
    for name, (card, conditions) in shots().items():
        frame = photograph(card, conditions, np.random.default_rng(20))
        _, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 82])
        if len(packed) > MOST_BYTES:
            raise ValueError(f"{name}.jpg is {len(packed)} bytes")
        (out / f"{name}.jpg").write_bytes(packed.tobytes())
    truth = {name: one.fields() for name, one in PEOPLE.items()}
    (out / "people.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    make()
