"""A cell that holds a formula, as a worksheet tells it; shared formulas get their own text."""

from __future__ import annotations

from typing import Literal, NamedTuple

from zhubao.excel.address import parse_ref
from zhubao.excel.formula.shifting import UnreadableFormula, translate_formula
from zhubao.excel.guard import Unusual

Kind = Literal["normal", "shared", "array", "dataTable"]
_KINDS: dict[str, Kind] = {
    "normal": "normal",
    "shared": "shared",
    "array": "array",
    "dataTable": "dataTable",
}


class FormulaCell(NamedTuple):
    """One formula cell; row and column are counted from 1, the text is without "="."""

    row: int
    column: int
    text: str  # "" for a data table, and for a shared formula that cannot be told
    kind: Kind = "normal"
    cached: bool = True
    ref: str = ""  # the cells an array formula or data table fills, or the master's of a group
    shared: int | None = None  # the number of the group of shared formulas


class FormulaList:
    """Formula cells in document order, with the members of shared groups spelled out.

    A member takes the text of the last master before it; one that stands before its master, or
    without any, is `Unusual` where `strict`, else has no text.
    """

    def __init__(self, *, strict: bool) -> None:
        self.cells: list[FormulaCell] = []
        self._strict = strict
        self._masters: dict[int, FormulaCell] = {}

    def add(
        self, row: int, column: int, text: str, attributes: dict[str, str], *, cached: bool
    ) -> None:
        """One more cell, with the attributes of its `f`. Unusual when they make no sense."""
        kind = _KINDS.get(attributes.get("t", "normal"))
        if kind is None:
            raise Unusual
        ref = attributes.get("ref", "")
        if kind != "shared":
            filled = ref if kind != "normal" else ""
            self.cells.append(FormulaCell(row, column, text, kind, cached, filled))
            return
        number = _group(attributes)
        cell = FormulaCell(row, column, text, kind, cached, ref, number)
        if ref and text:
            self._masters[number] = cell
        else:
            cell = cell._replace(text=self._member_text(cell), ref="")
        self.cells.append(cell)

    def _member_text(self, cell: FormulaCell) -> str:
        master = self._masters.get(cell.shared if cell.shared is not None else -1)
        if master is None:
            if self._strict:
                raise Unusual
            return ""
        try:
            return translate_formula(
                master.text, master.row, cell.row, columns=cell.column - master.column
            )
        except UnreadableFormula:
            return ""


def area_bounds(cell: FormulaCell) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the cells this formula fills; its own cell where not told."""
    own = cell.row, cell.column, cell.row, cell.column
    if cell.kind not in ("array", "dataTable") or not cell.ref:
        return own
    first, _, last = cell.ref.partition(":")
    try:
        (top, left), (bottom, right) = parse_ref(first), parse_ref(last or first)
    except ValueError:
        return own
    return (
        min(top, cell.row),
        min(left, cell.column),
        max(bottom, cell.row),
        max(right, cell.column),
    )


def _group(attributes: dict[str, str]) -> int:
    number = attributes.get("si", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Unusual
    return int(number)
