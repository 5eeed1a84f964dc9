"""Attendance and assessment of the staff, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.office import StaffAssessment, StaffGrade

_SCALES = (1, 2, 4, 10, 100)


@dataclass(frozen=True, slots=True)
class AttendanceMonth:
    """One month of all staff; days summed over persons.

    `days_known` persons have both their days due and their days present; only they are in the
    rate. `score` is the mean over `scored` persons, two decimals half up, None without any.
    """

    month: Month
    people: int
    due_days: Decimal
    present_days: Decimal
    leave_days: Decimal
    absent_days: Decimal
    late: int
    rate: Ratio
    days_known: int
    score: Decimal | None
    scored: int
    grades: tuple[tuple[StaffGrade, int], ...]
    cells: tuple[Cell, ...]


def attendance_months(
    loaded: Loaded, period: Period, as_of: dt.date
) -> tuple[AttendanceMonth, ...]:
    """The months of the period that have begun by the cut-off date and have rows.

    A month is counted whole; the sheet has no days. Rows without a readable month are left out.
    """
    table = loaded.get(StaffAssessment)
    months = table.column("month")
    rows: dict[Month, list[int]] = {}
    for row in table.usable("month"):
        rows.setdefault(months[row], []).append(row)
    wanted = [month for month in period.months() if month.first_day <= as_of and month in rows]
    return tuple(_month(loaded, month, rows[month]) for month in wanted)


def _month(loaded: Loaded, month: Month, rows: Sequence[int]) -> AttendanceMonth:
    table = loaded.get(StaffAssessment)
    due, present = table.column("due_days"), table.column("present_days")
    both = [row for row in rows if due[row] is not None and present[row] is not None]
    scores = [value for row in rows if (value := table.column("score")[row]) is not None]
    grades = [value for row in rows if (value := table.column("grade")[row]) is not None]
    total_due, total_present = _total(due, both), _total(present, both)
    return AttendanceMonth(
        month=month,
        people=len(rows),
        due_days=total_due,
        present_days=total_present,
        leave_days=_total(table.column("leave_days"), rows),
        absent_days=_total(table.column("absent_days"), rows),
        late=int(_total(table.column("late_count"), rows)),
        rate=_ratio(total_present, total_due),
        days_known=len(both),
        score=_mean(scores),
        scored=len(scores),
        grades=tuple((grade, grades.count(grade)) for grade in StaffGrade),
        cells=tuple(table.row_cell(row) for row in rows),
    )


def _total(values: Sequence[Any], rows: Sequence[int]) -> Decimal:
    return sum((Decimal(values[row]) for row in rows if values[row] is not None), Decimal(0))


def _mean(scores: Sequence[Decimal]) -> Decimal | None:
    if not scores:
        return None
    return (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def _ratio(present: Decimal, due: Decimal) -> Ratio:
    """In days; in half days (or finer) where the days are not whole."""
    for scale in _SCALES:
        if not (present * scale % 1 or due * scale % 1):
            return Ratio(int(present * scale), int(due * scale))
    return Ratio(round(present * _SCALES[-1]), round(due * _SCALES[-1]))
