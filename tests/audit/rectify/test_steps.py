"""From lead to closure, step by step: what each step writes, and what stands in its way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.audit.rectify.memory import (
    FOUND,
    LATEST,
    VERIFIED,
    Row,
    applied,
    household,
    made_check,
    sheets,
    with_status,
)
from zhubao.audit.facts import Facts
from zhubao.audit.leads.run import run_checks
from zhubao.audit.rectify.book import Taken, dossier_of, standing
from zhubao.audit.rectify.closing import CloseOrder, close_finding
from zhubao.audit.rectify.follow_up import FollowUpOrder, record_follow_up
from zhubao.audit.rectify.new_finding import NewFinding, open_new
from zhubao.audit.rectify.opening import Charge, open_leads
from zhubao.audit.rectify.progress import ProgressOrder, record_progress
from zhubao.audit.rectify.recheck import Recheck, Verdict, recheck
from zhubao.audit.rectify.verifying import ClearOrder, VerifyOrder, clear_lead, verify_lead
from zhubao.core.errors import UsageError
from zhubao.core.report import Ratio
from zhubao.ledger.audit import (
    AuditFinding,
    FindingStatus,
    FollowUp,
    IssueKind,
    Lead,
    LeadSource,
    LeadStatus,
)
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.tenants import Household, Lease, ProtectionStatus

D = dt.date
CHARGE = Charge("保障科", "李四", D(2020, 5, 31))
STEPPED, VISITED = D(2020, 4, 20), D(2020, 5, 25)
CHECK = made_check()
_NO_RULE = Recheck(Verdict.NO_RULE)


def lead_row(number: str = "YD0001", **values: Any) -> Row:
    return {
        "lead_no": number,
        "kind": IssueKind.NOT_EXITED,
        "source": LeadSource.AUDITORS,
        "raised_on": FOUND,
        "household_no": "JT1",
        "person": "王小明",
        "matter": "承租期间购买车辆",
        "status": LeadStatus.OPEN,
        **values,
    }


def start(*rows: Row) -> Loaded:
    return sheets(lead=rows or [lead_row()], household=[household("JT1"), household("JT2")])


def opened(**lead: Any) -> Loaded:
    """A lead verified and confirmed: WT0001."""
    loaded = start(lead_row(**lead))
    loaded = applied(loaded, verify(loaded))
    return applied(loaded, open_leads(["YD0001"], CHARGE, VERIFIED, loaded, LATEST))


def verify(loaded: Loaded, day: D = VERIFIED) -> Taken:
    return verify_lead(VerifyOrder("yd0001", "张三", day, "情况属实"), loaded, LATEST)


def step(loaded: Loaded, day: D = STEPPED, **values: Any) -> Taken:
    return record_progress(ProgressOrder("WT0001", day, "退回资金", **values), loaded, LATEST)


def visit(loaded: Loaded, result: str = "整改到位", day: D = VISITED) -> Taken:
    order = FollowUpOrder("WT0001", day, result, "赵六", "照片")
    return record_follow_up(order, loaded, LATEST)


def close(loaded: Loaded, verdict: Recheck = _NO_RULE, day: D = VISITED, **by: str) -> Taken:
    return close_finding(CloseOrder("WT0001", day, **by), verdict, loaded, LATEST)


def codes(taken: Taken) -> set[str]:
    return {one.code for one in taken.refusals}


def test_a_lead_goes_all_the_way_and_every_sheet_has_its_dates() -> None:
    loaded = opened(amount=90_000)
    finding = dossier_of("WT0001", loaded).row
    assert (finding.subject, finding.household_count, finding.amount) == ("王小明", 1, 90_000)
    assert loaded[Lead].row(0).status is LeadStatus.CONFIRMED
    loaded = applied(loaded, step(loaded, D(2020, 3, 20), recovered=60_000))
    assert dossier_of("WT0001", loaded).row.status is FindingStatus.IN_PROGRESS
    loaded = applied(loaded, step(loaded, households=1, recovered=30_000))
    loaded = applied(loaded, visit(loaded))
    loaded = applied(loaded, close(loaded))
    row = dossier_of("WT0001", loaded).row
    assert (row.status, row.recovered, row.rectified_households) == ("已销号", 90_000, 1)
    days = row.found_on, row.rectified_on, row.followed_up_on, row.closed_on
    assert days == (VERIFIED, D(2020, 4, 20), D(2020, 5, 25), D(2020, 5, 25))
    assert standing(loaded) == {
        "closed": Ratio(1, 1),
        "households": Ratio(1, 1),
        "money": Ratio(90_000, 90_000, money=True),
    }


def test_a_lead_is_confirmed_only_after_it_was_looked_into() -> None:
    loaded = start()
    charge = replace(CHARGE, deadline=D(2020, 1, 31))
    taken = open_leads(["YD0001"], charge, D(2020, 2, 16), loaded, LATEST)
    assert codes(taken) == {"RT-102", "RT-103", "RT-105"}  # everything at once
    loaded = applied(loaded, verify(loaded))
    assert codes(open_leads(["YD0001"], CHARGE, FOUND, loaded, LATEST)) == {"RT-103"}
    loaded = opened()
    assert codes(open_leads(["YD0001"], CHARGE, VERIFIED, loaded, LATEST)) == {"RT-101"}
    assert codes(verify(loaded)) == {"RT-101"}


def test_several_leads_become_several_findings_that_continue_the_numbers() -> None:
    verified = {"status": LeadStatus.VERIFYING, "verifier": "张三", "verified_on": VERIFIED}
    verified |= {"verification": "属实"}
    rows = [lead_row(f"YD000{n}", household_no=f"JT{n}", **verified) for n in (1, 2)]
    loaded = start(*rows)
    taken = open_leads(["YD0001", "YD0002"], CHARGE, VERIFIED, loaded, LATEST)
    assert taken.numbers == ("WT0001", "WT0002")
    loaded = applied(loaded, taken)
    third = NewFinding("违规转租转借", "将公租房出租", household="jt2")
    taken = open_new(third, CHARGE, VERIFIED, loaded, LATEST)
    assert (taken.numbers, taken.added[0][1]["subject"]) == (("WT0003",), "王小明")
    for words in (["YD0001", "YD0001"], ["YD9999"]):
        with pytest.raises(UsageError):
            open_leads(words, CHARGE, VERIFIED, loaded, LATEST)


def test_a_new_finding_names_leads_on_the_same_household_that_wait() -> None:
    new = NewFinding("未按规定退出", "买车没有退出", household="JT1")
    assert "YD0001" in str(open_new(new, CHARGE, VERIFIED, start(), LATEST).notes)


def test_a_lead_is_cleared_with_a_reason_and_taken_up_again_only_on_purpose() -> None:
    loaded = start()
    loaded = applied(
        loaded, clear_lead(ClearOrder("YD0001", "张三", VERIFIED, "同名"), loaded, LATEST)
    )
    row = loaded[Lead].row(0)
    assert (row.status, row.clear_reason, row.verifier) == (LeadStatus.CLEARED, "同名", "张三")
    assert codes(verify(loaded)) == {"RT-101"}
    again = VerifyOrder("YD0001", "张三", D(2020, 3, 1), "重查", again=True)
    row = applied(loaded, verify_lead(again, loaded, LATEST))[Lead].row(0)
    assert (row.status, row.clear_reason) == (LeadStatus.VERIFYING, None)
    assert "同名" in (row.remark or "")
    with pytest.raises(UsageError):
        clear_lead(ClearOrder("YD0001", "张三", VERIFIED, " "), loaded, LATEST)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"households": 2}, "RT-112"),
        ({"recovered": 90_001}, "RT-113"),
        ({"day": D(2020, 2, 17)}, "RT-103"),
        ({"day": D(2020, 7, 1)}, "RT-104"),
    ],
)
def test_a_step_beyond_what_is_due_or_out_of_time_is_refused(
    values: dict[str, Any], code: str
) -> None:
    assert codes(step(opened(amount=90_000), **values)) == {code}


def test_money_without_a_due_and_totals_that_differ_are_refused_at_their_cells() -> None:
    loaded = opened()
    taken = step(loaded, recovered=100)
    assert [(str(one.where), one.code) for one in taken.refusals] == [
        ("audit.xlsx!问题清单!O2", "RT-114")
    ]
    rows = [{**loaded[AuditFinding].values(0), "recovered": 5}]
    tampered = Loaded({**loaded.tables, AuditFinding: sheets(auditfinding=rows)[AuditFinding]})
    assert codes(step(tampered, households=1)) == {"RT-115"}


def test_a_visit_follows_rectification_and_any_other_result_sends_it_back() -> None:
    loaded = opened()
    assert codes(visit(loaded)) == {"RT-111"}
    loaded = applied(loaded, step(loaded, households=1))
    assert codes(visit(loaded, day=D(2020, 4, 19))) == {"RT-103"}
    loaded = applied(loaded, visit(loaded, "部分到位"))
    row = dossier_of("WT0001", loaded).row
    assert (row.status, row.rectified_on, row.followed_up_on) == ("整改中", None, None)
    assert codes(close(loaded)) == {"RT-124"}
    loaded = applied(loaded, step(loaded, D(2020, 6, 1), done=True))
    assert codes(close(loaded, day=D(2020, 6, 1))) == {"RT-124"}  # visited before the last step
    loaded = applied(loaded, visit(loaded, day=D(2020, 6, 5)))
    assert not close(loaded, day=D(2020, 6, 5)).refusals
    assert codes(step(loaded, D(2020, 6, 6))) == {"RT-116"}


def test_every_condition_that_keeps_a_finding_open_is_said_at_once() -> None:
    loaded = opened(amount=90_000)
    found = Recheck(Verdict.FOUND, "ZZ-001", "仍在保障")
    assert codes(close(loaded, found)) == {"RT-121", "RT-124", "RT-125", "RT-126"}
    assert codes(close(loaded, day=D(2020, 2, 1))) >= {"RT-103"}
    taken = close(loaded, found, override_by="周局长", reason="已转诉讼")
    row = dossier_of("WT0001", applied(loaded, taken)).row
    assert (row.override_by, row.override_reason) == ("周局长", "已转诉讼")
    assert "RT-121" in (row.remark or "")
    early = close(loaded, found, day=D(2020, 2, 1), override_by="周局长", reason="已转诉讼")
    assert codes(early) == {"RT-103"}  # nobody overrides the order of days
    with pytest.raises(UsageError):
        close(loaded, override_by="周局长")


def test_a_closed_finding_is_opened_again_only_by_a_relapse_and_keeps_its_past() -> None:
    loaded = opened()
    loaded = applied(loaded, step(loaded, households=1))
    loaded = applied(loaded, visit(loaded))
    loaded = applied(loaded, close(loaded))
    assert codes(close(loaded)) == {"RT-111"}
    assert codes(step(loaded, D(2020, 6, 1))) == {"RT-111"}
    assert codes(visit(loaded, day=D(2020, 6, 1))) == {"RT-111"}
    loaded = applied(loaded, visit(loaded, "问题反弹", D(2020, 6, 1)))
    row = dossier_of("WT0001", loaded).row
    assert (row.status, row.closed_on, row.rectified_on) == ("整改中", None, None)
    assert "2020-05-25" in (row.remark or "")


def _rule(loaded: Loaded, **check: Any) -> Recheck:
    checks = [made_check(**check)]
    return recheck(dossier_of("WT0001", loaded), Facts(loaded, LATEST), checks)


def test_the_rule_is_run_again_for_this_lead_alone() -> None:
    mark = run_checks(Facts(start(), LATEST), [CHECK]).leads[0].fingerprint
    loaded = opened(check_code="ZZ-001", fingerprint=mark)
    assert _rule(loaded).verdict is Verdict.FOUND
    gone = with_status(loaded, ProtectionStatus.EXITED)
    assert _rule(gone).verdict is Verdict.CLEAN
    assert _rule(opened(check_code="ZZ-001", household_no="JT3")).verdict is Verdict.CLEAN
    assert _rule(opened(check_code="ZZ-001", household_no=None)).verdict is Verdict.FOUND


def test_a_rule_that_cannot_speak_is_never_clean() -> None:
    loaded = opened(check_code="ZZ-001")
    assert _rule(loaded, needs=(Lease,)).verdict is Verdict.UNKNOWN
    assert _rule(loaded, find=lambda facts: [facts.nothing]).verdict is Verdict.UNKNOWN
    assert _rule(loaded, code="ZZ-002").verdict is Verdict.UNKNOWN
    assert codes(close(loaded, _rule(loaded, code="ZZ-002"))) >= {"RT-122"}
    emptied = Loaded({**loaded.tables, Household: sheets()[Household]})
    assert codes(close(emptied, Recheck(Verdict.CLEAN, "ZZ-001"))) >= {"RT-123"}


def test_a_clean_rule_is_recorded_on_the_visit_and_a_match_seen_again_is_not_closed() -> None:
    matched = {"source": LeadSource.LIST_MATCH, "last_seen_on": D(2020, 5, 1)}
    loaded = opened(**matched)
    loaded = applied(loaded, step(loaded, households=1))
    loaded = applied(loaded, visit(loaded))
    assert codes(close(loaded, _rule(loaded))) == {"RT-127"}
    loaded = opened()
    loaded = applied(loaded, step(loaded, households=1))
    loaded = applied(loaded, visit(loaded))
    loaded = applied(loaded, close(loaded, Recheck(Verdict.CLEAN, "ZZ-001")))
    assert loaded[FollowUp].row(0).check_is_clean is True
