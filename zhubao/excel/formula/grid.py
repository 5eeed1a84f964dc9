"""Cell values read once and kept by column, for formulas that go over the same areas."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import cast

from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import Scalar, plain

Values = Callable[[str, int, int], object]
"""Sheet, row, column → number, text, truth value, None, ERROR; anything else is UNKNOWN.

Dates are given as the serial numbers Excel counts with.
"""


class _Unread(enum.Enum):
    UNREAD = 0


_Column = list[Scalar | _Unread]
_UNREAD = _Unread.UNREAD


class Grid:
    """The sheets' cells; a cell must not change once it was read as part of an area.

    `sheets` are the sheets' names as `values` knows them; others are asked for casefolded.
    """

    def __init__(self, values: Values, sheets: Iterable[str]) -> None:
        self._values = values
        self._sheets = {sheet.casefold(): sheet for sheet in sheets}
        self._columns: dict[tuple[str, int], _Column] = {}

    def spelled(self, sheet: str) -> str:
        """The sheet's name as `values` knows it."""
        return self._sheets.get(sheet, sheet)

    def cell(self, sheet: str, row: int, column: int) -> Scalar:
        """One cell."""
        return plain(self._values(self.spelled(sheet), row, column))

    def area(self, area: Area) -> list[Scalar]:
        """All cells of an area, row by row."""
        columns = [self._slice(area, column) for column in range(area.left, area.right + 1)]
        if len(columns) == 1:
            return columns[0]
        return [cell for row in zip(*columns, strict=True) for cell in row]

    def _slice(self, area: Area, column: int) -> list[Scalar]:
        kept = self._columns.setdefault((area.sheet, column), [])
        if len(kept) < area.bottom:
            kept += [_UNREAD] * (area.bottom - len(kept))
        found = kept[area.top - 1 : area.bottom]
        if _Unread in set(map(type, found)):
            return self._fill(kept, area, column)
        return cast(list[Scalar], found)

    def _fill(self, kept: _Column, area: Area, column: int) -> list[Scalar]:
        sheet, values = self.spelled(area.sheet), self._values
        cells: list[Scalar] = []
        for row in range(area.top, area.bottom + 1):
            cell = kept[row - 1]
            if isinstance(cell, _Unread):
                cell = kept[row - 1] = plain(values(sheet, row, column))
            cells.append(cell)
        return cells
