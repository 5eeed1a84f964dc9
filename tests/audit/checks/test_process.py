"""程序: every check finds its bad example and passes its good one; and the boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.checks.ledgers import facts, leads
from zhubao.audit.registry import Family, all_checks

Row = dict[str, Any]
Tables = dict[str, Any]
HOMES: Tables = {"household": [{"household_no": "JT0001", "applicant": "王小明", "status": "在保"}]}
APPROVAL: Row = {
    "approval_no": "SP000001",
    "kind": "公租房资格",
    "applicant": "王小明",
    "household_no": "JT0001",
    "street_received_at": "2020-06-01 09:00",
    "street_decided_at": "2020-06-05 15:00",
    "district_received_at": "2020-06-08 10:00",
    "district_decided_at": "2020-06-10 15:00",
    "notice_from": "2020-06-11",
    "notice_to": "2020-06-17",
    "result": "通过",
    "decided_on": "2020-06-18",
}
CASE: Row = {
    "case_no": "WG0001",
    "category": "日常违规",
    "kind": "转租转借",
    "household_no": "JT0001",
    "found_on": "2020-03-01",
    "deadline": "2020-06-29",
    "status": "待整改",
    "back_rent": 120_000,
}
FINDING: Row = {
    "finding_no": "WT0001",
    "kind": "不符合条件享受",
    "subject": "王小明",
    "household_no": "JT0001",
    "found_on": "2020-02-17",
    "amount": 180_000,
    "recovered": 180_000,
    "deadline": "2020-05-25",
    "status": "已销号",
    "rectified_on": "2020-04-20",
    "closed_on": "2020-05-25",
}
VISIT: Row = {"finding_no": "WT0001", "visited_on": "2020-05-25", "result": "整改到位"}
STEP: Row = {"finding_no": "WT0001", "done_on": "2020-04-20"}
HAZARD: Row = {
    "hazard_no": "YH0001",
    "estate": "粟塘小区",
    "found_on": "2020-04-01",
    "deadline": "2020-06-29",
    "status": "整改中",
}
TICKET: Row = {"ticket_no": "GD00001", "received_on": "2020-06-01", "due_on": "2020-06-29"}
SPECIAL: Row = {"case_no": "GA0001", "received_on": "2020-06-01", "due_on": "2020-06-29"}
LEAD: Row = {"lead_no": "YD0001", "household_no": "JT0001", "raised_on": "2020-05-30"}
LIVES: Tables = {
    "lease": [{"household_no": "JT0001", "status": "履行中"}],
    "key_household": [{"household_no": "JT0001", "kind": "孤寡老人", "listed_on": "2019-01-01"}],
}
REVIEW: Row = {"year": 2019, "household_no": "JT0001", "decision": "待定"}


def approval(**changed: Any) -> Tables:
    return {**HOMES, "approval": [{**APPROVAL, **changed}]}


def case(**changed: Any) -> Tables:
    return {**HOMES, "tenancy_case": [{**CASE, **changed}]}


def closed_case(**changed: Any) -> Tables:
    done = {"status": "已销号", "rectified_on": "2020-05-01", "checked_on": "2020-05-08"}
    return case(**{**done, "evidence": "照片 6 张", **changed})


def finding(visit: Row = VISIT, **changed: Any) -> Tables:
    row = {**FINDING, **changed}
    return {**HOMES, "audit_finding": [row], "follow_up": [visit], "rectification_step": [STEP]}


def key_visit(day: str) -> Tables:
    return {**HOMES, **LIVES, "patrol_visit": [{"household_no": "JT0001", "visited_on": day}]}


def review(**changed: Any) -> Tables:
    return {**HOMES, "annual_review": [{**REVIEW, **changed}]}


OVERDUE: Row = {"status": "整改中", "rectified_on": None, "closed_on": None, "recovered": 60_000}
UNSEEN: Row = {**VISIT, "finding_no": "WT0002"}
EXIT: Row = {"decision": "退出", "decided_on": "2020-06-14", "year": 2020}

# code, a faulty ledger, its amount in fen, one in order
CASES: dict[str, tuple[Tables, int | None, Tables]] = {
    "AU-901": (approval(district_decided_at="2020-06-11 15:00"), None, approval()),
    "AU-902": (approval(street_decided_at="2020-06-09 15:00"), None, approval()),
    "AU-903": (
        approval(result="不通过", refusal_reason="不符合条件"),
        None,
        approval(result="不通过", refusal_reason="不符合条件", refused_in_writing_on="2020-06-18"),
    ),
    "AU-904": (approval(notice_to="2020-06-16"), None, approval()),
    "AU-905": (approval(decided_on=None), None, approval()),
    "AU-911": (case(), 120_000, case(deadline="2020-06-30")),
    "AU-912": (finding(**OVERDUE), 120_000, finding(**OVERDUE, deadline="2020-06-30")),
    "AU-913": (
        {"safety_hazard": [HAZARD]},
        None,
        {"safety_hazard": [{**HAZARD, "status": "已整改", "fixed_on": "2020-06-20"}]},
    ),
    "AU-914": (finding(UNSEEN), None, finding()),
    "AU-915": (closed_case(evidence=None), None, closed_case()),
    "AU-916": (
        finding(recovered=90_000),
        90_000,
        finding(recovered=90_000, override_by="局长", override_reason="已申请强制执行"),
    ),
    "AU-917": (finding({**VISIT, "result": "未到位"}), None, finding()),
    "AU-921": (
        {"hotline_ticket": [{**TICKET, "status": "办理中"}]},
        None,
        {"hotline_ticket": [{**TICKET, "due_on": "2020-06-30", "status": "办理中"}]},
    ),
    "AU-922": (
        {"special_case": [{**SPECIAL, "status": "办理中"}]},
        None,
        {"special_case": [{**SPECIAL, "status": "已解决", "resolved_on": "2020-06-20"}]},
    ),
    "AU-923": (
        {**HOMES, "lead": [{**LEAD, "status": "待核实"}]},
        None,
        {**HOMES, "lead": [{**LEAD, "raised_on": "2020-05-31", "status": "待核实"}]},
    ),
    "AU-924": (key_visit("2020-01-02"), None, key_visit("2020-01-03")),
    "AU-925": (review(), None, review(year=2020)),
    "AU-926": (review(**EXIT), None, review(**EXIT, notified=True)),
}
WITHOUT_HOUSEHOLD = {"AU-913", "AU-921", "AU-922"}


def test_every_check_of_the_family_has_its_examples() -> None:
    assert set(CASES) == {one.code for one in all_checks() if one.family is Family.PROCESS}


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_faulty_ledger_is_a_lead_and_the_other_is_none(code: str) -> None:
    bad, amount, good = CASES[code]
    (lead,) = leads(code, facts(**bad))
    assert lead.hit.amount == amount
    assert lead.hit.household == ("" if code in WITHOUT_HOUSEHOLD else "JT0001")
    assert len(lead.hit.cells) >= 2
    assert "王小明" not in lead.finding.message
    assert leads(code, facts(**good)) == []


def test_an_approval_still_open_past_its_limit_is_told_as_open() -> None:
    still = {"district_decided_at": None, "result": "办理中", "decided_on": None}
    (lead,) = leads("AU-901", facts(**approval(**still)))
    assert "到 2020-06-30 没有办结" in lead.finding.message
    assert lead.hit.key == ("SP000001", "区")
    assert leads("AU-901", facts("2020-06-10", **approval(**still))) == []


def test_a_year_without_known_holidays_is_no_crash() -> None:
    assert leads("AU-901", facts("2035-06-30", **approval())) == []


def test_a_visit_after_the_closing_does_not_count_for_it() -> None:
    (lead,) = leads("AU-914", facts(**finding({**VISIT, "visited_on": "2020-06-10"})))
    assert "2020-06-10，在销号之后" in lead.finding.message
    assert len(leads("AU-914", facts(**closed_case(checked_on=None)))) == 1
    unproved = finding(UNSEEN)
    unproved["rectification_step"] = []
    assert len(leads("AU-915", facts(**unproved))) == 1


def test_the_day_before_the_closing_there_is_nothing_to_say() -> None:
    assert leads("AU-914", facts("2020-05-24", **finding(UNSEEN))) == []


def test_a_review_of_a_household_that_left_needs_no_conclusion() -> None:
    gone = review()
    gone["household"] = [{"household_no": "JT0001", "status": "已退出", "exited_on": "2020-01-15"}]
    assert leads("AU-925", facts(**gone)) == []
