"""Occupancy and vacancy by leases, compared with the status column; one unit's history."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.supply.sheets import Rows, chosen, day, lease, loaded, slip, unit
from zhubao.core.errors import UsageError
from zhubao.core.report import Ratio
from zhubao.ledger.allocation import UnitSelection
from zhubao.ledger.tenants import Lease, LeaseStatus
from zhubao.ledger.units import Dispatch, DispatchStatus, Unit, UnitStatus
from zhubao.supply.occupancy import By, compute_occupancy
from zhubao.supply.unit_history import unit_history
from zhubao.supply.units_report import history_report, occupancy_report, units_report
from zhubao.supply.vacancy import compute_vacancies
from zhubao.supply.vacancy_report import vacancy_report

AS_OF = day("2020-06-30")


def town() -> Rows:
    return {
        Unit: [
            unit("U1", UnitStatus.OCCUPIED),
            unit("U2", vacant_since=day("2019-12-30"), layout="两室一厅"),
            unit("U3", UnitStatus.RESERVED),
            unit("U4", UnitStatus.OCCUPIED, delivered_on=day("2020-03-01"), estate="乙小区"),
            unit("U5", UnitStatus.FITTING_OUT, delivered_on=None),
        ],
        Lease: [
            lease("L1", "U1", "2016-01-01", "2019-12-31"),  # past its term, still lived in
            lease("L2", "U2", "2018-01-01", "2022-12-31", "2019-12-29"),
            lease("L4", "U4", "2020-04-01", "2022-12-31"),
        ],
    }


def test_occupancy_is_occupied_over_lettable_and_past_days_are_replayed() -> None:
    now = compute_occupancy(loaded(town()), AS_OF)
    assert (now.ratio, now.by_status, now.unknown) == (Ratio(2, 3), Ratio(2, 3), 2)
    assert not now.findings
    assert [ratio.denominator for _, ratio in now.trend] == [2, 2, 3, 3, 3, 3]
    past = compute_occupancy(loaded(town()), day("2019-12-28"), reconcile=False)
    assert (past.ratio, past.findings) == (Ratio(2, 2), ())
    report = occupancy_report(now, By.LAYOUT, detail=True)
    rows = [row.values[:3] for row in report.table("groups").rows]
    assert rows == [("一室一厅", 2, 2), ("两室一厅", 0, 1)]
    assert len(report.table("units").rows) == 3


def test_an_expired_lease_ends_with_its_term_and_two_leases_count_once() -> None:
    rows = town()
    rows[Lease] += [
        lease("L5", "U1", "2020-01-01", "2024-12-31"),
        lease("L6", "U2", "2020-01-01", "2020-06-29", status=LeaseStatus.EXPIRED),
    ]
    assert compute_occupancy(loaded(rows), AS_OF).ratio == Ratio(2, 3)
    assert compute_occupancy(loaded(rows), day("2020-06-29")).ratio == Ratio(3, 3)


def test_status_and_leases_at_odds_are_found_for_the_present_day() -> None:
    rows = town()
    rows[Unit][1]["status"] = UnitStatus.OCCUPIED
    rows[Unit][3] |= {"status": UnitStatus.VACANT, "delivered_on": day("2020-09-01")}
    rows[Lease][2]["unit_no"] = "U9"
    found = compute_occupancy(loaded(rows), AS_OF).findings
    assert [(str(f.where), f.code) for f in found] == [
        ("tenants.xlsx!租赁合同!C4", "SU-132"),
        ("units.xlsx!房源!O3", "SU-130"),
        ("units.xlsx!房源!P5", "SU-131"),
    ]


def test_vacancy_counts_from_the_latest_of_what_is_known() -> None:
    rows: Rows = {
        Unit: [
            unit("U1", vacant_since=day("2019-12-31")),
            unit("U2", vacant_since=day("2020-01-01")),
            unit("U3", vacant_since=day("2019-01-01")),
            unit("U4", delivered_on=None),
            unit("U5", delivered_on=day("2020-06-30"), estate="乙小区"),
            unit("U6", vacant_since=day("2020-02-01")),
        ],
        Lease: [lease("L3", "U3", "2018-01-01", "2022-12-31", "2020-03-31")],
        Dispatch: [slip("D1", unit_no="U6", dispatched_on=day("2020-01-01"),
                        returned_on=day("2020-05-01"), status=DispatchStatus.RETURNED)],
    }  # fmt: skip
    result = compute_vacancies(loaded(rows), AS_OF)
    known = {v.standing.unit_no: (v.since, v.days, v.months) for v in result.vacancies}
    assert known == {
        "U1": (day("2019-12-31"), 182, 6),
        "U2": (day("2020-01-01"), 181, 5),
        "U3": (day("2020-04-01"), 90, 2),
        "U4": (None, None, None),
        "U5": (day("2020-06-30"), 0, 0),
        "U6": (day("2020-05-01"), 60, 1),
    }
    assert [v.standing.unit_no for v in result.vacancies if result.is_long(v)] == ["U1"]
    assert [(str(f.where), f.code) for f in result.findings] == [
        ("units.xlsx!房源!Q4", "SU-141"),
        ("units.xlsx!房源!Q5", "SU-140"),
    ]
    listed = compute_vacancies(loaded(rows), AS_OF, estate="甲小区", min_months=2)
    report = vacancy_report(listed)
    assert [row.values[1] for row in report.table("vacant").rows] == ["U1", "U2", "U3"]
    assert report.facts == {
        "vacant": 3, "long": 1, "unknown_since": 0, "lettable": 5, "limit_months": 6,
    }  # fmt: skip
    with pytest.raises(UsageError):
        compute_vacancies(loaded(rows), AS_OF, estate="没有")


def test_one_units_history_has_its_gaps_and_every_event_its_cell() -> None:
    rows: Rows = {
        Unit: [unit("U1", UnitStatus.VACANT, vacant_since=day("2020-06-01"))],
        Lease: [
            lease("L1", "U1", "2015-01-01", "2016-12-31", status=LeaseStatus.EXPIRED),
            lease("L2", "U1", "2017-08-01", "2020-12-31", "2020-01-31"),
        ],
        Dispatch: [slip("D1", unit_no="U1", dispatched_on=day("2020-02-01"),
                        returned_on=day("2020-05-20"), status=DispatchStatus.RETURNED)],
        UnitSelection: [chosen("X1", "U1", selected_at=dt.datetime(2017, 7, 1, 9))],
    }  # fmt: skip
    history = unit_history(loaded(rows), " u1 ", AS_OF, limit_months=6)
    events = [(str(e.start), str(e.end or ""), e.kind) for e in history.events]
    assert events == [
        ("2015-01-01", "", "交付"),
        ("2015-01-01", "2016-12-31", "合同"),
        ("2017-01-01", "2017-07-31", "空置"),
        ("2017-07-01", "", "选房"),
        ("2017-08-01", "2020-01-31", "合同"),
        ("2020-02-01", "", "调配"),
        ("2020-05-20", "", "调配"),
        ("2020-06-01", "", "空置"),
    ]
    gaps = [event for event in history.events if event.kind == "空置"]
    assert [(gap.words, gap.is_long) for gap in gaps] == [
        ("212 天，整 7 个月", True),
        ("29 天，整 0 个月（至今）", False),
    ]
    assert all(row.sources for row in history_report(history).table("events").rows)
    with pytest.raises(UsageError, match="没有编号"):
        unit_history(loaded(rows), "U9", AS_OF, limit_months=6)


def test_counts_by_status_add_up() -> None:
    report = units_report(loaded(town()), as_of=AS_OF)
    assert report.facts["by_status"] == {"在租": 2, "空置": 1, "装修中": 1, "预留": 1, "已处置": 0}
    for table in report.tables:
        assert table.totals is not None
        assert table.totals[-1] == sum(row.values[-1] for row in table.rows) == 5
