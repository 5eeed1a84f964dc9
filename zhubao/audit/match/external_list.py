"""An external list as batches of rows: its header found by kind, the rows never held whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from zhubao.audit.match.kinds import NAMES, NUMBERS, RULES, MatchKind
from zhubao.audit.match.list_text import text_records
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.excel.address import make_ref
from zhubao.excel.columns import ColumnSpec
from zhubao.excel.header import SEARCH_ROWS, Header, best_header
from zhubao.excel.kinds import CellKind
from zhubao.excel.row_stream import StreamedSheet, stream_book
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.statement_file import is_text

SHEET_PASSED_OVER = declare(
    "AU-296",
    "名单里有一张表没有比对",
    Severity.WARNING,
    "“{sheet}”{why}，没有比对",
    "如果里面也是名单，请取消隐藏，或把表头改成“身份证号”“姓名”，再比对一次",
    bad="名单工作簿里另有一张隐藏的“旧数据”",
    good="每张表都有身份证号一列",
)
BATCH = 20_000
_GUARDED = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows of one sheet; `first` is the Excel row of the first of them."""

    sheet: ListSheet
    first: int
    rows: list[list[Any]]

    def column(self, place: int) -> list[Any]:
        """The raw values of one column; "" where a row is shorter."""
        if place < 0:
            return [""] * len(self.rows)
        try:
            return [row[place] for row in self.rows]
        except IndexError:
            return [row[place] if place < len(row) else "" for row in self.rows]


@dataclass(frozen=True, slots=True)
class ListSheet:
    """Where the columns of one sheet stand (-1: not there), and how its dates are counted."""

    file: str
    name: str
    header: Header
    date1904: bool
    number: int
    person: int

    def cell(self, row: int, place: int) -> Cell:
        """名单.xlsx!车辆!C12."""
        return Cell(self.file, self.name, make_ref(row, max(place, 0) + 1))

    def place(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """(header as the list writes it, column) of those of the columns that are there."""
        for name in names:
            found = self.header.matched.get(name)
            if found is not None:
                yield found.text, found.column


def read_list(
    path: Path, kind: MatchKind, passed_over: list[Finding] | None = None
) -> Iterator[Batch]:
    """The rows of every sheet that has a column of identity numbers, in batches.

    A sheet that is hidden, or has content and no such column, is added to `passed_over`.
    Raises the Workbook* error that says why the file cannot be read, and UsageError where no sheet
    has such a column.
    """
    specs, found = _specs(kind), False
    left = passed_over if passed_over is not None else []
    for sheet in _sheets(path):
        rows = iter(sheet.rows)
        head = list(islice(rows, SEARCH_ROWS + 1))
        listed = None if sheet.hidden else _recognised(sheet, head, specs)
        if listed is None:
            left += _left_out(sheet, head)
            continue
        found = True
        below = chain(head[listed.header.last :], rows)
        first = listed.header.last + 1
        while batch := list(islice(below, BATCH)):
            yield Batch(listed, first, batch)
            first += len(batch)
    if not found:
        raise UsageError(
            f"{path.name} 里没有身份证号一列，不能比对",
            where=str(path),
            advice=f"{kind.value}名单要有“身份证号”（或“证件号码”等）和“姓名”两列，表头各占一格。",
        )


def text_of(value: Any) -> str:
    """A cell as text: 12.0 → 12, ="4301…" → 4301…, blanks inside made one."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    text = str(value)
    guarded = _GUARDED.fullmatch(text) if '="' in text else None
    return " ".join((guarded[1] if guarded else text).split())


def _sheets(path: Path) -> Iterator[StreamedSheet]:
    if is_text(path):
        yield StreamedSheet(path.name, "", text_records(path))
    else:
        yield from stream_book(path)


def _recognised(
    sheet: StreamedSheet, head: list[list[Any]], specs: Sequence[ColumnSpec]
) -> ListSheet | None:
    width = max(map(len, head), default=0)
    padded = [[_header_value(v) for v in row] + [""] * (width - len(row)) for row in head]
    header = best_header(RawSheet(sheet.file, sheet.name, padded), specs) if width else None
    if header is None or "number" not in header.matched:
        return None
    person = header.matched["person"].column if "person" in header.matched else -1
    number = header.matched["number"].column
    return ListSheet(sheet.file, sheet.name, header, sheet.date1904, number, person)


def _left_out(sheet: StreamedSheet, head: list[list[Any]]) -> Iterator[Finding]:
    if any(value not in ("", None) for row in head for value in row):
        why = "是隐藏的" if sheet.hidden else "里没有找到身份证号一列"
        yield SHEET_PASSED_OVER.at(Cell(sheet.file, sheet.name), sheet=sheet.name, why=why)


def _header_value(value: Any) -> Any:
    return text_of(value) if isinstance(value, str) else value


def _specs(kind: MatchKind) -> tuple[ColumnSpec, ...]:
    """身份证号 and 姓名 with the kind's own words; every date and detail under its first name."""
    rules = RULES[kind]
    number = ColumnSpec(
        "number", "身份证号", (*rules.numbers, *NUMBERS), CellKind.IDENTITY, required=True
    )
    person = ColumnSpec("person", "姓名", (*rules.names, *NAMES))
    days = [ColumnSpec(name, name) for name in dict.fromkeys((*rules.begins, *rules.ends))]
    details = [ColumnSpec(group[0], group[0], group[1:]) for group in rules.details]
    return (number, person, *days, *details)
