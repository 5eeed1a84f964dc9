"""AU-20x and AU-21x: no longer eligible, or gone and still protected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from tests.audit.checks.persons import LI, WANG, grant, household, lease, member, payment


def _limits() -> dict[str, Any]:
    value = {"valid_from": dt.date(2012, 7, 15), "value": {"低收入": "1200"}, "source": "本局"}
    return {"review": {"income_limits": {"values": [value]}}}


def _review(**more: Any) -> dict[str, Any]:
    row = {"household_no": "JT0001", "year": 2019, "declared_size": 2, "decided_on": "2019-11-20"}
    return {**row, "decision": "继续保障", **more}


def test_income_is_compared_only_where_a_limit_is_configured() -> None:
    home = [household(size=2, tier="低收入")]
    rich, fair = _review(declared_income=240_001), _review(declared_income=240_000)
    ladder = _limits()
    assert places("AU-201", facts(household=home, annual_review=[rich], overrides=ladder)) == [
        "年审!C2"
    ]
    assert leads("AU-201", facts(household=home, annual_review=[fair], overrides=ladder)) == []
    assert leads("AU-201", facts(household=home, annual_review=[rich])) == []


def test_a_home_of_fifteen_square_metres_each_is_too_large() -> None:
    home = [household(size=2)]
    assert (
        len(leads("AU-202", facts(household=home, annual_review=[_review(declared_area_m2="30")])))
        == 1
    )
    assert (
        leads("AU-202", facts(household=home, annual_review=[_review(declared_area_m2="29.99")]))
        == []
    )
    newer = [
        _review(declared_area_m2="40"),
        _review(year=2020, declared_area_m2="0", decision=None),
    ]
    assert leads("AU-202", facts(household=home, annual_review=newer)) == []


def test_more_than_twenty_four_months_of_subsidy() -> None:
    kept = [household(tier="外来务工")]
    paid = [payment("FF1", "2020-Q1"), payment("FF2", "2020-Q2")]

    def found(before: int) -> list[Any]:
        one = grant(tier="外来务工", months_before=before)
        return leads("AU-203", facts(household=kept, subsidy_grant=[one], subsidy_payment=paid))

    assert found(18) == []
    (lead,) = found(19)
    assert lead.hit.amount == 30_000


def test_months_that_are_only_reckoned_make_a_notice() -> None:
    def found(first: str) -> list[Any]:
        one = grant(tier="外来务工", first_month=first, approved_on="2017-01-01")
        return leads(
            "AU-207", facts(subsidy_grant=[one], subsidy_payment=[payment("FF1", "2020-Q2")])
        )

    (lead,) = found("2018-06")  # 22 months to March 2020, and three paid
    assert lead.finding.severity == "notice"
    assert found("2018-07") == []


def test_a_review_too_long_ago_or_never_made() -> None:
    home, let = household(), lease(starts_on="2018-01-01")

    def found(review: dict[str, Any], **kept: Any) -> int:
        return len(
            leads(
                "AU-204", facts(household=[{**home, **kept}], lease=[let], annual_review=[review])
            )
        )

    other = _review(household_no="JT0009")
    assert found(_review()) == 0
    assert found(_review(decided_on="2019-06-30")) == 0
    assert found(_review(decided_on="2019-06-29")) == 1
    assert found(other) == 0  # approved ten months ago
    assert found(other, approved_on="2018-09-01") == 1
    assert found(_review(decision="待定"), approved_on="2018-09-01") == 1


def test_a_decision_to_leave_that_was_not_carried_out() -> None:
    left = _review(decision="退出")
    given = facts(household=[household()], annual_review=[left], lease=[lease()])
    assert places("AU-205", given) == ["年审!G2"]
    fresh = _review(decision="退出", decided_on="2020-05-31")
    assert leads("AU-205", facts(household=[household()], annual_review=[fresh])) == []
    gone = household(status="已退出", exited_on="2019-12-01")
    assert leads("AU-205", facts(household=[gone], annual_review=[left])) == []


def test_a_certified_tier_without_its_certificate() -> None:
    assert places("AU-206", facts(household=[household(tier="低保")])) == ["保障家庭!H2"]
    assert leads("AU-206", facts(household=[household(tier="低保", certificate_no="DB1")])) == []
    assert leads("AU-206", facts(household=[household(tier="低收入")])) == []


def test_an_exited_household_with_a_lease_or_paid_after_its_exit() -> None:
    gone = household(status="已退出", exited_on="2019-12-31")
    (lead,) = leads("AU-211", facts(household=[gone], lease=[lease()]))
    assert lead.hit.unit == "FY0001"
    (lead,) = leads("AU-211", facts(household=[gone], subsidy_payment=[payment("FF1", "2020-Q2")]))
    assert lead.hit.amount == 90_000
    moving = household(status="已退出", exited_on="2020-06-01")
    assert leads("AU-211", facts(household=[moving], lease=[lease()])) == []
    assert leads("AU-211", facts(household=[household()], lease=[lease()])) == []


def test_a_ban_holds_for_the_household_and_for_its_applicant_elsewhere() -> None:
    banned = household(status="已退出", exited_on="2018-05-10", exit_reason="违规")
    elsewhere = [household("JT0002", LI), banned]
    rows = [member(), member("JT0002", LI, name="李四"), member("JT0002", WANG, relation="子女")]
    given: dict[str, Any] = {"household": elsewhere, "member": rows, "lease": [lease("JT0002")]}
    (lead,) = leads("AU-212", facts(**given))
    assert lead.hit.household == "JT0002"
    assert lead.hit.identity_no == WANG
    assert leads("AU-212", facts("2023-05-11", **given)) == []
    unhoused = {**given, "lease": [lease("JT0003")]}
    assert leads("AU-212", facts(**unhoused)) == []


@pytest.mark.parametrize(
    ("code", "kind"), [("AU-213", "购房"), ("AU-214", "购车"), ("AU-215", "工商登记")]
)
def test_something_acquired_without_its_consequence(code: str, kind: str) -> None:
    def found(**more: Any) -> int:
        case = {"case_no": "WG1", "category": "情况变动", "kind": kind, "household_no": "JT0001"}
        case |= {"found_on": "2020-01-10", "status": "待整改", **more}
        return len(
            leads(code, facts(household=[household()], tenancy_case=[case], lease=[lease()]))
        )

    assert found() == 1  # past the deadline
    assert found(deadline="2020-07-31") == 0
    assert found(status="不属实") == 0
    assert found(status="已整改", rectified_on="2020-02-01", household_exits=False) == 0
    assert found(status="已整改", rectified_on="2020-02-01", household_exits=True) == 1
    assert found(status="已整改", rectified_on="2020-02-01") == 1
    assert found(kind="收入变化") == 0
