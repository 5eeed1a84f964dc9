"""The cached results of a workbook's formulas after a patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from zhubao.excel.address import MAX_ROW
from zhubao.excel.follow.part import follow_part
from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.formula.results import CachedResults, cached_results
from zhubao.excel.patch.final_values import FinalValues
from zhubao.excel.patch.plan import WorkbookPatch
from zhubao.excel.patch.table_columns import with_cells_named
from zhubao.excel.patch.verify import expected_cells
from zhubao.excel.patch.workbook_parts import WorkbookParts
from zhubao.excel.shift import Shift

Results = CachedResults


def results_after(
    source: Path,
    parts: WorkbookParts,
    patch: WorkbookPatch,
    shifts: Sequence[Shift],
    formulas: Mapping[str, Sequence[FormulaCell]],
) -> Results:
    """Sheet → (row, column) → the result to store, of every formula that depends on the patch.

    `formulas` as they stand after it. None: the result cannot be told, and the old one must go.
    """
    values = FinalValues(source, patch, shifts, date1904=parts.structure.date1904)
    changed = {
        name: {(row, column) for row, cells in expected_cells(sheet).items() for column in cells}
        for name, sheet in patch.sheets.items()
    }
    for name, sheet in patch.sheets.items():
        new = sheet.new_rows
        rows = range(new.at, new.at + len(new.rows)) if new else range(0)
        copied = {(one.row, one.column) for one in formulas.get(name, ()) if one.row in rows}
        changed[name] |= copied
    return cached_results(
        with_cells_named(formulas, parts, shifts),
        changed,
        _defined_names(parts, shifts),
        values.value,
        seams={shift.sheet: {shift.at} for shift in shifts},
        extent=values.extent,
        hidden_rows=lambda name: range(1, MAX_ROW + 1) if values.hides_rows(name) else (),
        sheets=parts.structure.names,
    )


def _defined_names(parts: WorkbookParts, shifts: Sequence[Shift]) -> dict[str, str]:
    """Name, or "sheet!name" for one of a single sheet → its formula after the shifts."""
    xml = parts.read(parts.workbook)
    for shift in shifts:
        xml = follow_part("workbook", xml, shift, None)
    found: dict[str, str] = {}
    for element in ElementTree.fromstring(xml).iter():
        if element.tag.rpartition("}")[2] == "definedName":
            name = element.get("name", "")
            place = element.get("localSheetId", "")
            known = place.isdigit() and int(place) < len(parts.structure.names)
            sheet = parts.structure.names[int(place)] if known else ""
            found[f"{sheet}!{name}" if sheet else name] = element.text or ""
    return found
