"""The fields of a card whose pose is known: rows of text found, told apart by their labels, and read.

The tiny recogniser reads every row once, labels included; what it says decides which row is which and where the
values begin. The small one then reads what needs the large character set (name, address) and whatever is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kiosk.identity.card_find import CARD_MM, Pose, flatten, project, strip, turned
from kiosk.identity.ocr import Detector, Floats, Image, Recogniser, Text

VIEW_SCALE = 7.5  # pixels a millimetre of the flattened card the detector sees
VIEW_MARGIN = 2.5  # millimetres kept around it, for an outline found a little too tight
TEXT_RIGHT = 54.0  # millimetres; right of it stands the portrait
VALUE_LEFT = 12.9  # where values begin if no label was read; from a drawn card, to be checked on a real one
DIGITS = "0123456789X"
SURE = 0.9

# GB/T 3304-1991; the card prints them without 族
ETHNICITIES = ["汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺"]

_NUMBER = re.compile(r"[0-9XxⅩ]{12,}")
_LABELS = {
    "name": re.compile(r"^.{0,1}(姓名|姓|名)"),
    "sex": re.compile(r"性别|民族|^.?别|^性"),
    "birth": re.compile(r"出生|[0-9]{4}年|年.*月|^.?生.?[12]"),
    "address": re.compile(r"^.{0,1}(住址|住|址)"),
}
_BACK = ("中华人民共和国", "居民身份证", "签发机关", "有效期限")


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
    text: Text = Text("")
    right: float = CARD_MM[0]

    @property
    def y(self) -> float:
        return float(self.box[:, 1].mean())

    @property
    def left(self) -> float:
        return float(self.box[0, 0])

    @property
    def width(self) -> float:
        return float(self.box[1, 0] - self.box[0, 0])

    def part(self, start: float, end: float) -> Floats:
        """The box between two shares 0…1 of its length."""
        top, bottom = self.box[1] - self.box[0], self.box[2] - self.box[3]
        return np.array(
            [
                self.box[0] + top * start,
                self.box[0] + top * end,
                self.box[3] + bottom * end,
                self.box[3] + bottom * start,
            ],
            np.float32,
        )


@dataclass
class CardText:
    """What one look at one card gave: each field's text, empty where nothing was read."""

    fields: dict[str, Text] = field(default_factory=dict)
    back: bool = False

    @property
    def has_number(self) -> bool:
        return bool(self.fields.get("number", Text("")).text)

    @property
    def weight(self) -> float:
        """To compare two looks at one card: what was read, weighed with its confidence."""
        return sum(text.mean + text.least for text in self.fields.values() if text.text)


def read_card(image: Image, pose: Pose, models: Models) -> CardText:
    """The fields of the card lying at `pose`, either way up; no field at all if no number row is there."""
    rows = find_rows(image, pose, models)
    found = upright(image, pose, rows, models)
    if found is None:
        return CardText(back=bool(rows) and is_back(image, pose, rows, models))
    pose, rows, number = found
    above = [row for row in rows if row.y < number.y - 3 and row.left < 40]
    strips = [strip(image, pose, row.box) for row in above]
    above = [replace(row, text=text) for row, text in zip(above, models.tiny.read(strips), strict=True)]
    return _fields(image, pose, above, number, models)


def find_rows(image: Image, pose: Pose, models: Models) -> list[Row]:
    """Rows of text from top to bottom, the card seen as `pose` has it."""
    view = flatten(image, pose, VIEW_SCALE, VIEW_MARGIN)
    boxes = [box / VIEW_SCALE - VIEW_MARGIN for box in models.detector.boxes(view)]
    boxes = [box for box in boxes if 1.5 < np.linalg.norm(box[3] - box[0]) < 12]
    return group(boxes)


