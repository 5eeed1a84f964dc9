"""Days on which offices are open, as far as the working-day calendar knows the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from itertools import count

from zhubao.core.period import Month
from zhubao.core.workdays import CalendarUnknown, WorkCalendar
from zhubao.demo.streams import ONE_DAY

_CALENDAR = WorkCalendar()


@cache
def is_office_day(day: dt.date) -> bool:
    """A working day; Monday to Friday in years the calendar does not cover."""
    try:
        return _CALENDAR.is_workday(day)
    except CalendarUnknown:
        return day.weekday() < 5


def office_days(months: Sequence[Month]) -> list[dt.date]:
    """Every working day of the months."""
    first, last = months[0].first_day, months[-1].last_day
    days = (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if is_office_day(day)]


def next_office_day(day: dt.date) -> dt.date:
    """The first working day after `day`."""
    return next(later for later in (day + ONE_DAY * n for n in count(1)) if is_office_day(later))


def office_day_until(day: dt.date) -> dt.date:
    """The day itself when offices are open, else the last working day before it."""
    return next(d for d in (day - ONE_DAY * n for n in count()) if is_office_day(d))


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of that day."""
    return dt.datetime(day.year, day.month, day.day, hour, minute)
