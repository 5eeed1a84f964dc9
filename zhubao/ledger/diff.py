"""Two copies of a ledger compared by business key: rows added, removed, changed, moved.

Where a row stands does not matter, nor how a value is spelled; both are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zhubao.core.errors import UsageError
from zhubao.excel.sheet import RawSheet
from zhubao.ledger import catalog
from zhubao.ledger.diff_pairing import Pairing, keys_of, longest_rising, repeated_keys
from zhubao.ledger.diff_reading import (
    UNKNOWN,
    Records,
    SheetRead,
    Side,
    plain_value,
    read_sheets,
    records_of,
)
from zhubao.ledger.recognise import Model

_NOTHING = object()


class CellChange(NamedTuple):
    """A cell that differs between two records of one key; indexes into either side's records."""

    a: int
    b: int
    column: str
    old: Any
    new: Any


class GridChange(NamedTuple):
    """A cell that differs at one place of a sheet that is no ledger table; counted from 1."""

    row: int
    column: int
    old: Any
    new: Any


class OnlyColumn(NamedTuple):
    """A column of one side only, with the number of cells filled."""

    side: str  # "A" or "B"
    column: str
    filled: int


@dataclass(slots=True)
class TableDiff:
    """One ledger table in both files. `repeated` are keys that occur more than once, on a side."""

    model: Model
    name: str
    a: Records
    b: Records
    key: tuple[str, ...]
    pairs: list[tuple[int, int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)  # records of A
    added: list[int] = field(default_factory=list)  # records of B
    changes: list[CellChange] = field(default_factory=list)  # in the order of A
    only: list[OnlyColumn] = field(default_factory=list)
    moved: int = 0
    respelled: int = 0
    repeated: tuple[int, int] = (0, 0)
    keyless: tuple[int, int] = (0, 0)

    @property
    def changed_rows(self) -> int:
        """Records present on both sides with a cell that differs."""
        return len({change.a for change in self.changes})

    @property
    def differs(self) -> bool:
        """Whether anything but order and spelling differs."""
        return bool(self.added or self.removed or self.changes or self.only)


@dataclass(slots=True)
class GridDiff:
    """A sheet in both files that is compared cell by cell at its place."""

    name: str
    a: RawSheet
    b: RawSheet
    labels: tuple[str, str]
    changes: list[GridChange]

    @property
    def differs(self) -> bool:
        """Whether any cell differs."""
        return bool(self.changes)


@dataclass(slots=True)
class FileDiff:
    """What a pair of files gave; `only` has (side, sheet) of sheets in one file only."""

    a: Side
    b: Side
    tables: list[TableDiff] = field(default_factory=list)
    grids: list[GridDiff] = field(default_factory=list)
    only: list[tuple[str, SheetRead]] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether anything but order and spelling differs."""
        tables, grids = self.tables, self.grids
        return bool(self.only) or any(t.differs for t in tables) or any(g.differs for g in grids)


def diff_files(a: Side, b: Side, sheet: str = "") -> FileDiff:
    """Compare two workbooks, or one `sheet` of them (its own name, or its ledger's).

    WorkbookError when one cannot be read; UsageError when neither has the sheet.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        first, second = pool.map(read_sheets, (a, b))
    if sheet:
        first, second = _chosen(first, second, sheet)
    result = FileDiff(a, b)
    rest_a, rest_b = _compare_tables(first, second, result)
    by_name = {one.name.casefold(): one for one in rest_b}
    for one in rest_a:
        other = by_name.pop(one.name.casefold(), None)
        if other is None:
            result.only.append(("A", one))
        else:
            result.grids.append(compare_grids(one, other))
    result.only += [("B", one) for one in by_name.values()]
    return result


def diff_records(model: Model, name: str, a: Records, b: Records, key: Sequence[str]) -> TableDiff:
    """Compare the records of one table; `key` are columns that both sides have."""
    diff = TableDiff(model, name, a, b, tuple(key))
    shared = [column for column in a.values if column in b.values]
    diff.only = [OnlyColumn("A", one, a.filled(one)) for one in a.values if one not in b.values]
    diff.only += [OnlyColumn("B", one, b.filled(one)) for one in b.values if one not in a.values]
    _pair(diff, shared)
    diff.moved = len(diff.pairs) - longest_rising([b_index for _, b_index in diff.pairs])
    for column in shared:
        _compare_column(diff, column)
    order = {column: number for number, column in enumerate(shared)}
    diff.changes.sort(key=lambda change: (change.a, order[change.column]))
    return diff


def key_of(model: Model, a: Records, b: Records) -> tuple[str, ...]:
    """The declared key, else all required fields, else those that both sides have; () for none."""
    required = tuple(n for n, info in model.model_fields.items() if catalog.is_required(info))
    both = a.values.keys() & b.values.keys()
    for wanted in (catalog.key_fields(model), required):
        if wanted and both.issuperset(wanted):
            return wanted
    return tuple(name for name in required if name in both)


def compare_grids(one: SheetRead, other: SheetRead) -> GridDiff:
    """Compare two sheets cell by cell at the same place; error cells by their error."""
    a, b = one.raw, other.raw
    changes = []
    special = {row for row, _ in (*a.errors, *b.errors)}
    rightmost = max((column for _, column in (*a.errors, *b.errors)), default=0)
    count = max(len(a.rows), len(b.rows), *special, 0)
    for number in range(1, count + 1):
        first, second = _grid_row(a, number), _grid_row(b, number)
        if first == second and number not in special:
            continue
        for column in range(1, max(len(first), len(second), rightmost) + 1):
            old, new = _grid_value(a, number, column), _grid_value(b, number, column)
            if old != new:
                changes.append(GridChange(number, column, old, new))
    return GridDiff(one.name, a, b, (one.label, other.label), changes)


def _compare_tables(
    first: Sequence[SheetRead], second: Sequence[SheetRead], result: FileDiff
) -> tuple[list[SheetRead], list[SheetRead]]:
    """Compare the tables that both files have; the sheets that are left."""
    known_a, known_b = _by_model(first), _by_model(second)
    taken: set[int] = set()
    for model, sheets in known_a.items():
        others = known_b.get(model)
        if others is None:
            continue
        a, b = records_of(sheets), records_of(others)
        key = key_of(model, a, b)
        if key:
            name = sheets[0].name if len(sheets) == 1 else model.SHEET.name
            result.tables.append(diff_records(model, name, a, b, key))
            taken.update(map(id, (*sheets, *others)))
    return (
        [one for one in first if id(one) not in taken],
        [one for one in second if id(one) not in taken],
    )


def _by_model(sheets: Iterable[SheetRead]) -> dict[Model, list[SheetRead]]:
    found: dict[Model, list[SheetRead]] = {}
    for sheet in sheets:
        if sheet.model is not None:
            found.setdefault(sheet.model, []).append(sheet)
    return found


def _chosen(
    first: list[SheetRead], second: list[SheetRead], wanted: str
) -> tuple[list[SheetRead], list[SheetRead]]:
    def named(sheets: list[SheetRead]) -> list[SheetRead]:
        return [
            one
            for one in sheets
            if _plain(wanted) in (_plain(one.name), one.model and _plain(one.model.SHEET.name))
        ]

    chosen = named(first), named(second)
    if not any(chosen):
        names = "、".join(dict.fromkeys(one.name for one in (*first, *second)))
        raise UsageError(f"两个文件里都没有“{wanted}”表", advice=f"其中的表有：{names}")
    return chosen


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _pair(diff: TableDiff, shared: Sequence[str]) -> None:
    """Pair the records of one key: first within sheets of one name, then wherever they stand."""
    a, b = diff.a, diff.b
    keys_a, keys_b = keys_of(a, diff.key), keys_of(b, diff.key)
    diff.keyless = keys_a.count(None), keys_b.count(None)
    pairing = Pairing(a, b, shared)
    left_a: Sequence[int] = range(len(a))
    left_b: Sequence[int] = range(len(b))
    if len(a.parts) > 1 or len(b.parts) > 1:
        with_sheet_a = [(a.sheet_of(i), k) for i, k in enumerate(keys_a)]
        with_sheet_b = [(b.sheet_of(i), k) for i, k in enumerate(keys_b)]
        keyless = {pair for pair in (*with_sheet_a, *with_sheet_b) if pair[1] is None}
        left_a, left_b = pairing.match(with_sheet_a, with_sheet_b, left_a, left_b, keyless)
    diff.removed, diff.added = pairing.match(keys_a, keys_b, left_a, left_b, {None})
    diff.pairs = sorted(pairing.pairs)
    diff.repeated = repeated_keys(keys_a), repeated_keys(keys_b)


def _compare_column(diff: TableDiff, column: str) -> None:
    """Cells of the paired records that differ, and equal ones that are spelled differently."""
    values_a, values_b = diff.a.values[column], diff.b.values[column]
    old = [values_a[a] for a, _ in diff.pairs]
    new = [values_b[b] for _, b in diff.pairs]
    if old != new:
        diff.changes += [
            CellChange(a, b, column, first, second)
            for (a, b), first, second in zip(diff.pairs, old, new, strict=True)
            if first != second
        ]
    spelled_a, spelled_b = diff.a.spelled[column], diff.b.spelled[column]
    if (spelled_a or spelled_b) and not column.startswith(UNKNOWN):
        diff.respelled += sum(
            spelled_a.get(a, _NOTHING) != spelled_b.get(b, _NOTHING) and values_a[a] == values_b[b]
            for a, b in diff.pairs
        )


def _grid_row(sheet: RawSheet, row: int) -> list[Any]:
    return sheet.rows[row - 1] if row <= len(sheet.rows) else []


def _grid_value(sheet: RawSheet, row: int, column: int) -> Any:
    """The value at a place, or the error that stands there."""
    error = sheet.errors.get((row, column))
    values = _grid_row(sheet, row)
    return error or (plain_value(values[column - 1]) if column <= len(values) else None)