def group(boxes: Sequence[Floats]) -> list[Row]:
    """Boxes side by side joined into rows; what is beyond a wide gap (the portrait) starts its own row."""
    left: list[list[Floats]] = []
    for box in sorted(boxes, key=lambda box: float(box[:, 0].mean())):
        height = float(np.linalg.norm(box[3] - box[0]))
        best: list[Floats] | None = None
        for row in left:
            last = row[-1]
            tall = min(height, float(np.linalg.norm(last[3] - last[0])))
            slope = (last[1, 1] - last[0, 1]) / max(1.0, float(last[1, 0] - last[0, 0]))
            gap = float(box[0, 0] - last[1, 0])
            shift = abs(float((box[0, 1] + box[3, 1] - last[1, 1] - last[2, 1]) / 2 - slope * gap))
            if shift < 0.55 * tall and gap < 11:
                best = row
        if best is None:
            left.append([box])
        else:
            best.append(box)
    rows = [Row(_joined(row)) for row in left]
    return sorted(rows, key=lambda row: row.y)


def _joined(boxes: list[Floats]) -> Floats:
    """One box over boxes in a line."""
    if len(boxes) == 1:
        return boxes[0]
    first, last = boxes[0], boxes[-1]
    start, end = (first[0] + first[3]) / 2, (last[1] + last[2]) / 2
    along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    down = np.array([-along[1], along[0]], np.float32)
    corners = np.concatenate(boxes)
    offset = (corners - start) @ down
    tallest = max(float(np.linalg.norm(box[3] - box[0])) for box in boxes) * 1.1
    top, bottom = max(float(offset.min()), -tallest / 2), min(float(offset.max()), tallest / 2)
    return np.array([start + down * top, end + down * top, end + down * bottom, start + down * bottom], np.float32)


def upright(image: Image, pose: Pose, rows: Sequence[Row], models: Models) -> tuple[Pose, list[Row], Row] | None:
    """The pose the right way up, its rows, and the number's row; None if there is no number."""
    wide = [row for row in rows if row.width > 28]
    if not wide:
        return None
    tries = [(wide[-1], False), (wide[0], True)]
    tries += [(row, flip) for row in wide[1:-1] for flip in (False, True)]
    tries += [(wide[-1], True), (wide[0], False)]
    for start in range(0, len(tries), 2):
        looks = tries[start : start + 2]
        strips = [strip(image, pose, row.box) for row, _ in looks]
        strips = [np.ascontiguousarray(s[::-1, ::-1]) if flip else s for s, (_, flip) in zip(strips, looks, strict=True)]
        texts = models.tiny.read(strips)
        best = max(range(len(looks)), key=lambda i: _digits(texts[i]))
        if _digits(texts[best]) < 9:
            continue
        row, flip = looks[best]
        if not flip:
            return pose, list(rows), replace(row, text=texts[best])
        rows = [replace(other, box=_turned_box(other.box)) for other in rows][::-1]
        return turned(pose), list(rows), Row(_turned_box(row.box), texts[best])
    return None


def _turned_box(box: Floats) -> Floats:
    return np.asarray(np.roll(np.array(CARD_MM, np.float32) - box, 2, axis=0), np.float32)


def _digits(text: Text) -> float:
    """How much of a line is digits read with confidence: the sum over the longest run of them."""
    match = max(_NUMBER.finditer(text.text), key=lambda m: m.end() - m.start(), default=None)
    return sum(text.confidence[match.start() : match.end()]) if match else 0.0


def is_back(image: Image, pose: Pose, rows: Sequence[Row], models: Models) -> bool:
    """Whether words of the emblem side are there, either way up."""
    chosen = sorted(rows, key=lambda row: -row.width)[:4]
    strips = [strip(image, pose, row.box) for row in chosen]
    strips += [np.ascontiguousarray(one[::-1, ::-1]) for one in strips]
    for text in models.small.read(strips):
        if any(len(set(text.text) & set(words)) >= max(3, len(words) - 2) for words in _BACK):
            return True
    return False


