"""Which row (or two rows) of a sheet is its header, and which column is which declaration."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from zhubao.excel.columns import ColumnSpec
from zhubao.excel.sheet import RawSheet

SEARCH_ROWS = 20
_MIN_MATCHES = 2
_NEARLY = 0.7
_STRAY = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff*＊:：·]+|_x000[dD]_")
_UNIT = re.compile(r"[(\[【〔].*?[)\]】〕]$")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A column's header: the text as found, and every text it may be recognised by."""

    column: int  # 0-based
    text: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Header:
    """The header found: its rows (1-based, both included) and the column of each declaration."""

    first: int
    last: int
    cells: list[HeaderCell]
    matched: dict[str, HeaderCell] = field(default_factory=dict)
    twice: list[tuple[HeaderCell, HeaderCell]] = field(default_factory=list)
    rivals: list[tuple[HeaderCell, HeaderCell]] = field(default_factory=list)
    unknown: list[HeaderCell] = field(default_factory=list)


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header for comparing: half-width, without blanks, line breaks, asterisks and colons."""
    return _STRAY.sub("", unicodedata.normalize("NFKC", _STRAY.sub("", text))).upper()


@lru_cache(maxsize=4096)
def _keys(text: str) -> tuple[str, ...]:
    """The full header first, then without a unit in brackets behind it."""
    full = header_key(text)
    bare = _UNIT.sub("", full)
    return (full, bare) if bare and bare != full else (full,)


def best_header(sheet: RawSheet, specs: Sequence[ColumnSpec]) -> Header | None:
    """The header with the most declarations matched; of equals one row before two, the upper.

    A header is often repeated further down, sometimes with a column more: what lies wholly above
    the best and matches nearly as much is the true one, else the rows between would be lost.
    """
    lookup = _Lookup(specs)
    matched = [lookup.match(candidate) for candidate in _candidates(sheet, lookup)]
    found = [header for header in matched if _is_header(header, specs)]
    best = max(found, key=_rank, default=None)
    while best is not None:
        first, enough = best.first, len(best.matched) * _NEARLY
        above = [one for one in found if one.last < first and len(one.matched) >= enough]
        if not above:
            break
        best = max(above, key=_rank)
    return best


def match_score(sheet: RawSheet, specs: Sequence[ColumnSpec]) -> float:
    """How well the sheet answers to `specs`: matched ÷ declared, less for missing required ones."""
    header = best_header(sheet, specs)
    if header is None or not specs:
        return 0.0
    required = [spec for spec in specs if spec.required]
    found = sum(spec.key in header.matched for spec in required)
    share = found / len(required) if required else 1.0
    return share * len(header.matched) / len(specs)


def _rank(header: Header) -> tuple[int, int, int]:
    return len(header.matched), -(header.last - header.first), -header.first


def _is_header(header: Header, specs: Sequence[ColumnSpec]) -> bool:
    matched = len(header.matched)
    if matched < min(_MIN_MATCHES, len(specs)):
        return False
    required = sum(spec.required for spec in specs)
    return matched * 2 >= len(header.cells) or matched * 2 >= required


def _candidates(sheet: RawSheet, lookup: _Lookup) -> Iterator[Header]:
    grid = _filled_grid(sheet)
    for row in range(len(grid)):
        if not any(isinstance(value, str) and value.strip() for value in sheet.rows[row]):
            continue
        yield Header(row + 1, row + 1, list(_single_row(sheet.rows[row])))
        if row + 1 < len(grid) and _may_be_second_row(sheet, row, lookup):
            yield Header(row + 1, row + 2, list(_two_rows(sheet, grid, row)))


def _single_row(values: Sequence[Any]) -> Iterator[HeaderCell]:
    for column, value in enumerate(values):
        if isinstance(value, str) and (text := value.strip()):
            yield HeaderCell(column, " ".join(text.split()), _keys(text))


def _two_rows(sheet: RawSheet, grid: list[list[Any]], row: int) -> Iterator[HeaderCell]:
    for column, leaf_value in enumerate(grid[row + 1]):
        parent, leaf = _text(grid[row][column]), _text(leaf_value)
        if not parent and not leaf:
            continue
        if not leaf or leaf == parent:
            yield HeaderCell(column, parent or leaf, _keys(parent or leaf))
        elif not parent:
            yield HeaderCell(column, leaf, _keys(leaf))
        else:
            names = (*_keys(f"{parent}{leaf}"), *_keys(f"{parent}/{leaf}"))
            names += (*_keys(f"{parent}-{leaf}"), *_keys(leaf))
            alone = _text(sheet.rows[row][column]) and not _has_siblings(grid, row, column)
            names += _keys(parent) if alone else ()
            yield HeaderCell(column, f"{parent}/{leaf}", tuple(dict.fromkeys(names)))


def _has_siblings(grid: list[list[Any]], row: int, column: int) -> bool:
    values = grid[row]
    return column + 1 < len(values) and values[column + 1] == values[column]


def _may_be_second_row(sheet: RawSheet, row: int, lookup: _Lookup) -> bool:
    """The row below holds words only, and belongs to the upper one.

    It stands under gaps or merged cells of the upper row, beside titles merged over both rows (a
    group of a single column leaves no gap), or every word in it is a column's name.
    """
    below = [value for value in sheet.rows[row + 1] if value != ""]
    if not below or not all(isinstance(value, str) for value in below):
        return False
    upper = sheet.rows[row]
    if not any(_text(value) for value in upper):
        return False
    fills_gap = any(
        _text(low) and not _text(high)
        for high, low in zip(upper, sheet.rows[row + 1], strict=False)
    )
    return (
        fills_gap
        or any((merge.first_row, merge.last_row) == (row + 1, row + 2) for merge in sheet.merged)
        or all(lookup.knows(value) for value in below)
    )


def _filled_grid(sheet: RawSheet) -> list[list[Any]]:
    """The rows searched, with merged ranges filled from their first cell.

    Where the file tells of no merges, a gap in an upper row over a word takes the word to its left.
    """
    grid = [list(row) for row in sheet.rows[:SEARCH_ROWS]]
    inside = [merge for merge in sheet.merged if merge.first_row <= len(grid)]
    for merge in inside:
        _fill(grid, merge)
    if not inside:
        for upper, lower in pairwise(grid):
            _fill_gaps(upper, lower)
    return grid


def _fill(grid: list[list[Any]], merge: tuple[int, int, int, int]) -> None:
    top, left, bottom, right = merge
    if left > len(grid[0]):
        return
    value = grid[top - 1][left - 1]
    for row in grid[top - 1 : bottom]:
        for column in range(left - 1, min(right, len(row))):
            row[column] = value


def _fill_gaps(upper: list[Any], lower: Sequence[Any]) -> None:
    for column in range(1, len(upper)):
        if upper[column] == "" and _text(lower[column]) and _text(lower[column - 1]):
            upper[column] = upper[column - 1]


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


class _Lookup:
    """Header texts → declarations: exact headers before aliases, the declaration's order last."""

    def __init__(self, specs: Sequence[ColumnSpec]) -> None:
        self._headers = [{name: spec.key for spec in specs for name in _keys(spec.header)[:1]}]
        self._headers.append(_all_keys(specs))
        self._aliases: dict[str, list[tuple[int, str]]] = {}
        for spec in specs:
            for order, alias in enumerate(spec.aliases):
                for name in _keys(alias):
                    self._aliases.setdefault(name, []).append((order, spec.key))

    def knows(self, text: str) -> bool:
        """The text is a declared header or alias."""
        return any(name in self._headers[1] or name in self._aliases for name in _keys(text))

    def match(self, header: Header) -> Header:
        """Fill in which cell is which declaration, which come twice, and which are unknown."""
        left = list(header.cells)
        for rank in range(max((len(cell.names) for cell in left), default=0)):
            for names in self._headers:
                left = self._take(header, left, names, rank)
        left = self._take_aliases(header, left)
        firsts = {cell.names[0]: cell for cell in header.matched.values()}
        taken = {key: cell for key, cell in header.matched.items()}
        for cell in left:
            self._place(header, cell, firsts, taken)
        return header

    def _take(
        self, header: Header, cells: list[HeaderCell], names: dict[str, str], rank: int
    ) -> list[HeaderCell]:
        rest: list[HeaderCell] = []
        for cell in cells:
            key = names.get(cell.names[rank]) if rank < len(cell.names) else None
            if key is not None and key not in header.matched:
                header.matched[key] = cell
            else:
                rest.append(cell)
        return rest

    def _take_aliases(self, header: Header, cells: list[HeaderCell]) -> list[HeaderCell]:
        """A declaration's first alias before its second: 编号 before 序号, wherever they stand."""
        claims = [
            (order, place, key)
            for place, cell in enumerate(cells)
            for order, key in self._claims(cell)
        ]
        taken: set[int] = set()
        for _, place, key in sorted(claims, key=lambda claim: claim[:2]):
            if place not in taken and key not in header.matched:
                header.matched[key] = cells[place]
                taken.add(place)
        return [cell for place, cell in enumerate(cells) if place not in taken]

    def _claims(self, cell: HeaderCell) -> list[tuple[int, str]]:
        return [claim for name in cell.names for claim in self._aliases.get(name, ())]

    def _place(
        self,
        header: Header,
        cell: HeaderCell,
        firsts: dict[str, HeaderCell],
        taken: dict[str, HeaderCell],
    ) -> None:
        first = firsts.get(cell.names[0])
        rival = next((taken[key] for _, key in self._claims(cell) if key in taken), None)
        if first is not None:
            header.twice.append((first, cell))
        elif rival is not None:
            header.rivals.append((rival, cell))
        firsts.setdefault(cell.names[0], cell)
        header.unknown.append(cell)


def _all_keys(specs: Sequence[ColumnSpec]) -> dict[str, str]:
    return {name: spec.key for spec in reversed(specs) for name in _keys(spec.header)}
