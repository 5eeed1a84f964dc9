"""Which cells of a workbook are formulas."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from zhubao.excel.patch.formula_cells import area_bounds
from zhubao.excel.patch.formula_index import read_formulas
from zhubao.excel.patch.workbook_parts import WorkbookParts


def formula_places(path: Path) -> dict[str, set[tuple[int, int]]]:
    """Sheet → (row, column) of every formula cell, arrays with all their cells.

    Raises what `patch_workbook` raises for a workbook that cannot be changed.
    """
    parts = WorkbookParts.of(path)
    found: dict[str, set[tuple[int, int]]] = {}
    for sheet in parts.structure.sheets:
        for cell in read_formulas(partial(parts.stream, sheet.part), parts.file, sheet.part):
            top, left, bottom, right = area_bounds(cell)
            found.setdefault(sheet.name, set()).update(
                (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
            )
    return found
