"""The days on which a sheet's rows say that something happened: how far back it was kept."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import Any

from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow

# Days set ahead, terms and deadlines, and days looked back to: they do not show that a sheet was
# kept on that day.
_NOT_KEPT_ON = frozenset(
    {"due_on", "deadline", "ends_on", "cooperation_end", "rental_ends_on", "notice_to"}
    | {"idle_since"}
)


class SheetDays:
    """The days of each sheet asked for, read once per ledgers; a month counts by its first day."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._days: dict[type[LedgerRow], tuple[list[dt.date], list[dt.date]]] = {}

    def first(self, model: type[LedgerRow]) -> dt.date | None:
        """The first day of what happened; None for a sheet without days."""
        return next(iter(self._of(model)[0]), None)

    def within(self, model: type[LedgerRow], span: Period, *, last: bool = False) -> bool:
        """True when a day lies in the span; with `last`, only the last day of each row counts."""
        days = self._of(model)[1 if last else 0]
        place = bisect_left(days, span.start)
        return place < len(days) and days[place] <= span.end

    def _of(self, model: type[LedgerRow]) -> tuple[list[dt.date], list[dt.date]]:
        """All days of a sheet's rows, each once, and the last days of its rows; in order."""
        if model not in self._days:
            self._days[model] = _days_in(self._loaded, model)
        return self._days[model]


def _days_in(loaded: Loaded, model: type[LedgerRow]) -> tuple[list[dt.date], list[dt.date]]:
    table = loaded.get(model)
    columns = [table.column(name) for name in model.model_fields if name not in _NOT_KEPT_ON]
    dated = [one for one in columns if _is_dates(one)]
    every: set[Any] = set()
    last: set[dt.date] = set()
    for one in dated:
        every.update(one)
    days = {value: _day(value) for value in every if isinstance(value, dt.date | Month)}
    for row in zip(*dated, strict=True):
        known = [days[value] for value in row if value in days]
        if known:
            last.add(max(known))
    return sorted(set(days.values())), sorted(last)


def _is_dates(column: list[Any]) -> bool:
    """True for days and months; all values of a column are of one type."""
    return isinstance(next((one for one in column if one is not None), None), dt.date | Month)


def _day(value: Any) -> dt.date:
    if isinstance(value, Month):
        return value.first_day
    return value.date() if isinstance(value, dt.datetime) else value
