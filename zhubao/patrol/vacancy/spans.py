"""Years of life."""

from __future__ import annotations

import datetime as dt


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years of life; born on 29 February, a year is completed on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