def _fields(image: Image, pose: Pose, rows: list[Row], number: Row, models: Models) -> CardText:
    kinds = _kinds(rows)
    fields: dict[str, Text] = {}
    values: list[tuple[str, Floats]] = []
    for row, kind in zip(rows, kinds, strict=True):
        if kind in ("name", "address"):
            values.append((kind, row.part(_value_start(row, kind), _text_end(row))))
    strips = [strip(image, pose, box) for _, box in values]
    texts = models.small.read(strips)
    for kind in ("name", "address"):
        parts = [_clean(text, kind) for (of, _), text in zip(values, texts, strict=True) if of == kind]
        fields[kind] = _concatenated(parts)
    for row, kind in zip(rows, kinds, strict=True):
        if kind == "sex":
            fields.update(_sex_and_ethnicity(row.text))
            doubtful = [fields.get(key, Text("")) for key in ("sex", "ethnicity")]
            if min(text.least for text in doubtful) < SURE:
                again = _sex_and_ethnicity(models.small.read([strip(image, pose, row.box)])[0])
                _keep_better(fields, again)
        elif kind == "birth":
            _keep_better(fields, {"birth": _birth(row.text)})
            if fields["birth"].least < SURE:
                _keep_better(fields, {"birth": _birth(models.small.read([strip(image, pose, row.box)])[0])})
    fields["number"] = _number(image, pose, number, models)
    return CardText({key: text for key, text in fields.items() if text.text})


def _keep_better(fields: dict[str, Text], others: dict[str, Text]) -> None:
    for key, text in others.items():
        if key not in fields or text.least > fields[key].least:
            fields[key] = text


def _kinds(rows: list[Row]) -> list[str]:
    """Which field each row above the number carries; "" for a stray row."""
    kinds = ["" for _ in rows]
    for i, row in enumerate(rows):
        for kind in ("sex", "birth", "name", "address"):
            if kind not in kinds and _LABELS[kind].search(row.text.text):
                kinds[i] = kind
                break
    known = {kind: rows[i].y for i, kind in enumerate(kinds) if kind}
    # a label lost in glare: rows stand in a fixed order, so its neighbours tell
    order = {"name": 6.6, "sex": 13.6, "birth": 20.4, "address": 27.6}
    offset = float(np.median([y - order[kind] for kind, y in known.items()])) if known else 0.0
    for i, row in enumerate(rows):
        if kinds[i]:
            continue
        nearest = min(order, key=lambda kind: abs(row.y - offset - order[kind]))
        if nearest not in known and abs(row.y - offset - order[nearest]) < 2.6 and row.left < 30:
            kinds[i] = nearest
            known[nearest] = row.y
    below = known.get("address", order["address"] + offset)
    for i, row in enumerate(rows):
        if not kinds[i] and row.y > below + 2 and 8 < row.left < 30 and row.text.text:
            kinds[i] = "address"
    return kinds


def _value_start(row: Row, kind: str) -> float:
    """Where along the row the value begins, behind its label; a share 0…1."""
    letters = "姓名" if kind == "name" else "住址"
    last = -1
    for i, char in enumerate(row.text.text[:3]):
        if char in letters:
            last = i
    if 0 <= last < len(row.text.at) - 1:
        here, following = row.text.at[last], row.text.at[last + 1]
        return here + 0.5 * (following - here)
    return max(0.0, (VALUE_LEFT - row.left) / max(1.0, row.width)) if row.left < 8 else 0.0


def _text_end(row: Row) -> float:
    """Rows that run into the portrait are cut there."""
    return min(1.0, (TEXT_RIGHT - row.left) / max(1.0, row.width))


_JUNK = {"name": re.compile(r"^[姓名:：]+"), "address": re.compile(r"^[住址:：]{1,2}")}


def _clean(text: Text, kind: str) -> Text:
    """Label remnants, spaces and stray marks taken out; • becomes ·."""
    match = _JUNK[kind].match(text.text)
    text = text[match.end() :] if match else text
    keep = [i for i, char in enumerate(text.text) if not char.isspace() and char not in "`'’‘,，。、|_~^:：\"“”"]
    joined = "".join(text.text[i] for i in keep)
    for dot in "•.・‧∙●":
        joined = joined.replace(dot, "·") if kind == "name" else joined
    return Text(joined, tuple(text.confidence[i] for i in keep), tuple(text.at[i] for i in keep))


def _concatenated(parts: Sequence[Text]) -> Text:
    return Text(
        "".join(part.text for part in parts),
        tuple(value for part in parts for value in part.confidence),
        tuple(value for part in parts for value in part.at),
    )


