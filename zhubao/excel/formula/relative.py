"""Formulas outside cells: of drop-down lists, conditional formats, sparklines and controls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from zhubao.excel.address import MAX_ROW
from zhubao.excel.follow.xml_elements import Element, Splice, edited, plain, replaced
from zhubao.excel.formula.ranges import first_column, grows_with_records, move_row, row_bounds
from zhubao.excel.formula.shifting import (
    CORNERS,
    Edit,
    apply_edits,
    references,
    sheet_of,
    shift_edits,
    shifted_reference,
    translate_formula,
)
from zhubao.excel.shift import Shift


@dataclass(frozen=True, slots=True)
class Base:
    """The cell that relative references count from, before the shift; row 0 when there is none.

    `rows` and `columns` lead to the first cell that is left when that one is taken out. `many`
    says that cells of several rows read the formula. `series` marks data of a chart: a single
    row of it is a record's and stays one.
    """

    row: int = 0
    rows: int = 0
    columns: int = 0
    many: bool = False
    series: bool = False


class FormulaFollower:
    """The formulas of sheet `home` outside its cells, under one shift."""

    def __init__(self, shift: Shift, home: str) -> None:
        self._shift = shift
        self._home = home

    def base_of(self, sqref: str, *, many: bool) -> Base:
        """What formulas for these ranges of the shifted sheet count from: their top left cell.

        ValueError for what is no range.
        """
        bounds = [(*row_bounds(ref), first_column(ref)) for ref in sqref.split()]
        row, column = min(one[0] for one in bounds), min(one[2] for one in bounds)
        left = [(kept, one[2]) for one in bounds if (kept := self._first_kept(one[0], one[1]))]
        if not left:
            return Base(row)
        rows, columns = min(one[0] for one in left) - row, min(one[1] for one in left) - column
        many = many and max(one[1] for one in bounds) > row
        return Base(row, rows, columns, many)

    def text(self, element: Element, base: Base) -> list[Splice]:
        """A formula that is an element's text. Raises UnreadableFormula."""
        return self._formula(element.xml, (element.inner, element.inner_end), base)

    def attributes(self, element: Element, names: Iterable[str], base: Base) -> list[Splice]:
        """Formulas that are attributes. Raises UnreadableFormula."""
        splices: list[Splice] = []
        for name in names:
            span = element.span(name)
            if span is not None:
                splices += self._formula(element.xml, span, base)
        return splices

    def _first_kept(self, top: int, bottom: int) -> int:
        """The first row of a range that is not taken out; 0 when all are."""
        shift = self._shift
        after = shift.at - shift.count
        row = after if shift.count < 0 and shift.at <= top < after else top
        return row if row <= bottom else 0

    def _formula(self, xml: bytes, span: tuple[int, int], base: Base) -> list[Splice]:
        if base.series:
            return series_splices(xml, span, self._shift, self._home)
        if not base.columns and not base.rows:
            return edited(xml, span, lambda text: self._edits(text, base))
        text = plain(xml[slice(*span)])
        text = translate_formula(text, base.row, base.row + base.rows, columns=base.columns)
        left = replace(base, row=base.row + base.rows)
        return replaced(xml, span, apply_edits(text, self._edits(text, left)))

    def _edits(self, text: str, base: Base) -> list[Edit]:
        moved = move_row(base.row, self._shift) if base.many else None
        if moved is None:
            return shift_edits(text, self._home, self._shift, row=base.row)
        return offset_edits(text, self._home, self._shift, moved - base.row)


def offset_edits(text: str, home: str, shift: Shift, by: int) -> list[Edit]:
    """How a formula follows that is read by cells of many rows of the shifted sheet.

    Relative rows stay as far from the reading cell as they were, which moves `by` rows; absolute
    ones follow as in a cell's formula. Raises UnreadableFormula.
    """
    edits: list[Edit] = []
    for match in references(text):
        rows = [group for _, group in CORNERS[match.lastgroup or ""] if group]
        if not rows or sheet_of(match["prefix"], home) != shift.sheet.lower():
            continue
        if all(match[row].startswith("$") for row in rows):
            edits += shifted_reference(match, shift, in_record=False)
        else:
            edits += _corner_edits(match, rows, shift, by)
    return edits


def _corner_edits(match: re.Match[str], rows: list[str], shift: Shift, by: int) -> list[Edit]:
    edits: list[Edit] = []
    for row in rows:
        digits = match[row].lstrip("$")
        old = int(digits)
        new = (old + by - 1) % MAX_ROW + 1  # round the sheet, as Excel counts
        if digits != match[row]:
            grows = grows_with_records(shift.block, old, shift, "record") and row == rows[-1]
            moved = move_row(old, shift)
            new = old + shift.count if grows else shift.at if moved is None else moved
        if new != old:
            edits.append((match.end(row) - len(digits), match.end(row), str(new)))
    return edits


def formula_splices(
    xml: bytes, span: tuple[int, int], shift: Shift, home: str, *, row: int = 0
) -> list[Splice]:
    """A formula of sheet `home` in a value or text; `row` as in `shift_formula`."""
    return edited(xml, span, lambda text: shift_edits(text, home, shift, row=row))


def series_splices(xml: bytes, span: tuple[int, int], shift: Shift, home: str) -> list[Splice]:
    """A formula that names the data of a chart."""
    return edited(xml, span, lambda text: shift_edits(text, home, for_series(text, shift)))


def for_series(text: str, shift: Shift) -> Shift:
    """The shift as it applies to a chart's data: a row across several columns does not grow."""
    place = text.rpartition("!")[2]
    try:
        top, bottom = row_bounds(place)
    except ValueError:
        return shift
    ends = {end.lstrip("$").rstrip("0123456789$") for end in place.split(":")}
    return replace(shift, block=0) if top == bottom and len(ends) > 1 else shift
