"""Who lives where: tenants move in, stay, move and leave."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from zhubao.core.period import Month
from zhubao.demo.blueprint import OCCUPANCY, Blueprint, EstatePlan
from zhubao.demo.estates import ONE_ROOM, UnitDraft, build_units
from zhubao.demo.homes import Home, LeaseDraft, rent_on
from zhubao.demo.names import home_area
from zhubao.demo.people import People
from zhubao.demo.streams import ONE_DAY, stream, weighted

LOW_TIERS = (("低收入", 0.48), ("低保", 0.45), ("特困", 0.07))
HIGH_TIERS = (("中等偏下收入", 0.78), ("新就业", 0.14), ("外来务工", 0.08))
_EXIT_REASONS = (
    ("主动放弃", 4.0),
    ("自购继承", 3.0),
    ("收入超标", 2.0),
    ("死亡", 2.0),
    ("违规", 1.0),
)


class Town:
    """Units and tenants of a blueprint; every list is in ledger order."""

    def __init__(self, plan: Blueprint) -> None:
        self.plan = plan
        self.people = People(plan.seed, plan.start.first_day)
        self.units = build_units(plan)
        self.homes: list[Home] = []
        self._lease_count = 0
        self._rng = stream(plan.seed, "tenancy")

    def settle(self) -> None:
        """Move everybody in, in the order: standing, moved, exited, allocated."""
        plan, rng = self.plan, self._rng
        old = [unit for unit in self.units if not unit.is_new]
        rng.shuffle(old)
        supply = iter(old)
        sick = set(rng.sample(range(plan.standing), min(plan.standing, plan.counts.key_households)))
        for index in range(plan.standing):
            self._stay(next(supply), is_key=index in sick)
        freed = [self._move(next(supply), next(supply)) for _ in range(plan.moved)]
        freed += [self._leave(next(supply), n < plan.exited // 4) for n in range(plan.exited)]
        self._allocate([*supply], freed)

    def new_home(self, role: str, size: int, *, high: bool, elderly: bool = False) -> Home:
        """A household without a lease, approved some years before the period."""
        rng = self._rng
        street, community = home_area(rng)
        home = Home(
            no=f"JT{len(self.homes) + 1:06d}",
            role=role,
            people=self.people.family(size, elderly=elderly),
            tier=weighted(rng, HIGH_TIERS if high else LOW_TIERS),
            phone=self.people.phone(),
            street=street,
            community=community,
            income=size * 100 * (rng.randint(1400, 2600) if high else rng.randint(500, 1300)),
            approved_on=self.plan.start.first_day - dt.timedelta(days=rng.randint(200, 900)),
        )
        self.homes.append(home)
        return home

    def add_lease(self, home: Home, unit: UnitDraft, first: Month, years: int) -> LeaseDraft:
        """A lease of whole months from `first`; its term is at most five years."""
        self._lease_count += 1
        starts = first.first_day
        lease = LeaseDraft(
            no=f"HT{self._lease_count:06d}",
            unit=unit,
            starts_on=starts,
            ends_on=first.plus(years * 12 - 1).last_day,
            rent=rent_on(unit, home.tier, starts),
            signed_on=starts - dt.timedelta(days=self._rng.randint(3, 12)),
        )
        home.leases.append(lease)
        unit.status, unit.vacant_since = "在租", None
        return lease

    def _stay(self, unit: UnitDraft, *, is_key: bool = False) -> Home:
        home = self._tenant("standing", size_for(self._rng, unit), is_key=is_key)
        self._chain(home, unit)
        return home

    def _tenant(self, role: str, size: int, *, is_key: bool = False) -> Home:
        rng = self._rng
        hardship = _hardship(rng, size) if is_key else None
        high = rng.random() < self.plan.lower_middle * (0.5 if is_key else 1.13)
        home = self.new_home(role, size, high=high, elderly=hardship in ("孤老", "三无"))
        home.hardship = hardship
        if hardship and rng.random() < 0.12:
            home.reduction_percent = rng.choice((30, 50))
        return home

    def _chain(self, home: Home, unit: UnitDraft) -> None:
        """Leases one after the other that cover the period, and its last day with some to spare."""
        plan, years = self.plan, self._rng.choice((3, 5, 5))
        first = plan.end.plus(-self._rng.randint(0, years * 12 - 2))
        chain = [(first, years)]
        while chain[0][0] > plan.start:
            chain.insert(0, (chain[0][0].plus(-60), 5))
        for number, (month, term) in enumerate(chain):
            lease = self.add_lease(home, unit, month, term)
            lease.renewed = number < len(chain) - 1
        moved_in = chain[0][0].first_day
        home.approved_on = moved_in - dt.timedelta(days=self._rng.randint(120, 700))
        unit.delivered_on = min(unit.delivered_on, moved_in - dt.timedelta(days=30))

    def _leave(self, unit: UnitDraft, is_disqualified: bool) -> UnitDraft:
        home = self._tenant("exited", size_for(self._rng, unit))
        self._chain(home, unit)
        self._end(home, unit)
        home.exited_on = home.lease.terminated_on
        home.exit_reason = "资格取消" if is_disqualified else weighted(self._rng, _EXIT_REASONS)
        if home.exit_reason == "死亡" and home.exited_on:
            for person in home.people:
                person.died_on = home.exited_on - dt.timedelta(days=20)
            home.people = home.people[:1]
        return unit

    def _move(self, unit: UnitDraft, other: UnitDraft) -> UnitDraft:
        home = self._tenant("moved", size_for(self._rng, unit))
        self._chain(home, unit)
        ended = self._end(home, unit)
        self._let(home, other, Month.containing(ended).plus(1))
        return unit

    def _let(self, home: Home, unit: UnitDraft, first: Month) -> None:
        """Leases of five years from `first` on, renewed as long as the period lasts."""
        while self.add_lease(home, unit, first, 5).ends_on <= self.plan.as_of:
            home.lease.renewed = True
            first = first.plus(60)

    def _end(self, home: Home, unit: UnitDraft) -> dt.date:
        """The tenant leaves at the end of a month of the period, before the last month."""
        plan = self.plan
        month = plan.start.plus(self._rng.randint(0, max(0, len(plan.months) - 2)))
        home.leases = [lease for lease in home.leases if lease.starts_on <= month.first_day]
        lease = home.lease
        lease.renewed, lease.terminated_on = False, month.last_day
        unit.status, unit.vacant_since = "空置", month.last_day + ONE_DAY
        return month.last_day

    def _allocate(self, spare: list[UnitDraft], freed: list[UnitDraft]) -> None:
        """New units first, estate by estate; then units that came free or stood vacant."""
        plan = self.plan
        fresh = [unit for unit in self.units if unit.is_new]
        taken = [unit for estate in plan.estates for unit in _most(fresh, estate)]
        stock = taken + [unit for unit in freed if self._opening(unit)] + spare
        short = plan.allocated - len(stock)
        if short > 0:
            numbers = {unit.no for unit in taken}
            left = [unit for unit in fresh if unit.no not in numbers]
            stock += left[:short]
        chosen = stock[: plan.allocated]
        sizes = [size_for(self._rng, unit) for unit in chosen]
        if plan.allocated_people is not None:
            _fit(sizes, plan.allocated_people)
        for unit, size in zip(chosen, sizes, strict=True):
            self._move_in(unit, size)

    def _move_in(self, unit: UnitDraft, size: int) -> None:
        rng, plan = self._rng, self.plan
        opening = self._opening(unit) or plan.end
        late = rng.random() < 0.15
        first = opening.plus(rng.randint(0, max(0, plan.end - opening))) if late else opening
        self._let(self._tenant("allocated", size), unit, first)

    def _opening(self, unit: UnitDraft) -> Month | None:
        """The first month a new tenant can move in; None when that is after the period."""
        plan = self.plan
        ready = max(unit.vacant_since or unit.delivered_on, plan.start.first_day)
        month = Month.containing(ready).plus(2)
        if month > plan.end:
            month = Month.containing(ready).plus(0 if ready.day == 1 else 1)
        return month if month <= plan.end else None


def size_for(rng: random.Random, unit: UnitDraft) -> int:
    """One room for one or two people, two rooms for three to five."""
    if unit.layout == ONE_ROOM:
        return weighted(rng, ((1, 0.55), (2, 0.45)))
    return weighted(rng, ((3, 0.68), (4, 0.24), (5, 0.08)))


def tenants(town: Town) -> Iterator[Home]:
    """Households with a lease at some time."""
    return (home for home in town.homes if home.leases)


def _most(fresh: list[UnitDraft], estate: EstatePlan) -> list[UnitDraft]:
    """The new units of an estate that find a tenant; the last few stay empty."""
    units = [unit for unit in fresh if unit.plan is estate]
    return units[: int(len(units) * OCCUPANCY)]


def _fit(sizes: list[int], people: int) -> None:
    """Nudge sizes within what their homes hold (1 and 2, 3 to 5) until they add up."""
    step = 1 if sum(sizes) < people else -1
    allowed = {1: (1, 3, 4), -1: (2, 4, 5)}[step]
    for index in range(len(sizes)):
        if sum(sizes) != people and sizes[index] in allowed:
            sizes[index] += step


def _hardship(rng: random.Random, size: int) -> str:
    if size == 1:
        return weighted(rng, (("孤老", 0.5), ("三无", 0.2), ("重病", 0.3)))
    return weighted(rng, (("重病", 0.75), ("重病、残疾", 0.25)))
