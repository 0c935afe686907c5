"""A spreadsheet of new tools → lines that stand and lines that do not, each with its place in the file (spec T8).

Columns, in any order, headed in one of the first lines: 型号 (name or key, must be in the catalogue), 数量,
单价（元）, and optionally 编号 (the hall's own numbers, one for each, separated by 、 or a comma), 存放位置, 购买日期,
备注.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from sqlalchemy import select

from db.models import StockRequest, StockRequestState, StoragePlace, Tool, ToolModel
from kiosk.errors import InputInvalid
from kiosk.tools.counter import Counter
from kiosk.tools.files import SHEETS, FileFinder, FoundFile
from kiosk.tools.sheet import Line, read_lines

HEADINGS = {
    "型号": "model",
    "工具": "model",
    "名称": "model",
    "model": "model",
    "数量": "quantity",
    "quantity": "quantity",
    "单价": "price",
    "单价（元）": "price",
    "单价(元)": "price",
    "price": "price",
    "编号": "labels",
    "labels": "labels",
    "存放位置": "place",
    "存放点": "place",
    "place": "place",
    "购买日期": "bought_on",
    "日期": "bought_on",
    "date": "bought_on",
    "备注": "note",
    "note": "note",
}
COLUMNS = ("型号", "数量", "单价（元）", "编号", "存放位置", "购买日期", "备注")
NEEDED = ("model", "quantity", "price")
HEADING_WITHIN = 5  # lines; offices like a title above the table
MOST_LINES = 500
MOST_TOOLS = 500  # of one file: each gets a tag, and they are approved as one
MOST_OF_ONE = 500
MOST_FEN = 100_000_000
TEMPLATE = "工具入库模板.xlsx"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass
class Progress:
    """How far a long piece of work is; written by the worker, read by the screen. `total` 0: not known."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class IntakeRow:
    """`line`: number in the file. `price` in fen for one."""

    line: int
    model_id: UUID
    model_name: str
    quantity: int
    price: int
    labels: tuple[str, ...] = ()
    place: str = ""
    note: str = ""
    bought_on: date | None = None


