"""The cases of 违规与变动 as they stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.ledger.checks.standing import live_leases
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import CaseCategory, CaseKind, RectificationStatus, TenancyCase
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import Unit

Status = RectificationStatus
SETTLED = frozenset({Status.RECTIFIED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Case:
    """One case on the day asked for. `stage` is the 整改状态 it had then.

    `settled`: rectified by the day. `days`: from discovery to rectification, or to the day while
    it is open. `overdue`: rectified after the deadline, or open and the deadline is past (the
    deadline itself is still in time).
    """

    index: int
    number: str
    category: CaseCategory
    kind: CaseKind
    household: str
    unit: str
    estate: str
    found: dt.date
    deadline: dt.date | None
    rectified: dt.date | None
    stage: RectificationStatus
    settled: bool
    overdue: bool
    days: int
    cell: Cell

    @property
    def is_open(self) -> bool:
        """True while something remains to be done: neither rectified nor unfounded."""
        return not self.settled and self.stage is not Status.UNFOUNDED

    @property
    def counts(self) -> bool:
        """False for a case that turned out unfounded: in no denominator."""
        return self.stage is not Status.UNFOUNDED


def read_cases(loaded: Loaded, as_of: dt.date) -> list[Case]:
    """Every case found by the day, in the order of the sheet.

    Rows with unreadable required cells are left out (the loader has said so).
    """
    return list(_cases(loaded, as_of))


def _cases(loaded: Loaded, as_of: dt.date) -> Iterator[Case]:
    table = loaded.get(TenancyCase)
    places = Places(loaded, as_of)
    founds = table.column("found_on")
    for index in table.usable():
        if founds[index] > as_of:
            continue
        row = table.row(index)
        stage = stage_on(table, index, as_of)
        settled = stage in SETTLED
        rectified = row.rectified_on if settled else None
        end = rectified or as_of
        yield Case(
            index=index,
            number=row.case_no,
            category=row.category,
            kind=row.kind,
            household=row.household_no,
            unit=row.unit_no or places.unit_of(row.household_no),
            estate=places.estate_of(row.unit_no, row.household_no),
            found=row.found_on,
            deadline=row.deadline,
            rectified=rectified,
            stage=stage,
            settled=settled,
            overdue=stage is not Status.UNFOUNDED
            and row.deadline is not None
            and end > row.deadline,
            days=(end - row.found_on).days,
            cell=table.row_cell(index),
        )


def stage_on(table: LedgerTable[TenancyCase], index: int, as_of: dt.date) -> RectificationStatus:
    """The 整改状态 on the day, from status and dates together.

    Rectified only where status and 整改日期 both say so by the day: a status without a date, or a
    date under an open status, is a contradiction (PA-201, PA-202) and counts as open.
    """
    status: RectificationStatus = table.column("status")[index]
    if status is Status.UNFOUNDED:
        return status
    rectified = table.column("rectified_on")[index]
    if status in SETTLED and rectified is not None and rectified <= as_of:
        checked = table.column("checked_on")[index]
        closed = status is Status.CLOSED and (checked is None or checked <= as_of)
        return Status.CLOSED if closed else Status.RECTIFIED
    notified = table.column("notified_on")[index]
    begun = status is Status.IN_PROGRESS or (status in SETTLED and rectified is None)
    if begun or (notified is not None and notified <= as_of):
        return Status.IN_PROGRESS
    return Status.OPEN


class Places:
    """Where households live on a day, by their leases."""

    def __init__(self, loaded: Loaded, as_of: dt.date) -> None:
        units = loaded.get(Unit)
        numbers, estates = units.column("unit_no"), units.column("estate")
        self._estates: dict[str, str] = dict(zip(numbers, estates, strict=True))
        leases = loaded.get(Lease)
        homes, households = leases.column("unit_no"), leases.column("household_no")
        self._units: dict[str, str] = {
            households[index]: homes[index]
            for index in live_leases(leases, as_of)
            if households[index] and homes[index]
        }

    def unit_of(self, household: str) -> str:
        """The unit of the household's lease; "" without one."""
        return self._units.get(household, "")

    def estate_of(self, unit: str | None, household: str) -> str:
        """The estate of the unit named, else of the household's lease; "" when not known."""
        return self._estates.get(unit or self.unit_of(household)) or ""
