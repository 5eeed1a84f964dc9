"""Counts, rates and durations; on the sample they are those of the half-year's summary."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from tests.services.approval.register import AS_OF, clock, loaded, read, row
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.bureau import open_bureau
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.services import Approval, ApprovalKind, ApprovalResult
from zhubao.services.approval.figures import (
    one_visit_rate,
    online_rate,
    overdue_open,
    review_time,
    settled_count,
)
from zhubao.services.approval.groups import by_community, by_officer, by_street
from zhubao.services.approval.halfdays import end_of_day
from zhubao.services.approval.period_report import period_report
from zhubao.services.approval.rules import Stage

HALF_YEAR = Period.parse("2020-H1")


@pytest.fixture(scope="module")
def sample() -> Loaded:
    return open_bureau(Path(__file__).resolve().parents[3]).load(Approval)


@pytest.mark.parametrize(
    ("kind", "households"),
    [
        (ApprovalKind.AFFORDABLE_PURCHASE, 115),
        (ApprovalKind.RESETTLEMENT_SUBSIDY, 333),
        (ApprovalKind.PURCHASE_REWARD, 551),
        (ApprovalKind.HALF_COUPLE, 116),
        (ApprovalKind.RENTAL_SUBSIDY, 3),
    ],
)
def test_approvals_of_the_half_year(sample: Loaded, kind: ApprovalKind, households: int) -> None:
    count = settled_count(sample, HALF_YEAR, AS_OF, kind=kind)
    assert count.value == households == len(set(count.cells))


def test_the_district_review_of_the_half_year_kept_its_limit(sample: Loaded) -> None:
    spread = review_time(sample, HALF_YEAR, AS_OF, clock())
    assert spread.longest is not None
    assert spread.longest <= 5
    assert spread.within == Ratio(1219, 1219)
    assert overdue_open(sample, end_of_day(AS_OF), clock()).value == 1
    assert one_visit_rate(sample, HALF_YEAR, AS_OF).ratio == Ratio(1219, 1219)


def test_blank_visits_are_counted_apart_and_withdrawn_files_not_at_all() -> None:
    register = loaded(
        row("A", visits=0),
        row("B", visits=2, is_online=False),
        row("C", visits=None, is_online=None),
        row("D", result="撤回"),
        row("E", result="不通过"),
        row("F", decided_on="2020-07-01"),
        row("G", decided_on="2019-12-31"),
    )
    rate = one_visit_rate(register, HALF_YEAR, AS_OF)
    assert (rate.ratio, rate.blank) == (Ratio(2, 3), 1)
    assert [cell.ref for cell in rate.cells] == ["AH2", "AH6", "AH3"]
    assert online_rate(register, HALF_YEAR, AS_OF).ratio == Ratio(2, 3)
    refused = settled_count(register, HALF_YEAR, AS_OF, result=ApprovalResult.REFUSED)
    assert (refused.value, refused.amount, [cell.ref for cell in refused.cells]) == (
        1, 100, ["AE6"],
    )  # fmt: skip
    assert settled_count(register, HALF_YEAR, dt.date(2020, 6, 8)).value == 0


def test_median_and_mean_are_exact_and_split_by_place_and_officer() -> None:
    slow = "2020-06-11 10:00"  # 6 half days, one more than the limit
    files = read(
        row("A", district_officer="李四"),
        row("B", district_officer="李四", district_decided_at="2020-06-08 15:00"),
        row("C", district_officer="张三", district_decided_at=slow, decided_on="2020-06-11"),
        row("D", district_officer="李四", community="丙社区", district_decided_at=None,
            decided_on=None, result="办理中"),
        row("E", district_received_at=None),
    )  # fmt: skip
    spread = review_time(files.loaded, HALF_YEAR, AS_OF, clock())
    assert (spread.count, spread.unmeasured) == (3, 1)
    assert [spread.median, spread.mean, spread.longest] == [3, Fraction(10, 3), 6]
    assert spread.within == Ratio(2, 3)
    officers = {one.name: one for one in by_officer(files, HALF_YEAR) if one.stage.value == "区"}
    one = officers["李四"]
    assert [one.spread.median, one.open_now, one.past] == [2, 1, 1]
    assert officers["张三"].spread.within == Ratio(0, 1)
    communities = {one.name: one for one in by_community(files, HALF_YEAR)}
    assert {name: one.own.count for name, one in communities.items()} == {"乙社区": 4, "丙社区": 1}
    assert communities["乙社区"].district.longest == 6
    assert [one.own.count for one in by_street(files, HALF_YEAR)] == [5]
    report = period_report(files, HALF_YEAR, ())
    stages = report.table("stages")
    district = next(one for one in stages.rows if one.values[0] == Stage.DISTRICT)
    assert district.values[stages.index_of("past")] == 1
    assert report.facts["district_mean_days"].as_tuple().digits == (1, 6, 7)
