"""The mark on every paper that is not the first of its document."""

from dataclasses import replace

from printing.slip import Align, Line, Slip


def copy_mark(number: int, language: str = "zh") -> str:
    """The words for copy `number`; the first paper is copy 0 and bears none, so `number` is at least 1."""
    return f"[REPRINT No. {number}]" if language == "en" else f"【补打 第{number}次】"


def mark_line(mark: str) -> Line:
    return Line(mark, Align.CENTER, size=2, bold=True)


def reprint(slip: Slip, number: int, language: str = "zh") -> Slip:
    """The same slip with the mark of copy `number` at its top. ValueError below 1."""
    if number < 1:
        raise ValueError("the first paper is not a reprint")
    return replace(slip, parts=(mark_line(copy_mark(number, language)), *slip.parts))
