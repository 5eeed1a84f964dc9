"""The cached results of formulas after a change: the right ones, or none where not certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from zhubao.excel.formula.cells import FormulaCell
from zhubao.excel.formula.dependents import Cells, Change, Web
from zhubao.excel.formula.evaluate import Evaluator, Result
from zhubao.excel.formula.grid import Values
from zhubao.excel.formula.reach import Place
from zhubao.excel.formula.tokens import Area
from zhubao.excel.formula.values import UNKNOWN, Uncertain

CachedResults = dict[str, dict[tuple[int, int], float | str | bool | None]]
"""Sheet → (row, column) → the result to store; None drops the cached value."""

Extent = Callable[[str], tuple[int, int]]
"""A sheet's last row and last column that may hold anything; (0, 0) for an empty sheet."""

_PARTIAL = re.compile(r"(?:SUBTOTAL|AGGREGATE)\(", re.IGNORECASE)


def cached_results(
    formulas: Mapping[str, Sequence[FormulaCell]],
    changed: Mapping[str, Cells],
    names: Mapping[str, str],
    values: Values,
    *,
    seams: Mapping[str, Collection[int]] | None = None,
    extent: Extent,
    hidden_rows: Callable[[str], Collection[int]] | None = None,
    sheets: Iterable[str] = (),
) -> CachedResults:
    """What is to be cached in every formula cell that depends on the change; others are not named.

    All by sheet, in final coordinates and texts; `changed` names new formula cells too. `names`
    as in `NeedsReader`, `seams` as in `Change`. `values` gives what stands in cells in the end;
    it is not asked for formulas that depend on the change, nor for those without cached value.
    `hidden_rows` tells a sheet's hidden or filtered rows; without it no SUBTOTAL is certain.
    `sheets` are all the sheets' names as `values` knows them.

    None for array formulas and data tables (and each cell they fill), for formulas in or above a
    circle, for those that read a result which changes by itself (TODAY), and for all that
    `Evaluator` is not sure of.
    """
    web = Web(formulas, names)
    stale = web.stale(Change(changed, seams or {}))
    if not stale:
        return {}
    work, wide = _Work(web, stale, values), _widened(extent, formulas)
    evaluator = Evaluator(
        work.value,
        sheets=[*sheets, *formulas, *changed],
        names=web.reader,
        extent=wide,
        is_plain=_PlainAreas(formulas, hidden_rows).holds if hidden_rows else None,
    )
    order, circular = web.order(stale)
    for number in order:
        work.settle(number, evaluator)
    for number in circular:
        work.give_up(number)
    return work.results(wide)


class _Work:
    """The results so far, and the values formulas read."""

    def __init__(self, web: Web, stale: set[int], values: Values) -> None:
        self._web = web
        self._values = values
        self._stale = stale
        doubtful = stale | web.moody() | set(web.without_result())
        self._known: dict[Place, Result] = {web.place(number): UNKNOWN for number in doubtful}
        self._filled = [area for number in doubtful if (area := web.filled(number)).size > 1]

    def value(self, sheet: str, row: int, column: int) -> object:
        """What stands in a cell in the end."""
        key = sheet.casefold()
        known = self._known.get((key, row, column))
        if known is not None:
            return known
        if self._filled and any(area.holds(key, row, column) for area in self._filled):
            return UNKNOWN
        return self._values(sheet, row, column)

    def settle(self, number: int, evaluator: Evaluator) -> None:
        """Work one formula out."""
        cell = self._web.cells[number]
        if cell.kind in ("normal", "shared") and cell.text:
            place = cell.row, cell.column
            result = evaluator.evaluate(cell.text, self._web.sheets[number], place)
            self._known[self._web.place(number)] = result

    def give_up(self, number: int) -> None:
        """A formula that has no certain result."""
        self._known[self._web.place(number)] = UNKNOWN

    def results(self, extent: Extent) -> CachedResults:
        """By sheet; cells that array formulas fill come with their formula."""
        found: CachedResults = {}
        for number in sorted(self._stale):
            sheet = self._web.sheets[number]
            own = found.setdefault(sheet, {})
            area = self._web.filled(number)
            last_row, last_column = extent(sheet)
            for row in range(area.top, min(area.bottom, last_row) + 1):
                for column in range(area.left, min(area.right, last_column) + 1):
                    own.setdefault((row, column), None)
            known = self._known[self._web.place(number)]
            own[self._web.place(number)[1:]] = None if isinstance(known, Uncertain) else known
        return found


class _PlainAreas:
    """Areas in which SUBTOTAL counts every cell."""

    def __init__(
        self,
        formulas: Mapping[str, Sequence[FormulaCell]],
        hidden_rows: Callable[[str], Collection[int]],
    ) -> None:
        self._spelled = {sheet.casefold(): sheet for sheet in formulas}
        self._hidden_rows = hidden_rows
        self._partial = [
            (sheet.casefold(), cell.row, cell.column)
            for sheet, own in formulas.items()
            for cell in own
            if _PARTIAL.search(cell.text) is not None
        ]

    def holds(self, area: Area) -> bool:
        """Whether no row is hidden there and no cell is a SUBTOTAL itself."""
        if any(area.holds(*place) for place in self._partial):
            return False
        hidden = self._hidden_rows(self._spelled.get(area.sheet, area.sheet))
        return not any(area.top <= row <= area.bottom for row in hidden)


def _widened(extent: Extent, formulas: Mapping[str, Sequence[FormulaCell]]) -> Extent:
    """The sheets' extents with their formula cells, which the caller may not have counted."""
    least = {
        sheet: (max(cell.row for cell in own), max(cell.column for cell in own))
        for sheet, own in formulas.items()
        if own
    }

    def widened(sheet: str) -> tuple[int, int]:
        rows, columns = extent(sheet)
        least_rows, least_columns = least.get(sheet, (0, 0))
        return max(rows, least_rows), max(columns, least_columns)

    return widened
