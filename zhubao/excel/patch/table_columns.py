"""Columns of Excel tables named in formulas (`表1[金额]`), spelled out as the cells they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from xml.etree import ElementTree

from zhubao.excel.address import column_letter, parse_ref
from zhubao.excel.follow.part import follow_part
from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.patch.workbook_parts import WorkbookParts
from zhubao.excel.shift import Shift

_PIECE = re.compile(
    r"""
    "(?:[^"]|"")*+" | '(?:[^']|'')*+'
  | [\w.\\]*+ \[\[ [^"]*? \]\]
  | (?<![\w.\\\]!]) (?P<table>[^\W\d][\w.\\]*+)? \[ (?P<column>[^\[\]#@'":]++) \] (?![\w!'\[(])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as it lies after the shifts; rows of its records, all rows, and its columns."""

    sheet: str
    rows: tuple[int, int]
    extent: tuple[int, int]
    left: int
    columns: Mapping[str, int]

    def holds(self, sheet: str, cell: FormulaCell) -> bool:
        """Whether the cell lies in the table, where its name may be left out."""
        top, bottom = self.extent
        inside = self.left <= cell.column < self.left + len(self.columns)
        return sheet == self.sheet and top <= cell.row <= bottom and inside

    def cells_of(self, column: str) -> str | None:
        """The records of a column as an absolute reference; None for no such column."""
        number = self.columns.get(column.casefold())
        if number is None or self.rows[0] > self.rows[1]:
            return None
        letter, name = column_letter(number), self.sheet.replace("'", "''")
        return f"'{name}'!${letter}${self.rows[0]}:${letter}${self.rows[1]}"


def with_cells_named(
    formulas: Mapping[str, Sequence[FormulaCell]], parts: WorkbookParts, shifts: Sequence[Shift]
) -> Mapping[str, Sequence[FormulaCell]]:
    """The formulas, all in final coordinates, with table columns as plain references.

    What else a table's brackets may say (`[#This Row]`, several columns) stays as written.
    """
    if not any("[" in cell.text for own in formulas.values() for cell in own):
        return formulas
    tables = _tables(parts, shifts)
    return {
        sheet: [_spelled_out(cell, sheet, tables) if "[" in cell.text else cell for cell in own]
        for sheet, own in formulas.items()
    }


def _spelled_out(cell: FormulaCell, sheet: str, tables: Mapping[str, _Table]) -> FormulaCell:
    own = next((table for table in tables.values() if table.holds(sheet, cell)), None)
    spell_out = partial(_reference, tables=tables, own=own)
    return cell._replace(text=_PIECE.sub(spell_out, cell.text))


def _reference(match: re.Match[str], *, tables: Mapping[str, _Table], own: _Table | None) -> str:
    column, name = match["column"], match["table"]
    table = tables.get(name.casefold()) if name else own
    cells = table.cells_of(column) if table and column else None
    return cells or match[0]


def _tables(parts: WorkbookParts, shifts: Sequence[Shift]) -> dict[str, _Table]:
    """Casefolded name → table, of the whole workbook."""
    found: dict[str, _Table] = {}
    for kind, part, sheet in parts.followers():
        if kind != "table" or sheet is None:
            continue
        xml = parts.read(part)
        for shift in shifts:
            xml = follow_part(kind, xml, shift, sheet)
        root = ElementTree.fromstring(xml)
        table = _table_of(root, sheet)
        for name in (root.get("displayName"), root.get("name")):
            if table is not None and name:
                found.setdefault(name.casefold(), table)
    return found


def _table_of(root: ElementTree.Element, sheet: str) -> _Table | None:
    first, _, last = root.get("ref", "").partition(":")
    headers, totals = root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")
    try:
        (top, left), (bottom, _) = parse_ref(first), parse_ref(last or first)
        rows = top + int(headers), bottom - int(totals)
    except ValueError:
        return None
    columns = [one for one in root.iter() if one.tag.rpartition("}")[2] == "tableColumn"]
    names = {one.get("name", "").casefold(): left + place for place, one in enumerate(columns)}
    return _Table(sheet, rows, (top, bottom), left, names)
