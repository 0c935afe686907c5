"""Photographs of printed match slips, as staff, employers and a kiosk's cheap camera take them.

The paper comes from our own printer picture, dot for dot. Then what happens to it: dead dots of the print head, faded
thermal paper, crumpling and folds; then what the camera adds: perspective, any turn, a thumb, shadow, low light, blur,
shake, noise, JPEG. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np

from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from printing import bitmap
from printing.layout import Symbol, lay_out
from printing.profile import profile
from printing.slips.match_slip import MatchSlip, match_slip
from tests.samples.photos import background

KEY = bytes(range(32))
DOTS_A_MODULE = 6
QUIET = 12  # dots of bare paper around the printed picture


@dataclass(frozen=True)
class Wear:
    """What happened to the paper. Lengths in dots (8 a mm)."""

    dead_columns: int  # dots of the print head that burn no more, over the width of the code
    ink: float  # grey of a black dot, 0…255
    paper: float
    spread: float  # sigma of the heat's spread
    crumple: float  # how far a point moves, 1 sigma
    creases: int
    shading: float


@dataclass(frozen=True)
class Shot:
    """The conditions of one photograph; lengths in pixels of the frame, angles in degrees."""

    size: tuple[int, int]
    module: float  # pixels a module of the code in the middle
    offset: tuple[float, float]
    yaw: float
    pitch: float
    roll: float
    thumb: float  # how far a fingertip reaches into the code, as a share of its width; 0 none
    blur: float
    motion: float
    motion_angle: float
    light: float
    shadow: float
    noise: float
    quality: int
    background: int


@dataclass(frozen=True)
class Paper:
    """A slip before wear: `dots` (True is black) and the code's box in it: left, top, side."""

    dots: np.ndarray
    code: tuple[int, int, int]
    text: str


def wear(rng: np.random.Generator) -> Wear:
    """A day or two in a pocket: mostly fine, every kind of trouble at times."""
    faded = rng.random() < 0.25
    return Wear(
        dead_columns=int(rng.integers(1, 6)) if rng.random() < 0.3 else 0,
        ink=float(rng.uniform(110, 185) if faded else rng.uniform(25, 80)),
        paper=float(rng.uniform(205, 245)),
        spread=float(rng.uniform(0.4, 1.3)),
        crumple=float(rng.uniform(0.6, 2.6)) if rng.random() < 0.45 else 0.0,
        creases=int(rng.integers(1, 4)) if rng.random() < 0.35 else 0,
        shading=float(rng.uniform(0.05, 0.3)),
    )


def shot(rng: np.random.Generator) -> Shot:
    def sometimes(chance: float, low: float, high: float) -> float:
        value = float(rng.uniform(low, high))
        return value if rng.random() < chance else 0.0

    size = ((1280, 720), (1920, 1080), (1080, 1920))[int(rng.integers(3))]
    module = float(rng.uniform(2.4, 7.5))
    return Shot(
        size=size,
        module=module,
        offset=(float(rng.uniform(-0.2, 0.2)), float(rng.uniform(-0.2, 0.2))),
        yaw=float(rng.normal(0, 16)),
        pitch=float(rng.normal(0, 16)),
        roll=float(rng.normal(0, 12) if rng.random() < 0.6 else rng.uniform(0, 360)),
        thumb=sometimes(0.2, 0.02, 0.12),
        blur=float(rng.uniform(0.3, 0.42 * module)),
        motion=sometimes(0.35, 1.0, 1.2 * module),
        motion_angle=float(rng.uniform(0, 180)),
        light=float(rng.uniform(0.2, 0.5) if rng.random() < 0.3 else rng.uniform(0.5, 1.05)),
        shadow=sometimes(0.4, 0.2, 0.65),
        noise=float(rng.uniform(1, 11)),
        quality=int(rng.integers(45, 93)),
        background=int(rng.integers(1 << 30)),
    )


def photo(seed: int) -> tuple[np.ndarray, str]:
    """One photograph and the text of the code on it; (height, width, 3) uint8 BGR."""
    rng = np.random.default_rng(seed)
    text = SlipCodes(KEY).make(
        SlipCode(CodeKind.MATCH_SLIP, int(rng.integers(1, 40)), int(rng.integers(1, 1 << 20)))
    )
    return photograph(printed(text), wear(rng), shot(rng), rng), text


