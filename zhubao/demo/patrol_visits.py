"""Who was called at on which day: everybody once, key households month after month."""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhubao.core.period import Month
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.campaigns import Campaign
from zhubao.demo.homes import Home
from zhubao.demo.idle_homes import Examined
from zhubao.demo.office_calendar import office_days
from zhubao.demo.streams import stream
from zhubao.demo.tenancy import Town

ROUTINE, KEY, CAMPAIGN = "日常巡查", "重点走访", "专项巡查"
_MET = 0.86  # share of calls at which somebody opens
_SKIPPED = 0.12  # share of the months in which a key household is not called at
_IN_CAMPAIGN = 0.7  # share of an estate's households called at in its campaign
_LATE = 12  # day of the last month but one from which on a call is recent enough


@dataclass(slots=True)
class Call:
    """One visit; `no` is given when all are known."""

    day: dt.date
    home: Home
    kind: str
    campaign: Campaign | None
    met: bool
    occupancy: str
    condition: str = "正常"
    has_problem: bool = False
    no: str = ""


class Rounds:
    """The visits of a period."""

    def __init__(
        self, town: Town, running: Sequence[Campaign], examined: Iterable[Examined]
    ) -> None:
        self._plan: Blueprint = town.plan
        self._rng: random.Random = stream(town.plan.seed, "patrol visits")
        self._campaigns = {campaign.estate: campaign for campaign in running}
        self._examined = {one.home.no: one for one in examined}
        self._days = office_days(town.plan.months)
        self._by_month = {month: office_days((month,)) for month in town.plan.months}
        living = [home for home in town.homes if home.leases and not home.exited_on]
        self.keys = [home for home in living if home.hardship and home.role == "standing"]
        self.visited = _first(living, self.keys, town.plan.counts.patrolled)

    def calls(self) -> list[Call]:
        """Every visit in the order of the days, numbered."""
        keys = {home.no for home in self.keys}
        found: list[Call] = []
        for home in self.visited:
            found += self._regular(home) if home.no in keys else [self._single(home)]
        found.sort(key=lambda call: (call.day, call.home.no, call.kind))
        for number, call in enumerate(found, 1):
            call.no = f"XC{number:06d}"
        return found

    def _single(self, home: Home) -> Call:
        """The one visit of an ordinary household."""
        since = _at_home_since(home)
        campaign = self._campaign(home, since)
        if campaign:
            return self._call(home, self._rng.choice(campaign.days), CAMPAIGN, campaign)
        start = min(bisect_left(self._days, since), len(self._days) - 1)
        return self._call(home, self._days[self._rng.randrange(start, len(self._days))], ROUTINE)

    def _regular(self, home: Home) -> Iterator[Call]:
        """A key household's visits: one a month but for a few months; twice at least."""
        campaign = self._campaign(home, _at_home_since(home))
        months = self._months_kept()
        for number, month in enumerate(months):
            if campaign and campaign.first in self._by_month[month]:
                yield self._call(home, self._rng.choice(campaign.days), CAMPAIGN, campaign)
            else:
                day = self._rng.choice(self._in_month(month, last=number == len(months) - 1))
                yield self._call(home, day, KEY if number else ROUTINE)
        if len(months) == 1:
            yield self._call(home, self._rng.choice(self._by_month[months[0]]), KEY)

    def _months_kept(self) -> list[Month]:
        """Never two months in a row without a visit."""
        kept: list[Month] = []
        skipped = False
        for month in self._plan.months:
            skipped = not skipped and len(self._plan.months) > 2 and self._rng.random() < _SKIPPED
            if not skipped:
                kept.append(month)
        return kept

    def _in_month(self, month: Month, *, last: bool) -> list[dt.date]:
        """Days of the month; later ones where no further visit comes in the period."""
        days = self._by_month[month]
        return (
            [day for day in days if day.day >= _LATE] if last and month < self._plan.end else days
        )

    def _campaign(self, home: Home, since: dt.date) -> Campaign | None:
        """The campaign in which the household is called at, if any."""
        campaign = self._campaigns.get(home.lease.unit.plan.name)
        if campaign is None or since > campaign.first or self._rng.random() >= _IN_CAMPAIGN:
            return None
        return campaign

    def _call(self, home: Home, day: dt.date, kind: str, campaign: Campaign | None = None) -> Call:
        luck = self._rng.random()
        examined = self._examined.get(home.no)
        if examined and examined.hides(day):
            empty = examined.idle_since is not None and kind != KEY
            return Call(day, home, kind, campaign, False, "无人居住" if empty else "未见到人")
        if luck >= _MET:
            return Call(day, home, kind, campaign, False, "未见到人")
        family = len(home.people) > 1 and luck < _MET / 12
        return Call(day, home, kind, campaign, True, "家人居住" if family else "本人居住")


def _first(living: list[Home], keys: list[Home], count: int) -> list[Home]:
    """So many households, key households before all others; in ledger order."""
    numbers = {home.no for home in keys}
    others = max(0, count - len(keys))
    chosen = []
    for home in living:
        if home.no in numbers:
            chosen.append(home)
        elif others:
            chosen.append(home)
            others -= 1
    return chosen


def _at_home_since(home: Home) -> dt.date:
    """The day on which the household moved into its present unit."""
    unit = home.lease.unit
    return min(lease.starts_on for lease in home.leases if lease.unit is unit)
