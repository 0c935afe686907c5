"""Name and address: the values that need the large character set, read twice where the first look is doubtful.

What helps beyond the recogniser: the standard characters, the surnames, the list of places, and the fact that a
line of an address has no holes. A doubtful line is read again with the light evened out and a little wider, and the
readings are voted character by character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np

from kiosk.identity import words
from kiosk.identity.card_find import Pose, strip
from kiosk.identity.card_rows import TEXT_RIGHT, Models, Row
from kiosk.identity.ocr import Floats, Image, Text, blend

VALUE_LEFT = 12.9  # millimetres; where values begin if no label was read
DOUBTFUL = 0.95  # a line with a character below it is looked at again
PLACED = 0.6  # confidence of a character the list of places gave
PLACE_KINDS = "省市县区州旗盟"
FULL_LINE = 9.5  # characters between the first and the last of an address line that goes on below
LOST = 0.1  # what is left of the confidence beside characters that glare swallowed

_JUNK = {"name": re.compile(r"^[姓名]{1,2}"), "address": re.compile(r"^[住址]{1,2}")}
_DOTS = "•.・‧∙●"


@dataclass(frozen=True)
class Line:
    """One value line: which field, its box in millimetres, what was read, and the raw scores of that."""

    kind: str
    box: Floats
    text: Text
    scores: Floats


def read_names_and_address(
    image: Image, pose: Pose, rows: Sequence[tuple[Row, str]], models: Models
) -> dict[str, Text]:
    """The fields "name" and "address" from their rows; others are left alone."""
    boxes = [
        (kind, row.part(_value_start(row, kind), min(1.0, (TEXT_RIGHT - row.left) / row.width)))
        for row, kind in rows
        if kind in ("name", "address")
    ]
    lines = _with_gaps_told(_read(boxes, [strip(image, pose, box) for _, box in boxes], models))
    again = [i for i, line in enumerate(lines) if line.text.least < DOUBTFUL]
    if again:
        lines = _with_gaps_told(_looked_again(image, pose, lines, again, models))
    name = [line for line in lines if line.kind == "name"][:1]
    address = _concatenated([line.text for line in lines if line.kind == "address"])
    return {"name": _surnamed(name[0], models) if name else Text(""), "address": _placed(address)}


def _read(boxes: Sequence[tuple[str, Floats]], strips: Sequence[Image], models: Models) -> list[Line]:
    lines = []
    for (kind, box), raw in zip(boxes, models.small.scores(strips), strict=True):
        scores = models.small.preferring(raw, _card_characters())
        lines.append(Line(kind, box, _clean(models.small.decode(scores), kind), scores))
    return lines


def _looked_again(
    image: Image, pose: Pose, lines: list[Line], again: Sequence[int], models: Models
) -> list[Line]:
    """The doubtful lines, voted over three looks; the others as they are."""
    boxes = [(lines[i].kind, lines[i].box) for i in again]
    evened = [_evened(strip(image, pose, box)) for _, box in boxes]
    wider = [strip(image, pose, _grown(box)) for _, box in boxes]
    looks = _read([*boxes, *boxes], [*evened, *wider], models)
    lines = list(lines)
    half = len(again)
    for place, i in enumerate(again):
        versions = []
        for look in (lines[i], looks[place], looks[half + place]):
            judged = _with_gaps_told(
                [*lines[:i], look, *lines[i + 1 :]]
            )  # the holes depend on the lines around
            versions.append(judged[i].text)
        lines[i] = replace(lines[i], text=blend(versions))
    return lines


def _evened(one: Image) -> Image:
    """The strip with its own light divided out, so that pale ink in glare stands out again."""
    light = cv2.GaussianBlur(one, (0, 0), 14).astype(np.float32)
    flat = one.astype(np.float32) - light
    spread = np.sqrt(cv2.GaussianBlur(flat**2, (0, 0), 20)) + 4
    return np.asarray(np.clip(170 + flat / spread * 55, 0, 255), np.uint8)


def _grown(box: Floats, share: float = 0.09) -> Floats:
    """The box a little higher on both sides."""
    down = (box[3] - box[0] + box[2] - box[1]) / 2 * share
    return np.array([box[0] - down, box[1] - down, box[2] + down, box[3] + down], np.float32)


def _surnamed(line: Line, models: Models) -> Text:
    """A doubtful first character that is no surname, read again among the surnames it could be."""
    text = line.text
    known = words.surnames()
    if not text.text or "·" in text.text or len(text.text) > 4 or text.confidence[0] > 0.97:
        return text
    if text.text[0] in known or text.text[:2] in known:
        return text
    step = min(int(text.at[0] * len(line.scores)), len(line.scores) - 1)
    scores = line.scores[max(0, step - 1) : step + 2].max(0)
    single = [name for name in known if len(name) == 1]
    best = max(single, key=lambda name: models.small.score(scores, name))
    share = models.small.score(scores, best)
    if share < 0.01:
        return text
    confidence = max(0.55, share / (share + text.confidence[0]))
    return replace(text, text=best + text.text[1:], confidence=(confidence, *text.confidence[1:]))


@cache
def _card_characters() -> frozenset[str]:
    """What a name or an address may hold: standard characters, digits, letters, a few marks."""
    extra = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz·•-—#()（）"
    return words.standard_characters() | frozenset(extra)


def _value_start(row: Row, kind: str) -> float:
    """Where along the row the value begins, behind its label; a share 0…1."""
    letters = "姓名" if kind == "name" else "住址"
    last = max((i for i, char in enumerate(row.text.text[:3]) if char in letters), default=-1)
    if 0 <= last < len(row.text.at) - 1:
        return (row.text.at[last] + row.text.at[last + 1]) / 2
    return max(0.0, (VALUE_LEFT - row.left) / row.width) if row.left < 8 else 0.0


def _clean(text: Text, kind: str) -> Text:
    """Label remnants, spaces and stray marks taken out; any dot in a name is ·."""
    if match := _JUNK[kind].match(text.text):
        text = text[match.end() :]
    if kind == "name":
        text = replace(text, text="".join("·" if char in _DOTS else char for char in text.text))
    keep = [i for i, char in enumerate(text.text) if _stands(char, kind)]
    return Text(
        "".join(text.text[i] for i in keep),
        tuple(text.confidence[i] for i in keep),
        tuple(text.at[i] for i in keep),
    )


def _stands(char: str, kind: str) -> bool:
    if char >= "㐀" and char.isalpha():  # ideographs, the rare planes included
        return True
    return (
        char == "·"
        if kind == "name"
        else (char.isascii() and (char.isalnum() or char in "-#()")) or char in "（）—"
    )


def _concatenated(parts: Sequence[Text]) -> Text:
    return Text(
        "".join(part.text for part in parts),
        tuple(value for part in parts for value in part.confidence),
        tuple(value for part in parts for value in part.at),
    )


def _with_gaps_told(lines: Sequence[Line]) -> list[Line]:
    """Address lines whose characters stand too far apart, or that end too early, lose their confidence there."""
    read = [line for line in lines if line.kind == "address" and line.text.text]
    places = [
        line.box[0, 0] + np.array(line.text.at) * float(line.box[1, 0] - line.box[0, 0]) for line in read
    ]
    steps = [
        float(x[i + 1] - x[i])
        for line, x in zip(read, places, strict=True)
        for i in range(len(x) - 1)
        if not (line.text.text[i].isascii() or line.text.text[i + 1].isascii())
    ]
    if len(steps) < 3:
        return list(lines)
    pitch = float(np.median(steps))
    left = min(float(x[0]) for x in places)
    right = max(left + FULL_LINE * pitch, *(float(x[-1]) for x in places))
    told = {}
    for i, (line, x) in enumerate(zip(read, places, strict=True)):
        confidence = np.array(line.text.confidence)
        confidence[np.flatnonzero(np.diff(x) > 1.7 * pitch)] *= LOST
        if i < len(read) - 1 and right - x[-1] > 1.6 * pitch:
            confidence[-1] *= LOST
        if x[0] - left > 1.2 * pitch:
            confidence[0] *= LOST
        told[id(line)] = replace(line, text=replace(line.text, confidence=tuple(confidence.tolist())))
    return [told.get(id(line), line) for line in lines]


def _placed(address: Text) -> Text:
    """A character that spoils an otherwise known long place name, read again by the list of all of them."""
    for i in range(min(len(address.text), 24)):
        if address.text[i] in PLACE_KINDS or _in_known_place(address.text, i):
            continue
        fitting = {
            name[i - start]
            for start, window in _windows(address.text, i, range(5, 18))
            for name in words.places_by_gap().get(f"{window[: i - start]}?{window[i - start + 1 :]}", ())
        } - set(PLACE_KINDS)
        if len(fitting) == 1:
            text = address.text[:i] + fitting.pop() + address.text[i + 1 :]
            confidence = (
                *address.confidence[:i],
                min(PLACED, address.confidence[i]),
                *address.confidence[i + 1 :],
            )
            address = replace(address, text=text, confidence=confidence)
    return address


def _in_known_place(text: str, at: int) -> bool:
    return any(window in words.short_places() for _, window in _windows(text, at, range(3, 14)))


def _windows(text: str, at: int, sizes: range) -> Iterator[tuple[int, str]]:
    """Each stretch of the text over the character at `at`, with its start."""
    for size in sizes:
        for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1):
            yield start, text[start : start + size]
