"""Figures and rates with their source cells, and how rows of a sheet are counted into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import CareVisit, FileDelivery, Publicity, Training


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with the cells it was counted from. Without a period it is of the cut-off date."""

    code: str
    title: str
    value: int
    unit: str
    as_of: dt.date
    period: Period | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with both its numbers: `counted` of `whole`; 0/0 has no value."""

    code: str
    title: str
    counted: Figure
    whole: Figure

    @property
    def ratio(self) -> Ratio:
        """Numerator and denominator."""
        return Ratio(self.counted.value, self.whole.value)


_DATES = {
    FileDelivery: "delivered_on",
    Training: "held_on",
    Publicity: "published_on",
    CareVisit: "visited_on",
}


def dated_rows(loaded: Loaded, model: type[LedgerRow], period: Period, as_of: dt.date) -> list[int]:
    """Rows whose day lies in the period and not after the cut-off date."""
    table, name = loaded.get(model), _DATES[model]
    days = table.column(name)
    return [row for row in table.usable(name) if days[row] <= as_of and period.contains(days[row])]


def count_rows(
    code: str,
    title: str,
    unit: str,
    loaded: Loaded,
    model: type[LedgerRow],
    period: Period,
    as_of: dt.date,
    wanted: Callable[[int], bool] = lambda _: True,
) -> Figure:
    """How many rows of the period are `wanted`."""
    table = loaded.get(model)
    rows = [row for row in dated_rows(loaded, model, period, as_of) if wanted(row)]
    cells = tuple(table.row_cell(row) for row in rows)
    return Figure(code, title, len(rows), unit, as_of, period, cells)


def sum_rows(
    code: str,
    title: str,
    unit: str,
    loaded: Loaded,
    model: type[LedgerRow],
    name: str,
    period: Period,
    as_of: dt.date,
    wanted: Callable[[int], bool] = lambda _: True,
) -> Figure:
    """The sum of a column over the period's rows `wanted`; a cell without a value adds nothing."""
    table = loaded.get(model)
    values: list[Any] = table.column(name)
    rows = [
        row
        for row in dated_rows(loaded, model, period, as_of)
        if values[row] is not None and wanted(row)
    ]
    cells = tuple(table.cell(row, name) for row in rows)
    return Figure(code, title, sum(values[row] for row in rows), unit, as_of, period, cells)
