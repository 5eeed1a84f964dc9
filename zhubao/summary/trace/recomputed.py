"""Any table of the summary's workbook made again from the ledgers, to hold a printed row against.

The indicator tables need one figure only (`companion`); targets, breakdowns, 勾稽 and problems are
found in the whole report of the sheet's period and cut-off day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao.audit.trace.printed import Printed, is_total
from zhubao.core.finding import Cell
from zhubao.core.report import Column, Ratio, Report, Row, Table, ValueKind
from zhubao.core.sheet_names import sheet_name
from zhubao.ledger.model import LedgerRow
from zhubao.summary.reconcile.checks import Asked, all_checks
from zhubao.summary.summary import Measuring
from zhubao.summary.trace.heading import Heading
from zhubao.summary.whole import make_whole, whole_models
from zhubao.summary.workbook.ranges import ranges_of

_PARTS = (("numerator", "分子"), ("denominator", "分母"))
_NUMERIC = frozenset(ValueKind) - {ValueKind.TEXT, ValueKind.IDENTITY}
_KEYS = ("code", "title")  # the column that a row is known by; else the first
_PROBLEMS, _RECONCILED = "problems", ("reconciled", "reconciled_money")
_SIDES = {"一方": 0, "一方的数": 0, "另一方": 1, "另一方的数": 1}
# columns whose words come from the program, not from the ledgers
_OF_THE_PROGRAM = frozenset({"definition", "example", "sheets", "command", "plan"})
_RENAMED = "；名称也可能随版本改过"
_NEAR = 1e-7


@dataclass(frozen=True, slots=True)
class Again:
    """A cell of the printed row beside what it would hold now; `kind` says how it is told."""

    header: str
    printed: Any
    now: Any
    same: bool
    kind: ValueKind


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A printed row beside the same row made from the ledgers now.

    Without that row `missing` says so. `sources` are all cells of the row, those of the column
    where they are known by column.
    """

    cells: tuple[Again, ...] = ()
    sources: tuple[Cell, ...] = ()
    missing: str = ""

    @property
    def differs(self) -> bool:
        """True when the row would be another one, or would not be there."""
        return bool(self.missing) or any(not one.same for one in self.cells)


def models_of_sheet(name: str) -> tuple[type[LedgerRow], ...]:
    """The sheets to load for making a table of the summary again."""
    return whole_models(problems=_is_problems(name), reconciled=_is_reconciled(name))


def recompute(
    printed: Printed,
    heading: Heading,
    measuring: Measuring,
    *,
    bureau: str = "",
    uncached: bool = False,
) -> Recomputed:
    """The row of `printed` as the ledgers of `measuring` make it now.

    `uncached`: the workbook was saved without the results of its formulas, which are passed over.
    """
    name = printed.where.sheet
    whole = make_whole(
        measuring,
        heading.period,
        heading.as_of,
        bureau=bureau,
        problems=_is_problems(name),
        reconciled=_is_reconciled(name),
    )
    table = _table(whole.report, name)
    if table is None:
        return Recomputed(missing=f"按台账现在的内容重算，没有“{name}”这张表{_RENAMED}")
    row = _row(table, printed)
    if row is None:
        return Recomputed(missing=f"按台账现在的内容重算，“{name}”里没有这一行{_RENAMED}")
    sides = _side(Asked(whole.scope, whole.summary), table, row, printed.header)
    sources = ranges_of(sides) if sides is not None else tuple(row.sources)
    return Recomputed(tuple(_cells(table, row, printed, uncached=uncached)), sources)


def _is_problems(name: str) -> bool:
    return name.startswith("问题")


def _is_reconciled(name: str) -> bool:
    return name.startswith("勾稽")


def _table(report: Report, name: str) -> Table | None:
    names: list[str] = []
    for table in report.tables:
        names.append(sheet_name(table.title, names))
        if names[-1] == name:
            return table
    return None


def _row(table: Table, printed: Printed) -> Row | None:
    """The row with the same name; of several the one that has most cells in common."""
    if is_total(printed.row.values()) and table.totals is not None:
        cells = (cell for row in table.rows for cell in row.sources)
        return Row(tuple(table.totals), ranges_of(cells))
    key = next((one for one in _KEYS if one in {c.key for c in table.columns}), "")
    at = table.index_of(key) if key else 0
    name = printed.row.get(table.columns[at].title, "")
    found = [one for one in table.rows if _is_same(_plain(one.values[at]), name)]
    return max(found, key=lambda one: _alike(table, one, printed), default=None)


def _alike(table: Table, row: Row, printed: Printed) -> int:
    expected = _expected(table, row)
    return sum(_is_same(value, printed.row.get(title, "")) for title, _, _, value in expected)


def _cells(table: Table, row: Row, printed: Printed, *, uncached: bool) -> Iterator[Again]:
    """The numbers of the row, the cell asked about, and whatever differs."""
    for title, column, kind, value in _expected(table, row):
        if title not in printed.row or column.key in _OF_THE_PROGRAM:
            continue
        shown = printed.row[title]
        if uncached and column.formula and shown in ("", None):
            continue
        same = _is_same(value, shown)
        if not same or title == printed.header or kind in _NUMERIC:
            yield Again(title, shown, value, same, kind)


def _expected(table: Table, row: Row) -> Iterator[tuple[str, Column, ValueKind, Any]]:
    """(header, column, kind, value) of each cell of a row, as a workbook holds it."""
    for column, value in zip(table.columns, row.values, strict=True):
        title, kind = column.title.replace("\n", ""), column.kind
        yield title, column, kind, _plain(value, kind)
        if kind is ValueKind.RATIO:
            ratio = value if isinstance(value, Ratio) else None
            kind = ValueKind.MONEY if ratio is not None and ratio.money else ValueKind.COUNT
            for part, name in _PARTS:
                yield title + name, column, kind, _plain(getattr(ratio, part, None), kind)


def _plain(value: Any, kind: ValueKind = ValueKind.TEXT) -> Any:
    """Yuan for fen, the quotient of a ratio, "—" for one without, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, Ratio):
        return "—" if value.value is None else value.value
    if isinstance(value, int | float | Decimal) and kind is not ValueKind.TEXT:
        return float(value) / 100 if kind is ValueKind.MONEY else float(value)
    return value


def _is_same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float):
        return isinstance(found, int | float) and abs(found - expected) <= _NEAR
    if isinstance(found, dt.datetime):
        found = found.date()
    return str(expected).strip() == str("" if found is None else found).strip()


def _side(asked: Asked, table: Table, row: Row, header: str) -> Sequence[Cell] | None:
    """The cells of one of the two numbers of a 勾稽; None for any other cell."""
    if table.key not in _RECONCILED or header not in _SIDES:
        return None
    title, left, right = (row.values[table.index_of(one)] for one in _RECONCILED_BY)
    for one in all_checks():
        if one.title != title or not asked.loaded.has(*one.needs):
            continue
        pair = one.compare(asked)
        if pair is not None and (pair.left.title, pair.right.title) == (left, right):
            return (pair.left, pair.right)[_SIDES[header]].cells
    return None


_RECONCILED_BY = ("title", "left_title", "right_title")
