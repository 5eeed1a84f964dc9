"""What cannot be explained stays an open question, with the difference."""

from __future__ import annotations

import datetime as dt

from zhubao.core.period import Month, Period
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.subsidies import PaymentStatus, SubsidyGrant, SubsidyPayment, SubsidyStatus
from zhubao.ledger.table import LedgerTable
from zhubao.summary.indicators.figures import Scope
from zhubao.summary.reconcile.checks import Outcome, Reconciled, all_checks, reconcile
from zhubao.summary.summary import compute_summary
from zhubao.summary.workbook.evidence import reconciled_tables

DAY, HALF_YEAR = dt.date(2020, 6, 30), Period.parse("2020-H1")


def test_a_household_in_force_that_was_not_paid_for_no_reason_is_an_open_question() -> None:
    grants = [
        {
            "grant_no": f"BT{number}",
            "household_no": f"JT{number}",
            "status": SubsidyStatus.IN_FORCE,
            "first_month": Month.of(2020, 7 if number == 4 else 1),
            "approved_on": dt.date(2019, 12, 1),
        }
        for number in (1, 2, 4)
    ]
    paid = {
        "payment_no": "F1",
        "grant_no": "BT1",
        "household_no": "JT1",
        "quarter": "2020-Q1",
        "amount": 90_000,
        "paid_on": dt.date(2020, 3, 20),
        "status": PaymentStatus.PAID,
    }
    bounced = {**paid, "payment_no": "F2", "household_no": "JT9", "grant_no": "BT9"}
    loaded = Loaded.of(
        LedgerTable.from_rows(SubsidyGrant, grants),
        LedgerTable.from_rows(SubsidyPayment, [paid, bounced]),
    )
    summary = compute_summary(loaded, HALF_YEAR, DAY, bureau="")
    found = {one.code: one for one in reconcile(summary, Scope(loaded, HALF_YEAR, DAY))}
    gap = found["subsidy.in_force"]
    # JT9 was paid without a grant; JT2 is in force, was not paid, and did not sign in.
    assert (gap.left, gap.right, gap.outcome, gap.unexplained) == (2, 2, Outcome.OPEN, 1)
    assert "1 户没有签到" in gap.explanation
    assert "1 户领过而租赁补贴表里没有" in gap.explanation
    assert "没有口径可以说明" in str(reconciled_tables([gap])[0].rows[0].values)
    assert found["subsidy.communities"].holds


def test_a_difference_without_a_reason_is_open_and_stands_first() -> None:
    explained = Reconciled("a", "甲", "左", 3, "右", 2, "户", "时点不同")
    holds = Reconciled("b", "乙", "左", 2, "右", 2, "户")
    strange = Reconciled("c", "丙", "左", 150, "右", 100, "元")
    counts, money = reconciled_tables([holds, explained, strange])
    assert [row.values[0] for row in counts.rows] == ["口径不同", "相符"]
    assert money.rows[0].values[-1] == "差 0.50 元没有口径可以说明，请核对两边的台账"
    assert money.rows[0].emphasis == "warning"


def test_nothing_is_compared_where_the_ledgers_are_empty() -> None:
    summary = compute_summary(Loaded.of(), HALF_YEAR, DAY, bureau="")
    assert reconcile(summary, Scope(Loaded.of(), HALF_YEAR, DAY)) == ()


def test_every_comparison_says_what_it_compares() -> None:
    assert len(all_checks()) >= 25
    assert all(one.compare.__doc__ and one.title and one.needs for one in all_checks())
