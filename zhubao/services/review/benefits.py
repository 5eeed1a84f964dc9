"""What a household receives on a day: a unit, a rental subsidy, a place on the waiting list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.core.period import Month
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.tenants import Lease, LeaseStatus, WaitingEntry, WaitingStatus

UNIT = "实物配租"
SUBSIDY = "租赁补贴"
WAITING = "轮候"


@dataclass(slots=True)
class Benefits:
    """Rows of 租赁合同, 租赁补贴 and 轮候册 that hold on the day."""

    leases: tuple[int, ...] = ()
    grants: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds received, in a fixed order."""
        held = ((UNIT, self.leases), (SUBSIDY, self.grants), (WAITING, self.waiting))
        return tuple(name for name, rows in held if rows)


def benefits_on(loaded: Loaded, day: dt.date) -> dict[str, Benefits]:
    """Household → what it receives on the day.

    A lease holds from 起租日期 until the day of 退租日期; past its term it still holds while it is
    履行中, and one 已到期 holds to 到期日期. A grant holds while it is 生效 or 暂停, or was stopped
    after the day, up to its 止发月份. A waiting entry holds while it is 轮候中 or 待审核, or was
    closed after the day.
    """
    found: dict[str, Benefits] = {}
    for number, row in _leases(loaded, day):
        held = found.setdefault(number, Benefits())
        held.leases += (row,)
    for number, row in _grants(loaded, day):
        held = found.setdefault(number, Benefits())
        held.grants += (row,)
    for number, row in _waiting(loaded, day):
        held = found.setdefault(number, Benefits())
        held.waiting += (row,)
    return found


def _leases(loaded: Loaded, day: dt.date) -> Iterator[tuple[str, int]]:
    table = loaded.get(Lease)
    numbers, starts, ends = (table.column(n) for n in ("household_no", "starts_on", "ends_on"))
    left, states = table.column("terminated_on"), table.column("status")
    for row in table.usable("household_no", "starts_on", "ends_on", "terminated_on", "status"):
        if starts[row] > day:
            continue
        if left[row] is not None:
            live = left[row] > day
        else:
            over = states[row] is LeaseStatus.EXPIRED and ends[row] < day
            live = states[row] is not LeaseStatus.TERMINATED and not over
        if live:
            yield numbers[row], row


def _grants(loaded: Loaded, day: dt.date) -> Iterator[tuple[str, int]]:
    table, month = loaded.get(SubsidyGrant), Month.containing(day)
    numbers, approved, states = (table.column(n) for n in ("household_no", "approved_on", "status"))
    changed, last = table.column("status_changed_on"), table.column("last_month")
    for row in table.usable("household_no", "approved_on", "status"):
        if approved[row] > day or (last[row] is not None and last[row] < month):
            continue
        running = states[row] in (SubsidyStatus.IN_FORCE, SubsidyStatus.SUSPENDED)
        if running or (changed[row] is not None and changed[row] > day):
            yield numbers[row], row


def _waiting(loaded: Loaded, day: dt.date) -> Iterator[tuple[str, int]]:
    table = loaded.get(WaitingEntry)
    numbers, approved, states = (table.column(n) for n in ("household_no", "approved_on", "status"))
    closed = table.column("closed_on")
    for row in table.usable("household_no", "approved_on", "status"):
        if approved[row] > day:
            continue
        waits = states[row] in (WaitingStatus.WAITING, WaitingStatus.PENDING)
        if waits or (closed[row] is not None and closed[row] > day):
            yield numbers[row], row
