"""Where a line of text may end.

Never split: an amount with its unit, a run of digits, a masked name or number, a phone with its spaces, a Latin
word — unless it alone is longer than the line. Chinese closing punctuation never begins a line and opening
punctuation never ends one (避头尾, GB/T 15834-2011 5.1).
"""

import re
from collections.abc import Iterator

from printing.charset import cells, width

NEVER_FIRST = frozenset("，。、；：！？）》】』」’”〉〕…—～·％℃,.;:!?)]}%")
NEVER_LAST = frozenset("（《【『「‘“〈〔￥$([{")

_PER = "天|日|小时|时|月|周|次|件|趟|平方米|平方|平米|米|吨|车|人|斤|公斤|单|间|套|晚|班|半天|工日|台"
_COUNTED = "年|月|日|号|时|点|分|天|小时|岁|人|名|个|公里|千米|米|层|楼|栋|元"
_ATOM = re.compile(
    rf"""
      (?:[￥$][ ]?)?\d[\d,.]*(?:[ ]?[-~～—至到][ ]?\d[\d,.]*)?[ ]?(?:[十百千万])?元(?:/(?:{_PER}))?   # amount
    | \+?\d[\d*]*(?:[ -][\d*]+)+            # phone or number in groups
    | \d[\d.,]*[ ]?(?:{_COUNTED})
    | [￥$][!-~]+
    | [\u3400-\u9fff]?\*+[\u3400-\u9fff]?   # masked name
    | [!-~\u00a1-\u024f]+                   # Latin word, number, code
    | [ ]+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def wrap(text: str, columns: int) -> Iterator[str]:
    """The lines of one cleaned paragraph without newlines, each at most `columns` (>= 2) cells wide."""
    line, used = "", 0
    for atom in _atoms(text):
        wide = width(atom)
        if used + wide > columns:
            if atom.isspace():
                used = columns  # the line ends here; white at an edge is not printed
                continue
            if line.strip(" "):
                yield line.rstrip(" ")
            line, used = "", 0
        while wide > columns:
            head = _head(atom, columns)
            yield head.rstrip(" ")
            atom = atom[len(head) :].lstrip(" ")
            wide = width(atom)
        line, used = line + atom, used + wide
    yield line.rstrip(" ")


def _atoms(text: str) -> Iterator[str]:
    """Pieces that stay whole, punctuation already joined to what it must not leave; spaces between them."""
    held = gap = ""
    for found in _ATOM.finditer(text):
        piece = found.group()
        if piece.isspace() and piece != "\u3000":
            gap = piece
        elif held and (piece[0] in NEVER_FIRST or held[-1] in NEVER_LAST):
            held, gap = held + gap + piece, ""
        else:
            yield from filter(None, (held, gap))
            held, gap = piece, ""
    yield from filter(None, (held, gap))


def _head(atom: str, columns: int) -> str:
    """As much of an atom wider than the line as fits: up to a piece that must not be split, if there is one."""
    fits, used = 0, 0
    while fits < len(atom) and (used := used + cells(atom[fits])) <= columns:
        fits += 1
    ends = [found.end() for found in _ATOM.finditer(atom) if found.end() <= fits]
    # One piece alone is too wide: split it anywhere, but do not give up half a line for the sake of a comma.
    cuts = ends or range(fits // 2 + 1, fits + 1)
    fair = [cut for cut in cuts if atom[cut] not in NEVER_FIRST]
    fairer = [cut for cut in fair if atom[cut - 1] not in NEVER_LAST]
    return atom[: max(fairer or fair or cuts, default=1)]
