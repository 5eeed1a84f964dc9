"""Figures of allocation, the waiting list and rent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from zhubao.allocation.publication.allocations import (
    REPORT_MODELS,
    Allocations,
    compute_allocations,
)
from zhubao.allocation.waiting.replay import Registration, read_waiting_list
from zhubao.core.money import format_wan
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.arrears import Charge, Receipt, Remittance
from zhubao.ledger.tenants import Household, WaitingEntry
from zhubao.ledger.units import Ownership
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.figures import collection_rates
from zhubao.rent.monthly.month import takings_of
from zhubao.rent.monthly.remit import REMIT_MODELS, compute_remit
from zhubao.rent.needs import ARREARS_MODELS
from zhubao.summary.indicators.figures import Measured, Scope, figure

_ALLOCATED_BY = "zhubao allocate report"
_REMITTED_BY = "zhubao rent remit"


def _allocations(scope: Scope) -> Allocations:
    return compute_allocations(scope.loaded, scope.span)


@figure(
    "allocation.households",
    "配租户数",
    "户",
    "选房记录是选定、签约日期在期间内的家庭；被征收户选房不算",
    sheets=(UnitSelection,),
    reads=REPORT_MODELS,
    command=_ALLOCATED_BY,
    target="PZ",
)
def allocated_households(scope: Scope) -> Measured:
    """Households that signed in the period."""
    housed = scope.once(_allocations).allocated
    return Measured(len(housed), tuple(one.place for one in housed))


@figure(
    "allocation.people",
    "配租人数",
    "人",
    "配租家庭的入住人数之和；没有填的按名册的家庭人口计",
    sheets=(UnitSelection,),
    reads=REPORT_MODELS,
    command=_ALLOCATED_BY,
)
def allocated_people(scope: Scope) -> Measured:
    """People in the households that signed in the period."""
    housed = scope.once(_allocations).allocated
    return Measured(sum(one.people for one in housed), tuple(one.place for one in housed))


@figure(
    "waiting.opening",
    "期初轮候户数",
    "户",
    "期间第一天的前一天在册轮候的登记",
    sheets=(WaitingEntry,),
    command="zhubao allocate waitlist",
)
def waiting_opening(scope: Scope) -> Measured:
    """Who waited at the end of the day before the period: 2020-H1 gives the end of 2019."""
    return _waiting(scope, scope.period.start - dt.timedelta(days=1))


@figure(
    "waiting.closing",
    "期末轮候户数",
    "户",
    "期间最后一天（或截止日）在册轮候的登记",
    sheets=(WaitingEntry,),
    command="zhubao allocate waitlist",
)
def waiting_closing(scope: Scope) -> Measured:
    """Who waits at the end of the last day that counts."""
    return _waiting(scope, scope.day)


@figure(
    "rent.received",
    "租金收缴",
    "元",
    "收款日期在期间内的实收之和，冲正为负；不分缴的是哪个月",
    sheets=(Receipt,),
    reads=REMIT_MODELS,
    command="zhubao rent month",
    target="ZJ",
)
def rent_received(scope: Scope) -> Measured:
    """Σ 实收 received in the period."""
    takings = list(takings_of(scope.loaded, scope.span))
    total = sum(one.amount for one in takings)
    return Measured(total, tuple(one.cell for one in takings), note=f"{format_wan(total)} 万元")


@figure(
    "rent.charged",
    "租金应收",
    "元",
    "账单月份在期间内的应收之和",
    sheets=(Charge,),
    reads=ARREARS_MODELS,
    command="zhubao rent arrears",
)
def rent_charged(scope: Scope) -> Measured:
    """Σ 应收 that count from a day of the period (a month's charge from its first day)."""
    rent = scope.once(_rent)
    return Measured(int(rent.figures.charged.sum()), rent.books.debts.cells(_charged(scope)))


@figure(
    "rent.collection_current",
    "当期租金收缴率",
    "元",
    "抵了期间内应收的缴款 ÷ 期间内应收；缴款先抵最早的欠租，指定月份的除外",
    sheets=(Charge, Receipt),
    reads=ARREARS_MODELS,
    command="zhubao rent arrears",
    is_rate=True,
)
def rent_collection_current(scope: Scope) -> Measured:
    """Received for the period's charges ÷ charged; the cells are the receipts of the period."""
    rent = scope.once(_rent)
    rate = collection_rates(rent.figures).current
    money, debts = rent.books.money, rent.books.debts
    start = scope.period.start.toordinal()
    receipts = np.flatnonzero(money.of_part(0) & (money.day >= start))
    return Measured(
        rate.numerator, money.cells(receipts), rate.denominator, debts.cells(_charged(scope))
    )


@figure(
    "rent.remitted_city",
    "市级产权租金汇缴",
    "元",
    "汇缴日期在期间内的市级产权租金，不论所属期间",
    sheets=(Remittance,),
    reads=(*REMIT_MODELS, Household),
    command=_REMITTED_BY,
    target="HJ",
)
def rent_remitted_city(scope: Scope) -> Measured:
    """Paid on within the period for units of the city, for whatever period it was."""
    result = compute_remit(scope.loaded, scope.span, scope.day)
    paid = [
        one
        for one in result.payments
        if one.owner == Ownership.CITY and scope.span.contains(one.paid_on)
    ]
    total = sum(one.amount for one in paid)
    cells = tuple(one.cell for one in paid)
    return Measured(total, cells, note=f"{format_wan(total, places=3)} 万元")


def _rent(scope: Scope) -> ArrearsResult:
    return compute_arrears(
        scope.loaded, scope.day, start=scope.period.start, overrides=scope.overrides
    )


def _charged(scope: Scope) -> Iterable[int]:
    """The postings of 应收 that count from a day of the period."""
    debts = scope.once(_rent).books.debts
    first, last = scope.period.start.toordinal(), scope.day.toordinal()
    chosen: list[int] = np.flatnonzero(
        debts.of_part(1) & (debts.day >= first) & (debts.day <= last)
    ).tolist()
    return chosen


def _waiting(scope: Scope, day: dt.date) -> Measured:
    live: tuple[Registration, ...] = read_waiting_list(scope.loaded).live(day)
    return Measured(len(live), tuple(one.cell() for one in live), note=f"{day.isoformat()} 在册")
