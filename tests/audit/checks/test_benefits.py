"""AU-10x and AU-11x: two benefits at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads, places
from tests.audit.checks.persons import (
    LI,
    WANG,
    ZHAO,
    grant,
    household,
    lease,
    member,
    payment,
)

_TWO_HOMES = [household(), household("JT0002", LI)]
# 王小明 lives in JT0001 and is a member of JT0002 as well.
_TWICE = [member(), member("JT0002", LI, name="李四"), member("JT0002", WANG, relation="子女")]


def test_months_paid_while_housed_are_counted_and_priced() -> None:
    let = lease(starts_on="2020-05-10")
    given = facts(
        household=[household()],
        lease=[let],
        subsidy_grant=[grant()],
        subsidy_payment=[payment("FF1", "2020-Q2"), payment("FF2", "2020-Q1")],
    )
    (lead,) = leads("AU-101", given)
    assert lead.hit.amount == 60_000  # May and June of three months
    assert lead.hit.key == ("FF1",)
    later = facts(
        lease=[lease(starts_on="2020-07-01")], subsidy_payment=[payment("FF1", "2020-Q2")]
    )
    assert leads("AU-101", later) == []


def test_two_units_of_one_household_but_not_a_renewal() -> None:
    assert len(leads("AU-102", facts(lease=[lease(), lease(unit="FY0002")]))) == 1
    ended = lease(unit="FY0002", terminated_on="2020-01-01", status="已终止")
    assert leads("AU-102", facts(lease=[lease(), ended])) == []
    renewed = lease(lease_no="HT-2")
    assert leads("AU-102", facts(lease=[lease(), renewed])) == []


def test_a_person_of_two_households_that_both_benefit() -> None:
    given = facts(
        household=_TWO_HOMES, member=_TWICE, lease=[lease()], subsidy_grant=[grant("JT0002")]
    )
    (lead,) = leads("AU-103", given)
    assert lead.hit.identity_no == WANG
    assert WANG not in lead.finding.message
    one_only = facts(household=_TWO_HOMES, member=_TWICE, lease=[lease()])
    assert leads("AU-103", one_only) == []


def test_a_registration_waits_though_the_household_or_a_member_is_housed() -> None:
    entry = {"waiting_no": "LH1", "household_no": "JT0001", "approved_on": "2019-09-01"}
    own = facts(
        household=[household()], waiting_entry=[{**entry, "status": "轮候中"}], lease=[lease()]
    )
    assert places("AU-104", own) == ["轮候册!H2"]
    by_member = facts(
        household=_TWO_HOMES,
        member=_TWICE,
        waiting_entry=[{**entry, "status": "轮候中"}],
        lease=[lease("JT0002")],
    )
    assert len(leads("AU-104", by_member)) == 1
    housed = {**entry, "status": "已配租", "closed_on": "2020-01-01"}
    closed = facts(household=[household()], waiting_entry=[housed], lease=[lease()])
    assert leads("AU-104", closed) == []


def test_a_grant_in_force_beside_a_lease() -> None:
    given = facts(household=[household()], lease=[lease()], subsidy_grant=[grant()])
    (lead,) = leads("AU-105", given)
    assert lead.hit.amount == 30_000
    stopped = grant(status="终止", status_changed_on="2020-01-31", last_month="2020-01")
    assert (
        leads("AU-105", facts(household=[household()], lease=[lease()], subsidy_grant=[stopped]))
        == []
    )


_APPROVAL: dict[str, Any] = {"approval_no": "SP1", "result": "通过", "decided_on": "2020-03-01"}


@pytest.mark.parametrize(
    ("code", "kind", "benefit"),
    [
        ("AU-111", "经济适用房购房资格", {"lease": [lease()]}),
        ("AU-112", "棚改安置补贴", {"lease": [lease()]}),
        ("AU-113", "经济适用房购房资格", {"subsidy_grant": [grant()]}),
        ("AU-114", "棚改安置补贴", {"subsidy_grant": [grant()]}),
    ],
)
def test_an_approval_for_any_member_beside_a_running_benefit(
    code: str, kind: str, benefit: dict[str, Any]
) -> None:
    homes: dict[str, Any] = {
        "household": [household()],
        "member": [member(), member(identity=LI, name="李四")],
    }

    def found(**approval: Any) -> int:
        row = {**_APPROVAL, "kind": kind, "identity_no": ZHAO, **approval}
        return len(leads(code, facts(approval=[row], **homes, **benefit)))

    assert found(identity_no=WANG) == 1
    assert found(spouse_identity_no=LI) == 1
    assert found(household_no="JT0001") == 1
    assert found() == 0  # somebody else
    assert found(identity_no=WANG, result="不通过") == 0
    assert found(identity_no=WANG, decided_on="2020-07-01") == 0  # after the day
    assert found(identity_no=None, spouse_identity_no=None) == 0  # a blank is nobody


def test_the_amount_of_a_resettlement_subsidy_is_the_leads() -> None:
    row = {**_APPROVAL, "kind": "棚改安置补贴", "identity_no": WANG, "amount": 11_900_000}
    (lead,) = leads("AU-112", facts(approval=[row], household=[household()], lease=[lease()]))
    assert lead.hit.amount == 11_900_000
    assert "119000.00" in lead.finding.message or "119,000.00" in lead.finding.message


def test_an_approved_staff_subsidy_of_a_tenant_is_a_notice() -> None:
    row = {
        "application_no": "ZB1",
        "identity_no": WANG,
        "status": "已审批",
        "approved_on": "2020-02-01",
    }
    homes: dict[str, Any] = {"household": [household()], "lease": [lease()]}
    (lead,) = leads("AU-115", facts(staff_subsidy=[row], **homes))
    assert lead.finding.severity == "notice"
    assert leads("AU-115", facts(staff_subsidy=[{**row, "status": "审核中"}], **homes)) == []
    assert leads("AU-115", facts(staff_subsidy=[row], household=[household()])) == []
