"""Working days for checks: no answer instead of an error where holidays are not known."""

from __future__ import annotations

import datetime as dt

from zhubao.core.workdays import CalendarUnknown, WorkCalendar


def workdays_between(calendar: WorkCalendar, start: dt.date, end: dt.date) -> int | None:
    """Working days from `start` (not counted) to `end` (counted); 0 when `end` is not later.

    None where the holidays of a year between are not known.
    """
    if end <= start:
        return 0
    try:
        return calendar.between(start, end)
    except CalendarUnknown:
        return None