def _sex_and_ethnicity(text: Text) -> dict[str, Text]:
    found: dict[str, Text] = {}
    if match := re.search(r"[男女]", text.text):
        found["sex"] = text[match.start() : match.end()]
    tail = re.search(r"族(.*)$|民.(.*)$", text.text)
    start = (tail.start(1) if tail.group(1) is not None else tail.start(2)) if tail else -1
    if start < 0 and "sex" in found:  # the label was lost: what stands behind the sex
        start = match.end() if match else -1
    if start >= 0:
        value = text[start : len(text.text)]
        candidates = [name for name in ETHNICITIES if name == value.text]
        if not candidates:
            candidates = [name for name in ETHNICITIES if len(name) > 1 and _one_off(name, value.text)]
            value = replace(value, confidence=tuple(c * 0.6 for c in value.confidence))
        if len(candidates) == 1:
            size = len(candidates[0])
            found["ethnicity"] = Text(candidates[0], (*value.confidence, *[value.least] * size)[:size])
    return found


def _one_off(name: str, read: str) -> bool:
    """The same but for one letter changed."""
    return len(name) == len(read) and sum(a != b for a, b in zip(name, read, strict=True)) == 1


def _birth(text: Text) -> Text:
    """Written as YYYY-MM-DD, or empty."""
    match = re.search(r"([12][0-9]{3})\D{1,2}([0-9]{1,2})\D{1,2}([0-9]{1,2})(?:\D|$)", text.text)
    if match is None:
        return Text("")
    digits = [c for i in (1, 2, 3) for c in text.confidence[match.start(i) : match.end(i)]]
    return Text(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}", tuple(digits))


def _number(image: Image, pose: Pose, row: Row, models: Models) -> Text:
    """The 18 characters, only digits and X competing; both recognisers must agree to be sure."""
    match = max(_NUMBER.finditer(row.text.text), key=lambda m: m.end() - m.start())
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


def pose_from_text(image: Image, models: Models) -> list[Pose]:
    """Poses guessed from each number line in the picture, for a card whose outline is hidden."""
    rows, columns = image.shape[:2]
    zoom = 960 / max(rows, columns)
    sides = (round(columns * zoom / 32) * 32, round(rows * zoom / 32) * 32)
    import cv2

    small = cv2.resize(image, sides, interpolation=cv2.INTER_AREA)
    ratio = np.array([columns / sides[0], rows / sides[1]], np.float32)
    identity = np.eye(3)
    boxes = [box * ratio for box in models.detector.boxes(np.asarray(small, np.uint8))]
    long = [box for box in boxes if _aspect(box) > 6]
    long = sorted(long, key=lambda box: -float(np.linalg.norm(box[1] - box[0])))[:6]
    upside = [np.roll(box, 2, axis=0) for box in long]
    strips = [strip(image, identity, box) for box in (*long, *upside)]
    poses: list[Pose] = []
    for box, text in zip((*long, *upside), models.tiny.read(strips), strict=True):
        match = max(_NUMBER.finditer(text.text), key=lambda m: m.end() - m.start(), default=None)
        if match is None or _digits(text) < 10 or match.end() - match.start() < 15:
            continue
        poses.append(_pose_from_number(box, text, match.start(), match.end()))
    return poses


def _aspect(box: Floats) -> float:
    return float(np.linalg.norm(box[1] - box[0]) / max(1.0, float(np.linalg.norm(box[3] - box[0]))))


def _pose_from_number(box: Floats, text: Text, start: int, end: int) -> Pose:
    """Only shifted, turned and scaled, from where the digits' middles stand (30.8 to 76.4 mm, 47.5 mm down)."""
    middle = (box[0] + box[3]) / 2, (box[1] + box[2]) / 2
    first = middle[0] + (middle[1] - middle[0]) * text.at[start]
    last = middle[0] + (middle[1] - middle[0]) * text.at[end - 1]
    unit = (last - first) / 45.6 * 17 / max(1, end - 1 - start)
    across = np.array([-unit[1], unit[0]])
    origin = first - unit * 30.8 - across * 47.5
    return np.array([[unit[0], across[0], origin[0]], [unit[1], across[1], origin[1]], [0, 0, 1]], np.float64)


__all__ = ["CardText", "Models", "pose_from_text", "project", "read_card"]
