"""A bank's or cashier's list as sheets of raw rows, whatever file it comes in.

Workbooks go through `excel.book`; text goes through here: UTF-8 with or without BOM, UTF-16 with
BOM, GB18030; comma, tab, semicolon or bar. What a file is, its bytes say, not its extension: banks
hand out tab-separated text as .xls. Nothing is interpreted here.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from zhubao.core.errors import WorkbookDamaged, WorkbookHostile
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.excel.book import open_book
from zhubao.excel.container import SAVE_AS
from zhubao.excel.faults import SHEET_HIDDEN
from zhubao.excel.guard import MAX_AREA
from zhubao.excel.sheet import RawSheet

HIDDEN_SHEET_PASSED_OVER = declare(
    "RE-220",
    "隐藏的表没有读取",
    Severity.WARNING,
    "“{sheet}”表是隐藏的，其中的内容没有当作流水读取",
    "如果里面也是流水，请在 Excel 里取消隐藏、保存后再导入",
    bad="流水工作簿里另有一张隐藏的“5月”",
    good="流水工作簿里没有隐藏的表",
)

_DELIMITERS = ",\t;|"
_SAMPLE = 200  # records looked at to find the delimiter
_LARGEST = 256 << 20
_HEAD = 4096
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NO_TEXT = (b"<", b"%PDF", b"{\\rtf", b"Rar!")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_GUARD_TAB = re.compile(r"\t(?=[,;|\r\n]|$)")  # banks put a tab behind a number to keep its digits
_GUARDED = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class StatementFile:
    """The sheets of a list; a text file is one sheet without a name. `rows[0]` is row 1."""

    name: str
    sheets: tuple[RawSheet, ...]
    findings: tuple[Finding, ...] = ()


def read_statement_file(path: Path) -> StatementFile:
    """Read a workbook or a text file; hidden sheets are passed over, and that is said.

    Raises the Workbook* error that says why the file cannot be read: missing, empty, protected,
    damaged (among them bytes in no known encoding, quotes without an end), too large.
    """
    if is_text(path):
        return StatementFile(path.name, (_text_sheet(path),))
    book = open_book(path)
    findings = [one for one in book.findings if one.code != SHEET_HIDDEN.code]
    findings += [
        HIDDEN_SHEET_PASSED_OVER.at(Cell(sheet.file, sheet.name), sheet=sheet.name)
        for sheet in book.sheets
        if sheet.hidden and _has_content(sheet)
    ]
    shown = tuple(sheet for sheet in book.sheets if not sheet.hidden and _has_content(sheet))
    return StatementFile(book.name, shown, tuple(findings))


def decode(data: bytes, file: str) -> str:
    """The text of the bytes: by its BOM, else UTF-8, else GB18030; WorkbookDamaged for neither."""
    if data[:2] in UTF16:
        return _decoded(data, "utf-16", file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030", file)


def split_text(text: str, file: str) -> list[list[str]]:
    """The records of delimited text, each as its cells; a blank line is an empty record."""
    delimiter = _delimiter(text)
    if delimiter != "\t":
        text = _GUARD_TAB.sub("", text)
    records = _records(text, delimiter, file)
    for number, record in enumerate(records, 1):
        if any(_swallowed(cell, delimiter) for cell in record):
            raise WorkbookDamaged(
                f"{file} 第 {number} 行有引号没有成对，后面的行被连成了一格",
                where=f"{file}!{number}",
                advice="请用记事本或 Excel 打开，删去或补上这个引号，再导入",
            )
    return records


def is_text(path: Path) -> bool:
    """True for text; what is missing, empty or no text is left to `open_book` and its messages."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    if head[:2] in UTF16:
        return True
    start = head.lstrip()
    return bool(start) and b"\0" not in head and not start.startswith((*_PACKED, *_NO_TEXT))


def _text_sheet(path: Path) -> RawSheet:
    if path.stat().st_size > _LARGEST:
        raise _too_large(path.name)
    records = split_text(decode(path.read_bytes(), path.name), path.name)
    width = max(map(len, records), default=0)
    if width * len(records) > MAX_AREA:
        raise _too_large(path.name)
    return RawSheet(path.name, "", [_padded(record, width) for record in records])


def _too_large(file: str) -> WorkbookHostile:
    return WorkbookHostile(
        f"{file} 太大，没有读取", where=file, advice="请按月份分成几个文件，分次导入"
    )


def _decoded(data: bytes, codec: str, file: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise WorkbookDamaged(
            f"{file} 第 {line} 行有读不出的字符（不是 UTF-8，也不是 GB18030）",
            where=f"{file}!{line}",
            advice=SAVE_AS,
        ) from fault


def _delimiter(text: str) -> str:
    """The sign that cuts most records into the same number of cells, and into more of them."""
    sample = _GUARD_TAB.sub("", "".join(islice(io.StringIO(text), _SAMPLE)))
    return max(_DELIMITERS, key=lambda sign: _regularity(sample, sign))


def _regularity(sample: str, delimiter: str) -> tuple[int, int]:
    rows = csv.reader(io.StringIO(sample), delimiter=delimiter)
    widths = Counter(len(row) for row in _until_fault(rows) if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _until_fault(rows: Iterable[list[str]]) -> list[list[str]]:
    found: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        found.extend(rows)
    return found


def _records(text: str, delimiter: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[_bare(cell) for cell in row] for row in reader]
    except csv.Error as fault:
        raise WorkbookDamaged(
            f"{file} 第 {reader.line_num} 行读不下去（{fault}）",
            where=f"{file}!{reader.line_num}",
            advice=SAVE_AS,
        ) from fault


def _bare(cell: str) -> str:
    """="622848…" is how banks keep Excel from rounding a number."""
    guarded = _GUARDED.fullmatch(cell.strip()) if cell[:1] in "= " and '="' in cell else None
    return guarded[1] if guarded else cell


def _swallowed(cell: str, delimiter: str) -> bool:
    """The cell holds whole lines of the file: its quote has no end where it should."""
    if "\n" not in cell:
        return False
    return any(line.count(delimiter) >= 2 for line in cell.splitlines()[1:])


def _padded(record: Sequence[str], width: int) -> list[str]:
    return [*record, *[""] * (width - len(record))]


def _has_content(sheet: RawSheet) -> bool:
    return any(value not in (None, "") for row in sheet.rows for value in row)
