"""Which cells of a workbook are formulas."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from zhubao.excel.formula.cells import area_bounds
from zhubao.excel.formula.index import read_formulas
from zhubao.excel.patch.workbook_parts import WorkbookParts


@dataclass(slots=True)
class FormulaPlaces:
    """The formula cells of one sheet; `(row, column) in places`.

    Arrays count with every cell they fill, however many they claim.
    """

    cells: set[tuple[int, int]] = field(default_factory=set)
    areas: list[tuple[int, int, int, int]] = field(default_factory=list)

    def __contains__(self, place: object) -> bool:
        if place in self.cells or not isinstance(place, tuple):
            return place in self.cells
        row, column = place
        return any(
            top <= row <= bottom and left <= column <= right
            for top, left, bottom, right in self.areas
        )


def formula_places(path: Path) -> dict[str, FormulaPlaces]:
    """Sheet → its formula cells, for the sheets that have any.

    Raises what `patch_workbook` raises for a workbook that cannot be changed.
    """
    parts = WorkbookParts.of(path)
    found: dict[str, FormulaPlaces] = {}
    for sheet in parts.structure.sheets:
        for cell in read_formulas(partial(parts.stream, sheet.part), parts.file, sheet.part):
            places = found.setdefault(sheet.name, FormulaPlaces())
            bounds = area_bounds(cell)
            if bounds[:2] == bounds[2:]:
                places.cells.add(bounds[:2])
            else:
                places.areas.append(bounds)
    return found
