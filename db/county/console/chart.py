"""Bars as inline SVG, drawn here: no script, no style but classes; the page has the same figures as a table below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 22, 34
ROW, GAP, NAME = 30, 8, 150
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    shown: str = ""  # else the number as it is

    @property
    def text(self) -> str:
        return self.shown or f"{self.value:g}"


def ceiling(most: float, parts: int = 4) -> float:
    """The axis's end: a round number of `parts` steps, no smaller than `most`."""
    if most <= 0:
        return float(parts)
    raw = most / parts
    size = 10 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in STEPS if factor * size >= raw * (1 - 1e-9))
    return float(max(step, 1 if most >= 1 else step) * parts)


def columns(title: str, described: str, bars: Sequence[Bar]) -> Markup:
    """Upright bars, one a month, with an axis on the left."""
    top = ceiling(max((bar.value for bar in bars), default=0))
    inner, base = WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM
    each = inner / max(len(bars), 1)
    parts: list[Markup] = []
    for at in range(5):
        y = base - (base - TOP) * at / 4
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "grid" if at else "axis"))
        parts.append(_text(LEFT - 8, y + 5, f"{top * at / 4:g}", "end", "tick"))
    for place, bar in enumerate(bars):
        height = (base - TOP) * bar.value / top
        x = LEFT + each * (place + 0.18)
        parts.append(_bar(x, base - height, each * 0.64, height, f"{bar.label}: {bar.text}"))
        middle = x + each * 0.32
        if bar.value:
            parts.append(_text(middle, base - height - 6, bar.text, "middle", "value"))
        parts.append(_text(middle, base + 20, bar.label, "middle", "tick"))
    return _svg(title, described, WIDTH, HEIGHT, parts)


def rows(title: str, described: str, bars: Sequence[Bar], mark: float | None = None) -> Markup:
    """Lying bars, one a name; `mark` draws a line at that value."""
    top = ceiling(max([bar.value for bar in bars] + ([mark] if mark else []), default=0))
    inner, height = WIDTH - NAME - 70, TOP + (ROW + GAP) * len(bars) + BOTTOM
    parts: list[Markup] = [_line(NAME, TOP, NAME, height - BOTTOM, "axis")]
    for place, bar in enumerate(bars):
        y, width = TOP + (ROW + GAP) * place + GAP / 2, inner * bar.value / top
        parts.append(_text(NAME - 8, y + 20, bar.label, "end", "tick"))
        parts.append(_bar(NAME, y, width, ROW, f"{bar.label}: {bar.text}"))
        parts.append(_text(NAME + width + 8, y + 20, bar.text, "start", "value"))
    if mark:
        x = NAME + inner * mark / top
        parts.append(_line(x, TOP - 4, x, height - BOTTOM + 4, "mark"))
        parts.append(_text(x, height - BOTTOM + 20, f"{mark:g}", "middle", "tick"))
    return _svg(title, described, WIDTH, height, parts)


def _svg(title: str, described: str, width: float, height: float, parts: Sequence[Markup]) -> Markup:
    head = Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}"><title>{}</title><desc>{}</desc>{}</svg>'
    )
    return head.format(f"{width:g}", f"{height:g}", title, described, Markup().join(parts))


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _text(x: float, y: float, words: str, anchor: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, words
    )


def _bar(x: float, y: float, width: float, height: float, said: str) -> Markup:
    return Markup(
        '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
    ).format(x, y, width, height, said)
