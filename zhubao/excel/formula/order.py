"""The order in which formulas can be worked out: each after those it reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from zhubao.excel.formula.reach import Place
from zhubao.excel.formula.tokens import Area

_NEW, _OPEN, _DONE = range(3)


class _Column:
    """The formulas of one column that are not done yet, by row."""

    def __init__(self, cells: list[tuple[int, int]]) -> None:
        cells.sort()
        self.rows = [row for row, _ in cells]
        self._numbers = [number for _, number in cells]
        self._next = list(range(len(cells) + 1))

    def pending(self, top: int, bottom: int) -> Iterator[int]:
        """The formulas in these rows, the done ones left out as they become so."""
        at, end = self._find(bisect_left(self.rows, top)), bisect_right(self.rows, bottom)
        while at < end:
            yield self._numbers[at]
            at = self._find(at + 1)

    def strike(self, row: int) -> None:
        """The formula in this row is done."""
        at = bisect_left(self.rows, row)
        self._next[at] = at + 1

    def _find(self, at: int) -> int:
        root = at
        while self._next[root] != root:
            root = self._next[root]
        while self._next[at] != root:
            self._next[at], at = root, self._next[at]
        return root


class Ordering:
    """A walk, depth first, over formulas known by their number."""

    def __init__(self, places: Sequence[Place], areas: Sequence[Sequence[Area]]) -> None:
        self._places = places
        self._areas = areas
        self._at = {place: number for number, place in enumerate(places)}
        self._state = [_NEW] * len(places)
        self.ordered: list[int] = []
        self.circular: list[int] = []
        cells: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for number, (sheet, row, column) in enumerate(places):
            cells.setdefault((sheet, column), []).append((row, number))
        self._columns = {key: _Column(column) for key, column in cells.items()}
        self._used: dict[str, list[int]] = {}
        for sheet, column_number in sorted(self._columns):
            self._used.setdefault(sheet, []).append(column_number)

    def run(self) -> None:
        """Fill `ordered`, and `circular` with those that read themselves in the end."""
        for number, state in enumerate(self._state):
            if state == _NEW:
                self._walk(number)

    def _walk(self, start: int) -> None:
        path = [(start, self._enter(start))]
        while path:
            number, waiting = path[-1]
            before = next(waiting, None)
            if before is None:
                path.pop()
                self._finish(number)
                self.ordered.append(number)
            elif self._state[before] == _NEW:
                path.append((before, self._enter(before)))
            elif self._state[before] == _OPEN:
                self._give_up([number for number, _ in path])
                return

    def _give_up(self, path: list[int]) -> None:
        """A circle: all on the way to it depend on it, so none has a certain result."""
        for number in path:
            self._finish(number)
        self.circular += path

    def _enter(self, number: int) -> Iterator[int]:
        self._state[number] = _OPEN
        return self._before(self._areas[number])

    def _finish(self, number: int) -> None:
        self._state[number] = _DONE
        sheet, row, column = self._places[number]
        self._columns[sheet, column].strike(row)

    def _before(self, areas: Sequence[Area]) -> Iterator[int]:
        for area in areas:
            if area.size == 1:
                number = self._at.get(area[:3])
                if number is not None:
                    yield number
                continue
            used = self._used.get(area.sheet, [])
            for at in range(bisect_left(used, area.left), bisect_right(used, area.right)):
                yield from self._columns[area.sheet, used[at]].pending(area.top, area.bottom)
