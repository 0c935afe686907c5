"""The peer: RapidOCR as it comes out of the box, and a plain extraction of the fields from its lines."""

from __future__ import annotations

import multiprocessing
import re
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

LABELS = {"姓名": "name", "住址": "address"}


class PlainOcr:
    """`rapidocr.RapidOCR()` with its defaults; fields found by their labels and the boxes beside them."""

    def __init__(self) -> None:
        import logging

        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        self._engine: Any = RapidOCR()

    def read(self, image: np.ndarray) -> dict[str, str]:
        """The six fields as text; a missing one is absent."""
        result = self._engine(image)
        if result.txts is None:
            return {}
        lines = [
            (np.asarray(box), text.replace(" ", ""))
            for box, text in zip(result.boxes, result.txts, strict=True)
        ]
        return extract(lines)


class PlainProcess:
    """The peer in a process of its own: in ours it could not have the thread pools its defaults ask for."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()

    def read(self, image: np.ndarray) -> tuple[dict[str, str], float]:
        """The fields, and the seconds the reading took there (the picture's way over is not counted)."""
        self._here.send(image)
        answer: tuple[dict[str, str], float] = self._here.recv()
        return answer

    def close(self) -> None:
        self._here.send(None)
        self._process.join(10)


def _serve(there: Connection) -> None:
    plain = PlainOcr()
    while (image := there.recv()) is not None:
        start = time.perf_counter()
        fields = plain.read(image)
        there.send((fields, time.perf_counter() - start))


def extract(lines: list[tuple[np.ndarray, str]]) -> dict[str, str]:
    """Fields from (box, text) lines of an upright card."""
    fields: dict[str, str] = {}
    joined = "|".join(text for _, text in lines)
    if match := re.search(r"(?<!\d)(\d{17}[\dXx])(?!\d)", joined):
        fields["number"] = match[1].upper()
    rows = _rows(lines)
    address: list[str] = []
    in_address = False
    for row in rows:
        text = "".join(part for _, part in row)
        if "公民" in text or re.search(r"\d{15}", text):
            in_address = False
        elif match := re.search(r"姓?名(.+)", text):
            fields.setdefault("name", match[1])
        elif "性别" in text or "民族" in text:
            if match := re.search(r"别(男|女)", text):
                fields["sex"] = match[1]
            if match := re.search(r"民?族(.+)", text):
                fields["ethnicity"] = match[1]
        elif match := re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日?", text):
            fields["birth"] = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
        elif match := re.search(r"住?址(.+)", text):
            address, in_address = [match[1]], True
        elif in_address:
            address.append(text)
    if address:
        fields["address"] = "".join(address)
    return fields


def _rows(lines: list[tuple[np.ndarray, str]]) -> list[list[tuple[np.ndarray, str]]]:
    """Lines of the left part of the card grouped into rows, along the slope of the longest line."""
    if not lines:
        return []
    longest = max((box for box, _ in lines), key=lambda box: float(np.linalg.norm(box[1] - box[0])))
    along = (longest[1] - longest[0]) / max(1.0, float(np.linalg.norm(longest[1] - longest[0])))
    down = np.array([-along[1], along[0]])
    placed = sorted(
        (
            (
                float(box.mean(0) @ down),
                float(box[0] @ along),
                float(np.linalg.norm(box[3] - box[0])),
                box,
                text,
            )
            for box, text in lines
            if not ("样" in text and len(text) <= 3)
        ),
        key=lambda item: item[0],
    )
    rows: list[list[Any]] = []
    for item in placed:
        if rows and abs(item[0] - np.mean([other[0] for other in rows[-1]])) < 0.6 * item[2]:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [[(item[3], item[4]) for item in sorted(row, key=lambda item: item[1])] for row in rows]
