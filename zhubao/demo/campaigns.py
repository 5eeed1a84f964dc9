"""The campaigns against subletting: one estate after the other, each within a month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhubao.demo.blueprint import Blueprint
from zhubao.demo.office_calendar import office_days

CAMPAIGN_ESTATES = ("粟塘小区", "鄱阳小区", "凤凰佳园", "凤凰苑")
_FROM = 6  # day of the month from which on a campaign may begin


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign in an estate; `days` are its working days, the first and last its dates."""

    no: str
    estate: str
    days: tuple[dt.date, ...]

    @property
    def first(self) -> dt.date:
        """The day it begins."""
        return self.days[0]

    @property
    def last(self) -> dt.date:
        """The day it ends."""
        return self.days[-1]

    def covers(self, estate: str, day: dt.date) -> bool:
        """True for its estate while it runs."""
        return estate == self.estate and self.first <= day <= self.last


def campaigns(plan: Blueprint) -> list[Campaign]:
    """One per known estate of the plan; the fourth month and later ones share what is left."""
    names = [estate.name for estate in plan.estates]
    result = []
    for number, estate in enumerate((n for n in CAMPAIGN_ESTATES if n in names), 1):
        month = plan.months[min(number, len(plan.months)) - 1]
        days = tuple(day for day in office_days((month,)) if day.day >= _FROM)
        result.append(Campaign(f"ZZ{number:03d}", estate, days))
    return result
