"""Rows of text on a card: found, put the right way up, and the pose mended by the one row every card has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import cv2
import numpy as np

from kiosk.identity.card_find import CARD_MM, Pose, flatten, project, strip, turned
from kiosk.identity.ocr import NOTHING, Detector, Floats, Image, Recogniser, Text

VIEW_SCALE = 6.0  # pixels a millimetre of the flattened card the detector sees
VIEW_MARGIN = 2.5  # millimetres kept around it, for an outline found a little too tight
TEXT_RIGHT = 54.0  # millimetres; right of it stands the portrait
NUMBER_Y = (
    47.5  # where the number stands and its first and last digit, from a drawn card: check on a real one
)
NUMBER_X = (30.8, 76.4)
LABEL_LEFT = 4.8
SEARCH_SIDE = 960  # pixels of the long side when the whole picture is searched for a number


class Side(Enum):
    NONE = "none"
    FRONT = "front"
    BACK = "back"


NUMBER = re.compile(r"[0-9XxⅩ]{12,}")
_WORDS = {
    Side.BACK: ("中华人民共和国", "居民身份证", "签发机关", "有效期限"),
    Side.FRONT: ("公民身份号码", "出生年月日"),
}


@dataclass(frozen=True)
class Models:
    """The three networks the camera path runs."""

    detector: Detector
    tiny: Recogniser
    small: Recogniser

    @classmethod
    def load(cls) -> Models:
        return cls(Detector.load(), Recogniser.load("tiny"), Recogniser.load("small"))


@dataclass(frozen=True)
class Row:
    """One row of the card: its box (4, 2) in millimetres, and what the tiny recogniser read there."""

    box: Floats
    text: Text = NOTHING

    @property
    def y(self) -> float:
        return float(self.box[:, 1].mean())

    @property
    def left(self) -> float:
        return float(self.box[0, 0])

    @property
    def width(self) -> float:
        return float(self.box[1, 0] - self.box[0, 0])

    @property
    def tilt(self) -> float:
        """Degrees; positive runs down to the right."""
        across, down = self.box[1] - self.box[0]
        return float(np.degrees(np.arctan2(down, across)))

    def part(self, start: float, end: float) -> Floats:
        """The box between two shares 0…1 of its length."""
        top, bottom = self.box[1] - self.box[0], self.box[2] - self.box[3]
        corners = (self.box[0] + top * start, self.box[0] + top * end)
        return np.array([*corners, self.box[3] + bottom * end, self.box[3] + bottom * start], np.float32)


def find_boxes(image: Image, pose: Pose, models: Models) -> list[Floats]:
    """Boxes of text in millimetres, the card seen as `pose` has it."""
    view = flatten(image, pose, VIEW_SCALE, VIEW_MARGIN)
    boxes = [box / VIEW_SCALE - VIEW_MARGIN for box in models.detector.boxes(view)]
    usual = float(np.median([_height(box) for box in boxes])) if boxes else 0.0
    return [box for box in boxes if 0.6 * usual < _height(box) < 2.5 * usual]


def group(boxes: Sequence[Floats]) -> list[Row]:
    """Boxes side by side joined into rows, from top to bottom."""
    long = [box for box in boxes if _aspect(box) > 3]
    tilt = float(np.median([Row(box).tilt for box in long])) if long else 0.0
    along = np.array([np.cos(np.radians(tilt)), np.sin(np.radians(tilt))], np.float32)
    down = np.array([-along[1], along[0]], np.float32)
    rows: list[list[Floats]] = []
    for box in sorted(boxes, key=lambda box: float(box[0] @ along)):
        fitting = [row for row in rows if _continues(row[-1], box, along, down)]
        if fitting:
            min(fitting, key=lambda row: abs(float((row[-1].mean(0) - box.mean(0)) @ down))).append(box)
        else:
            rows.append([box])
    return sorted((Row(_joined(row)) for row in rows), key=lambda row: row.y)


def _continues(last: Floats, box: Floats, along: Floats, down: Floats) -> bool:
    """Whether `box` goes on where `last` ended."""
    one, other = _height(last), _height(box)
    shift = abs(float((box.mean(0) - last.mean(0)) @ down))
    gap = float(box[0] @ along - last[1] @ along)
    return shift < 0.5 * min(one, other) and -4 < gap < 10 and max(one, other) < 1.9 * min(one, other)


def _joined(boxes: list[Floats]) -> Floats:
    """One box over boxes in a line."""
    if len(boxes) == 1:
        return boxes[0]
    start, end = (boxes[0][0] + boxes[0][3]) / 2, (boxes[-1][1] + boxes[-1][2]) / 2
    along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    down = np.array([-along[1], along[0]], np.float32)
    offset = (np.concatenate(boxes) - start) @ down
    half = max(_height(box) for box in boxes) * 0.55
    top, bottom = max(float(offset.min()), -half), min(float(offset.max()), half)
    return np.array(
        [start + down * top, end + down * top, end + down * bottom, start + down * bottom], np.float32
    )


def _height(box: Floats) -> float:
    return float(np.linalg.norm(box[3] - box[0]))


def _aspect(box: Floats) -> float:
    return float(np.linalg.norm(box[1] - box[0])) / max(1e-6, _height(box))


def upright(
    image: Image, pose: Pose, boxes: list[Floats], models: Models
) -> tuple[Pose, list[Row], Row] | None:
    """The pose the right way up, the rows above the number, and the number's row; None if there is no number."""
    wide = [row for row in group(boxes) if row.width > 28]
    if not wide:
        return None
    tries = [(wide[-1], False), (wide[0], True)]
    tries += [(row, flip) for row in wide[1:-1] for flip in (False, True)]
    tries += [(wide[-1], True), (wide[0], False)]
    for row, flip in tries:
        number = Row(_turned_box(row.box) if flip else row.box)
        way = turned(pose) if flip else pose
        number = replace(number, text=models.tiny.read([strip(image, way, number.box)])[0])
        if digits(number.text) < 9:
            continue
        if flip:
            boxes = [_turned_box(box) for box in boxes]
        # the portrait's own marks and shapes would only lengthen a row of the address
        above = [box for box in boxes if box[0, 0] < TEXT_RIGHT - 6 and box.mean(0)[1] < number.y]
        return _settled(way, [row for row in group(above) if row.y < number.y - 3 and row.left < 40], number)
    return None


