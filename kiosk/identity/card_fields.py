"""The fields of a card whose pose is known: rows told apart by their labels, and read.

The tiny recogniser reads every row once, labels included; what it says decides which row is which and where the
values begin. The small one then reads what needs the large character set (name, address) and whatever is doubtful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from kiosk.identity import card_rows, words
from kiosk.identity.card_find import Pose, strip
from kiosk.identity.card_rows import Models, Row, Side
from kiosk.identity.card_values import VALUE_LEFT, read_names_and_address
from kiosk.identity.number import has_valid_check
from kiosk.identity.ocr import NOTHING, Image, Text

LABEL_RIGHT = 10.5  # millimetres; labels end there
ETHNICITY_LEFT = 30.2
ROW_Y = {"name": 6.6, "sex": 13.6, "birth": 20.4, "address": 27.6}  # from a drawn card: check on a real one
DIGITS = "0123456789X"
SURE = 0.9
TINY_SURE = 0.97  # a number read by the tiny recogniser alone may stand from here on

_LABELS = {
    "sex": re.compile(r"性别|民族|^.?别|^性"),
    "birth": re.compile(r"出生|[0-9]{4}年|年.*月|^.?生.?[12]"),
    "name": re.compile(r"^.{0,1}(姓名|姓|名)"),
    "address": re.compile(r"^.{0,1}(住址|住|址)"),
}


@dataclass
class CardText:
    """What one look at one card gave: each field's text, absent where nothing was read."""

    fields: dict[str, Text] = field(default_factory=dict)
    side: Side = Side.FRONT

    def __getitem__(self, name: str) -> Text:
        return self.fields.get(name, NOTHING)

    @property
    def is_card(self) -> bool:
        """A number was read, or words that stand on no other thing."""
        return bool(self.fields) or self.side is not Side.NONE

    @property
    def weight(self) -> float:
        """To compare two looks at one card: what was read, weighed with its confidence."""
        return sum(text.mean + text.least for text in self.fields.values())


def read_card(image: Image, pose: Pose, models: Models) -> CardText:
    """The fields of the card lying at `pose`, either way up; no field at all if no number row is there."""
    boxes = card_rows.find_boxes(image, pose, models)
    found = card_rows.upright(image, pose, boxes, models)
    if found is None:
        return CardText(
            side=card_rows.side_by_words(image, pose, boxes, models) if len(boxes) > 1 else Side.NONE
        )
    better = card_rows.mended(found[0], found[2])
    if better is not None:
        again = card_rows.upright(image, better, card_rows.find_boxes(image, better, models), models)
        found = again or found
    pose, rows, number = found
    labelled = [row for row in rows if row.left < LABEL_RIGHT]
    texts = models.tiny.read([strip(image, pose, row.box) for row in labelled])
    rows = [replace(row, text=text) for row, text in zip(labelled, texts, strict=True)]
    rows += [row for row in found[1] if row.left >= LABEL_RIGHT]  # an address goes on: no label to read
    rows.sort(key=lambda row: row.y)
    kinds = _kinds(rows)
    fields = read_names_and_address(image, pose, list(zip(rows, kinds, strict=True)), models)
    for row, kind in zip(rows, kinds, strict=True):
        if kind == "sex":
            fields |= _sex_and_ethnicity(image, pose, row, models)
        elif kind == "birth":
            fields["birth"] = _birth(row.text)
            if fields["birth"].least < SURE:
                again_read = _birth(models.small.read([strip(image, pose, row.box)])[0])
                fields["birth"] = max(fields["birth"], again_read, key=lambda text: text.least)
    fields["number"] = _number(image, pose, number, models)
    return CardText({key: text for key, text in fields.items() if text.text})


