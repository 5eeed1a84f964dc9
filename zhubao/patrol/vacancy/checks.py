"""The rows of 空置核查: the last check of each unit, and the checks of a period in figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import VacancyCheck, VacancyReason, VacancyResult, VacancyStatus
from zhubao.patrol.cases.figures import Figure

_UNDER_WAY = frozenset({VacancyStatus.CONTACTING, VacancyStatus.RECOVERING})


@dataclass(frozen=True, slots=True)
class Checked:
    """One check on a day. `is_open`: not settled by the day; `lived_in`: it cleared the unit."""

    index: int
    number: str
    unit: str
    household: str
    reason: VacancyReason
    day: dt.date
    result: VacancyResult
    status: VacancyStatus
    closed_on: dt.date | None
    is_open: bool
    lived_in: bool
    cell: Cell


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """The checks made in a period: by reason, result and status; counts are of units."""

    checked: Figure  # units ÷ rows
    closed: Figure  # units settled ÷ units checked
    by_reason: Counter[VacancyReason]
    by_result: Counter[VacancyResult]
    by_status: Counter[VacancyStatus]
    units: tuple[Checked, ...]  # the last check of each unit
    rows: tuple[Checked, ...]


def read_checks(loaded: Loaded, as_of: dt.date) -> list[Checked]:
    """The checks by the day, in the order of the sheet.

    A check is open while its status is under way, or its 办结日期 is after the day. Result and
    status are those of the sheet: what they were on an earlier day is not written down.
    """
    table = loaded.get(VacancyCheck)
    found = []
    for index in table.usable():
        row = table.row(index)
        if row.checked_on > as_of:
            continue
        later = row.closed_on is not None and row.closed_on > as_of
        is_open = row.status in _UNDER_WAY or later
        cleared = row.result is VacancyResult.LIVED_IN or row.status is VacancyStatus.CLEARED
        found.append(
            Checked(
                index=index,
                number=row.check_no,
                unit=row.unit_no,
                household=row.household_no or "",
                reason=row.reason,
                day=row.checked_on,
                result=row.result,
                status=row.status,
                closed_on=None if later else row.closed_on,
                is_open=is_open,
                lived_in=cleared and not later,
                cell=table.row_cell(index),
            )
        )
    return found


def last_checks(loaded: Loaded, as_of: dt.date) -> dict[str, Checked]:
    """Unit → its last check by the day; an open one before any other."""
    found: dict[str, Checked] = {}
    for one in sorted(read_checks(loaded, as_of), key=lambda one: (one.is_open, one.day)):
        found[one.unit] = one
    return found


def check_figures(
    loaded: Loaded, period: Period, as_of: dt.date, *, units: frozenset[str] | None = None
) -> CheckFigures:
    """Units checked in the period as idle or for a suspected death.

    A unit checked twice counts once, with its last check. `units` limits them (an estate's).
    """
    rows = [
        one
        for one in read_checks(loaded, as_of)
        if period.contains(one.day) and (units is None or one.unit in units)
    ]
    last = {one.unit: one for one in sorted(rows, key=lambda one: (one.day, one.index))}
    cells = tuple(one.cell for one in rows)
    closed = [one for one in last.values() if not one.is_open]
    of_units = tuple(one.cell for one in last.values())
    return CheckFigures(
        checked=Figure(len(last), len(rows), period, as_of, of_units, cells),
        closed=Figure(
            len(closed), len(last), period, as_of, tuple(one.cell for one in closed), of_units
        ),
        by_reason=Counter(one.reason for one in last.values()),
        by_result=Counter(one.result for one in last.values()),
        by_status=Counter(one.status for one in last.values()),
        units=tuple(last.values()),
        rows=tuple(rows),
    )


def units_checked(loaded: Loaded, period: Period, as_of: dt.date) -> Figure:
    """Units checked in the period ÷ rows of 空置核查 of the period."""
    return check_figures(loaded, period, as_of).checked
