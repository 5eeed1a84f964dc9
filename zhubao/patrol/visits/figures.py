"""The figures of patrolling in a period: each one a pure function of `see(loaded, period, as_of)`.

A figure counts up to `as_of` or the end of the period, whichever is earlier. A row of 巡查 whose
day lies in the period is a visit, also where its household is not in 保障家庭; that household is
counted nowhere, and is a finding (`check_visits`). Two rows of one household, day and kind count
twice and are a finding too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhubao.core.finding import Cell
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.table import LedgerTable
from zhubao.ledger.tenants import Lease
from zhubao.patrol.visits.dwellings import Dwellings
from zhubao.patrol.visits.keys import MonthsDue, months_due
from zhubao.patrol.visits.log import VisitLog, read_log
from zhubao.patrol.visits.roll import KeyRoll, People, whole_months
from zhubao.patrol.visits.rules import VisitRules
from zhubao.patrol.visits.sources import cell_ranges

Overrides = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A count (`denominator` None) or a rate, and the rows it was made of.

    `rows` are the rows of `table` behind the numerator, `base_rows` those of `base` behind the
    denominator; `definition` says in words what is counted.
    """

    code: str
    title: str
    unit: str
    definition: str
    period: Period
    as_of: dt.date
    numerator: int
    table: LedgerTable[Any]
    rows: tuple[int, ...]
    denominator: int | None = None
    base: LedgerTable[Any] | None = None
    base_rows: tuple[int, ...] = ()

    @property
    def ratio(self) -> Ratio | None:
        """The rate; None for a plain count."""
        return None if self.denominator is None else Ratio(self.numerator, self.denominator)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells behind the numerator."""
        return cell_ranges(self.table, self.rows)

    @property
    def base_cells(self) -> tuple[Cell, ...]:
        """The cells behind the denominator."""
        return () if self.base is None else cell_ranges(self.base, self.base_rows)


@dataclass(frozen=True, slots=True)
class Seen:
    """The ledgers as every figure of a period sees them; made once by whoever wants several.

    `day` is the last day counted, `rows` the rows of 巡查 that count, by day, `strays` those of
    them whose household is not in 保障家庭, `keys` the key households on the list on at least one
    day of the period, with their rows.
    """

    loaded: Loaded
    period: Period
    as_of: dt.date
    rules: VisitRules
    known: Mapping[str, int]
    log: VisitLog
    roll: KeyRoll
    homes: Dwellings
    rows: tuple[int, ...]
    strays: tuple[int, ...]
    keys: Mapping[str, tuple[int, ...]]

    @property
    def day(self) -> dt.date:
        """The end of the period, or the cut-off where it is earlier."""
        return min(self.period.end, self.as_of)

    @property
    def span(self) -> Period:
        """The part of the period that is counted."""
        return Period(self.period.start, self.day)


def see(loaded: Loaded, period: Period, as_of: dt.date, overrides: Overrides = None) -> Seen:
    """Read what the figures of the period are made of; ValueError for a period after `as_of`."""
    day = min(period.end, as_of)
    log, known, roll = read_log(loaded, day), People.of(loaded).rows, KeyRoll.of(loaded)
    numbers, days = log.table.column("household_no"), log.table.column("visited_on")
    start = period.start
    rows = tuple(row for row in log.order if days[row] >= start)
    strays = tuple(row for row in rows if numbers[row] not in known)
    keys = roll.during(Period(start, day))
    listed = {number: own for number, own in keys.items() if number in known}
    rules = VisitRules.on(day, overrides)
    homes = Dwellings(loaded)
    return Seen(loaded, period, as_of, rules, known, log, roll, homes, rows, strays, listed)


def households_patrolled(seen: Seen) -> Figure:
    """Distinct households with at least one visit of any kind; a row per household: its first.

    A number that is not in 保障家庭 is no household.
    """
    first: dict[str, int] = {}
    numbers = seen.log.table.column("household_no")
    for row in seen.rows:
        if numbers[row] in seen.known:
            first.setdefault(numbers[row], row)
    return Figure(
        "patrol.households_patrolled",
        "巡查户数",
        "户",
        "期间内至少巡查过一次的家庭，不论哪种巡查、见到没见到，一户只计一次",
        seen.period,
        seen.as_of,
        len(first),
        seen.log.table,
        tuple(first.values()),
    )


def visits_made(seen: Seen) -> Figure:
    """Rows of 巡查 in the period; one whose household is not in 保障家庭 is a visit too."""
    return Figure(
        "patrol.visits_made",
        "巡查次数",
        "次",
        "期间内的巡查行数，每行一次；家庭编号不在保障家庭表里的也算",
        seen.period,
        seen.as_of,
        len(seen.rows),
        seen.log.table,
        seen.rows,
    )


def patrol_coverage(seen: Seen) -> Figure:
    """Households visited in the period ÷ households with a home at its end.

    The numerator counts those of the denominator only: who has moved out since is not in it.
    """
    homes = seen.homes.on(seen.day)
    patrolled = households_patrolled(seen)
    numbers = patrolled.table.column("household_no")
    living = {number: home for number, home in homes.items() if number in seen.known}
    rows = tuple(row for row in patrolled.rows if numbers[row] in living)
    return Figure(
        "patrol.coverage",
        "巡查覆盖率",
        "户",
        f"{seen.day.isoformat()} 在租的家庭中，期间内至少巡查过一次的 ÷ 当天在租的家庭",
        seen.period,
        seen.as_of,
        len(rows),
        patrolled.table,
        rows,
        len(living),
        seen.loaded.get(Lease),
        tuple(home.lease_row for home in living.values()),
    )


def key_households_revisited(seen: Seen) -> Figure:
    """Key households with at least `repeat_visits` visits in the period ÷ key households.

    Key household: on the list on at least one day of the period. A visit of any kind counts.
    """
    times = seen.rules.repeat_visits
    own = {number: seen.log.within(number, seen.span) for number in seen.keys}
    revisited = {number: rows for number, rows in own.items() if len(rows) >= times}
    return Figure(
        "patrol.key_households_revisited",
        "重点对象多次走访户数",
        "户",
        f"期间内列在重点对象里、走访满 {times} 次（含本数，任何一种巡查）的家庭 ÷ "
        "期间内列在重点对象里的家庭",
        seen.period,
        seen.as_of,
        len(revisited),
        seen.log.table,
        _all(revisited.values()),
        len(seen.keys),
        seen.roll.table,
        _all(seen.keys.values()),
    )


def met_rate(seen: Seen) -> Figure:
    """Visits at which somebody was met ÷ visits with 是否见到 filled in."""
    text = "是否见到为“是”的巡查 ÷ 填了是否见到的巡查；没有填的不计"
    return _share(seen, "met", ("patrol.met_rate", "见面率", text))


def problem_rate(seen: Seen) -> Figure:
    """Visits that found a problem ÷ visits with 是否发现问题 filled in."""
    text = "发现问题的巡查 ÷ 填了是否发现问题的巡查；没有填的不计"
    return _share(seen, "has_problem", ("patrol.problem_rate", "发现问题率", text))


def key_visit_compliance(seen: Seen) -> Figure:
    """Visits due that were made ÷ visits due, of key households, month by month.

    Per household and whole month min(visits, due); what is due see `KeyRoll.due_in`. The rows are
    the visits of the households with visits due.
    """
    due = _due(seen)
    own = (seen.log.within(number, seen.span) for number, one in due.items() if one.months)
    return Figure(
        "patrol.key_visit_compliance",
        "重点走访完成率",
        "次",
        "重点对象逐月的应访次数中已完成的 ÷ 应访次数；某月多访的不抵别的月，"
        "整月都列在重点对象里的月份才有应访",
        seen.period,
        seen.as_of,
        sum(one.kept for one in due.values()),
        seen.log.table,
        _all(own),
        sum(one.required for one in due.values()),
        seen.roll.table,
        _all(seen.keys.values()),
    )


def key_households_on_schedule(seen: Seen) -> Figure:
    """Key households with every visit due made in every whole month ÷ those with visits due."""
    with_due = {number: one for number, one in _due(seen).items() if one.months}
    full = [number for number, one in with_due.items() if one.months_kept == one.months]
    return Figure(
        "patrol.key_households_on_schedule",
        "重点对象月月访够户数",
        "户",
        "每个整月都访够应访次数的重点对象 ÷ 期间内有应访次数的重点对象",
        seen.period,
        seen.as_of,
        len(full),
        seen.roll.table,
        _all(seen.keys[number] for number in full),
        len(with_due),
        seen.roll.table,
        _all(seen.keys[number] for number in with_due),
    )


def _due(seen: Seen) -> dict[str, MonthsDue]:
    """Key household → its visits against those due in the whole months of the period."""
    months, roll, rules = whole_months(seen.span), seen.roll, seen.rules
    return {
        number: months_due(roll, rows, seen.log.by_month(number), months, rules)
        for number, rows in seen.keys.items()
    }


def _share(seen: Seen, field: str, words: tuple[str, str, str]) -> Figure:
    table = seen.log.table
    values = table.column(field)
    code, title, definition = words
    filled = tuple(row for row in seen.rows if values[row] is not None)
    return Figure(
        code,
        title,
        "次",
        definition,
        seen.period,
        seen.as_of,
        sum(map(bool, (values[row] for row in filled))),
        table,
        tuple(row for row in filled if values[row]),
        len(filled),
        table,
        filled,
    )


def _all(parts: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(row for part in parts for row in part)
