"""Which formulas read a cell: an index that gives each reader once, however many cells change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from zhubao.excel.formula.tokens import Area

Place = tuple[str, int, int]
"""Casefolded sheet, row, column."""

_Line = tuple[str, bool, int]  # sheet, whether it is a row, and the row's or column's number
_Stretch = tuple[int, int, int]  # first, last, owner
_TAKEN = 0


class Stretches:
    """Stretches of one row or column, each with an owner; a stretch is given out once."""

    def __init__(self, stretches: Iterable[_Stretch]) -> None:
        ordered = sorted(stretches)
        self._firsts = [first for first, _, _ in ordered]
        self._owners = [owner for _, _, owner in ordered]
        self._leaves = 1
        while self._leaves < len(ordered):
            self._leaves *= 2
        # a heap of the greatest `last` below each node
        self._lasts = [_TAKEN] * (2 * self._leaves)
        for at, (_, last, _) in enumerate(ordered):
            self._lasts[self._leaves + at] = last
        for node in range(self._leaves - 1, 0, -1):
            self._lasts[node] = max(self._lasts[2 * node], self._lasts[2 * node + 1])

    def take(self, number: int) -> Iterator[int]:
        """The owners of stretches that hold `number` and were not given out before."""
        if self._lasts[1] < number:
            return
        end = bisect_right(self._firsts, number)
        while (at := self._first_reaching(number)) < end:
            self._remove(at)
            yield self._owners[at]

    def _first_reaching(self, number: int) -> int:
        """The leftmost stretch that ends at `number` or later; past all of them for none."""
        if self._lasts[1] < number:
            return len(self._firsts)
        node = 1
        while node < self._leaves:
            node *= 2
            if self._lasts[node] < number:
                node += 1
        return node - self._leaves

    def _remove(self, at: int) -> None:
        node = self._leaves + at
        self._lasts[node] = _TAKEN
        while node > 1:
            node //= 2
            self._lasts[node] = max(self._lasts[2 * node], self._lasts[2 * node + 1])


class Readers:
    """The formulas that read a cell or an area; formulas are known by their number."""

    def __init__(self, areas: Sequence[Sequence[Area]], columns: dict[str, set[int]]) -> None:
        """`areas` by formula; `columns` are the columns, by sheet, that will be asked for."""
        self._single: dict[Place, list[int]] = {}
        self._shared: dict[Area, list[int]] = {}
        for number, own in enumerate(areas):
            for area in own:
                if area.size == 1:
                    self._single.setdefault(area[:3], []).append(number)
                else:
                    self._shared.setdefault(area, []).append(number)
        self._ranges = list(self._shared)
        self._columns = {sheet: sorted(numbers) for sheet, numbers in columns.items()}
        self._lines: dict[_Line, list[_Stretch] | Stretches] = {}
        for at, area in enumerate(self._ranges):
            self._register(at, area)

    def of_cell(self, place: Place) -> Iterator[int]:
        """The formulas that read this cell; a formula may come more than once, most come once."""
        yield from self._single.pop(place, ())
        sheet, row, column = place
        for line, number in (((sheet, True, row), column), ((sheet, False, column), row)):
            stretches = self._lines.get(line)
            if stretches is None:
                continue
            if isinstance(stretches, list):
                self._lines[line] = stretches = Stretches(stretches)
            for at in stretches.take(number):
                yield from self._shared.pop(self._ranges[at], ())

    def of_area(self, wanted: Area) -> Iterator[int]:
        """The formulas that read any cell of this area."""
        for area in [area for area in self._shared if area.meets(wanted)]:
            yield from self._shared.pop(area)
        for place in [place for place in self._single if wanted.holds(*place)]:
            yield from self._single.pop(place)

    def across(self, sheet: str, rows: Iterable[int]) -> Iterator[int]:
        """The formulas that read an area of several cells touching the top edge of such a row."""
        seams = sorted(rows)
        for area in [area for area in self._shared if area.sheet == sheet]:
            at = bisect_left(seams, area.top)
            if at < len(seams) and seams[at] <= area.bottom + 1:
                yield from self._shared.pop(area)

    def _register(self, at: int, area: Area) -> None:
        """A wide area is kept by its rows, a tall one by its columns."""
        columns = self._columns.get(area.sheet, [])
        first, last = bisect_left(columns, area.left), bisect_right(columns, area.right)
        if area.bottom - area.top < last - first:
            for row in range(area.top, area.bottom + 1):
                self._keep((area.sheet, True, row), (area.left, area.right, at))
            return
        for column in columns[first:last]:
            self._keep((area.sheet, False, column), (area.top, area.bottom, at))

    def _keep(self, line: _Line, stretch: _Stretch) -> None:
        kept = self._lines.setdefault(line, [])
        if isinstance(kept, list):
            kept.append(stretch)