@dataclass(frozen=True)
class IntakeError:
    """`field` of the line is wrong: empty, unknown, not_a_number, not_a_date, future, range, twice, taken, count."""

    line: int
    field: str
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Intake:
    """`new_places`: named in the file and not yet known; they are made."""

    rows: tuple[IntakeRow, ...]
    errors: tuple[IntakeError, ...]
    new_places: tuple[str, ...] = ()

    @property
    def tools(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def amount(self) -> int:
        return sum(row.quantity * row.price for row in self.rows)


class IntakeDesk:
    """Finds the files, checks them, and writes out the empty one. What is taken in goes through the RequestDesk."""

    def __init__(self, counter: Counter, finder: FileFinder) -> None:
        self._counter = counter
        self._finder = finder

    def files(self) -> tuple[FoundFile, ...]:
        return self._finder.find(SHEETS)

    def read(self, path: Path, progress: Progress | None = None) -> Intake:
        return read_intake(self._counter, path, progress)

    def write_template(self) -> FoundFile:
        with self._counter.store.read() as session:
            names = list(session.scalars(select(ToolModel.name).order_by(ToolModel.position, ToolModel.name)))
        return self._finder.write(TEMPLATE, template(names))


def read_intake(counter: Counter, path: Path, progress: Progress | None = None) -> Intake:
    """Check a .xlsx or .csv against the catalogue. Raises InputInvalid(field=file) where it is not a sheet at all."""
    with counter.store.read() as session:
        models = {}
        for model in session.scalars(select(ToolModel)):
            models[model.name] = models[model.key] = (model.id, model.name)
        taken = set(session.scalars(select(Tool.label).where(Tool.label != "")))
        asked_for = StockRequest.state == StockRequestState.REQUESTED
        for labels in session.scalars(select(StockRequest.labels).where(asked_for)):
            taken.update(labels)
        places = frozenset(session.scalars(select(StoragePlace.name)))
    return check(
        _table(path, progress or Progress()), models, frozenset(taken), places, counter.clock.today()
    )


def check(
    lines: Iterable[tuple[int, dict[str, str]]],
    models: Mapping[str, tuple[UUID, str]],
    taken: frozenset[str],
    places: frozenset[str] = frozenset(),
    today: date = date.max,
) -> Intake:
    """Every line on its own; a pure function. `lines`: number in the file, column → text."""
    rows: list[IntakeRow] = []
    errors: list[IntakeError] = []
    seen: set[str] = set()
    for number, line in lines:
        wrong = []
        model = models.get(line["model"])
        if model is None:
            reason = "unknown" if line["model"] else "empty"
            wrong.append(IntakeError(number, "model", reason, line["model"]))
        quantity, trouble = _whole(line["quantity"])
        if trouble:
            wrong.append(IntakeError(number, "quantity", trouble, line["quantity"]))
        price, trouble = fen(line["price"])
        if trouble:
            wrong.append(IntakeError(number, "price", trouble, line["price"]))
        bought_on, trouble = _day(line.get("bought_on", ""), today)
        if trouble:
            wrong.append(IntakeError(number, "bought_on", trouble, line["bought_on"]))
        labels = tuple(filter(None, (part.strip() for part in _parts(line.get("labels", "")))))
        if labels and len(labels) != quantity:
            wrong.append(IntakeError(number, "labels", "count", str(len(labels))))
        for label in labels:
            if label in seen or label in taken:
                wrong.append(IntakeError(number, "labels", "twice" if label in seen else "taken", label))
            seen.add(label)
        errors += wrong
        if not wrong and model is not None:
            place, note = line.get("place", ""), line.get("note", "")
            rows.append(IntakeRow(number, *model, quantity, price, labels, place, note, bought_on))
    if sum(row.quantity for row in rows) > MOST_TOOLS:
        raise InputInvalid(field="file", reason="too_many", most=MOST_TOOLS)
    named = dict.fromkeys(row.place for row in rows if row.place)
    return Intake(tuple(rows), tuple(errors), tuple(name for name in named if name not in places))


def template(models: Iterable[str]) -> bytes:
    """An empty table to fill in; the catalogue's names stand on its second sheet and in the first column's list."""
    book = Workbook()
    sheet, names = book.active, book.create_sheet("可选型号")
    assert sheet is not None
    sheet.title = "入库"
    sheet.append(COLUMNS)
    for column, width in zip("ABCDEFG", (20, 10, 14, 30, 16, 16, 30), strict=True):
        sheet.column_dimensions[column].width = width
    known = list(models)
    for name in known:
        names.append([name])
    if known:
        choice = DataValidation("list", formula1=f"'可选型号'!$A$1:$A${len(known)}", allow_blank=True)
        sheet.add_data_validation(choice)
        choice.add(f"A2:A{MOST_LINES}")
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def fen(text: str) -> tuple[int, str]:
    """Yuan as typed (12, 12.5, ￥1,200.00) → fen and what is wrong with it, "" for nothing."""
    plain = text.strip().lstrip("¥￥").replace(",", "").replace("，", "").removesuffix("元").strip()
    if not plain:
        return 0, "empty"
    try:
        amount = Decimal(plain) * 100
    except InvalidOperation:
        return 0, "not_a_number"
    if not amount.is_finite() or amount != amount.to_integral_value():
        return 0, "not_a_number"
    return (int(amount), "") if 0 <= amount <= MOST_FEN else (0, "range")


def _whole(text: str) -> tuple[int, str]:
    plain = text.strip().removesuffix(".0")
    if not plain:
        return 0, "empty"
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        return 0, "not_a_number"
    return (int(plain), "") if 1 <= int(plain) <= MOST_OF_ONE else (0, "range")


def _day(text: str, today: date) -> tuple[date | None, str]:
    if not text.strip():
        return None, ""
    found = _DAY.fullmatch(text.strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        return None, "not_a_date"
    return (day, "") if day <= today else (None, "future")


def _parts(text: str) -> list[str]:
    return text.replace("、", ",").replace("，", ",").replace("\n", ",").split(",")


def _table(path: Path, progress: Progress) -> Iterable[tuple[int, dict[str, str]]]:
    """The lines beneath the heading by column. Raises InputInvalid(field=file, reason=columns|empty|too_large)."""
    lines = read_lines(path)
    first = list(islice(lines, HEADING_WITHIN))
    columns, heading = max(((_columns(line), at) for at, line in enumerate(first)), key=_fitting)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise InputInvalid(field="file", reason="columns", missing=",".join(missing))
    found: list[tuple[int, dict[str, str]]] = []
    for number, cells in chain(first[heading + 1 :], lines):
        if len(found) >= MOST_LINES:
            raise InputInvalid(field="file", reason="too_large")
        line = dict.fromkeys(filter(None, columns), "")
        line.update((name, cell) for name, cell in zip(columns, cells, strict=False) if name)
        if any(line.values()):
            found.append((number, line))
            progress.done = len(found)
    if not found:
        raise InputInvalid(field="file", reason="empty")
    return found


def _columns(line: Line) -> list[str]:
    return [HEADINGS.get(cell.strip().lower(), "") for cell in line[1]]


def _fitting(candidate: tuple[list[str], int]) -> tuple[int, int]:
    """How many needed columns a line heads; of equal ones the first."""
    columns, at = candidate
    return sum(name in columns for name in NEEDED), -at
