"""The waiting list as it was on a day, replayed from the dates of approval and closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import WaitingEntry, WaitingStatus

CLOSED = (WaitingStatus.HOUSED, WaitingStatus.ABANDONED, WaitingStatus.DISQUALIFIED)
_NEEDED = ("waiting_no", "household_no", "approved_on", "status", "closed_on")


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of 轮候册 whose number, household, dates and status can be read.

    `contradiction` says in words why the row cannot be placed in time; "" when it can.
    """

    table: LedgerTable[WaitingEntry]
    index: int
    waiting_no: str
    household_no: str
    category: str
    group: str
    approved_on: dt.date
    closed_on: dt.date | None
    status: WaitingStatus
    desired_layout: str
    points: Decimal | None
    contradiction: str = ""

    def cell(self, name: str = "waiting_no") -> Cell:
        """Where a field of this row stands."""
        return self.table.cell(self.index, name)

    @property
    def counts(self) -> bool:
        """False while 待审核, and when status and dates contradict each other."""
        return not self.contradiction and self.status is not WaitingStatus.PENDING

    def is_live(self, day: dt.date) -> bool:
        """True when the household was waiting at the end of `day`.

        It counts, approved_on <= day, and it is not closed or closed_on > day.
        """
        if not self.counts or self.approved_on > day:
            return False
        return self.closed_on is None or self.closed_on > day


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Every readable registration in row order; `unread` counts the rows with a bad cell."""

    registrations: tuple[Registration, ...]
    unread: int

    def live(self, day: dt.date) -> tuple[Registration, ...]:
        """Who was waiting at the end of `day`."""
        return tuple(one for one in self.registrations if one.is_live(day))


def read_waiting_list(loaded: Loaded) -> WaitingList:
    """The registrations of 轮候册.

    A row with an unreadable number, household, date or status is left out and counted; loading
    has already said where.
    """
    table = loaded.get(WaitingEntry)
    rows = tuple(_registrations(table))
    return WaitingList(rows, len(table) - len(rows))


def _registrations(table: LedgerTable[WaitingEntry]) -> Iterator[Registration]:
    take = table.column
    numbers, households, approved = take("waiting_no"), take("household_no"), take("approved_on")
    closed, states, groups = take("closed_on"), take("status"), take("priority_group")
    categories, layouts, points = take("category"), take("desired_layout"), take("points")
    for index in table.usable(*_NEEDED):
        state, start, end = WaitingStatus(states[index]), approved[index], closed[index]
        yield Registration(
            table,
            index,
            numbers[index],
            households[index],
            categories[index] or "",
            groups[index] or "",
            start,
            end,
            state,
            layouts[index] or "",
            points[index],
            _contradiction(state, start, end),
        )


def _contradiction(state: WaitingStatus, start: dt.date, end: dt.date | None) -> str:
    if end is None:
        return f"状态是“{state}”，出册日期空着" if state in CLOSED else ""
    if state not in CLOSED:
        return f"状态是“{state}”，却填了出册日期 {end}"
    return f"出册日期 {end} 早于批准日期 {start}" if end < start else ""
