"""What changes in one worksheet part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from zhubao.excel.patch.plan import CellSet, NewRows
from zhubao.excel.patch.styles import Styles
from zhubao.excel.shift import Shift

Result = float | str | bool | None
FormulaChange = Callable[[int, int, bytes, bytes], tuple[bytes, bytes]]
"""(row, column, attributes, text) of a formula as it stands → its attributes and text after."""


@dataclass(slots=True)
class SheetEdit:
    """Everything that changes in one worksheet part.

    `sets` by row as it stands; `new_formulas` per new row, column → formula text as XML;
    `results` by (row, column) after the shift.
    """

    name: str
    file: str
    styles: Styles | None
    date1904: bool = False
    sets: dict[int, list[CellSet]] = field(default_factory=dict)
    new_rows: NewRows | None = None
    new_formulas: Sequence[Mapping[int, bytes]] = ()
    shift: Shift | None = None
    results: Mapping[tuple[int, int], Result] = field(default_factory=dict)
    formula_change: FormulaChange | None = None
    head: Callable[[bytes], bytes] = bytes
    tail: Callable[[bytes], bytes] = bytes

    def after(self, row: int) -> int:
        """The row's number after the shift."""
        shift = self.shift
        return row + shift.count if shift and row >= shift.at else row

    def is_removed(self, row: int) -> bool:
        """True when the row is taken out."""
        shift = self.shift
        return bool(shift and shift.count < 0 and shift.at <= row < shift.at - shift.count)
