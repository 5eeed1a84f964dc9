"""A figure in its parts, for charts and tables: by month, by 小区, by channel, by type.

The parts of a breakdown sum to the figure, which is proved each time one is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zhubao.core.errors import UsageError
from zhubao.core.finding import Cell
from zhubao.core.period import Month, Period
from zhubao.ledger.units import Dispatch, DispatchType, SupplyChannel, Unit
from zhubao.rent.arrears import ArrearsResult, owed_on
from zhubao.rent.postings import IntArray
from zhubao.summary.indicators.figures import Measured, Scope, find_figures
from zhubao.summary.indicators.rent_figures import (
    charged_postings,
    rent_accounts,
    rent_takings,
)
from zhubao.summary.indicators.supply_figures import (
    NO_ESTATE,
    delivered_rows,
    dispatched_slips,
    raised_batches,
)
from zhubao.summary.indicators.tenancy_figures import allocations

_UNKNOWN = "（未填）"


class By(StrEnum):
    """What a figure is divided by."""

    MONTH = "month"
    BILLING_MONTH = "billing_month"
    ESTATE = "estate"
    CHANNEL = "channel"
    TYPE = "type"
    LAYOUT = "layout"
    PROJECT = "project"


class BreakdownBroken(AssertionError):
    """The parts do not sum to the whole: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure: what it is called, its number and cells."""

    label: str
    measured: Measured


Item = tuple[str, int, Cell]  # label, number, cell
Compute = Callable[[Scope], tuple[Part, ...]]
_DECLARED: dict[str, dict[By, Compute]] = {}


def _parts(code: str, by: By) -> Callable[[Compute], Compute]:
    """Declare the decorated function as the breakdown of a figure; the first one is its default."""

    def register(compute: Compute) -> Compute:
        _DECLARED.setdefault(code, {})[by] = compute
        return compute

    return register


def breakdowns() -> Mapping[str, tuple[By, ...]]:
    """The figures that can be divided, and by what; the first is the default."""
    return {code: tuple(ways) for code, ways in _DECLARED.items()}


def breakdown(code: str, scope: Scope, by: By | None = None) -> tuple[Part, ...]:
    """The parts of a figure, without those that are zero unless they are months of the period.

    Months are in order, channels and types in the order of the sheet's words, everything else
    with the greatest part first. UsageError for a figure that is not divided (so);
    `BreakdownBroken` when the parts do not sum to the figure.
    """
    ways = _DECLARED.get(code, {})
    way = next(iter(ways), None) if by is None else by
    if way is None or way not in ways:
        raise UsageError(
            f"指标 {code} 没有这样的分项", advice=f"有分项的指标：{'、'.join(_DECLARED)}。"
        )
    parts = ways[way](scope)
    (figure,) = find_figures(code)
    whole, total = figure.of(scope).value, sum(part.measured.value for part in parts)
    if whole != total:
        raise BreakdownBroken(f"{code} by {way}: {total} is not {whole}")
    return parts


def owed_at_month_ends(scope: Scope) -> tuple[Part, ...]:
    """What was owed at the end of each month of the period (of the last one, on the day).

    No breakdown: a debt stands in every month until it is paid. The cells are not given.
    """
    rent, found = scope.once(rent_accounts), []
    for month in scope.span.months():
        day = min(month.last_day, scope.day)
        found.append(Part(str(month), Measured(owed_on(rent, day), ())))
    return tuple(found)


def _grouped(items: Iterable[Item], order: Iterable[str] | None = None) -> tuple[Part, ...]:
    """One part per label: in the given order, labels beyond it last, else the greatest first."""
    numbers: dict[str, int] = {}
    cells: dict[str, list[Cell]] = {}
    for label, number, cell in items:
        numbers[label] = numbers.get(label, 0) + number
        cells.setdefault(label, []).append(cell)
    by_size = sorted(numbers, key=lambda label: (-numbers[label], label))
    labels = by_size if order is None else dict.fromkeys((*order, *by_size))
    return tuple(
        Part(one, Measured(numbers.get(one, 0), tuple(dict.fromkeys(cells.get(one, ())))))
        for one in labels
    )


def _months(period: Period) -> tuple[str, ...]:
    return tuple(str(month) for month in period.months())


@_parts("rent.received", By.MONTH)
def received_by_month(scope: Scope) -> tuple[Part, ...]:
    """Receipts by the month they were received in."""
    items = ((str(one.month), one.amount, one.cell) for one in scope.once(rent_takings))
    return _grouped(items, _months(scope.span))


@_parts("rent.charged", By.MONTH)
def charged_by_month(scope: Scope) -> tuple[Part, ...]:
    """Debts by the month of the day they count from."""
    debts = scope.once(rent_accounts).books.debts
    days, amounts = debts.day.tolist(), debts.amount.tolist()
    named = {
        day: str(Month.containing(type(scope.day).fromordinal(day))) for day in set(days) if day
    }
    items = (
        (named[days[row]], amounts[row], debts.cell(row))
        for row in scope.once(charged_postings).tolist()
    )
    return _grouped(items, _months(scope.span))


@_parts("rent.owed", By.ESTATE)
def owed_by_estate(scope: Scope) -> tuple[Part, ...]:
    """Debts by the 小区 of the household's home."""
    rent = scope.once(rent_accounts)
    estates = rent.homes.estate
    return _owed(rent, lambda slot: estates[int(rent.slots.account[slot])])


