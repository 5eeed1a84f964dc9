"""Whole months and years between two days."""

from __future__ import annotations

import datetime as dt

from zhubao.core.period import Month


def whole_months(first: dt.date, until: dt.date) -> int:
    """Whole months from `first` to `until`: 30 December to 30 June is 6, to 29 June 5.

    31 August to 29 February is 6, for the month has no later day. Never negative.
    """
    months = Month.containing(until) - Month.containing(first)
    month = Month.containing(first).plus(months)
    same_day = month.first_day.replace(day=min(first.day, month.last_day.day))
    return max(0, months if same_day <= until else months - 1)


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years of life; born on 29 February, a year is completed on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
