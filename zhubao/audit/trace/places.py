"""Cells and ranges of ledgers: what a reference covers, and which record and field a cell is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.excel.address import column_letter, make_ref, parse_ref
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.table import LedgerTable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Span = tuple[int, int, int, int]  # first row, first column, last row, last column


def span_of(ref: str) -> Span | None:
    """The rows and columns of "F12" or "A2:A40"; None when it is neither."""
    first, _, last = ref.replace("$", "").partition(":")
    try:
        top, bottom = parse_ref(first), parse_ref(last or first)
    except ValueError:
        return None
    return (*top, *bottom)


def rows_of_cell(cell: Cell) -> range:
    """The Excel rows a cell or range covers; none for a whole sheet."""
    span = span_of(cell.ref)
    return range(span[0], span[2] + 1) if span else range(0)


def covers(source: Cell, cell: Cell) -> bool:
    """True when `cell` lies in the source's range, on the same sheet."""
    if source.sheet != cell.sheet or source.file != cell.file:
        return False
    if ":" not in source.ref:
        return source.ref == cell.ref
    outer, inner = span_of(source.ref), span_of(cell.ref)
    if outer is None or inner is None:
        return source.ref == cell.ref
    rows = outer[0] <= inner[0] and inner[2] <= outer[2]
    return rows and outer[1] <= inner[1] and inner[3] <= outer[3]


def shares_row(source: Cell, cell: Cell) -> bool:
    """True when the source covers the cell's row, in whatever column."""
    if source.sheet != cell.sheet or source.file != cell.file:
        return False
    row = cell.ref.lstrip(_LETTERS)
    if ":" not in source.ref:  # the usual case, a hundred thousand times
        return source.ref.lstrip(_LETTERS) == row != ""
    return row.isdigit() and int(row) in rows_of_cell(source)


