"""Months and years from a day on, and whole months between two days."""

from __future__ import annotations

import datetime as dt

from zhubao.core.period import Month


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later; the month's last day where it is shorter."""
    month = Month.containing(day).plus(months)
    return month.first_day.replace(day=min(day.day, month.last_day.day))


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 1 March after 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def whole_months(first: dt.date, until: dt.date) -> int:
    """How many whole months have passed from `first` (included) to `until` (not included).

    30 December to 30 June: 6; to 29 June: 5. 31 August to 28 February (no leap year): 6, for the
    month has no later day. Never negative.
    """
    months = Month.containing(until) - Month.containing(first)
    return max(0, months if months_later(first, months) <= until else months - 1)


def term_months(first: dt.date, last: dt.date) -> int:
    """Whole months of a term whose first and last day both count: 3 June to 2 August is 2."""
    return whole_months(first, last + dt.timedelta(days=1))
