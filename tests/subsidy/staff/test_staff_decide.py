"""Decisions at the desk: what is written, and what is refused with which finding."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.ledger.bureaus import FORMATS
from zhubao.core.errors import UsageError
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import StaffSubsidy, StaffSubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.subsidy.staff.decide import Action, Order, decide, decision_change, decision_report

Status = StaffSubsidyStatus
DAY = dt.date(2020, 6, 30)
ONE, TWO = "11010519491231002X", "430102198001011237"


def application(number: str, **values: Any) -> dict[str, Any]:
    return {
        "application_no": number,
        "employer": "区一中",
        "round": "第一轮",
        "employee": "张小明",
        "identity_no": f"43010219900101{number[-1:]:0>4}",
        "amount": 26_400_00,
        "submitted_on": dt.date(2020, 6, 1),
        "is_complete": True,
        "status": Status.IN_REVIEW,
    } | values


def outcome(
    action: Action, *rows: dict[str, Any], **words: Any
) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """What is written (cell → value), and the findings (cell, code)."""
    loaded = Loaded.of(LedgerTable.from_rows(StaffSubsidy, rows))
    numbers = words.pop("numbers", tuple(row["application_no"] for row in rows))
    decided = decide(Order(action, numbers, words.pop("day", DAY), **words), loaded)
    change = decision_change(decided, loaded, FORMATS)
    written = {edit.cell.ref: edit.new for edit in change.edits}
    return written, {(f.where.ref if f.where else "", f.code) for f in decided.findings}


def test_an_approval_writes_status_and_day() -> None:
    written, findings = outcome(Action.APPROVE, application("Z1"))
    assert written == {"O2": "已审批", "P2": DAY}
    assert not findings


def test_papers_completed_clear_what_was_missing_and_keep_it_in_the_remark() -> None:
    row = application(
        "Z1", status=Status.INCOMPLETE, is_complete=False, missing_papers="发票", remark="二审"
    )
    written, findings = outcome(Action.COMPLETE, row)
    assert written == {
        "M2": "是", "N2": None, "O2": "审核中", "S2": "二审；2020-06-30 补齐：发票",
    }  # fmt: skip
    assert not findings


def test_a_file_returned_says_what_is_missing() -> None:
    written, _ = outcome(Action.RETURN, application("Z1"), missing=" 婚姻证明 ")
    assert written == {"M2": "否", "N2": "婚姻证明", "O2": "资料不全"}


@pytest.mark.parametrize(
    ("row", "words", "expected"),
    [
        ({"status": Status.APPROVED}, {}, ("O2", "SB-220")),
        ({"is_complete": False}, {}, ("N2", "SB-221")),
        ({"amount": None}, {}, ("K2", "SB-222")),
        ({}, {"day": dt.date(2020, 5, 31)}, ("L2", "SB-223")),
        ({"employer": None}, {}, ("B2", "SB-225")),
    ],
)
def test_what_cannot_be_approved_stays_as_it_is(
    row: dict[str, Any], words: dict[str, Any], expected: tuple[str, str]
) -> None:
    written, findings = outcome(Action.APPROVE, application("Z1", **row), **words)
    assert findings == {expected}
    assert not written


def test_the_amount_may_come_with_a_single_approval() -> None:
    written, _ = outcome(Action.APPROVE, application("Z1", amount=None), amount=30_000_50)
    assert set(written) == {"K2", "O2", "P2"}
    with pytest.raises(UsageError, match="--amount"):
        outcome(Action.APPROVE, application("Z1"), application("Z2"), amount=1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"identity_no": ONE}, {"identity_no": ONE}),
        ({"spouse_identity_no": ONE}, {"identity_no": ONE}),
        ({"identity_no": TWO}, {"spouse_identity_no": TWO}),
    ],
)
def test_a_second_approval_of_a_couple_needs_a_reason(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    """The first of the same order counts: of two doubles in one command only one is approved."""
    rows = application("Z1", **first), application("Z2", **second)
    written, findings = outcome(Action.APPROVE, *rows)
    assert set(written) == {"O2", "P2"}
    assert findings == {("F3", "SB-224")}
    written, findings = outcome(Action.APPROVE, *rows, reason="会议纪要")
    assert not findings
    assert written["S3"] == "准予审批的依据：会议纪要"


def test_unknown_and_repeated_numbers_are_refused_before_anything_is_done() -> None:
    with pytest.raises(UsageError, match="Z8、Z9"):
        outcome(Action.COMPLETE, application("Z1"), numbers=("Z1", "Z8", "Z9"))
    with pytest.raises(UsageError, match="不止一行"):
        outcome(Action.COMPLETE, application("Z1"), application("Z1"), numbers=("Z1",))
    with pytest.raises(UsageError, match="缺什么"):
        outcome(Action.RETURN, application("Z1"))


def test_the_report_counts_applications_not_faults() -> None:
    rows = [application("Z1"), application("Z2", amount=None, is_complete=False)]
    loaded = Loaded.of(LedgerTable.from_rows(StaffSubsidy, rows))
    decided = decide(Order(Action.APPROVE, ("Z1", "Z2"), DAY), loaded)
    facts = decision_report(decided, as_of=DAY).facts
    assert (facts["changed"], facts["refused"]) == (1, 1)
    assert len(decided.findings) == 2