def compact(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The same cells with unbroken runs of rows as ranges: A2:A40, A45; each once.

    Sheets stand in the order they first appear, columns and rows in theirs.
    """
    runs: dict[tuple[str, str], defaultdict[int, set[int]]] = {}
    whole: dict[Cell, None] = {}
    for cell in cells:
        span = span_of(cell.ref)
        if span is None or span[1] != span[3]:
            whole[cell] = None
            continue
        columns = runs.setdefault((cell.file, cell.sheet), defaultdict(set))
        columns[span[1]].update(range(span[0], span[2] + 1))
    found = [
        Cell(file, sheet, ref)
        for (file, sheet), columns in runs.items()
        for column in sorted(columns)
        for ref in _runs(sorted(columns[column]), column)
    ]
    return (*found, *whole)


def by_row(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The rows of these cells, as ranges of column A, sheet by sheet; whole sheets as they are."""
    rows: list[Cell] = []
    for cell in cells:
        span = span_of(cell.ref)
        ref = f"A{span[0]}:A{span[2]}" if span else cell.ref
        rows.append(Cell(cell.file, cell.sheet, ref))
    return compact(rows)


def row_words(rows: Iterable[Cell]) -> str:
    """tenants.xlsx!租赁合同 第5、7—9行；units.xlsx!房源 第2行, of what `by_row` gives."""
    parts: dict[str, list[str]] = {}
    for cell in rows:
        span = span_of(cell.ref)
        words = parts.setdefault(str(Cell(cell.file, cell.sheet)), [])
        if span:
            words.append(str(span[0]) if span[0] == span[2] else f"{span[0]}—{span[2]}")
    return "；".join(
        f"{sheet} 第{'、'.join(words)}行" if words else sheet for sheet, words in parts.items()
    )


def count_cells(cells: Iterable[Cell]) -> int:
    """How many cells these cells and ranges are."""
    total = 0
    for cell in cells:
        span = span_of(cell.ref)
        total += (span[2] - span[0] + 1) * (span[3] - span[1] + 1) if span else 1
    return total


def _runs(rows: list[int], column: int) -> list[str]:
    letter, refs, start = column_letter(column), list[str](), 0
    for at, row in enumerate(rows):
        if at + 1 == len(rows) or rows[at + 1] != row + 1:
            first = rows[start]
            refs.append(f"{letter}{first}" if first == row else f"{letter}{first}:{letter}{row}")
            start = at + 1
    return refs


@dataclass(frozen=True, slots=True)
class Place:
    """The record a ledger cell is in; `field` is "" in a column that no field claims."""

    table: LedgerTable[Any]
    index: int
    field: str

    @property
    def model(self) -> type[LedgerRow]:
        """The row model of the sheet."""
        return self.table.model


class Locator:
    """Finds the record of a cell in the loaded ledgers."""

    def __init__(self, loaded: Loaded) -> None:
        self._sheets: dict[tuple[str, str], list[tuple[LedgerTable[Any], int, int]]] = {}
        self._rows: dict[tuple[str, str], dict[int, int]] = {}
        for table in loaded.tables.values():
            start = 0
            for number, segment in enumerate(table.segments):
                key = segment.file, segment.sheet
                self._sheets.setdefault(key, []).append((table, number, start))
                start += len(segment.rows)

    def at(self, cell: Cell) -> Place | None:
        """The record and field of a cell; None in a row that holds no record."""
        span = span_of(cell.ref)
        parts = self._sheets.get((cell.file, cell.sheet))
        if span is None or not parts:
            return None
        table, number, start = parts[0]
        segment = table.segments[number]
        key = cell.file, cell.sheet
        if key not in self._rows:  # a printed figure asks for each of its ten thousand cells
            self._rows[key] = {row: at for at, row in enumerate(segment.rows)}
        offset = self._rows[key].get(span[0])
        if offset is None:
            return None
        letter = column_letter(span[1])
        field = next((name for name, own in segment.letters.items() if own == letter), "")
        return Place(table, start + offset, field)

    def records_on(self, sheet: Cell) -> int:
        """How many records were read from a sheet."""
        parts = self._sheets.get((sheet.file, sheet.sheet), [])
        return sum(len(table.segments[number].rows) for table, number, _ in parts)

    def sheets_of(self, file: str) -> list[str]:
        """The sheets read from a file, in their order."""
        return [sheet for name, sheet in self._sheets if name == file]


@dataclass(frozen=True, slots=True)
class Target:
    """What the user named: FILE!SHEET!CELL; `sheet` "" stands for the first sheet."""

    file: str  # as typed, with its path
    sheet: str
    ref: str


def parse_target(text: str) -> Target:
    """ "reports/x.xlsx!表!G12", "x.xlsx!G12", "'表'!$G$12" inside; UsageError otherwise."""
    parts = [part.strip().strip("'") for part in text.strip().replace("！", "!").split("!")]
    if len(parts) in (2, 3) and all(parts):
        file, sheet, ref = parts[0], parts[1] if len(parts) == 3 else "", parts[-1]
        span = span_of(ref.upper())
        if span is not None and span[:2] == span[2:]:
            return Target(file, sheet, make_ref(span[0], span[1]))
    raise UsageError(
        f"看不懂“{text}”",
        advice="请写 工作簿!表!单元格，如 arrears.xlsx!应收!F12 或 reports/欠租.xlsx!欠租明细!D5，"
        "或写指标编号。",
    )


def locate(locator: Locator, target: Target, file: str) -> tuple[Cell, Place]:
    """The cell of a ledger and its record; UsageError where there is no such sheet or record."""
    cell = Cell(file, target.sheet, target.ref)
    sheets = locator.sheets_of(file)
    if target.sheet not in sheets:
        known = "、".join(sheets)
        raise UsageError(
            f"{file} 里没有读到“{target.sheet or '（没有写表名）'}”表",
            advice=f"读到的表有：{known or '（无）'}",
        )
    place = locator.at(cell)
    if place is None:
        raise UsageError(
            f"{target.ref} 那一行不是记录（表头、合计、空行或备注）",
            where=f"{file}!{target.sheet}",
            advice="请写一行数据里的单元格。",
        )
    return cell, place
