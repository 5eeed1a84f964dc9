"""The plan of an invented bureau: how many of everything, and when. The rows follow from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from zhubao.core.period import Month
from zhubao.demo import names
from zhubao.demo.streams import shares

OCCUPANCY = 0.9672  # share of lettable units that are let, the sample's own rate
DEFAULT_END = Month.of(2020, 6)


@dataclass(frozen=True, slots=True)
class EstatePlan:
    """One estate: units let before, units new in the period, ownership, grade and height."""

    name: str
    code: str
    old_units: int
    new_units: int
    city_owned: bool
    grade: str
    floors: int
    built: int  # year
    new_on: dt.date | None = None
    outside: bool = False  # lies in the neighbouring district

    @property
    def units(self) -> int:
        """All lettable units."""
        return self.old_units + self.new_units


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each business line gets; the names follow the sheets."""

    unlettable: Mapping[str, int]  # 状态 → units
    supply: Mapping[str, int]  # 筹集渠道 → units
    pipeline_units: int
    dispatched: Mapping[str, int]  # 房源类型 → units
    approvals: Mapping[str, int]
    subsidy_households: int
    subsidy_new: int
    staff_employers: int
    staff_households: int
    patrolled: int
    key_households: int
    violations: int
    changes: int
    vacancy_checks: int
    special_cases: int
    tickets: int
    articles: int
    trainings: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The waiting list: approved before the period, before the first draw, and after it.

    Everybody approved in time is housed, dropped (early: before the first draw) or still waits.
    """

    opening: int
    early: int
    later: int
    dropped_early: int
    dropped_later: int

    @property
    def total(self) -> int:
        """All registrations."""
        return self.opening + self.early + self.later

    @property
    def dropped(self) -> int:
        """Withdrawn or disqualified."""
        return self.dropped_early + self.dropped_later


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An invented bureau. `lower_middle` is the share of tenants who pay the higher rents."""

    seed: int
    start: Month
    end: Month
    standing: int  # tenants all through the period
    allocated: int  # moved in during the period
    exited: int
    moved: int  # changed to another unit; stay tenants
    waiting: Waiting
    estates: tuple[EstatePlan, ...]
    counts: Counts
    lower_middle: float = 0.26
    allocated_people: int | None = None  # exact number of people in the allocated households
    bureau: str = names.BUREAU

    @property
    def as_of(self) -> dt.date:
        """The last day of the period."""
        return self.end.last_day

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the period."""
        return tuple(Month(index) for index in range(self.start, self.end + 1))

    @property
    def occupied(self) -> int:
        """Units let at the end."""
        return self.standing + self.moved + self.allocated


def scaled(households: int, months: int, seed: int, end: Month) -> Blueprint:
    """A bureau of any size: the sample's proportions, for `households` tenants."""
    start = end.plus(1 - months)
    allocated = min(households // 3, round(households * 0.012 * months))
    exited = min(households // 10, round(households * 0.0015 * months))
    moved = round(households * 0.003)
    if months < 2:  # whoever leaves does so before the last month
        exited = moved = 0
    lettable = round((households - exited) / OCCUPANCY)
    fresh = min(lettable // 3, round(allocated * 0.8))
    # Old units must hold everybody who lived there before, and both homes of those who moved.
    old = max(lettable - fresh, households - allocated + moved)
    return Blueprint(
        seed=seed,
        start=start,
        end=end,
        standing=households - allocated - exited - moved,
        allocated=allocated,
        exited=exited,
        moved=moved,
        waiting=_waiting(allocated, households),
        estates=_estates(old, fresh, start),
        counts=_counts(households, months),
    )


def _waiting(allocated: int, households: int) -> Waiting:
    extra = max(3, households // 50)  # still waiting at the end
    dropped = allocated // 40
    return Waiting(
        opening=allocated + dropped,
        early=extra // 3,
        later=extra - extra // 3 + dropped,
        dropped_early=dropped,
        dropped_later=dropped,
    )


def _estates(old: int, fresh: int, start: Month) -> tuple[EstatePlan, ...]:
    count = max(3, min(60, (old + fresh) // 250))
    titles = names.estate_names(count)
    olds = shares(old, [3 + (i * 7) % 5 for i in range(count)])
    fresh_at = {i: part for i, part in zip((0, 2), shares(fresh, (3, 1)), strict=True)}
    return tuple(
        EstatePlan(
            name=title,
            code=f"{index + 1:02d}",
            old_units=olds[index],
            new_units=fresh_at.get(index, 0),
            city_owned=index % 5 in (0, 1, 3),
            grade=("二级", "三级", "一级")[index % 3],
            floors=(6, 11, 18, 6)[index % 4],
            built=start.year - 11 + index % 8,
            new_on=start.first_day,
            outside=index % 7 == 1,
        )
        for index, title in enumerate(titles)
    )


def _counts(households: int, months: int) -> Counts:
    """The sample's half-year figures, in proportion to households and months."""
    factor = households / 2000 * months / 6

    def part(figure: int, least: int = 1) -> int:
        return max(least, round(figure * factor))

    return Counts(
        unlettable={"装修中": part(24), "预留": part(27), "已处置": part(10)},
        supply={
            "社会合作房": part(573),
            "团购商品房": part(305),
            "限价商品房": part(520),
            "公租房": part(715),
        },
        pipeline_units=part(1200),
        dispatched={"经适房": part(112), "商品房": part(376), "公租房": part(12)},
        approvals={
            "经济适用房购房资格": part(115),
            "棚改安置补贴": part(333),
            "购房奖励": part(551),
            "半边户": part(116),
        },
        subsidy_households=max(2, round(households * 0.08)),
        subsidy_new=max(1, round(households * 0.0015)),
        staff_employers=22,
        staff_households=part(960, 22),
        patrolled=max(2, round(households * 0.9)),
        key_households=max(1, round(households * 0.3)),
        violations=part(20),
        changes=part(66),
        vacancy_checks=part(50),
        special_cases=part(11),
        tickets=part(21),
        articles=part(38),
        trainings=6,
    )
