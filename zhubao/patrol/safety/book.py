"""Inspections and hazards as they stood on a day, with their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhubao import policy
from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell, Finding
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    HazardLevel,
    RectificationStatus,
    SafetyHazard,
    SafetyInspection,
)
from zhubao.patrol.cases.figures import Figure
from zhubao.patrol.safety.checks import safety_faults

FIXED = frozenset({RectificationStatus.RECTIFIED, RectificationStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard on the day. `fixed`: status and 整改日期 both say so by then.

    `days`: from discovery to repair, or to the day while open. `overdue`: repaired after the
    deadline, or open and the deadline is past.
    """

    index: int
    number: str
    estate: str
    level: HazardLevel
    found: dt.date
    reported_to: str | None
    reported_on: dt.date | None
    deadline: dt.date | None
    fixed_on: dt.date | None
    fixed: bool
    counts: bool
    overdue: bool
    days: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class SafetyBook:
    """The inspections and hazards of a period, and hazards found earlier that are still open."""

    loaded: Loaded
    period: Period
    as_of: dt.date
    inspections: tuple[int, ...]  # rows of 安全检查
    found: tuple[Hazard, ...]
    earlier_open: tuple[Hazard, ...]
    unfounded: int
    unread: int
    report_days: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def listed(self) -> tuple[Hazard, ...]:
        """Everything to be shown, by day of discovery."""
        return tuple(
            sorted((*self.found, *self.earlier_open), key=lambda one: (one.found, one.index))
        )

    @property
    def open(self) -> tuple[Hazard, ...]:
        """What is not repaired on the day."""
        return tuple(one for one in self.listed if not one.fixed)


def compute_safety(
    loaded: Loaded,
    period: Period,
    as_of: dt.date,
    *,
    estate: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> SafetyBook:
    """Inspections made and hazards found in the period, as they stood on the day.

    Raises `UsageError` for an estate that neither units nor inspections nor hazards know.
    """
    table = loaded.get(SafetyInspection)
    _refuse_unknown(loaded, estate)
    days, places = table.column("inspected_on"), table.column("estate")
    inspections = tuple(
        index
        for index in table.usable()
        if period.contains(days[index]) and days[index] <= as_of and estate in ("", places[index])
    )
    hazards = [one for one in read_hazards(loaded, as_of) if estate in ("", one.estate)]
    report_days: Mapping[str, int] = policy.at("patrol.hazard_report_days", as_of, overrides)
    counted = [one for one in hazards if one.counts]
    unread = sum(len(t) - len(t.usable()) for t in (table, loaded.get(SafetyHazard)))
    return SafetyBook(
        loaded=loaded,
        period=period,
        as_of=as_of,
        inspections=inspections,
        found=tuple(one for one in counted if period.contains(one.found)),
        earlier_open=tuple(one for one in counted if one.found < period.start and not one.fixed),
        unfounded=sum(not one.counts and period.contains(one.found) for one in hazards),
        unread=unread,
        report_days=report_days,
        findings=tuple(safety_faults(loaded, as_of, report_days)),
    )


def read_hazards(loaded: Loaded, as_of: dt.date) -> list[Hazard]:
    """Every hazard found by the day, in the order of the sheet."""
    table = loaded.get(SafetyHazard)
    found = []
    for index in table.usable():
        row = table.row(index)
        if row.found_on > as_of:
            continue
        fixed = row.status in FIXED and row.fixed_on is not None and row.fixed_on <= as_of
        end = row.fixed_on if fixed and row.fixed_on else as_of
        counts = row.status is not RectificationStatus.UNFOUNDED
        reported = row.reported_on is not None and row.reported_on <= as_of
        found.append(
            Hazard(
                index=index,
                number=row.hazard_no,
                estate=row.estate,
                level=row.level,
                found=row.found_on,
                reported_to=row.reported_to if reported else None,
                reported_on=row.reported_on if reported else None,
                deadline=row.deadline,
                fixed_on=row.fixed_on if fixed else None,
                fixed=fixed,
                counts=counts,
                overdue=counts and row.deadline is not None and end > row.deadline,
                days=(end - row.found_on).days,
                cell=table.row_cell(index),
            )
        )
    return found


def hazards_fixed(
    loaded: Loaded, period: Period, as_of: dt.date, level: HazardLevel | None = None
) -> Figure:
    """Hazards found in the period and repaired by the day ÷ found; open is the rest."""
    own = [
        one
        for one in read_hazards(loaded, as_of)
        if one.counts and period.contains(one.found) and level in (None, one.level)
    ]
    return fixed_figure(own, period, as_of)


def fixed_figure(hazards: Iterable[Hazard], period: Period, as_of: dt.date) -> Figure:
    """Repaired ÷ all of these."""
    own = list(hazards)
    fixed = [one.cell for one in own if one.fixed]
    cells = tuple(one.cell for one in own)
    return Figure(len(fixed), len(own), period, as_of, tuple(fixed), cells)


def inspections_made(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Inspections in the period (numerator) and the estates they went to (denominator)."""
    table = loaded.get(SafetyInspection)
    days, estates = table.column("inspected_on"), table.column("estate")
    rows = [i for i in table.usable() if period.contains(days[i]) and days[i] <= as_of]
    cells = tuple(table.row_cell(index) for index in rows)
    return Figure(len(rows), len({estates[index] for index in rows}), period, as_of, cells, cells)


def known_estates(loaded: Loaded) -> set[str]:
    """The estates of 房源, 安全检查 and 安全隐患."""
    return {
        name
        for table in loaded.tables.values()
        if "estate" in table.model.model_fields
        for name in table.column("estate")
        if name
    }


def _refuse_unknown(loaded: Loaded, estate: str) -> None:
    if estate and estate not in known_estates(loaded):
        raise UsageError(f"没有名为“{estate}”的小区", advice="请核对小区名称。")
