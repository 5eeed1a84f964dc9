"""Occupancy: occupied units ÷ lettable units, replayed from leases, and compared with 状态."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhubao.core.finding import Finding, Severity, declare
from zhubao.core.period import Month
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.tenancies import Tenancy, tenancies

STATUS_AND_LEASE = declare(
    "SU-130",
    "房源状态与合同不一致",
    Severity.WARNING,
    "房源 {unit} 的状态是“{status}”，{fault}，入住率按合同计",
    "已入住的补登合同、状态改为“在租”；空着的状态改为“空置”并填空置起始日",
    bad="状态“在租”，租赁合同表里没有它的在租合同",
    good="状态“在租”，有一份履行中的合同",
)
LETTABLE_UNDELIVERED = declare(
    "SU-131",
    "还没有交付却列为可出租",
    Severity.WARNING,
    "房源 {unit} 的状态是“{status}”，交付日期 {day} 在截止日期 {as_of} 之后，没有计入可出租",
    "核对交付日期；没有交付的，状态改为“装修中”",
    bad="状态“空置”，交付日期 2020-09-01，截止日期 2020-06-30",
    good="交付日期不晚于截止日期",
)
LEASE_WITHOUT_UNIT = declare(
    "SU-132",
    "在租合同的房源不在房源表",
    Severity.WARNING,
    "合同 {lease} 的房源 {unit} 不在房源表里，入住率里没有这一套",
    "补登房源，或改正合同上的房源编号",
    bad="合同写 08-02-1-0101，房源表里没有",
    good="合同的房源编号在房源表里",
)
LETTABLE = (UnitStatus.OCCUPIED, UnitStatus.VACANT)
BLANK = "（未填）"


class By(StrEnum):
    """What occupancy is split by."""

    ESTATE = "小区"
    OWNERSHIP = "产权"
    LAYOUT = "户型"

    @property
    def field(self) -> str:
        """The column of 房源."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit on the day: lettable or not, and the lease it is let under."""

    index: int
    unit_no: str
    lettable: bool
    lease: Tenancy | None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Occupancy on the day.

    `unknown` counts units that could be let by neither lease nor status: fitting out, reserved or
    disposed of today. On a past day some of them may have been lettable; their status has no date.
    """

    loaded: Loaded
    as_of: dt.date
    standings: tuple[Standing, ...]
    by_status: Ratio
    unknown: int
    unread: int
    trend: tuple[tuple[Month, Ratio], ...]
    reconciled: bool
    findings: tuple[Finding, ...]

    @property
    def units(self) -> LedgerTable[Unit]:
        """The sheet 房源."""
        return self.loaded.get(Unit)

    @property
    def ratio(self) -> Ratio:
        """Occupied ÷ lettable, by leases."""
        return ratio_of(self.standings)

    def groups(self, by: By) -> dict[str, list[Standing]]:
        """The lettable units by estate, ownership or layout, sorted by its name."""
        values: list[Any] = self.units.column(by.field)
        found: dict[str, list[Standing]] = {}
        for one in self.standings:
            if one.lettable:
                found.setdefault(str(values[one.index] or BLANK), []).append(one)
        return dict(sorted(found.items()))


def compute_occupancy(loaded: Loaded, as_of: dt.date, *, reconcile: bool = True) -> Occupancy:
    """Occupied ÷ lettable on the day.

    Occupied: a lease covers the day (several on one unit count once). Lettable: occupied, or of
    status 在租 or 空置 and delivered by the day (without 交付日期: delivered). 装修中, 预留 and
    已处置 are not lettable. The statuses are those of the sheet as it stands and have no history,
    so a past day is replayed from leases and days of delivery. `reconcile` compares with the
    statuses: for the day of the sheet, not for a past one.
    """
    leases = tenancies(loaded)
    standings = tuple(standings_on(loaded, leases, as_of))
    units = loaded.get(Unit)
    states = units.column("status")
    let = sum(states[one.index] is UnitStatus.OCCUPIED for one in standings)
    lettable = sum(states[one.index] in LETTABLE for one in standings)
    unknown = sum(not one.lettable and states[one.index] not in LETTABLE for one in standings)
    findings = list(_differences(loaded, leases, standings, as_of)) if reconcile else []
    findings.sort(key=lambda finding: finding.sort_key)
    return Occupancy(
        loaded,
        as_of,
        standings,
        Ratio(let, lettable),
        unknown,
        len(units) - len(standings),
        tuple(_trend(loaded, leases, as_of)),
        reconcile,
        tuple(findings),
    )


def ratio_of(standings: Sequence[Standing]) -> Ratio:
    """Occupied ÷ lettable of these units."""
    return Ratio(
        sum(one.lease is not None for one in standings), sum(one.lettable for one in standings)
    )


def standings_on(
    loaded: Loaded, leases: Mapping[str, Sequence[Tenancy]], day: dt.date
) -> Iterator[Standing]:
    """Every unit whose number and status can be read, in the order of the sheet."""
    units = loaded.get(Unit)
    numbers, states = units.column("unit_no"), units.column("status")
    delivered = units.column("delivered_on")
    for index in units.usable("unit_no", "status"):
        lease = next((one for one in leases.get(numbers[index], ()) if one.covers(day)), None)
        ready = delivered[index] is None or delivered[index] <= day
        lettable = lease is not None or (states[index] in LETTABLE and ready)
        yield Standing(index, numbers[index], lettable, lease)


def _trend(
    loaded: Loaded, leases: Mapping[str, Sequence[Tenancy]], as_of: dt.date
) -> Iterator[tuple[Month, Ratio]]:
    """At the ends of the months of the year up to the day, and on the day itself."""
    month = Month.of(as_of.year, 1)
    while month.first_day <= as_of:
        day = min(month.last_day, as_of)
        yield month, ratio_of(list(standings_on(loaded, leases, day)))
        month = month.plus(1)


def _differences(
    loaded: Loaded,
    leases: Mapping[str, Sequence[Tenancy]],
    standings: Sequence[Standing],
    as_of: dt.date,
) -> Iterator[Finding]:
    units = loaded.get(Unit)
    for one in standings:
        status, day = units.column("status")[one.index], units.column("delivered_on")[one.index]
        words = {"unit": one.unit_no, "status": status.value}
        if (one.lease is not None) != (status is UnitStatus.OCCUPIED):
            fault = f"合同 {one.lease.lease_no} 却在租" if one.lease else "却没有在租合同"
            yield STATUS_AND_LEASE.at(units.cell(one.index, "status"), fault=fault, **words)
        if status in LETTABLE and not one.lettable:
            where = units.cell(one.index, "delivered_on")
            yield LETTABLE_UNDELIVERED.at(where, day=day, as_of=as_of, **words)
    known = {one.unit_no for one in standings}
    table = loaded.get(Lease)
    for unit, own in leases.items():
        for lease in own:
            if unit not in known and lease.covers(as_of):
                where = table.cell(lease.index, "unit_no")
                yield LEASE_WITHOUT_UNIT.at(where, lease=lease.lease_no, unit=unit)
