"""From a ledger cell to the figures it enters: over the half-years that its row's dates lie in.

And to those that it may move without being one of their sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao.audit.trace.places import Place, covers, shares_row
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.core.workdays import WorkCalendar
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow
from zhubao.ledger.office import Target
from zhubao.summary.indicators.figures import Figure, Measured, Scope, all_figures
from zhubao.summary.targets.progress import target_rows


@dataclass(frozen=True, slots=True)
class Entering:
    """A figure of a period that has the cell among its sources.

    `exactly`: the cell itself is named; otherwise another cell of its row. `part`: 计数, 分子 or
    分母.
    """

    figure: Figure
    period: Period
    measured: Measured
    exactly: bool
    part: str


@dataclass(frozen=True, slots=True)
class Indirect:
    """A figure that the cell's sheet bears on without the cell being one of its sources."""

    figure: Figure
    how: str


def half_year(day: dt.date) -> Period:
    """The half-year of a day."""
    return Period.spanning(Month.of(day.year, 1 if day.month < 7 else 7), 6)


def periods_of(place: Place, as_of: dt.date) -> tuple[Period, ...]:
    """The half-years of the row's dates and months, and that of the day; none after the day.

    The day's own is for what is counted on a day: units, leases, waiting list.
    """
    days = {as_of}
    for value in place.table.values(place.index).values():
        if isinstance(value, dt.datetime):
            days.add(value.date())
        elif isinstance(value, dt.date):
            days.add(value)
        elif isinstance(value, Month):
            days.add(value.first_day)
    return tuple(sorted({half_year(day) for day in days if half_year(day).start <= as_of}))


def figures_about(model: type[LedgerRow]) -> tuple[Figure, ...]:
    """The figures whose sources can lie in a sheet."""
    return tuple(one for one in all_figures() if model in one.sheets)


def indirectly(place: Place, entered: Iterable[Entering], loaded: Loaded) -> list[Indirect]:
    """The figures that read the cell's sheet and do not name the cell's row, and a target's own.

    A write-off moves what is owed, and the cells of what is owed are those of the debts. No number
    is given: whether it would change depends on what is written into the cell.
    """
    sheet, named = place.model.SHEET.name, {one.figure.code for one in entered}
    found = [
        Indirect(one, f"这一行是它的目标（{_target_words(place)}）")
        for one in _targeted(place, loaded)
    ]
    for one in all_figures():
        if place.model not in one.reads or one.code in named:
            continue
        in_sources = place.model in one.sheets
        how = "这一行没有计入" if in_sources else "不列为来源"
        found.append(Indirect(one, f"要读“{sheet}”，{how}"))
    return found


def _targeted(place: Place, loaded: Loaded) -> list[Figure]:
    """The figure whose target the row is; none in any other sheet than 目标任务."""
    if place.model is not Target:
        return []
    year = place.table.values(place.index).get("year")
    if not isinstance(year, int):
        return []
    rows = target_rows(loaded, year, all_figures())
    return [one.figure for one in rows if one.index == place.index and one.figure]


def _target_words(place: Place) -> str:
    values = place.table.values(place.index)
    return f"{values['year']}年，{values['indicator_code']}"


def needed_for(figures: Iterable[Figure]) -> tuple[type[LedgerRow], ...]:
    """The sheets to load for these figures."""
    return tuple(dict.fromkeys(model for one in figures for model in one.reads))


def entering(
    cell: Cell,
    figures: Iterable[Figure],
    periods: Iterable[Period],
    loaded: Loaded,
    as_of: dt.date,
    *,
    overrides: Mapping[str, Any] | None = None,
    calendar: WorkCalendar | None = None,
) -> list[Entering]:
    """The figures of these periods with the cell (or its row) among their sources."""
    chosen = list(figures)
    found: list[Entering] = []
    for period in periods:
        scope = Scope(loaded, period, as_of, overrides=overrides, calendar=calendar)
        for figure in chosen:
            if figure.why_not(scope):
                continue
            measured = figure.of(scope)
            part = _part(cell, figure, measured)
            if part:
                exactly = any(covers(source, cell) for source in measured.sources)
                found.append(Entering(figure, period, measured, exactly, part))
    return found


def _part(cell: Cell, figure: Figure, measured: Measured) -> str:
    """Where the row counts; "" when it does not."""
    counted = any(shares_row(source, cell) for source in measured.cells)
    whole = any(shares_row(source, cell) for source in measured.base)
    if not figure.is_rate:
        return "计入" if counted else ""
    if counted:
        return "分子和分母" if whole else "分子"
    return "分母" if whole else ""
