"""Vacant units: since when, for how many days and whole consecutive months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.core.spans import whole_months
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.units import Unit, UnitStatus
from zhubao.supply.occupancy import Standing, standings_on
from zhubao.supply.slips import Slip, read_slips
from zhubao.supply.tenancies import Tenancy, tenancies

VACANT_SINCE_UNKNOWN = declare(
    "SU-140",
    "空置房源没有起始日",
    Severity.WARNING,
    "房源 {unit} 空着，空置起始日、交付日期和以前的合同都没有，算不出空置多久",
    "补填空置起始日",
    bad="状态“空置”，空置起始日和交付日期都空着，从没有出租过",
    good="空置起始日填 2020-03-31",
)
VACANT_SINCE_TOO_EARLY = declare(
    "SU-141",
    "空置起始日早于上一份合同的退租",
    Severity.WARNING,
    "房源 {unit} 的空置起始日是 {day}，合同 {lease} 到 {free} 才退租或到期，从第二天起算",
    "核对退租日期和空置起始日",
    bad="空置起始日 2019-12-01，上一份合同 2020-03-31 退租",
    good="空置起始日与退租日期相同，或在它之后",
)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacant unit. `since` is its first vacant day; None when nothing says it."""

    standing: Standing
    since: dt.date | None
    origin: str  # which column or event says so
    cells: tuple[Cell, ...]
    days: int | None
    months: int | None


@dataclass(frozen=True, slots=True)
class Vacancies:
    """The vacant units on the day, longest first; `lettable` counts the lettable ones by estate."""

    loaded: Loaded
    as_of: dt.date
    limit_months: int
    estate: str
    min_months: int
    vacancies: tuple[Vacancy, ...]
    lettable: Mapping[str, int]
    findings: tuple[Finding, ...]

    def is_long(self, vacancy: Vacancy) -> bool:
        """True from the limit on (以上含本数)."""
        return vacancy.months is not None and vacancy.months >= self.limit_months


def compute_vacancies(
    loaded: Loaded,
    as_of: dt.date,
    *,
    estate: str = "",
    min_months: int = 0,
    overrides: Mapping[str, Any] | None = None,
) -> Vacancies:
    """Lettable units that no lease covers on the day.

    Vacant since the latest of what is known and not after the day: 空置起始日 (of a unit that is
    空置), the day after the last lease, the return of a dispatch, 交付日期. Days:
    `as_of` - since; months: whole ones, from day to the same day. Flagged from policy
    lease.idle_months on. `min_months` leaves out shorter and unknown ones; `estate` other estates.

    Source: 《公共租赁住房管理办法》 art. 27 counts the same months, but of units that are let and
    not lived in; here it is only the bureau's measure for units that are not let. Raises
    `UsageError` for an unknown estate.
    """
    units = loaded.get(Unit)
    estates: list[Any] = units.column("estate")
    if estate and estate not in estates:
        raise UsageError(f"没有名为“{estate}”的小区", advice="请核对小区名称。")
    leases, slips = tenancies(loaded), _returns(loaded)
    standings = [
        one
        for one in standings_on(loaded, leases, as_of)
        if one.lettable and estate in ("", estates[one.index])
    ]
    found: list[Vacancy] = []
    findings: list[Finding] = []
    lettable: dict[str, int] = {}
    for one in standings:
        place = str(estates[one.index] or "")
        lettable[place] = lettable.get(place, 0) + 1
        if one.lease is None:
            own = leases.get(one.unit_no, [])
            vacancy = _vacancy(loaded, one, own, slips.get(one.unit_no, ()), as_of)
            found.append(vacancy)
            findings += _faults(loaded, vacancy, own, as_of)
    chosen = [one for one in found if not min_months or (one.months or 0) >= min_months]
    chosen.sort(key=lambda one: (-(one.days if one.days is not None else -1), one.standing.index))
    limit = int(policy.at("lease.idle_months", as_of, overrides))
    findings.sort(key=lambda finding: finding.sort_key)
    return Vacancies(
        loaded, as_of, limit, estate, min_months, tuple(chosen), lettable, tuple(findings)
    )


def _vacancy(
    loaded: Loaded,
    one: Standing,
    leases: Sequence[Tenancy],
    slips: Sequence[Slip],
    as_of: dt.date,
) -> Vacancy:
    known = [
        candidate
        for candidate in _candidates(loaded, one, leases, slips, as_of)
        if candidate[0] <= as_of
    ]
    own = loaded.get(Unit).row_cell(one.index)
    if not known:
        return Vacancy(one, None, "", (own,), None, None)
    since, origin, cell = max(known, key=lambda candidate: candidate[0])
    cells = (own, cell) if cell != own else (own,)
    return Vacancy(one, since, origin, cells, (as_of - since).days, whole_months(since, as_of))


def _candidates(
    loaded: Loaded,
    one: Standing,
    leases: Sequence[Tenancy],
    slips: Sequence[Slip],
    as_of: dt.date,
) -> Iterator[tuple[dt.date, str, Cell]]:
    """What says since when it is vacant, the ledger's own word first (it wins on the same day)."""
    units = loaded.get(Unit)
    written = units.column("vacant_since")[one.index]
    if written is not None and units.column("status")[one.index] is UnitStatus.VACANT:
        yield written, "空置起始日", units.cell(one.index, "vacant_since")
    for lease in leases:
        if lease.vacant_from is not None and not lease.ends_after(as_of):
            yield min(lease.vacant_from, as_of), f"合同 {lease.lease_no} 退租或到期", lease.cell
    for slip in slips:
        if slip.returned_on is not None:
            yield slip.returned_on, f"调配单 {slip.number} 退回", slip.cell
    delivered = units.column("delivered_on")[one.index]
    if delivered is not None:
        yield delivered, "交付日期", units.cell(one.index, "delivered_on")


def _returns(loaded: Loaded) -> dict[str, list[Slip]]:
    """Unit → its dispatches that were given back."""
    found: dict[str, list[Slip]] = {}
    for slip in read_slips(loaded):
        if slip.unit_no and slip.returned_on is not None:
            found.setdefault(slip.unit_no, []).append(slip)
    return found


def _faults(
    loaded: Loaded, vacancy: Vacancy, leases: Sequence[Tenancy], as_of: dt.date
) -> Iterator[Finding]:
    units, one = loaded.get(Unit), vacancy.standing
    where = units.cell(one.index, "vacant_since")
    if vacancy.since is None:
        yield VACANT_SINCE_UNKNOWN.at(where, unit=one.unit_no)
    written = units.column("vacant_since")[one.index]
    ended = [lease for lease in leases if lease.last_day and lease.last_day <= as_of]
    if written is None or not ended or units.column("status")[one.index] is not UnitStatus.VACANT:
        return
    last = max(ended, key=lambda lease: lease.last_day or dt.date.min)
    if last.last_day is not None and written < last.last_day:
        words = {"day": written, "lease": last.lease_no, "free": last.last_day}
        yield VACANT_SINCE_TOO_EARLY.at(where, unit=one.unit_no, **words)