SAMPLE = MatchSlip(
    hall_name="样本县零工市场",
    station="1 号自助机",
    number="01-000042",
    code="",
    seeker_name="张*三",
    seeker_number_masked="1305 **** **** 0017",
    seeker_phone_masked="139 **** 0000",
    occupation="瓦工（抹灰）",
    level="瓦工 初级",
    employer="样本建筑劳务有限公司",
    contact_name="李*明",
    contact_phone="139 0000 0001",
    place="样本路与样本街交叉口，样本花园二期工地 3 号门",
    distance_text="2.4 公里",
    start_text="11月21日 07:30",
    hours_text="07:30–17:30",
    pay_text="180 元/天",
    settlement_text="日结",
    openings_note="3 人",
    issued_at_text="2026-11-20 09:12",
    valid_until_text="11月21日 18:00",
    hotline="0000-000 0000",
    notes=("零工市场求职、对接全程免费，不收费。",),
)


@cache
def printed(text: str) -> Paper:
    """The slip as our printer prints it, and where the code stands on it."""
    model = profile("generic-80")
    items = lay_out(match_slip(replace(SAMPLE, code=text)), model)
    page = bitmap.draw(items, model)[0]
    at = next(i for i, item in enumerate(items) if isinstance(item, Symbol))
    above = bitmap.draw(items[:at], model)
    symbol = bitmap.draw([items[at]], model)[0]
    rows, columns = np.nonzero(symbol)
    top = sum(len(part) for part in above) + int(rows.min())
    left, side = int(columns.min()), int(np.ptp(columns)) + 1
    return Paper(np.pad(page, QUIET), (left + QUIET, top + QUIET, side), text)


def worn(paper: Paper, state: Wear, rng: np.random.Generator) -> np.ndarray:
    """The paper as grey, (rows, columns) float32, flat on the table."""
    dots = paper.dots.copy()
    left, _, side = paper.code
    for column in rng.integers(left, left + side, state.dead_columns):
        dots[:, column : column + int(rng.integers(1, 4))] = False
    heat = np.clip(cv2.GaussianBlur(dots.astype(np.float32), (0, 0), state.spread) * 1.15, 0, 1)
    rows, columns = heat.shape
    patchy = 1 - state.shading * np.abs(_smooth(rng, (rows, columns), 60))
    grey: np.ndarray = state.paper - (state.paper - state.ink) * heat * patchy
    return grey