@_parts("rent.owed", By.BILLING_MONTH)
def owed_by_billing_month(scope: Scope) -> tuple[Part, ...]:
    """Debts by the month they were charged for, the oldest first."""
    rent = scope.once(rent_accounts)
    parts = _owed(rent, lambda slot: str(Month(int(rent.slots.month[slot]))))
    return tuple(sorted(parts, key=lambda part: part.label))


def _owed(rent: ArrearsResult, label: Callable[[int], str]) -> tuple[Part, ...]:
    """The unpaid months by label; the cells are the debts of each."""
    unpaid: IntArray = rent.settled.now.unpaid
    debts = rent.books.debts
    items: list[Item] = []
    seen: set[int] = set()
    for row in np.flatnonzero(unpaid[debts_slots := rent.slots.of_debt] > 0).tolist():
        slot = int(debts_slots[row])
        amount = 0 if slot in seen else int(unpaid[slot])  # several debts may share a month
        seen.add(slot)
        items.append((label(slot), amount, debts.cell(row)))
    return _grouped(items)


@_parts("supply.raised", By.CHANNEL)
def raised_by_channel(scope: Scope) -> tuple[Part, ...]:
    """Units raised by 渠道; every channel is there."""
    raised = scope.once(raised_batches)
    table = raised.table
    counts, channels = table.column("unit_count"), table.column("channel")
    items = (
        (str(channels[row] or _UNKNOWN), raised.units([row]), table.cell(row, "unit_count"))
        for row in raised.batches
        if counts[row] is not None
    )
    return _grouped(items, [one.value for one in SupplyChannel])


@_parts("dispatch.units", By.TYPE)
def dispatched_by_type(scope: Scope) -> tuple[Part, ...]:
    """Units dispatched by 类型; every type is there."""
    items = _dispatched(scope, "housing_type")
    return _grouped(items, [one.value for one in DispatchType])


@_parts("dispatch.units", By.PROJECT)
def dispatched_by_project(scope: Scope) -> tuple[Part, ...]:
    """Units dispatched by 棚改项目."""
    return _grouped(_dispatched(scope, "project"))


def _dispatched(scope: Scope, name: str) -> Iterable[Item]:
    table = scope.loaded.get(Dispatch)
    words = table.column(name)
    for slip in scope.once(dispatched_slips):
        yield str(words[slip.index] or _UNKNOWN), slip.count, table.cell(slip.index, "unit_count")


@_parts("units.delivered", By.ESTATE)
def delivered_by_estate(scope: Scope) -> tuple[Part, ...]:
    """Units delivered by 小区."""
    table = scope.loaded.get(Unit)
    estates = table.column("estate")
    return _grouped(
        (estates[row] or NO_ESTATE, 1, table.cell(row, "delivered_on"))
        for row in scope.once(delivered_rows)
    )


@_parts("allocation.households", By.ESTATE)
def allocated_by_estate(scope: Scope) -> tuple[Part, ...]:
    """Households housed by 小区."""
    return _grouped((one.estate, 1, one.place) for one in scope.once(allocations).allocated)


@_parts("allocation.households", By.LAYOUT)
def allocated_by_layout(scope: Scope) -> tuple[Part, ...]:
    """Households housed by 户型."""
    housed = scope.once(allocations).allocated
    return _grouped((one.layout or _UNKNOWN, 1, one.place) for one in housed)


@_parts("allocation.households", By.MONTH)
def allocated_by_month(scope: Scope) -> tuple[Part, ...]:
    """Households housed by the month they signed in."""
    items = (
        (str(Month.containing(one.signed_on)), 1, one.place)
        for one in scope.once(allocations).allocated
    )
    return _grouped(items, _months(scope.span))
