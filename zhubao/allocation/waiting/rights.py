"""What households already hold on a day: a public rental lease, a subsidy, a ban from applying."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.finding import Cell
from zhubao.core.period import Month
from zhubao.core.spans import months_later
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import RectificationStatus, TenancyCase
from zhubao.ledger.subsidies import SubsidyGrant, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import ExitReason, Household, Lease, LeaseStatus


@dataclass(frozen=True, slots=True)
class Ban:
    """A household that may not apply up to and including `until`."""

    until: dt.date
    why: str
    cell: Cell


def leases_held(loaded: Loaded, as_of: dt.date) -> dict[str, int]:
    """Household → index of the lease it lives under, or has signed by `as_of` to move in later."""
    table = loaded.get(Lease)
    numbers = table.column("household_no")
    rows = [*live_leases(table, as_of), *_signed(table, as_of)]
    return {numbers[index]: index for index in reversed(rows) if numbers[index]}


def grants_held(loaded: Loaded, as_of: dt.date) -> dict[str, int]:
    """Household → index of the rental subsidy in force.

    Approved by `as_of`, its last month not past; 生效 today, or ended or suspended only after
    `as_of` (状态变更日期). One that was suspended and taken up again cannot be told apart.
    """
    table = loaded.get(SubsidyGrant)
    numbers, states = table.column("household_no"), table.column("status")
    approved, last = table.column("approved_on"), table.column("last_month")
    changed, month = table.column("status_changed_on"), Month.containing(as_of)
    held: dict[str, int] = {}
    for index in table.usable("household_no", "approved_on", "status"):
        running = states[index] == SubsidyStatus.IN_FORCE or (
            changed[index] is not None and changed[index] > as_of
        )
        if running and approved[index] <= as_of and (last[index] is None or last[index] >= month):
            held.setdefault(numbers[index], index)
    return held


def bans_on(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> dict[str, Ban]:
    """Household → its ban, where one runs on `as_of`; of several the one that ends last.

    限制申请至 of 违规与变动 counts from the day of discovery, unless the case was 不属实; and a
    household that left by 违规 is barred for `allocation.ban_years` from its exit. The last day is
    the same day of the year and is included (the day of the exit is not counted).
    Source: 公共租赁住房管理办法 arts. 35, 36.
    """
    years = int(policy.at("allocation.ban_years", as_of, overrides))
    bans = _bans_by_exit(loaded.get(Household), as_of, years)
    for household, ban in _bans_by_case(loaded.get(TenancyCase), as_of):
        if household not in bans or bans[household].until < ban.until:
            bans[household] = ban
    return bans


def _signed(table: LedgerTable[Lease], as_of: dt.date) -> list[int]:
    starts, signed = table.column("starts_on"), table.column("signed_on")
    left, states = table.column("terminated_on"), table.column("status")
    return [
        index
        for index in table.usable("household_no", "starts_on", "status")
        if signed[index] is not None
        and signed[index] <= as_of < starts[index]
        and states[index] == LeaseStatus.IN_FORCE
        and left[index] is None
    ]


def _bans_by_exit(table: LedgerTable[Household], as_of: dt.date, years: int) -> dict[str, Ban]:
    numbers, reasons = table.column("household_no"), table.column("exit_reason")
    bans: dict[str, Ban] = {}
    for index, day in enumerate(table.column("exited_on")):
        if day is None or reasons[index] != ExitReason.VIOLATION or not numbers[index]:
            continue
        until = months_later(day, 12 * years)
        if day <= as_of <= until:
            why = f"于 {day} 因违规退出，{years} 年内不得再申请"
            bans[numbers[index]] = Ban(until, why, table.cell(index, "exit_reason"))
    return bans


def _bans_by_case(table: LedgerTable[TenancyCase], as_of: dt.date) -> list[tuple[str, Ban]]:
    numbers, found = table.column("household_no"), table.column("found_on")
    states, cases = table.column("status"), table.column("case_no")
    bans = []
    for index, until in enumerate(table.column("banned_until")):
        if until is None or until < as_of or not numbers[index]:
            continue
        if states[index] == RectificationStatus.UNFOUNDED:
            continue
        if found[index] is None or found[index] <= as_of:
            why = f"有违规事项 {cases[index] or '（没有编号）'}"
            bans.append((numbers[index], Ban(until, why, table.cell(index, "banned_until"))))
    return bans
