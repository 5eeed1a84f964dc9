"""Instalment plans: parts that sum to the debt, dates at month ends, what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.bureaus import FORMATS
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.ledger.arrears import PlanRhythm, PlanStatus
from zhubao.ledger.loaded import Loaded
from zhubao.rent.arrears import ArrearsResult, compute_arrears
from zhubao.rent.plan_making import PlanRequest, make_plan, plan_change, split_debt
from zhubao.rent.plans_report import check_report, list_report

Make = Callable[..., Loaded]
AS_OF = dt.date(2020, 6, 30)
REQUEST = PlanRequest("H1", 3, dt.date(2020, 7, 15), AS_OF)


def result_of(make: Make, **sheets: Any) -> ArrearsResult:
    sheets.setdefault("charges", [("H1", "2020-05", 100), ("H1", "2020-06", 100)])
    return compute_arrears(make(**sheets), AS_OF)


@given(
    total=st.integers(1, 10**12),
    parts=st.integers(1, 120),
    first=st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)),
    rhythm=st.sampled_from(PlanRhythm),
)
def test_the_parts_sum_to_the_debt_and_follow_each_other(
    total: int, parts: int, first: dt.date, rhythm: PlanRhythm
) -> None:
    if parts > total:
        with pytest.raises(ValueError, match="一分"):
            split_debt(total, parts, first, rhythm)
        return
    made = split_debt(total, parts, first, rhythm)
    amounts = [part.amount for part in made]
    assert sum(amounts) == total
    assert max(amounts) - min(amounts) <= 1
    months = [Month.containing(part.due_on) - Month.containing(first) for part in made]
    step = 1 if rhythm is PlanRhythm.MONTHLY else 3
    assert months == [index * step for index in range(parts)]
    assert all(part.due_on.day <= first.day for part in made)


def test_a_short_month_takes_its_last_day_and_the_next_one_goes_back() -> None:
    """31 January, 29 February (2020), 31 March, 30 April; quarterly 30 November, 28 February."""
    days = [part.due_on for part in split_debt(400, 4, dt.date(2020, 1, 31))]
    assert [(day.month, day.day) for day in days] == [(1, 31), (2, 29), (3, 31), (4, 30)]
    quarters = split_debt(300, 3, dt.date(2020, 11, 30), PlanRhythm.QUARTERLY)
    assert [part.due_on.isoformat() for part in quarters] == [
        "2020-11-30", "2021-02-28", "2021-05-30"
    ]  # fmt: skip


def test_a_plan_for_the_whole_debt_becomes_one_row_and_its_parts(make_loaded: Make) -> None:
    """200.00 in three: 66.67, 66.67, 66.66; the number follows P1."""
    plans = [("H1", "2020-01-05", PlanStatus.CANCELLED)]
    result = result_of(make_loaded, plans=plans, instalments=[("P1", "2020-02-01", 50)])
    plan = make_plan(result, replace(REQUEST, reason="重病"))
    assert plan.plan_no == "P2"
    assert [part.amount for part in plan.parts] == [6667, 6667, 6666]
    head, parts = plan_change(result, plan, FORMATS).added
    assert head.rows[0][:2] == ("P2", "H1")
    assert "重病" in head.rows[0]
    assert [row[1] for row in parts.rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (replace(REQUEST, household_no="H9"), "没有编号"),
        (replace(REQUEST, total=20001), "不超过结欠"),
        (replace(REQUEST, total=0), "大于零"),
        (replace(REQUEST, parts=121), "期数"),
        (replace(REQUEST, first=dt.date(2020, 6, 29)), "早于签订"),
        (replace(REQUEST, first=dt.date(9999, 12, 31)), "超过一年"),
    ],
)
def test_what_cannot_be_agreed_is_refused(
    make_loaded: Make, request_: PlanRequest, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        make_plan(result_of(make_loaded), request_)


def test_the_household_may_be_typed_carelessly_and_a_later_signing_is_told(
    make_loaded: Make,
) -> None:
    later = replace(REQUEST, household_no=" h1", signed_on=dt.date(2020, 7, 10))
    result = result_of(make_loaded)
    plan = make_plan(result, later)
    assert plan.request.household_no == "H1"
    assert any("签订日期晚于截止日期" in note for note in plan_change(result, plan, FORMATS).notes)


def test_nothing_owed_and_a_second_plan_are_refused(make_loaded: Make) -> None:
    with pytest.raises(UsageError, match="没有欠租"):
        make_plan(result_of(make_loaded, receipts=[("H1", "2020-06-01", 200)]), REQUEST)
    later = [("H1", "2020-07-05", PlanStatus.IN_FORCE)]
    with pytest.raises(UsageError, match=r"已有履行中的分期协议 P1（arrears\.xlsx!分期协议!A2）"):
        make_plan(result_of(make_loaded, plans=later), REQUEST)


def test_the_check_says_what_was_planned_received_and_is_missing(make_loaded: Make) -> None:
    """Due by 30 June: 100.00 (15 May) and 100.00 (15 June); received 150.00: 50.00 short."""
    result = result_of(
        make_loaded,
        charges=[("H1", "2019-12", 300)],
        plans=[("H1", "2020-04-20")],
        instalments=[("P1", f"2020-{month}-15", 100) for month in ("05", "06", "07")],
        receipts=[("H1", "2020-06-01", 150)],
    )
    report = check_report(result)
    (row,) = report.table("check").rows
    assert row.values[4:9] == ("逾期", 20000, 15000, -5000, 15000)
    assert report.facts["plans_behind"] == 1
    (listed,) = list_report(result, state="逾期").table("plans").rows
    assert listed.values[7] == dt.date(2020, 7, 15)
    assert not list_report(result, state="已作废").table("plans").rows
    with pytest.raises(UsageError, match="没有“好”这种状态"):
        list_report(result, state="好")
