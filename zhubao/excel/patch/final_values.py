"""The values of a workbook as they will stand after a patch, for working out formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from zhubao.excel.book import open_book
from zhubao.excel.formula.values import ERROR
from zhubao.excel.patch.cells import serial_of
from zhubao.excel.patch.plan import CellValue, WorkbookPatch
from zhubao.excel.patch.verify import expected_cells
from zhubao.excel.sheet import RawSheet
from zhubao.excel.shift import Shift


class FinalValues:
    """Looks values up by sheet, row and column after the patch; sheets are read when asked for."""

    def __init__(
        self, source: Path, patch: WorkbookPatch, shifts: Sequence[Shift], *, date1904: bool
    ) -> None:
        self._source, self._date1904 = source, date1904
        self._shifts = {shift.sheet: shift for shift in shifts}
        self._planned: Mapping[str, dict[int, dict[int, CellValue]]] = {
            name: expected_cells(sheet) for name, sheet in patch.sheets.items()
        }
        self._sheets: dict[str, RawSheet | None] = {}

    def value(self, sheet: str, row: int, column: int) -> object:
        """A number (dates as serials), text, truth value or None; ERROR where there is an error."""
        planned = self._planned.get(sheet, {}).get(row, {})
        if column in planned:
            value = planned[column]
            return None if value == "" else self._number(value)
        before = self._row_before(sheet, row)
        return None if before is None else self._stored(sheet, before, column)

    def extent(self, sheet: str) -> tuple[int, int]:
        """The last row and column that may hold something."""
        raw = self._sheet(sheet)
        rows = len(raw.rows) if raw else 0
        columns = len(raw.rows[0]) if raw and raw.rows else 0
        shift = self._shifts.get(sheet)
        planned = self._planned.get(sheet, {})
        widest = max((max(cells, default=0) for cells in planned.values()), default=0)
        last = max(_rows_after(rows, shift), max(planned, default=0))
        return last, max(columns, widest)

    def hides_rows(self, sheet: str) -> bool:
        """True when rows of the sheet are hidden or filtered away."""
        raw = self._sheet(sheet)
        return raw is not None and raw.hidden_rows > 0

    def _row_before(self, sheet: str, row: int) -> int | None:
        """The row's number before the shift; None for a row put in."""
        shift = self._shifts.get(sheet)
        if shift is None or row < shift.at:
            return row
        if shift.count > 0 and row < shift.at + shift.count:
            return None
        return row - shift.count

    def _stored(self, sheet: str, row: int, column: int) -> object:
        raw = self._sheet(sheet)
        if raw is None or row > len(raw.rows) or column > len(raw.rows[row - 1]):
            return None
        if (row, column) in raw.errors:
            return ERROR
        value = raw.rows[row - 1][column - 1]
        return None if value == "" else self._number(value)

    def _number(self, value: object) -> object:
        if isinstance(value, dt.date):
            return float(serial_of(value, date1904=self._date1904))
        return value

    def _sheet(self, name: str) -> RawSheet | None:
        if name not in self._sheets:
            self._sheets[name] = open_book(self._source, sheets=[name]).sheet(name)
        return self._sheets[name]


def _rows_after(rows: int, shift: Shift | None) -> int:
    """The last row after the shift; only rows that were there can go."""
    if shift is None or (shift.count < 0 and rows < shift.at):
        return rows
    return max(rows + shift.count, shift.at - 1)
