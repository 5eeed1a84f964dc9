"""Instalment plans: kept or behind, with grace and tolerance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from zhubao.ledger.arrears import PlanStatus
from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import compute_arrears
from zhubao.rent.steps import PlanState

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
PARTS = [("P1", "2020-05-15", 100), ("P1", "2020-06-15", 100), ("P1", "2020-07-15", 100)]
CHARGES = [("H1", "2019-12", 300)]


def state(make: Make, received: float, on: str = "2020-06-01", **more: Any) -> PlanState:
    receipts = [("H1", on, received)]
    sheets = {"plans": [("H1", "2020-04-20")], "instalments": PARTS, **more}
    return compute_arrears(make(charges=CHARGES, receipts=receipts, **sheets), AS_OF).plan_state(0)


@pytest.mark.parametrize(
    ("received", "expected"),
    [(200, PlanState.KEPT), (199, PlanState.KEPT), (198.99, PlanState.BEHIND)],
)
def test_two_parts_are_due_and_one_yuan_less_is_tolerated(
    make_loaded: Make, received: float, expected: PlanState
) -> None:
    """Parts of 15 May and 15 June are due by 30 June: 200.00; the tolerance is 1.00."""
    assert state(make_loaded, received) is expected


def test_a_part_counts_as_due_only_when_the_days_of_grace_are_over(make_loaded: Make) -> None:
    """Due on 23 June with 7 days of grace: not yet missed on 30 June; due on 22 June: missed."""
    for due, expected in (("2020-06-23", PlanState.KEPT), ("2020-06-22", PlanState.BEHIND)):
        parts = [("P1", due, 100)]
        assert state(make_loaded, 0, instalments=parts) is expected


def test_money_before_signing_does_not_count(make_loaded: Make) -> None:
    assert state(make_loaded, 200, on="2020-04-19") is PlanState.BEHIND
    assert state(make_loaded, 200, on="2020-04-20") is PlanState.KEPT


def test_the_plan_in_force_and_signed_last_is_the_one_that_counts(make_loaded: Make) -> None:
    """P1 was cancelled, P2 settled, P4 is signed after the cut-off date: P3 counts."""
    plans = [
        ("H1", "2020-06-01", PlanStatus.CANCELLED),
        ("H1", "2020-06-02", PlanStatus.SETTLED),
        ("H1", "2020-01-05", PlanStatus.IN_FORCE),
        ("H1", "2020-07-01", PlanStatus.IN_FORCE),
        ("查无", "2020-01-01", PlanStatus.IN_FORCE),
    ]
    loaded = make_loaded(charges=CHARGES, plans=plans, instalments=[("P3", "2020-02-01", 50)])
    view = compute_arrears(loaded, AS_OF).plans[0]
    assert (view.plan_no, view.state, view.planned) == ("P3", PlanState.BEHIND, 5000)


def test_a_settled_plan_and_one_without_parts_say_so(make_loaded: Make) -> None:
    settled = [("H1", "2020-04-20", PlanStatus.SETTLED)]
    assert state(make_loaded, 0, plans=settled) is PlanState.SETTLED
    assert state(make_loaded, 0, instalments=[]) is PlanState.NO_PARTS
    loaded = make_loaded(charges=CHARGES, plans=[("H1", "2020-04-20")])
    result = compute_arrears(loaded, AS_OF)
    assert [item.kind.value for item in result.exceptions] == ["分期缺计划"]
