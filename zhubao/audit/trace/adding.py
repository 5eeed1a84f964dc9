"""Which of a row's sources a printed number has, and whether it is their sum, count or quotient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from zhubao.audit.trace.places import Locator
from zhubao.audit.trace.present import number_shown, present_at, single_cells
from zhubao.audit.trace.printed import Printed
from zhubao.core.finding import Cell
from zhubao.excel.kinds import CellKind
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.registers.values import rules_of

_AMOUNTS = frozenset({CellKind.MONEY, CellKind.INTEGER, CellKind.DECIMAL})
_PARTS = ("分子", "分母")
_RATE_NEAR = Decimal("0.00005")  # a rate may stand as 96.72%


def of_column(printed: Printed, locator: Locator) -> Printed:
    """The same with the sources of its own column only, where the row names those of several.

    They lie on the sheet, or in the ledger column, that is called as the report's column; where
    none does, the sources stay together.
    """
    columns = ledger_columns(printed.sources)
    if len(columns) < 2:
        return printed
    named = [one for one in columns if one[1] == printed.header]
    if not named:
        named = [
            one for one, cells in columns.items() if _column(locator, cells[0]) == printed.header
        ]
    if not named:
        return printed
    return replace(printed, sources=tuple(cell for one in named for cell in columns[one]))


def ledger_columns(cells: Iterable[Cell]) -> dict[tuple[str, str, str], list[Cell]]:
    """The cells by file, sheet and letter of the column."""
    columns: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        letters = cell.ref.partition(":")[0].rstrip("0123456789")
        columns.setdefault((cell.file, cell.sheet, letters), []).append(cell)
    return columns


def _column(locator: Locator, cell: Cell) -> str:
    """The header of the ledger column a cell or range begins in."""
    first = next(single_cells((cell,)), None)
    return present_at(locator, first).header if first else ""


def rate_agrees(printed: Printed) -> tuple[str, bool | None]:
    """Whether the rate a row shows is the quotient of the two numbers beside it, in words.

    None where the cell is no rate, nor one of the two numbers of one.
    """
    name = printed.header
    for part in _PARTS:
        name = name.removesuffix(part)
    top, bottom = (number_shown(printed.row.get(f"{name}{part}")) for part in _PARTS)
    rate = number_shown(printed.row.get(name))
    if top is None or not bottom or rate is None:
        return "", None
    share = top / bottom
    if abs(share - rate) <= _RATE_NEAR:
        return "", True
    return f"报表上的“{name}”是 {rate:.2%}，它的分子、分母 {top:,}/{bottom:,} 是 {share:.2%}", False


def sums_to(printed: Printed, locator: Locator) -> tuple[str, bool | None]:
    """How the printed number follows from the source cells now, and whether it still does.

    None: it is no plain sum and no count of them. Sources of one ledger column that add up to
    something else are told with their sum; it is wrong only in a column of the same name.
    """
    number = number_shown(printed.value)
    if number is None or printed.unnamed or not printed.sources:
        return "", None
    cells = list(single_cells(printed.sources))
    total = total_of(cells, locator)
    if total is not None and total == number:
        return f"等于 {len(cells):,} 个来源单元格现在的合计", True
    if number == len(cells):
        return f"等于来源的行数（{len(cells):,}）", True
    header = _only_header(cells, locator)
    is_rate = f"{printed.header}{_PARTS[0]}" in printed.row
    if total is None or is_rate or not header:
        return "", None
    said = f"来源单元格现在的合计是 {total:,}，报表上是 {number:,}"
    return said, False if header == printed.header else None


def total_of(cells: Iterable[Cell], locator: Locator) -> Decimal | None:
    """What the cells add up to now, of money in yuan; None where one of them holds no amount.

    None, too, without any cell, and for money and other numbers together.
    """
    kinds: set[CellKind | None] = set()
    total = Decimal(0)
    for cell in single_cells(cells):
        place = locator.at(cell)
        if place is None or not place.field:
            return None
        kind, value = (
            _kind_of(place.model, place.field),
            place.table.column(place.field)[place.index],
        )
        if value is None or kind not in _AMOUNTS:
            return None
        kinds.add(kind)
        total += value
    if not kinds or (CellKind.MONEY in kinds and len(kinds) > 1):
        return None
    return total.scaleb(-2) if CellKind.MONEY in kinds else total


@lru_cache(maxsize=256)
def _kind_of(model: type[LedgerRow], field: str) -> CellKind | None:
    return rules_of(model)[field].kind


def _only_header(cells: Iterable[Cell], locator: Locator) -> str:
    """The header of the one ledger column that all cells lie in; "" where they lie in several."""
    columns = list(ledger_columns(cells).values())
    return _column(locator, columns[0][0]) if len(columns) == 1 else ""
