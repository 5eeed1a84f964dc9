"""Whom to visit in a month: everybody with a door, key households more often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.addresses import Address
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import KeyHouseholdKind, PatrolKind
from zhubao.ledger.units import Unit
from zhubao.patrol.visits.dwellings import Dwelling, Dwellings
from zhubao.patrol.visits.log import VisitLog, read_log
from zhubao.patrol.visits.roll import KeyRoll, People
from zhubao.patrol.visits.rules import VisitRules

KINDS = (PatrolKind.ROUTINE.value, PatrolKind.KEY_HOUSEHOLD.value, *KeyHouseholdKind)


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What is asked for; "" asks for everything.

    `day` is the cut-off: visits after it are not counted. A plan for a month to come is made by
    the leases and the list of key households as they stand on the month's first day. `kind` is
    日常巡查 (households that are not key ones), 重点走访 (those that are) or a 重点类型. `visitor`
    is the person responsible for a key household, else whoever visited last.
    """

    month: Month
    day: dt.date
    estate: str = ""
    kind: str = ""
    visitor: str = ""
    unvisited: bool = False

    @property
    def on(self) -> dt.date:
        """The day of the month whose leases and key households count."""
        return min(max(self.day, self.month.first_day), self.month.last_day)


@dataclass(frozen=True, slots=True)
class Stop:
    """One door: `required` visits in the month, `made` so far, the last visit ever.

    `days_since` counts from the last visit to the day of the plan; None where there was none.
    """

    household_no: str
    dwelling: Dwelling
    key_rows: tuple[int, ...]
    kinds: tuple[str, ...]
    visitor: str
    required: int
    made: int
    last_row: int | None
    last_on: dt.date | None
    last_met_on: dt.date | None
    days_since: int | None

    @property
    def address(self) -> Address:
        """Where the door is."""
        return self.dwelling.address

    @property
    def due(self) -> int:
        """Visits still to be made in the month."""
        return max(0, self.required - self.made)

    @property
    def is_key(self) -> bool:
        """True for a key household."""
        return bool(self.key_rows)


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """The doors of the month in walking order; what could not be listed is counted.

    `doorless` key households have no lease; `unassigned` households have neither a person
    responsible nor a former visitor, and were left out because a visitor was asked for.
    """

    order: PlanOrder
    rules: VisitRules
    people: People
    log: VisitLog
    roll: KeyRoll
    stops: tuple[Stop, ...]
    doorless: tuple[str, ...]
    unassigned: int
    not_yet: int = field(default=0)  # households whose turn is in a later month

    def most_urgent(self) -> list[Stop]:
        """The stops with visits due: never visited ones first, then the longest unvisited."""
        due = [one for one in self.stops if one.due]
        return sorted(due, key=lambda one: one.last_on or dt.date.min)


def plan_visits(
    loaded: Loaded, order: PlanOrder, *, overrides: Mapping[str, Any] | None = None
) -> VisitPlan:
    """The plan of a month.

    Listed: every household that lives in a unit by its lease. A key household is due as often as
    重点对象 says (每月走访次数, else by kind; of several kinds the most). Any other is due once
    in every `routine_months` months, counted from the month of its last visit: with 1 every month.
    A visit of any kind counts, whether or not somebody was met.
    Order: estate, building, entrance, floor, room; unknown addresses last.

    Raises `UsageError` for an estate no unit lies in, and for an unknown kind.
    """
    _check(order, loaded)
    rules = VisitRules.on(order.on, overrides)
    people, roll = People.of(loaded), KeyRoll.of(loaded)
    log = read_log(loaded, min(order.day, order.month.last_day))
    keys, homes = roll.on(order.on), Dwellings(loaded).on(order.on)
    made = _Plan(order, rules, log, roll)
    stops = [made.stop(no, home, keys.get(no, ())) for no, home in homes.items()]
    wanted = [one for one in stops if one.required and _belongs(one, order)]
    listed = [one for one in wanted if not order.visitor or order.visitor in one.visitor]
    listed.sort(key=lambda one: (one.address.walk_key, one.household_no))
    return VisitPlan(
        order,
        rules,
        people,
        log,
        roll,
        tuple(listed),
        tuple(sorted(no for no in keys if no not in homes)),
        sum(not one.visitor for one in wanted) if order.visitor else 0,
        sum(not one.required and _belongs(one, order) for one in stops),
    )


def _check(order: PlanOrder, loaded: Loaded) -> None:
    estates = {str(name) for name in loaded.get(Unit).column("estate") if name}
    if order.estate and order.estate not in estates:
        known = "、".join(sorted(estates)[:10])
        raise UsageError(
            f"没有名为“{order.estate}”的小区", advice=f"请核对小区名称；房源表里有：{known}。"
        )
    if order.kind and order.kind not in KINDS:
        raise UsageError(f"没有“{order.kind}”这一类", advice=f"可以写：{'、'.join(KINDS)}。")


def _belongs(stop: Stop, order: PlanOrder) -> bool:
    if order.estate and stop.address.estate != order.estate:
        return False
    if order.unvisited and not stop.due and stop.required:
        return False
    if order.kind == PatrolKind.ROUTINE.value:
        return not stop.is_key
    if order.kind == PatrolKind.KEY_HOUSEHOLD.value:
        return stop.is_key
    return not order.kind or order.kind in stop.kinds


class _Plan:
    """What every stop of one plan needs."""

    def __init__(self, order: PlanOrder, rules: VisitRules, log: VisitLog, roll: KeyRoll) -> None:
        self._order, self._rules, self._log, self._roll = order, rules, log, roll
        first = order.month.plus(1 - rules.routine_months).first_day
        self._span = first, order.month.first_day

    def stop(self, number: str, home: Dwelling, key_rows: tuple[int, ...]) -> Stop:
        days = self._log.days(self._log.of(number))
        made = sum(day >= self._span[1] for day in days)
        last = days[-1] if days else None
        return Stop(
            number,
            home,
            key_rows,
            self._roll.kinds(key_rows),
            self._visitor(number, key_rows),
            self._required(days, key_rows, made),
            made,
            self._log.last(number),
            last,
            self._log.last_met(number),
            max(0, (self._order.on - last).days) if last is not None else None,
        )

    def _required(self, days: list[dt.date], key_rows: tuple[int, ...], made: int) -> int:
        if key_rows:
            return self._roll.a_month(key_rows, self._rules)
        earlier = any(self._span[0] <= day < self._span[1] for day in days)
        return 1 if made or not earlier else 0

    def _visitor(self, number: str, key_rows: tuple[int, ...]) -> str:
        responsible = self._roll.responsible(key_rows)
        last = self._log.last(number)
        if responsible or last is None:
            return responsible
        return str(self._log.table.column("visitor")[last] or "")