def _settled(pose: Pose, rows: list[Row], number: Row) -> tuple[Pose, list[Row], Row]:
    """All of it shifted sideways so that the labels stand where they belong, if the pose is a little off."""
    shift = LABEL_LEFT - min((row.left for row in rows), default=LABEL_LEFT)
    if not 1.5 < abs(shift) < 8:
        return pose, rows, number
    pose = pose @ np.array([[1, 0, -shift], [0, 1, 0], [0, 0, 1]], np.float64)
    move = np.array([shift, 0], np.float32)
    rows = [replace(row, box=row.box + move) for row in rows]
    return pose, rows, replace(number, box=number.box + move)


def _turned_box(box: Floats) -> Floats:
    return np.asarray(np.roll(np.array(CARD_MM, np.float32) - box, 2, axis=0), np.float32)


def digits(text: Text) -> float:
    """How much of a line is digits read with confidence: the sum over the longest run of them."""
    match = longest_number(text)
    return sum(text.confidence[match.start() : match.end()]) if match else 0.0


def longest_number(text: Text) -> re.Match[str] | None:
    return max(NUMBER.finditer(text.text), key=lambda match: match.end() - match.start(), default=None)


def side_by_words(image: Image, pose: Pose, boxes: list[Floats], models: Models) -> Side:
    """Which side's printed words are there, either way up, when no number could be read."""
    chosen = sorted(group(boxes), key=lambda row: -row.width)[:4]
    strips = [strip(image, pose, row.box) for row in chosen]
    strips += [np.ascontiguousarray(one[::-1, ::-1]) for one in strips]
    for text in models.small.read(strips):
        for side, wordings in _WORDS.items():
            if any(len(set(text.text) & set(words)) >= max(4, len(words) - 2) for words in wordings):
                return side
    return Side.NONE


def poses_from_text(image: Image, models: Models) -> list[Pose]:
    """Poses guessed from each number in the picture, for a card whose outline is hidden."""
    rows, columns = image.shape[:2]
    zoom = SEARCH_SIDE / max(rows, columns)
    sides = (max(32, round(columns * zoom / 32) * 32), max(32, round(rows * zoom / 32) * 32))
    small = np.asarray(cv2.resize(image, sides, interpolation=cv2.INTER_AREA), np.uint8)
    ratio = np.array([columns / sides[0], rows / sides[1]], np.float32)
    boxes = [box * ratio for box in models.detector.boxes(small)]
    long = sorted((box for box in boxes if _aspect(box) > 6), key=lambda box: -float(np.ptp(box)))[:6]
    long += [np.roll(box, 2, axis=0) for box in long]
    texts = models.tiny.read([strip(image, np.eye(3), box) for box in long])
    found = (pose_from_number(box, text) for box, text in zip(long, texts, strict=True))
    return [pose for pose in found if pose is not None]


def mended(pose: Pose, number: Row) -> Pose | None:
    """A pose from the number's row alone if that row does not stand where the outline's pose has it."""
    match = longest_number(number.text)
    if match is None or match.end() - match.start() != 18:
        return None
    first = number.left + number.width * number.text.at[match.start()]
    astray = max(abs(number.y - NUMBER_Y), abs(first - NUMBER_X[0]))
    if astray < 4 and abs(number.tilt) < 3:
        return None
    return pose_from_number(project(pose, number.box), number.text)


def pose_from_number(box: Floats, text: Text) -> Pose | None:
    """A pose without perspective from where the digits stand; None if there are too few."""
    match = longest_number(text)
    if match is None or digits(text) < 10 or not 15 <= match.end() - match.start() <= 18:
        return None
    start, end = (box[0] + box[3]) / 2, (box[1] + box[2]) / 2
    first = start + (end - start) * text.at[match.start()]
    last = start + (end - start) * text.at[match.end() - 1]
    steps = match.end() - match.start() - 1
    unit = (last - first) / (NUMBER_X[1] - NUMBER_X[0]) * 17 / steps
    across = np.array([-unit[1], unit[0]])
    origin = first - unit * NUMBER_X[0] - across * NUMBER_Y
    return np.array([[unit[0], across[0], origin[0]], [unit[1], across[1], origin[1]], [0, 0, 1]], np.float64)
