"""资金: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
HOME: Row = {"household_no": "JT0001", "applicant": "王小明"}
UNIT: Row = {"unit_no": "FY0001", "ownership": "市级", "status": "在租"}
LEASE: Row = {"starts_on": "2019-01-01", "ends_on": "2021-12-31", "status": "履行中"}
CHARGE: Row = {"month": "2020-03", "standard": 18000, "reduction": 2400, "amount": 15600}
PAID: Row = {"receipt_no": "SJ1", "received_on": "2020-03-10", "amount": 20000}
LINE: Row = {
    "as_of": "2020-06-30",
    "opening": 0,
    "charged": 15600,
    "received": 0,
    "written_off": 0,
    "owed": 15600,
    "unpaid_months": 1,
}
WAITING: Row = {"status": "待认领", "received_on": "2020-05-30", "amount": 48050}
BACK: Row = {**PAID, "receipt_no": "SJ2", "amount": -20000, "received_on": "2020-03-20"}


def town(*receipts: Row, **more: Any) -> Tables:
    """A household in a city-owned unit, what it paid, and what else there is."""
    return {
        "household": [HOME],
        "unit": [UNIT],
        "lease": [LEASE],
        "receipt": list(receipts),
        **more,
    }


def remitted(amount: int, period: str = "2020-03") -> list[Row]:
    row = {"ownership": "市级", "period": period, "amount": amount, "remitted_on": "2020-04-12"}
    return [row]


# code, where it is found, what is wrong, what is not
CASES: list[tuple[str, str, Tables, Tables]] = [
    (
        "AU-801",
        "租金汇缴!E2",
        town(PAID, remittance=remitted(15000)),
        town(PAID, remittance=remitted(20000)),
    ),
    (
        "AU-802",
        "租金汇缴!E2",
        town(PAID, remittance=remitted(25000)),
        town(PAID, remittance=remitted(20000)),
    ),
    ("AU-803", "应收!H2", {"charge": [{**CHARGE, "amount": 16000}]}, {"charge": [CHARGE]}),
    (
        "AU-804",
        "欠租明细!G2",
        {"arrears_line": [{**LINE, "owed": 15000}]},
        {"arrears_line": [LINE, {**LINE, "household_no": "JT2", "received": 20000, "owed": 0}]},
    ),
    (
        "AU-805",
        "欠租明细!G2",
        town(charge=[CHARGE], arrears_line=[{**LINE, "charged": 9000, "owed": 9000}]),
        town(charge=[CHARGE], arrears_line=[LINE]),
    ),
    (
        "AU-806",
        "应收!H2",
        {"charge": [CHARGE, {**CHARGE, "charge_no": "B"}]},
        {
            "charge": [
                CHARGE,
                {**CHARGE, "charge_no": "B"},
                {**CHARGE, "charge_no": "C", "amount": -15600},
            ]
        },
    ),
    ("AU-811", "实收!D2", town({**PAID, "household_no": "JT9999"}), town(PAID)),
    (
        "AU-812",
        "实收!A2",
        town(PAID, {**PAID, "household_no": "JT0002", "amount": 5000}),
        town(PAID, {**BACK, "receipt_no": "SJ1"}),
    ),
    (
        "AU-813",
        "实收!C2",
        town({**PAID, "received_on": "2020-07-01"}),
        town({**PAID, "received_on": "2020-06-30"}),
    ),
    (
        "AU-814",
        "实收!C2",
        town({**PAID, "received_on": "2018-12-01"}),
        town({**PAID, "received_on": "2018-12-02"}),
    ),
    ("AU-815", "实收!D3", town(PAID, BACK), town(PAID, {**BACK, "remark": "冲正 SJ1，重复入账"})),
    (
        "AU-816",
        "实收!D3",
        town(PAID, {**BACK, "amount": -20001}),
        town(PAID, BACK),
    ),
    (
        "AU-817",
        "待认款!H2",
        {"suspense_receipt": [WAITING]},
        {"suspense_receipt": [{**WAITING, "received_on": "2020-05-31"}]},
    ),
    (
        "AU-818",
        "实收!D2",
        town(PAID, {**PAID, "receipt_no": "SJ3"}),
        town(PAID, {**PAID, "receipt_no": "SJ3", "month": "2020-04"}),
    ),
]


@pytest.mark.parametrize(("code", "place", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_the_bad_example_is_found_and_the_good_one_is_not(
    code: str, place: str, bad: Tables, good: Tables
) -> None:
    assert places(code, facts(**bad)) == [place]
    assert places(code, facts(**good)) == []


def test_rent_held_back_has_its_amount_its_months_and_a_time_by_which_it_was_due() -> None:
    given = town(PAID, {**PAID, "receipt_no": "SJ2", "received_on": "2020-01-20"})
    given["remittance"] = remitted(15000, "2020-Q1")
    (lead,) = leads("AU-801", facts(**given))
    assert lead.hit.amount == 25000
    assert "2020-01 至 2020-03" in lead.finding.message
    assert leads("AU-801", facts(**given, as_of="2020-04-30")) == []  # due this very day
    assert len(leads("AU-801", facts(**given, as_of="2020-05-01"))) == 1


def test_rent_of_district_owned_units_matters_where_remittances_of_it_are_kept() -> None:
    given = town(PAID)
    given["unit"] = [{**UNIT, "ownership": "区级"}]
    assert leads("AU-801", facts(**given)) == []
    given["remittance"] = [{**remitted(500)[0], "ownership": "区级", "period": "2020-02"}]
    assert [lead.hit.amount for lead in leads("AU-801", facts(**given))] == [20000]


def test_a_household_that_moved_between_owners_explains_a_difference_of_its_size() -> None:
    moved = [
        {**LEASE, "status": "已终止", "terminated_on": "2020-04-30"},
        {**LEASE, "lease_no": "HT2", "unit_no": "FY0002", "starts_on": "2020-05-01"},
    ]
    units = [UNIT, {**UNIT, "unit_no": "FY0002", "ownership": "区级"}]
    given = town(PAID)
    assert leads("AU-801", facts(**{**given, "unit": units, "lease": moved})) == []
    assert len(leads("AU-801", facts(**{**given, "unit": units}))) == 1


def test_a_household_missing_from_the_written_balances_is_a_lead_too() -> None:
    other = {**CHARGE, "household_no": "JT0002", "charge_no": "B"}
    given = town(charge=[CHARGE, other], arrears_line=[LINE])
    given["household"] = [HOME, {"household_no": "JT0002", "applicant": "李四"}]
    (lead,) = leads("AU-805", facts(**given))
    assert (lead.hit.household, lead.hit.amount) == ("JT0002", 15600)
    assert str(lead.hit.cells[0]) == "tenants.xlsx!保障家庭!A3"


def test_balances_of_an_earlier_day_are_judged_on_that_day() -> None:
    line = {**LINE, "as_of": "2020-03-31"}
    late = {**PAID, "received_on": "2020-05-02", "amount": 15600}
    given = town(late, charge=[CHARGE], arrears_line=[line])
    assert leads("AU-805", facts(**given)) == []
    assert len(leads("AU-805", facts(**town(PAID, charge=[CHARGE], arrears_line=[line])))) == 1


def test_a_day_replayed_does_not_make_a_fault_of_what_came_after_it() -> None:
    later, absurd = {**PAID, "received_on": "2020-06-12"}, {**PAID, "receipt_no": "SJ9"}
    absurd["received_on"] = "2026-06-12"
    given = town(later, absurd, charge=[{**CHARGE, "month": "2020-06"}])
    assert [lead.hit.key for lead in leads("AU-813", facts(**given, as_of="2020-03-31"))] == [
        ("SJ9",)
    ]


def test_rent_paid_before_the_lease_for_an_older_debt_is_no_lead() -> None:
    early = {**PAID, "received_on": "2018-06-01"}
    owing = town(early, opening_debt=[{"month": "2018-03", "amount": 9000}])
    assert len(leads("AU-814", facts(**town(early)))) == 1
    assert leads("AU-814", facts(**owing)) == []


def test_a_payer_in_suspense_is_masked() -> None:
    (lead,) = leads("AU-817", facts(suspense_receipt=[{**WAITING, "payer": "欧阳小明"}]))
    assert "欧阳小明" not in lead.finding.message
    assert "欧**明" in lead.finding.message


def test_every_check_of_the_family_has_its_examples() -> None:
    declared = {check.code for check in all_checks() if check.family is Family.MONEY}
    assert {case[0] for case in CASES} == declared
