"""Source cells as ranges, quickly: a figure at full size has hundreds of thousands of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from zhubao.audit.trace.places import compact
from zhubao.core.finding import Cell
from zhubao.summary.indicators.figures import Measured

_DIGITS = "0123456789"
_Column = tuple[str, str, str]  # file, sheet, letters


def ranges_of(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """What `compact` makes of the cells: unbroken runs of rows as ranges, each cell once.

    Single cells, the usual case, are put together here; `compact` has the last word where there
    are also ranges or whole sheets among them.
    """
    columns: dict[_Column, set[int]] = {}
    kept: list[Cell] = []  # the others, and the first cell of each column for its sheet's place
    others = False
    for cell in cells:
        ref = cell.ref
        letters = ref.rstrip(_DIGITS)
        key = (cell.file, cell.sheet, letters)
        rows = columns.get(key)
        if rows is None or letters == ref or ref[len(letters)] == "0":
            kept.append(cell)
            if not _is_single(ref, letters):
                others = True
                continue
            rows = columns.setdefault(key, set())
        rows.add(int(ref[len(letters) :]))
    if others:
        return compact((*kept, *_runs_of(columns, columns)))
    return tuple(_runs_of(columns, _in_order(columns)))


def _is_single(ref: str, letters: str) -> bool:
    """True for the reference of one cell as ledgers write it, such as G12."""
    plain = letters.isascii() and letters.isalpha() and letters.isupper()
    return plain and letters != ref and ref[len(letters)] != "0"


def _in_order(columns: Iterable[_Column]) -> list[_Column]:
    """The columns sheet by sheet, sheets in the order they came, columns from the left."""
    sheets = {one[:2]: None for one in columns}
    place = {sheet: at for at, sheet in enumerate(sheets)}
    return sorted(columns, key=lambda one: (place[one[:2]], len(one[2]), one[2]))


class Ranges:
    """The ranges of the figures of one summary; a list of cells that several share, made once."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[tuple[Cell, ...], tuple[Cell, ...]]] = {}

    def of(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The ranges of a figure's numerator or denominator."""
        kept = self._made.get(id(cells))
        if kept is None:
            # the list is kept with its ranges: as long as it lives, no other has its id
            kept = self._made[id(cells)] = (cells, ranges_of(cells))
        return kept[1]

    def of_measured(self, measured: Measured) -> tuple[Cell, ...]:
        """All sources of a figure, numerator and denominator together."""
        if not measured.base or measured.base is measured.cells:
            return self.of(measured.cells)
        return compact((*self.of(measured.cells), *self.of(measured.base)))


def _runs_of(columns: Mapping[_Column, set[int]], order: Iterable[_Column]) -> Iterator[Cell]:
    for file, sheet, letters in order:
        rows = sorted(columns[file, sheet, letters])
        first = rows[0]
        for row, after in zip(rows, [*rows[1:], 0], strict=True):
            if after != row + 1:
                ref = f"{letters}{first}" if first == row else f"{letters}{first}:{letters}{row}"
                yield Cell(file, sheet, ref)
                first = after
