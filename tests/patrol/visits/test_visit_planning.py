"""Who is due for a visit, how often, in which order, and what is printed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.patrol.visits.town import day, home, key, town, visit
from zhubao.core.errors import UsageError
from zhubao.core.period import Month
from zhubao.core.report import Report
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import KeyHouseholdKind
from zhubao.ledger.tenants import LeaseStatus
from zhubao.patrol.visits.dwellings import Dwellings
from zhubao.patrol.visits.plan_report import plan_report
from zhubao.patrol.visits.planning import PlanOrder, VisitPlan, plan_visits

JUNE = Month.of(2020, 6)
_THREE = {"valid_from": dt.date(2020, 1, 1), "value": 3, "source": "局办"}
ONCE_IN_THREE = {"patrol": {"routine_months": {"values": [_THREE]}}}


def plan(loaded: Loaded, cut: str = "2020-06-30", **asked: Any) -> VisitPlan:
    overrides = asked.pop("overrides", None)
    return plan_visits(loaded, PlanOrder(JUNE, day(cut), **asked), overrides=overrides)


def due(made: VisitPlan) -> dict[str, int]:
    return {stop.household_no: stop.due for stop in made.stops}


def test_everybody_is_due_once_and_key_households_as_often_as_their_row_or_kind_says() -> None:
    loaded = town(
        [home(f"H{n}") for n in range(1, 6)],
        [visit("H2", "2020-06-03"), visit("H3", "2020-06-03"), visit("H4", "2020-05-31")],
        [
            key("H3"),
            key("H4", visits_per_month=3, kind=KeyHouseholdKind.DISABLED),
            key("H5", removed_on=day("2020-06-30")),
        ],
    )
    assert due(plan(loaded)) == {"H1": 1, "H2": 0, "H3": 1, "H4": 3, "H5": 1}
    assert due(plan(loaded, unvisited=True)) == {"H1": 1, "H3": 1, "H4": 3, "H5": 1}
    assert due(plan(loaded, kind="重点走访")) == {"H3": 1, "H4": 3}
    assert due(plan(loaded, kind="残疾户")) == {"H4": 3}
    assert due(plan(loaded, "2020-06-02")) == {"H1": 1, "H2": 1, "H3": 2, "H4": 3, "H5": 2}


def test_with_an_interval_of_three_months_a_visit_frees_the_next_two() -> None:
    visits = [visit("H1", "2020-03-31"), visit("H2", "2020-04-01"), visit("H3", "2020-06-01")]
    made = plan(town([home(f"H{n}") for n in (1, 2, 3)], visits), overrides=ONCE_IN_THREE)
    assert due(made) == {"H1": 1, "H3": 0}
    assert made.not_yet == 1


def test_doors_are_walked_in_order_and_never_visited_ones_come_first_among_the_urgent() -> None:
    loaded = town(
        [
            home("H1", at=("10栋", "0101")),
            home("H2", at=("2栋", "1001")),
            home("H3", at=("2栋", "0901")),
        ],
        [visit("H1", "2020-04-01"), visit("H3", "2020-05-01")],
    )
    made = plan(loaded)
    assert [stop.household_no for stop in made.stops] == ["H3", "H2", "H1"]
    assert [stop.household_no for stop in made.most_urgent()] == ["H2", "H1", "H3"]
    assert [stop.days_since for stop in made.stops] == [60, None, 90]


def test_who_ran_out_of_a_lease_is_still_visited_until_the_unit_is_let_again() -> None:
    stays = home("H1", lease__status=LeaseStatus.EXPIRED, lease__ends_on=day("2020-01-31"))
    gone = home("H2", lease__status=LeaseStatus.EXPIRED, lease__ends_on=day("2020-01-31"))
    heir = home("H3", lease__unit_no="UH2", lease__starts_on=day("2020-03-01"))
    left = home("H4", lease__terminated_on=day("2020-06-30"))
    loaded = town([stays, gone, heir, left])
    assert set(due(plan(loaded))) == {"H1", "H3"}
    assert Dwellings(loaded).is_home("H4", day("2020-06-29"))


def test_a_visitor_gets_his_own_doors_and_those_of_nobody_are_counted() -> None:
    loaded = town(
        [home("H1"), home("H2"), home("H3")],
        [visit("H1", "2020-05-01", visitor="张三"), visit("H2", "2020-05-01", visitor="张三")],
        [key("H2", responsible="李四")],
    )
    made = plan(loaded, visitor="张三")
    assert (set(due(made)), made.unassigned) == ({"H1"}, 1)


def test_names_are_full_on_paper_only() -> None:
    made = plan(town([home("H1")]))
    assert "王大1" not in str(tables(plan_report(made)))
    paper = plan_report(made, on_paper=True)
    assert "王大1" in str(tables(paper))
    assert [column.title.strip("　") for column in paper.tables[0].columns][-7:] == [
        "巡查日期", "巡查人", "是否见到", "居住情况", "房屋情况", "住户诉求", "是否发现问题",
    ]  # fmt: skip


def test_an_unknown_estate_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        plan(town([home("H1")]), estate="乙小区")
    assert "甲小区" in refused.value.advice


def tables(report: Report) -> list[Any]:
    return [row.values for table in report.tables for row in table.rows]
