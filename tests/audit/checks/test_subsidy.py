"""补贴: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
NOTHING: Row = {}
GRANT: Row = {
    "grant_no": "BT00001",
    "household_no": "JT0001",
    "tier": "低收入",
    "monthly_amount": 30_000,
    "actual_rent": 55_000,
    "rented_address": "某小区租住房",
    "rental_ends_on": "2020-12-31",
    "approved_on": "2019-05-20",
    "first_month": "2019-06",
    "payee": "王小明",
    "bank_account": "6222 0000 0001",
    "status": "生效",
}
SIGNED: Row = {"grant_no": "BT00001", "quarter": "2020-Q1", "signed": True}
PAID: Row = {
    "payment_no": "FF000001",
    "grant_no": "BT00001",
    "household_no": "JT0001",
    "quarter": "2020-Q1",
    "months": 3,
    "amount": 90_000,
    "paid_on": "2020-04-24",
    "status": "已发放",
    "payee": "王小明",
}


def tables(
    *, grant: Row = NOTHING, sign: Row = NOTHING, paid: Row = NOTHING, **more: Any
) -> Tables:
    """One grant, signed in and paid for the first quarter, with what is changed of them."""
    return {
        "household": [{"household_no": "JT0001", "applicant": "王小明"}],
        "member": [{"household_no": "JT0001", "name": "王小明"}],
        "subsidy_grant": [{**GRANT, **grant}],
        "subsidy_sign_in": [{**SIGNED, **sign}],
        "subsidy_payment": [{**PAID, **paid}],
        **more,
    }


AGAIN: Tables = {"subsidy_payment": [PAID, {**PAID, "payment_no": "FF000002"}]}
REPAID: Tables = {
    "subsidy_payment": [{**PAID, "status": "银行退回"}, {**PAID, "payment_no": "FF000002"}]
}
NEIGHBOUR = {**GRANT, "grant_no": "BT00002", "household_no": "JT0002"}
OWN_ACCOUNT = {**NEIGHBOUR, "bank_account": "6222000000021"}

# code, a faulty ledger, its amount in fen, a ledger in order
CASES: dict[str, tuple[Tables, int | None, Tables]] = {
    "AU-601": (tables(sign={"signed": False}), 90_000, tables()),
    "AU-602": (
        tables(grant={"status": "终止", "status_changed_on": "2020-02-10"}),
        60_000,
        tables(grant={"status": "终止", "status_changed_on": "2020-04-10"}),
    ),
    "AU-603": (tables(**AGAIN), 90_000, tables(**REPAID)),
    "AU-604": (tables(paid={"amount": 120_000}), 30_000, tables()),
    "AU-605": (tables(grant={"actual_rent": 28_000}), 6_000, tables()),
    "AU-606": (
        tables(paid={"quarter": "2019-Q4", "paid_on": "2019-12-26"}),
        90_000,
        tables(paid={"quarter": "2019-Q4", "paid_on": "2019-12-25"}),
    ),
    "AU-607": (
        tables(paid={"paid_on": "2020-05-01"}),
        90_000,
        tables(paid={"paid_on": "2020-04-30"}),
    ),
    "AU-608": (
        tables(subsidy_grant=[GRANT, {**NEIGHBOUR, "bank_account": "622200000001"}]),
        90_000,
        tables(subsidy_grant=[GRANT, OWN_ACCOUNT]),
    ),
    "AU-609": (tables(paid={"status": "银行退回"}), 90_000, tables(**REPAID)),
    "AU-610": (
        tables(paid={"status": "已追回", "recovered": 40_000, "recovered_on": "2020-05-15"}),
        50_000,
        tables(paid={"status": "已追回", "recovered": 90_000, "recovered_on": "2020-05-15"}),
    ),
    "AU-611": (
        tables(grant={"rental_ends_on": "2020-01-31"}),
        60_000,
        tables(grant={"rental_ends_on": "2020-03-31"}),
    ),
    "AU-612": (tables(paid={"grant_no": "BT99999"}), 90_000, tables()),
    "AU-613": (tables(paid={"payee": "赵六"}), 90_000, tables(paid={"payee": "王 小明"})),
}


def test_every_check_of_the_family_has_its_examples() -> None:
    assert set(CASES) == {one.code for one in all_checks() if one.family is Family.SUBSIDY}


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_faulty_ledger_is_a_lead_and_the_other_is_none(code: str) -> None:
    bad, amount, good = CASES[code]
    (lead,) = leads(code, facts(**bad))
    assert lead.hit.amount == amount
    assert lead.hit.household == "JT0001"
    assert "王小明" not in lead.finding.message
    assert len(lead.hit.cells) >= 1 + (code not in {"AU-601", "AU-612"})
    assert leads(code, facts(**good)) == []


def test_signed_in_and_never_paid_is_late_with_what_is_due() -> None:
    given = tables(subsidy_payment=[{**PAID, "quarter": "2019-Q4", "paid_on": "2019-12-24"}])
    (lead,) = leads("AU-607", facts(**given))
    assert lead.hit.amount == 90_000
    assert "没有发放" in lead.finding.message
    barred = {"status": "终止", "status_changed_on": "2019-12-10"}
    assert leads("AU-607", facts(**{**given, **tables(grant=barred, subsidy_payment=[])})) == []
    assert leads("AU-607", facts("2020-04-30", **given)) == []  # not yet due on that day


def test_a_payment_made_later_had_not_been_made_then() -> None:
    (lead,) = leads("AU-607", facts("2020-05-15", **tables(paid={"paid_on": "2020-06-01"})))
    assert "到 2020-05-15 没有发放" in lead.finding.message
    (since,) = leads("AU-607", facts(**tables(paid={"paid_on": "2020-06-01"})))
    assert lead.fingerprint != since.fingerprint


def test_a_grant_for_another_household_or_approved_later_is_told() -> None:
    other = leads("AU-612", facts(**tables(grant={"household_no": "JT0002"})))
    assert "JT0002 的" in other[0].finding.message
    early = tables(grant={"approved_on": "2020-05-01"})
    assert "才批准" in leads("AU-612", facts(**early))[0].finding.message


def test_two_limits_overrun_by_one_payment_are_one_lead_with_the_larger_amount() -> None:
    given = tables(paid={"amount": 120_000}, grant={"monthly_amount": 35_000})
    (lead,) = leads("AU-604", facts(**given))
    assert lead.hit.amount == 15_000
    assert places("AU-604", facts(**given)) == ["发放!G2"]
