"""Codes on photographed slips: our reader beside zxing-cpp, pyzbar and OpenCV, same pictures, in turn, in one run.

`python -m tests.bench.codes [--json] [--photos N] [--seed S]`

`*_rate` is the share of photos whose code was read right, `*_ms` the median time a photo, `*_wrong` texts that stand on
no photo. `zxing_tries` and `pyzbar_tries` are those libraries on our sharpened copies too, one after another until one
gives a text. `frame` is what the kiosk's camera gets: one look, no second try. `pyzbar_adds`: photos only pyzbar reads.
The pictures come from seeds that were never looked at while the reader was built (SEED on; tuning used 1000 on).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import cv2
import numpy as np

from kiosk.identity.code_reader import TRIES, CodeReader, Decoder, PyzbarDecoder, ZxingDecoder
from tests.samples.photos import background
from tests.samples.slip_photos import photo

SEED = 810_000
EMPTY_FRAMES = 20
Read = Callable[[np.ndarray], tuple[str, ...]]


def plain(decoder: Decoder) -> Read:
    return lambda picture: decoder.look(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)).texts


def with_tries(decoder: Decoder) -> Read:
    def read(picture: np.ndarray) -> tuple[str, ...]:
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        for sharpen in TRIES:
            if texts := decoder.look(sharpen(grey) if sharpen else grey).texts:
                return texts
        return ()

    return read


def opencv() -> Read:
    detector = cv2.QRCodeDetector()

    def read(picture: np.ndarray) -> tuple[str, ...]:
        _, texts, _, _ = detector.detectAndDecodeMulti(picture)
        return tuple(text for text in texts if text)

    return read


def readers() -> dict[str, Read]:
    """Each by its name in the figures; pyzbar only where the system has libzbar."""
    zxing, frames = ZxingDecoder(), CodeReader()
    found = {
        "ours": CodeReader().read_image,
        "frame": frames.read_frame,
        "zxing": plain(zxing),
        "zxing_tries": with_tries(zxing),
        "cv2": opencv(),
    }
    try:
        pyzbar = PyzbarDecoder()
    except ImportError:
        return found
    return found | {"pyzbar": plain(pyzbar), "pyzbar_tries": with_tries(pyzbar)}


def run(photos: int, seed: int = SEED) -> dict[str, float]:
    every = readers()
    right: dict[str, set[int]] = {name: set() for name in every}
    wrong = dict.fromkeys(every, 0)
    seconds: dict[str, list[float]] = {name: [] for name in every}
    for read in every.values():  # the first picture warms all of them up
        read(photo(seed - 1)[0])
    for number in range(photos):
        picture, text = photo(seed + number)
        for name, read in every.items():
            start = time.perf_counter()
            texts = read(picture)
            seconds[name].append(time.perf_counter() - start)
            if text in texts:
                right[name].add(number)
            wrong[name] += any(one != text for one in texts)
    figures: dict[str, float] = {"photos": photos}
    for name in every:
        figures[f"{name}_rate"] = round(len(right[name]) / photos, 4)
        figures[f"{name}_ms"] = round(float(np.median(seconds[name])) * 1000, 1)
        figures[f"{name}_p95_ms"] = round(float(np.percentile(seconds[name], 95)) * 1000, 1)
        figures[f"{name}_wrong"] = wrong[name]
    if "pyzbar" in every:
        figures["pyzbar_adds"] = len((right["pyzbar"] | right["pyzbar_tries"]) - right["ours"])
    return figures | empty_frames(seed)


def empty_frames(seed: int) -> dict[str, float]:
    """What a 720p camera frame without any code costs the kiosk; milliseconds."""
    reader, taken = CodeReader(), []
    for number in range(-2, EMPTY_FRAMES):  # the first two load the library
        rng = np.random.default_rng(seed + abs(number))
        table = background((1280, 720), seed + abs(number)) + rng.normal(0, 8, (720, 1280, 3))
        frame = np.clip(table, 0, 255).astype(np.uint8)
        start = time.perf_counter()
        reader.read_frame(frame)
        if number >= 0:
            taken.append((time.perf_counter() - start) * 1000)
    return {"empty_frame_ms": round(float(np.median(taken)), 1), "empty_frame_max_ms": round(max(taken), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--photos", type=int, default=150)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    figures = run(given.photos, given.seed)
    if given.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
