"""A spreadsheet as somebody's office program saved it → its lines as text, or what is wrong with the file.

Raises InputInvalid(field=file, reason=…): missing, unreadable (the stick was pulled out), wrong_type, old_format (.xls,
or locked with a password), torn, not_a_sheet, empty, too_large.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kiosk.errors import InputInvalid

MOST_BYTES = 5_000_000
MOST_UNPACKED = 200_000_000  # a small file may unpack to a giant one
MOST_COLUMNS = 50
MOST_BLANK = 1000  # one after another; some programs save a million empty lines behind the last one
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOKS, TEXTS = (".xlsx", ".xlsm"), (".csv",)
TORN = (zipfile.BadZipFile, zlib.error, EOFError)
NO_SHEET = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,  # xml.etree.ElementTree.ParseError is one
    NotImplementedError,
)

Line = tuple[int, list[str]]


def read_lines(path: Path) -> Iterator[Line]:
    """(number as the office program shows it, cells) of every line that is not blank."""
    raw = _bytes(path)
    ending = path.suffix.lower()
    if raw.startswith(OLE):
        raise InputInvalid(field="file", reason="old_format")
    if ending not in (*WORKBOOKS, *TEXTS):
        raise InputInvalid(field="file", reason="wrong_type")
    if not raw.strip():
        raise InputInvalid(field="file", reason="empty")
    # some programs save a workbook and call it .csv
    table = _workbook(raw) if ending in WORKBOOKS or raw.startswith(ZIP) else _comma_separated(raw)
    blank, any_line = 0, False
    for number, cells in enumerate(table, start=1):
        if any(cells):
            blank, any_line = 0, True
            yield number, cells
        elif (blank := blank + 1) > MOST_BLANK:
            break
    if not any_line:
        raise InputInvalid(field="file", reason="empty")


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputInvalid(field="file", reason="missing")
        if path.stat().st_size > MOST_BYTES:
            raise InputInvalid(field="file", reason="too_large")
        return path.read_bytes()
    except OSError as error:
        raise InputInvalid(field="file", reason="unreadable") from error


def _workbook(raw: bytes) -> Iterator[list[str]]:
    if not raw.startswith(ZIP):
        raise InputInvalid(field="file", reason="not_a_sheet")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise InputInvalid(field="file", reason="too_large")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.active
        if sheet is None or not hasattr(sheet, "iter_rows"):
            raise InputInvalid(field="file", reason="not_a_sheet")
        for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield [_text(cell) for cell in row]
    except TORN as error:
        raise InputInvalid(field="file", reason="torn") from error
    except NO_SHEET as error:
        raise InputInvalid(field="file", reason="not_a_sheet") from error


def _text(cell: object) -> str:
    """As the person sees it: 25.5, 3, 2026-11-20."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _comma_separated(raw: bytes) -> Iterator[list[str]]:
    text = _decoded(raw)
    if "\x00" in text:
        raise InputInvalid(field="file", reason="not_a_sheet")
    heading = text[: text.find("\n") + 1] or text
    separator = max(",;\t，", key=heading.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator, strict=True):
            yield [cell.strip() for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise InputInvalid(field="file", reason="not_a_sheet") from error


def _decoded(raw: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what a Chinese office program saves."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputInvalid(field="file", reason="not_a_sheet")
