"""The visits of the sheet 巡查, by household and day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import PatrolVisit
from zhubao.ledger.table import LedgerTable


@dataclass(frozen=True, slots=True)
class VisitLog:
    """Household → rows of 巡查 up to a day, the earliest first; `order` has all of them by day.

    Rows whose household or day cannot be read are left out; the loader has a finding for each.
    """

    table: LedgerTable[PatrolVisit]
    until: dt.date
    rows: Mapping[str, Sequence[int]]
    order: tuple[int, ...]

    def of(self, household_no: str) -> Sequence[int]:
        """The household's visits."""
        return self.rows.get(household_no, ())

    def days(self, rows: Iterable[int]) -> list[dt.date]:
        """The days of these visits."""
        column = self.table.column("visited_on")
        return [column[row] for row in rows]

    def last(self, household_no: str) -> int | None:
        """The latest visit; None without any."""
        rows = self.of(household_no)
        return rows[-1] if rows else None

    def last_met(self, household_no: str) -> dt.date | None:
        """The latest day somebody was met."""
        met, days = self.table.column("met"), self.table.column("visited_on")
        return next((days[row] for row in reversed(self.of(household_no)) if met[row]), None)

    def within(self, household_no: str, period: Period) -> list[int]:
        """The household's visits in the period."""
        days = self.table.column("visited_on")
        return [row for row in self.of(household_no) if period.contains(days[row])]

    def by_month(self, household_no: str) -> dict[Month, int]:
        """How many visits the household had in each month."""
        found: dict[Month, int] = {}
        for day in self.days(self.of(household_no)):
            month = Month.containing(day)
            found[month] = found.get(month, 0) + 1
        return found


def read_log(loaded: Loaded, until: dt.date) -> VisitLog:
    """The visits up to `until`, itself included."""
    table = loaded.get(PatrolVisit)
    numbers, days = table.column("household_no"), table.column("visited_on")
    order = [row for row in table.usable("household_no", "visited_on") if days[row] <= until]
    order.sort(key=days.__getitem__)  # stable: rows of one day stay in the order of the sheet
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in order:
        found[numbers[row]].append(row)
    return VisitLog(table, until, dict(found), tuple(order))