def photograph(paper: Paper, state: Wear, conditions: Shot, rng: np.random.Generator) -> np.ndarray:
    """One frame, JPEG artefacts included; (height, width, 3) uint8 BGR."""
    grey = worn(paper, state, rng)
    rows, columns = grey.shape
    width, height = conditions.size
    scale = conditions.module / DOTS_A_MODULE
    matrix = _projection(paper, conditions)
    soft = cv2.GaussianBlur(grey, (0, 0), max(0.3, 0.45 / scale))  # the lens averages over a pixel
    light = np.ones_like(soft)
    warp_x, warp_y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    if state.crumple:
        height_map = _smooth(rng, grey.shape, 70)
        down, across = np.gradient(height_map)
        slope = float(np.hypot(across, down).std())
        warp_x += (across * state.crumple / slope).astype(np.float32)
        warp_y += (down * state.crumple / slope).astype(np.float32)
        light *= 1 + (0.25 * state.shading * (across + down) / slope).astype(np.float32)
    for _ in range(state.creases):
        _crease(light, warp_x, warp_y, paper, rng)
    bent = cv2.remap(soft, warp_x, warp_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) * light
    cover = cv2.warpPerspective(np.ones_like(bent), matrix, (width, height))[..., None]
    sheet = cv2.warpPerspective(bent, matrix, (width, height))[..., None]
    picture = background(conditions.size, conditions.background) * (1 - cover) + sheet * cover
    _thumb(picture, paper, matrix, conditions, rng)
    if conditions.shadow:
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        angle = rng.uniform(0, 2 * np.pi)
        across = (x / width - 0.5) * float(np.cos(angle)) + (y / height - 0.5) * float(np.sin(angle))
        picture *= 1 - conditions.shadow / (1 + np.exp(-across * rng.uniform(14, 60)))[..., None]
    picture *= conditions.light * rng.uniform((0.86, 1, 0.9), (1.04, 1, 1.08)).astype(np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), conditions.blur)
    if conditions.motion > 1:
        picture = cv2.filter2D(picture, -1, _shake(conditions.motion, conditions.motion_angle))
    picture += rng.standard_normal(picture.shape, np.float32) * np.float32(conditions.noise)
    frame = np.clip(picture, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, conditions.quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _projection(paper: Paper, conditions: Shot) -> np.ndarray:
    """Paper dots → frame pixels, the code near the frame's middle."""
    left, top, side = paper.code
    width, height = conditions.size
    middle = np.array([left + side / 2, top + side / 2])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * side / 2
    points = np.c_[square, np.zeros(4)] * conditions.module / DOTS_A_MODULE
    for degrees, (i, j) in ((conditions.roll, (0, 1)), (conditions.yaw, (0, 2)), (conditions.pitch, (1, 2))):
        angle = np.radians(degrees)
        turn = np.eye(3)
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        points = points @ turn.T
    distance = 2.2 * max(width, height)
    flat = points[:, :2] * (distance / (distance + points[:, 2:]))
    target = flat + (0.5 + np.array(conditions.offset)) * (width, height)
    return np.asarray(
        cv2.getPerspectiveTransform((square + middle).astype(np.float32), target.astype(np.float32))
    )


def _smooth(rng: np.random.Generator, shape: tuple[int, ...], cell: int) -> np.ndarray:
    """Smooth noise about 0, 1 sigma, wrinkles `cell` dots wide."""
    rows, columns = shape[:2]
    coarse = rng.normal(0, 1, (rows // cell + 3, columns // cell + 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC))


def _crease(
    light: np.ndarray, warp_x: np.ndarray, warp_y: np.ndarray, paper: Paper, rng: np.random.Generator
) -> None:
    """A fold through the code: darker on one side, the print along it rubbed and a little shifted."""
    left, top, side = paper.code
    angle = rng.uniform(0, np.pi)
    nx, ny = float(np.cos(angle)), float(np.sin(angle))
    cx, cy = left + rng.uniform(0.2, 0.8) * side, top + rng.uniform(0.2, 0.8) * side
    far = (warp_x - cx) * nx + (warp_y - cy) * ny
    light *= 1 - rng.uniform(0.08, 0.3) * np.exp(-np.abs(far) / 25) * np.sign(far)
    light += rng.uniform(0.1, 0.5) * np.exp(-((far / rng.uniform(1, 3)) ** 2))
    shift = rng.uniform(-2, 2) * (far > 0)
    warp_x += (shift * nx).astype(np.float32)
    warp_y += (shift * ny).astype(np.float32)


def _thumb(
    picture: np.ndarray, paper: Paper, matrix: np.ndarray, conditions: Shot, rng: np.random.Generator
) -> None:
    """A fingertip over the code's right or lower edge."""
    if not conditions.thumb:
        return
    left, top, side = paper.code
    along, reach = rng.uniform(0.2, 0.9), 0.35 * side
    inside = side - conditions.thumb * side + reach
    x, y = (inside, along * side) if rng.random() < 0.5 else (along * side, inside)
    spots = np.array([[[left + x, top + y], [left + x + reach, top + y]]], np.float32)
    (cx, cy), (ex, ey) = cv2.perspectiveTransform(spots, matrix)[0]
    radius = max(2, round(float(np.hypot(ex - cx, ey - cy))))
    cv2.circle(picture, (round(float(cx)), round(float(cy))), radius, (140.0, 165.0, 205.0), -1, cv2.LINE_AA)


def _shake(length: float, angle: float) -> np.ndarray:
    kernel = np.zeros((25, 25), np.float32)
    step = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * length / 2
    first, last = [tuple(round(float(v) * 16) for v in end) for end in (12 - step, 12 + step)]
    cv2.line(kernel, first, last, 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum())
