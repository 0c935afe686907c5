"""Identity photographs: our reader beside plain RapidOCR on the same pictures, in turn, in one run.

`python -m tests.bench.id_scan [--json] [--photos N] [--cards N] [--seed S]`

The pictures come from seeds that were never looked at while the reader was built (SEED on; tuning used others).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from datetime import date

import numpy as np

from kiosk.identity.card_photo import CardReader
from kiosk.identity.document import FIELDS, Problem, Reading
from tests.bench.plain_ocr import PlainProcess
from tests.samples.cards import Person, draw_front, invent
from tests.samples.photos import burst, photograph, shot

SEED = 700_000
FRAMES = 5
TODAY = date(2026, 11, 20)


def right_fields(reading: Reading, person: Person) -> set[str]:
    if reading.document is None:
        return set()
    return {name for name in FIELDS if getattr(reading.document, name) == getattr(person, name)}


def plain_right(fields: dict[str, str], person: Person) -> set[str]:
    truth = person.fields() | {"sex": {"male": "男", "female": "女"}[person.sex]}
    return {name for name in FIELDS if fields.get(name) == truth[name]}


def wrong_certain(reading: Reading, person: Person) -> bool:
    """A wrong number nothing was said against; an unknown region alone is not said against the reading."""
    document = reading.document
    told = set(reading.problems) - {Problem.UNKNOWN_REGION}
    return document is not None and document.number not in (None, person.number) and not told


def run(photos: int, cards: int, seed: int = SEED, peer: bool = True) -> dict[str, float]:
    """Flat figures; `peer=False` leaves the plain pipeline out (for long runs that only count errors)."""
    reader, plain = CardReader(lambda: TODAY), PlainProcess() if peer else None
    reader.load()
    ours: list[float] = []
    theirs: list[float] = []
    full = plain_full = voted_full = wrong = 0
    missed: Counter[str] = Counter()
    for i in range(photos):
        rng = np.random.default_rng(seed + i)
        person = invent(rng)
        frame = photograph(draw_front(person), shot(rng), rng)
        if i == 0:  # the first picture warms both up
            reader.read_image(frame)
            if plain:
                plain.read(frame)
        start = time.perf_counter()
        reading = reader.read_image(frame)
        ours.append(time.perf_counter() - start)
        right = right_fields(reading, person)
        full += len(right) == len(FIELDS)
        missed.update(set(FIELDS) - right)
        wrong += wrong_certain(reading, person)
        if plain:
            fields, seconds = plain.read(frame)
            theirs.append(seconds)
            plain_full += len(plain_right(fields, person)) == len(FIELDS)
    for i in range(cards):
        rng = np.random.default_rng(seed + 500_000 + i)
        person = invent(rng)
        reading = reader.read_burst(burst(draw_front(person), shot(rng), rng, FRAMES))
        voted_full += len(right_fields(reading, person)) == len(FIELDS)
        wrong += wrong_certain(reading, person)
    if plain:
        plain.close()
    figures: dict[str, float] = {
        "photos": photos,
        "burst_cards": cards,
        "all_fields": round(full / max(1, photos), 4),
        "all_fields_burst": round(voted_full / max(1, cards), 4),
        "wrong_certain": wrong,
        "median_ms": round(float(np.median(ours)) * 1000, 1) if ours else 0.0,
        "p95_ms": round(float(np.percentile(ours, 95)) * 1000, 1) if ours else 0.0,
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    figures |= {f"missed_{name}": missed[name] for name in FIELDS}
    if theirs:
        figures["plain_all_fields"] = round(plain_full / photos, 4)
        figures["plain_median_ms"] = round(float(np.median(theirs)) * 1000, 1)
        figures["time_vs_plain"] = round(float(np.median(np.array(ours) / np.array(theirs))), 4)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--photos", type=int, default=96)
    parser.add_argument("--cards", type=int, default=40, help="cards read over five frames")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--no-peer", action="store_true", help="leave plain RapidOCR out")
    given = parser.parse_args()
    figures = run(given.photos, given.cards, given.seed, not given.no_peer)
    if given.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
