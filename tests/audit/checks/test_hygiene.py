"""台账: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
HOME: Row = {"household_no": "JT0001", "applicant": "王小明", "status": "在保"}
CHARGE: Row = {"charge_no": "YS0001", "month": "2020-01", "amount": 15_600}
LEASE: Row = {"lease_no": "HT0001", "household_no": "JT0001", "unit_no": "FY0001"}
CLOSED: Row = {"status": "已终止", "terminated_on": "2020-03-31"}
TICKET: Row = {"ticket_no": "GD00001", "status": "待办", "received_on": "2020-06-12"}


def receipts(*changed: Row) -> Tables:
    """Forty receipts in the order of their numbers and days; the last ones as said."""
    rows: list[Row] = [
        {
            "receipt_no": f"SJ{number:07d}",
            "household_no": "JT0001",
            "received_on": f"2020-0{1 + (number - 1) // 10}-15",
            "amount": 15_600,
        }
        for number in range(1, 41)
    ]
    for row, change in zip(reversed(rows), reversed(changed), strict=False):
        row |= change
    return {"household": [HOME], "receipt": rows}


def without(number: int) -> Tables:
    given = receipts()
    given["receipt"] = [row for row in given["receipt"] if row["receipt_no"] != f"SJ{number:07d}"]
    return given


def charge(**changed: Any) -> Tables:
    return {"household": [HOME], "charge": [{**CHARGE, **changed}]}


def lease(**changed: Any) -> Tables:
    return {"household": [HOME], "lease": [{**LEASE, **changed}]}


def ticket(**changed: Any) -> Tables:
    return {"hotline_ticket": [{**TICKET, **changed}]}


# code, a faulty ledger, its amount in fen, one in order
CASES: dict[str, tuple[Tables, int | None, Tables]] = {
    "AU-951": (receipts({"received_on": "2020-01-20"}), 15_600, receipts()),
    "AU-952": (charge(charged_on="2020-03-03"), 15_600, charge(charged_on="2020-03-02")),
    "AU-953": (without(20), None, receipts()),
    "AU-954": ({"household": [HOME, HOME]}, None, {"household": [HOME]}),
    "AU-955": (charge(charged_on="2020-07-01"), None, charge(charged_on="2020-06-30")),
    "AU-956": ({"household": [{**HOME, "household_no": None}]}, None, {"household": [HOME]}),
    "AU-957": (charge(household_no="JT9999"), None, charge()),
    "AU-958": (lease(status="已终止"), None, lease(**CLOSED)),
    "AU-959": (ticket(content="回电其子 13812345678"), None, ticket(content="回电其子")),
}
SEVERAL_CELLS = set(CASES) - {"AU-957"}


def test_every_check_of_the_family_has_its_examples() -> None:
    assert set(CASES) == {one.code for one in all_checks() if one.family is Family.HYGIENE}


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_faulty_ledger_is_a_lead_and_the_other_is_none(code: str) -> None:
    bad, amount, good = CASES[code]
    (lead,) = leads(code, facts(**bad))
    assert lead.hit.amount == amount
    assert len(lead.hit.cells) >= 1 + (code in SEVERAL_CELLS)
    assert "王小明" not in lead.finding.message
    assert leads(code, facts(**good)) == []


def test_a_receipt_dated_back_into_a_remitted_month_says_so() -> None:
    given = receipts({"received_on": "2020-01-20"})
    given["remittance"] = [{"period": "2020-01", "remitted_on": "2020-02-12"}]
    (lead,) = leads("AU-951", facts(**given))
    assert "2020年1月的租金 2020-02-12 已经汇缴" in lead.finding.message
    assert lead.hit.key == ("SJ0000040",)
    assert leads("AU-951", facts(**receipts({"received_on": "2020-04-02"}))) == []  # same month


def test_numbers_that_do_not_follow_the_dates_at_all_are_not_judged() -> None:
    given = receipts(*({"received_on": "2020-01-05"} for _ in range(5)))
    assert leads("AU-951", facts(**given)) == []


def test_a_hole_names_its_first_and_last_number_and_a_sparse_series_has_none() -> None:
    given = receipts()
    del given["receipt"][18:20]
    (lead,) = leads("AU-953", facts(**given))
    assert "缺 2 个号（SJ0000019 至 SJ0000020）" in lead.finding.message
    sparse = receipts()
    for place, row in enumerate(sparse["receipt"]):
        row["receipt_no"] = f"SJ{place * 3:07d}"
    assert leads("AU-953", facts(**sparse)) == []


def test_a_day_is_looked_at_again_without_the_days_after_it_being_faults() -> None:
    later = {
        **charge(charged_on="2020-06-01"),
        **ticket(received_on="2020-06-02"),
        "care_visit": [{"visited_on": "2020-06-03"}],
    }
    assert leads("AU-955", facts("2020-03-31", **later)) == []
    later["training"] = [{"held_on": "2026-06-03"}]  # planned, not something that has happened
    later["care_visit"].append({"visited_on": "2026-06-03"})
    (lead,) = leads("AU-955", facts("2020-03-31", **later))
    assert "2026-06-03" in lead.finding.message


def test_an_open_status_with_its_day_come_contradicts_and_a_day_to_come_does_not() -> None:
    done = {"handled_on": "2020-06-20"}
    assert len(leads("AU-958", facts(**ticket(**done)))) == 1
    assert leads("AU-958", facts("2020-06-19", **ticket(**done))) == []
    assert leads("AU-958", facts(**ticket(**done, status="已办结"))) == []
    dropped = ticket(status="已退回")
    assert leads("AU-958", facts(**dropped)) == []


def test_two_rows_without_a_number_are_two_leads_that_stay_the_same() -> None:
    empty: Row = {**HOME, "household_no": None}
    first = leads("AU-956", facts(household=[empty, empty]))
    again = leads("AU-956", facts(household=[HOME, empty, empty]))
    assert {one.fingerprint for one in first} == {one.fingerprint for one in again}


def test_an_identity_number_in_a_remark_is_shown_masked_only() -> None:
    given: Tables = {"household": [{**HOME, "remark": "配偶 11010519491231002X"}]}
    (lead,) = leads("AU-959", facts(**given))
    assert "110105********002X" in lead.finding.message
    assert "11010519491231002X" not in lead.finding.message