def _kinds(rows: list[Row]) -> list[str]:
    """Which field each row above the number carries; "" for a stray row."""
    kinds = ["" for _ in rows]
    for i, row in enumerate(rows):
        for kind, label in _LABELS.items():
            if kind not in kinds and label.search(row.text.text):
                kinds[i] = kind
                break
    known = {kind: rows[i].y for i, kind in enumerate(kinds) if kind}
    # a label lost in glare: rows stand in a fixed order, so its neighbours tell
    offset = float(np.median([y - ROW_Y[kind] for kind, y in known.items()])) if known else 0.0
    for i, row in enumerate(rows):
        nearest = min(ROW_Y, key=lambda kind: abs(row.y - offset - ROW_Y[kind]))
        if (
            not kinds[i]
            and nearest not in known
            and abs(row.y - offset - ROW_Y[nearest]) < 2.6
            and row.left < 30
        ):
            kinds[i] = nearest
            known[nearest] = row.y
    below = known.get("address", ROW_Y["address"] + offset)
    for i, row in enumerate(rows):
        if (
            not kinds[i]
            and row.y > below + 2
            and 8 < row.left < 30
            and (row.text.text or row.left >= LABEL_RIGHT)
        ):
            kinds[i] = "address"
    return kinds


def _sex_and_ethnicity(image: Image, pose: Pose, row: Row, models: Models) -> dict[str, Text]:
    found = _plain_sex_and_ethnicity(row.text)
    if len(found) == 2 and all(text.least >= SURE for text in found.values()):
        return found
    again = _plain_sex_and_ethnicity(models.small.read([strip(image, pose, row.box)])[0])
    for key, text in again.items():
        if key not in found or text.least > found[key].least:
            found[key] = text
    # still nothing: ask which of the possible words the blur looks like most
    label = max(
        (at for char, at in zip(row.text.text, row.text.at, strict=True) if char in "民族"), default=None
    )
    split = label + 1.6 / row.width if label is not None else (ETHNICITY_LEFT - row.left) / row.width
    if "sex" not in found:
        box = row.part(
            max(0.0, (VALUE_LEFT - row.left) / row.width), max(0.1, min(1.0, split - 6.5 / row.width))
        )
        found["sex"] = models.small.choose(models.small.scores([strip(image, pose, box)])[0], "男女")
    if "ethnicity" not in found and split > 0:
        box = row.part(split, max(1.0, split + 5 / row.width))
        scores = models.small.scores([strip(image, pose, box)])[0]
        found["ethnicity"] = models.small.choose(scores, words.ethnic_groups())
    return found


def _plain_sex_and_ethnicity(text: Text) -> dict[str, Text]:
    found: dict[str, Text] = {}
    sex = re.search(r"[男女]", text.text)
    if sex:
        found["sex"] = text[sex.start() : sex.end()]
    tail = re.search(r"族(.+)$|民.(.+)$", text.text)
    if tail:
        value = text[tail.start(tail.lastindex or 1) :]
        if value.text in words.ethnic_groups():
            found["ethnicity"] = value
    return found


def _birth(text: Text) -> Text:
    """Written as YYYY-MM-DD, or empty."""
    match = re.search(r"([12][0-9]{3})\D{1,2}([0-9]{1,2})\D{1,2}([0-9]{1,2})(?:\D|$)", text.text)
    if match is None:
        return NOTHING
    figures = [value for i in (1, 2, 3) for value in text.confidence[match.start(i) : match.end(i)]]
    return Text(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}", tuple(figures))


def _number(image: Image, pose: Pose, row: Row, models: Models) -> Text:
    """The 18 characters, only digits and X competing; both recognisers must agree to be sure."""
    match = card_rows.longest_number(row.text)
    if match is None:
        return NOTHING
    plain = row.text[match.start() : match.end()]
    if plain.least >= TINY_SURE and has_valid_check(plain.text):
        return plain
    at = row.text.at
    pitch = (at[match.end() - 1] - at[match.start()]) / max(1, match.end() - match.start() - 1)
    box = row.part(max(0.0, at[match.start()] - pitch), min(1.0, at[match.end() - 1] + pitch))
    one = strip(image, pose, box)
    small = models.small.decode(models.small.scores([one])[0], models.small.indices(DIGITS))
    tiny = models.tiny.decode(models.tiny.scores([one])[0], models.tiny.indices(DIGITS))
    if small.text == tiny.text:
        pairs = zip(small.confidence, tiny.confidence, strict=True)
        return replace(small, confidence=tuple(1 - (1 - a) * (1 - b) for a, b in pairs))
    best = max((small, tiny), key=lambda text: (len(text.text) == 18, text.least))
    return replace(best, confidence=tuple(value * 0.5 for value in best.confidence))
