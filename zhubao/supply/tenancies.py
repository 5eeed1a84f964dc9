"""When a unit was let: the days of its leases, as their rows say."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease, LeaseStatus

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tenancy:
    """One lease: let from `start` to the day before `free_on`; None while nobody knows the end.

    On the day of 退租日期 the unit is no longer let (as in the checks of leases), but that day is
    still the tenant's: vacancy is counted from the day after (`vacant_from`).
    """

    index: int
    lease_no: str
    household_no: str
    start: dt.date
    free_on: dt.date | None
    last_day: dt.date | None  # 退租日期 or 到期日期, of a lease that is over
    cell: Cell

    def covers(self, day: dt.date) -> bool:
        """True when the unit is let under this lease on the day."""
        return self.start <= day and (self.free_on is None or day < self.free_on)

    @property
    def vacant_from(self) -> dt.date | None:
        """The day after 退租日期 or 到期日期; None while the end is not known, or not written."""
        return self.last_day + _ONE_DAY if self.last_day is not None else None

    def ends_after(self, day: dt.date) -> bool:
        """True when the unit is let on `day` or will be on a later one."""
        return self.free_on is None or self.free_on > day


def tenancies(loaded: Loaded) -> dict[str, list[Tenancy]]:
    """Unit → its leases by first day.

    Free again on the day of 退租日期; without one on the day after 到期日期 where the lease is
    已到期, and never while it is 履行中 (past its term the tenant still lives there). A lease that
    is 已终止 without a date (LG-306) lets nothing, as nobody knows until when it did.
    """
    table = loaded.get(Lease)
    columns = [
        table.column(name)
        for name in ("unit_no", "lease_no", "household_no", "starts_on")
    ]  # fmt: skip
    found: defaultdict[str, list[Tenancy]] = defaultdict(list)
    for index in table.usable("unit_no", "starts_on", "ends_on", "terminated_on", "status"):
        unit, lease, household, start = (column[index] for column in columns)
        free, last = _end(table, index, start)
        cell = table.row_cell(index)
        found[unit].append(Tenancy(index, lease or "", household or "", start, free, last, cell))
    for leases in found.values():
        leases.sort(key=lambda lease: (lease.start, lease.index))
    return dict(found)


def _end(
    table: LedgerTable[Lease], index: int, start: dt.date
) -> tuple[dt.date | None, dt.date | None]:
    """(first day free of the lease, its last day)."""
    status, ends = table.column("status")[index], table.column("ends_on")[index]
    terminated = table.column("terminated_on")[index]
    if terminated is not None:
        return terminated, terminated
    if status is LeaseStatus.TERMINATED:
        return start, None
    return (None, None) if status is LeaseStatus.IN_FORCE else (ends + _ONE_DAY, ends)


def unread_leases(loaded: Loaded) -> dict[str, Cell]:
    """Unit → its lease whose dates or status cannot be read: whether it is let is not known."""
    table = loaded.get(Lease)
    usable = set(table.usable("starts_on", "ends_on", "terminated_on", "status"))
    numbers = table.column("unit_no")
    return {
        numbers[index]: table.row_cell(index)
        for index in range(len(table))
        if index not in usable and numbers[index]
    }
