"""Violations and changed circumstances: who found them, at which visit or in which campaign."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhubao.demo.audit_cases import car_owners, confirmed_on, restored_on, sublet_homes
from zhubao.demo.blueprint import Blueprint
from zhubao.demo.campaigns import Campaign
from zhubao.demo.homes import Home
from zhubao.demo.office_calendar import office_day_until, office_days
from zhubao.demo.patrol_visits import ROUTINE, Call
from zhubao.demo.streams import day_between, stream
from zhubao.demo.tenancy import Town

SUBLET, CAR, DEATH = "转租转借", "购车", "死亡"
VIOLATION, CHANGE = "日常违规", "情况变动"
_VIOLATIONS = (SUBLET, "安装防盗门", "违规装修", "安装防盗门", SUBLET)
_CHANGES = ("购房", CAR, CAR, "工商登记", DEATH, "购房")
_SEEN = {SUBLET: "他人居住", DEATH: "家人居住"}
_CONDITION = {"安装防盗门": "加装防盗门", "违规装修": "改动房屋结构"}
_BEFORE_END = 10  # days before the period's end from which on a visit finds nothing any more


@dataclass(slots=True)
class Case:
    """One case; `call` is the visit that found it."""

    home: Home
    category: str
    kind: str
    found_on: dt.date
    rectified_on: dt.date
    source: str
    call: Call | None = None
    campaign: Campaign | None = None
    leaves: bool = False


class CaseBook:
    """Finds the cases of a period among its visits, and marks the visits that found one."""

    def __init__(
        self,
        town: Town,
        calls: Sequence[Call],
        running: Sequence[Campaign],
        taken: Iterable[Home],
    ) -> None:
        self._town, self._campaigns = town, running
        self._plan: Blueprint = town.plan
        self._rng: random.Random = stream(town.plan.seed, "cases found")
        self._days = office_days(town.plan.months)
        self._used = {home.no for home in (*taken, *sublet_homes(town))}
        self._calls = [
            call for call in calls if call.home.role == "standing" and not call.home.hardship
        ]
        self._rng.shuffle(self._calls)

    def cases(self) -> list[Case]:
        """Every case, in the order of the days on which it was found."""
        counts = self._plan.counts
        violations = [_VIOLATIONS[i % len(_VIOLATIONS)] for i in range(counts.violations)]
        changes = [_CHANGES[i % len(_CHANGES)] for i in range(counts.changes)]
        found = [*self._violations(violations), *self._changes(changes)]
        return sorted(found, key=lambda case: (case.found_on, case.home.no))

    def _violations(self, kinds: list[str]) -> Iterator[Case]:
        """Sublet units: by the auditors, then by the campaigns; the rest on ordinary visits."""
        audited, sublets = sublet_homes(self._town), kinds.count(SUBLET)
        for home in audited[:sublets]:
            found, fixed = confirmed_on(self._plan), restored_on(self._plan)
            yield Case(home, VIOLATION, SUBLET, found, fixed, "审计")
        left = sublets - len(audited[:sublets])
        rest = [kind for kind in kinds if kind != SUBLET]
        for number in range(left):
            case = self._in_campaign(number)
            if case is None:
                rest.append(SUBLET)
            else:
                yield case
        for kind in rest:
            yield from self._on_visit(VIOLATION, kind)

    def _changes(self, kinds: list[str]) -> Iterator[Case]:
        """Cars: the auditors' first; deaths on visits; the others by comparing data."""
        for home in car_owners(self._town)[: kinds.count(CAR)]:
            found, gone = confirmed_on(self._plan), home.exited_on or self._plan.as_of
            kinds.remove(CAR)
            yield Case(home, CHANGE, CAR, min(found, gone), gone, "审计", leaves=True)
        for kind in kinds:
            if kind == DEATH:
                yield from self._on_visit(CHANGE, kind)
            else:
                yield from self._by_data(kind)

    def _in_campaign(self, number: int) -> Case | None:
        """A sublet unit found early enough to be put right within the campaign."""
        if not self._campaigns:
            return None
        campaign = self._campaigns[number % len(self._campaigns)]
        early = campaign.days[: max(1, len(campaign.days) // 2)]
        for call in self._calls:
            if call.campaign is campaign and call.day in early and self._take(call.home):
                fixed = self._fixed(call.day, campaign.last)
                self._mark(call, SUBLET)
                return Case(
                    call.home, VIOLATION, SUBLET, call.day, fixed, "专项整治", call, campaign
                )
        return None

    def _on_visit(self, category: str, kind: str) -> Iterator[Case]:
        """Found on an ordinary visit; by a report where no visit is left."""
        limit = self._plan.as_of - dt.timedelta(days=_BEFORE_END)
        for call in self._calls:
            if call.kind != ROUTINE or call.day > limit or self._in_window(call.home, call.day):
                continue
            alone = len(call.home.people) == 1  # nobody is left there when the tenant dies
            if not (kind == DEATH and alone) and self._take(call.home):
                self._mark(call, kind)
                fixed = self._fixed(call.day, self._plan.as_of)
                yield Case(call.home, category, kind, call.day, fixed, "日常巡查", call)
                return
        yield from self._without_visit(category, kind, "群众举报")

    def _by_data(self, kind: str) -> Iterator[Case]:
        source = self._rng.choice(("数据比对", "数据比对", "数据比对", "主动申报"))
        yield from self._without_visit(CHANGE, kind, source)

    def _without_visit(self, category: str, kind: str, source: str) -> Iterator[Case]:
        days = [*self._days[: max(1, len(self._days) - _BEFORE_END)]]
        for call in self._calls:
            if call.home.no not in self._used:
                self._used.add(call.home.no)
                open_days = [day for day in days if not self._in_window(call.home, day)] or days
                day = self._rng.choice(open_days)
                fixed = self._fixed(day, self._plan.as_of)
                yield Case(call.home, category, kind, day, fixed, source)
                return

    def _take(self, home: Home) -> bool:
        if home.no in self._used:
            return False
        self._used.add(home.no)
        return True

    def _mark(self, call: Call, kind: str) -> None:
        call.met, call.has_problem = True, True
        call.occupancy = _SEEN.get(kind, "本人居住")
        call.condition = _CONDITION.get(kind, "正常")

    def _fixed(self, day: dt.date, last: dt.date) -> dt.date:
        """Put right five to twenty-five days later, on a working day, by `last`."""
        first = min(last, day + dt.timedelta(days=5))
        fixed = day_between(self._rng, first, min(last, day + dt.timedelta(days=25)))
        return max(day, office_day_until(fixed))

    def _in_window(self, home: Home, day: dt.date) -> bool:
        """True in a campaign's estate while it runs."""
        estate = home.lease.unit.plan.name
        return any(campaign.covers(estate, day) for campaign in self._campaigns)
