"""A workbook that zhubao made: the row asked about, and the ledger cells its columns name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhubao.audit.trace.places import Target, span_of
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.excel.address import make_ref
from zhubao.excel.sheet import RawSheet
from zhubao.ledger.row_moves import moves_of, row_now
from zhubao.ledger.store.journal import Entry

FIRST, OTHERS = "来源", "其余来源"
BASIS = "依据"
GONE = "（已删除）"
_HEADER_WITHIN = 12  # rows from the top
_COUNT = re.compile(r"（共 ([0-9,]+) 处）$")
_LEFT = re.compile(r"……另有 ([0-9,]+) 处$")
_BETWEEN = re.compile(r"[、，,；;\n]+")
_NUMBERS = ("编号", "编码", "号")
_TOTALS = ("合计", "全部", "总计", "小计")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell of a made workbook with its row.

    `row` is header → value (of columns with the same header the first); `unnamed` counts sources
    that the row only counts. `via` says in words how the sources were found.
    """

    where: Cell
    header: str
    value: Any
    row: Mapping[str, Any]
    sources: tuple[Cell, ...]
    unnamed: int
    via: str


def read_printed(sheets: Sequence[RawSheet], target: Target) -> Printed:
    """The cell and its sources.

    The row's 来源 and 其余来源; a total has those of the rows above it; a row without any has those
    of the rows of the sheet 依据 with the same number. UsageError when the sheet or the cell is not
    there, or the sheet is no table with sources.
    """
    sheet = _sheet(sheets, target)
    span = span_of(target.ref)
    assert span is not None
    table = _Table(sheet)
    if not table.at or span[0] <= table.at:
        raise UsageError(
            f"{target.ref} 不是报表里的一行数据",
            where=f"{sheet.file}!{sheet.name}",
            advice="请写表头以下的单元格；只有 zhubao 生成的工作簿（带“来源”列）才能追溯。",
        )
    row, column = span[0], span[1]
    header = table.headers.get(column, "")
    value = table.value(row, column)
    if not any(table.value(row, number) not in ("", None) for number in table.headers):
        raise UsageError(f"{target.ref} 那一行是空的", where=f"{sheet.file}!{sheet.name}")
    sources, unnamed, via = _sources(table, sheets, row)
    return Printed(
        Cell(sheet.file, sheet.name, target.ref),
        header,
        value,
        table.record(row),
        sources,
        unnamed,
        via,
    )


def moved_since(printed: Printed, later: Sequence[Entry]) -> Printed:
    """The same with its sources where they stand after the changes `later`.

    A row taken out keeps its old reference, marked by `GONE`.
    """
    if not any(moves_of(entry.cells, c.file, c.sheet) for entry in later for c in printed.sources):
        return printed
    return replace(printed, sources=tuple(_moved(cell, later) for cell in printed.sources))


def rows_naming(sheet: RawSheet) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """(A1 reference of the row's first cell, its sources) of every row with sources."""
    table = _Table(sheet)
    for row in table.rows():
        sources, _ = table.sources(row)
        if sources:
            yield f"A{row}", sources


def is_total(values: Iterable[Any]) -> bool:
    """True for the cells of a row of sums."""
    return any(str(value).strip() in _TOTALS for value in values)


class _Table:
    """The table on a sheet: its header row (0 when there is none) and its columns by number."""

    def __init__(self, sheet: RawSheet) -> None:
        self._sheet = sheet
        self.at = self._header_row()
        values = sheet.rows[self.at - 1] if self.at else []
        self.headers = {
            number: str(value).replace("\n", "")
            for number, value in enumerate(values, 1)
            if value not in ("", None)
        }

    def value(self, row: int, column: int) -> Any:
        """The raw value; "" outside the sheet."""
        rows = self._sheet.rows
        if not (0 < row <= len(rows) and 0 < column <= len(rows[row - 1])):
            return ""
        return rows[row - 1][column - 1]

    def rows(self) -> range:
        """The rows below the header."""
        return range(self.at + 1, len(self._sheet.rows) + 1) if self.at else range(0)

    def record(self, row: int) -> dict[str, Any]:
        """Header → value of a row; sources left out, the first of two equal headers kept."""
        found: dict[str, Any] = {}
        for column, header in self.headers.items():
            if header not in (FIRST, OTHERS):
                found.setdefault(header, self.value(row, column))
        return found

    def sources(self, row: int) -> tuple[tuple[Cell, ...], int]:
        """The cells the row names, and how many more it only counts."""
        first = [c for c, header in self.headers.items() if header == FIRST]
        others = [c for c, header in self.headers.items() if header == OTHERS]
        named, left = [], 0
        for column in first:
            text = _COUNT.sub("", str(self.value(row, column)))
            named += cells_in(text)
        for column in others:
            text = str(self.value(row, column))
            match = _LEFT.search(text)
            left += int(match[1].replace(",", "")) if match else 0
            named += cells_in(_LEFT.sub("", text))
        return tuple(dict.fromkeys(named)), left

    def is_total(self, row: int) -> bool:
        """True for the row of sums below the table."""
        return is_total(self.value(row, column) for column in self.headers)

    def _header_row(self) -> int:
        for number, row in enumerate(self._sheet.rows[:_HEADER_WITHIN], 1):
            if FIRST in row:
                return number
        for number, row in enumerate(self._sheet.rows[:_HEADER_WITHIN], 1):
            if sum(value not in ("", None) for value in row) > 2:
                return number
        return 0


