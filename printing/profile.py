"""What a printer model can do. The catalogue `profiles.toml` beside this file says where each fact comes from."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("profiles.toml")


class Charset(StrEnum):
    """The Chinese font inside the printer, and with it the bytes it understands."""

    GB2312 = "gb2312"
    GBK = "gbk"
    GB18030 = "gb18030"


class Completion(StrEnum):
    """How the printer tells that a job is on paper."""

    NONE = "none"
    STATUS = "GS r 1"  # answered in turn with the print data, so only after the job
    PROCESS_ID = "GS ( H"  # fn 48: sends back our four bytes when what stands before them is printed


class Drawing(StrEnum):
    """How a picture is sent."""

    COLUMNS = "ESC * 33"  # 24 dots high, and may stand among the characters of a line
    PINS = "ESC * 0, 1"  # 8 pins high, whole or half dots; a picture takes lines of its own


@dataclass(frozen=True, slots=True)
class Profile:
    """One printer model.

    `columns` are cells of `cell` by twice as many dots, one Latin letter each (12 x 24 dots and 48 columns on 80 mm
    paper, 32 on 58 mm); a dot of a pin printer is here the half dot it can step. `sizes` are the commands for
    normal and double letters; without `aligns` (ESC a) a line is moved by white before it, without `bold` (ESC E)
    there is none. `cut` is the command sent for a cut, empty where there is no cutter. `init` is sent at the start
    of every document. `units_per_dot` scales ESC 3 and ESC J, whose unit is half a dot on many Epsons.
    `unconfirmed` names the fields no manual was found for.
    """

    name: str
    maker: str
    model: str
    columns: int
    cell: int
    dpi: int
    charset: Charset
    native_qr: bool
    drawing: Drawing
    sizes: tuple[bytes, ...]
    aligns: bool
    bold: bool
    cut: bytes
    completion: Completion
    clears_buffer: bool
    near_end: bool
    live_status: bool
    init: bytes
    units_per_dot: int
    baud: int
    sources: tuple[str, ...]
    unconfirmed: frozenset[str]

    @property
    def dots(self) -> int:
        """Width of the printed picture in dots."""
        return self.columns * self.cell

    @property
    def line(self) -> int:
        """Height of a line of normal letters in dots, and of a strip of picture."""
        return self.cell * 2


@cache
def profiles() -> dict[str, Profile]:
    """Every model of the catalogue by its name."""
    table = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {name: _read(name, {**table["common"], **entry}) for name, entry in table["printer"].items()}


def profile(name: str) -> Profile:
    """The model called `name`; KeyError when the catalogue has no such model."""
    return profiles()[name]


def _read(name: str, entry: dict[str, Any]) -> Profile:
    return Profile(
        name=name,
        maker=entry["maker"],
        model=entry["model"],
        columns=entry["columns"],
        cell=entry["cell"],
        dpi=entry["dpi"],
        charset=Charset(entry["charset"]),
        native_qr=entry["native_qr"],
        drawing=Drawing(entry["drawing"]),
        sizes=tuple(bytes.fromhex(size) for size in entry["sizes"]),
        aligns=entry["aligns"],
        bold=entry["bold"],
        cut=bytes.fromhex(entry["cut"]),
        completion=Completion(entry["completion"]),
        clears_buffer=entry["clears_buffer"],
        near_end=entry["near_end"],
        live_status=entry["live_status"],
        init=bytes.fromhex(entry["init"]),
        units_per_dot=entry["units_per_dot"],
        baud=entry["baud"],
        sources=tuple(entry["sources"]),
        unconfirmed=frozenset(entry["unconfirmed"]),
    )
