"""Safety inspections and hazards: counts as of a day, reporting in time, new rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhubao.core.errors import UsageError
from zhubao.core.period import Period
from zhubao.core.report import Ratio
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.patrol import (
    HazardLevel,
    RectificationStatus,
    SafetyHazard,
    SafetyInspection,
)
from zhubao.ledger.table import LedgerTable
from zhubao.patrol.safety.book import compute_safety, hazards_fixed, inspections_made
from zhubao.patrol.safety.recording import (
    HazardOrder,
    InspectionOrder,
    fix_hazard,
    new_hazard,
    new_inspection,
    report_hazard,
)
from zhubao.patrol.safety.report import safety_report

AS_OF = dt.date(2020, 6, 30)
H1 = Period.parse("2020-H1")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def hazard(number: str, found: str = "2020-03-01", **fields: Any) -> dict[str, Any]:
    return {
        "hazard_no": number,
        "estate": "甲小区",
        "description": "外墙砖松动",
        "level": HazardLevel.ORDINARY,
        "found_on": day(found),
        "status": RectificationStatus.OPEN,
        **fields,
    }


def ledgers(*hazards: dict[str, Any], count: int = 1) -> Loaded:
    inspection = {
        "inspection_no": "AJ0001",
        "estate": "甲小区",
        "inspected_on": day("2020-03-01"),
        "hazard_count": count,
    }
    return Loaded.of(
        LedgerTable.from_rows(SafetyHazard, hazards),
        LedgerTable.from_rows(SafetyInspection, [inspection]),
    )


def repaired(number: str, on: str, **fields: Any) -> dict[str, Any]:
    fixed: dict[str, Any] = {"status": RectificationStatus.RECTIFIED, "fixed_on": day(on)}
    return hazard(number, **(fixed | fields))


def test_hazards_are_counted_as_they_stood_and_old_open_ones_are_listed() -> None:
    loaded = ledgers(
        repaired("YC1", "2020-05-01", deadline=day("2020-04-30"), inspection_no="AJ0001"),
        hazard("YC2", deadline=day("2020-06-30")),
        hazard("YC3", status=RectificationStatus.UNFOUNDED),
        hazard("YC4", "2019-11-01"),
    )
    assert hazards_fixed(loaded, H1, AS_OF).ratio == Ratio(1, 2)
    assert hazards_fixed(loaded, H1, day("2020-04-30")).ratio == Ratio(0, 2)
    assert hazards_fixed(loaded, H1, AS_OF, HazardLevel.SEVERE).ratio.value is None
    assert inspections_made(loaded, H1, AS_OF).numerator == 1
    book = compute_safety(loaded, H1, AS_OF)
    assert [(one.number, one.overdue, one.days) for one in book.listed] == [
        ("YC4", False, 242),
        ("YC1", True, 61),
        ("YC2", False, 121),
    ]
    assert not book.findings
    report = safety_report(book, only_open=True)
    assert [row.values[0] for row in report.table("hazards").rows] == ["YC4", "YC2"]
    assert report.facts["hazards_open"] == 1


def test_serious_hazards_must_be_reported_in_time_and_contradictions_are_found() -> None:
    severe: dict[str, Any] = {"level": HazardLevel.SEVERE, "reported_to": "市局"}
    loaded = ledgers(
        hazard("YC1", reported_on=day("2020-03-02"), **severe),
        hazard("YC2", reported_on=day("2020-03-03"), **severe),
        hazard("YC3", "2020-06-27", level=HazardLevel.CONSIDERABLE),  # three days are not over
        hazard("YC4", "2020-06-26", level=HazardLevel.CONSIDERABLE),
        hazard("YC5", status=RectificationStatus.RECTIFIED),
        hazard("YC6", estate="乙小区", inspection_no="AJ0001"),
        count=2,
    )
    found = [
        (str(one.where).partition("!")[2], one.code)
        for one in compute_safety(loaded, H1, AS_OF).findings
    ]
    assert found == [
        ("安全检查!H2", "PA-263"),
        ("安全隐患!I3", "PA-261"),
        ("安全隐患!I5", "PA-261"),
        ("安全隐患!O6", "PA-262"),
        ("安全隐患!C7", "PA-264"),
    ]


def test_a_new_hazard_is_numbered_and_says_when_it_must_be_reported() -> None:
    order = HazardOrder("甲小区", "重大", "电梯困人", day("2020-06-20"))
    new = new_hazard(order, ledgers(hazard("YC007")), AS_OF)
    assert new.values["hazard_no"] == "YC008"
    assert "2020-06-21 以前上报" in new.notes[0]
    visit = new_inspection(InspectionOrder("甲小区", AS_OF, hazards=1), ledgers(), AS_OF)
    assert visit.values["inspection_no"] == "AJ0002"


def test_what_cannot_be_recorded_is_refused() -> None:
    loaded = ledgers(hazard("YC1"), repaired("YC2", "2020-05-01"))
    words = ("甲小区", "重大", "电梯困人", day("2020-06-20"))
    for order in (
        HazardOrder("丙小区", *words[1:]),
        HazardOrder("甲小区", "严重", *words[2:]),
        HazardOrder(*words, reported_to="市局"),
        HazardOrder(*words, inspection="AJ9"),
        HazardOrder(*words, deadline=day("2020-06-01")),
    ):
        with pytest.raises(UsageError):
            new_hazard(order, loaded, AS_OF)
    for number, on, action in (
        ("YC2", "2020-06-01", "已修"),
        ("YC1", "2020-02-01", "已修"),
        ("YC1", "2020-06-01", ""),
        ("YC9", "2020-06-01", "已修"),
    ):
        with pytest.raises(UsageError):
            fix_hazard(number, day(on), action, "", loaded, AS_OF)


def test_repair_and_report_change_the_one_row() -> None:
    loaded = ledgers(hazard("YC1", reported_to="市局", reported_on=day("2020-03-02")))
    fixed = fix_hazard("yc1", day("2020-04-01"), "已加固", "照片", loaded, AS_OF)
    assert fixed.values == {
        "fixed_on": day("2020-04-01"),
        "action": "已加固",
        "status": RectificationStatus.RECTIFIED,
        "evidence": "照片",
    }
    more = report_hazard("YC1", "区安委会", day("2020-03-05"), loaded, AS_OF)
    assert more.values == {"reported_to": "市局、区安委会", "reported_on": day("2020-03-02")}
    with pytest.raises(UsageError):
        report_hazard("YC1", "市局", day("2020-03-05"), loaded, AS_OF)
