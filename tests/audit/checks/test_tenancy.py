"""合同: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from zhubao.audit.registry import Family, all_checks
from zhubao.core.masking import mask_name

Row = dict[str, Any]
Tables = dict[str, Any]
NOTHING: Row = {}
HOME: Row = {"household_no": "JT0001", "applicant": "王小明", "tier": "低保"}
UNIT: Row = {
    "unit_no": "FY0001",
    "status": "在租",
    "billed_area_m2": 50,
    "location_grade": "二级",
    "has_lift": False,
}
LEASE: Row = {
    "lease_no": "HT0001",
    "household_no": "JT0001",
    "unit_no": "FY0001",
    "starts_on": "2018-01-01",
    "ends_on": "2021-12-31",
    "monthly_rent": 4000,  # 50 m² × 0.80
    "status": "履行中",
}
CASE: Row = {
    "case_no": "WG01",
    "category": "日常违规",
    "kind": "转租转借",
    "found_on": "2020-02-01",
    "deadline": "2020-03-01",
    "status": "待整改",
}


def tables(*, lease: Row = NOTHING, unit: Row = NOTHING, **more: list[Row]) -> Tables:
    """One household in one unit under one lease, with what is changed of the last two."""
    return {"household": [HOME], "unit": [{**UNIT, **unit}], "lease": [{**LEASE, **lease}], **more}


def charge(month: str, **more: object) -> Row:
    return {
        "charge_no": f"YS{month}",
        "lease_no": "HT0001",
        "unit_no": "FY0001",
        "month": month,
        "amount": 4000,
        **more,
    }


def charges(*months: str) -> list[Row]:
    return [charge(month) for month in months]


NEIGHBOUR: Row = LEASE | {"lease_no": "HT0002", "household_no": "JT0002"}
RENEWAL: Row = LEASE | {"lease_no": "HT0003", "starts_on": "2020-01-01", "ends_on": "2022-12-31"}
ENDED: Row = LEASE | {"ends_on": "2019-12-31"}
LEFT: Row = {"status": "已终止", "terminated_on": "2020-03-31"}
WHOLE_YEAR = ("2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06")

# code, where it is found, what is wrong, what is not
CASES: list[tuple[str, str, Tables, Tables]] = [
    (
        "AU-301",
        "租赁合同!E2",
        tables(lease={"ends_on": "2019-12-31"}),
        {"household": [HOME], "unit": [UNIT], "lease": [ENDED, RENEWAL]},
    ),
    (
        "AU-301",
        "租赁合同!E2",
        tables(lease={"ends_on": "2019-12-31", "status": "已到期"}),
        tables(lease={"ends_on": "2019-12-31", "status": "已到期"}, unit={"status": "空置"}),
    ),
    (
        "AU-302",
        "租赁合同!E2",
        tables(lease={"ends_on": "2020-09-29"}),
        tables(lease={"ends_on": "2020-09-30"}),
    ),
    (
        "AU-303",
        "租赁合同!J2",
        tables(lease={"signed_on": "2020-05-30"}),
        tables(lease={"signed_on": "2020-05-31"}),
    ),
    (
        "AU-304",
        "租赁合同!J2",
        tables(lease={"signed_on": "2020-01-01", "filed_on": "2020-02-01"}),
        tables(lease={"signed_on": "2020-01-01", "filed_on": "2020-01-31"}),
    ),
    (
        "AU-305",
        "租赁合同!E2",
        tables(lease={"starts_on": "2016-02-29", "ends_on": "2021-03-01"}),
        tables(lease={"starts_on": "2016-02-29", "ends_on": "2021-02-28"}),
    ),
    (
        "AU-306",
        "租赁合同!C3",
        {"lease": [LEASE, NEIGHBOUR]},
        {"lease": [LEASE | LEFT, NEIGHBOUR]},
    ),
    (
        "AU-307",
        "租赁合同!A2",
        {
            "household": [HOME],
            "lease": [LEASE, NEIGHBOUR | {"unit_no": "FY0002"}],
            "charge": [
                *charges("2020-01", "2020-02", "2020-04", "2020-05", "2020-06"),
                charge("2020-03", household_no="JT0002", lease_no="HT0002", unit_no="FY0002"),
                *(
                    charge(month, household_no="JT0002", lease_no=None, unit_no=None)
                    for month in WHOLE_YEAR
                ),
            ],
        },
        tables(lease={"starts_on": "2020-01-15"}, charge=charges(*WHOLE_YEAR[1:])),
    ),
    (
        "AU-308",
        "应收!",
        tables(charge=charges("2020-01", "2020-02", "2020-04", "2020-05", "2020-06")),
        tables(charge=charges(*WHOLE_YEAR)),
    ),
    (
        "AU-309",
        "应收!H3",
        tables(lease=LEFT, charge=charges("2020-03", "2020-04")),
        tables(lease={"ends_on": "2020-01-31"}, charge=charges("2020-03", "2020-04")),
    ),
    (
        "AU-310",
        "租赁合同!F2",
        tables(lease={"monthly_rent": 3000}),
        tables(),
    ),
    (
        "AU-311",
        "租赁合同!G2",
        tables(lease={"area_m2": "48.00"}),
        tables(lease={"area_m2": "50.00"}),
    ),
    (
        "AU-312",
        "租赁合同!L2",
        tables(lease=LEFT),
        tables(lease=LEFT, unit={"status": "空置"}),
    ),
    (
        "AU-313",
        "租赁合同!M2",
        tables(tenancy_case=[CASE]),
        tables(tenancy_case=[CASE | {"status": "已整改", "rectified_on": "2020-02-20"}]),
    ),
    (
        "AU-314",
        "租赁合同!M2",
        tables(
            tenancy_case=[
                CASE | {"status": "已整改", "rectified_on": "2020-02-20", "household_exits": True}
            ]
        ),
        tables(
            lease=LEFT,
            tenancy_case=[
                CASE | {"status": "已整改", "rectified_on": "2020-02-20", "household_exits": True}
            ],
        ),
    ),
]


@pytest.mark.parametrize(("code", "place", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_the_bad_example_is_found_and_the_good_one_is_not(
    code: str, place: str, bad: Tables, good: Tables
) -> None:
    assert [found.rstrip("!") for found in places(code, facts(**bad))] == [place.rstrip("!")]
    assert places(code, facts(**good)) == []


def test_a_lead_says_who_masked_keeps_who_unmasked_and_names_its_cells() -> None:
    (lead,) = leads("AU-301", facts(**tables(lease={"ends_on": "2019-12-31"})))
    assert mask_name("王小明") in lead.finding.message
    assert "王小明" not in lead.finding.message
    assert (lead.hit.person, lead.hit.household, lead.hit.unit) == ("王小明", "JT0001", "FY0001")
    assert lead.hit.identity_no == "11010519491231002X"
    assert len(lead.hit.cells) >= 3


def test_a_lead_is_known_again_when_rows_move() -> None:
    other = LEASE | {"lease_no": "HT0009", "household_no": "JT0009", "unit_no": "FY0009"}
    before = leads("AU-301", facts(**tables(lease={"ends_on": "2019-12-31"})))
    moved: Tables = {"household": [HOME], "unit": [UNIT], "lease": [other, ENDED]}
    after = leads("AU-301", facts(**moved))
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]
    assert before[0].hit.cells[0] != after[0].hit.cells[0]


def test_months_not_charged_are_counted_and_priced() -> None:
    given = facts(**tables(charge=charges("2020-01", "2020-04")), as_of="2020-04-30")
    assert leads("AU-307", given) == []  # nobody was charged in between: that is AU-308's
    (gap,) = leads("AU-308", given)
    assert "2020-02、2020-03" in gap.finding.message
    others = [charge(m, household_no="JT0002", unit_no="FY0002", lease_no=None) for m in WHOLE_YEAR]
    given = facts(**tables(charge=charges("2020-01", "2020-04") + others))
    (lead,) = leads("AU-307", given)
    assert lead.hit.amount == 4 * 4000
    assert "4 个整月" in lead.finding.message


def test_months_of_moving_in_and_out_may_be_charged_or_not() -> None:
    lease = {"starts_on": "2020-01-10", "terminated_on": "2020-05-20", "status": "已终止"}
    others = [charge(m, household_no="JT0002", unit_no="FY0002", lease_no=None) for m in WHOLE_YEAR]
    bare = facts(**tables(lease=lease, charge=charges("2020-02", "2020-03", "2020-04") + others))
    full = facts(**tables(lease=lease, charge=charges(*WHOLE_YEAR[:5]) + others))
    assert leads("AU-307", bare) == leads("AU-307", full) == []
    assert [lead.hit.household for lead in leads("AU-309", full)] == ["JT0002"]


@pytest.mark.parametrize(
    ("begins", "tenant", "found"),
    [("2020-06-01", "JT0001", 0), ("2020-05-30", "JT0001", 1), ("2020-06-01", "JT0009", 1)],
)
def test_an_ordinary_renewal_is_not_one_unit_let_twice(
    begins: str, tenant: str, found: int
) -> None:
    old = {"lease_no": "HT0001", "household_no": "JT0001", "status": "履行中"}
    old |= {"starts_on": "2017-06-01", "ends_on": "2020-05-31"}
    new = {**old, "lease_no": "HT0009", "household_no": tenant}
    new |= {"starts_on": begins, "ends_on": "2023-05-31"}
    assert len(leads("AU-306", facts(lease=[old, new]))) == found


def test_a_lease_that_does_not_say_whose_it_is_accuses_nobody() -> None:
    bare = facts(**tables(lease={"household_no": None}, charge=charges(*WHOLE_YEAR)))
    assert leads("AU-307", bare) == leads("AU-309", bare) == []


def test_a_rent_is_judged_by_the_table_of_its_first_day_and_the_bureau_may_allow_rounding() -> None:
    rounded = tables(lease={"monthly_rent": 4050})
    (lead,) = leads("AU-310", facts(**rounded))
    assert lead.hit.amount == 50
    assert "每月多 0.50 元" in lead.finding.message
    value = {"valid_from": facts().as_of, "value": "1.00", "source": "局长办公会"}
    overrides = {"audit": {"rent_tolerance": {"values": [value]}}}
    assert leads("AU-310", facts(**rounded, overrides=overrides)) == []


def test_a_rent_without_a_price_in_the_table_is_no_lead() -> None:
    assert leads("AU-310", facts(**tables(unit={"location_grade": "九级"}))) == []


def test_a_violation_the_regulation_does_not_name_is_not_held_against_the_lease() -> None:
    given = facts(**tables(tenancy_case=[CASE | {"kind": "其他"}]))
    assert leads("AU-313", given) == []


def test_the_grace_of_a_case_without_deadline_is_the_bureaus() -> None:
    late = facts(**tables(tenancy_case=[CASE | {"deadline": None, "found_on": "2020-05-30"}]))
    in_time = facts(**tables(tenancy_case=[CASE | {"deadline": None, "found_on": "2020-05-31"}]))
    assert len(leads("AU-313", late)) == 1
    assert leads("AU-313", in_time) == []


def test_every_check_of_the_family_has_its_examples() -> None:
    declared = {check.code for check in all_checks() if check.family is Family.TENANCY}
    assert {case[0] for case in CASES} == declared


def test_a_charge_in_a_cell_that_cannot_be_read_does_not_make_its_lease_uncharged() -> None:
    others = [charge(m, household_no="JT0002", unit_no="FY0002", lease_no=None) for m in WHOLE_YEAR]
    five = charges(*WHOLE_YEAR[:5])
    assert len(leads("AU-307", facts(**tables(charge=five + others)))) == 1
    for unread in ("amount", "month", "household_no"):
        sixth = {**charge("2020-06"), "household_no": "JT0001", unread: None}
        assert leads("AU-307", facts(**tables(charge=[*five, sixth, *others]))) == []


def test_one_charge_dated_into_a_wrong_year_makes_no_month_of_billing() -> None:
    tenants = [{"household_no": f"JT{n}", "unit_no": f"FY{n}", "lease_no": None} for n in range(11)]
    many = [charge(month, **tenant) for month in WHOLE_YEAR for tenant in tenants]
    given = facts(**tables(charge=[*many, *charges(*WHOLE_YEAR), charge("2019-06")]))
    assert leads("AU-307", given) == leads("AU-308", given) == []
