"""How the waiting list moved in a period: opening + approved - left = closing, proved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhubao.allocation.waiting.replay import Registration, WaitingList
from zhubao.core.period import Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, WaitingStatus

OLD, NEW = "期初在册", "本期批准"


@dataclass(frozen=True, slots=True)
class Flow:
    """Households and people; people by 家庭人口 of today, a household without it counts none."""

    households: int = 0
    people: int = 0

    def plus(self, other: Flow) -> Flow:
        """The sum."""
        return Flow(self.households + other.households, self.people + other.people)

    def less(self, other: Flow) -> Flow:
        """The difference."""
        return Flow(self.households - other.households, self.people - other.people)


@dataclass(frozen=True, slots=True)
class Line:
    """One category, one origin or the whole list."""

    title: str
    opening: Flow
    approved: Flow
    housed: Flow
    abandoned: Flow
    disqualified: Flow
    closing: Flow  # counted anew on the last day, not derived

    @property
    def expected(self) -> Flow:
        """opening + approved - housed - abandoned - disqualified."""
        left = self.housed.plus(self.abandoned).plus(self.disqualified)
        return self.opening.plus(self.approved).less(left)

    @property
    def difference(self) -> Flow:
        """closing - expected; nothing when the list is proved."""
        return self.closing.less(self.expected)


@dataclass(frozen=True, slots=True)
class Movement:
    """By category, by origin (on the list at the start, or approved since), and in all."""

    period: Period
    by_category: tuple[Line, ...]
    by_origin: tuple[Line, ...]
    total: Line

    @property
    def is_proved(self) -> bool:
        """True when every line closes, in households and in people."""
        lines = (*self.by_category, *self.by_origin, self.total)
        return all(line.difference == Flow() for line in lines)


def waiting_movement(waiting: WaitingList, loaded: Loaded, period: Period) -> Movement:
    """The movement of the list in a period.

    Opening: who waited at the end of the day before; closing: who waits at the end of the last
    day; approved and left: by their dates in the period, the last by its 轮候状态. One
    approved and closed in the period counts in both. 待审核 and contradictory rows never count.
    """
    sizes = _sizes(loaded)
    counted = [one for one in waiting.registrations if one.counts]
    categories: dict[str, list[Registration]] = defaultdict(list)
    for one in counted:
        categories[one.category].append(one)
    before = period.start - dt.timedelta(days=1)
    lines = [_line(name, rows, period, sizes) for name, rows in sorted(categories.items())]
    old = [one for one in counted if one.is_live(before)]
    new = [one for one in counted if period.contains(one.approved_on)]
    return Movement(
        period,
        tuple(line for line in lines if _moves(line)),
        (_line(OLD, old, period, sizes), _line(NEW, new, period, sizes)),
        _line("合计", counted, period, sizes),
    )


def _moves(line: Line) -> bool:
    return any(flow.households for flow in (line.opening, line.approved, line.closing))


def _line(
    title: str, rows: Iterable[Registration], period: Period, sizes: Mapping[str, int]
) -> Line:
    before = period.start - dt.timedelta(days=1)
    parts: dict[str, Flow] = defaultdict(Flow)
    for one in rows:
        here = Flow(1, sizes.get(one.household_no, 0))
        if one.is_live(before):
            parts["opening"] = parts["opening"].plus(here)
        if period.contains(one.approved_on):
            parts["approved"] = parts["approved"].plus(here)
        if one.closed_on is not None and period.contains(one.closed_on):
            parts[one.status] = parts[one.status].plus(here)
        if one.is_live(period.end):
            parts["closing"] = parts["closing"].plus(here)
    return Line(
        title,
        parts["opening"],
        parts["approved"],
        parts[WaitingStatus.HOUSED],
        parts[WaitingStatus.ABANDONED],
        parts[WaitingStatus.DISQUALIFIED],
        parts["closing"],
    )


def _sizes(loaded: Loaded) -> dict[str, int]:
    table = loaded.get(Household)
    sizes = zip(table.column("household_no"), table.column("size"), strict=True)
    return {number: size for number, size in sizes if number and size}
