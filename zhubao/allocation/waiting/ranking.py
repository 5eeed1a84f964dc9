"""The ranked waiting list of a day: who comes first in each category, and on what grounds."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from zhubao.allocation.entitlement import group_order, layout_for
from zhubao.allocation.waiting.eligibility import contradictions, live_faults
from zhubao.allocation.waiting.points import (
    Circumstances,
    Formula,
    Points,
    formula_on,
)
from zhubao.allocation.waiting.replay import Registration, WaitingList, read_waiting_list
from zhubao.core.finding import Cell, Finding
from zhubao.core.spans import whole_months
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, WaitingStatus

_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting household with its rank in its category, from 1; two never share a rank."""

    rank: int
    registration: Registration
    order: int  # 1: the priority group that comes first
    months: int
    points: Points
    entitled: str
    home: int | None  # row of 保障家庭
    faults: tuple[Finding, ...]


@dataclass(frozen=True)
class RankedList:
    """The list of a day: places by category, then rank; and what it was made from."""

    as_of: dt.date
    loaded: Loaded
    waiting: WaitingList
    places: tuple[Place, ...]
    formula: Formula
    contradictions: tuple[Finding, ...]

    def home_value(self, home: int | None, name: str) -> Any:
        """A field of the household; None when it is not in 保障家庭."""
        return None if home is None else self.loaded.get(Household).column(name)[home]

    @cached_property
    def _home_of(self) -> Mapping[str, int]:
        numbers = self.loaded.get(Household).column("household_no")
        return {number: index for index, number in enumerate(numbers) if number}

    def home_row(self, household_no: str) -> int | None:
        """Its row in 保障家庭."""
        return self._home_of.get(household_no)

    def home_cell(self, home: int | None, name: str) -> tuple[Cell, ...]:
        """Where that field stands."""
        return () if home is None else (self.loaded.get(Household).cell(home, name),)

    def gone(self, status: WaitingStatus) -> list[Registration]:
        """Those 待审核 today, or closed with this status by the day; by date of closing."""
        chosen = [
            one
            for one in self.waiting.registrations
            if one.status is status
            and not one.contradiction
            and (one.closed_on is None or one.closed_on <= self.as_of)
        ]
        return sorted(chosen, key=lambda one: (one.closed_on or one.approved_on, one.waiting_no))

    @property
    def pending(self) -> int:
        """How many registrations are 待审核 today, and so never on the list."""
        states = Counter(one.status for one in self.waiting.registrations)
        return states[WaitingStatus.PENDING]


def rank_waiting_list(
    loaded: Loaded, as_of: dt.date, overrides: Mapping[str, Any] | None = None
) -> RankedList:
    """Rank everybody who waits at the end of `as_of`, category by category.

    Order: priority group (`allocation.priority_groups`), points if the bureau gives any (most
    first, none last), date of approval, waiting number (numbers inside it as numbers), row. The
    order of rows never matters otherwise. Source: 公共租赁住房管理办法 arts. 9 to 15.
    """
    waiting = read_waiting_list(loaded)
    formula = formula_on(as_of, overrides)
    bench = _Bench(loaded, as_of, overrides, formula)
    ordered = sorted((bench.place(one) for one in waiting.live(as_of)), key=_sort_key)
    ranks: Counter[str] = Counter()
    places = []
    for place in ordered:
        ranks[place.registration.category] += 1
        places.append(replace(place, rank=ranks[place.registration.category]))
    found = tuple(contradictions(loaded))
    return RankedList(as_of, loaded, waiting, tuple(places), formula, found)


class _Bench:
    """What every place is measured by; look-ups are made once per value, not per household."""

    def __init__(
        self,
        loaded: Loaded,
        as_of: dt.date,
        overrides: Mapping[str, Any] | None,
        formula: Formula,
    ) -> None:
        self._as_of, self._overrides, self._formula = as_of, overrides, formula
        self._homes = loaded.get(Household)
        self._home_of = {no: i for i, no in enumerate(self._homes.column("household_no")) if no}
        self._faults = live_faults(loaded, as_of, overrides)
        self._orders: dict[str, int] = {}
        self._layouts: dict[int | None, str] = {None: ""}

    def place(self, one: Registration) -> Place:
        """The unranked place of a registration."""
        home = self._home_of.get(one.household_no)
        size = self._value(home, "size")
        months = whole_months(one.approved_on, self._as_of)
        case = Circumstances(
            months,
            size,
            self._value(home, "tier") or "",
            self._value(home, "hardship") or "",
            one.group,
            one.points,
        )
        points = self._formula.points_of(case) if self._formula.is_used else Points(None, "")
        order, entitled = self._order(one.group), self._layout(size)
        found = self._faults.get(one.waiting_no, ())
        return Place(0, one, order, months, points, entitled, home, found)

    def _value(self, home: int | None, name: str) -> Any:
        return None if home is None else self._homes.column(name)[home]

    def _order(self, group: str) -> int:
        if group not in self._orders:
            self._orders[group] = group_order(group or None, self._as_of, self._overrides)
        return self._orders[group]

    def _layout(self, size: int | None) -> str:
        if size not in self._layouts:
            assert size is not None
            self._layouts[size] = layout_for(size, self._as_of, self._overrides)
        return self._layouts[size]


def _sort_key(place: Place) -> tuple[Any, ...]:
    one, points = place.registration, place.points.value
    scored = (1, Decimal(0)) if points is None else (0, -points)
    return (
        not one.category,  # no category: last
        one.category,
        place.order,
        scored,
        one.approved_on,
        _natural(one.waiting_no),
        one.index,
    )


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """LH9 before LH10: digits compare as numbers."""
    return tuple(
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
        for part in _DIGITS.split(text)
        if part
    )
