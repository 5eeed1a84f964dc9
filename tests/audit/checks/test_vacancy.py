"""空置: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places, rows
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
NOTHING: Row = {}
HOME: Row = {"household_no": "JT0001", "applicant": "王小明"}
UNIT: Row = {
    "unit_no": "FY0001",
    "estate": "粟塘小区",
    "status": "在租",
    "delivered_on": "2015-01-01",
}
LEASE: Row = {"starts_on": "2018-01-01", "ends_on": "2021-12-31", "status": "履行中"}
EMPTY: Row = {"occupancy": "无人居住", "met": False, "unit_no": "FY0001"}
CHECK: Row = {
    "check_no": "HC01",
    "unit_no": "FY0001",
    "checked_on": "2020-01-10",
    "result": "确认空置",
    "status": "收回中",
}


def vacant(since: str, **more: Any) -> Tables:
    """A vacant unit and a lease of another one."""
    unit = {**UNIT, "status": "空置", "vacant_since": since}
    return {"unit": [unit], "lease": [{**LEASE, "unit_no": "FY0002"}], **more}


def let(*, lease: Row = NOTHING, unit: Row = NOTHING, **more: Any) -> Tables:
    """A unit that is let."""
    return {
        "household": [HOME],
        "unit": [{**UNIT, **unit}],
        "lease": [{**LEASE, **lease}],
        **more,
    }


def visits(*found: tuple[str, Row]) -> list[Row]:
    return [{**row, "visited_on": day} for day, row in found]


def charged(month: str) -> list[Row]:
    return [{"unit_no": "FY0001", "month": month}]


AT_HOME: Row = {"occupancy": "本人居住", "met": True}
NEW: Row = {**UNIT, "status": "空置", "delivered_on": "2019-06-30"}
TWICE_EMPTY = (("2019-12-30", EMPTY), ("2020-05-12", EMPTY))
NINE_OF_TEN = [
    *rows(9, unit_no="FY{}", estate="粟塘小区", status="在租"),
    {**UNIT, "status": "空置"},
]
LEASES = rows(9, unit_no="FY{}", lease_no="HT{}", **LEASE)

# code, where it is found, what is wrong, what is not
CASES: list[tuple[str, str, Tables, Tables]] = [
    ("AU-501", "房源!O2", vacant("2019-12-30"), vacant("2020-01-01")),
    (
        "AU-502",
        "应收!H2",
        vacant("2020-03-31", charge=charged("2020-04")),
        vacant("2020-03-31", charge=charged("2020-03")),
    ),
    (
        "AU-503",
        "房源!O2",
        let(lease={"unit_no": "FY0002"}),
        let(lease={"status": "已终止", "terminated_on": "2020-03-31"}),
    ),
    ("AU-504", "房源!O2", let(unit={"status": "空置"}), let()),
    (
        "AU-505",
        "租赁合同!C2",
        let(patrol_visit=visits(*TWICE_EMPTY)),
        let(patrol_visit=visits(*TWICE_EMPTY, ("2020-03-05", AT_HOME))),
    ),
    (
        "AU-505",
        "租赁合同!C2",
        let(patrol_visit=visits(*TWICE_EMPTY)),
        let(patrol_visit=visits(("2020-01-01", EMPTY), ("2020-05-12", EMPTY))),
    ),
    (
        "AU-506",
        "房源!P2",
        {"unit": [NEW], "lease": [{**LEASE, "unit_no": "FY0002"}]},
        {"unit": [{**NEW, "delivered_on": "2019-07-01"}], "lease": [{**LEASE, "unit_no": "FY2"}]},
    ),
    (
        "AU-507",
        "房源!O10",
        {"unit": NINE_OF_TEN[1:], "lease": LEASES[1:]},
        {"unit": NINE_OF_TEN, "lease": LEASES},
    ),
    (
        "AU-508",
        "租赁合同!M2",
        let(vacancy_check=[CHECK]),
        let(vacancy_check=[{**CHECK, "status": "已排除"}]),
    ),
]


@pytest.mark.parametrize(("code", "place", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_the_bad_example_is_found_and_the_good_one_is_not(
    code: str, place: str, bad: Tables, good: Tables
) -> None:
    assert places(code, facts(**bad)) == [place]
    assert places(code, facts(**good)) == []


def test_a_unit_never_let_is_one_lead_and_not_two() -> None:
    never: Tables = {"unit": [NEW], "lease": [{**LEASE, "unit_no": "FY0002"}]}
    assert len(leads("AU-506", facts(**never))) == 1
    assert leads("AU-501", facts(**never)) == []
    before = {**NEW, "vacant_since": "2019-12-01"}  # let before the ledger of leases began
    assert leads("AU-506", facts(**{**never, "unit": [before]})) == []
    assert len(leads("AU-501", facts(**{**never, "unit": [before]}))) == 1
    occupied = {**before, "status": "在租"}
    assert leads("AU-501", facts(**{**never, "unit": [occupied]})) == []
    assert len(leads("AU-503", facts(**{**never, "unit": [occupied]}))) == 1


def test_a_charge_on_a_vacant_unit_is_one_lead_and_not_two() -> None:
    months = ("2020-04", "2020-05")
    charges = [{**charged(month)[0], "charge_no": month} for month in months]
    lease = {**LEASE, "unit_no": "FY0002", "household_no": "JT0002"}
    given = facts(**{**vacant("2020-03-31", household=[HOME], charge=charges), "lease": [lease]})
    (lead,) = leads("AU-502", given)
    assert lead.hit.amount == 20000
    assert "2020-04 至 2020-05" in lead.finding.message
    assert leads("AU-309", given) == []


def test_a_receipt_does_not_show_that_anybody_lives_there() -> None:
    given = let(
        patrol_visit=visits(*TWICE_EMPTY), receipt=[{"received_on": "2020-04-01", "amount": 100}]
    )
    (lead,) = leads("AU-505", facts(**given))
    assert "2 次上户都无人居住" in lead.finding.message
    assert [str(cell) for cell in lead.hit.cells[1:3]] == [
        "patrol.xlsx!巡查!G2",
        "patrol.xlsx!巡查!G3",
    ]


def test_a_unit_under_examination_is_left_to_the_examination() -> None:
    given = let(patrol_visit=visits(*TWICE_EMPTY), vacancy_check=[CHECK])
    assert leads("AU-505", facts(**given)) == []
    assert len(leads("AU-508", facts(**given))) == 1


def test_an_estate_says_its_rate_with_both_numbers() -> None:
    (lead,) = leads("AU-507", facts(unit=NINE_OF_TEN[1:], lease=LEASES[1:]))
    assert "9 套，在租 8 套，入住率 88.89%，不到 90 %" in lead.finding.message


def test_every_check_of_the_family_has_its_examples() -> None:
    declared = {check.code for check in all_checks() if check.family is Family.VACANCY}
    assert {case[0] for case in CASES} == declared
