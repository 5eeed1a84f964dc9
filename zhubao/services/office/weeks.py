"""Deliveries of files week by week, against how often the bureau delivers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import FileDelivery

PER_WEEK = "office.deliveries_per_week"
_WEEK = dt.timedelta(days=7)
IsWorkday = Callable[[dt.date], bool]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. `due`: the deliveries required, at most one a working day."""

    monday: dt.date
    workdays: int
    due: int
    days: tuple[dt.date, ...]
    cells: tuple[Cell, ...]

    @property
    def made(self) -> int:
        """The deliveries there were; two on one day count twice."""
        return len(self.days)

    @property
    def sunday(self) -> dt.date:
        """The last day."""
        return self.monday + dt.timedelta(days=6)

    @property
    def is_short(self) -> bool:
        """Fewer deliveries than required."""
        return self.made < self.due


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a period that are over on the cut-off date; `running` are not over yet.

    `begins` is the first delivery on record; weeks before its own are not judged.
    """

    period: Period
    as_of: dt.date
    weeks: tuple[Week, ...]
    running: tuple[dt.date, ...]
    begins: dt.date | None

    @property
    def short(self) -> tuple[Week, ...]:
        """The weeks that fell short."""
        return tuple(week for week in self.weeks if week.is_short)

    @property
    def kept(self) -> Ratio:
        """Weeks with enough deliveries ÷ weeks that required any."""
        asked = [week for week in self.weeks if week.due]
        return Ratio(sum(not week.is_short for week in asked), len(asked))


def delivery_weeks(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    is_workday: IsWorkday,
    overrides: Mapping[str, Any] | None = None,
) -> Weeks:
    """Every week whose Monday lies in the period, judged once its Sunday is past.

    So every week belongs to one period, and months add up to their year. Required are
    `office.deliveries_per_week` of the Monday, or the week's working days where they are fewer;
    a week of holidays requires none. Weeks before the first delivery on record are not judged: the
    ledger had not begun. Raises CalendarUnknown for a year whose holidays are not known.
    """
    made = _by_week(loaded, as_of)
    first = min(made, default=as_of + _WEEK)
    monday = max(period.start + dt.timedelta(days=-period.start.weekday() % 7), first)
    weeks: list[Week] = []
    running: list[dt.date] = []
    while monday <= min(period.end, as_of):
        if monday + _WEEK > as_of + dt.timedelta(days=1):
            running.append(monday)
        else:
            workdays = sum(is_workday(monday + dt.timedelta(days=n)) for n in range(7))
            per_week = int(policy.at(PER_WEEK, monday, overrides))
            found = sorted(made.get(monday, ()), key=lambda one: one[0])
            days, cells = tuple(day for day, _ in found), tuple(cell for _, cell in found)
            weeks.append(Week(monday, workdays, min(per_week, workdays), days, cells))
        monday += _WEEK
    begins = min((day for day in _days(loaded) if day <= as_of), default=None)
    return Weeks(period, as_of, tuple(weeks), tuple(running), begins)


def _days(loaded: Loaded) -> list[dt.date]:
    table = loaded.get(FileDelivery)
    return [table.column("delivered_on")[row] for row in table.usable("delivered_on")]


def _by_week(loaded: Loaded, as_of: dt.date) -> dict[dt.date, list[tuple[dt.date, Cell]]]:
    """Monday → the deliveries of its week; those of one day count each."""
    table = loaded.get(FileDelivery)
    days = table.column("delivered_on")
    found: dict[dt.date, list[tuple[dt.date, Cell]]] = {}
    for row in table.usable("delivered_on"):
        if days[row] <= as_of:
            monday = days[row] - dt.timedelta(days=days[row].weekday())
            found.setdefault(monday, []).append((days[row], table.cell(row, "delivered_on")))
    return found
