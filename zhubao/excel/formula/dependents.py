"""Who depends on whom: the formulas whose results a change makes stale, in order of evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zhubao.excel.formula.cells import FormulaCell, area_bounds
from zhubao.excel.formula.needs import Needs, NeedsReader
from zhubao.excel.formula.order import Ordering
from zhubao.excel.formula.reach import Place, Readers
from zhubao.excel.formula.tokens import Area

_MANY_CELLS = 10_000
Cells = Collection[tuple[int, int]]
"""Rows and columns."""


class Dependent(NamedTuple):
    """A formula cell with a stale result; not evaluable when it reads itself in the end."""

    sheet: str
    row: int
    column: int
    evaluable: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in a workbook, in final coordinates, by sheet.

    `cells` are the cells with another value or formula; `seams` the rows before which rows were
    put in or taken out: each range that touches such an edge is stale, and so is each formula
    that tells where cells stand (ROW) or that lost a cell (#REF!).
    """

    cells: Mapping[str, Cells] = field(default_factory=dict)
    seams: Mapping[str, Collection[int]] = field(default_factory=dict)

    def is_nothing(self) -> bool:
        """Whether no cell and no row differs."""
        return not any(self.cells.values()) and not any(self.seams.values())


def dependents(
    formulas: Mapping[str, Sequence[FormulaCell]],
    changed: Mapping[str, Cells],
    names: Mapping[str, str],
    *,
    seams: Mapping[str, Collection[int]] | None = None,
) -> list[Dependent]:
    """The formulas that depend on changed cells, and those that stand in one, across sheets.

    `formulas` and `changed` are by sheet, in final coordinates; `names` as in `NeedsReader`,
    `seams` as in `Change`. Each formula comes after those it reads; circles, and what was found
    above them, come last. A formula whose cells cannot be told from its text depends on any
    change.
    """
    web = Web(formulas, names)
    return web.ordered(web.stale(Change(changed, seams or {})))


class Web:
    """All formulas of a workbook with what they read."""

    def __init__(
        self, formulas: Mapping[str, Sequence[FormulaCell]], names: Mapping[str, str]
    ) -> None:
        self.cells = [cell for own in formulas.values() for cell in own]
        self.sheets = [sheet for sheet, own in formulas.items() for _ in own]
        self.reader = NeedsReader(names)
        self.needs: list[Needs] = [
            self.reader.needs(cell.text, sheet)
            for cell, sheet in zip(self.cells, self.sheets, strict=True)
        ]
        self._places: list[Place] = [
            (sheet.casefold(), cell.row, cell.column)
            for cell, sheet in zip(self.cells, self.sheets, strict=True)
        ]
        self._at = {place: number for number, place in enumerate(self._places)}

    def stale(self, change: Change) -> set[int]:
        """The numbers of the formulas that depend on the change or stand in it."""
        if change.is_nothing():
            return set()
        places = [
            (sheet.casefold(), row, column)
            for sheet, cells in change.cells.items()
            for row, column in cells
        ]
        readers = self._readers(places)
        roots = {self._at[place] for place in places if place in self._at}
        roots |= self._unsettled(any(change.seams.values()))
        for sheet, rows in change.seams.items():
            roots.update(readers.across(sheet.casefold(), rows))
        return self._spread(readers, places, roots)

    def moody(self) -> set[int]:
        """The formulas whose result may change by itself (TODAY), and all that depend on them."""
        roots = {number for number, needs in enumerate(self.needs) if needs.volatile}
        return self._spread(self._readers([]), [], roots) if roots else set()

    def without_result(self) -> list[int]:
        """The formulas no program has worked out yet."""
        return [number for number, cell in enumerate(self.cells) if not cell.cached]

    def place(self, number: int) -> Place:
        """Where a formula stands, the sheet casefolded."""
        return self._places[number]

    def filled(self, number: int) -> Area:
        """The cells this formula fills: its own, or all of an array formula."""
        return Area(self._places[number][0], *area_bounds(self.cells[number]))

    def ordered(self, numbers: Iterable[int]) -> list[Dependent]:
        """These formulas in order of evaluation."""
        order, circular = self.order(numbers)
        return [
            Dependent(self.sheets[number], *self.cells[number][:2], evaluable)
            for group, evaluable in ((order, True), (circular, False))
            for number in group
        ]

    def order(self, numbers: Iterable[int]) -> tuple[list[int], list[int]]:
        """These formulas in order of evaluation, and those that depend on themselves."""
        chosen = sorted(numbers)
        ordering = Ordering(
            [self._places[number] for number in chosen],
            [self.needs[number].areas for number in chosen],
        )
        ordering.run()
        return (
            [chosen[at] for at in ordering.ordered],
            [chosen[at] for at in ordering.circular],
        )

    def _readers(self, places: Iterable[Place]) -> Readers:
        columns: dict[str, set[int]] = {}
        for sheet, _, column in places:
            columns.setdefault(sheet, set()).add(column)
        for number, (sheet, _, column) in enumerate(self._places):
            own = columns.setdefault(sheet, set())
            if self.cells[number].kind == "array" or self.cells[number].kind == "dataTable":
                filled = self.filled(number)
                own.update(range(filled.left, filled.right + 1))
            else:
                own.add(column)
        return Readers([needs.areas for needs in self.needs], columns)

    def _unsettled(self, are_rows_moved: bool) -> set[int]:
        """The formulas that depend on any change, or on any move of rows."""
        return {
            number
            for number, needs in enumerate(self.needs)
            if needs.everything or (are_rows_moved and needs.positional)
        }

    def _spread(self, readers: Readers, places: Iterable[Place], roots: set[int]) -> set[int]:
        found = set(roots)
        waiting = list(roots)
        for place in places:
            self._meet(readers.of_cell(place), found, waiting)
        while waiting:
            filled = self.filled(waiting.pop())
            if filled.size > _MANY_CELLS:
                self._meet(readers.of_area(filled), found, waiting)
                continue
            for row in range(filled.top, filled.bottom + 1):
                for column in range(filled.left, filled.right + 1):
                    self._meet(readers.of_cell((filled.sheet, row, column)), found, waiting)
        return found

    @staticmethod
    def _meet(readers: Iterable[int], found: set[int], waiting: list[int]) -> None:
        for number in readers:
            if number not in found:
                found.add(number)
                waiting.append(number)
