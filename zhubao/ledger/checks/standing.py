"""What is in force on a day: leases and households, as their rows say."""

from __future__ import annotations

import datetime as dt

from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Household, Lease, LeaseStatus, ProtectionStatus


def live_leases(table: LedgerTable[Lease], as_of: dt.date) -> list[int]:
    """Indexes of the leases under which somebody lives on `as_of`.

    Begun, and not ended: a lease past its term whose tenant has not left (still 履行中) is live;
    one terminated later than `as_of` was live on that day.
    """
    starts, ends = table.column("starts_on"), table.column("ends_on")
    left, states = table.column("terminated_on"), table.column("status")
    live: list[int] = []
    for index in table.usable("starts_on", "ends_on", "status"):
        if starts[index] > as_of:
            continue
        if left[index] is not None:
            alive = left[index] > as_of
        else:
            alive = states[index] == LeaseStatus.IN_FORCE or (
                states[index] == LeaseStatus.EXPIRED and ends[index] >= as_of
            )
        if alive:
            live.append(index)
    return live


def households_in_force(table: LedgerTable[Household], as_of: dt.date) -> dict[str, int]:
    """Household number → index, of the households that had not exited on `as_of`."""
    numbers, states = table.column("household_no"), table.column("status")
    exits = table.column("exited_on")
    return {
        numbers[index]: index
        for index in table.usable("household_no", "status")
        if not _has_exited(states[index], exits[index], as_of)
    }


def exited_households(table: LedgerTable[Household], as_of: dt.date) -> dict[str, dt.date | None]:
    """Household number → exit date (None when not written down) of those gone on `as_of`."""
    numbers, states = table.column("household_no"), table.column("status")
    exits = table.column("exited_on")
    return {
        numbers[index]: exits[index]
        for index in table.usable("household_no", "status")
        if _has_exited(states[index], exits[index], as_of)
    }


def _has_exited(state: ProtectionStatus, exited_on: dt.date | None, as_of: dt.date) -> bool:
    return state == ProtectionStatus.EXITED and (exited_on is None or exited_on <= as_of)
