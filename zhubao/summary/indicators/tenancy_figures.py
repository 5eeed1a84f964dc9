"""Figures of allocation and the waiting list."""

from __future__ import annotations

import datetime as dt

from zhubao.allocation.publication.allocations import (
    REPORT_MODELS,
    Allocations,
    compute_allocations,
)
from zhubao.allocation.waiting.replay import Registration, read_waiting_list
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.tenants import WaitingEntry
from zhubao.summary.indicators.figures import Measured, Scope, figure

_ALLOCATED_BY = "zhubao allocate report"


def allocations(scope: Scope) -> Allocations:
    """The allocations of the period."""
    return compute_allocations(scope.loaded, scope.span)


@figure(
    "allocation.households",
    "配租户数",
    "户",
    "选房记录是选定、签约日期在期间内的家庭；被征收户选房不算",
    example="选定、6月30日签约 3 户，选定、7月1日签约 1 户，放弃 2 户，被征收户选房签约 5 户："
    "上半年计 3 户",
    sheets=(UnitSelection,),
    reads=REPORT_MODELS,
    command=_ALLOCATED_BY,
    target="PZ",
)
def allocated_households(scope: Scope) -> Measured:
    """Households that signed in the period."""
    housed = scope.once(allocations).allocated
    return Measured(len(housed), tuple(one.place for one in housed))


@figure(
    "allocation.people",
    "配租人数",
    "人",
    "配租家庭的入住人数之和；没有填的按名册的家庭人口计",
    example="配租 3 户，入住人数填 2 人、4 人和没有填的（名册家庭人口 3 人）：计 9 人",
    sheets=(UnitSelection,),
    reads=REPORT_MODELS,
    command=_ALLOCATED_BY,
)
def allocated_people(scope: Scope) -> Measured:
    """People in the households that signed in the period."""
    housed = scope.once(allocations).allocated
    return Measured(sum(one.people for one in housed), tuple(one.place for one in housed))


@figure(
    "waiting.opening",
    "期初轮候户数",
    "户",
    "期间第一天的前一天在册轮候的登记",
    example="12月31日在册 103 户（当天批准的 5 户在内，当天出册的 2 户不在内），"
    "1月1日又批准 4 户：上半年期初计 103 户",
    sheets=(WaitingEntry,),
    command="zhubao allocate waitlist",
    is_stock=True,
)
def waiting_opening(scope: Scope) -> Measured:
    """Who waited at the end of the day before the period: 2020-H1 gives the end of 2019."""
    return _waiting(scope, scope.period.start - dt.timedelta(days=1))


@figure(
    "waiting.closing",
    "期末轮候户数",
    "户",
    "期间最后一天（或截止日）在册轮候的登记",
    example="期初 103 户，期间批准 40 户、出册 23 户（6月30日当天的都在内），待审核 6 户，"
    "7月1日批准 3 户：期末计 120 户",
    sheets=(WaitingEntry,),
    command="zhubao allocate waitlist",
    is_stock=True,
)
def waiting_closing(scope: Scope) -> Measured:
    """Who waits at the end of the last day that counts."""
    return _waiting(scope, scope.day)


def _waiting(scope: Scope, day: dt.date) -> Measured:
    live: tuple[Registration, ...] = read_waiting_list(scope.loaded).live(day)
    return Measured(len(live), tuple(one.cell() for one in live), note=f"{day.isoformat()} 在册")
