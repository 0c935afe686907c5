"""A spreadsheet of new tools → lines that stand and lines that do not, each with its place in the file (spec T8).

Columns, in any order, headed in the first line: 型号 (name or key, must be in the catalogue), 数量, 单价（元）, and
optionally 编号 (the hall's own numbers, one for each, separated by 、 or a comma), 存放位置, 备注.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from uuid import UUID

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy import select

from db.models import Tool, ToolModel
from kiosk.errors import InputInvalid
from kiosk.tools.counter import Counter

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
    "place": "place",
    "备注": "note",
    "note": "note",
}
NEEDED = ("model", "quantity", "price")
MOST_LINES = 5000
MOST_BYTES = 5_000_000
MOST_OF_ONE = 500
MOST_FEN = 100_000_000


@dataclass(frozen=True)
class IntakeRow:
    """`line`: number in the file, the heading is 1. `price` in fen for one."""

    line: int
    model_id: UUID
    model_name: str
    quantity: int
    price: int
    labels: tuple[str, ...] = ()
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class IntakeError:
    """`field` of the line is wrong: empty, unknown, not_a_number, range, twice, taken, count."""

    line: int
    field: str
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Intake:
    rows: tuple[IntakeRow, ...]
    errors: tuple[IntakeError, ...]

    @property
    def tools(self) -> int:
        return sum(row.quantity for row in self.rows)


def read_intake(counter: Counter, path: Path) -> Intake:
    """Check a .xlsx or .csv against the catalogue. Raises InputInvalid(field=file) where it is not a sheet at all."""
    with counter.store.read() as session:
        models = {}
        for model in session.scalars(select(ToolModel)):
            models[model.name] = models[model.key] = (model.id, model.name)
        taken = frozenset(session.scalars(select(Tool.label).where(Tool.label != "")))
    return check(list(_lines(path)), models, taken)


def check(
    lines: list[dict[str, str]], models: Mapping[str, tuple[UUID, str]], taken: frozenset[str]
) -> Intake:
    """Every line on its own; a pure function. `lines` map column to text, the first is line 2 of the file."""
    rows: list[IntakeRow] = []
    errors: list[IntakeError] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        if not any(line.values()):
            continue
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
            rows.append(IntakeRow(number, *model, quantity, price, labels, place, note))
    return Intake(tuple(rows), tuple(errors))


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


def _parts(text: str) -> list[str]:
    return text.replace("、", ",").replace("，", ",").replace("\n", ",").split(",")


def _lines(path: Path) -> Iterator[dict[str, str]]:
    """The sheet's lines as text by column."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise InputInvalid(field="file", reason="missing" if not path.is_file() else "too_large")
    table = _workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _comma_separated(path)
    heading = next(table, [])
    columns = [HEADINGS.get(cell.strip().lower(), "") for cell in heading]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise InputInvalid(field="file", reason="columns", missing=",".join(missing))
    for number, cells in enumerate(table):
        if number >= MOST_LINES:
            raise InputInvalid(field="file", reason="too_large")
        line = dict.fromkeys(filter(None, columns), "")
        line.update((name, cell.strip()) for name, cell in zip(columns, cells, strict=False) if name)
        yield line


def _workbook(path: Path) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        sheet = book.active
        if sheet is None:
            raise InputInvalid(field="file", reason="not_a_sheet")
        for row in sheet.iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, SyntaxError) as error:
        raise InputInvalid(field="file", reason="not_a_sheet") from error


def _comma_separated(path: Path) -> Iterator[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")  # what a Chinese office program saves
        except UnicodeDecodeError as error:
            raise InputInvalid(field="file", reason="not_a_sheet") from error
    try:
        yield from csv.reader(io.StringIO(text), strict=True)
    except csv.Error as error:
        raise InputInvalid(field="file", reason="not_a_sheet") from error