def _moved(cell: Cell, later: Sequence[Entry]) -> Cell:
    span = span_of(cell.ref)
    if span is None:
        return cell
    rows = [row_now(row, later, cell.file, cell.sheet) for row in (span[0], span[2])]
    if rows[0] is None or rows[1] is None:
        return Cell(cell.file, cell.sheet, f"{cell.ref}{GONE}")
    first, last = make_ref(rows[0], span[1]), make_ref(rows[1], span[3])
    return Cell(cell.file, cell.sheet, first if first == last else f"{first}:{last}")


def cells_in(text: str) -> list[Cell]:
    """The cells of "arrears.xlsx!应收!F13、F14；arrears.xlsx!实收!D3"; none where it names none.

    A reference alone belongs to the sheet named before it.
    """
    found: list[Cell] = []
    sheet: tuple[str, str] | None = None
    for part in _BETWEEN.split(text):
        pieces = [piece.strip() for piece in part.split("!")]
        if len(pieces) == 3 and all(pieces):
            sheet = pieces[0], pieces[1]
            found.append(Cell(*sheet, pieces[2]))
        elif len(pieces) == 2 and "." in pieces[0]:
            sheet = None
            found.append(Cell(pieces[0], pieces[1]))
        elif sheet is not None and span_of(pieces[0]) is not None:
            found.append(Cell(*sheet, pieces[0]))
    return found


def _sheet(sheets: Sequence[RawSheet], target: Target) -> RawSheet:
    if not target.sheet and sheets:
        return sheets[0]
    for sheet in sheets:
        if sheet.name == target.sheet:
            return sheet
    names = "、".join(sheet.name for sheet in sheets)
    raise UsageError(f"工作簿里没有“{target.sheet}”表", advice=f"有这些表：{names or '（无）'}")


def _sources(
    table: _Table, sheets: Sequence[RawSheet], row: int
) -> tuple[tuple[Cell, ...], int, str]:
    own, left = table.sources(row)
    basis, more, named = _from_basis(table, sheets, row) if left or not own else ((), 0, "")
    if own and basis:
        new = [cell for cell in basis if cell not in own]
        return (*own, *new), max(0, left - len(new)), f"第 {row} 行的来源列和“{BASIS}”表"
    if own:
        return own, left, f"第 {row} 行的来源列"
    if table.is_total(row):
        above = [table.sources(number) for number in range(table.at + 1, row)]
        cells = tuple(dict.fromkeys(cell for part, _ in above for cell in part))
        left = sum(count for _, count in above)
        return cells, left, f"第 {table.at + 1} 至 {row - 1} 行（合计行以上）的来源列"
    if basis:
        return basis, more, f"“{BASIS}”表里{named}的各行"
    return (), 0, "这一行没有写来源"


def _from_basis(
    table: _Table, sheets: Iterable[RawSheet], row: int
) -> tuple[tuple[Cell, ...], int, str]:
    record = table.record(row)
    for sheet in sheets:
        if sheet.name != BASIS:
            continue
        basis = _Table(sheet)
        for column, header in basis.headers.items():
            wanted = record.get(header, "")
            if not header.endswith(_NUMBERS) or wanted in ("", None):
                continue
            rows = [one for one in basis.rows() if basis.value(one, column) == wanted]
            parts = [basis.sources(one) for one in rows]
            cells = tuple(dict.fromkeys(cell for part, _ in parts for cell in part))
            if cells:
                return cells, sum(left for _, left in parts), f"{header}是 {wanted} "
    return (), 0, ""
