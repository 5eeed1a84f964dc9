"""Units examined as idle, or their tenant as dead: chosen so that rent and visits agree with it.

Nobody is met and nothing is paid at a home while it is thought to be idle. Homes whose rent never
came in stay under examination (two are left for the check list to find); homes whose rent came
late were empty until the family was reached; in the rest somebody was found to live after all.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhubao.demo.audit_cases import sublet_homes
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import next_office_day, office_day_until
from zhubao.demo.rent_history import RentHistory
from zhubao.demo.streams import ONE_DAY, day_between, stream
from zhubao.demo.tenancy import Town

_HALF_YEAR = 190  # days, a little more than six months
_LEFT = 2  # idle homes that nobody has examined yet
_OPEN_SHARE = 0.4  # of the examinations, at most, without an end
_FEARED_SHARE = 0.16  # of the examinations: elderly people living alone
_OLD = 75
_UNLUCKY = 0.9  # luck of a call at which nobody is met
_TRACES = dt.timedelta(days=60)  # before an examination that found somebody: not met either


@dataclass(slots=True)
class Examined:
    """One home and its examination, if any. `closed_on` None: not at its end.

    `unseen_from`, `unseen_until`: nobody is met between these days, both included.
    """

    home: Home
    unseen_from: dt.date
    unseen_until: dt.date
    checked_on: dt.date | None = None
    idle_since: dt.date | None = None
    feared: bool = False
    result: str = ""
    status: str = ""
    closed_on: dt.date | None = None

    def hides(self, day: dt.date) -> bool:
        """True when nobody is to be met on the day."""
        return self.unseen_from <= day <= self.unseen_until


def examine(town: Town, history: RentHistory) -> list[Examined]:
    """The examinations of the period by day, then the idle homes that have none.

    Calls of the rent collectors at these homes are made to meet nobody while the home is idle.
    """
    found = list(_Search(town, history).all())
    by_home = {one.home.no: one for one in found}
    history.visits = [
        visit._replace(luck=max(visit.luck, _UNLUCKY))
        if visit.household_no in by_home and by_home[visit.household_no].hides(visit.day)
        else visit
        for visit in history.visits
    ]
    last = town.plan.as_of + ONE_DAY
    return sorted(found, key=lambda one: (one.checked_on or last, one.home.no))


class _Search:
    """Finds the homes by their accounts."""

    def __init__(self, town: Town, history: RentHistory) -> None:
        self._plan: Blueprint = town.plan
        self._rng: random.Random = stream(town.plan.seed, "idle homes")
        self._first_day, self._last_day = town.plan.start.first_day, town.plan.as_of
        self._town = town
        self._first_paid: dict[str, dt.date] = {}
        self._last_paid: dict[str, dt.date] = {}
        for payment in history.payments:
            self._first_paid.setdefault(payment.household_no, payment.day)
            self._last_paid[payment.household_no] = payment.day
        audited = {home.no for home in sublet_homes(town)}
        settled = self._first_day - dt.timedelta(days=120)
        self._homes = [
            home
            for home in town.homes
            if home.role == "standing"
            and home.lease.starts_on <= settled
            and home.no not in audited
        ]

    def all(self) -> Iterator[Examined]:
        """As many examinations as the plan wants, then the homes left for the check list."""
        count = self._plan.counts.vacancy_checks
        never = [home for home in self._calm() if home.no not in self._first_paid]
        plain = [home for home in never if not home.hardship]
        left = plain[:_LEFT] if len(plain) > 2 * _LEFT - 1 else []
        months = len(self._plan.months)
        chosen = [*self._deaths()][:count]
        if months >= 2:
            silent = [home for home in never if home not in left][: int(count * _OPEN_SHARE)]
            chosen += [self._silent(number, home) for number, home in enumerate(silent)]
            chosen += [self._late(home) for home in self._late_payers()]
        taken = {one.home.no for one in chosen} | {home.no for home in left}
        chosen = chosen[:count]
        for number, home in enumerate(self._others(taken, count - len(chosen))):
            unsettled = self._feared(home) if home.hardship and number % 2 else None
            chosen.append(unsettled or self._lived_in(home))
        yield from chosen
        for home in left if months >= 2 else ():
            yield Examined(home, self._first_day, self._last_day)

    def _calm(self) -> Iterator[Home]:
        """Homes nobody calls at every month: without hardship, or one person alone."""
        return (home for home in self._homes if not home.hardship or len(home.people) == 1)

    def _late_payers(self) -> Iterator[Home]:
        early = self._first_day + dt.timedelta(days=75)
        for home in self._homes:
            if not home.hardship and self._first_paid.get(home.no, early) > early:
                yield home

    def _deaths(self) -> Iterator[Examined]:
        """Tenants who died alone in the period, whose unit came back."""
        for home in self._town.homes:
            died, gone = home.people[0].died_on, home.exited_on
            if home.role != "exited" or died is None or gone is None or died < self._first_day:
                continue
            if self._last_paid.get(home.no, died) <= died:
                day = self._office_day(died + dt.timedelta(days=4), gone)
                yield Examined(
                    home, died, gone, day, None, True, "确认死亡", "已收回", max(day, gone)
                )

    def _silent(self, number: int, home: Home) -> Examined:
        """Never paid in the period, never met: not yet settled at its end."""
        earliest = max(self._first_day, home.lease.starts_on + dt.timedelta(days=_HALF_YEAR + 40))
        day = self._office_day(earliest, self._last_day)
        feared = bool(home.hardship)
        sure = not feared and number % 2 == 0
        return Examined(
            home,
            self._first_day,
            self._last_day,
            day,
            self._idle_since(home, day),
            feared,
            "确认空置" if sure else "暂未查清",
            "收回中" if sure else "联系家属中",
        )

    def _late(self, home: Home) -> Examined:
        """Empty until the family was reached; then the rent came in."""
        paid = self._first_paid[home.no]
        day = self._office_day(self._first_day, paid - dt.timedelta(days=12))
        closed = self._office_day(day + dt.timedelta(days=7), paid - ONE_DAY)
        until = closed - ONE_DAY
        since = self._idle_since(home, day)
        return Examined(
            home, self._first_day, until, day, since, False, "正常居住", "已排除", closed
        )

    def _others(self, taken: Iterable[str], wanted: int) -> list[Home]:
        """Ordinary homes for the rest; some are elderly people living alone."""
        free = [home for home in self._homes if home.no not in set(taken)]
        year = self._last_day.year - _OLD
        old = [
            h for h in free if h.hardship and len(h.people) == 1 and h.people[0].born.year < year
        ]
        feared = min(len(old), int(self._plan.counts.vacancy_checks * _FEARED_SHARE), wanted)
        calm = [home for home in free if not home.hardship and home.no in self._first_paid]
        return [
            *self._rng.sample(old, max(0, feared)),
            *self._rng.sample(calm, max(0, min(len(calm), wanted - feared))),
        ]

    def _feared(self, home: Home) -> Examined | None:
        """An old person alone whose last rent came shortly before; None when that was too late."""
        month = self._last_day - dt.timedelta(days=25)
        first = max(self._last_paid.get(home.no, month), month) + ONE_DAY
        day = office_day_until(day_between(self._rng, first, max(first, self._last_day)))
        if not first <= day <= self._last_day:
            return None
        return Examined(home, first, self._last_day, day, None, True, "暂未查清", "联系家属中")

    def _lived_in(self, home: Home) -> Examined:
        """Neighbours had not seen the tenants for long; they were met in the end."""
        last = self._last_day - dt.timedelta(days=20)
        day = self._office_day(self._first_day, max(self._first_day, last))
        closed = self._office_day(day, min(self._last_day, day + dt.timedelta(days=15)))
        feared = bool(home.hardship)
        return Examined(home, day - _TRACES, day, day, None, feared, "正常居住", "已排除", closed)

    def _idle_since(self, home: Home, day: dt.date) -> dt.date:
        latest = day - dt.timedelta(days=_HALF_YEAR)
        first = max(home.lease.starts_on + dt.timedelta(days=30), latest - dt.timedelta(days=200))
        return day_between(self._rng, min(first, latest), latest)

    def _office_day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day on which offices are open, between the two where there is one."""
        day = office_day_until(day_between(self._rng, first, last))
        if day >= first:
            return day
        later = next_office_day(first - ONE_DAY)
        return later if later <= last else first
