"""房源调配: replayed states, statistics by project and type, and what is wrong already."""

from __future__ import annotations

import pytest

from tests.supply.sheets import Rows, batch, day, lease, loaded, slip, unit
from zhubao.core.period import Period
from zhubao.ledger.tenants import Lease
from zhubao.ledger.units import (
    Dispatch,
    DispatchStatus,
    DispatchType,
    SupplyBatch,
    Unit,
    UnitStatus,
)
from zhubao.supply.dispatch_checks import check_dispatches
from zhubao.supply.dispatch_report import Wanted, dispatch_report, list_report
from zhubao.supply.slips import read_slips

AS_OF = day("2020-06-30")
FROZEN, DISPATCHED, RETURNED = DispatchStatus


def test_states_are_replayed_from_dates_and_a_blank_word_is_dispatched() -> None:
    rows: Rows = {
        Dispatch: [
            slip("D1", frozen_on=day("2020-01-05"), dispatched_on=day("2020-02-05"),
                 returned_on=day("2020-03-05"), status=RETURNED),
            slip("D2"),
            slip("D3", frozen_on=day("2020-02-01"), status=FROZEN),
            slip("D4", frozen_on=day("2020-02-01"), returned_on=day("2020-03-01"),
                 status=RETURNED),
        ]
    }  # fmt: skip
    full, undated, frozen, lifted = read_slips(loaded(rows))
    days = ("2020-01-04", "2020-01-05", "2020-02-05", "2020-03-04", "2020-03-05")
    assert [full.state(day(d)) for d in days] == [None, FROZEN, DISPATCHED, DISPATCHED, RETURNED]
    assert undated.state(day("2019-01-01")) is DISPATCHED
    assert [frozen.state(day("2020-01-31")), frozen.state()] == [None, FROZEN]
    assert (lifted.state(), lifted.was_dispatched()) == (RETURNED, False)


def test_projects_by_type_and_stock_left() -> None:
    rows: Rows = {
        SupplyBatch: [batch("B1", 100), batch("B2", 9, "2020-07-01")],
        Dispatch: [
            slip("D1", batch_no="B1", unit_count=40, dispatched_on=day("2020-02-01")),
            slip("D2", batch_no="B1", unit_count=10, dispatched_on=day("2020-03-01"),
                 returned_on=day("2020-06-30"), status=RETURNED),
            slip("D3", batch_no="B1", unit_count=5, frozen_on=day("2020-06-01"), status=FROZEN),
            slip("D4", project="北桥", unit_count=7, housing_type=DispatchType.AFFORDABLE,
                 dispatched_on=day("2020-06-30")),
            slip("D5", unit_count=3, dispatched_on=day("2020-07-01")),
            slip("D6", unit_count=2, dispatched_on=day("2019-12-31")),
        ],
    }  # fmt: skip
    report = dispatch_report(loaded(rows), Period.parse("2020-H1"), AS_OF)
    assert report.table("projects").totals == ("合计", 7, 50, 0, 57, 10, 5)
    (stock,) = report.table("stock").rows
    assert stock.values[3:] == (100, 5, 50, 10, 55)
    assert (report.facts["dispatched"], report.facts["left"]) == (57, 55)
    listed = list_report(loaded(rows), Wanted(project="外滩项目", state="已调配"), AS_OF)
    assert [row.values[0] for row in listed.tables[0].rows] == ["D1", "D6"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            {Dispatch: [slip("D1", unit_no="U1", dispatched_on=day("2020-01-01")),
                        slip("D2", unit_no="U1", dispatched_on=day("2020-02-01"))]},
            [("房源调配!E3", "SU-110")],
        ),
        (
            {Dispatch: [slip("D1", unit_no="U1", dispatched_on=day("2020-01-01"))],
             Lease: [lease("L1", "U1", "2020-02-01", "2022-01-01")]},
            [("房源调配!E2", "SU-111")],
        ),
        (
            {SupplyBatch: [batch("B1", 5)],
             Dispatch: [slip("D1", batch_no="B1", unit_count=6, dispatched_on=day("2020-01-01"))]},
            [("房源筹集!E2", "SU-112")],
        ),
        (
            {Dispatch: [slip("D1", dispatched_on=day("2020-03-01"), status=RETURNED,
                             returned_on=day("2020-02-01"))]},
            [("房源调配!J2", "SU-113")],
        ),
        (
            {Dispatch: [slip("D1", dispatched_on=day("2020-03-01"), status=RETURNED),
                        slip("D2", dispatched_on=day("2020-03-01"), status=FROZEN),
                        slip("D3", dispatched_on=day("2020-03-01"), status=DISPATCHED)]},
            [("房源调配!K2", "SU-114"), ("房源调配!K3", "SU-114")],
        ),
        (
            {SupplyBatch: [batch("B1", 5, "2020-02-01")],
             Dispatch: [slip("D1", batch_no="B1", dispatched_on=day("2020-01-31"))]},
            [("房源调配!I2", "SU-115")],
        ),
        (
            {Dispatch: [slip("D1", unit_no="U1", unit_count=2, dispatched_on=day("2020-01-01"))]},
            [("房源调配!G2", "SU-116")],
        ),
        (
            {Unit: [unit("U1")],
             Dispatch: [slip("D1", unit_no="U1", dispatched_on=day("2020-01-01"))]},
            [("房源调配!E2", "SU-117")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_already_is_found_where_it_stands(
    rows: Rows, found: list[tuple[str, str]]
) -> None:
    sheets = loaded({Unit: [unit("U1", UnitStatus.RESERVED)], **rows})
    findings = check_dispatches(sheets, read_slips(sheets), AS_OF)
    assert [(str(f.where).partition("!")[2], f.code) for f in findings] == found
